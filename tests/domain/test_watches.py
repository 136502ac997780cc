"""The watch: shifts by cron over midnight, handed over early or on time; a desk that was down catches up late and says so."""

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from dutydesk.clock import BEIJING, HOUR, MINUTE, from_datetime
from dutydesk.domain.circulars import CircularRequested
from dutydesk.domain.rules import Shift
from dutydesk.domain.watches import (
    EndWatch,
    HandoverDue,
    JoinWatch,
    LeaveWatch,
    StartWatch,
    WatchEnded,
    WatchStarted,
    term_at,
)
from tests.kit import World, only, refused, rules, world

SHIFTS = rules().shifts


def at(day: int, hour: int, minute: int = 0) -> int:
    return int(from_datetime(datetime(2026, 11, day, hour, minute, tzinfo=BEIJING)))


@pytest.mark.parametrize(
    ("now", "id", "start", "end"),
    [
        (at(23, 12), "20261123-1", at(23, 8, 30), at(23, 17)),
        (at(23, 8, 30), "20261123-1", at(23, 8, 30), at(23, 17)),
        (at(23, 17), "20261123-2", at(23, 17), at(24, 8, 30)),
        (at(24, 0), "20261123-2", at(23, 17), at(24, 8, 30)),
        (at(24, 8, 29), "20261123-2", at(23, 17), at(24, 8, 30)),
    ],
)
def test_the_shift_that_holds_also_over_midnight(now: int, id: str, start: int, end: int) -> None:
    term = term_at(SHIFTS, now)
    assert (term.id, term.starts_at, term.ends_at) == (id, start, end)


def test_a_weekly_duty_is_found_days_later() -> None:
    term = term_at((Shift(name="周值", starts="0 9 * * mon"),), at(28, 3))  # a Saturday
    assert (term.starts_at, term.ends_at) == (at(23, 9), at(30, 9))


def test_weekdays_are_written_as_words() -> None:
    """cron counts weekdays from Sunday, the library from Monday: a digit would mean another day than the office wrote."""
    with pytest.raises(ValidationError, match="mon-fri"):
        Shift(name="x", starts="0 9 * * 1-5")


def test_no_shift_is_refused() -> None:
    with refused("没有配置班次"):
        term_at((), at(23, 12))


def begun(now: int = at(23, 12)) -> tuple[World, str]:
    w = world()
    w.at = now
    stream = f"watch/{term_at(SHIFTS, now).id}"
    w.handle(stream, StartWatch(term=term_at(SHIFTS, now)))
    return w, stream


def test_at_the_set_time_the_next_begins_and_the_circular_is_asked_for() -> None:
    w, _ = begun()
    only(w.fire(), HandoverDue)
    made = w.fire()
    ended = only(made, WatchEnded)
    assert (w.at, ended.late_by, ended.early) == (at(23, 17), 0, False)
    following = only(made, WatchStarted)
    assert (following.term.id, following.former, following.late_by) == ("20261123-2", "20261123-1", 0)
    assert only(made, CircularRequested).watch == "20261123-1"
    assert w.timers["circular/20261123-1", "draft"].lane.value == "draft"
    assert w.timers["watch/20261123-2", "change"].due_at == at(24, 8, 30)


def test_there_is_one_current_watch() -> None:
    w, stream = begun()
    other = term_at(SHIFTS, at(22, 12))
    assert w.handle(f"watch/{other.id}", StartWatch(term=other)) == []
    assert w.handle(stream, StartWatch(term=term_at(SHIFTS, w.at))) == []


def test_handed_over_early_the_next_begins_now_and_keeps_its_own_end() -> None:
    w, stream = begun()
    w.at = at(23, 15)
    made = w.handle(stream, EndWatch(note="已交清"))
    assert only(made, WatchEnded).early
    term = only(made, WatchStarted).term
    assert (term.id, term.starts_at, term.ends_at) == ("20261123-2", at(23, 15), at(24, 8, 30))
    assert (stream, "change") not in w.timers
    with refused("已经结束"):
        w.handle(stream, EndWatch())


def test_a_desk_that_was_down_over_several_shifts_catches_up_and_says_how_late() -> None:
    w, _ = begun()
    w.at = at(25, 12)
    ended: list[Any] = []
    while min(t.due_at for k, t in w.timers.items() if k[1] == "change") <= w.at:
        ended += [event for _stream, event in w.fire() if isinstance(event, WatchEnded)]
    assert [(e.term.id, e.late_by // MINUTE) for e in ended] == [
        ("20261123-1", 43 * 60),
        ("20261123-2", 27 * 60 + 30),
        ("20261124-1", 19 * 60),
        ("20261124-2", 3 * 60 + 30),
    ]
    late = [e.late_by for _s, e, _ in w.journal if isinstance(e, WatchStarted)]
    assert late == [0, 43 * HOUR, 27 * HOUR + 30 * MINUTE, 19 * HOUR, 3 * HOUR + 30 * MINUTE]
    current = [k[1] for k, s in w.rows.items() if k[0] == "watch" and s[2].open]
    assert current == ["20261125-1"]


def test_officers_come_and_go() -> None:
    w, stream = begun()
    w.handle(stream, JoinWatch(username="zhang"))
    w.handle(stream, JoinWatch(username="zhang", as_leader=True))
    assert (w.row(stream)["officers"], w.row(stream)["leader"]) == (["officer", "zhang"], "zhang")
    w.handle(stream, LeaveWatch(username="zhang"))
    assert (w.row(stream)["officers"], w.row(stream)["leader"]) == (["officer"], "")
    assert w.handle(stream, LeaveWatch(username="nobody")) == []
