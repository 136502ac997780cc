"""下发: what goes down a line is receipted, chased while silent, answered (late, twice, or sent back) and ended by a person."""

from typing import Any

import pytest

from dutydesk.clock import HOUR, MINUTE
from dutydesk.domain.asking_policy import Asking, Descending
from dutydesk.domain.deliveries import NoteOutcome, StartDelivery
from dutydesk.domain.downwards import DownwardAnswered, DownwardMarked, EndDown, SendDown, TakeAnswer
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.outcomes import Accepted, Rejected
from dutydesk.domain.verbs import Fire
from tests.domain.test_exchanges import paper
from tests.domain.test_peers import frame, linked
from tests.kit import World, names, only, refused

N, SENT = "downward/x1", "delivery/d2026-0001"


def sent(kind: str = "question", **said: Any) -> World:
    w = linked(asking=Asking(downward=Descending(policy="ask", overdue_policy="held", minutes=60, law="ours")))
    wish = {"kind": kind, "unit": "T1", "title": "第1镇是否爆炸", "text": "请核实"} | said
    w.handle(N, SendDown.model_validate(wish))
    return w


def replied(w: World, n: int, text: str, **said: Any) -> None:
    answer = paper(
        **({"kind": "reply", "desk": "T1", "number": f"R{n}", "references": ["d2026-0001"], "text": text} | said)
    )
    frame(w, n, answer)


def test_it_goes_by_the_line_with_a_time_marked_as_ours_and_its_receipt_is_shown() -> None:
    w = sent()
    row, queued = w.row(N), w.row(SENT)
    assert (row["answer_by"] - w.at, row["confirmed"], row["turn"]["status"]) == (HOUR, False, "waiting")
    assert (queued["how"], queued["promise"], queued["n"]) == ("link", "once", 1)
    carried = Exchange.from_text(queued["text"])
    assert (carried.kind, carried.number, carried.answer_by) == ("question", "d2026-0001", row["answer_by"])
    w.handle(SENT, StartDelivery(), by="outbox")
    w.handle(SENT, NoteOutcome(outcome=Accepted(provider_id="1123-004", status="delivered"), attempt=1), by="outbox")
    assert w.row(N)["turn"] | {"at": 0} == {"status": "arrived", "receipt": "1123-004", "at": 0}
    assert "下发" in "".join(w.policy.asking.unconfirmed())


def test_silence_is_chased_at_their_duty_room_and_then_at_our_watch() -> None:
    w = sent()
    seen = []
    while (N, "due") in w.timers:
        due = w.timers[N, "due"].due_at
        w.at = due
        made = w.handle(N, Fire(name="due", due_at=due), by="timer")
        seen.append((only(made, DownwardMarked).percent, names(made, "page/").count("PageStarted")))
    assert seen == [(50, 0), (80, 1), (100, 1)]
    assert w.row("page/d2026-0001-80")["subject"].startswith("chase")
    w.at += 7 * MINUTE
    replied(w, 1, "不属实")
    row = w.row(N)
    assert (row["status"], row["late_by"], row["answers"][0]["how"]) == ("answered", 7 * MINUTE, "line")
    assert not w.is_open("page/d2026-0001-100"), "the watch need not telephone any more"
    assert w.row("message/l-below-1")["status"] == "answered"


def test_a_second_answer_stands_beside_the_first_and_one_sent_back_is_no_answer_of_theirs() -> None:
    w = sent()
    replied(w, 1, "退回:不归我镇", declined=True)
    assert (w.row(N)["status"], w.row(N)["answers"][0]["declined"]) == ("declined", True)
    replied(w, 2, "属实")
    w.handle(N, EndDown())
    replied(w, 3, "更正:不属实")
    row = w.row(N)
    assert [answer["text"] for answer in row["answers"]] == ["退回:不归我镇", "属实", "更正:不属实"]
    assert (row["status"], w.is_open(N)) == ("ended", False)


@pytest.mark.parametrize(
    ("peer", "said"), [("below", {"references": ["d2026-0077"]}), ("above", {"desk": "PROV"})], ids=["number", "desk"]
)
def test_an_answer_of_another_number_or_another_desk_is_for_a_person(peer: str, said: dict[str, Any]) -> None:
    w = sent()
    wrong = {"kind": "reply", "desk": "T1", "number": "R1", "references": ["d2026-0001"], "text": "不属实"} | said
    frame(w, 1, paper(**wrong), peer=peer)
    assert w.row(N)["answers"] == []
    row = w.row(f"message/l-{peer}-1")
    assert (row["status"], row["reason"]) == ("held", "paper_reply")


def test_what_they_refuse_to_take_in_calls_the_watch() -> None:
    w = sent()
    w.handle(SENT, StartDelivery(), by="outbox")
    refusal = Rejected(code="refused_by_peer", detail="方向不对", remedy="give_up")
    w.handle(SENT, NoteOutcome(outcome=refusal, attempt=1), by="outbox")
    assert (w.row(N)["turn"]["status"], w.row("page/d2026-0001-x")["status"]) == ("failed", "open")


def test_a_question_ends_with_an_answer_or_a_reason_and_a_document_may_just_end() -> None:
    w = sent()
    with refused("还没有答复"):
        w.handle(N, EndDown())
    made = w.handle(N, TakeAnswer(text="电话答复:不属实"))
    assert only(made, DownwardAnswered).how == "call"
    w.handle(N, EndDown())
    with refused("已经办结"):
        w.handle(N, EndDown())
    w = sent("document")
    w.handle(N, EndDown())
    assert not w.is_open(N)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"unit": "T2"}, "没有下级直连"),
        ({"unit": "PROV"}, "没有下级直连"),
        ({"title": " "}, "标题"),
        ({"answer_by": 1}, "已经过去"),
        ({"incident": "20261123-999"}, "没有这个事件"),
    ],
)
def test_what_cannot_go_is_refused_in_words(said: dict[str, Any], why: str) -> None:
    with refused(why):
        sent(**said)
