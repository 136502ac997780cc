"""Rule 18: the handover opens ten minutes before, lists what is open by itself, both sides confirm, and the outgoing watch stays
responsible until then; a shift nobody confirmed is shown and calls its leader."""

from typing import Any

from dutydesk.clock import MINUTE
from dutydesk.domain.deliveries import QueueDelivery, StartDelivery
from dutydesk.domain.handovers import (
    ConfirmHandover,
    HandoverCompleted,
    HandoverListed,
    HandoverUnconfirmed,
    Item,
    RefuseHandover,
)
from dutydesk.domain.incidents import AssignIncident, SignForIncident
from dutydesk.domain.instructions import LogInstruction
from dutydesk.domain.pages import PageStarted, PageStepStarted, StartPage
from dutydesk.domain.rosters import SetDuty
from dutydesk.domain.shifts import term_at
from dutydesk.domain.users import RemoveUser
from dutydesk.domain.verbs import Promise
from dutydesk.domain.watches import BeginHandover, EndWatch, NoteWatch, StartWatch, WatchEnded, WatchHeld, WatchStarted
from tests.domain.test_leaves import CALL
from tests.domain.test_rosters import DECEMBER, at, duties, planned
from tests.kit import LADDER, World, names, only, phone, refused, report, sms

DAY_WATCH, NIGHT_WATCH = "watch/20261210-1", "watch/20261210-2"
CARD = "handover/20261210-1"


def on_duty() -> World:
    """The day watch of 10 December by the roster, at nine; the night's people are others."""
    w = planned(
        policies={"ladder": LADDER, "call": CALL}, page_on_handover="call", page_on_held="", page_on_incident=""
    )
    for key in list(w.timers):
        del w.timers[key]
    w.at = at(10, 9)
    w.handle(DAY_WATCH, StartWatch(term=term_at(w.policy.shifts, w.at)))
    day, night = duties(w)[18], duties(w)[19]
    assert (day.id, night.id) == ("20261210-1", "20261210-2")
    assert set(night.people()) - set(day.people())
    return w


def sides(w: World) -> tuple[str, str]:
    """One who only goes, and one who only comes."""
    day, night = duties(w)[18].people(), duties(w)[19].people()
    return next(p for p in day if p not in night), next(p for p in night if p not in day)


def fire(w: World) -> list[Any]:
    """The next timer of the watch."""
    others = {k: t for k, t in w.timers.items() if k[0] != DAY_WATCH}
    for key in others:
        del w.timers[key]
    made = w.fire()
    w.timers |= others
    return made


def test_rule_18_it_opens_ten_minutes_before_and_both_confirm() -> None:
    w = on_duty()
    gone, come = sides(w)
    fire(w)
    assert w.at == at(10, 16, 50)
    assert w.row(CARD)["status"] == "open"
    w.handle(CARD, ConfirmHandover(side="outgoing", note="胶州盯退水"), by=f"user:{gone}")
    assert w.row(CARD)["status"] == "half"
    assert w.is_open(DAY_WATCH)
    w.at += 3 * MINUTE
    made = w.handle(CARD, ConfirmHandover(side="incoming"), by=f"user:{come}")
    ended = only(made, WatchEnded)
    assert (ended.handed, ended.note, ended.ended_at) == ("both", "胶州盯退水", at(10, 16, 53))
    assert only(made, WatchStarted).term.people() == duties(w)[19].people()
    assert (w.row(CARD)["status"], w.is_open(CARD)) == ("completed", False)
    assert w.row(NIGHT_WATCH)["ends_at"] == at(11, 8, 30)
    with refused("已经交接完毕"):
        w.handle(CARD, ConfirmHandover(side="incoming"), by=f"user:{come}")


def test_rule_18_the_outgoing_watch_stays_responsible_until_both_confirmed() -> None:
    w = on_duty()
    gone, come = sides(w)
    fire(w)
    made = fire(w)
    assert w.at == at(10, 17)
    only(made, WatchHeld)
    missed = only(made, HandoverUnconfirmed)
    assert missed.missing == ("outgoing", "incoming")
    called = {call.callee for call in only(made, PageStepStarted).calls}
    assert called == {f"user:{p}" for p in duties(w)[18].people()}, (
        "the leader is called, and the page goes to who is still on watch"
    )
    assert w.is_open(DAY_WATCH)
    assert w.row(DAY_WATCH)["held_at"] == at(10, 17)
    w.at = at(10, 17, 20)
    page = only(w.handle("page/x", StartPage(policy="call", subject="x")), PageStepStarted)
    assert f"user:{come}" not in {call.callee for call in page.calls}
    w.handle(CARD, ConfirmHandover(side="incoming"), by=f"user:{come}")
    done = w.handle(CARD, ConfirmHandover(side="outgoing"), by=f"user:{gone}")
    assert only(done, HandoverCompleted).late_by == 20 * MINUTE
    assert (only(done, WatchEnded).late_by, only(done, WatchEnded).early) == (20 * MINUTE, False)
    assert "PageCancelled" in names(done)
    assert only(done, WatchStarted).term.starts_at == at(10, 17, 20)


def test_refusing_has_a_reason_is_recorded_and_calls_the_leader() -> None:
    w = on_duty()
    gone, come = sides(w)
    fire(w)
    w.handle(CARD, ConfirmHandover(side="outgoing"), by=f"user:{gone}")
    with refused("理由"):
        w.handle(CARD, RefuseHandover(side="incoming", reason=" "), by=f"user:{come}")
    made = w.handle(CARD, RefuseHandover(side="incoming", reason="传真机坏了没有说"), by=f"user:{come}")
    assert "传真机" in only(made, PageStarted).subject
    assert (w.row(CARD)["status"], w.row(CARD)["refused"][0]["reason"]) == ("refused", "传真机坏了没有说")
    assert w.is_open(DAY_WATCH)
    only(w.handle(CARD, ConfirmHandover(side="incoming"), by=f"user:{come}"), WatchEnded)


def test_each_side_speaks_for_itself_and_two_people_speak() -> None:
    w = on_duty()
    gone, come = sides(w)
    with refused("还没有开始"):
        w.handle(CARD, ConfirmHandover(side="outgoing"), by=f"user:{gone}")
    w.handle(DAY_WATCH, BeginHandover(), by=f"user:{gone}")
    with refused("不在交班"):
        w.handle(CARD, ConfirmHandover(side="outgoing"), by=f"user:{come}")
    with refused("不在接班"):
        w.handle(CARD, ConfirmHandover(side="incoming"), by=f"user:{gone}")
    w.handle(CARD, ConfirmHandover(side="outgoing", chief=True), by="user:wang")
    with refused("已经确认"):
        w.handle(CARD, ConfirmHandover(side="outgoing"), by=f"user:{gone}")
    with refused("两个人"):
        w.handle(CARD, ConfirmHandover(side="incoming", chief=True), by="user:wang")
    w.handle(CARD, ConfirmHandover(side="incoming"), by=f"user:{come}")


def test_who_comes_is_asked_of_the_roster_at_that_moment() -> None:
    w = on_duty()
    gone, _ = sides(w)
    fire(w)
    night = duties(w)[19]
    fresh = next(p for p in ("officer", "zhang", "li", "zhao") if p not in night.people() and p != gone)
    seat = next(s for s in night.seats if s.post != "leader")
    w.handle(DECEMBER, SetDuty(duty=night.id, post=seat.post, people=(fresh,)))
    w.handle(CARD, ConfirmHandover(side="outgoing"), by=f"user:{gone}")
    made = w.handle(CARD, ConfirmHandover(side="incoming"), by=f"user:{fresh}")
    assert fresh in only(made, WatchStarted).term.people()


def test_one_person_cannot_end_it_where_others_come_but_a_chief_can_with_a_reason() -> None:
    w = on_duty()
    gone, _ = sides(w)
    with refused("双方确认"):
        w.handle(DAY_WATCH, EndWatch(note="走了"), by=f"user:{gone}")
    with refused("双方确认"):
        w.handle(DAY_WATCH, EndWatch(chief=True), by="user:chief")
    made = w.handle(DAY_WATCH, EndWatch(note="接班人员已到,台账待补", chief=True), by="user:chief")
    assert only(made, WatchEnded).handed == "ordered"
    assert (w.row(CARD)["how"], w.row(CARD)["status"]) == ("ordered", "completed")


def test_a_rostered_gap_relieves_nobody() -> None:
    w = on_duty()
    for seat in duties(w)[19].seats:
        w.handle(DECEMBER, SetDuty(duty="20261210-2", post=seat.post, people=()))
    fire(w)
    only(fire(w), WatchHeld)
    gone = duties(w)[18].people()[0]
    w.handle(CARD, ConfirmHandover(side="outgoing"), by=f"user:{gone}")
    stranger = next(p for p in ("officer", "zhang", "li", "zhao") if p not in duties(w)[18].people())
    only(w.handle(CARD, ConfirmHandover(side="incoming"), by=f"user:{stranger}"), WatchEnded)


def listed(w: World) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in w.row(CARD)["items"]:
        found.setdefault(item["kind"], []).append(Item.model_validate(item))
    return found


def test_rule_18_what_is_open_is_listed_by_itself() -> None:
    w = on_duty()
    w.say("m1", "仓库着火", "+8612000001020")
    w.handle("instruction/b", LogInstruction(text="全力搜救", leader="L1", said_at=w.at), by="user:chief")
    w.handle("page/p", StartPage(policy="call", subject="请签收"))
    w.handle("message/m2", sms("???", phone(1)))
    once = QueueDelivery(
        how="sms", to="+8612000001020", text="上报", purpose="alarm", about="x/1", promise=Promise.ONCE
    )
    w.handle("delivery/o", once)
    w.handle("delivery/o", StartDelivery())
    w.handle(DAY_WATCH, NoteWatch(text="14时与气象台核对雨情"), by="user:li")
    fire(w)
    found = listed(w)
    assert {"instruction", "page", "message", "note"} <= found.keys()
    assert found["instruction"][0].title.endswith("全力搜救")
    assert found["note"][0].title == "14时与气象台核对雨情"
    assert "delivery" not in found, "one on its way is no burden"
    assert {h["kind"]: h["open"] for h in w.row(CARD)["heaps"]}["note"] == 1


def test_a_person_who_left_with_open_items_is_marked_and_what_changed_is_listed_again() -> None:
    w = on_duty()
    gone, come = sides(w)
    w.say("m1", "仓库着火,5伤2重伤", phone(1), report(injured=2, seriously_injured=5))
    (incident,) = [k[1] for k in w.rows if k[0] == "incident"]
    w.handle(f"incident/{incident}", SignForIncident(), by="user:li")
    w.handle(f"incident/{incident}", AssignIncident(to="zhao"), by="user:li")
    fire(w)
    assert listed(w)["incident"][0].marks == ("disputed",)
    w.handle("user/zhao", RemoveUser())
    made = w.handle(CARD, ConfirmHandover(side="outgoing"), by=f"user:{gone}")
    only(made, HandoverListed)
    assert listed(w)["incident"][0].marks == ("disputed", "owner_gone")
    made = w.handle(CARD, ConfirmHandover(side="incoming"), by=f"user:{come}")
    assert not [e for _s, e in made if isinstance(e, HandoverListed)], "nothing changed since"


def test_rows_of_a_drill_are_nobodys_burden_and_a_long_list_is_counted() -> None:
    w = on_duty()
    for n in range(70):
        w.handle(f"instruction/{n}", LogInstruction(text=f"第{n}条", leader="L1", said_at=w.at), by="user:chief")
    w.handle("page/d", StartPage(policy="call", subject="演练"), drill=True)
    fire(w)
    assert len(listed(w)["instruction"]) == 60
    assert {h["kind"]: h["open"] for h in w.row(CARD)["heaps"]}["instruction"] == 70
    assert "page" not in listed(w)


def test_rule_19_a_note_is_to_the_minute_and_of_this_watch() -> None:
    w = on_duty()
    w.handle(DAY_WATCH, NoteWatch(text=" 巡查机房 ", happened_at=w.at - 90 * 1_000_000), by="user:li")
    (note,) = w.row(DAY_WATCH)["notes"]
    assert (note["text"], note["happened_at"] % MINUTE, note["by"]) == ("巡查机房", 0, "user:li")
    for wrong, words in ((w.at + 5 * MINUTE, "将来"), (w.at - 48 * 60 * MINUTE, "太早")):
        with refused(words):
            w.handle(DAY_WATCH, NoteWatch(text="x", happened_at=wrong))
    with refused("不能为空"):
        w.handle(DAY_WATCH, NoteWatch(text=" "))
