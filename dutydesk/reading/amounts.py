"""Figures that are not people: direct loss in yuan, burnt or flooded area in square metres, households.

It must never take a price, a length or a count of rooms for one of them.
"""

import re

from dutydesk.domain.readings import Bounds, Figure
from dutydesk.reading.ledger import Entry
from dutydesk.reading.numerals import Number

_YUAN = re.compile(r"(?:元|块钱|人民币|元人民币)")
_LOSS = re.compile(r"(?:损失|经济损失|财产损失|财损|直损)[^,。;\d]{0,14}$")
_LOSS_AFTER = re.compile(r"^[^,。;\d]{0,10}(?:损失|财损)")
_AREA_UNITS = (
    (re.compile(r"平方公里|平方千米"), 1_000_000),
    (re.compile(r"公顷"), 10_000),
    (re.compile(r"余?亩"), 667),
    (re.compile(r"平方米|平米|㎡|个平方|平方|平"), 1),
)
_AREA = re.compile(
    r"(?:过火|燃烧|着火|起火|受灾|被淹|受害|火场|烧毁|过水|污染|成灾|塌陷|淹没|过火林地|受损|面积)[^。;\d]{0,14}$"
)
_NOT_AREA = re.compile(r"(?:占地|建筑|总|营业|使用|厂房|仓储|经营)(?:面积)?[^,。;\d]{0,8}$")
_HOUSE = re.compile(r"户(?!籍|外|主|名|型)")
_OVERSEAS = re.compile(r"美元|欧元|日元|英镑|港元|卢比")


def loss(plain: str, numbers: list[Number]) -> Entry:
    """Direct loss in yuan."""
    entry = Entry()
    for number in numbers:
        unit = _YUAN.match(plain, number.end)
        near = _LOSS.search(plain[max(0, number.start - 24) : number.start])
        if (
            unit
            and (near or _LOSS_AFTER.match(plain[unit.end() : unit.end() + 16]))
            and not _OVERSEAS.match(plain, number.end)
        ):
            entry.figure, entry.spans = number.figure, [(number.start, unit.end())]
            return entry
    found = re.search(r"(?:财产|经济|直接)损失(?:情况)?[^,。;\d]{0,4}(?:正在?|待|不详|不明|尚|无法|统计中|核实)", plain)
    entry.unknown = bool(found)
    if re.search(r"(?:无|没有|未造成)(?:任何)?(?:直接)?(?:财产|经济)损失", plain):
        entry.unknown = False
    return entry


def area(plain: str, numbers: list[Number]) -> Entry:
    """Burnt, flooded or polluted area in square metres; 1 亩 is 667 m²."""
    entry = Entry()
    for number in numbers:
        scale, end = _area_unit(plain, number.end)
        before = plain[max(0, number.start - 22) : number.start]
        if scale and _AREA.search(before) and not _NOT_AREA.search(before):
            exact = number.bare * scale
            entry.figure = _scaled(number.figure, round(exact), scale)
            entry.spans = [(number.start, end)]
            return entry
    return entry


def _area_unit(plain: str, at: int) -> tuple[int, int]:
    for pattern, scale in _AREA_UNITS:
        match = pattern.match(plain, at)
        if match:
            return scale, match.end()
    return 0, at


def _scaled(figure: Figure, exact: int, scale: int) -> Figure:
    if isinstance(figure, Bounds):
        return Bounds(
            min=figure.min * scale if figure.min is not None else None,
            max=figure.max * scale if figure.max is not None else None,
        )
    return exact


def households(plain: str, numbers: list[Number]) -> Entry:
    """Households: the first number before 户."""
    entry = Entry()
    for number in numbers:
        unit = _HOUSE.match(plain, number.end)
        if unit and not number.vague:
            entry.figure, entry.spans = number.figure, [(number.start, unit.end())]
            return entry
    return entry
