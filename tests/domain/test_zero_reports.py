"""零报告: in holidays and marked periods the day has a report though nothing happened. Regulations section 8, rule 6."""

from datetime import datetime

from dutydesk.clock import BEIJING, HOUR, MINUTE, from_datetime
from dutydesk.domain.asking_policy import Asking, InwardClock
from dutydesk.domain.inwards import AnswerInward, CloseInward
from dutydesk.domain.submission_policy import Period, ZeroReport
from dutydesk.domain.verbs import Fire
from dutydesk.domain.zero_reports import missed, zero_report
from tests.kit import World, names, refused, world

NATIONAL = ZeroReport(holidays=True, by=("15:00",), law="待核实的规定")


def desk(policy: ZeroReport) -> World:
    clocks = (InwardClock(kind="question", minutes=30),)
    return world(zero_report=policy, asking=Asking(inward=clocks, inward_policy="held"))


def calls(w: World, stream: str) -> list[int]:
    """The instant of the next mark of its time, if the watch is called then."""
    w.at = w.timers[stream, "due"].due_at
    made = w.handle(stream, Fire(name="due", due_at=w.at), by="timer")
    return [w.at] if "PageStarted" in names(made) else []


def on(day: int, hour: int, minute: int = 0, month: int = 10) -> int:
    return from_datetime(datetime(2026, month, day, hour, minute, tzinfo=BEIJING))


def test_rule_6_on_a_holiday_the_days_report_is_asked_for_though_nothing_happened_and_late_stays_late() -> None:
    w = desk(NATIONAL)
    assert zero_report(w.policy, on(1, 12, 59)) is None, "two hours ahead and not before"
    asked = zero_report(w.policy, on(1, 13))
    assert asked
    stream, wish = asked
    w.at = on(1, 13)
    w.handle(stream, wish, by="desk")
    row = w.row(stream)
    assert (row["due_at"], row["title"], row["law"]) == (on(1, 15), "国庆节每日报告15:00", "待核实的规定")
    called = [at for _ in range(3) for at in calls(w, stream)]
    assert called == [on(1, 14, 36), on(1, 15)], "the watch is called at four fifths and at the hour"
    w.at += 10 * MINUTE
    with refused("先答复"):
        w.handle(stream, CloseInward(reason="无事"))
    w.handle(stream, AnswerInward(text="零报告:今日无情况", how="written"))
    assert w.row(stream)["late_by"] == 10 * MINUTE


def test_rule_6_an_hour_that_passed_unasked_is_late_from_the_first_instant_it_is_asked_for() -> None:
    w = desk(NATIONAL)
    passed = missed(w.policy, on(3, 9), days=2)
    assert [(at, stream) for at, stream, _ in passed] == [
        (on(1, 15), "inward/zero-20261001-1500"),
        (on(2, 15), "inward/zero-20261002-1500"),
    ]
    w.at = on(3, 9)
    for _, stream, wish in passed:
        w.handle(stream, wish, by="desk")
    row = w.row("inward/zero-20261002-1500")
    assert row["due_at"] == on(2, 15)
    assert calls(w, "inward/zero-20261002-1500") == [on(3, 9)], "the watch is called at once"
    w.handle("inward/zero-20261002-1500", AnswerInward(text="零报告", how="phone"))
    assert w.row("inward/zero-20261002-1500")["late_by"] == 18 * HOUR


def test_rule_6_marked_periods_count_and_a_working_day_asks_nothing() -> None:
    assert zero_report(desk(NATIONAL).policy, on(23, 14, month=11)) is None
    marked = NATIONAL.model_copy(update={"periods": (Period(name="海军节", first="20261123", last="20261124"),)})
    asked = zero_report(desk(marked).policy, on(23, 14, month=11))
    assert asked
    assert (asked[0], asked[1].title) == ("inward/zero-20261123-1500", "海军节每日报告15:00")
