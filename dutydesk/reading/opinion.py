"""A second opinion from characters and pairs of them: how much a text reads like a report, of which class and kind.

A linear model whose weights stand in `data/opinion.csv`, fitted by `scripts/fit_opinion.py` on the labelled texts for
work alone. It knows no figures and no places; the rules of the other parts ask it where they doubt. It must never
speak alone of a text that is longer than a message.
"""

import math
import re
from dataclasses import dataclass
from functools import cache

from dutydesk.domain.readings import Category, Kind
from dutydesk.reading.text import resource

READ = 240  # code points that have a say: what comes later is circumstance
CLASSES: tuple[Category, ...] = ("natural_disaster", "accident", "public_health", "social_security")
KINDS: tuple[Kind, ...] = ("首报", "续报", "终报")
_SCALE = 100.0  # the table holds hundredths
_FULL = 90  # code points up to which every gram counts in full: a longer text would be sure of everything
_NUMBER = re.compile(r"\d+")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Opinion:
    """`report`: above zero reads like a report (log odds); `classes`, `kinds`: log probability of each, if it is one."""

    report: float
    classes: dict[Category, float]
    kinds: dict[Kind, float]


def grams(plain: str) -> set[str]:
    """The characters of a text and the pairs of them, each number written as one 0."""
    words = _BLANK.sub("", _NUMBER.sub("0", plain[:READ]))
    return {*words, *(words[i : i + 2] for i in range(len(words) - 1))}


@cache
def _lines() -> dict[str, list[str]]:
    """Gram → its weights as written: of ten thousand a text needs some fifty."""
    rows = (line.rsplit(",", 8) for line in resource("opinion.csv").splitlines()[1:])
    return {row[0]: row for row in rows}


@cache
def _weights(gram: str) -> tuple[float, ...]:
    return tuple(int(weight) / _SCALE for weight in _lines()[gram][1:])


def opinion(plain: str) -> Opinion:
    """What the characters of the text speak for; the row without a gram holds what stands before any is seen."""
    known = _lines()
    found = [_weights(gram) for gram in grams(plain) if gram in known]
    base, part = _weights(""), min(1.0, _FULL / max(1, len(plain[:READ])))
    sums = (b + part * sum(w[i] for w in found) for i, b in enumerate(base))
    report, *said = sums
    classes, kinds = _chances(said[: len(CLASSES)]), _chances(said[len(CLASSES) :])
    return Opinion(report, dict(zip(CLASSES, classes, strict=True)), dict(zip(KINDS, kinds, strict=True)))


def _chances(odds: list[float]) -> list[float]:
    """Log probabilities."""
    most = max(odds)
    total = math.log(sum(math.exp(one - most) for one in odds)) + most
    return [one - total for one in odds]
