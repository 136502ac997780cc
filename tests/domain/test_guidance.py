"""请示: a question put to the duty room above, over its line or by its channels; what was asked over a line and settled by another way."""

from typing import Any

import pytest

from dutydesk.clock import MINUTE
from dutydesk.domain.asking_policy import Asking, Descending, InwardClock, Raising, Verifying
from dutydesk.domain.deliveries import NoteOutcome, StartDelivery
from dutydesk.domain.downwards import EndDown, SendDown, TakeAnswer
from dutydesk.domain.exchanges import Exchange, ExchangeFile
from dutydesk.domain.inwards import AnswerInward, CloseInward, InwardMarked
from dutydesk.domain.messages import InterpretMessage, RecordMessage
from dutydesk.domain.outcomes import Accepted
from dutydesk.domain.readings import Reading
from dutydesk.domain.reporting import AttachFiles
from dutydesk.domain.rules import Policy, Security, Step
from dutydesk.domain.superiors import superiors
from dutydesk.domain.verbs import Fire
from dutydesk.domain.verifications import AskUnits, Conclude, VerificationOverdue
from tests.domain.test_exchanges import paper
from tests.domain.test_peers import ABOVE, BELOW, frame
from tests.kit import LADDER, PROVINCE, World, directory, only, phone, refused, report, rules, world

V, PAGE = "verification/v1", "page/v2026-0001-1"
UP = Policy(name="up", steps=(Step(who=("unit",), how=("sms",), answer_within=15),), at_top="stop")
ASKING = Asking(
    verification=Verifying(policy="ask", overdue_policy="held"),
    downward=Descending(policy="ask", overdue_policy="held"),
    upward=Raising(policy="up", overdue_policy="ladder", minutes=30, law="ours"),
    inward=(InwardClock(kind="question", minutes=30), InwardClock(kind="request", minutes=20)),
    inward_policy="ladder",
)


def desk(*, linked: bool = True) -> World:
    """An incident of town 1; above us the province, below us town 1, each over a line."""
    peers = (BELOW, ABOVE) if linked else ()
    known: dict[str, Any] = {"peers": peers, "page_on_link": "held", "asking": ASKING, "page_on_incident": ""}
    known["security"] = Security(classified=("机密★",))
    known["policies"] = rules().policies | {"up": UP, "ladder": LADDER}
    w = world(**known)
    w.say("m1", "第1镇爆炸", phone(1), report())
    return w


def ask(w: World, *units: str, text: str = "可否转移第1镇群众", asks: str = "guidance") -> list[Any]:
    wish = {"text": text, "units": units or ("PROV",), "incident": w.incident(), "asks": asks}
    return w.handle(V, AskUnits.model_validate(wish))


def going(w: World, how: str) -> list[dict[str, Any]]:
    return [row.body for (kind, _), (_, _, row) in w.rows.items() if kind == "delivery" and row.body["how"] == how]


def test_it_goes_over_the_line_about_the_incident_by_its_event_number_and_the_answer_closes_it() -> None:
    w = desk()
    ask(w)
    (sent,) = going(w, "link")
    carried, incident = Exchange.from_text(sent["text"]), w.row(f"incident/{w.incident()}")
    assert (carried.kind, carried.number, carried.event) == ("question", "v2026-0001-1", incident["event"])
    assert incident["truth"] != "asking", "nobody doubts it"
    frame(
        w,
        1,
        paper(kind="reply", desk="PROV", number="R1", references=("v2026-0001-1",), text="同意,请即组织"),
        peer="above",
    )
    row = w.row(V)
    assert [(a["text"], a["how"], a["truth"]) for a in row["lines"][0]["answers"]] == [("同意,请即组织", "line", None)]
    assert (w.row(PAGE)["status"], row["status"]) == ("acknowledged", "asking")
    w.handle(V, Conclude())
    assert (w.row(V)["status"], w.row(V)["truth"]) == ("concluded", None)


def test_it_may_be_about_no_incident_and_comes_back_all_the_same() -> None:
    w = desk()
    w.handle(V, AskUnits(text="国庆值班安排可否调整为双岗", units=("PROV",), asks="guidance"))
    (sent,) = going(w, "link")
    carried = Exchange.from_text(sent["text"])
    assert (carried.kind, carried.event, w.row(V)["incident"]) == ("question", "", None)
    frame(w, 1, paper(kind="reply", desk="PROV", number="R1", references=("v2026-0001-1",), text="同意"), peer="above")
    assert [(a["text"], a["how"]) for a in w.row(V)["lines"][0]["answers"]] == [("同意", "line")]
    w.handle(V, Conclude())
    assert (w.row(V)["status"], w.row(PAGE)["status"]) == ("concluded", "acknowledged")


def test_silence_about_no_incident_calls_our_own_watch_too() -> None:
    w = desk(linked=False)
    w.handle(V, AskUnits(text="国庆值班安排可否调整为双岗", units=("PROV",), asks="guidance"))
    w.at += 30 * MINUTE
    assert only(w.handle(V, Fire(name="phone", due_at=w.at), by="timer"), VerificationOverdue).silent == ("PROV",)
    assert "2026-0001" in w.row("page/v2026-0001-phone")["subject"]


def test_where_no_line_leads_up_it_goes_as_a_text_and_a_key_or_words_answer_it() -> None:
    w = desk(linked=False)
    ask(w)
    assert not going(w, "link")
    assert [d["to"] for d in going(w, "sms") if d["about"] == PAGE] == [PROVINCE]
    w.handle("message/m2", RecordMessage(channel="sms", via="main", sender=PROVINCE, text="同意,注意安全"))
    w.handle("message/m2", InterpretMessage(reading=Reading()), by="reader")
    assert w.row(V)["lines"][0]["answers"][0]["text"] == "同意,注意安全"


def test_a_bare_receipt_is_no_answer_and_a_key_is_one_in_words() -> None:
    w = desk(linked=False)
    ask(w)
    for n, text in enumerate(("收到", "1"), 2):
        w.handle(f"message/m{n}", RecordMessage(channel="sms", via="main", sender=PROVINCE, text=text))
        w.handle(f"message/m{n}", InterpretMessage(reading=Reading()), by="reader")
    assert [a["text"] for a in w.row(V)["lines"][0]["answers"]] == ["同意"]


def test_silence_above_calls_our_own_watch() -> None:
    w = desk()
    ask(w)
    w.at += 30 * MINUTE
    made = w.handle(V, Fire(name="phone", due_at=w.at), by="timer")
    overdue = only(made, VerificationOverdue)
    assert (overdue.policy, overdue.silent) == ("ladder", ("PROV",))
    assert "2026-0001" in w.row("page/v2026-0001-phone")["subject"]
    assert "请示" in "".join(w.policy.asking.unconfirmed())


@pytest.mark.parametrize(
    ("units", "text", "why"),
    [(("T1",), "可否", "只能向上级"), (("PROV", "DESK"), "可否", "只能向上级"), (("PROV",), "机密★1年 可否", "涉密")],
)
def test_it_goes_to_the_duty_rooms_above_alone_and_nothing_classified_goes(
    units: tuple[str, ...], text: str, why: str
) -> None:
    with refused(why):
        ask(desk(), *units, text=text)


PHOTO = ExchangeFile(digest="a" * 64, name="现场.jpg", media_type="image/jpeg", size=9)


def with_files(w: World, unit: str, *files: ExchangeFile, attach: bool = False) -> list[Any]:
    asked = AskUnits(text="可否", units=(unit,), incident=w.incident(), asks="guidance", files=files, attach=attach)
    return w.handle(V, asked)


def test_files_chosen_and_those_of_the_incident_go_along_over_the_line_each_once() -> None:
    w = desk()
    theirs = ExchangeFile(digest="b" * 64, name="名单.pdf")
    w.handle(f"incident/{w.incident()}", AttachFiles(files=(theirs, PHOTO)))
    with_files(w, "PROV", PHOTO, attach=True)
    (sent,) = going(w, "link")
    assert [file.name for file in Exchange.from_text(sent["text"]).files] == ["现场.jpg", "名单.pdf"]
    assert [file["name"] for file in w.row(V)["files"]] == ["现场.jpg", "名单.pdf"]


def test_no_file_is_promised_where_no_line_carries_it_and_no_secret_in_its_name() -> None:
    with refused("没有直连"):
        with_files(desk(linked=False), "PROV", PHOTO)
    with refused("涉密"):
        with_files(desk(), "PROV", PHOTO.model_copy(update={"name": "机密★1年.pdf"}))


def test_the_nearest_above_stands_first_and_ourselves_never() -> None:
    state = directory().units[1].model_copy(update={"code": "STATE", "tier": "state"})
    known = directory().model_copy(update={"units": (state, *directory().units)})
    assert [unit.code for unit in superiors(rules(), known)] == ["PROV", "STATE"]
    assert [unit.code for unit in superiors(rules(peers=(ABOVE.model_copy(update={"unit": "STATE"}),)), known)] == [
        "STATE",
        "PROV",
    ]


def test_it_has_no_verdict_and_ends_with_an_answer_or_a_reason() -> None:
    w = desk()
    ask(w)
    with refused("没有属实与否"):
        w.handle(V, Conclude(truth="true", reason="x"))
    with refused("还没有答复"):
        w.handle(V, Conclude())
    w.handle(V, Conclude(reason="已当面请示"))
    assert w.row(PAGE)["status"] == "cancelled"
    (_, settled) = going(w, "link")
    said = Exchange.from_text(settled["text"])
    assert (said.kind, said.references, said.text) == ("settled", ("v2026-0001-1",), "对方不再等答复")


# -- from below

REQUEST = {"kind": "question", "desk": "T1", "number": "v7", "title": "可否转移", "text": "可否转移群众"}


def test_a_question_from_below_has_a_clock_and_is_answered_over_its_line() -> None:
    w = desk()
    frame(w, 1, paper(**(REQUEST | {"event": ""})))
    row, id = w.row("inward/l-below-1"), "inward/l-below-1"
    assert (row["kind"], row["reply_to"], row["due_at"] - w.at) == ("request", "T1", 20 * MINUTE)
    assert w.row("message/l-below-1")["reason"] == "from_below"
    with refused("请示要先答复"):
        w.handle(id, CloseInward(reason="知道了"))
    w.at += 16 * MINUTE
    made = w.handle(id, Fire(name="due", due_at=w.timers[id, "due"].due_at), by="timer")
    assert only(made, InwardMarked).subject.startswith("request")
    w.handle(id, AnswerInward(text="同意", how="line"))
    back = Exchange.from_text(going(w, "link")[0]["text"])
    assert (back.kind, back.references, back.text) == ("reply", ("v7",), "同意")


def test_it_stands_at_the_incident_that_they_reported() -> None:
    w = desk()
    event = "37028100000000_20261123120000_0"
    frame(w, 1, paper(desk="T1", number="P/1", event=event))
    frame(w, 2, paper(**(REQUEST | {"event": event})))
    assert w.row("inward/l-below-2")["incident"] == w.row("message/l-below-1")["incident"] is not None


@pytest.mark.parametrize("kind", ["instruction", "document"])
def test_nobody_below_gives_us_orders(kind: str) -> None:
    w = desk()
    frame(w, 1, paper(**(REQUEST | {"kind": kind})))
    assert w.row("frame/below.1")["why"] == "wrong_way"


# -- answered by another way: it closes at the desk that was asked


def asked_of_us(w: World) -> str:
    frame(w, 1, paper(kind="question", desk="PROV", number="Q1", event=""), peer="above")
    return "inward/l-above-1"


def over(n: int, number: str = "Q1", text: str = "不属实") -> Exchange:
    return paper(kind="settled", desk="PROV", number=f"{number}/end", references=(number,), event="", text=text)


def test_an_answer_typed_in_closes_the_question_at_the_desk_below() -> None:
    w = desk()
    ask(w, "T1", asks="truth")
    w.handle("message/m2", RecordMessage(channel="call", via="", unit="T1", text="不属实,是演习", page="v2026-0001-1"))
    w.handle("message/m2", InterpretMessage(reading=Reading()), by="reader")
    end = Exchange.from_text(w.row("delivery/v2026-0001-1.end")["text"])
    assert (end.kind, end.references, end.text) == ("settled", ("v2026-0001-1",), "不属实,是演习")


def test_a_paper_sent_down_and_answered_by_telephone_or_given_up_is_told_once() -> None:
    w = desk()
    for id, last in (("downward/a", TakeAnswer(text="已到场")), ("downward/b", EndDown(reason="不需要了"))):
        w.handle(id, SendDown(kind="question", unit="T1", title="是否到场"))
        w.handle(id, last)
    w.handle("downward/a", TakeAnswer(text="已到场,补充"))
    w.handle("downward/a", EndDown())
    ends = [Exchange.from_text(d["text"]) for d in going(w, "link") if d["purpose"] == "reply"]
    w.handle("delivery/d2026-0001.end", StartDelivery(), by="outbox")
    heard = NoteOutcome(outcome=Accepted(provider_id="#2", status="accepted"), attempt=1)
    w.handle("delivery/d2026-0001.end", heard, by="outbox")
    assert w.row("downward/a")["turn"]["status"] == "waiting", "the paper's own turn, not that of its end"
    assert [(end.references, end.text) for end in ends] == [(("d2026-0001",), "已到场"), (("d2026-0002",), "不需要了")]


def test_what_they_say_is_settled_closes_here_and_stops_its_clock() -> None:
    w = desk()
    id = asked_of_us(w)
    w.at += 10 * MINUTE
    made = frame(w, 2, over(2), peer="above")
    row = w.row(id)
    assert (row["status"], row["reason"], row["closed_by"], row["late_by"]) == ("closed", "不属实", "peer:above", 0)
    assert (id, "due") not in w.timers
    assert w.row("message/l-above-1")["status"] == "dismissed", "nobody need look at it any more"
    assert "message/l-above-2" not in w.states, made


def test_an_answer_that_crossed_it_on_the_way_stays_and_waits_for_our_closing() -> None:
    w = desk()
    id = asked_of_us(w)
    w.handle(id, AnswerInward(text="属实", how="line"))
    frame(w, 2, over(2), peer="above")
    assert w.row(id)["status"] == "answered"


def test_what_was_called_off_before_it_came_is_nobodys_work() -> None:
    w = desk()
    frame(w, 1, over(1, "Q9"), peer="above")
    row = w.row("frame/above.1")
    assert (row["verdict"], row["why"], w.is_open("frame/above.1")) == ("repeated", "unasked", False)


def test_another_desk_cannot_settle_what_the_province_asked() -> None:
    w = desk()
    id = asked_of_us(w)
    frame(w, 1, over(1).model_copy(update={"desk": "T1"}))
    assert w.row(id)["status"] == "waiting"
