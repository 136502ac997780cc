"""Scores of units from their figures, by a scheme that is data (config/scoring/*.toml). Pure arithmetic; a figure that was not measured
gives no points and takes none."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from dutydesk.domain.readings import Value

Counts = Mapping[str, int | None]


class Mark(Value):
    """Points for a figure: `each` for every one of it, `half_of` when each one takes half of an average item's points, `share` of the
    largest count among all units, or `rate` of a rate in percent."""

    figure: str
    label: str = ""
    each: float = 0.0
    share: float = 0.0
    rate: float = 0.0
    half_of: tuple[str, ...] = ()
    most: float | None = None  # bound of what this mark gives, either way


class Grade(Value):
    """A grade holds from so many points."""

    name: str
    least: float


class Scheme(Value):
    """One way to score. `divide_by`: figures whose sum divides the points (items counted)."""

    id: str = Field(pattern=r"^[a-z0-9_-]+$")
    name: str
    source: str
    confirmed: bool = False
    period: Literal["month", "quarter", "year"] = "month"
    start: float = 0.0
    least: float | None = None
    most: float | None = None
    divide_by: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = Field(min_length=1)
    grades: tuple[Grade, ...] = ()


class Score(Value):
    """What a unit got: points, grade, and each mark's part; `points` None when nothing was there to be divided by."""

    points: float | None
    grade: str = ""
    parts: tuple[tuple[str, float], ...] = ()


def score(scheme: Scheme, counts: Counts, largest: Counts) -> Score:
    """Score one unit. `largest`: the largest count of each figure among all units, for `share`."""
    parts = [(mark.label or mark.figure, round(_points(scheme, mark, counts, largest), 4)) for mark in scheme.marks]
    points: float | None = scheme.start + sum(value for _label, value in parts)
    if scheme.divide_by:
        items = sum(counts.get(name) or 0 for name in scheme.divide_by)
        points = points / items if items and points is not None else None
    if points is not None:
        points = round(_within(points, scheme.least, scheme.most), 2)
    return Score(points=points, grade=_grade(scheme, points), parts=tuple(part for part in parts if part[1]))


def _points(scheme: Scheme, mark: Mark, counts: Counts, largest: Counts) -> float:
    count = counts.get(mark.figure)
    if count is None:
        return 0.0
    points = mark.each * count
    if mark.share and (most := largest.get(mark.figure)):
        points += mark.share * count / most
    if mark.rate:
        points += mark.rate * count / 100
    if mark.half_of:
        points -= count * _average(scheme, mark.half_of, counts) / 2
    return points if mark.most is None else max(-abs(mark.most), min(abs(mark.most), points))


def _average(scheme: Scheme, names: tuple[str, ...], counts: Counts) -> float:
    """Points of an average item among those named."""
    each = {mark.figure: mark.each for mark in scheme.marks}
    items = sum(counts.get(name) or 0 for name in names)
    return sum(each.get(name, 0.0) * (counts.get(name) or 0) for name in names) / items if items else 0.0


def _within(points: float, least: float | None, most: float | None) -> float:
    if least is not None:
        points = max(least, points)
    return points if most is None else min(most, points)


def _grade(scheme: Scheme, points: float | None) -> str:
    if points is None:
        return ""
    fitting = [grade for grade in scheme.grades if points >= grade.least]
    return max(fitting, key=lambda grade: grade.least).name if fitting else ""
