"""Silence as an alarm: a contact at the scene, an incident without follow-ups, a unit or a district gone quiet in a marked period."""

from typing import Any

import pytest

from dutydesk.clock import MINUTE
from dutydesk.domain.asking_policy import Asking, Hearing, Interval, Period
from dutydesk.domain.checkins import CheckInEnded, EndCheckIn, SilenceFound, SilenceLasted, StartCheckIn, WordHeard
from dutydesk.domain.incidents import CloseIncident, FixFact, ReopenIncident
from dutydesk.domain.pages import AcknowledgePage
from dutydesk.domain.periods import EndPeriod, MarkPeriod, PeriodEnded, PeriodSwept, QuietFound
from dutydesk.domain.readings import Reading
from dutydesk.domain.verbs import Fire
from tests.kit import World, directory, names, only, phone, refused, report, rules, setup, world

BY_LEVEL = (Interval(levels=("重大",), minutes=30), Interval(levels=("一般", ""), minutes=120))
ASKING = Asking(
    check_in=Hearing(policy="ask", every=BY_LEVEL),
    follow_up=Hearing(policy="ask", every=BY_LEVEL[:1]),
    period=Period(policy="ask", unit_minutes=60, district_minutes=60, neighbours=2),
)
C = "checkin/c1"


def scene(level: str = "重大") -> World:
    w = world(asking=ASKING, page_on_incident="")
    w.say("m1", "第1镇起火", phone(2), report(level=level))
    w.timers.pop((f"checkin/{w.incident()}", "due"))
    w.handle(C, StartCheckIn(incident=w.incident(), contact="A1"))
    return w


def due(w: World, stream: str = C, name: str = "due") -> list[Any]:
    timer = w.timers[stream, name]
    w.at = timer.due_at
    return w.handle(stream, Fire(name=name, due_at=timer.due_at), by="timer")


@pytest.mark.parametrize(("level", "minutes"), [("重大", 30), ("一般", 120)])
def test_the_level_says_how_often_a_contact_at_the_scene_checks_in(level: str, minutes: int) -> None:
    w = scene(level)
    assert w.timers[C, "due"].due_at == w.at + minutes * MINUTE


def test_silence_of_the_contact_asks_them_and_climbs() -> None:
    w = scene()
    made = due(w)
    found = only(made, SilenceFound)
    assert (found.minutes, found.contact) == (30, "A1")
    assert any(d.to == phone(1) for d in w.outbox.values())
    assert w.row(C)["status"] == "silent"
    page = f"page/{found.page}"
    while not any(isinstance(e, SilenceLasted) for _, e in made):
        timer = min((t.due_at, s, n) for (s, n), t in w.timers.items() if s in (page, C))
        w.at = timer[0]
        made = w.handle(timer[1], Fire(name=timer[2], due_at=timer[0]), by="timer")
    assert w.row(C)["status"] == "lost"


@pytest.mark.parametrize("way", ["sms", "voice", "link"])
def test_a_reply_a_key_or_a_touch_on_the_link_counts(way: str) -> None:
    w = scene()
    found = only(due(w), SilenceFound)
    if way == "sms":
        made = w.say("a1", "1", phone(1))
    else:
        made = w.handle(f"page/{found.page}", AcknowledgePage(who="contact:A1", how=way, answer="1"))
    assert only(made, WordHeard).how == way
    assert (w.row(C)["status"], w.row(C)["next_at"]) == ("heard", w.at + 30 * MINUTE)


def test_a_report_of_the_contact_in_between_is_word_enough() -> None:
    w = scene()
    w.at += 20 * MINUTE
    w.say("m2", "火势已控制", phone(1), Reading(nature="report", is_emergency=True, category="accident"))
    w.at += 10 * MINUTE
    made = due(w)
    assert only(made, WordHeard).next_at == w.at + 20 * MINUTE


def test_word_by_another_way_while_the_page_climbs_calls_it_off() -> None:
    w = scene()
    found = only(due(w), SilenceFound)
    w.at += MINUTE
    w.say("m2", "【祝福】新年快乐", phone(1), Reading(nature="greeting"))
    assert w.row(C)["status"] == "heard", "any word of that number is a sign of life"
    assert w.row(f"page/{found.page}")["status"] == "acknowledged"


def test_a_check_in_ends_with_the_incident_or_by_an_officer() -> None:
    w = scene()
    w.handle(C, EndCheckIn(reason="撤离"))
    assert not w.is_open(C)
    w = scene()
    w.handle(f"incident/{w.incident()}", CloseIncident(outcome="handled", reason="已处置"))
    assert only(due(w), CheckInEnded).reason == "closed"


def test_who_is_not_in_the_directory_cannot_be_asked_to_check_in() -> None:
    w = scene()
    with refused("没有这位联络员"):
        w.handle("checkin/c2", StartCheckIn(incident=w.incident(), contact="X"))
    with refused("未了事件"):
        w.handle("checkin/c2", StartCheckIn(incident="20260101-009", contact="A1"))


# -- no follow-up within the interval


def open_incident(level: str) -> tuple[World, str]:
    w = world(asking=ASKING, page_on_incident="")
    w.say("m1", "第1镇起火", phone(1), report(level=level))
    return w, f"checkin/{w.incident()}"


def test_no_follow_up_within_the_interval_asks_before_the_laws_clock() -> None:
    w, stream = open_incident("重大")
    found = only(due(w, stream), SilenceFound)
    assert found.minutes == 30
    assert found.unit == w.row(f"incident/{w.incident()}")["unit"]


def test_a_follow_up_in_time_asks_nobody() -> None:
    w, stream = open_incident("重大")
    w.at += 20 * MINUTE
    w.say("m2", "第1镇火势蔓延", phone(1), report(level="重大"))
    made = due(w, stream)
    assert names(made, "page/") == []
    assert only(made, WordHeard).next_at == w.at + 20 * MINUTE


def test_a_level_raised_later_is_seen_at_the_next_look_and_a_city_without_intervals_expects_nothing() -> None:
    w, stream = open_incident("一般")
    due(w, stream)
    w.handle(f"incident/{w.incident()}", FixFact(name="level", value="重大", reason="伤亡增加"))
    assert only(due(w, stream), SilenceFound)
    quiet = world(page_on_incident="")
    quiet.say("m1", "第1镇起火", phone(1), report(level="重大"))
    assert not [s for s, _ in quiet.timers if s.startswith("checkin/")]


def test_a_reopened_incident_is_listened_to_again() -> None:
    w, stream = open_incident("重大")
    w.handle(f"incident/{w.incident()}", CloseIncident(outcome="handled", reason="已处置"))
    due(w, stream)
    assert not w.is_open(stream)
    w.handle(f"incident/{w.incident()}", ReopenIncident(reason="复燃"))
    assert w.is_open(stream)
    assert (stream, "due") in w.timers


# -- a marked period


P = "period/p1"


def storm(units: tuple[str, ...] = (), districts: tuple[str, ...] = ()) -> World:
    """Three districts of one town each, and their contacts."""
    listed = directory(3)
    towns = [u.model_copy(update={"division": f"37028{u.code[1]}001"}) for u in listed.units if u.kind == "town"]
    rooms = [u.model_copy(update={"code": f"37028{u.code[1]}", "kind": "district", "phone": None}) for u in towns]
    rooms = [u.model_copy(update={"division": u.code}) for u in rooms]
    desks = [u for u in listed.units if u.kind == "desk"]
    made = World(
        policy=rules(asking=ASKING, page_on_incident=""),
        listed=listed.model_copy(update={"units": (*desks, *towns, *rooms)}),
    )
    for stream, command in setup(made.policy, made.listed):
        made.handle(stream, command, by="test")
    made.handle(P, MarkPeriod(name="台风", units=units, districts=districts))
    return made


def sweep_to(w: World, minutes: int) -> list[Any]:
    made: list[Any] = []
    until = w.at + minutes * MINUTE
    while w.timers[P, "sweep"].due_at <= until:
        made += due(w, P, "sweep")
    w.at = until
    return made


def test_a_contact_gone_quiet_in_a_storm_is_asked_and_is_not_asked_twice() -> None:
    w = storm(units=("T1", "T2"))
    w.at += 30 * MINUTE
    w.say("m1", "风力十级", phone(2), Reading(nature="report"))
    made = sweep_to(w, 35)
    quiet = [e for _, e in made if isinstance(e, QuietFound)]
    assert [(e.unit, e.why) for e in quiet] == [("T1", "unit")]
    assert w.row(P)["quiet"][0]["unit"] == "T1"
    assert [e.unit for _, e in sweep_to(w, 15) if isinstance(e, QuietFound)] == []
    w.say("a1", "1", phone(1))
    assert [one["unit"] for one in w.row(P)["quiet"]] == []


def test_a_district_that_reports_nothing_while_its_neighbours_do_is_asked() -> None:
    w = storm(districts=("370281", "370282", "370283"))
    w.at += 50 * MINUTE
    w.say("m1", "转移群众", phone(1), Reading(nature="report"))
    made = sweep_to(w, 20)
    assert [e for _, e in made if isinstance(e, QuietFound)] == [], "one that reports makes nobody strange"
    w.say("m2", "转移群众三十人", phone(2), Reading(nature="report"))
    found = [e for _, e in sweep_to(w, 15) if isinstance(e, QuietFound)]
    assert [(e.unit, e.why) for e in found] == [("370283", "district")]


def test_a_period_ends_by_its_time_or_by_an_officer_and_calls_its_pages_off() -> None:
    w = storm(units=("T1",))
    sweep_to(w, 75)
    made = w.handle(P, EndPeriod(reason="台风登陆减弱"))
    assert "PageCancelled" in names(made, "page/")
    assert (P, "sweep") not in w.timers
    other = storm(units=("T1",))
    other.handle("period/p2", MarkPeriod(name="元旦", units=("T1",), until=other.at + 10 * MINUTE))
    timer = other.timers["period/p2", "sweep"]
    other.at = timer.due_at
    made = other.handle("period/p2", Fire(name="sweep", due_at=timer.due_at), by="timer")
    assert only(made, PeriodEnded).reason == "over"


def test_a_late_sweep_says_so_and_nobody_listed_is_refused() -> None:
    w = storm(units=("T1",))
    timer = w.timers[P, "sweep"]
    w.at = timer.due_at + 40 * MINUTE
    made = w.handle(P, Fire(name="sweep", due_at=timer.due_at), by="timer")
    assert only(made, PeriodSwept).late_by == 40 * MINUTE
    with refused("至少选一个"):
        w.handle("period/p2", MarkPeriod(name="空"))
