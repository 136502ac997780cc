"""Readings that every provider needs: form fields, an answer within a bound, a Retry-After, a sentence without telephone numbers. Nothing
of one provider."""

import re
from binascii import unhexlify
from functools import lru_cache

from aiohttp import ClientResponse

from dutydesk.clock import SECOND

Pairs = tuple[tuple[bytes, bytes], ...]
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_PERCENT = ord("%")
_DIGITS = re.compile(r"\+?\d{7,}")


@lru_cache(maxsize=1)  # of one body first its signature is asked, then its form
def pairs_of(body: bytes) -> Pairs:
    """The fields of a form, in order, repeated ones repeated, empty ones kept, as bytes: any encoding survives."""
    pieces = [piece.partition(b"=") for piece in body.replace(b"+", b" ").split(b"&") if piece]
    return tuple([(_unquoted(name), _unquoted(value)) for name, _, value in pieces])


def _unquoted(text: bytes) -> bytes:
    """As urllib's unquote_to_bytes. Python reads \\xE6 ten times as fast as we could read %E6, but wants every one to be whole."""
    if _PERCENT not in text:
        return text
    try:
        return text.replace(b"\\", b"\\\\").replace(b"%", b"\\x").decode("unicode_escape").encode("latin-1")
    except UnicodeDecodeError:
        return _ESCAPE.sub(lambda found: unhexlify(found[1]), text)


async def answer_of(reply: ClientResponse, most: int) -> bytes:
    """The body of an answer, cut at `most` bytes. A read of a stream ends with what has come so far, which of a longer one is a piece."""
    body = bytearray()
    async for piece in reply.content.iter_any():
        body += piece
        if len(body) >= most:
            break
    return bytes(body[:most])


def without_numbers(text: str) -> str:
    """A provider's sentence without telephone numbers: it stands in the public part of the journal and in logs."""
    return _DIGITS.sub("…", text)


def retry_after(header: str | None) -> int:
    """A Retry-After in seconds as microseconds, 5 s when absent or a date, at most ten minutes."""
    seconds = int(header) if header and header.isascii() and header.isdigit() else 5
    return max(1, min(seconds, 600)) * SECOND
