"""Makes a picture of a screen small: PNG (ISO/IEC 15948) in true colour becomes one with a palette of 256, as screens hold few colours.

The browser that took the picture also counts its colours: in Python alone a picture takes ten seconds.
"""

import base64
import struct
import zlib

from playwright.async_api import Page

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COUNT = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const [width, height] = [image.width, image.height];
  const paper = new OffscreenCanvas(width, height).getContext("2d");
  paper.drawImage(image, 0, 0);
  const pixels = new Uint32Array(paper.getImageData(0, 0, width, height).data.buffer);
  const counted = new Map();
  for (const one of pixels) counted.set(one, (counted.get(one) ?? 0) + 1);
  const cells = new Map(); // colours that differ by less than eight are one
  for (const [one] of [...counted].sort((a, b) => b[1] - a[1]))
    if (!cells.has(one & 0xf8f8f8)) cells.set(one & 0xf8f8f8, one);
  const colours = [...cells.values()].slice(0, 256);
  const far = (a, b) => [0, 8, 16].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
  const nearest = new Map([...counted.keys()].map((one) =>
    [one, colours.reduce((best, other, n) => (far(one, other) < far(one, colours[best]) ? n : best), 0)]));
  let text = "";
  const index = Uint8Array.from(pixels, (one) => nearest.get(one));
  for (let at = 0; at < index.length; at += 32768) text += String.fromCharCode(...index.subarray(at, at + 32768));
  return { width, height, colours: colours.map((one) => one & 0xffffff), index: btoa(text) };
}"""


async def smaller(page: Page, png: bytes) -> bytes:
    """The same picture with a palette. `page` is one that has nothing to do with it."""
    found = await page.evaluate(_COUNT, base64.b64encode(png).decode())
    width, height, index = found["width"], found["height"], base64.b64decode(found["index"])
    body = zlib.compress(b"".join(b"\0" + index[y * width : (y + 1) * width] for y in range(height)), 9)
    colours = b"".join(colour.to_bytes(3, "little") for colour in found["colours"])
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", body), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
