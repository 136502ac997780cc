"""Dispatch (调度): one question to many units every so often, one table a round, silence chased, annexed to the follow-up report."""

from typing import Any

import pytest

from dutydesk.clock import HOUR, MINUTE
from dutydesk.domain.asking_policy import Asking, Dispatching, Verifying
from dutydesk.domain.dispatch_table import annex, annexes_of, in_words
from dutydesk.domain.dispatches import AskAgain, DispatchEnded, DispatchRoundBegun, EndDispatch, SetUnits, StartDispatch
from dutydesk.domain.incidents import CloseIncident
from dutydesk.domain.readings import Bounds, Reading
from dutydesk.domain.rules import Policy, Step
from dutydesk.domain.verbs import Fire
from dutydesk.domain.verifications import Conclude
from tests.kit import ASK, HELD, LADDER, Eyes, World, directory, names, only, phone, refused, report, rules, setup

D = "dispatch/d1"
CHASE = Policy(
    name="chase",
    steps=(
        Step(who=("contact",), how=("sms",), answer_within=20, repeat=1),
        Step(who=("contact", "deputy"), how=("voice",), answer_within=10),
    ),
    at_top="stop",
)
TEN = tuple(f"T{n}" for n in range(1, 11))


def city() -> World:
    asking = Asking(verification=Verifying(policy="ask"), dispatch=Dispatching(policy="chase", answer_minutes=60))
    policies = {p.name: p for p in (LADDER, HELD, ASK, CHASE)}
    made = World(policy=rules(asking=asking, policies=policies, page_on_incident=""), listed=directory(10))
    for stream, command in setup(made.policy, made.listed):
        made.handle(stream, command, by="test")
    return made


def started(w: World, units: tuple[str, ...] = TEN, incident: str | None = None) -> list[Any]:
    return w.handle(D, StartDispatch(text="各地转移人数和险情", units=units, every_minutes=120, incident=incident))


def rounds(w: World) -> list[str]:
    return [f"verification/{one['verification']}" for one in w.row(D)["rounds"]]


def answer(w: World, n: int, text: str, **figures: Any) -> None:
    w.say(f"a{w.at}{n}", text, phone(n), Reading(**figures))


def test_ten_units_are_asked_at_once_and_again_after_the_interval() -> None:
    w = city()
    made = started(w)
    assert names(made, "page/").count("PageStarted") == 10
    assert w.timers[D, "round"].due_at == w.at + 2 * HOUR
    w.at += 2 * HOUR
    again = w.handle(D, Fire(name="round", due_at=w.at), by="timer")
    assert only(again, DispatchRoundBegun).round == 2
    assert names(again, "page/").count("PageStarted") == 10


def test_two_rounds_each_have_one_table_and_the_silent_are_named() -> None:
    w = city()
    started(w)
    for n in range(1, 9):
        answer(w, n, f"转移{n}人", evacuated=n)
    answer(w, 9, "1")
    (first,) = rounds(w)
    table = annex(w.row(first), w.at)
    assert table.silent == ("第10镇",)
    assert [row.text for row in table.rows][8] == "无情况"
    (total,) = table.totals
    assert (total.name, total.sum, total.said_by, total.of) == ("evacuated", 36, 8, 10), "unknown is not zero"
    w.at += 2 * HOUR
    w.handle(D, Fire(name="round", due_at=w.at), by="timer")
    assert not w.is_open(first), "the former table is closed"
    answer(w, 1, "转移50人", evacuated=50)
    second = annex(w.row(rounds(w)[1]), w.at)
    assert (second.round, len(second.silent), second.totals[0].sum) == (2, 9, 50)
    assert annex(w.row(first), w.at).totals[0].sum == 36, "the first table stays as it was"


def test_the_silent_are_reminded_and_then_paged() -> None:
    w = city()
    started(w, ("T1",))
    seen = []
    for _ in range(2):
        made = w.fire()
        seen += [[(c.callee, c.how) for c in e.calls] for s, e in made if type(e).__name__ == "PageStepStarted"]
    assert seen == [
        [("contact:A1", "sms")],
        [("contact:A1", "voice"), ("contact:B1", "voice")],
    ]


def test_a_late_answer_of_a_closed_round_is_kept_in_its_own_table() -> None:
    w = city()
    started(w, ("T1", "T2"))
    w.at += 61 * MINUTE
    answer(w, 1, "转移3人", evacuated=3)
    assert w.row(rounds(w)[0])["lines"][0]["answers"][0]["late_by"] == MINUTE


def test_an_answer_that_tells_of_people_lost_is_a_report_as_well_and_water_in_a_street_is_not() -> None:
    w = city()
    started(w, ("T1", "T2"))
    wet = report(subtype="暴雨", category="natural_disaster", evacuated=40)
    w.say("a1", "转移40人,一处积水", phone(1), wet)
    assert w.row("message/a1")["status"] == "answered"
    w.say("a2", "房屋倒塌2人死亡", phone(2), report(deaths=2))
    assert w.row("message/a2")["status"] == "opened"
    said = {line["unit"]: [a["text"] for a in line["answers"]] for line in w.row(rounds(w)[0])["lines"]}
    assert said == {"T1": ["转移40人,一处积水"], "T2": ["房屋倒塌2人死亡"]}


def test_bounds_make_a_sum_a_lower_bound() -> None:
    w = city()
    started(w, ("T1", "T2"))
    answer(w, 1, "转移十余人", evacuated=Bounds(min=10))
    answer(w, 2, "转移5人", evacuated=5)
    table = annex(w.row(rounds(w)[0]), w.at)
    (total,) = table.totals
    assert (total.sum, total.at_least) == (15, True)
    assert in_words(table) == (
        "调度第1轮(各地转移人数和险情1):第1镇:转移十余人;第2镇:转移5人。转移合计15人以上(2家报,共2家)。均已回复。"
    )


def test_the_follow_up_report_is_given_the_newest_round_of_each_dispatch() -> None:
    w = city()
    w.say("m1", "第1镇起火", phone(1), report())
    started(w, ("T2", "T3"), w.incident())
    answer(w, 2, "转移7人", evacuated=7)
    w.handle(D, AskAgain())
    (table,) = annexes_of(Eyes(w), w.incident())
    assert (table.round, table.silent, table.totals) == (2, ("第2镇", "第3镇"), ())


def test_an_officer_ends_it_and_nothing_is_asked_any_more() -> None:
    w = city()
    started(w, ("T1",))
    made = w.handle(D, EndDispatch(reason="险情解除"))
    assert "PageCancelled" in names(made, "page/")
    assert (D, "round") not in w.timers
    assert not w.is_open(D)
    with refused("已经结束"):
        w.handle(D, AskAgain())


def test_the_end_of_the_incident_ends_it() -> None:
    w = city()
    w.say("m1", "第1镇起火", phone(1), report())
    started(w, ("T2",), w.incident())
    w.handle(f"incident/{w.incident()}", CloseIncident(outcome="handled", reason="已处置"))
    w.at += 2 * HOUR
    made = w.handle(D, Fire(name="round", due_at=w.at), by="timer")
    assert only(made, DispatchEnded).reason == "closed"


def test_other_units_from_the_next_round_on_and_no_verdict_over_a_round() -> None:
    w = city()
    started(w, ("T1",))
    w.handle(D, SetUnits(units=("T2", "T3")))
    w.handle(D, AskAgain())
    assert [line["unit"] for line in w.row(rounds(w)[1])["lines"]] == ["T2", "T3"]
    with refused("没有属实与否"):
        w.handle(rounds(w)[1], Conclude(truth="true", reason="x"))


@pytest.mark.parametrize("units", [(), ("NOBODY",)])
def test_nobody_and_strangers_are_refused(units: tuple[str, ...]) -> None:
    w = city()
    with refused():
        started(w, units)
