"""Good samples spoiled by dice: bits, cuts, hostile pieces, words of one sample in another's place, pieces repeated without end.

Ten times as cheap as a strategy of hypothesis, and the same cases for the same seed; it shrinks nothing.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator

HOSTILE = (b"", b"\0", b"\xff\xfe", "\u202e".encode(), b"]]>", b"&a;", b"9" * 400, b"[" * 3000, b"1e999", b"NaN", b"\xed\xa0\x80",
           b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"-1", b"null", b"0000-00-00", b"=cmd()", "〇".encode(), b"\r\n", b"\n\n", b"\x1b", b"%",
           b"%u0000", b"\\ud800", b"{}", b"[]", b'"', b"true", b"2026-02-30", b"9999-12-31", b"=?x?b?=", b"=?utf-8?q?=ff?=", b"--b1",
           "十".encode() * 50, "万亿".encode(), b"<a/>", b"&lt;", b"FREQ=SECONDLY", b"TZID=Nowhere", b"18446744073709551616",
           b"<![CDATA[", b"xmlns:b='u'", "👩‍👩‍👧".encode(), "\u2028".encode(), b"charset=x",
           b"Content-Type: multipart/mixed\r\n")  # fmt: skip
LONGEST = 200_000  # bytes of a case
_WORD = re.compile(rb"[^\s,:;\"'<>{}\[\]=&/]+")
_HOW_OFTEN = (1, 1, 1, 2, 3, 6)


def spoiled(samples: tuple[bytes, ...], dice: random.Random) -> Iterator[bytes]:
    """Cases without end."""
    words = tuple(word for sample in samples for word in _WORD.findall(sample)) or (b"x",)
    packed = all(zipfile.is_zipfile(io.BytesIO(sample)) for sample in samples)
    while True:
        sample = dice.choice(samples)
        if packed and dice.random() < 0.8:
            yield _inside(sample, dice)
        else:
            yield _spoil(sample, words, dice)


def _spoil(sample: bytes, words: tuple[bytes, ...], dice: random.Random) -> bytes:
    for _ in range(dice.choice(_HOW_OFTEN)):
        sample = dice.choice(_WAYS)(sample, words, dice)
    return sample[:LONGEST]


def _inside(sample: bytes, dice: random.Random) -> bytes:
    """A part of an archive spoiled, and packed again."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sample)) as old, zipfile.ZipFile(made, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        chosen = dice.choice([name for name in parts if "sheet" in name or dice.random() < 0.2] or list(parts))
        words = tuple(_WORD.findall(parts[chosen])) or (b"x",)
        for name, part in parts.items():
            new.writestr(name, _spoil(part, words, dice) if name == chosen else part)
    return made.getvalue()


def _flip(sample: bytes, words: tuple[bytes, ...], dice: random.Random) -> bytes:
    at = dice.randrange(len(sample) or 1)
    return sample[:at] + bytes([sample[at] ^ (1 << dice.randrange(8))]) + sample[at + 1 :] if sample else b"\0"


def _cut(sample: bytes, words: tuple[bytes, ...], dice: random.Random) -> bytes:
    at = dice.randrange(len(sample) + 1)
    return sample[:at] + sample[at + dice.randrange(40) :]


def _end(sample: bytes, words: tuple[bytes, ...], dice: random.Random) -> bytes:
    return sample[: dice.randrange(len(sample) + 1)]


def _put(sample: bytes, words: tuple[bytes, ...], dice: random.Random) -> bytes:
    at = dice.randrange(len(sample) + 1)
    piece = dice.choice(HOSTILE) if dice.random() < 0.7 else dice.randbytes(dice.randrange(30))
    return sample[:at] + piece + sample[at + dice.choice((0, 0, 1, 8)) :]


def _replace(sample: bytes, words: tuple[bytes, ...], dice: random.Random) -> bytes:
    """One word becomes another word, or a hostile piece."""
    found = list(_WORD.finditer(sample, dice.randrange(len(sample) + 1)))[:20]
    if not found:
        return sample
    begin, end = dice.choice(found).span()
    return sample[:begin] + dice.choice(words if dice.random() < 0.5 else HOSTILE) + sample[end:]


def _move(sample: bytes, words: tuple[bytes, ...], dice: random.Random) -> bytes:
    begin, to = dice.randrange(len(sample) + 1), dice.randrange(len(sample) + 1)
    piece = sample[begin : begin + dice.randrange(200)]
    return sample[:to] + piece + sample[to:]


def _repeat(sample: bytes, words: tuple[bytes, ...], dice: random.Random) -> bytes:
    begin = dice.randrange(len(sample) + 1)
    piece = sample[begin : begin + dice.choice((1, 3, 12, 60, 400))]
    often = 5_000 if dice.random() < 0.002 else dice.choice((2, 5, 40))
    return sample[:begin] + piece * often + sample[begin:]


_WAYS: tuple[Callable[[bytes, tuple[bytes, ...], random.Random], bytes], ...] = (
    _flip, _flip, _cut, _cut, _end, _put, _put, _put, _replace, _replace, _replace, _move, _repeat,
)  # fmt: skip
