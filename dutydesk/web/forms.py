"""What a contact's form carries: fields, and photos that are looked at by their first bytes and by nothing a phone claims."""

import hashlib
from typing import NamedTuple

from aiohttp import BodyPartReader, web

from dutydesk.web.bodies import TooLarge
from dutydesk.web.people import BadRequest

MOST_PHOTOS = 6
MOST_BYTES = 24_000_000  # of one form: six photos as an old phone takes them, without a script that makes them smaller
LONGEST_FIELD = 4_000_000  # bytes of one field: a million characters
MOST_FIELDS = 40


class Photo(NamedTuple):
    """One photo, by the SHA-256 of its bytes, in the order in which the store keeps it."""

    digest: str
    media_type: str
    content: bytes


class Sent(NamedTuple):
    """A form as it was sent."""

    fields: dict[str, str]
    photos: tuple[Photo, ...] = ()


async def read(request: web.Request) -> Sent:
    """The form of a request, with or without photos. Raises TooLarge, BadRequest for a file that is no photo."""
    if request.content_type != "multipart/form-data":
        return Sent({name: str(value) for name, value in (await request.post()).items()})
    fields: dict[str, str] = {}
    photos: list[Photo] = []
    room = MOST_BYTES
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or len(fields) + len(photos) > MOST_FIELDS:
            raise BadRequest()
        content = await _bytes(part, min(room, LONGEST_FIELD) if part.filename is None else room)
        room -= len(content)
        if part.filename is None:
            fields[part.name or ""] = content.decode("utf-8", "replace")
        elif content:
            photos.append(_photo(content))
    if len(photos) > MOST_PHOTOS:
        raise TooLarge(f"一次最多附 {MOST_PHOTOS} 张照片")
    return Sent(fields, tuple(dict.fromkeys(photos)))


async def _bytes(part: BodyPartReader, most: int) -> bytes:
    """The content of a part, of which no more than `most` bytes are held."""
    held = bytearray()
    while chunk := await part.read_chunk():
        held += chunk
        if len(held) > most:
            raise TooLarge()
    return bytes(held)


def _photo(content: bytes) -> Photo:
    kind = media_type(content)
    if kind is None:
        raise BadRequest("只能附照片")
    return Photo(hashlib.sha256(content).hexdigest(), kind, content)


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
