"""Numbers as people write them: 12, 1,200, 2.1万, 两, 十余, 近百, 上千, 三四十, 数十. Pure.

It must never take a part of a longer row of digits (a telephone number, a plate) for a number.
"""

import re
from dataclasses import dataclass
from itertools import islice

from dutydesk.domain.readings import Bounds, Figure

_MOST = 400  # numbers looked at in one text
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3, "壹": 1, "贰": 2, "叁": 3}
_UNIT = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000, "拾": 10, "佰": 100, "仟": 1_000}
_SPECIAL = {"廿": 20, "卅": 30}
_CHINESE = "零一二两三四五六七八九十百千万亿俩仨壹贰叁拾佰仟廿卅"

NUMBER = re.compile(
    r"(?P<pre>不到|不足|不超过|不少于|不下|最多|至多|将近|接近|至少有?|最少有?|起码有?|超过?|逾|近|上(?=[百千万])|大约|约|多达|(?<![期星])[数几]?(?=[十百千万几]))?"
    rf"(?:(?<![\dA-Za-z.:*×])(?P<digits>\d{{1,9}}(?:,\d{{3}}){{0,3}}(?:\.\d{{1,4}})?)(?!\d)(?P<scale>[十百千]?[万亿]?)(?:(?<=\d万)(?P<rest>\d{{3,4}})(?=[人名户元]))?"
    rf"|(?P<chinese>[{_CHINESE}]{{1,12}}|几))"
    r"(?P<post>余|多|几|来(?=[人名位个户例]))?(?P<tail>[万亿])?"
)
_LESS = {"不到", "不足", "不超过", "最多", "至多", "将近", "接近", "近"}
_MORE = {"不少于", "不下", "至少", "最少", "起码", "超", "超过", "逾", "上"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text: where it stands, what it says; `vague` when it says no bound at all (数十, 几)."""

    start: int
    end: int
    figure: Figure
    vague: bool = False
    bare: float = 0.0
    core: int = -1


def chinese_value(word: str) -> int | None:
    """三百二十一 → 321, 一三五 → 135, 三四十 is not one number (None)."""
    if all(c in _DIGIT for c in word):
        return int("".join(str(_DIGIT[c]) for c in word)) if len(word) == 1 or len(word) > 2 or "零" in word else None
    total = section = digit = 0
    pending = False
    for c in word:
        if c in _DIGIT:
            if pending and _DIGIT[c] and digit:
                return None
            digit, pending = _DIGIT[c], True
        elif c in _SPECIAL:
            section, digit, pending = section + _SPECIAL[c], 0, False
        elif _UNIT[c] < 10_000:
            section += (digit if pending else 1) * _UNIT[c]
            digit, pending = 0, False
        else:
            total = (total + section + digit) * _UNIT[c] if section + digit + total else _UNIT[c]
            section = digit = 0
            pending = False
    return total + section + digit


def chinese_range(word: str) -> tuple[int, int] | None:
    """三四十 → (30, 40), 两三 → (2, 3): two neighbouring digits, perhaps with a unit after them."""
    if len(word) < 2 or word[0] not in _DIGIT or word[1] not in _DIGIT:
        return None
    low, high = chinese_value(word[0] + word[2:]), chinese_value(word[1] + word[2:])
    return (low, high) if low is not None and high is not None and 0 < low < high else None


def numbers(plain: str) -> list[Number]:
    """The numbers of the text in order, the first 400: the news read have 60 at most."""
    return [found for match in islice(NUMBER.finditer(plain), _MOST) if (found := _number(match)) is not None]


def _number(match: re.Match[str]) -> Number | None:
    pre, word = (match["pre"] or "").removesuffix("有"), match["chinese"]
    start = match.start("digits") if match["digits"] else match.start("chinese")
    if pre in {"数", "几"} or word == "几":
        return Number(match.start(), match.end(), None, vague=True)
    if word and (spread := chinese_range(word)):
        scale = _UNIT.get(match["tail"] or "", 1)
        return Number(start, match.end(), Bounds(min=spread[0] * scale, max=spread[1] * scale))
    value = chinese_value(word) if word else _digits(match)
    if value is None:
        return None
    value *= _UNIT.get(match["tail"] or "", 1)
    return Number(
        match.start() if pre else start, match.end(), _bounded(round(value), pre, match["post"]), bare=value, core=start
    )


def _digits(match: re.Match[str]) -> float:
    value = float(match["digits"].replace(",", ""))
    for unit in match["scale"]:
        value *= _UNIT[unit]
    return value + int(match["rest"] or 0)


def _bounded(value: int, pre: str, post: str | None) -> Figure:
    if pre in _LESS:
        return Bounds(max=value)
    if pre in _MORE or (post and post != "来"):
        return Bounds(min=value)
    return value


def highest(figure: Figure) -> int:
    """The most that a figure says without guessing: 近百 is 100, 十余 is 10."""
    if isinstance(figure, Bounds):
        return figure.max if figure.max is not None else (figure.min or 0)
    return figure or 0


def add(one: Figure, other: Figure) -> Figure:
    """The sum of two figures; a bound on either side makes the sum a bound."""
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    a = one if isinstance(one, Bounds) else Bounds(min=one, max=one)
    b = other if isinstance(other, Bounds) else Bounds(min=other, max=other)
    least = (a.min or 0) + (b.min or 0)
    most = a.max + b.max if a.max is not None and b.max is not None else None
    return Bounds(min=least or None, max=most)
