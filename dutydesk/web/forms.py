"""What a contact's form carries: fields, and photos that are looked at by their first bytes and by nothing a phone claims."""

import hashlib
from typing import NamedTuple

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError

from dutydesk.channels.inbound import clean
from dutydesk.store.connection import Connection
from dutydesk.web import bodies
from dutydesk.web.bodies import TooLarge
from dutydesk.web.people import BadRequest

MOST_PHOTOS = 6
LONGEST_NAME = 120  # characters of a file's name
MOST_BYTES = 24_000_000  # of one form: six photos as an old phone takes them, without a script that makes them smaller
LONGEST_FIELD = 4_000_000  # bytes of one field: a million characters
MOST_FIELDS = 40
PDF = "application/pdf"


class Photo(NamedTuple):
    """One file, by the SHA-256 of its bytes, in the order in which the store keeps it; then what its sender called it."""

    digest: str
    media_type: str
    content: bytes
    name: str = ""


class Sent(NamedTuple):
    """A form as it was sent."""

    fields: dict[str, str]
    photos: tuple[Photo, ...] = ()


async def read(request: web.Request, *, papers: bool = False) -> Sent:
    """The form of a request, with or without photos; `papers`: PDF too. Raises TooLarge, BadRequest for any other file."""
    if request.content_type != "multipart/form-data":
        return Sent(await bodies.form(request))
    try:
        return await _parts(request, papers)
    except (ValueError, HttpProcessingError):
        raise BadRequest("表单没有传完整,请重新提交") from None


async def _parts(request: web.Request, papers: bool) -> Sent:
    """A form with files. Raises what aiohttp raises for a body that is none: ValueError, HttpProcessingError."""
    fields: dict[str, str] = {}
    photos: list[Photo] = []
    room = MOST_BYTES
    count = 0
    async for part in await request.multipart():
        count += 1
        if not isinstance(part, BodyPartReader) or count > MOST_FIELDS:
            raise BadRequest()
        content = await _bytes(part, min(room, LONGEST_FIELD) if part.filename is None else room)
        room -= len(content)
        if part.filename is None:
            fields[clean(part.name or "")] = content.decode("utf-8", "replace")
        elif content:
            photos.append(_photo(content, part.filename, papers=papers))
    if len(photos) > MOST_PHOTOS:
        raise TooLarge(f"一次最多附 {MOST_PHOTOS} 张照片")
    return Sent(fields, tuple({photo.digest: photo for photo in photos}.values()))


async def _bytes(part: BodyPartReader, most: int) -> bytes:
    """The content of a part, of which no more than `most` bytes are held."""
    held = bytearray()
    while chunk := await part.read_chunk():
        held += chunk
        if len(held) > most:
            raise TooLarge()
    return bytes(held)


def _photo(content: bytes, name: str, *, papers: bool) -> Photo:
    kind = PDF if papers and content.startswith(b"%PDF-") else media_type(content)
    if kind is None:
        raise BadRequest("只能附照片和 PDF" if papers else "只能附照片")
    plain = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return Photo(hashlib.sha256(content).hexdigest(), kind, content, plain[-LONGEST_NAME:])


def keep(photos: tuple[Photo, ...], connection: Connection) -> None:
    """Their bytes, beside the journal, before anything names them."""
    connection.many("put_blob", [photo[:3] for photo in photos])


def media_type(content: bytes) -> str | None:
    """What a picture is by its first bytes; None for what is none."""
    for start, kind in ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF8", "image/gif")):
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"hevc"):
        return "image/heic"
    return None
