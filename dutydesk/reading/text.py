"""A text as written beside the plain form that the rules match on, with the way back to the written characters.

Plain means half width, simplified, without the blanks that a telephone puts between characters. It must never lose
where a character stood: every span that leaves the reader counts code points of the text as written.
"""

import csv
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LONGEST = 4_000  # code points that are read; a fax of 3 pages has 2,500, and the time of reading stays bounded

# circles written for a zero, dashes, waves, dots and brackets of many kinds
_ODD = tuple(zip("○〇—―–﹣~〜·•【】「」『』", "零零----~~・・[]“”“”", strict=True))
_BLANKS = re.compile(r"[ \t\u00a0\u200b-\u200f\u2060\u3000\ufeff]+")
_KEEPS_BLANK = re.compile(r"[A-Za-z0-9]")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9)\]”(“]")
_SPACED = re.compile(r"\d[\d.,]* [\u4e00-\u9fff]")  # 至少 15 人: a number that is set off on both sides
_STOP = re.compile(r"[。!?\n…]|(?<!\d)\.(?!\d)|(?<=\D)\.(?=\d)")


def resource(name: str) -> str:
    """The packaged data file `name`, as text."""
    return (files("dutydesk.reading") / "data" / name).read_text(encoding="utf-8")


@cache
def folding() -> dict[int, int]:
    """Code point to code point: full width to half width, traditional to simplified, odd signs to plain ones."""
    table = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    table |= {ord(odd): ord(plain) for odd, plain in _ODD}
    rows = csv.DictReader(resource("traditional.csv").splitlines())
    return table | {ord(row["traditional"]): ord(row["simplified"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Text:
    """`plain` is what the rules see; `index[i]` is where plain character i stands in `raw` (empty: the same place)."""

    raw: str
    plain: str
    index: tuple[int, ...]
    stops: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of `plain` as [start, end) in the text as written."""
        if not self.index or end <= start:
            return start, end
        return self.index[start], self.index[end - 1] + 1

    def written(self, start: int, end: int) -> str:
        first, last = self.span(start, end)
        return self.raw[first:last].replace("\n", "")

    def sentence(self, position: int) -> int:
        """The number of the sentence in which a plain position lies."""
        return bisect_right(self.stops, position)

    def sentence_start(self, position: int) -> int:
        number = self.sentence(position)
        return self.stops[number - 1] if number else 0

    def sentence_end(self, position: int) -> int:
        number = self.sentence(position)
        return self.stops[number] if number < len(self.stops) else len(self.plain)


def prepare(raw: str) -> Text:
    """Fold the text, drop blanks inside Chinese, and find where its sentences end."""
    folded = raw[:LONGEST].translate(folding())
    plain, index = _without_blanks(folded) if _BLANKS.search(folded) else (folded, ())
    return Text(raw, plain, index, tuple(match.end() for match in _STOP.finditer(plain)))


def _without_blanks(folded: str) -> tuple[str, tuple[int, ...]]:
    parts: list[str] = []
    index: list[int] = []
    at = 0
    spread = 3 * len(_BLANKS.findall(folded)) > len(folded)
    for match in _BLANKS.finditer(folded):
        parts.append(folded[at : match.start()])
        index.extend(range(at, match.start()))
        mark = _blank_as(folded, match.start(), match.end())
        if mark and not spread:
            parts.append(mark)
            index.append(match.start())
        at = match.end()
    parts.append(folded[at:])
    index.extend(range(at, len(folded)))
    return "".join(parts), tuple(index)


def _blank_as(folded: str, start: int, end: int) -> str:
    """What a blank stands for: a blank between letters or digits, nothing around a number, else a comma."""
    before, after = folded[start - 1 : start], folded[end : end + 1]
    if _KEEPS_BLANK.match(before) and _KEEPS_BLANK.match(after):
        return " "
    if not before or not after or not (_WORD.match(before) and _WORD.match(after)):
        return ""
    if after.isdigit() and (before == "的" or _SPACED.match(folded, end)):
        return ""
    if (before.isdigit() and after in "人名位户元时分日月年点万号例个") or (
        after.isdigit() and before in "亡伤联踪困约共达为了死第"
    ):
        return ""
    if before in "人名位例" and after in "死伤亡遇受失被重轻":
        return ""
    return ","
