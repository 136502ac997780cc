"""上级文电即收即办: what comes from above has its own clock from the instant it arrives. Regulations 1.4 (the 长子 row) and 3.2."""

from typing import Any

import pytest

from dutydesk.clock import HOUR, MINUTE
from dutydesk.domain.asking_policy import Asking, InwardClock
from dutydesk.domain.deliveries import NoteOutcome, StartDelivery
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.inwards import (
    AnswerInward,
    CloseInward,
    InwardAnswered,
    InwardClosed,
    InwardMarked,
    LogInward,
    TakeInward,
)
from dutydesk.domain.outcomes import Rejected
from dutydesk.domain.verbs import Fire
from tests.domain.test_exchanges import paper
from tests.domain.test_peers import frame, linked
from tests.kit import World, names, only, refused, report, town_phone, world

N = "inward/n1"
CLOCKS = (
    InwardClock(kind="document", minutes=60, law="长子2025"),
    InwardClock(kind="question", minutes=30, law="ours"),
    InwardClock(kind="warning", minutes=10, law="长子2025"),
)


def logged(kind: str = "document") -> World:
    w = world(asking=Asking(inward=CLOCKS, inward_policy="held"))
    said = {
        "kind": kind,
        "sender": "省政府总值班室",
        "title": "关于做好防汛工作的通知",
        "reference": "鲁政办电〔2026〕8号",
    }
    w.handle(N, LogInward.model_validate(said))
    return w


def fire(w: World) -> list[Any]:
    timer = w.timers[N, "due"]
    w.at = timer.due_at
    return w.handle(N, Fire(name="due", due_at=timer.due_at), by="timer")


@pytest.mark.parametrize(("kind", "minutes"), [("document", 60), ("question", 30), ("warning", 10)])
def test_each_kind_has_its_own_clock_marked_as_not_confirmed(kind: str, minutes: int) -> None:
    w = logged(kind)
    row = w.row(N)
    assert (row["due_at"] - w.at, row["confirmed"]) == (minutes * MINUTE, False)
    assert row["number"] == "2026-0001"
    assert f"上级文电({kind})" in "".join(w.policy.asking.unconfirmed())


def test_the_watch_is_called_at_four_fifths_and_at_the_end() -> None:
    w = logged()
    percents, pages = [], 0
    for _ in range(3):
        made = fire(w)
        percents.append(only(made, InwardMarked).percent)
        pages += names(made, "page/").count("PageStarted")
    assert (percents, pages) == ([50, 80, 100], 2)
    assert (N, "due") not in w.timers


def test_an_answer_stops_the_clock_and_the_calls_and_its_lateness_stays() -> None:
    w = logged("question")
    for _ in range(3):
        fire(w)
    w.at += 5 * MINUTE
    made = w.handle(N, AnswerInward(text="属实,已派工作组", how="phone"))
    assert only(made, InwardAnswered).late_by == 5 * MINUTE
    assert names(made, "page/").count("PageCancelled") == 2
    w.at += HOUR
    made = w.handle(N, CloseInward())
    assert only(made, InwardClosed).late_by == 5 * MINUTE, "closing later makes it no later"
    assert not w.is_open(N)


def test_a_question_needs_an_answer_and_anything_else_a_word_before_it_is_closed() -> None:
    w = logged("question")
    with refused("要先答复"):
        w.handle(N, CloseInward(reason="已阅"))
    with refused("怎样答复"):
        w.handle(N, AnswerInward(text=" ", how="phone"))
    w = logged("document")
    with refused("办理情况"):
        w.handle(N, CloseInward())
    w.handle(N, TakeInward())
    w.handle(N, CloseInward(reason="已转应急局办理"))
    row = w.row(N)
    assert (row["status"], row["taken_by"], row["late_by"], row["reason"]) == (
        "closed",
        "user:officer",
        0,
        "已转应急局办理",
    )
    with refused("已经办结"):
        w.handle(N, TakeInward())


def test_what_comes_down_a_link_is_logged_by_itself_and_taking_it_settles_the_message() -> None:
    w = linked(asking=Asking(inward=CLOCKS, inward_policy="held"))
    wanted = w.at + 20 * MINUTE
    frame(w, 1, paper(desk="PROV", kind="question", number="Q1", title="是否属实", answer_by=wanted), peer="above")
    stream = "inward/l-above-1"
    row = w.row(stream)
    assert (row["kind"], row["reference"], row["message"], row["due_at"]) == ("question", "Q1", "l-above-1", wanted)
    assert w.row("message/l-above-1")["status"] == "held", "and a person is called to it at once"
    w.handle(stream, TakeInward())
    assert w.row("message/l-above-1")["status"] == "dismissed"
    made = w.handle(stream, AnswerInward(text="不属实", how="written"))
    assert "MessageDismissed" not in names(made), "once"


def test_a_question_about_an_event_of_ours_is_logged_with_our_incident_and_answered_over_its_line() -> None:
    w = linked(asking=Asking(inward=CLOCKS, inward_policy="held"))
    w.say("m1", "第1镇起火", town_phone(1), report())
    event = w.row(f"incident/{w.incident()}")["event"]
    frame(w, 1, paper(desk="PROV", kind="question", number="Q1", title="是否属实", event=event), peer="above")
    stream = "inward/l-above-1"
    assert (w.row(stream)["incident"], w.row(stream)["reply_to"]) == (w.incident(), "PROV")
    w.handle(stream, AnswerInward(text="属实", how="line"))
    sent = Exchange.from_text(w.row("delivery/u2026-0001.1")["text"])
    assert (sent.kind, sent.references, sent.text) == ("reply", ("Q1",), "属实")
    w.handle("delivery/u2026-0001.1", StartDelivery(), by="outbox")
    refusal = Rejected(code="refused_by_peer", detail="不予接收", remedy="give_up")
    w.handle("delivery/u2026-0001.1", NoteOutcome(outcome=refusal, attempt=1), by="outbox")
    assert w.row(stream)["answers"][0]["reply"]["status"] == "failed", (
        "an answer they refuse is not taken for delivered"
    )
    w.handle(stream, AnswerInward(text="已电话报告", how="phone"))
    assert w.row(stream)["answers"][1]["reply"] is None
    v = logged("question")
    with refused("没有直连"):
        v.handle(N, AnswerInward(text="属实", how="line"))


def test_a_kind_without_a_clock_and_a_thing_without_a_title_are_refused() -> None:
    w = world(asking=Asking(inward=CLOCKS))
    with refused("配置时限"):
        w.handle(N, LogInward(kind="telegram", sender="省", title="x"))
    with refused("标题"):
        w.handle(N, LogInward(kind="document", sender="省", title=" "))
