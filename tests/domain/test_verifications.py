"""Quick verification (核报): one question to several units, answers side by side, silence that climbs. Regulations 8, rules 11 to 13."""

from typing import Any

import pytest

from dutydesk.clock import MINUTE
from dutydesk.domain.asking import NoteAnswer, meant, truth_of
from dutydesk.domain.asking_policy import Asking, Verifying
from dutydesk.domain.directory import Contact, Directory, Unit
from dutydesk.domain.incidents import CloseIncident, IncidentOpened
from dutydesk.domain.pages import AcknowledgePage
from dutydesk.domain.readings import Reading
from dutydesk.domain.verbs import Fire
from dutydesk.domain.verification_choice import Lead, proposed, responsible
from dutydesk.domain.verifications import (
    AskMore,
    AskUnits,
    Conclude,
    VerificationAnswered,
    VerificationConcluded,
    VerificationOverdue,
    VerificationUnheard,
)
from tests.kit import World, names, only, phone, refused, report, world

V = "verification/v1"
ASKING = Asking(verification=Verifying(policy="ask", overdue_policy="held", law="ours"))


def rumour(**changed: Any) -> World:
    """An incident from town 1, signed for, so that only the question calls anybody."""
    w = world(asking=ASKING, page_on_incident="", **changed)
    w.say("m1", "网传第1镇爆炸", phone(1), report())
    return w


def ask(w: World, *units: str) -> list[Any]:
    return w.handle(V, AskUnits(text="第1镇爆炸是否属实", units=units or ("T1", "T2"), incident=w.incident()))


def lines(w: World) -> dict[str, Any]:
    return {line["unit"]: line for line in w.row(V)["lines"]}


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("属实", "true"),
        ("情况属实,2人轻伤", "true"),
        ("确有此事,正在处置", "true"),
        ("不属实,是消防演习的烟", "false"),
        ("没有此事", "false"),
        ("系谣言", "false"),
        ("部分属实", "partly"),
        ("基本属实,人数有出入", "partly"),
        ("不清楚", "unclear"),
        ("正在核实", "unclear"),
        ("是否属实尚不清楚", "unclear"),
        ("属实。网传10人死亡不实", "true"),  # said first, by a key or a button
        ("网传死亡不实,但起火属实", None),  # two verdicts: a person reads it
        ("现场有烟,消防已到", None),
        ("2人受伤", None),
    ],
)
def test_a_verdict_is_read_from_words_and_never_guessed(text: str, truth: str | None) -> None:
    assert truth_of(text) == truth


def test_a_key_is_an_answer_in_words_and_a_bare_receipt_is_none() -> None:
    assert [meant("truth", key) for key in ("1", "2", "3", "4")] == ["属实", "不属实", "不清楚", "部分属实"]
    assert meant("truth", "2。") == "不属实"
    assert meant("truth", "收到") is meant("truth", "") is meant("truth", "7") is None
    assert meant("sign", "") == ""
    assert meant("report", "1") == "无情况"


def test_rule_13_contact_and_responsible_department_are_proposed() -> None:
    units = (
        Unit(code="370281", name="区", kind="district", division="370281", phone="+861"),
        Unit(code="370281001", name="镇", kind="town", division="370281001", phone="+862"),
        Unit(
            code="E-1",
            name="化工厂",
            kind="enterprise",
            division="370281001",
            industry="化工",
            department="D-GX",
            phone="+863",
        ),
        Unit(code="E-2", name="邻厂", kind="enterprise", division="370281001", industry="化工", phone="+864"),
        Unit(code="E-3", name="远厂", kind="enterprise", division="370281002", industry="化工", phone="+865"),
        Unit(code="D-YJ", name="应急局", kind="department", division="370200", duties=("12D",), phone="+866"),
        Unit(code="D-HB", name="环保局", kind="department", division="370200", duties=("12",), phone="+867"),
        Unit(code="D-GX", name="工信局", kind="department", division="370200"),
        Unit(code="DESK", name="值班室", kind="desk", division="370200", phone="+868"),
    )
    people = (
        Contact(id="b", unit="E-1", name="乙", role="B"),
        Contact(id="a", unit="E-1", name="甲", role="A", phones=("+869",)),
    )
    city = Directory(units=units, contacts=people)
    found = {one.unit: one for one in proposed(Lead(unit="E-1", code="12D01"), city, own="DESK")}
    assert list(found) == ["E-1", "370281001", "370281", "D-YJ", "D-GX", "E-2"], "nearest first, each once"
    assert [found[unit].why for unit in found] == ["unit", "town", "district", "duty", "department", "industry"]
    assert found["E-1"].people == ("甲(A)", "乙(B)"), "A before B"
    assert (found["E-2"].ticked, found["D-GX"].ticked, found["D-GX"].reachable) == (False, False, False)
    assert [unit.code for unit in responsible("12D01", city)] == ["D-YJ"], "the longest duty answers"
    assert responsible("", city) == [], "an unknown code is nobody's"


def test_one_ask_calls_every_unit_in_its_own_channels() -> None:
    w = rumour()
    made = ask(w)
    assert names(made, "page/") == ["PageStarted", "PageStepStarted"] * 2
    assert {d.to for k, d in w.outbox.items()} >= {phone(1), phone(2)}
    assert w.row(f"incident/{w.incident()}")["truth"] == "asking"
    assert w.row(V)["number"] == "2026-0001"


def test_rule_11_verification_never_holds_up_a_first_report() -> None:
    w = world(asking=ASKING, page_on_incident="")
    made = w.say("m1", "第1镇爆炸", phone(1), report())
    assert only(made, IncidentOpened), "it stands at once, and is marked as nobody has verified it"
    assert w.row(f"incident/{w.incident()}")["truth"] == "unverified"


def test_rule_13_fifteen_minutes_by_phone_thirty_in_writing_and_marked_as_ours() -> None:
    w = rumour()
    ask(w)
    row = w.row(V)
    assert (row["phone_by"] - w.at, row["written_by"] - w.at) == (15 * MINUTE, 30 * MINUTE)
    assert row["confirmed"] is False
    assert ASKING.unconfirmed() == ("核报:ours",)


def test_rule_13_silence_climbs_from_a_to_b_to_the_duty_rooms_and_then_says_so() -> None:
    w = rumour()
    ask(w, "T1")
    asked = []
    for _ in range(4):
        made = w.fire()
        asked += [call.callee for s, e in made if type(e).__name__ == "PageStepStarted" for call in e.calls]
        if any(isinstance(e, VerificationUnheard) for _, e in made):
            break
    assert asked[:2] == ["contact:B1", "unit:PROV"], asked  # the small city's ladder: B, then town and province
    assert lines(w)["T1"]["unheard"]


def test_the_time_for_a_word_over_the_watch_is_called_with_the_names() -> None:
    w = rumour()
    ask(w)
    w.handle("page/v2026-0001-1", AcknowledgePage(who="contact:A1", how="voice", answer="属实"))
    w.at += 15 * MINUTE
    made = w.handle(V, _due(w, "phone"), by="timer")
    late = only(made, VerificationOverdue)
    assert late.silent == ("T2",)
    assert "第2镇" in late.subject
    assert "PageStarted" in names(made, "page/v2026-0001-phone")


def _due(w: World, name: str) -> Any:
    return Fire(name=name, due_at=w.timers[V, name].due_at)


def test_conflicting_answers_stand_side_by_side_and_a_person_concludes() -> None:
    w = rumour()
    ask(w)
    w.say("a1", "属实,2人受伤", phone(1), Reading(injured=2))
    w.say("a2", "不属实", phone(2))
    row = w.row(V)
    assert [lines(w)[u]["answers"][0]["truth"] for u in ("T1", "T2")] == ["true", "false"]
    assert (row["differ"], row["truth"], row["status"]) == (True, None, "asking"), "never merged"
    w.handle(V, Conclude(truth="partly", reason="消防到场确认"))
    assert w.row(f"incident/{w.incident()}")["truth"] == "partly"


def test_figures_of_an_answer_enter_the_ledger_as_a_claim_with_its_source() -> None:
    w = rumour()
    ask(w)
    w.say("a1", "属实,3人受伤", phone(2), Reading(injured=3))
    figure = w.row(f"incident/{w.incident()}")["figures"]["injured"]
    assert (figure["value"], figure["message"]) == (3, "a1")
    assert lines(w)["T2"]["answers"][0]["figures"] == {"injured": 3}
    w.say("a2", "属实", phone(1))
    assert "a2" not in w.row(f"incident/{w.incident()}")["messages"], "a bare verdict is no report"


def test_an_answer_after_the_deadline_is_recorded_with_its_lateness() -> None:
    w = rumour()
    ask(w)
    w.at += 40 * MINUTE
    made = w.say("a1", "不属实", phone(1))
    answer = only(made, VerificationAnswered)
    assert (answer.truth, answer.late_by, answer.name) == ("false", 10 * MINUTE, "联络员A1")


def test_an_answer_after_the_end_is_kept_too() -> None:
    w = rumour()
    ask(w)
    w.say("a1", "不属实", phone(1))
    w.handle(V, Conclude(truth="false", reason="镇里到场查看", close=True))
    w.say("a2", "不属实,已到现场看过", phone(2))
    assert [a["text"] for a in lines(w)["T2"]["answers"]] == ["不属实,已到现场看过"]


def test_verified_false_closes_the_incident_with_the_proof() -> None:
    w = rumour()
    ask(w)
    with refused("还没有任何单位答复不属实"):
        w.handle(V, Conclude(truth="false", reason="应该没有", close=True))
    w.say("a1", "不属实,是婚庆鞭炮", phone(1))
    with refused("依据"):
        w.handle(V, Conclude(truth="false", reason=" ", close=True))
    made = w.handle(V, Conclude(truth="false", reason="镇里到场:婚庆鞭炮", close=True))
    incident = w.row(f"incident/{w.incident()}")
    assert (incident["truth"], incident["outcome"]) == ("false", "false")
    assert not w.is_open(V)
    assert "PageCancelled" in names(made, "page/v2026-0001-2"), "nobody is asked on"
    with refused("已经有了结论"):
        w.handle(V, Conclude(truth="true", reason="改口"))


def test_closing_the_incident_otherwise_ends_the_question() -> None:
    w = rumour()
    ask(w)
    made = w.handle(f"incident/{w.incident()}", CloseIncident(outcome="elsewhere", reason="移交"))
    assert only(made, VerificationConcluded).truth is None
    assert not w.is_open(V)


def test_a_bare_receipt_earns_one_short_wait_and_no_line_in_the_table() -> None:
    w = rumour()
    ask(w, "T1")
    page = "page/v2026-0001-1"
    before = w.row(page)["answer_by"]
    w.say("a1", "收到", phone(1))
    assert w.row(page)["answer_by"] == before + 5 * MINUTE
    w.say("a2", "好的", phone(1))
    assert (w.row(page)["answer_by"], w.row(page)["status"]) == (before + 5 * MINUTE, "open")
    assert lines(w)["T1"]["answers"] == []
    with refused("不算答复"):
        w.handle(page, AcknowledgePage(who="user:officer", how="console"))


def test_two_questions_to_one_number_are_asked_back_and_not_mixed_up() -> None:
    w = rumour()
    ask(w, "T1")
    w.handle("verification/v2", AskUnits(text="另一件是否属实", units=("T1",)))
    w.say("a1", "不属实", phone(1))
    assert w.row("message/a1")["status"] == "asked"
    option = [o["label"] for o in w.row("message/a1")["options"]].index("第1镇爆炸是否属实") + 1
    w.say("a2", str(option), phone(1))
    assert [a["text"] for a in lines(w)["T1"]["answers"]] == ["不属实"]


def test_an_emergency_reported_meanwhile_is_not_swallowed_as_an_answer() -> None:
    w = rumour()
    ask(w, "T2")
    there = [{"code": "T2", "name": "第2镇", "score": 0.9}]
    w.say("a1", "第2镇大桥垮塌", phone(2), report(subtype="坍塌", places=there))
    assert w.row("message/a1")["status"] == "opened"
    assert lines(w)["T2"]["answers"] == []


def test_more_units_are_asked_the_same_and_nobody_twice() -> None:
    w = rumour()
    ask(w, "T1")
    w.handle(V, AskMore(units=("T1", "T3")))
    assert list(lines(w)) == ["T1", "T3"]
    with refused("已经问过"):
        w.handle(V, AskMore(units=("T3",)))


def test_a_question_about_a_message_needs_no_incident() -> None:
    w = world(asking=ASKING)
    w.say("m1", "听说第1镇出事了", "+8613900000000")
    w.handle(V, AskUnits(text="第1镇是否出事", units=("T1",), message="m1"))
    w.handle(V, NoteAnswer(asked="T1", who="contact:A1", how="voice", text="不属实"))
    w.handle(V, Conclude(truth="false", reason="镇里查过"))
    assert (w.row(V)["message"], w.row(V)["truth"]) == ("m1", "false")


def test_a_lead_verified_false_is_put_aside_with_its_proof_and_words_about_it_open_nothing() -> None:
    w = world(asking=ASKING)
    w.say("m1", "听说第1镇出事了", "+8613900000000")
    w.handle(V, AskUnits(text="第1镇是否出事", units=("T1", "T2"), message="m1"))
    w.say("a1", "派人去看了,马上回话", phone(2))
    assert lines(w)["T2"]["answers"][0]["truth"] is None
    w.say("a2", "不属实,什么事也没有", phone(1))
    w.handle(V, Conclude(truth="false", reason="镇里查过", close=True))
    row = w.row("message/m1")
    assert (row["status"], row["reason"]) == ("dismissed", "核实不实:镇里查过")
    assert [stream for stream in w.states if stream.startswith("incident/")] == []


def test_rule_12_an_answer_nobody_can_read_is_never_dropped_and_its_sender_gets_a_receipt() -> None:
    w = rumour()
    ask(w, "T2")
    made = w.say("a1", "◆◆※", phone(2), Reading(reader="failed: too slow"))
    assert "DeliveryQueued" in names(made, "delivery/r"), "a receipt with number and time"
    assert w.is_open("message/a1"), "it waits for a person"
    assert lines(w)["T2"]["answers"] == []
    typed = {"asked": "T2", "who": "user:officer", "how": "console", "text": "不清楚"}
    w.handle(V, NoteAnswer.model_validate(typed))
    assert lines(w)["T2"]["answers"][0]["truth"] == "unclear", "and can still be typed in"


def test_a_drill_and_the_real_are_not_verified_together() -> None:
    w = rumour()
    with refused("演练与真实"):
        w.handle(V, AskUnits(text="x", units=("T1",), incident=w.incident()), drill=True)


@pytest.mark.parametrize("units", [(), ("NOBODY",)])
def test_nobody_and_strangers_cannot_be_asked(units: tuple[str, ...]) -> None:
    w = rumour()
    with refused():
        w.handle(V, AskUnits(text="是否属实", units=units))
