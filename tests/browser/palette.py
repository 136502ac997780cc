"""Makes a picture of a screen small: PNG (ISO/IEC 15948) in true colour becomes one with a palette of 256, as screens hold few colours."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COARSE = 0xF8  # colours that differ by less are one


def smaller(png: bytes) -> bytes:
    """The same picture with a palette. Takes 8-bit RGB without interlace, as browsers write it."""
    chunks = list(_chunks(png))
    width, height, depth, kind, *_, interlace = struct.unpack(">IIBBBBB", chunks[0][1])
    assert (depth, kind, interlace) == (8, 2, 0), "not a plain RGB picture"
    raw = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    pixels = list(_pixels(raw, width, height))
    colours, index = _palette(Counter(pixels))
    rows = (bytes(index[p] for p in pixels[y * width : (y + 1) * width]) for y in range(height))
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", b"".join(colours)), (b"IDAT", body), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += size + 12


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _pixels(raw: bytes, width: int, height: int) -> Iterator[bytes]:
    stride = width * 3
    above = bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        row = bytearray(raw[start + 1 : start + 1 + stride])
        _unfilter(raw[start], row, above)
        yield from (bytes(row[x : x + 3]) for x in range(0, stride, 3))
        above = row


def _unfilter(kind: int, row: bytearray, above: bytearray) -> None:
    for x in range(len(row) if kind else 0):
        left, up = row[x - 3] if x >= 3 else 0, above[x]
        corner = above[x - 3] if x >= 3 else 0
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
        row[x] = (row[x] + guess) & 0xFF


def _paeth(left: int, up: int, corner: int) -> int:
    wanted = left + up - corner
    return min((left, up, corner), key=lambda one: abs(wanted - one))


def _palette(counted: Counter[bytes]) -> tuple[list[bytes], dict[bytes, int]]:
    """The 256 colours that stand for all: the most frequent of each coarse cell; what is left goes to the nearest."""
    cells: dict[bytes, bytes] = {}
    for colour, _ in counted.most_common():
        cells.setdefault(bytes(part & _COARSE for part in colour), colour)
    colours = list(cells.values())[:256]
    return colours, {colour: _nearest(colour, colours) for colour in counted}


def _nearest(colour: bytes, colours: list[bytes]) -> int:
    return min(range(len(colours)), key=lambda n: sum((a - b) ** 2 for a, b in zip(colour, colours[n], strict=True)))
