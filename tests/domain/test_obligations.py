"""The legal clocks: started by level, flag or code; warned at 50 and 80 percent; late for ever; never taken away by lowering a level.

Regulations section 8: rules 1 to 4, 7 (closing), 8 (unknown is not zero), 9 (flags).
"""

from typing import Any

import pytest

from dutydesk.clock import MINUTE, SECOND, from_datetime
from dutydesk.domain.clocks import ClockRule, Flag
from dutydesk.domain.directory import Directory
from dutydesk.domain.incident_clocks import clocks_started
from dutydesk.domain.incident_state import Incident, evolve
from dutydesk.domain.incidents import (
    CloseIncident,
    FactFixed,
    FlagsSet,
    IncidentOpened,
    MergeIncident,
    ReopenIncident,
    SplitIncident,
)
from dutydesk.domain.obligation_rules import Obligation, book
from dutydesk.domain.obligations import (
    LiftObligation,
    MeetObligation,
    MoveObligation,
    ObligationLifted,
    ObligationMet,
    ObligationMissed,
    ObligationMoved,
    ObligationOpened,
    ObligationWarned,
    OpenObligation,
)
from dutydesk.domain.readings import Reading
from dutydesk.domain.rules import Desk, Rules
from dutydesk.domain.verbs import CancelTimer, Context, Event, Fire, Priority, SetTimer
from dutydesk.errors import Refused
from tests.kit import phone, report, world

NOON = from_datetime(__import__("datetime").datetime(2026, 11, 23, 12, 0))
RULE = ClockRule(
    id="safety-phone",
    title="电话直报省安委办",
    sender="city",
    receiver="省安委会办公室",
    channel="phone",
    start="received",
    minutes=30,
    always=True,
    codes=("12D",),
    law="山东省安全生产条例(2021修订) 第65条",
    confirmed=True,
)
PROVINCE = RULE.model_copy(
    update={
        "id": "province",
        "start": "became_reportable",
        "always": False,
        "levels": ("较大", "重大", "特别重大"),
        "flags": True,
        "codes": (),
    }
)
RULES = Rules(
    desk=Desk(tier="city"),
    clocks=(RULE, PROVINCE),
    flags=(Flag(id="school", label="学校"),),
    phrases={"clock_near": "{title}{left}", "clock_late": "{title}{due}"},
)


def _opened(**change: Any) -> IncidentOpened:
    reading = Reading(code=change.pop("code", "12D01"), level=change.pop("level", None))
    given = {
        "number": "20261123-001",
        "title": "某厂",
        "unit": None,
        "division": "370281",
        "message": "m",
        "summary": "",
    }
    return IncidentOpened.model_validate(given | {"received_at": NOON, "reading": reading} | change)


def _incident(*events: Event) -> Incident:
    state = Incident()
    for event in events:
        state = evolve(state, event)
    return state


def _run(*steps: Any, at: int = NOON) -> tuple[Obligation, list[Event]]:
    """Apply (command, at) steps; returns the state and every event."""
    state, events = Obligation(), list[Event]()
    for command, moment in steps:
        context: Context[tuple[str, ...]] = Context(moment, "user:li", False, (), RULES, Directory())
        for event in book.decide(state, command, context):
            state = book.evolve(state, event)
            events.append(event)
    return state, events


OPEN = (OpenObligation(incident="i", subject="s", division="370281", rule=RULE, start_at=NOON), NOON)


def test_rule_2_a_production_accident_starts_the_thirty_minutes_of_article_65() -> None:
    state = _incident(_opened())
    (clock,) = clocks_started(Incident(), state, RULES, NOON)
    assert (clock.rule.id, clock.start_at, clock.rule.due(clock.start_at)) == ("safety-phone", NOON, NOON + 30 * MINUTE)
    assert clock.rule.confirmed


def test_rule_8_an_unknown_level_does_not_stop_a_clock_that_holds_always() -> None:
    assert [c.rule.id for c in clocks_started(Incident(), _incident(_opened(level=None)), RULES, NOON)] == [
        "safety-phone"
    ]


def test_rule_4_raising_the_level_starts_the_next_tier_from_when_it_became_reportable() -> None:
    before = _incident(_opened())._replace(clocks=("safety-phone",))
    after = evolve(before, FactFixed(name="level", value="较大", reason="核实死亡3人", by="user:li"))
    (clock,) = clocks_started(before, after, RULES, NOON + 90 * MINUTE)
    assert (clock.rule.id, clock.start_at, clock.why) == ("province", NOON + 90 * MINUTE, "level")


def test_rule_4_lowering_the_level_takes_no_clock_away_and_starts_none() -> None:
    before = _incident(_opened(level="较大"))._replace(clocks=("safety-phone", "province"))
    after = evolve(before, FactFixed(name="level", value="一般", reason="复核", by="user:li"))
    assert clocks_started(before, after, RULES, NOON) == []
    assert after.clocks == ("safety-phone", "province")


def test_rule_9_any_flag_sends_it_up_whatever_its_level() -> None:
    before = _incident(_opened(level="一般"))._replace(clocks=("safety-phone",))
    after = evolve(before, FlagsSet(flags=("school",), reason="校内", by="user:li"))
    assert [(c.rule.id, c.why) for c in clocks_started(before, after, RULES, NOON)] == [("province", "flags")]


def test_a_rule_of_another_tier_or_out_of_its_dates_does_not_hold() -> None:
    assert not RULE.holds("district", "重大", (), "12D01", NOON)
    past = RULE.model_copy(update={"valid_to": "20261122"})
    assert not past.holds("city", "重大", (), "12D01", NOON)
    assert not RULE.holds("city", "重大", (), "11B01", NOON)


def test_rule_3_it_warns_at_half_and_at_four_fifths_and_then_is_late_for_ever() -> None:
    due = NOON + 30 * MINUTE
    half, four_fifths = NOON + 15 * MINUTE, NOON + 24 * MINUTE
    state, events = _run(
        OPEN,
        (Fire(name="mark", due_at=half), half),
        (Fire(name="mark", due_at=four_fifths), four_fifths),
        (Fire(name="mark", due_at=due), due),
        (MeetObligation(told_at=due + 7 * MINUTE, whom="省安委办值班员"), due + 8 * MINUTE),
    )
    kinds = [type(e) for e in events]
    assert kinds == [ObligationOpened, ObligationWarned, ObligationWarned, ObligationMissed, ObligationMet]
    assert [e.percent for e in events if isinstance(e, ObligationWarned)] == [50, 80]
    assert (state.status, state.missed_at) == ("met", due)
    assert state.met is not None
    assert state.met.late_by == 7 * MINUTE, "met late stays late"


def test_a_deadline_that_passes_while_every_hub_is_down_fires_late_and_says_so() -> None:
    half = NOON + 15 * MINUTE
    _state, events = _run(OPEN, (Fire(name="mark", due_at=half), NOON + 50 * MINUTE))
    missed = events[-1]
    assert isinstance(missed, ObligationMissed)
    assert (missed.due_at, missed.noticed_late_by) == (NOON + 30 * MINUTE, 20 * MINUTE)


def test_every_running_clock_has_one_timer_at_its_next_mark_and_it_outranks_reminders() -> None:
    _state, events = _run(OPEN, (Fire(name="mark", due_at=NOON + 15 * MINUTE), NOON + 15 * MINUTE))
    timers = [a for e in events for a in book.follow_up("x", e) if isinstance(a, SetTimer)]
    assert [t.due_at for t in timers] == [NOON + 15 * MINUTE, NOON + 24 * MINUTE]
    assert all(t.priority is Priority.LEGAL for t in timers)
    assert Priority.LEGAL < Priority.PAGE < Priority.REMINDER
    _state, met = _run(OPEN, (MeetObligation(told_at=NOON, whom="省安委办"), NOON + SECOND))
    assert CancelTimer("mark") in book.follow_up("x", met[-1])


def test_a_clock_opened_after_its_deadline_is_missed_at_once() -> None:
    late = (OPEN[0], NOON + 45 * MINUTE)
    _state, events = _run(late, (Fire(name="mark", due_at=NOON + 30 * MINUTE), NOON + 45 * MINUTE))
    assert [type(e) for e in events] == [ObligationOpened, ObligationMissed]


def test_rule_1_the_start_is_corrected_by_a_new_row_with_author_and_reason() -> None:
    state, events = _run(OPEN, (MoveObligation(start_at=NOON + 10 * MINUTE, reason="首次来电12:10"), NOON + MINUTE))
    moved = events[-1]
    assert isinstance(moved, ObligationMoved)
    assert (moved.was_due_at, moved.due_at, moved.by) == (NOON + 30 * MINUTE, NOON + 40 * MINUTE, "user:li")
    assert state.due_at == NOON + 40 * MINUTE


@pytest.mark.parametrize(
    "command", [LiftObligation(reason="不属安全生产"), MoveObligation(start_at=NOON + 60 * MINUTE, reason="改时间")]
)
def test_a_deadline_that_has_passed_cannot_be_lifted_or_moved_away(command: Any) -> None:
    due = NOON + 30 * MINUTE
    with pytest.raises(Refused):
        _run(OPEN, (Fire(name="mark", due_at=due), due), (command, due + MINUTE))


@pytest.mark.parametrize(
    "command", [LiftObligation(reason="不属安全生产"), MoveObligation(start_at=NOON + 60 * MINUTE, reason="改时间")]
)
@pytest.mark.parametrize("late", [0, MINUTE])
def test_a_deadline_that_has_passed_while_no_hub_ran_cannot_be_lifted_or_moved_away_either(
    command: Any, late: int
) -> None:
    with pytest.raises(Refused):
        _run(OPEN, (command, NOON + 30 * MINUTE + late))


def test_a_corrected_start_is_warned_of_at_half_of_its_own_span() -> None:
    _state, events = _run(OPEN, (MoveObligation(start_at=NOON + 10 * MINUTE, reason="首次来电12:10"), NOON + MINUTE))
    moved = events[-1]
    assert isinstance(moved, ObligationMoved)
    assert moved.next_mark_at == NOON + 25 * MINUTE


def test_a_clock_that_begins_at_its_deadline_is_late_from_the_start() -> None:
    for at, late in ((NOON + 30 * MINUTE - 1, False), (NOON + 30 * MINUTE, True)):
        _state, (opened,) = _run((OPEN[0], at))
        assert isinstance(opened, ObligationOpened)
        assert opened.late_start is late


def test_lifting_quietly_leaves_a_missed_one_as_it_is() -> None:
    due = NOON + 30 * MINUTE
    quiet = LiftObligation(reason="merged", quiet=True)
    state, _events = _run(OPEN, (Fire(name="mark", due_at=due), due), (quiet, due + MINUTE))
    assert state.status == "missed"
    state, events = _run(OPEN, (quiet, NOON + MINUTE))
    assert isinstance(events[-1], ObligationLifted)
    assert state.status == "lifted"


@pytest.mark.parametrize("told_at", [NOON + 20 * MINUTE, NOON - 61 * MINUTE])
def test_a_report_cannot_be_recorded_in_the_future_or_before_the_event(told_at: int) -> None:
    with pytest.raises(Refused):
        _run(OPEN, (MeetObligation(told_at=told_at, whom="省安委办"), NOON + 5 * MINUTE))


def test_meeting_it_needs_a_name() -> None:
    with pytest.raises(Refused, match="报告给了谁"):
        _run(OPEN, (MeetObligation(told_at=NOON, whom=" "), NOON + MINUTE))


def test_merging_takes_the_clocks_along_and_undoing_it_brings_them_back() -> None:
    w = world(clocks=(RULE.model_copy(update={"codes": ()}),))
    w.say("a", "甲厂爆炸", phone(1), report())
    w.at += 2 * 60 * MINUTE
    w.say("b", "另一处起火", phone(2), report())
    a, b = w.incident(1), w.incident(2)
    clock = f"obligation/{a}-safety-phone"
    due = w.row(clock)["due_at"]
    w.handle(f"incident/{a}", MergeIncident(into=b))
    assert (w.row(clock)["incident"], w.row(clock)["status"], w.row(clock)["due_at"]) == (b, "running", due)
    w.handle(f"incident/{a}", SplitIncident())
    assert (w.row(clock)["incident"], w.row(clock)["due_at"]) == (a, due)


def test_closing_as_false_and_reopening_runs_the_clock_from_its_own_start() -> None:
    w = world(clocks=(RULE.model_copy(update={"codes": ()}),))
    w.say("a", "甲厂爆炸", phone(1), report())
    clock = f"obligation/{w.incident()}-safety-phone"
    due = w.row(clock)["due_at"]
    w.handle(f"incident/{w.incident()}", CloseIncident(outcome="false", reason="不实"))
    assert w.row(clock)["status"] == "lifted"
    w.at += MINUTE
    w.handle(f"incident/{w.incident()}", ReopenIncident(reason="又属实"))
    assert (w.row(clock)["status"], w.row(clock)["due_at"]) == ("running", due)
    assert (clock, "mark") in w.timers


@pytest.mark.parametrize(("said", "before", "assumed"), [("2026-11-23T11:50:00+08:00", 10, False), ("", 0, True)])
def test_rule_1_a_clock_from_discovery_runs_from_the_discovery_that_was_said(
    said: str, before: int, assumed: bool
) -> None:
    found = RULE.model_copy(update={"id": "found", "start": "discovered"})
    state = _incident(_opened(), FactFixed(name="discovered_at", value=said, reason="值班员问清", by="officer"))
    (clock,) = clocks_started(Incident(), state, RULES.model_copy(update={"clocks": (found,)}), NOON)
    assert (clock.start_at, clock.assumed) == (NOON - before * MINUTE, assumed)
