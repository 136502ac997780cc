"""Readings that every provider needs: form fields, a Retry-After, a sentence without telephone numbers. Nothing of one provider."""

import re

from dutydesk.clock import SECOND

Pairs = list[tuple[bytes, bytes]]
_ESCAPES = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")
_DIGITS = re.compile(r"\+?\d{7,}")


def pairs_of(body: bytes) -> Pairs:
    """The fields of a form, in order, repeated ones repeated, empty ones kept, as bytes: any encoding survives."""
    pieces = [piece.partition(b"=") for piece in body.replace(b"+", b" ").split(b"&") if piece]
    return [(_unquoted(name), _unquoted(value)) for name, _, value in pieces]


def _unquoted(text: bytes) -> bytes:
    """As urllib's unquote_to_bytes; runs of escapes at once, because a Chinese text is nothing else."""
    return _ESCAPES.sub(lambda run: bytes.fromhex(run[0].replace(b"%", b"").decode()), text) if b"%" in text else text


def without_numbers(text: str) -> str:
    """A provider's sentence without telephone numbers: it stands in the public part of the journal and in logs."""
    return _DIGITS.sub("…", text)


def retry_after(header: str | None) -> int:
    """A Retry-After in seconds as microseconds, 5 s when absent or a date, at most ten minutes."""
    seconds = int(header) if header and header.isascii() and header.isdigit() else 5
    return max(1, min(seconds, 600)) * SECOND
