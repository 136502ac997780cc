"""Regulations section 4: the holiday roster goes out five days before; units are asked for theirs, chased, and being late stays."""

from datetime import date
from typing import Any

import pytest

from dutydesk.clock import DAY
from dutydesk.contacts.unit_roster import from_file, from_text
from dutydesk.domain.deliveries import DeliveryQueued
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.frames import ReceiveFrame
from dutydesk.domain.holiday_rosters import (
    ForeseeHoliday,
    GiveRoster,
    HolidayOver,
    Line,
    RosterAsked,
    RosterChased,
    RosterGiven,
    RosterSent,
    SendRoster,
)
from dutydesk.domain.roster_policy import Period
from dutydesk.domain.rosters import PlanRoster
from dutydesk.domain.rules import Peer
from dutydesk.errors import ConfigError
from tests.domain.test_rosters import DECEMBER, ROSTER, at, staffed
from tests.kit import World, only, refused, rules

HOLIDAY = "holiday/20261220"
COMING = ForeseeHoliday(name="海洋大会", first="2026-12-20", last="2026-12-22", kind="period")
PERIOD = Period(name="海洋大会", first=date(2026, 12, 20), last=date(2026, 12, 22))


def foreseen(*, planned: bool = True) -> World:
    w = staffed()
    w.policy = rules(roster=ROSTER.model_copy(update={"collect": ("town",), "send_to": ("T1",), "periods": (PERIOD,)}))
    if planned:
        w.handle(DECEMBER, PlanRoster(month="2026-12"))
    w.timers.clear()
    w.handle(HOLIDAY, COMING)
    return w


def fire(w: World, kind: str) -> list[Any]:
    """The next timer of a kind of stream."""
    others = {k: t for k, t in w.timers.items() if not k[0].startswith(kind)}
    for key in others:
        del w.timers[key]
    made = w.fire()
    w.timers |= {k: t for k, t in others.items() if k not in w.timers}
    return made


def test_ours_goes_out_five_days_before_a_holiday_and_units_are_asked_before_that() -> None:
    w = foreseen()
    made = fire(w, "holiday/")
    assert w.at == at(10, 9)
    asked = [event for _s, event in made if isinstance(event, RosterAsked)]
    assert asked
    assert {event.due_at for event in asked} == {at(15, 9)}
    assert any(isinstance(e, DeliveryQueued) and e.purpose == "roster" for _s, e in made)
    made = fire(w, "holiday/")
    sent = only(made, RosterSent)
    assert w.at == at(15, 9), "five days before"
    assert (sent.planned, sent.gaps) == (True, 0)
    assert {recipient.unit for recipient in sent.to} == {event.unit for event in asked}
    w.handle(HOLIDAY, SendRoster(), by="user:chief")
    assert w.row(HOLIDAY)["sent"] == 2
    only(fire(w, "holiday/"), HolidayOver)
    assert not w.is_open(HOLIDAY)
    assert w.handle(HOLIDAY, COMING) == []


UP = Peer(name="up", unit="T1", side="above", url="ws://x/link", secret_env="S")
DOWN = Peer(name="down", unit="T1", side="below", secret_env="S")


def test_ours_goes_over_the_line_to_the_desk_above_day_by_day() -> None:
    w = foreseen()
    w.policy = w.policy.model_copy(update={"peers": (UP,)})
    made = w.handle(HOLIDAY, SendRoster(), by="user:chief")
    (queued,) = [event for _s, event in made if isinstance(event, DeliveryQueued)]
    paper = Exchange.from_text(queued.text)
    assert (queued.how, queued.to, paper.kind, paper.title) == ("link", "T1", "roster", "海洋大会值班表")
    days = [line.split(",") for line in paper.text.splitlines()]
    assert [day[0] for day in days] == ["2026-12-20", "2026-12-21", "2026-12-22"]
    assert all(leader and officers for _day, leader, officers, _phone in days)
    unplanned = foreseen(planned=False)
    unplanned.policy = w.policy
    made = unplanned.handle(HOLIDAY, SendRoster(), by="user:chief")
    assert [e.how for _s, e in made if isinstance(e, DeliveryQueued)] == ["sms"], "nothing to send is no paper"


def test_a_lower_desks_roster_that_comes_over_the_line_is_what_it_was_asked_for() -> None:
    w = foreseen()
    w.policy = w.policy.model_copy(update={"peers": (DOWN,)})
    fire(w, "holiday/")
    assert ("unitroster/20261220.T1", "chase") in w.timers

    def comes(n: int, text: str) -> str:
        paper = Exchange(kind="roster", number=f"r/{n}", desk="T1", title="值班表", text=text, issued_at=w.at)
        frame = ReceiveFrame(peer="down", n=n, key=f"k{n}", kind="roster", body=paper.to_text(), sent_at=w.at)
        w.handle(f"frame/down.{n}", frame, by="peer:down")
        return str(w.row(f"frame/down.{n}")["verdict"])

    assert comes(1, "2026-10-01,甲,乙,1") == "kept", "days that nobody asked for wait for a person"
    assert comes(2, "一句话") == "kept"
    assert comes(3, "2026-12-19,甲,乙,1\n2026-12-20,甲,乙、丙,1\n2026-12-21,丁,戊,") == "taken"
    row = w.row("unitroster/20261220.T1")
    assert (row["status"], row["missing"], row["lines"][0]["officers"]) == ("given", ["2026-12-22"], "乙、丙")
    assert ("unitroster/20261220.T1", "chase") not in w.timers, "it is chased no more"
    assert not [stream for stream in w.states if stream.startswith("message/")]


def test_what_goes_out_unplanned_says_so() -> None:
    w = foreseen(planned=False)
    fire(w, "holiday/")
    assert not only(fire(w, "holiday/"), RosterSent).planned
    assert w.row(HOLIDAY)["planned"] is False


def test_the_silent_are_chased_and_late_stays_late() -> None:
    w = foreseen()
    fire(w, "holiday/")
    stream = next(k for k, _ in w.timers if k.startswith("unitroster/"))
    chases = []
    for _ in range(3):
        w.timers = {k: t for k, t in w.timers.items() if k[0] == stream}
        chases.append((only(w.fire(), RosterChased).overdue, w.at))
    assert chases == [(False, at(14, 9)), (True, at(15, 9)), (True, at(16, 9))]
    assert w.row(stream)["status"] == "overdue"
    with refused("不在"):
        w.handle(stream, GiveRoster(lines=(Line(date="2026-12-25", leader="甲", officers="乙"),)))
    with refused("带班领导"):
        w.handle(stream, GiveRoster(lines=(Line(date="2026-12-20"),)))
    made = w.handle(stream, GiveRoster(lines=(Line(date="2026-12-20", leader="甲", officers="乙、丙"),)))
    given = only(made, RosterGiven)
    assert (given.late_by, given.missing) == (DAY, ("2026-12-21", "2026-12-22"))
    assert [k for k in w.timers if k[0] == stream] == []
    w.handle(
        stream, GiveRoster(lines=tuple(Line(date=f"2026-12-{d}", leader="甲", officers="乙") for d in (20, 21, 22)))
    )
    assert (w.row(stream)["missing"], w.row(stream)["late_by"]) == ([], DAY)


def test_a_unit_nobody_asked_gives_nothing() -> None:
    with refused("没有向"):
        staffed().handle("unitroster/x.T1", GiveRoster(lines=(Line(date="2026-12-20", leader="甲", officers="乙"),)))


def test_pasted_or_as_a_file_with_every_mistake_by_its_line() -> None:
    assert from_text("2026/12/20\t甲\t乙、丙\t0532\n2026-12-21,丁,戊")[0] == Line(
        date="2026-12-20", leader="甲", officers="乙、丙", phone="0532"
    )
    assert from_file("a.csv", "日期,带班领导,值班人员,电话\n2026-12-20,甲,乙,1\n".encode())[0].leader == "甲"
    with pytest.raises(ConfigError) as error:
        from_text("2026-13-20,甲,乙\n2026-12-20,甲,乙\n2026-12-20,=甲,乙\n2026-12-20,甲,丙")
    assert [
        "第1行" in error.value.problems[0],
        "第3行" in error.value.problems[1],
        "两次" in error.value.problems[2],
    ] == [True] * 3
    with pytest.raises(ConfigError, match="没有一行"):
        from_text("\n")
