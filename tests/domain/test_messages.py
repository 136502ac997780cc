"""A message: taken in as it came, routed three ways, asked back, held, answered within bounds. Nothing is lost, nothing crosses drills."""

import pytest

from dutydesk.clock import HOUR, MINUTE, SECOND
from dutydesk.domain.deliveries import DeliveryCancelled, DeliveryQueued
from dutydesk.domain.incidents import CloseIncident, IncidentOpened, MergeIncident, ReportAdded, ReportRemoved
from dutydesk.domain.messages import (
    AttachMessage,
    ChoiceAsked,
    DismissMessage,
    HeldTooLong,
    InterpretMessage,
    MessageAnswered,
    MessageAttached,
    MessageHeld,
    MessageOpened,
    MessageRecorded,
    OpenFromMessage,
    Proposal,
    ReadingFailed,
    ReportReadingFailure,
)
from dutydesk.domain.pages import AcknowledgePage, PageAcknowledged, PageCancelled, PageExtended, PageStarted, StartPage
from dutydesk.domain.readings import Candidate, Reading
from dutydesk.domain.rules import Intake
from dutydesk.domain.verbs import Command
from dutydesk.domain.watches import StartWatch, Term
from tests.kit import CHIEF, LEADER, OFFICER, OWN, World, names, only, phone, refused, report, sms, town_phone, world


def place(town: int) -> Reading:
    return report(places=(Candidate(code=f"T{town}", name="", score=1.0),))


def test_it_is_recorded_exactly_as_it_came() -> None:
    w = world()
    text = " 仓库着火\x00了😀 "
    got = only(w.handle("message/a", sms(text, phone(1), sent_at=7, provider_id="SM1")), MessageRecorded)
    assert (got.text, got.sender, got.sent_at, got.provider_id) == (text, phone(1), 7, "SM1")
    assert (got.contact, got.unit, got.unit_name, got.division) == ("A1", "T1", "第1镇", "370281001")
    assert got.number == "1123-001"
    assert got.received_at == w.at
    assert w.timers["message/a", "read"].lane.value == "read"


def test_it_is_recorded_once() -> None:
    w = world()
    w.handle("message/a", sms("x", phone(1)))
    with refused("已经登记"):
        w.handle("message/a", sms("y", phone(1)))


def test_our_own_number_is_refused() -> None:
    with refused("自己的号码"):
        world().handle("message/a", sms("x", OWN))


def test_a_repeat_is_counted_and_shown_but_not_read_again() -> None:
    w = world()
    w.handle("message/a", sms("着火了快来", phone(1)))
    second = only(w.handle("message/b", sms("着火了快来", phone(1))), MessageRecorded)
    assert (second.repeat_of, second.repeats) == ("a", 1)
    assert ("message/b", "read") not in w.timers
    assert w.row("message/b")["status"] == "repeated"
    third = only(w.handle("message/c", sms("着火了快来", phone(1))), MessageRecorded)
    assert third.repeats == 2


@pytest.mark.parametrize("text", ["1", "收到", "好的。", "", "2"])
def test_a_repeated_answer_is_an_answer_each_time(text: str) -> None:
    w = world()
    w.handle("message/a", sms(text, phone(1)))
    assert only(w.handle("message/b", sms(text, phone(1))), MessageRecorded).repeat_of is None


def test_the_same_text_later_or_from_another_is_no_repeat() -> None:
    w = world()
    w.handle("message/a", sms("着火了快来", phone(1)))
    assert only(w.handle("message/b", sms("着火了快来", phone(2))), MessageRecorded).repeat_of is None
    w.at += 601 * SECOND
    assert only(w.handle("message/c", sms("着火了快来", phone(1))), MessageRecorded).repeat_of is None


def test_a_real_report_is_never_a_repeat_of_a_drill() -> None:
    w = world()
    w.handle("message/a", sms("着火了快来", phone(1)), drill=True)
    assert only(w.handle("message/b", sms("着火了快来", phone(1))), MessageRecorded).repeat_of is None


def test_a_new_report_opens_an_incident_calls_and_is_receipted() -> None:
    w = world()
    made = w.say("a", "仓库着火", phone(1), report(deaths=0))
    opened = only(made, IncidentOpened)
    assert (opened.number, opened.title, opened.unit, opened.division) == (
        "20261123-001",
        "第1镇报:火灾",
        "T1",
        "370281001",
    )
    assert only(made, PageStarted).policy.name == "ladder"
    receipt = only(made, DeliveryQueued)
    assert (receipt.to, receipt.purpose, receipt.promise.value) == (phone(1), "receipt", "repeatable")
    assert "1123-001" in receipt.text
    assert "12:00" in receipt.text
    assert ("message/a", "read") not in w.timers
    assert w.row(f"incident/{w.incident()}")["figures"]["deaths"]["value"] == 0


def test_more_from_the_same_place_joins_the_open_incident() -> None:
    w = world()
    w.say("a", "仓库着火", phone(1), report())
    w.at += 39 * MINUTE
    assert only(w.say("b", "火势变大", phone(1), report(deaths=2)), ReportAdded).message == "b"
    w.at += 41 * MINUTE
    assert only(w.say("c", "又一处着火", phone(1), report()), IncidentOpened).maybe == ()


def test_another_kind_at_the_same_place_is_another_incident() -> None:
    w = world()
    w.say("a", "仓库着火", phone(1), report())
    made = w.say("b", "发现疫情", phone(1), report(category="public_health"))
    assert only(made, MessageOpened).maybe == (w.incident(1),)


def test_what_the_reader_is_sure_of_and_what_the_sender_names_wins() -> None:
    w = world()
    w.say("a", "仓库着火", phone(1), report())
    first = w.incident(1)
    sure = (Proposal(incident=first, sure=True, why="同一地点"),)
    assert only(w.say("b", "桥断了", phone(2), report(), proposals=sure), MessageAttached).why == "同一地点"
    named = w.say("c", f"{first} 已扑灭", phone(3), report())
    assert only(named, MessageAttached).incident == first
    unsure = (Proposal(incident=first, sure=False),)
    assert only(w.say("d", "水管爆裂", phone(3), report(), proposals=unsure), MessageOpened).maybe == (first,)


def test_a_closed_incident_takes_no_report_by_itself() -> None:
    w = world()
    w.say("a", "仓库着火", phone(1), report())
    w.handle(f"incident/{w.incident(1)}", CloseIncident(outcome="handled", reason="灭"))
    sure = (Proposal(incident=w.incident(1), sure=True),)
    assert only(w.say("b", "复燃", phone(1), report(), proposals=sure), IncidentOpened)


def test_a_follow_up_belongs_to_the_senders_own_incident() -> None:
    w = world()
    w.say("a", "仓库着火", phone(1), place(2))
    assert only(w.say("b", "续报:已扑灭", phone(1), Reading(nature="report", kind="续报")), MessageAttached).why in (
        "same_sender",
        "same_place_and_time",
    )


def test_an_unknown_sender_goes_to_a_person_and_is_told_once_an_hour() -> None:
    w = world()
    stranger = "+861200008888"
    made = w.say("a", "这里着火了", stranger, report())
    assert only(made, MessageHeld).reason == "unknown_sender"
    assert names(made, "delivery") == ["DeliveryQueued"]
    assert names(w.say("b", "真的着火了", stranger, report()), "delivery") == []
    assert w.is_open("message/b")


@pytest.mark.parametrize("nature", ["greeting", "advertisement", "notice", "tip", "rumour_denied"])
def test_what_is_no_report_still_reaches_a_person(nature: str) -> None:
    w = world()
    assert only(w.say("a", "节日快乐", phone(1), Reading.model_validate({"nature": nature})), MessageHeld)


def test_a_text_about_a_drill_outside_one_stays_in_the_real_queue() -> None:
    w = world()
    made = w.say("a", "演练:仓库着火", phone(1), report(nature="drill", is_drill=True))
    assert only(made, IncidentOpened)
    assert not any(drill for _s, _e, drill in w.journal)


def test_a_real_report_is_not_swallowed_by_the_drill_at_the_same_place() -> None:
    w = world()
    w.say("a", "(演)仓库着火", phone(1), report(), drill=True)
    made = w.say("b", "仓库真的着火", phone(1), report())
    assert only(made, IncidentOpened).number == w.incident(2)
    assert w.drills[f"incident/{w.incident(2)}"] is False


def test_a_drill_message_cannot_answer_a_real_page() -> None:
    w = world()
    w.handle("page/P", _start("ask"))
    made = w.say("a", "1", phone(1), drill=True)
    assert names(made, "page") == []
    assert w.row("page/P")["status"] == "open"


def test_drill_and_real_are_not_joined_by_hand_either() -> None:
    w = world()
    w.say("a", "(演)仓库着火", phone(1), report(), drill=True)
    w.say("b", "路面塌陷", phone(2), report())
    with refused("演练"):
        w.handle("message/b", AttachMessage(incident=w.incident(1)))
    with refused("演练"):
        w.handle(f"incident/{w.incident(2)}", MergeIncident(into=w.incident(1)))


def test_receipts_are_bounded_whatever_else_the_sender_writes() -> None:
    w = world(intake=Intake(receipts_per_hour=3))
    sent = 0
    for n in range(60):
        w.at += 30 * SECOND
        sent += names(w.say(f"m{n}", f"第{n}句话", phone(1), report(category=None)), "delivery").count("DeliveryQueued")
    assert sent == 3
    w.at += HOUR
    assert "DeliveryQueued" in names(w.say("later", "又一句", phone(1), report()), "delivery")


def test_receipts_count_from_when_they_were_sent_not_from_when_the_text_came() -> None:
    w = world(intake=Intake(receipts_per_hour=2))
    for n in range(6):
        w.handle(f"message/m{n}", sms(f"第{n}句", phone(1)))
    w.at += 3 * HOUR
    made = [w.handle(f"message/m{n}", InterpretMessage(reading=report(category=None))) for n in range(6)]
    assert sum(names(m, "delivery").count("DeliveryQueued") for m in made) == 2


# -- answers


def _start(policy: str, unit: str = "T1", subject: str = "请核实") -> StartPage:
    return StartPage(policy=policy, subject=subject, unit=unit, division="370281001")


def test_a_reply_to_the_one_open_page_answers_it() -> None:
    w = world()
    w.handle("page/P", _start("ask"))
    made = w.say("a", "收到", phone(1))
    assert only(made, MessageAnswered).page == "P"
    assert only(made, PageAcknowledged).who == "contact:A1"
    assert only(made, DeliveryCancelled)
    assert ("page/P", "answer") not in w.timers


@pytest.mark.parametrize(("number", "who"), [(OFFICER, "user:officer"), (CHIEF, "user:chief"), (LEADER, "leader:L1")])
def test_officers_and_leaders_answer_by_sms_under_their_own_name(number: str, who: str) -> None:
    w = world()
    w.handle("watch/1", _watch())
    w.say("a", "仓库着火", phone(1), report())
    while number not in [t for c in w.rows.values() for n, t in c[2].refs if n == "page.address"]:
        w.fire()
    assert only(w.say("b", "1", number), PageAcknowledged).who == who


def _watch() -> StartWatch:
    return StartWatch(term=Term(id="1", name="白班", starts_at=0, ends_at=2**60, leader="chief", officers=("officer",)))


def test_a_wish_for_time_is_not_an_acknowledgement() -> None:
    w = world()
    w.handle("page/P", _start("ask"))
    made = w.say("a", "延时20 在路上", phone(1))
    extended = only(made, PageExtended)
    assert (extended.minutes, extended.reason, extended.who) == (20, "在路上", "contact:A1")


def test_two_pages_are_asked_back_and_the_answer_goes_to_the_chosen() -> None:
    w = world()
    w.handle("page/P", _start("ask", subject="第一件"))
    w.handle("page/Q", _start("ask", subject="第二件"))
    made = w.say("a", "收到", phone(1))
    asked = only(made, ChoiceAsked)
    assert [o.id for o in asked.options] == ["Q", "P"]
    assert "1 第二件\n2 第一件" in only(made, DeliveryQueued).text
    answered = w.say("b", "2", phone(1))
    assert only(answered, PageAcknowledged).who == "contact:A1"
    assert [s for s, e in answered if isinstance(e, PageAcknowledged)] == ["page/P"]
    assert w.row("page/Q")["status"] == "open"
    assert ("message/a", "choice") not in w.timers


def test_a_wish_for_time_survives_the_question() -> None:
    w = world()
    w.handle("page/P", _start("ask"))
    w.handle("page/Q", _start("ask"))
    w.say("a", "延时30", phone(1))
    made = w.say("b", "1", phone(1))
    assert only(made, PageExtended).minutes == 30
    assert w.row("page/Q")["status"] == "open"


def _two_alike(w: World) -> None:
    w.say("a", "仓库着火", phone(1), report(category="accident"))
    w.say("b", "疫情", phone(1), report(category="public_health"))


def test_two_incidents_are_asked_back_and_nothing_is_dropped() -> None:
    w = world()
    _two_alike(w)
    made = w.say("c", "情况恶化", phone(1), report(category=None))
    assert [o.kind for o in only(made, ChoiceAsked).options] == ["incident", "incident", "new"]
    answered = w.say("d", "1", phone(1))
    assert only(answered, ReportAdded).message == "c"
    assert w.row("message/c")["status"] == "attached"


def test_a_new_one_may_be_chosen() -> None:
    w = world()
    _two_alike(w)
    w.say("c", "情况恶化", phone(1), report(category=None))
    assert only(w.say("d", "3", phone(1)), IncidentOpened).message == "c"


def test_a_choice_out_of_range_leaves_the_question_open() -> None:
    w = world()
    _two_alike(w)
    w.say("c", "情况恶化", phone(1), report(category=None))
    w.say("d", "9", phone(1))
    assert w.row("message/c")["status"] == "asked"
    assert ("message/c", "choice") in w.timers


def test_an_unanswered_question_goes_to_a_person() -> None:
    w = world()
    _two_alike(w)
    w.say("c", "情况恶化", phone(1), report(category=None))
    due = w.timers["message/c", "choice"].due_at
    assert due == w.at + 30 * MINUTE
    made = w.fire()
    while w.at < due:
        made = w.fire()
    assert only(made, MessageHeld).reason == "choice_unanswered"


def test_a_choice_of_an_incident_merged_meanwhile_counts_where_it_went() -> None:
    w = world()
    _two_alike(w)
    asked = only(w.say("c", "情况恶化", phone(1), report(category=None, deaths=3)), ChoiceAsked)
    gone, kept = asked.options[0].id, asked.options[1].id
    w.handle(f"incident/{gone}", MergeIncident(into=kept))
    w.say("d", "1", phone(1))
    assert "c" in w.row(f"incident/{kept}")["messages"]
    assert w.row(f"incident/{kept}")["figures"]["deaths"]["value"] == 3


def test_an_answer_to_nothing_goes_to_a_person() -> None:
    assert only(world().say("a", "收到", phone(1)), MessageHeld).reason == "answer_to_nothing"


def test_a_link_or_key_answers_its_page_even_late() -> None:
    w = world()
    w.handle("page/P", _start("ask"))
    w.handle("page/P", AcknowledgePage(who="user:officer", how="console"))
    made = w.say("a", "现场已控制,无伤亡", phone(1), page="P")
    assert names(made, "page") == ["PageAnsweredLate"]


# -- held


def test_what_nobody_looked_at_calls_the_watch_and_stops_when_settled() -> None:
    w = world()
    w.say("a", "这里着火了", "+861200008888", report())
    assert w.timers["message/a", "held"].due_at == w.at + 5 * MINUTE
    page = only(w.fire(), HeldTooLong).page
    assert page == "m20261123-001"
    assert w.row(f"page/{page}")["status"] == "open"
    made = w.handle("message/a", OpenFromMessage())
    assert only(made, PageCancelled).reason == "settled"
    assert (f"page/{page}", "answer") not in w.timers


@pytest.mark.parametrize("settle", [DismissMessage(reason="骚扰"), OpenFromMessage()])
def test_a_settled_message_has_no_clock_left(settle: Command) -> None:
    w = world()
    w.say("a", "这里着火了", "+861200008888", report())
    w.handle("message/a", settle)
    assert not [k for k in w.timers if k[0] == "message/a"]
    assert not w.is_open("message/a")


def test_moving_a_message_takes_its_figures_along() -> None:
    w = world()
    w.say("a", "仓库着火", phone(1), report(deaths=1))
    w.say("b", "路面塌陷", phone(2), report())
    made = w.handle("message/a", AttachMessage(incident=w.incident(2)))
    assert names(made, "incident") == ["ReportRemoved", "ReportAdded"]
    assert w.row(f"incident/{w.incident(1)}")["figures"] == {}
    assert w.row(f"incident/{w.incident(2)}")["figures"]["deaths"]["value"] == 1
    assert w.handle("message/a", AttachMessage(incident=w.incident(2))) == []
    assert only(w.handle("message/a", DismissMessage(reason="误报")), ReportRemoved)


def test_attaching_to_what_is_not_open_is_refused() -> None:
    w = world()
    w.say("a", "仓库着火", phone(1), report())
    with refused("没有这个未了事件"):
        w.handle("message/a", AttachMessage(incident="20261123-077"))


@pytest.mark.parametrize("command", [DismissMessage(reason="x"), OpenFromMessage()])
def test_what_was_never_recorded_cannot_be_settled(command: Command) -> None:
    with refused():
        world().handle("message/ghost", command)


# -- our own failures


def test_a_reading_failure_stays_red_and_backs_off_then_hourly() -> None:
    w = world()
    w.handle("message/a", sms("x着火", phone(1)))
    waits = []
    for _ in range(6):
        failed = only(w.handle("message/a", ReportReadingFailure(error="boom")), ReadingFailed)
        waits.append((failed.retry_at - w.at) // SECOND)
        assert w.timers["message/a", "read"].due_at == failed.retry_at
    assert waits == [2, 10, 60, 600, 3600, 3600]
    assert w.row("message/a")["status"] == "failed"
    assert w.is_open("message/a")
    assert only(w.handle("message/a", InterpretMessage(reading=report())), IncidentOpened)


def test_a_failure_told_late_does_not_undo_what_an_officer_did() -> None:
    w = world()
    w.handle("message/a", sms("x着火", phone(1)))
    w.handle("message/a", OpenFromMessage())
    assert w.handle("message/a", ReportReadingFailure(error="boom")) == []
    assert w.row("message/a")["status"] == "opened"


def test_reading_twice_changes_nothing() -> None:
    w = world()
    w.say("a", "仓库着火", phone(1), report())
    assert w.handle("message/a", InterpretMessage(reading=report())) == []


def test_a_units_duty_telephone_is_known() -> None:
    w = world()
    got = only(w.handle("message/a", sms("x着火", town_phone(2))), MessageRecorded)
    assert (got.contact, got.unit) == (None, "T2")
