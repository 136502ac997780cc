"""Texts as two-character grams, and the lists of places that the index keeps of each gram. Pure.

FTS5's own trigrams find no Chinese word of two characters (爆炸: no row), so neighbours are cut here, the same on both engines.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from dutydesk.domain.verbs import split
from dutydesk.store.connection import Params

BLOCK = 4_096  # entries of one list; an offset in it is two characters of the alphabet
LONGEST = 20_000  # characters of one entry that are searched
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_DIGIT = {character: n for n, character in enumerate(_ALPHABET)}
# kinds of streams that are not searched here: the directory has a search of its own, rules are files
ELSEWHERE = frozenset({"user", "rules", "unit", "contact", "leader"})
_REPEATING = frozenset({"MessageRead", "DeliveryStatusChanged"})  # quote what another entry says, or are codes
_CODES = frozenset(
    {
        "id", "message", "messages", "incident", "page", "pages", "delivery", "about", "stream", "provider_id", "calls", "digest",
        "url", "via", "key", "hash", "token", "division", "channel", "status", "how", "why", "code", "policy", "media_type", "law",
    }
)  # fmt: skip


def searched(record: Params) -> str:
    """The text of a raw entry that a search looks through; empty when there is none. An erased part is not in it."""
    stream, type_, public, private = record[2], record[4], record[8], record[10]
    if split(stream)[0] in ELSEWHERE or type_ in _REPEATING:
        return ""
    parts = [orjson.loads(part) for part in (public, private) if part]
    return plain("\n".join(text for part in parts for text in _texts(part))[:LONGEST])


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for key, item in value.items():
                if key not in _CODES:
                    yield from _texts(item)


def plain(text: str) -> str:
    """A text as it is compared: one width, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(text: str) -> list[str]:
    """The unbroken runs of letters, digits and characters of a plain text."""
    return "".join(character if character.isalnum() else " " for character in text).split()


def grams(text: str) -> set[str]:
    """Every pair of neighbours of a plain text; a character on its own stands for itself."""
    return {run[n : n + 2] for run in runs(text) for n in range(max(1, len(run) - 1))}


def written(offsets: Iterable[int]) -> str:
    """Offsets within a block as they are stored."""
    return "".join(_ALPHABET[offset >> 6] + _ALPHABET[offset & 63] for offset in offsets)


def common(lists: Iterable[str]) -> list[int]:
    """The offsets that stand in each of several stored lists, highest first."""
    shortest, *others = sorted(lists, key=len)
    found = set(_pairs(shortest))
    for other in others:
        found.intersection_update(_pairs(other))
    return sorted((_DIGIT[high] << 6 | _DIGIT[low] for high, low in found), reverse=True)


def _pairs(places: str) -> Iterator[tuple[str, str]]:
    return zip(places[::2], places[1::2], strict=True)
