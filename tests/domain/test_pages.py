"""A page climbs its frozen policy step by step until somebody answers; nobody reachable is said, and nothing loops."""

from typing import Any

import pytest

from dutydesk.clock import MINUTE, SECOND
from dutydesk.domain.calling import _leaders
from dutydesk.domain.deliveries import DeliveryQueued, NoteOutcome, NoteStatus
from dutydesk.domain.directory import Directory, Leader
from dutydesk.domain.outcomes import Accepted, Rejected
from dutydesk.domain.pages import (
    AcknowledgePage,
    AskMoreTime,
    CancelPage,
    Escalate,
    PageAcknowledged,
    PageAnsweredLate,
    PageCallFailed,
    PageExhausted,
    PageExtended,
    PageStepStarted,
    StartPage,
)
from dutydesk.domain.rules import Policy, Step
from dutydesk.domain.verbs import Fire
from dutydesk.domain.watches import StartWatch, Term
from tests.kit import CHIEF, HELD, LADDER, LEADER, OFFICER, PROVINCE, World, names, only, phone, refused, rules, world

GONE = NoteOutcome(outcome=Rejected(code="21211"), attempt=1)


def watched(**changed: Any) -> World:
    w = world(**changed)
    term = Term(id="1", name="白班", starts_at=0, ends_at=2**60, leader="chief", officers=("officer",))
    w.handle("watch/1", StartWatch(term=term))
    return w


def started(w: World, policy: str = "ladder", **more: Any) -> list[Any]:
    w.timers = {key: timer for key, timer in w.timers.items() if not key[0].startswith("watch/")}
    return w.handle("page/P", StartPage(policy=policy, subject="着火", unit="T1", division="370281001", **more))


def steps(w: World) -> list[tuple[int, int, str]]:
    return [(e.step, e.round, e.why) for s, e, _ in w.journal if s == "page/P" and isinstance(e, PageStepStarted)]


def test_it_climbs_with_a_clock_for_each_step() -> None:
    w = watched()
    begun = only(started(w), PageStepStarted)
    assert (begun.step, begun.calls, begun.answer_by) == (0, (), w.at + 2 * MINUTE)
    second = only(w.fire(), PageStepStarted)
    assert [(c.callee, c.how) for c in second.calls] == [("user:officer", "sms")]
    assert second.addresses == (OFFICER,)
    assert second.answer_by == w.at + 3 * MINUTE
    assert w.timers["page/P", "answer"].due_at == second.answer_by
    assert w.outbox["delivery/P.1.0"].to == OFFICER
    assert only(w.fire(), PageStepStarted).round == 1  # repeat = 1: asked again before going on
    third = only(w.fire(), PageStepStarted)
    assert [(c.callee, c.how) for c in third.calls] == [("user:chief", "voice"), ("user:chief", "sms")]
    assert third.addresses == (CHIEF, CHIEF)
    assert only(w.fire(), PageStepStarted).addresses == (LEADER,)


def test_at_the_top_it_repeats_so_often_and_then_stays_on_the_board() -> None:
    w = watched()
    started(w)
    made: list[Any] = []
    while ("page/P", "answer") in w.timers:
        made = w.fire()
    assert only(made, PageExhausted).step == 3
    assert [s for s in steps(w) if s[0] == 3] == [(3, r, "no_answer") for r in range(3)]
    assert w.row("page/P")["status"] == "exhausted"
    assert w.is_open("page/P")


def test_at_the_top_it_may_stop() -> None:
    w = watched()
    started(w, "held")
    assert only(w.fire(), PageExhausted)
    assert steps(w) == [(0, 0, "started")]


def test_a_role_nobody_fills_is_recorded_and_the_next_step_begins_at_once() -> None:
    w = watched()
    made = w.handle("page/P", StartPage(policy="ask", subject="x", unit="T9", division="370281009"))
    begun = [e for _, e in made if isinstance(e, PageStepStarted)]
    assert [(e.step, e.unreachable, e.why) for e in begun] == [
        (0, ("contact",), "started"),
        (1, ("deputy",), "nobody_there"),
        (2, ("town",), "nobody_there"),
    ]
    assert begun[2].addresses == (PROVINCE,)
    assert w.timers["page/P", "answer"].due_at == w.at + 5 * MINUTE


def test_nobody_anywhere_is_said_at_once_and_leaves_no_clock() -> None:
    nobody = Policy(name="ladder", steps=(Step(who=("watch_leader",), how=("sms",), answer_within=5),))
    w = world(policies={"ladder": nobody, "held": HELD})
    assert names(w.handle("page/P", StartPage(policy="ladder", subject="x"))) == [
        "PageStarted",
        "PageStepStarted",
        "PageExhausted",
    ]
    assert not [k for k in w.timers if k[0] == "page/P"]


def test_an_answer_stops_the_clock_and_whatever_was_not_sent() -> None:
    w = watched()
    started(w)
    w.fire()
    w.at += SECOND
    done = only(w.handle("page/P", AcknowledgePage(who="user:officer", how="voice")), PageAcknowledged)
    assert (done.step, done.asked_in_step, done.after) == (1, 0, 2 * MINUTE + SECOND)
    assert ("page/P", "answer") not in w.timers
    assert w.outbox == {}
    assert w.row("delivery/P.1.0")["status"] == "canceled"
    assert not w.is_open("page/P")


def test_an_answer_also_stops_a_retry_that_waits() -> None:
    w = watched()
    started(w)
    w.fire()
    busy = NoteOutcome(outcome=Rejected(code="30001", remedy="retry"), attempt=1)
    w.handle("delivery/P.1.0", busy)
    assert w.outbox["delivery/P.1.0"].not_before > w.at
    w.handle("page/P", AcknowledgePage(who="user:officer", how="console"))
    assert w.outbox == {}


def test_a_call_that_was_under_way_when_the_answer_came_is_told_honestly() -> None:
    w = watched()
    started(w)
    w.fire()
    w.handle("page/P", AcknowledgePage(who="user:officer", how="console"))
    w.handle("delivery/P.1.0", NoteOutcome(outcome=Accepted(provider_id="SM1", status="queued"), attempt=1))
    shown = w.row("delivery/P.1.0")
    assert (shown["provider_id"], shown["status"]) == ("SM1", "queued")
    assert w.outbox == {}
    w.handle("delivery/P.1.0", NoteStatus(status="delivered", provider_id="SM1"))
    assert w.row("delivery/P.1.0")["status"] == "delivered"


def test_a_late_answer_is_kept_and_shown() -> None:
    w = watched()
    started(w)
    w.handle("page/P", AcknowledgePage(who="user:chief", how="console"))
    made = w.handle("page/P", AcknowledgePage(who="user:officer", how="sms", answer="才看到"))
    assert only(made, PageAnsweredLate).answer == "才看到"
    assert w.row("page/P")["late"] == [["user:officer", "sms", "才看到"]]
    assert w.row("page/P")["answered_by"] == "user:chief"


def test_an_answer_after_the_top_still_counts() -> None:
    w = watched()
    started(w, "held")
    w.fire()
    assert (
        only(w.handle("page/P", AcknowledgePage(who="user:officer", how="sms")), PageAcknowledged).after == 5 * MINUTE
    )
    assert not w.is_open("page/P")


def test_an_answer_after_the_step_moved_on_counts() -> None:
    w = watched()
    started(w)
    w.fire(), w.fire(), w.fire()
    done = only(w.handle("page/P", AcknowledgePage(who="user:officer", how="sms")), PageAcknowledged)
    assert (done.step, done.asked_in_step) == (2, 0)


def test_more_time_is_bounded_in_minutes_and_in_number() -> None:
    w = watched()
    began = w.at
    started(w)
    wish = AskMoreTime(who="user:officer", how="sms", minutes=999, reason="核实中")
    got = only(w.handle("page/P", wish), PageExtended)
    assert (got.minutes, got.answer_by) == (60, began + 62 * MINUTE)
    assert w.timers["page/P", "answer"].due_at == began + 62 * MINUTE
    w.handle("page/P", wish)
    assert only(w.handle("page/P", AskMoreTime(who="x", how="sms", minutes=-5)), PageExtended).minutes == 1
    with refused("三次"):
        w.handle("page/P", wish)


def test_a_clock_that_was_pushed_on_does_not_fire_at_its_old_time() -> None:
    w = watched()
    started(w)
    old = w.timers["page/P", "answer"].due_at
    w.handle("page/P", AskMoreTime(who="x", how="sms", minutes=10))
    w.at = old
    assert w.handle("page/P", Fire(name="answer", due_at=old)) == []
    assert steps(w) == [(0, 0, "started")]


def test_firing_late_says_by_how_much() -> None:
    w = watched()
    started(w)
    w.at += 7 * MINUTE
    assert only(w.fire(), PageStepStarted).late_by == 5 * MINUTE


def test_an_officer_need_not_wait() -> None:
    w = watched()
    started(w)
    assert only(w.handle("page/P", Escalate()), PageStepStarted).why == "ordered"


def test_a_step_whose_calls_all_fail_goes_on_at_once() -> None:
    w = watched()
    started(w)
    w.fire(), w.fire(), w.fire()
    assert names(w.handle("delivery/P.3.0", GONE), "page") == ["PageCallFailed"]
    made = w.handle("delivery/P.3.1", GONE)
    assert only(made, PageStepStarted).why == "undelivered"
    assert w.row("page/P")["step"] == 3


def rung(w: World, delivery: str, status: str = "no-answer") -> list[Any]:
    """The company took the call, it rang, and nobody took it up."""
    w.handle(delivery, NoteOutcome(outcome=Accepted(provider_id=delivery), attempt=1))
    return w.handle(delivery, NoteStatus(status=status, code="480"))


def test_a_call_nobody_took_is_told_apart_from_one_that_did_not_go_out() -> None:
    w = watched()
    started(w)
    w.fire(), w.fire(), w.fire()
    made = only(rung(w, "delivery/P.3.0"), PageCallFailed)
    assert (made.code, made.unanswered) == ("no-answer", True)
    assert not w.is_open("delivery/P.3.0"), "the page goes on by itself: nobody has to act on it"
    assert only(w.handle("delivery/P.3.1", GONE), PageStepStarted).why == "undelivered"
    assert (w.row("page/P")["unanswered"], w.row("page/P")["unreached"]) == (["user:chief"], ["user:chief"])
    assert w.is_open("delivery/P.3.1")


@pytest.mark.parametrize("status", ["no-answer", "busy"])
def test_a_step_that_only_rings_goes_on_as_unanswered_once_its_rounds_are_used_up(status: str) -> None:
    step = Step(who=("watch",), how=("voice",), answer_within=5, repeat=1)
    top = Step(who=("watch_leader",), how=("voice",), answer_within=5)
    ring = Policy(name="ring", steps=(step, top), at_top="stop")
    w = watched(policies={one.name: one for one in (LADDER, HELD, ring)})
    started(w, "ring")
    assert names(rung(w, "delivery/P.0.0", status), "page") == ["PageCallFailed"], "called once more by its clock"
    assert only(w.fire(), PageStepStarted).round == 1
    assert only(rung(w, "delivery/P.1.0", status), PageStepStarted).why == "unanswered"
    assert (w.row("page/P")["unanswered"], w.row("page/P")["unreached"]) == (["user:officer"], [])


def test_a_failed_call_of_an_earlier_step_moves_nothing() -> None:
    w = watched()
    started(w)
    w.fire(), w.fire(), w.fire()
    assert names(w.handle("delivery/P.1.0", GONE), "page") == ["PageCallFailed"]
    assert w.row("page/P")["step"] == 2


def test_a_dead_provider_makes_no_hot_loop_at_the_top() -> None:
    w = watched(senders=())
    made = started(w)
    while w.row("page/P")["step"] < 3:
        made = w.fire()
    assert names(made, "page")[-1] == "PageCallFailed"
    before = len(w.journal)
    assert w.timers["page/P", "answer"].due_at == w.at + 10 * MINUTE
    w.fire()
    assert len(w.journal) - before < 5


def test_the_policy_is_frozen_into_the_page() -> None:
    w = watched()
    started(w)
    w.policy = rules(policies={"ladder": HELD.model_copy(update={"name": "ladder"}), "held": HELD})
    assert only(w.fire(), PageStepStarted).step == 1
    assert w.row("page/P")["steps"] == len(LADDER.steps)


def test_cancelling_ends_it_and_says_why() -> None:
    w = watched()
    started(w)
    w.fire()
    w.handle("page/P", CancelPage(reason="merged"))
    assert (w.row("page/P")["status"], w.row("page/P")["reason"]) == ("cancelled", "merged")
    assert w.outbox == {}
    assert ("page/P", "answer") not in w.timers


def test_it_cannot_be_started_twice_nor_along_no_policy() -> None:
    w = watched()
    started(w)
    with refused("已经开始"):
        started(w)
    with refused("没有名为"):
        w.handle("page/Q", StartPage(policy="nope", subject="x"))
    with refused("没有这次呼叫"):
        w.handle("page/R", AcknowledgePage(who="x", how="sms"))


@pytest.mark.parametrize(
    ("two_way", "links", "said"), [(True, True, "着火回1{link}"), (False, True, "着火{link}"), (True, False, "着火回1")]
)
def test_the_words_fit_what_the_phone_can_do(two_way: bool, links: bool, said: str) -> None:
    from dutydesk.domain.rules import Sender

    sender = Sender(name="main", kind="gateway", sms=True, two_way=("",) if two_way else (), links=links)
    w = watched(senders=(sender,))
    made = w.handle("page/P", StartPage(policy="ask", subject="着火", unit="T1"))
    assert only(made, DeliveryQueued).text == said
    assert only(made, DeliveryQueued).to == phone(1)


def test_leaders_told_of_small_things_too_are_called_before_the_mayor_and_alone_while_the_level_is_unknown() -> None:
    mayor = Leader(id="A", name="市长", post="市长", levels=("重大", "特别重大"))
    deputy = Leader(id="B", name="副市长", post="副市长", levels=("一般", "较大", "重大", "特别重大"))
    listed = Directory(leaders=(mayor, deputy))
    called = {level: [one.key for one in _leaders(listed, level)] for level in ("重大", "一般", "")}
    assert called == {"重大": ["leader:B", "leader:A"], "一般": ["leader:B"], "": ["leader:B"]}
