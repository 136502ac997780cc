"""Which day is a working day, a weekend, a public holiday or a make-up working day.

The days are the State Council's yearly notices as `chinesecalendar` keeps them; what the office marks in config stands first. A year
the calendar does not know has weekends and the days that the law itself fixes, and says so (`known`): a holiday is never guessed.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

import chinese_calendar

from dutydesk.domain.roster_policy import RosterRules

Kind = Literal["workday", "weekend", "holiday", "makeup"]
LOOK_AHEAD = 120  # days in which the next special days are looked for
_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
# (month, day) of every year: 全国年节及纪念日放假办法 (国务院令第795号, from 2025-01-01), art. 2; those of the moon come with the notice
_BY_LAW = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节"} | dict.fromkeys(((10, 1), (10, 2), (10, 3)), "国庆节")


class Day(NamedTuple):
    """A day's kind, the holiday's name, and whether the calendar knows its year."""

    kind: Kind
    name: str
    known: bool


class Span(NamedTuple):
    """Special days on end: a holiday, or a marked period."""

    name: str
    first: date
    last: date
    kind: Literal["holiday", "period"]


def day_of(on: date, rules: RosterRules) -> Day:
    """What kind of day it is; the office's own marks stand before the calendar."""
    marked = next((m for m in rules.days if m.date == on), None)
    known = _calendar(on)
    if marked is None:
        return known
    if marked.kind == "holiday":
        return Day("holiday", marked.name or known.name or "节假日", True)
    return Day("makeup" if on.weekday() >= 5 else "workday", marked.name, True)


@lru_cache(maxsize=4096)
def _calendar(on: date) -> Day:
    try:
        free, name = chinese_calendar.get_holiday_detail(on)
    except NotImplementedError:
        if name := _BY_LAW.get((on.month, on.day)):
            return Day("holiday", name, False)
        return Day("weekend" if on.weekday() >= 5 else "workday", "", False)
    if free:
        return Day("holiday", _NAMES.get(name, name), True) if name else Day("weekend", "", True)
    return Day("makeup" if name else "workday", "", True)


def special(on: date, rules: RosterRules) -> str:
    """The name of the holiday or marked period a day lies in; empty on any other day."""
    day = day_of(on, rules)
    if day.kind == "holiday":
        return day.name
    return next((p.name for p in rules.periods if p.first <= on <= p.last), "")


def spans(rules: RosterRules, after: date, days: int = LOOK_AHEAD) -> list[Span]:
    """Holidays and marked periods that begin after a day, within so many days, the nearest first."""
    found = [Span(p.name, p.first, p.last, "period") for p in rules.periods if 0 < (p.first - after).days <= days]
    on = after
    for _ in range(days):
        on += timedelta(days=1)
        if _holiday(on, rules) and not _holiday(on - timedelta(days=1), rules):
            found.append(Span(day_of(on, rules).name, on, _last(on, rules), "holiday"))
    return sorted(found, key=lambda span: (span.first, span.kind))


def unknown_year(rules: RosterRules, today: date, days: int = 60) -> int | None:
    """The year some days from now when nobody says its holidays, neither the calendar nor the office."""
    year = (today + timedelta(days=days)).year
    marked = any(day.date.year == year and day.kind == "holiday" for day in rules.days)
    return None if marked or _calendar(date(year, 1, 1)).known else year


def _holiday(on: date, rules: RosterRules) -> bool:
    return day_of(on, rules).kind == "holiday"


def _last(on: date, rules: RosterRules) -> date:
    while _holiday(on + timedelta(days=1), rules):
        on += timedelta(days=1)
    return on
