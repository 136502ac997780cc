"""Numbers with what they count: people, households or nothing said. A row of them is what words of harm are paired with.

It must never count a group twice: 三男两女 is five people, in brackets behind a number it only explains it.
"""

import re
from dataclasses import dataclass

from dutydesk.domain.readings import Bounds, Figure
from dutydesk.reading import words
from dutydesk.reading.numerals import Number

_NOBODY = re.compile(r"[无没]有?$")
_ORDINAL = "第"  # 第三名失联人员 is one person, not three
_PAIR = re.compile(
    r"对(?:年轻|年迈|老年|老|外地|同胞|双胞胎|亲)*"
    r"(?:夫妻|夫妇|父子|父女|母子|母女|姐妹|姐弟|兄妹|兄弟|情侣|恋人|爷孙|婆媳|男女)"
)
_HOTLINE = re.compile(
    r"1(?:10|19|20|22)(?:\"|”)?(?:人员|急救|医护|医务|医生|民警|救护|接警|指挥|出警)"
)  # 120人员 are no 120 people
_AT_LEAST = re.compile(r"(?:至少|最少|起码)(?:已经?|造成|导致|致使?|有|共)+$")
_HOUSEHOLD = re.compile(r"家(?:老小)?(?=[二两三四五六七八九十\d]+口)")  # 一家|三口: three people, not one
_GENDERS = re.compile(r"([一二两三四五六七八九十]|\d{1,2})名?([男女])([一二两三四五六七八九十]|\d{1,2})名?([男女])")


@dataclass(slots=True)
class Slot:
    """A number and its measure: where both stand, what they say, `kind` people, house or bare."""

    number: Number
    figure: Figure
    start: int
    end: int
    kind: str


def slots(plain: str, found: list[Number]) -> list[Slot]:
    """The numbers of a text in order, each with its measure."""
    single = [_slot(plain, number) for number in found if not _is_nobody(plain, number)]
    return _with_genders(plain, [slot for slot in single if slot is not None])


def _is_nobody(plain: str, number: Number) -> bool:
    """无一人死亡, 没有一个人受伤: a one that counts none; 第三名失联人员 counts one of several."""
    if plain[number.start - 1 : number.start] == _ORDINAL:
        return True
    return number.figure == 1 and bool(_NOBODY.search(plain, max(0, number.start - 2), number.start))


def _slot(plain: str, number: Number) -> Slot | None:
    if plain[number.start : number.end] == "一" and (pair := _PAIR.match(plain, number.end)):
        return Slot(number, 2, number.start, pair.end(), "people")
    if plain[number.start : number.end] == "一" and _HOUSEHOLD.match(plain, number.end):
        return None
    if _HOTLINE.match(plain, number.start):
        return None
    match = words.AFTER_NUMBER.match(plain, number.end)
    if match is None:
        kind = "people" if plain[number.end - 1] in "俩仨" else "bare"
        return Slot(number, number.figure, number.start, number.end, kind)
    figure, end = number.figure, match.end()
    if isinstance(figure, int) and _AT_LEAST.search(plain, max(0, number.start - 8), number.start):
        figure = Bounds(min=figure)
    bound = words.BOUND.match(plain, end)
    if bound and isinstance(figure, int) and bound.group() != "左右":
        figure = Bounds(max=figure) if bound.group() in {"以下", "以内"} else Bounds(min=figure)
    return Slot(number, figure, number.start, bound.end() if bound else end, match.lastgroup or "bare")


def _with_genders(plain: str, slots: list[Slot]) -> list[Slot]:
    """三男两女 is one number of five; in brackets behind a number of people it only explains it."""
    for match in _GENDERS.finditer(plain):
        if match[2] == match[4]:
            continue
        inner = [slot for slot in slots if match.start() <= slot.start < match.end()]
        slots = [slot for slot in slots if slot not in inner]
        if len(inner) == 2 and plain[match.start() - 1 : match.start()] not in {"(", "["}:
            total = sum(slot.figure for slot in inner if isinstance(slot.figure, int))
            slots.append(Slot(inner[0].number, total, match.start(), match.end(), "people"))
    return sorted(slots, key=lambda slot: slot.start)


_ALONE = re.compile(
    r"\d{1,2}周?岁的?(?:儿子|女儿|孙子|孙女|弟弟|妹妹|哥哥|姐姐|父亲|母亲|[男女]孩|[男女]童|[男女]子|[男女]性?|孩子|小孩|老人|老汉|幼童|学生|少年|少女|村民)"
    r"|驾驶[员人]|司机(?!室)|机手|船长"
)


def alone(plain: str, start: int, end: int) -> tuple[int, int] | None:
    """The one person whom a stretch names by age or by the wheel, however often: 带8岁儿子…,8岁儿子溺亡. None when there are several."""
    found = list(_ALONE.finditer(plain, start, end))
    return found[-1].span() if len({match.group() for match in found}) == 1 else None
