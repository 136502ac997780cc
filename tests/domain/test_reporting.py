"""That an incident goes up in time and does not end before it did. Regulations section 8: rules 1, 2, 4, 5, 6, 7, 14."""

from datetime import datetime

import pytest

from dutydesk.clock import BEIJING, DAY, HOUR, MINUTE, from_datetime
from dutydesk.domain.deliveries import DeliveryQueued
from dutydesk.domain.incidents import CloseIncident, FactFixed, FixFact, ReopenIncident
from dutydesk.domain.obligations import MeetObligation, ObligationLifted
from dutydesk.domain.reporting import (
    FixedReportSet,
    NoteTransferReceipt,
    ReportByPhone,
    SubmissionBegun,
    TransferIncident,
    TransferSilent,
)
from dutydesk.domain.submission_policy import FixedReports, Period, ZeroReport
from dutydesk.domain.verbs import Fire
from tests.domain.upward import (
    INCIDENT,
    blast,
    city,
    clock,
    draft,
    finish,
    grow,
    report_up,
    set_deaths,
)
from tests.kit import names, only, phone, refused, report

I = f"incident/{INCIDENT}"  # noqa: E741
HANDLED = CloseIncident(outcome="handled", reason="处置完毕")


def at(hour: int, minute: int = 0, day: int = 23) -> int:
    return from_datetime(datetime(2026, 11, day, hour, minute, tzinfo=BEIJING))


def test_rule_1_every_time_stands_beside_the_others_and_none_is_overwritten() -> None:
    w = blast(deaths=1)
    grow(w, 3, "较大")
    risen = w.at
    w.handle(I, ReportByPhone(addressee="province", whom="省值班员张", told_at=w.at))
    w.at += MINUTE
    w.handle(I, ReportByPhone(addressee="province", whom="省值班员王", told_at=w.at))
    row = w.row(I)
    assert row["received_at"] == at(12)
    assert [(r["at"], r["why"], r["level"]) for r in row["reportable"]] == [(risen, "level", "较大")]
    assert [t["whom"] for t in row["told"]] == ["省值班员张", "省值班员王"]
    assert clock(w, "up-phone")["told_at"] == risen, "the first call met it, the second takes nothing away"


def test_rule_4_a_higher_level_computes_every_clock_anew_from_when_it_became_reportable() -> None:
    w = blast(deaths=3, level="较大")
    w.handle(I, ReportByPhone(addressee="province", whom="张", told_at=w.at))
    grow(w, 10, "重大", minutes=120)
    again = clock(w, "up-phone-major")
    assert (again["start_at"], again["due_at"], again["status"]) == (w.at, w.at + 30 * MINUTE, "running")
    assert clock(w, "up-phone")["status"] == "met", "what was done at the lower level stays done"
    assert [r["level"] for r in w.row(I)["reportable"]] == ["较大", "重大"]


def test_rule_4_a_clock_counted_from_receipt_begins_when_the_level_made_it_due() -> None:
    w = blast(deaths=1)
    grow(w, 3, "较大", minutes=120)
    assert clock(w, "leaders-phone")["start_at"] == w.at


def test_rule_4_lowering_the_level_escapes_no_clock_and_no_addressee_and_the_attempt_shows() -> None:
    w = blast(deaths=3, level="较大")
    due = clock(w, "up-written")["due_at"]
    w.handle(I, FixFact(name="level", value="一般", reason="复核"))
    assert (clock(w, "up-written")["due_at"], clock(w, "up-written")["status"]) == (due, "running")
    (attempt,) = w.row(I)["lowered"]
    assert (attempt["was"], attempt["level"], attempt["by"], attempt["reason"]) == (
        "较大",
        "一般",
        "user:officer",
        "复核",
    )
    plan = w.row(draft(w))["plan"]
    assert "province" in {line["addressee"] for line in plan["lines"]}
    grow(w, 3, "较大", minutes=5)
    assert f"obligation/{INCIDENT}-up-phone-larger" not in {f"{k}/{i}" for k, i in w.rows}, "no higher than before"


def test_rule_5_changed_casualties_inside_the_watch_begin_a_follow_up_with_a_clock_of_its_own() -> None:
    w = blast(deaths=1)
    report_up(w)
    made = set_deaths(w, 2)
    begun = only(made, SubmissionBegun)
    assert (begun.kind, begun.ordinal, begun.why) == ("续报", 2, "casualties")
    duty = clock(w, "supplement-2")
    assert (duty["law"], duty["confirmed"], duty["due_at"]) == ("493号第13条", True, w.at + HOUR)
    set_deaths(w, 3)
    assert f"submission/{INCIDENT}-3" not in w.states, "one draft tells both changes"


def test_rule_5_nothing_is_drafted_by_itself_before_a_first_report_or_when_no_casualty_changed() -> None:
    w = blast(deaths=1)
    assert "SubmissionBegun" not in names(set_deaths(w, 2))
    report_up(w)
    assert "SubmissionBegun" not in names(w.handle(I, FixFact(name="place_text", value="二号门", reason="核实")))


@pytest.mark.parametrize(
    ("code", "days", "drafted"),
    [("12D01", 30, True), ("12D01", 31, False), ("12H05", 7, True), ("12H05", 8, False), ("12G04", 8, False)],
)
def test_rule_5_the_watch_lasts_thirty_days_and_seven_for_traffic_and_fire(code: str, days: int, drafted: bool) -> None:
    w = city(fixed_reports=FixedReports())
    reading = report(code=code, level="一般", deaths=1, occurred_at="2026-11-23T11:50:00+08:00")
    w.say("m", "事故", phone(1), reading)
    report_up(w)
    w.at += days * DAY
    assert ("SubmissionBegun" in names(set_deaths(w, 2))) is drafted


def test_rule_5_casualties_that_change_after_the_end_are_reported_too() -> None:
    w = blast(deaths=1)
    report_up(w)
    report_up(w, "终报")
    w.handle(I, HANDLED)
    assert only(set_deaths(w, 2), SubmissionBegun).ordinal == 3
    assert w.row(f"submission/{INCIDENT}-3")["status"] == "draft"


def test_rule_6_an_incident_of_a_high_level_is_reported_on_at_fixed_hours() -> None:
    w = blast(deaths=3, level="较大")
    key = (I, "fixed report")
    assert w.timers[key].due_at == at(17)
    first = f"fixed-{at(17) // MINUTE}"
    assert (clock(w, first)["due_at"], clock(w, first)["receiver"]) == (at(17), "province")
    w.at = at(17)
    made = w.handle(I, Fire(name="fixed report", due_at=at(17)), by="timer")
    assert only(made, FixedReportSet).due_at == at(8, day=24)


def test_rule_6_an_ordinary_one_is_not_and_an_hour_too_near_is_left_out() -> None:
    assert (I, "fixed report") not in blast(level="一般").timers
    fixed = FixedReports(levels=("较大",), hours=("08:00", "17:00"), least_lead=60)
    assert fixed.next_after(at(16, 10)) == at(8, day=24)
    assert fixed.next_after(at(15, 59)) == at(17)


def test_rule_6_fixed_hours_end_with_the_final_report_and_with_the_incident() -> None:
    w = blast(deaths=3, level="较大")
    report_up(w)
    report_up(w, "终报")
    w.at = at(17)
    assert "FixedReportSet" not in names(w.handle(I, Fire(name="fixed report", due_at=at(17)), by="timer"))
    w = blast(deaths=3, level="较大")
    w.handle(I, CloseIncident(outcome="false", reason="不实"))
    assert (I, "fixed report") not in w.timers


@pytest.mark.parametrize("hour", ["8:00", "24:00", "0800"])
def test_an_hour_that_is_none_is_refused(hour: str) -> None:
    with pytest.raises(ValueError, match="is not an hour"):
        FixedReports(hours=(hour,))


def test_rule_6_in_marked_periods_the_day_has_a_report_though_nothing_happened() -> None:
    zero = ZeroReport(periods=(Period(name="国庆", first="20261001", last="20261007"),), by=("15:00",))
    morning = from_datetime(datetime(2026, 10, 1, 9, tzinfo=BEIJING))
    assert zero.due(morning) == ("国庆", morning + 6 * HOUR)
    assert zero.due(morning + 7 * HOUR) is None, "today's hour is over"
    assert zero.due(morning + 7 * DAY) is None


def test_rule_7_it_does_not_end_as_handled_without_a_final_report() -> None:
    w = blast(deaths=1)
    with refused("还没有终报"):
        w.handle(I, HANDLED)
    report_up(w)
    with refused("还没有终报"):
        w.handle(I, HANDLED)
    report_up(w, "终报")
    w.handle(I, HANDLED)
    assert w.row(I)["status"] == "closed"


def test_rule_7_the_final_report_of_a_high_level_is_signed_by_a_leader_though_the_level_was_lowered() -> None:
    w = blast(deaths=3, level="较大")
    w.handle(I, FixFact(name="level", value="一般", reason="复核"))
    report_up(w)
    stream = draft(w, "终报")
    assert {signer["key"] for signer in w.row(stream)["plan"]["signers"]} == {"leader:L3"}


def test_rule_7_closing_as_false_needs_no_final_report() -> None:
    w = blast(deaths=1)
    w.handle(I, CloseIncident(outcome="false", reason="核实为不实"))
    assert w.row(I)["status"] == "closed"


def test_the_clock_of_a_fixed_hour_does_not_hold_an_incident_open() -> None:
    w = blast(deaths=3, level="较大")
    for rule in ("up-phone", "leaders-phone"):
        addressee = "province" if rule == "up-phone" else "deputy"
        w.handle(I, ReportByPhone(addressee=addressee, whom="值班员", told_at=w.at))
    report_up(w)
    report_up(w, "终报")
    with refused("书面报省"):
        w.handle(I, HANDLED)
    w.handle(f"obligation/{INCIDENT}-up-written", MeetObligation(told_at=w.at, whom="省值班室"))
    made = w.handle(I, HANDLED)
    assert only(made, ObligationLifted).reason == "handled"


def test_a_follow_up_before_a_first_report_and_a_second_first_one_are_refused() -> None:
    w = blast()
    with refused("还没有首报"):
        draft(w, "续报")
    report_up(w)
    with refused("首报已经发出"):
        draft(w)


def test_nothing_is_drafted_for_a_closed_incident_until_it_is_opened_again() -> None:
    w = blast()
    report_up(w)
    w.handle(I, CloseIncident(outcome="false", reason="不实"))
    with refused("已经了结"):
        draft(w, "续报")
    w.handle(I, ReopenIncident(reason="又属实"))
    finish(w, draft(w, "续报"))


def test_rule_2_a_report_by_telephone_meets_the_phone_clocks_of_that_receiver_only() -> None:
    w = blast(deaths=3, level="较大")
    w.handle(I, ReportByPhone(addressee="deputy", whom="副市长丙", told_at=w.at))
    assert (clock(w, "leaders-phone")["status"], clock(w, "up-phone")["status"]) == ("met", "running")
    assert clock(w, "up-written")["status"] == "running"


def test_a_call_made_before_a_level_rose_does_not_meet_the_new_clock() -> None:
    w = blast(deaths=3, level="较大")
    before = w.at
    grow(w, 10, "重大", minutes=20)
    w.handle(I, ReportByPhone(addressee="province", whom="张", told_at=before))
    assert clock(w, "up-phone")["status"] == "met"
    assert clock(w, "up-phone-major")["status"] == "running"


@pytest.mark.parametrize(
    ("minutes", "whom", "words"), [(5, "张", "报告时间不对"), (-70, "张", "报告时间不对"), (0, " ", "报告给了谁")]
)
def test_a_telephone_report_says_when_and_to_whom(minutes: int, whom: str, words: str) -> None:
    w = blast()
    with refused(words):
        w.handle(I, ReportByPhone(addressee="province", whom=whom, told_at=w.at + minutes * MINUTE))
    with refused("没有这个报送对象"):
        w.handle(I, ReportByPhone(addressee="nobody", whom="张", told_at=w.at))


def test_rule_14_what_is_not_ours_goes_to_the_unit_at_once_and_stays_in_sight_until_it_signs() -> None:
    w = blast()
    made = w.handle(I, TransferIncident(unit="T2", reason="不属我市"))
    queued = only(made, DeliveryQueued)
    assert (queued.purpose, queued.callee) == ("transfer", "unit:T2")
    assert w.row(I)["status"] == "open"
    with refused("已经移交"):
        w.handle(I, TransferIncident(unit="T2", reason="x"))
    w.at += 12 * MINUTE
    w.handle(I, NoteTransferReceipt(unit="T2", who="值班员", how="link"))
    (handed,) = w.row(I)["transfers"]
    assert (handed["name"], handed["receipt_by_whom"], handed["receipt_at"]) == ("第2镇", "值班员", w.at)
    assert handed["late_by"] == 2 * MINUTE, "late is never hidden"
    with refused("已经签收"):
        w.handle(I, NoteTransferReceipt(unit="T2", who="值班员"))


def test_rule_14_a_unit_that_does_not_sign_is_called_out_to_the_watch() -> None:
    w = blast()
    w.handle(I, TransferIncident(unit="T2", reason="不属我市"))
    w.at += 10 * MINUTE
    made = w.handle(I, Fire(name="transfer T2", due_at=w.at), by="timer")
    assert only(made, TransferSilent).page
    assert any(s.startswith("page/") for s, _ in made)
    w.handle(I, NoteTransferReceipt(unit="T2", who="值班员"))
    with refused("没有移交"):
        w.handle(I, NoteTransferReceipt(unit="T3", who="值班员"))
    with refused("没有这个单位"):
        w.handle(I, TransferIncident(unit="X", reason=""))


def test_a_correction_of_a_fact_says_when() -> None:
    w = blast()
    assert only(w.handle(I, FixFact(name="title", value="爆炸", reason="x")), FactFixed).at == w.at
