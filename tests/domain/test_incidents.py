"""An incident grows by reports, merges and splits without losing one, and closing it stops the calls about it."""

from typing import Any

import pytest

from dutydesk.domain.incidents import (
    AssignIncident,
    CallFor,
    CloseIncident,
    FixFact,
    IncidentSigned,
    MergeIncident,
    NoteIncident,
    ReopenIncident,
    SignForIncident,
    SplitIncident,
)
from dutydesk.domain.messages import AttachMessage, DismissMessage, InterpretMessage
from dutydesk.domain.pages import AcknowledgePage, PageAcknowledged, PageCancelled
from dutydesk.domain.readings import Bounds, Candidate
from tests.kit import World, names, only, phone, refused, report, sms, world


def three() -> tuple[World, list[str]]:
    w = world()
    for n in (1, 2, 3):
        w.say(f"m{n}", f"第{n}处着火", phone(n), report(deaths=n))
        w.at += 1
    return w, [f"incident/{w.incident(n)}" for n in (1, 2, 3)]


def id_of(stream: str) -> str:
    return stream.removeprefix("incident/")


def deaths(w: World, incident: str) -> Any:
    return w.row(incident)["figures"].get("deaths", {}).get("value")


def test_the_newest_figure_stands_and_silence_takes_none_away() -> None:
    w = world()
    w.say("a", "着火,1人死亡", phone(1), report(deaths=1, injured=Bounds(min=10)))
    w.at += 1
    w.say("b", "更正,2人死亡", phone(1), report(deaths=2))
    w.at += 1
    w.say("c", "火灭了", phone(1), report(deaths=None))
    figures = w.row(f"incident/{w.incident()}")["figures"]
    assert (figures["deaths"]["value"], figures["deaths"]["message"]) == (2, "b")
    assert figures["injured"]["value"] == {"min": 10}
    assert "missing" not in figures


def test_merging_and_splitting_loses_nothing() -> None:
    w, (a, b, _) = three()
    before = {i: (w.row(i)["messages"], w.row(i)["figures"]) for i in (a, b)}
    w.handle(a, MergeIncident(into=id_of(b)))
    assert set(w.row(b)["messages"]) == {"m1", "m2"}
    assert (w.row(a)["status"], w.row(a)["merged_into"], w.is_open(a)) == ("merged", id_of(b), False)
    w.handle(a, SplitIncident(reason="两处"))
    assert {i: (w.row(i)["messages"], w.row(i)["figures"]) for i in (a, b)} == before


def test_a_split_reaches_through_a_second_merge() -> None:
    w, (a, b, c) = three()
    w.handle(a, MergeIncident(into=id_of(b)))
    w.handle(b, MergeIncident(into=id_of(c)))
    assert set(w.row(c)["messages"]) == {"m1", "m2", "m3"}
    w.handle(a, SplitIncident())
    assert w.row(a)["messages"] == ["m1"]
    assert w.row(b)["messages"] == ["m2"]
    assert set(w.row(c)["messages"]) == {"m2", "m3"}


def test_a_message_taken_out_of_a_merged_incident_counts_nowhere_else() -> None:
    w, (a, b, c) = three()
    w.handle(a, MergeIncident(into=id_of(b)))
    w.handle("message/m1", AttachMessage(incident=id_of(c)))
    assert deaths(w, b) == 2
    assert "m1" not in w.row(b)["messages"]
    w.handle("message/m1", DismissMessage(reason="误报"))
    assert all("m1" not in w.row(i)["messages"] for i in (a, b, c))


def test_merging_stops_its_calls() -> None:
    w, (a, b, _) = three()
    assert only(w.handle(a, MergeIncident(into=id_of(b))), PageCancelled).reason == "merged"


@pytest.mark.parametrize("into", ["self", "closed", "merged", "nowhere"])
def test_merging_into_what_is_not_open_is_refused(into: str) -> None:
    w, (a, b, c) = three()
    w.handle(b, CloseIncident(outcome="handled", reason="灭"))
    target = {"self": id_of(a), "closed": id_of(b), "nowhere": "20261123-099"}.get(into, id_of(c))
    if into == "merged":
        w.handle(c, MergeIncident(into=id_of(a)))
    with refused("不能并入"):
        w.handle(a, MergeIncident(into=target))


def test_signing_answers_the_calls_to_sign_and_leaves_a_question_to_its_addressee() -> None:
    w, (a, *_) = three()
    w.handle(a, CallFor(policy="ask"))
    made = w.handle(a, SignForIncident())
    assert names(made, "page") == ["PageAcknowledged"]
    assert w.row(a)["signed_by"] == "user:officer"
    assert [k for k in w.timers if k[0].startswith(f"page/{id_of(a)}-")] == [(f"page/{id_of(a)}-2", "answer")]


def test_answering_a_question_does_not_sign_for_the_incident() -> None:
    w, (a, *_) = three()
    w.handle(a, CallFor(policy="ask"))
    made = w.handle(f"page/{id_of(a)}-2", AcknowledgePage(who="contact:C1", how="sms", answer="属实"))
    assert names(made, "incident") == []
    assert w.row(a)["signed_by"] == ""


def test_an_answered_call_signs_for_it_once() -> None:
    w, (a, *_) = three()
    page = f"page/{id_of(a)}-1"
    made = w.handle(page, AcknowledgePage(who="user:chief", how="voice"))
    assert only(made, PageAcknowledged)
    assert only(made, IncidentSigned).by == "user:chief"
    w.handle(a, CallFor(policy="ask"))
    assert names(w.handle(f"page/{id_of(a)}-2", AcknowledgePage(who="contact:A1", how="sms")), "incident") == []
    assert w.row(a)["signed_by"] == "user:chief"


def test_closing_stops_the_calls_and_reopening_opens() -> None:
    w, (a, *_) = three()
    assert only(w.handle(a, CloseIncident(outcome="false", reason="不实")), PageCancelled).reason == "closed"
    assert not w.is_open(a)
    with refused("已经了结"):
        w.handle(a, CloseIncident(outcome="handled", reason="x"))
    w.handle(a, ReopenIncident(reason="复燃"))
    assert (w.is_open(a), w.row(a)["outcome"]) == (True, "")


def test_an_officers_word_stands_over_what_was_read() -> None:
    w, (a, *_) = three()
    w.handle(a, FixFact(name="title", value="冷库火灾", reason="核实"))
    w.handle(a, FixFact(name="level", value="较大", reason="核实"))
    w.say("again", "第1处着火,一般", phone(1), report(level="一般"))
    assert (w.row(a)["title"], w.row(a)["level"]) == ("冷库火灾", "较大")
    with refused("不能直接改"):
        w.handle(a, FixFact(name="deaths", value="0", reason="x"))


def test_a_word_and_an_assignment_are_kept() -> None:
    w, (a, *_) = three()
    w.handle(a, AssignIncident(to="user:officer"))
    w.handle(a, NoteIncident(text="已通知消防"))
    assert (w.row(a)["assigned_to"], w.row(a)["last_word"]) == ("user:officer", "已通知消防")


def test_what_was_never_opened_is_refused() -> None:
    with refused("没有这个事件"):
        world().handle("incident/x", SignForIncident())


def test_a_call_along_no_policy_is_refused() -> None:
    w, (a, *_) = three()
    with refused("没有名为"):
        w.handle(a, CallFor(policy="nope"))


def test_a_mere_district_said_later_stands_for_no_place_that_is_known() -> None:
    w = world()
    w.say("a", "香港中路8号着火", phone(1), report(place_text="香港中路8号", county="市南区"))
    incident = f"incident/{w.incident()}"
    w.handle("message/b", sms("市南区这边着火了", "+8612000005551"), by="main")
    w.handle(
        "message/b", InterpretMessage(reading=report(place_text="市南区", county="市南区"), proposals=()), by="reader"
    )
    w.handle("message/b", AttachMessage(incident=w.incident()))
    assert w.row(incident)["place_text"] == "香港中路8号"
    w.say("c", "更正:在市南区", phone(1), report(place_text="市南区", county="市南区", correction=True))
    assert w.row(incident)["place_text"] == "市南区"


def _told_later(first: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """The row of an incident after a second text about it."""
    w = world()
    w.say("a", "2号反应釜爆炸", phone(1), report(**first))
    incident = w.incident()
    w.handle("message/b", sms("泊里爆炸", "+8612000005551"), by="main")
    w.handle("message/b", InterpretMessage(reading=report(**later), proposals=()), by="reader")
    w.handle("message/b", AttachMessage(incident=incident))
    return w.row(f"incident/{incident}")


BOLI = Candidate(code="370211103", name="泊里镇", score=1.0)
KNOWN_PLACE = "泊里镇港前大道88号澜渚石化2号"


@pytest.mark.parametrize("later", ["港前大道澜渚石化", "泊里", "泊里镇", "澜渚石化2号"])
def test_a_place_that_later_texts_name_shorter_stays_whole(later: str) -> None:
    assert _told_later({"place_text": KNOWN_PLACE}, {"place_text": later})["place_text"] == KNOWN_PLACE


def test_a_towns_name_stands_for_no_place_in_it() -> None:
    row = _told_later({"place_text": "港前大道88号"}, {"place_text": "泊里", "places": (BOLI,)})
    assert row["place_text"] == "港前大道88号"


@pytest.mark.parametrize("later", ["港前大道90号", "澜渚石化3号", "港前大路"])
def test_another_place_is_taken_over(later: str) -> None:
    assert _told_later({"place_text": KNOWN_PLACE}, {"place_text": later})["place_text"] == later


@pytest.mark.parametrize("later", [("12Y00", "其他事故灾难"), ("12D99", "其他事故"), ("12G99", "其它火灾事故")])
def test_an_unnamed_class_said_later_takes_no_named_one_away(later: tuple[str, str]) -> None:
    code, subtype = later
    row = _told_later({"code": "12D01", "subtype": "爆炸事故"}, {"code": code, "subtype": subtype})
    assert (row["code"], row["subtype"]) == ("12D01", "爆炸事故")


def test_a_named_class_said_later_stands() -> None:
    row = _told_later({"code": "12Y00", "subtype": "其他事故灾难"}, {"code": "12D01", "subtype": "爆炸事故"})
    assert (row["code"], row["subtype"]) == ("12D01", "爆炸事故")


def test_a_correction_may_take_a_class_back() -> None:
    row = _told_later(
        {"code": "12D01", "subtype": "爆炸事故"}, {"code": "12Y00", "subtype": "其他", "correction": True}
    )
    assert (row["code"], row["subtype"]) == ("12Y00", "其他")
