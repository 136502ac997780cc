"""Rule 17: leave and swaps, a day ahead or two on holidays, approved by a leader, with a stand-in found by rule.

Who is away is never called."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from dutydesk.clock import DAY, HOUR
from dutydesk.domain.deliveries import DeliveryQueued
from dutydesk.domain.leaves import ApproveLeave, LeaveRequested, RefuseLeave, RequestLeave, WithdrawLeave
from dutydesk.domain.pages import PageStepStarted, StartPage
from dutydesk.domain.roster_policy import Period
from dutydesk.domain.rosters import Duty, DutyChanged, PlanRoster
from dutydesk.domain.rules import Policy, Step
from dutydesk.domain.shifts import term_at
from dutydesk.domain.users import AddUser
from dutydesk.domain.watches import JoinWatch, OfficerJoined, StartWatch
from tests.domain.test_rosters import DECEMBER, ROSTER, at, duties, planned, staffed
from tests.kit import LADDER, World, only, refused, rules

YES = ApproveLeave(role="shift_leader", note="同意")
CALL = Policy(name="call", steps=(Step(who=("watch", "watch_leader"), how=("sms",), answer_within=5),), at_top="stop")


def asks(w: World, person: str, first: int, last: int, **more: Any) -> LeaveRequested:
    wish = RequestLeave(person=person, starts_at=first, ends_at=last, reason="探亲", **more)
    made: LeaveRequested = only(w.handle("leave/1", wish, by=f"user:{person}"), LeaveRequested)
    return made


def test_rule_17_a_stand_in_is_found_for_every_duty_and_takes_it_when_a_leader_approves() -> None:
    w = planned()
    mine = [d for d in duties(w) if "zhang" in d.people() and at(10) <= d.starts_at < at(14)]
    asked = asks(w, "zhang", at(10), at(14))
    assert [need.duty for need in asked.needs] == [d.id for d in mine]
    assert all(need.stand_in not in ("", "zhang") for need in asked.needs)
    assert not asked.short_notice
    assert all("zhang" in d.people() for d in duties(w) if d in mine), "nothing changes before it is approved"
    made = w.handle("leave/1", YES, by="user:chief")
    assert {e.duty for _s, e in made if isinstance(e, DutyChanged)} == {d.id for d in mine}
    for need, duty in zip(asked.needs, [d for d in duties(w) if d.id in {n.duty for n in asked.needs}], strict=True):
        assert "zhang" not in duty.people()
        assert need.stand_in in duty.people()
        assert len(set(duty.people())) == len(duty.seats)
    assert not {p["wrong"] for p in w.row(DECEMBER)["problems"]} & {"twice", "away", "unknown"}


def test_rule_17_a_day_ahead_and_two_on_holidays_or_it_says_so_and_needs_the_shift_leader() -> None:
    w = planned()
    w.at = at(10, 20)
    assert not asks(w, "zhang", at(11, 12), at(13, 0)).short_notice
    w.policy = rules(
        roster=ROSTER.model_copy(
            update={"periods": (Period(name="会", first=date(2026, 12, 11), last=date(2026, 12, 13)),)}
        )
    )
    wish = RequestLeave(person="zhang", starts_at=at(11, 12), ends_at=at(13, 0), reason="病")
    late = only(w.handle("leave/2", wish, by="user:zhang"), LeaveRequested)
    assert (late.short_notice, late.notice_days) == (True, 1)
    with refused("要由带班领导批准"):
        w.handle("leave/2", ApproveLeave(role="administrator", note="急"), by="user:admin")
    with refused("写明理由"):
        w.handle("leave/2", ApproveLeave(role="shift_leader"), by="user:chief")
    w.handle("leave/2", YES, by="user:chief")
    assert w.row("leave/2")["status"] == "approved"


def test_nobody_approves_their_own_and_a_duty_nobody_can_take_must_be_named() -> None:
    w = staffed()
    alone = tuple(p.model_copy(update={"people": p.people[:1]}) for p in ROSTER.posts)
    w.policy = rules(roster=ROSTER.model_copy(update={"posts": alone, "on_duty": 1}))
    w.handle(DECEMBER, PlanRoster(month="2026-12"))
    asked = asks(w, "chief", at(10, 0), at(10, 17))
    assert [need.stand_in for need in asked.needs] == ["", ""], "the night that reaches in, and the day"
    with refused("自己"):
        w.handle("leave/1", YES, by="user:chief")
    with refused("还没有人替"):
        w.handle("leave/1", YES, by="user:wu")
    with refused("不在册"):
        w.handle("leave/1", ApproveLeave(stand_ins={n.duty: "ghost" for n in asked.needs}), by="user:wu")
    with refused("另有班"):
        w.handle("leave/1", ApproveLeave(stand_ins={n.duty: "officer" for n in asked.needs}), by="user:wu")
    w.handle("leave/1", ApproveLeave(stand_ins={n.duty: "chen" for n in asked.needs}), by="user:wu")
    assert ["chen" in d.people() for d in duties(w) if d.id in {n.duty for n in asked.needs}] == [True, True]


def test_a_person_on_leave_is_never_paged_the_stand_in_is() -> None:
    w = planned(policies={"ladder": LADDER, "call": CALL}, page_on_incident="", page_on_held="")
    w.at = at(10, 9)
    w.handle("watch/20261210-1", StartWatch(term=term_at(w.policy.shifts, w.at)))
    away = duties(w)[18].seats[1].person
    asked = asks(w, away, w.at + HOUR, at(12))
    now = next(need for need in asked.needs if need.duty == "20261210-1")
    w.handle("leave/1", YES, by="user:wu")
    assert called(w, "1") == {f"user:{p}" for p in duties(w)[18].people()}
    assert f"user:{now.stand_in}" in called(w, "2")
    assert f"user:{away}" not in called(w, "3")
    w.at += HOUR
    with refused("正在请假"):
        w.handle("watch/20261210-1", JoinWatch(username=away))


def called(w: World, page: str) -> set[str]:
    made = w.handle(f"page/{page}", StartPage(policy="call", subject="x"))
    return {call.callee for call in only(made, PageStepStarted).calls}


def test_where_the_roster_is_silent_the_seat_goes_empty_when_the_leave_begins_and_not_before() -> None:
    w = staffed(policies={"call": CALL}, page_on_incident="", page_on_held="")
    w.handle("watch/1", StartWatch(term=term_at(w.policy.shifts, w.at)))
    asks(w, "officer", w.at + HOUR, w.at + DAY)
    w.handle("leave/1", YES, by="user:wu")
    assert "user:officer" in called(w, "1")
    w.timers = {k: t for k, t in w.timers.items() if k[0] == "leave/1"}
    w.fire()
    assert called(w, "2") == {"user:chief", "unit:DESK"}
    assert w.row("leave/1")["status"] == "away"
    w.timers = {k: t for k, t in w.timers.items() if k[0] == "leave/1"}
    w.fire()
    assert (w.row("leave/1")["status"], w.is_open("leave/1")) == ("ended", False)


def test_the_next_watch_begins_without_who_is_away() -> None:
    w = staffed()
    w.handle("watch/1", StartWatch(term=term_at(w.policy.shifts, w.at)))
    asks(w, "officer", w.at + HOUR, w.at + DAY)
    w.handle("leave/1", YES, by="user:wu")
    while not w.row("watch/1")["ended_at"]:
        w.fire()
    assert w.row("watch/20261123-2")["officers"] == []


def _swap_asked_for(w: World) -> tuple[Duty, Duty, str]:
    """Zhang's duty, the one wanted for it, and whose that is."""
    mine = next(d for d in duties(w) if d.seats[1].person == "zhang" and d.starts_at > at(10))
    theirs = next(d for d in duties(w) if "zhang" not in d.people() and d.starts_at > mine.ends_at + DAY)
    taker = next(p for p in ("officer", "li", "zhao") if p in theirs.people() and p not in mine.people())
    wish = RequestLeave(person="zhang", kind="swap", reason="家事", duty=mine.id, other=taker, other_duty=theirs.id)
    w.handle("leave/1", wish, by="user:zhang")
    return mine, theirs, taker


def test_a_swap_gives_and_takes() -> None:
    w = planned()
    mine, theirs, taker = _swap_asked_for(w)
    w.handle("leave/1", YES, by="user:chief")
    after = {d.id: d.people() for d in duties(w)}
    assert taker in after[mine.id]
    assert "zhang" in after[theirs.id]
    assert "zhang" not in after[mine.id]
    w.handle("leave/2", RequestLeave(person="zhang", starts_at=at(28), ends_at=at(29), reason="x"), by="user:zhang")
    assert ("leave.approved", "1") not in w.rows["leave", "1"][2].refs, "a swap takes nobody off the telephone"


def test_taken_back_by_who_asked_and_by_nobody_else() -> None:
    w = planned()
    asks(w, "zhang", at(10), at(14))
    with refused("本人"):
        w.handle("leave/1", WithdrawLeave(), by="user:li")
    w.handle("leave/1", YES, by="user:chief")
    w.handle("leave/1", WithdrawLeave(), by="user:zhang")
    assert w.row("leave/1")["status"] == "withdrawn"
    assert not [k for k in w.timers if k[0] == "leave/1"]
    with refused("已经"):
        w.handle("leave/1", YES, by="user:chief")


def test_refused_with_a_reason_and_the_unknown() -> None:
    w = planned()
    asks(w, "zhang", at(10), at(14))
    w.handle("leave/1", RefuseLeave(reason="人手不够"), by="user:chief")
    assert (w.row("leave/1")["status"], w.row("leave/1")["note"]) == ("refused", "人手不够")
    with refused("没有这名值班人员"):
        w.handle("leave/2", RequestLeave(person="ghost", starts_at=at(10), ends_at=at(14), reason="x"))
    with refused("已经过去"):
        w.handle("leave/2", RequestLeave(person="zhang", starts_at=1, ends_at=2, reason="x"))
    for wrong in ({"starts_at": 5, "ends_at": 4}, {"kind": "swap"}, {"starts_at": 5, "ends_at": 2**61}):
        with pytest.raises(ValidationError):
            RequestLeave.model_validate({"person": "zhang", "reason": "x"} | wrong)


def told(made: list[Any]) -> dict[str, tuple[str, str]]:
    """By person: the number and the words."""
    sent = [e for _s, e in made if isinstance(e, DeliveryQueued)]
    assert len({e.callee for e in sent}) == len(sent), "once each"
    return {e.callee.removeprefix("user:"): (e.to, e.text) for e in sent}


def test_an_approval_is_told_to_whoever_asked_with_the_stand_ins_and_to_them() -> None:
    w = planned()
    asked = asks(w, "zhang", at(10), at(14))
    heard = told(w.handle("leave/1", YES, by="user:chief"))
    assert set(heard) == {"zhang", *(need.stand_in for need in asked.needs)}
    first = asked.needs[0]
    change = f"{first.name}由{w.row(f'user/{first.stand_in}')['name']}替Zhang"
    assert heard["zhang"][0] == w.row("user/zhang")["phone"]
    assert "您的请假(12月10日12:00至12月14日12:00)已批准" in heard["zhang"][1]
    assert change in heard["zhang"][1]
    assert change in heard[first.stand_in][1]
    assert all(need.name in heard[need.stand_in][1] for need in asked.needs)
    assert {one["person"] for one in w.row("leave/1")["told"]} == set(heard)


def test_a_refusal_is_told_with_its_reason_and_who_has_no_number_is_shown_as_not_told() -> None:
    w = planned()
    asks(w, "zhang", at(10), at(14))
    heard = told(w.handle("leave/1", RefuseLeave(reason=" 人手不够 "), by="user:chief"))
    assert list(heard) == ["zhang"]
    assert "未批准,理由:人手不够" in heard["zhang"][1]
    w.handle("user/silent", AddUser(name="无号", role="officer"))
    wish = RequestLeave(person="silent", starts_at=at(10), ends_at=at(14), reason="探亲")
    w.handle("leave/2", wish, by="user:li")
    assert list(told(w.handle("leave/2", RefuseLeave(reason="再议"), by="user:chief"))) == ["li"], (
        "who asked in their name"
    )
    assert w.row("leave/2")["told"] == [{"person": "silent", "how": None}, {"person": "li", "how": "sms"}]


def test_a_swap_is_told_to_both() -> None:
    w = planned()
    *_, taker = _swap_asked_for(w)
    heard = told(w.handle("leave/1", YES, by="user:chief"))
    assert set(heard) == {"zhang", taker}
    name = w.row(f"user/{taker}")["name"]
    for _to, text in heard.values():
        assert f"由{name}替Zhang" in text
        assert f"由Zhang替{name}" in text


def test_a_leave_in_the_middle_of_a_watch_seats_the_stand_in_at_once() -> None:
    w = planned()
    w.at = at(10, 9)
    w.handle("watch/20261210-1", StartWatch(term=term_at(w.policy.shifts, w.at)))
    away = duties(w)[18].seats[2].person
    asks(w, away, w.at, at(11))
    made = w.handle("leave/1", YES, by="user:wu")
    assert only(made, OfficerJoined).username in duties(w)[18].people()
