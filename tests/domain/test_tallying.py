"""Figures of units over a period: counted from entries, lateness by the time of the event, unknown apart from zero."""

import pytest

from dutydesk.clock import MINUTE
from dutydesk.domain.circular_policy import Reporting
from dutydesk.domain.counted import Counted
from dutydesk.domain.faults import AppealFault, DecideAppeal, ObjectToLateness, RecordFault
from dutydesk.domain.incidents import (
    CloseIncident,
    FixFact,
    MergeIncident,
    ReopenIncident,
    ReportAdded,
    ReportRemoved,
    SplitIncident,
)
from dutydesk.domain.tallies import UnitTally, by_district
from dutydesk.domain.tallying import Tallied, tally
from dutydesk.domain.uses import MarkUse
from dutydesk.errors import Refused
from tests.kit import World, report, sms, town_phone, written

REPORTING = Reporting(phone_minutes=60, written_minutes=60)
AT_11 = "2026-11-23T11:00+08:00"
AT_10 = "2026-11-23T10:00+08:00"


def counted(world: World, reporting: Reporting = REPORTING) -> Tallied:
    return tally(written(world), world.listed, reporting)


def unit(found: Tallied, code: str = "T1") -> UnitTally:
    return next(one for one in found.units if one.unit == code)


def said(
    world: World, occurred_at: str | None = AT_11, precision: str | None = "minute", town: int = 1, id: str = "m1"
) -> str:
    reading = report(occurred_at=occurred_at, occurred_precision=precision)
    world.say(id, f"{id}仓库着火", town_phone(town), reading)
    return world.incident(sum(1 for kind, _ in world.rows if kind == "incident"))


def test_regulations_8_rule_21_a_units_reports_and_first_reports_are_counted_with_their_entries() -> None:
    world = World()
    said(world)
    one = unit(counted(world))
    figures = {figure.name: figure for figure in one.figures}
    assert (figures["received"].value, figures["opened"].value, figures["late"].value) == (1, 1, 0)
    assert all(figure.value == len(figure.seqs) for name, figure in figures.items() if name in ("received", "opened"))


def test_a_report_within_the_hour_is_on_time_and_one_after_it_is_late_by_the_minute() -> None:
    world = World()
    said(world, AT_11)
    assert unit(counted(world)).counts()["on_time_written"] == 1
    world = World()
    number = said(world, AT_10)
    found = counted(world)
    assert (unit(found).counts()["late"], unit(found).counts()["late_minutes"]) == (1, 60)
    assert (found.late[0].incident, found.late[0].minutes) == (number, 60)


@pytest.mark.parametrize(
    ("occurred", "precision"), [(None, None), ("2026-11-23T08+08:00", "hour"), ("2026-11-23", "day")]
)
def test_a_time_not_said_to_the_minute_is_neither_on_time_nor_late(occurred: str | None, precision: str | None) -> None:
    world = World()
    said(world, occurred, precision)
    counts = unit(counted(world)).counts()
    assert (counts["timed_written"], counts["on_time_written"], counts["late"]) == (0, 0, 0)


def test_an_officers_correction_of_the_time_decides_the_lateness() -> None:
    world = World()
    number = said(world, AT_11)
    fix = FixFact(name="occurred_at", value="2026-11-23T09:00:00+08:00", reason="现场监控")
    world.handle(f"incident/{number}", fix)
    assert unit(counted(world)).counts()["late_minutes"] == 120


def test_what_proved_false_makes_nobody_late() -> None:
    world = World()
    number = said(world, AT_10)
    world.handle(f"incident/{number}", CloseIncident(outcome="false", reason="误报"))
    assert unit(counted(world)).counts()["late"] == 0


def test_drills_are_not_counted() -> None:
    world = World()
    said(world)
    world.journal = [(stream, event, True) for stream, event, _drill in world.journal]
    assert counted(world).units == ()


def fault(world: World, number: str, kind: str = "missed") -> None:
    wish = RecordFault.model_validate(
        {"kind": kind, "unit": "T1", "incident": number, "happened_at": world.at - MINUTE, "grounds": "群众先打12345"}
    )
    world.handle("fault/f1", wish)


def test_regulations_8_rule_22_a_fault_is_found_by_a_person_with_grounds_and_a_withdrawn_one_is_not_counted() -> None:
    world = World()
    number = said(world)
    groundless = RecordFault(kind="missed", unit="T1", incident=number, happened_at=world.at, grounds=" ")
    with pytest.raises(Refused, match="依据"):
        world.handle("fault/f0", groundless)
    fault(world, number)
    assert unit(counted(world)).counts()["missed"] == 1
    world.handle("fault/f1", AppealFault(text="已电话报告"))
    assert world.row("fault/f1")["status"] == "appealed"
    world.handle("fault/f1", DecideAppeal(upheld=False, reason="有通话记录"))
    assert unit(counted(world)).counts()["missed"] == 0


def test_rule_22_a_lateness_is_excused_only_by_a_decision_on_the_units_objection() -> None:
    world = World()
    number = said(world, AT_10)
    stream = f"fault/late-{number}-T1"
    wish = ObjectToLateness(unit="T1", incident=number, grounds="超过规定时限60分钟", text="10时05分已电话报告")
    world.handle(stream, wish, by="unit:T1")
    assert (world.row(stream)["kind"], world.row(stream)["status"]) == ("late", "appealed")
    assert unit(counted(world)).counts()["late"] == 1, "objected to, and counted once"
    with pytest.raises(Refused, match="已经申诉"):
        world.handle(stream, wish, by="unit:T1")
    world.handle(stream, DecideAppeal(upheld=False, reason="话单属实"), by="user:chief")
    counts = unit(counted(world)).counts()
    assert (counts["late"], counts["late_minutes"], counts["timed_written"]) == (0, 0, 0)
    with pytest.raises(Refused, match="没有这个事件"):
        world.handle("fault/late-x-T1", wish.model_copy(update={"incident": "x"}), by="unit:T1")


def test_an_upheld_fault_stays_and_may_be_appealed_again() -> None:
    world = World()
    fault(world, said(world))
    with pytest.raises(Refused):
        world.handle("fault/f1", DecideAppeal(upheld=True, reason="x"))
    world.handle("fault/f1", AppealFault(text="不服"))
    with pytest.raises(Refused):
        world.handle("fault/f1", AppealFault(text="再次"))
    world.handle("fault/f1", DecideAppeal(upheld=True, reason="无记录"))
    assert (world.row("fault/f1")["status"], unit(counted(world)).counts()["missed"]) == ("stands", 1)


def test_a_use_marked_again_counts_once_as_it_was_marked_last() -> None:
    world = World()
    number = said(world)
    for use in ("kept", "special"):
        wish = MarkUse.model_validate({"incident": number, "unit": "T1", "use": use, "honour": "city"})
        world.handle("use/u1", wish)
    counts = unit(counted(world)).counts()
    assert (counts["used_kept"], counts["used_special"], counts["honour_city"]) == (0, 1, 1)


def test_a_districts_figures_are_the_sum_of_its_units() -> None:
    world = World()
    said(world, AT_10, id="m1")
    world.at += 1
    said(world, AT_10, town=2, id="m2")
    found = counted(world)
    (district,) = by_district(found.units, world.listed)
    assert district.division == "370281"
    assert district.counts()["opened"] == sum(one.counts()["opened"] or 0 for one in found.units)
    assert district.counts()["late_minutes"] == sum(one.counts()["late_minutes"] or 0 for one in found.units)


def test_what_was_put_aside_as_false_and_taken_up_again_is_late_after_all() -> None:
    world = World()
    number = said(world, AT_10)
    world.handle(f"incident/{number}", CloseIncident(outcome="false", reason="误报"))
    world.handle(f"incident/{number}", ReopenIncident(reason="群众举证属实"))
    assert unit(counted(world)).counts()["late"] == 1


def test_a_report_taken_out_of_an_incident_makes_nobody_late() -> None:
    world = World()
    number = said(world, AT_10)
    world.append(f"incident/{number}", ReportRemoved(message="m1"))
    assert unit(counted(world)).counts()["late"] == 0


def test_an_incident_that_became_part_of_another_is_judged_there_and_alone_again_when_they_are_parted() -> None:
    world = World()
    first = said(world, AT_10, id="m1")
    world.at += MINUTE
    second = said(world, AT_11, town=2, id="m2")
    world.handle(f"incident/{second}", MergeIncident(into=first, reason="同一件"))
    assert [unit(counted(world), code).counts()["timed_written"] for code in ("T1", "T2")] == [1, 0]
    world.handle(f"incident/{second}", SplitIncident(reason="不是同一件"))
    assert [unit(counted(world), code).counts()["timed_written"] for code in ("T1", "T2")] == [1, 1]
    assert unit(counted(world)).counts()["late"] == 1


def test_a_report_of_the_last_minute_of_a_period_is_the_first_word_of_an_incident_opened_in_the_next() -> None:
    world = World()
    number = said(world, AT_11)
    world.at += 3 * 60 * MINUTE
    world.handle("message/m2", sms("续报", town_phone(1)))
    added = report(occurred_at=None)
    world.append(f"incident/{number}", ReportAdded(message="m2", summary="", reading=added, received_at=world.at))
    lines = written(world)
    (cut,) = [n for n, line in enumerate(lines) if line.type == "IncidentOpened"]

    def earlier(stream: str) -> Counted | None:
        return next((line for line in lines[:cut] if line.stream == stream), None)

    counts = unit(tally(lines[cut:], world.listed, REPORTING, earlier)).counts()
    assert (counts["on_time_written"], counts["late"]) == (1, 0), "the word came within the hour, before midnight"
    assert counts["received"] == 1, "it was counted in its own period"


def test_what_an_officer_says_of_the_time_stands_also_when_a_later_report_says_another() -> None:
    world = World()
    number = said(world, AT_11)
    world.handle(f"incident/{number}", FixFact(name="occurred_at", value="2026-11-23", reason="时间不详"))
    later = report(occurred_at=AT_10, occurred_precision="minute")
    world.append(f"incident/{number}", ReportAdded(message="m9", summary="", reading=later, received_at=world.at))
    assert unit(counted(world)).counts()["timed_written"] == 0
