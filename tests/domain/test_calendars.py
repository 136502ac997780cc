"""Circulars of a period write themselves: on time, late when nobody was there, none left out."""

from datetime import datetime

import pytest

from dutydesk.clock import BEIJING, DAY, from_datetime, to_datetime
from dutydesk.domain.calendars import CircularFellDue, KeepCalendar, bounds
from dutydesk.domain.circular_policy import Circulars, Period
from tests.kit import World, rules

MONTHLY = Circulars(periods=(Period(kind="month", at="0 9 1 * *"),))


def at(*when: int) -> int:
    return from_datetime(datetime(*when, tzinfo=BEIJING))  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("kind", "now", "start", "end", "name"),
    [
        ("day", (2026, 11, 23, 8, 40), (2026, 11, 22), (2026, 11, 23), "2026年11月22日"),
        ("month", (2027, 1, 1, 9), (2026, 12, 1), (2027, 1, 1), "2026年12月"),
        ("month", (2026, 3, 10, 9), (2026, 2, 1), (2026, 3, 1), "2026年2月"),
        ("quarter", (2027, 1, 1, 9), (2026, 10, 1), (2027, 1, 1), "2026年第4季度"),
        ("quarter", (2026, 4, 1, 9), (2026, 1, 1), (2026, 4, 1), "2026年第1季度"),
        ("year", (2027, 1, 2, 10), (2026, 1, 1), (2027, 1, 1), "2026年"),
        ("brief", (2026, 11, 23, 7), (2026, 11, 22, 7), (2026, 11, 23, 7), "2026年11月23日"),
    ],
)
def test_the_period_that_is_over(
    kind: str, now: tuple[int, ...], start: tuple[int, ...], end: tuple[int, ...], name: str
) -> None:
    found = bounds(kind, at(*now))
    assert (from_datetime(found[0]), from_datetime(found[1]), found[2]) == (at(*start), at(*end), name)


def test_regulations_8_rule_21_the_monthly_circular_is_asked_for_by_the_tenth() -> None:
    world = World(rules(circulars=MONTHLY))
    world.handle("calendar/circulars", KeepCalendar())
    (timer,) = [t for (stream, _), t in world.timers.items() if stream == "calendar/circulars"]
    due = to_datetime(timer.due_at)
    assert (due.month, due.day) == (12, 1)
    assert due.day <= 10
    world.at = timer.due_at
    world.fire()
    assert world.row("circular/month-20261101")["title"] == "2026年11月值班工作情况通报"


def test_three_months_asleep_are_three_circulars_each_late() -> None:
    world = World(rules(circulars=MONTHLY))
    world.handle("calendar/circulars", KeepCalendar())
    world.at += 91 * DAY
    ended = [event for _ in range(3) for _stream, event in world.fire() if isinstance(event, CircularFellDue)]
    assert [event.late_by > 0 for event in ended] == [True, True, True]
    made = sorted(id for kind, id in world.rows if kind == "circular")
    assert made == ["month-20261101", "month-20261201", "month-20270101"]


def test_a_changed_configuration_moves_the_timer_and_a_dropped_period_loses_it() -> None:
    world = World(rules(circulars=MONTHLY))
    world.handle("calendar/circulars", KeepCalendar())
    world.policy = rules(circulars=Circulars(periods=(Period(kind="month", at="0 9 5 * *"),)))
    world.handle("calendar/circulars", KeepCalendar())
    ((_key, timer),) = [p for p in world.timers.items() if p[0][0] == "calendar/circulars"]
    assert to_datetime(timer.due_at).day == 5
    world.policy = rules()
    world.handle("calendar/circulars", KeepCalendar())
    assert not [key for key in world.timers if key[0] == "calendar/circulars"]
    assert world.handle("calendar/circulars", KeepCalendar()) == []
