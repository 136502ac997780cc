"""Readings that every provider needs: form fields, a Retry-After, a sentence without telephone numbers. Nothing of one provider."""

import re
from urllib.parse import unquote_to_bytes

from dutydesk.clock import SECOND

Pairs = list[tuple[bytes, bytes]]
_DIGITS = re.compile(r"\+?\d{7,}")


def pairs_of(body: bytes) -> Pairs:
    """The fields of a form, in order, repeated ones repeated, empty ones kept, as bytes: any encoding survives."""
    pieces = [piece.replace(b"+", b" ").partition(b"=") for piece in body.split(b"&") if piece]
    return [(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in pieces]


def without_numbers(text: str) -> str:
    """A provider's sentence without telephone numbers: it stands in the public part of the journal and in logs."""
    return _DIGITS.sub("…", text)


def retry_after(header: str | None) -> int:
    """A Retry-After in seconds as microseconds, 5 s when absent or a date, at most ten minutes."""
    seconds = int(header) if header and header.isascii() and header.isdigit() else 5
    return max(1, min(seconds, 600)) * SECOND
