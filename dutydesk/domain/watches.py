"""The watch (班次): who is on duty from when to when. Its end starts the next one and asks for the summary circular."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

from apscheduler.triggers.cron import CronTrigger

from dutydesk.clock import from_datetime, to_datetime
from dutydesk.domain.circulars import RequestCircular
from dutydesk.domain.readings import Value
from dutydesk.domain.rules import Shift
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Event,
    Fire,
    Look,
    Priority,
    Row,
    SetTimer,
)
from dutydesk.errors import Refused


class Term(Value):
    """A shift at a date: its stream id, name and bounds (instants)."""

    id: str
    name: str
    starts_at: int
    ends_at: int
    leader: str = ""
    officers: tuple[str, ...] = ()


class StartWatch(Command):
    """Begin the watch `term`; `former` is the one that ended."""

    term: Term
    former: str | None = None


class JoinWatch(Command):
    """An officer takes the seat."""

    username: str
    as_leader: bool = False


class LeaveWatch(Command):
    username: str


class EndWatch(Command):
    """Hand over now rather than at the set time."""

    note: str = ""


class WatchStarted(Event):
    term: Term
    former: str | None = None
    late_by: int = 0


class OfficerJoined(Event):
    username: str
    as_leader: bool = False
    by: str = ""


class OfficerLeft(Event):
    username: str
    by: str = ""


class WatchEnded(Event):
    """Over. `next` begins in the same instant; `late_by` microseconds when the set time passed unseen."""

    private: ClassVar[frozenset[str]] = frozenset({"note"})
    ended_at: int
    by: str
    note: str = ""
    early: bool = False
    late_by: int = 0
    term: Term
    next: Term


@dataclass(frozen=True, slots=True)
class Watch:
    started: WatchStarted | None = None
    officers: tuple[str, ...] = ()
    leader: str = ""
    ended: WatchEnded | None = None


def term_at(shifts: tuple[Shift, ...], at: int) -> Term:
    """The shift that holds at an instant. Raises Refused when none is configured."""
    begun = [(start, shift) for shift in shifts if (start := _last_start(shift, at)) is not None]
    if not begun:
        raise Refused("没有配置班次")
    start, shift = max(begun, key=lambda pair: pair[0])
    return _term(shifts, shift, start)


def _term(shifts: tuple[Shift, ...], shift: Shift, start: int) -> Term:
    ends = min(_next_start(other, start) for other in shifts)
    moment = to_datetime(start)
    number = [s.name for s in shifts].index(shift.name) + 1
    return Term(
        id=f"{moment:%Y%m%d}-{number}",
        name=shift.name,
        starts_at=start,
        ends_at=ends,
        leader=shift.leader,
        officers=shift.officers,
    )


def _next_start(shift: Shift, after: int) -> int:
    trigger = CronTrigger.from_crontab(shift.starts, timezone="Asia/Shanghai")
    moment = trigger.get_next_fire_time(None, to_datetime(after + 1_000_000))
    return from_datetime(moment)


def _last_start(shift: Shift, at: int) -> int | None:
    """The last start not after `at`, looking back a fortnight (a weekly duty exists)."""
    trigger = CronTrigger.from_crontab(shift.starts, timezone="Asia/Shanghai")
    for days in (1, 2, 8, 15):
        moment = trigger.get_next_fire_time(None, to_datetime(at) - timedelta(days=days))
        last = None
        while moment and from_datetime(moment) <= at:
            last, moment = moment, trigger.get_next_fire_time(moment, moment + timedelta(microseconds=1))
        if last:
            return from_datetime(last)
    return None


def facts(look: Look, _state: Watch, command: Command) -> bool:
    """For a start: whether another watch is current."""
    return isinstance(command, StartWatch) and any(f.open for f in look.by_ref("watch.current", "1"))


def decide(state: Watch, command: Command, context: Context[bool]) -> list[Event]:
    match command:
        case StartWatch():
            if state.started or context.facts:
                return []
            late = max(0, context.at - command.term.starts_at) if command.former else 0
            return [WatchStarted(term=command.term, former=command.former, late_by=late)]
        case JoinWatch() if state.started and not state.ended:
            return [OfficerJoined(username=command.username, as_leader=command.as_leader, by=context.by)]
        case LeaveWatch() if command.username in (*state.officers, state.leader) and not state.ended:
            return [OfficerLeft(username=command.username, by=context.by)]
        case EndWatch():
            return [_end(state, context, command.note, early=True)]
        case Fire(name="change") if state.started and not state.ended:
            return [_end(state, context, "", early=False)]
    return []


def _end(state: Watch, context: Context[bool], note: str, *, early: bool) -> WatchEnded:
    if state.started is None or state.ended:
        raise Refused("这个班次没有开始,或已经结束")
    term = state.started.term
    following = _following(context.rules.shifts, term, context.at if early else term.ends_at)
    late = 0 if early else max(0, context.at - term.ends_at)
    return WatchEnded(
        ended_at=context.at, by=context.by, note=note, early=early, late_by=late, term=term, next=following
    )


def _following(shifts: tuple[Shift, ...], term: Term, at: int) -> Term:
    """The next shift. Handed over early, it begins now and keeps its own set end."""
    regular = term_at(shifts, max(at, term.ends_at))
    if regular.id != term.id and at >= regular.starts_at:
        return regular
    return regular.model_copy(update={"starts_at": at})


def evolve(state: Watch, event: Event) -> Watch:
    match event:
        case WatchStarted():
            return replace(state, started=event, officers=event.term.officers, leader=event.term.leader)
        case OfficerJoined():
            leader = event.username if event.as_leader else state.leader
            return replace(state, leader=leader, officers=tuple(dict.fromkeys((*state.officers, event.username))))
        case OfficerLeft():
            leader = "" if state.leader == event.username else state.leader
            return replace(state, leader=leader, officers=tuple(o for o in state.officers if o != event.username))
        case WatchEnded():
            return replace(state, ended=event)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case WatchStarted():
            return [SetTimer("change", event.term.ends_at, Priority.WORK)]
        case WatchEnded():
            circular = RequestCircular(
                watch=id, name=event.term.name, starts_at=event.term.starts_at, ends_at=event.ended_at, note=event.note
            )
            following = _distinct(event.next, id)
            return [
                CancelTimer("change"),
                Ask(f"watch/{following.id}", StartWatch(term=following, former=id)),
                Ask(f"circular/{id}", circular),
            ]
    return []


def _distinct(term: Term, former: str) -> Term:
    """A shift handed over twice within its own hours gets a suffix: no stream is begun twice."""
    return term.model_copy(update={"id": f"{former}+"}) if former.startswith(term.id) else term


def project(id: str, state: Watch) -> Row | None:
    if state.started is None:
        return None
    term = state.started.term
    body = {
        "name": term.name,
        "starts_at": term.starts_at,
        "ends_at": term.ends_at,
        "leader": state.leader,
        "officers": list(state.officers),
        "former": state.started.former,
        "ended_at": state.ended.ended_at if state.ended else None,
        "ended_by": state.ended.by if state.ended else "",
        "note": state.ended.note if state.ended else "",
    }
    current = state.ended is None
    return Row(body, open=current, refs=(("watch.current", "1"),) if current else ())


book = Book(
    kind="watch",
    blank=Watch(),
    events=(WatchStarted, OfficerJoined, OfficerLeft, WatchEnded),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
