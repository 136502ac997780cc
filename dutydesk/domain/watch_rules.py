"""How a watch begins, who sits in it, and when it may end: the roster says who comes, and who goes stays until both sides confirmed.

Rule 18: the handover opens ten minutes before the set end; the outgoing watch stays responsible until it and the incoming one agree.
Where the same people go on there is nobody to agree with, and the watch changes by itself.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from dutydesk.clock import MINUTE
from dutydesk.domain.circulars import RequestCircular
from dutydesk.domain.handovers import FinishHandover, NoteUnconfirmed, OpenHandover
from dutydesk.domain.linetests import TestLines
from dutydesk.domain.roster_policy import RosterRules
from dutydesk.domain.rosters import Duty, leaders_of, on_watch
from dutydesk.domain.rules import Shift
from dutydesk.domain.shifts import Term, term_at
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
from dutydesk.domain.watches import (
    BeginHandover,
    EndWatch,
    Handed,
    HandOver,
    HandoverDue,
    JoinWatch,
    LeaveWatch,
    NoteWatch,
    OfficerJoined,
    OfficerLeft,
    Relieve,
    StartWatch,
    WatchEnded,
    WatchHeld,
    WatchNoted,
    WatchStarted,
)
from dutydesk.errors import Refused

SHOWN_NOTES = 50
OLDEST_NOTE = 24 * 60 * MINUTE  # a note about what happened longer ago belongs to another watch


@dataclass(frozen=True, slots=True)
class Watch:
    started: WatchStarted | None = None
    officers: tuple[str, ...] = ()
    leader: str = ""
    leaders: tuple[str, ...] = ()
    notes: tuple[WatchNoted, ...] = ()
    handover: HandoverDue | None = None
    held: WatchHeld | None = None
    ended: WatchEnded | None = None

    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, (self.leader, *self.leaders, *self.officers))))


class Facts(NamedTuple):
    """Whether another watch is current; the term to begin, or to come after, staffed by the roster; whether it is rostered; who is away."""

    taken: bool = False
    term: Term | None = None
    rostered: bool = False
    away: tuple[str, ...] = ()


def facts(look: Look, state: Watch, command: Command) -> Facts:
    match command:
        case StartWatch():
            term, rostered = staffed(look, command.term)
            return Facts(any(f.open for f in look.by_ref("watch.current", "1")), term, rostered)
        case JoinWatch():
            return Facts(away=tuple(absent(look)))
        case BeginHandover() | EndWatch() | HandOver() | Fire() if state.started and not state.ended:
            early = not isinstance(command, Fire)
            term = state.started.term
            at = max(look.at, term.ends_at) if state.held else look.at if early else term.ends_at
            return Facts(False, *staffed(look, following(look.rules.shifts, term, at)))
    return Facts()


def absent(look: Look) -> dict[str, str]:
    """Who is on leave at this instant, and their stand-in ("" where there is none)."""
    found = look.by_ref("leave.approved", "1", 500)
    return {f.body["person"]: f.body["stand_in"] for f in found if f.body["starts_at"] <= look.at < f.body["ends_at"]}


def staffed(look: Look, term: Term) -> tuple[Term, bool]:
    """A term with the people whom the roster names for it, and whether it names any; those on leave make way for their stand-ins."""
    found = on_watch(look, term.ends_at - 1)  # its last instant: handed over early it begins before its duty
    away = absent(look)
    if found is None:
        return _without(term, away), False
    return _without(seated(term, Duty.model_validate(found), look.rules.roster), away), True


def seated(term: Term, duty: Duty, rules: RosterRules) -> Term:
    """A term with a duty's people."""
    leaders = leaders_of(duty.seats, rules)
    return term.model_copy(
        update={
            "leader": leaders[0] if leaders else "",
            "leaders": leaders,
            "officers": tuple(person for person in duty.people() if person not in leaders),
            "posts": tuple((seat.post, seat.person) for seat in duty.seats),
        }
    )


def _without(term: Term, away: dict[str, str]) -> Term:
    if not away.keys() & set(term.people()):
        return term
    leaders = _swapped(term.leaders or (term.leader,), away)
    posts = tuple((post, away.get(person, person)) for post, person in term.posts)
    return term.model_copy(
        update={
            "leader": leaders[0] if leaders else "",
            "leaders": leaders if term.leaders else (),
            "officers": _swapped(term.officers, away),
            "posts": tuple(seat for seat in posts if seat[1]),
        }
    )


def _swapped(people: tuple[str, ...], away: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (away.get(person, person) for person in people))))


def following(shifts: tuple[Shift, ...], term: Term, at: int) -> Term:
    """The next shift. Handed over early, it begins now and keeps its own set end."""
    regular = term_at(shifts, max(at, term.ends_at))
    if regular.id != term.id and at >= regular.starts_at:
        return regular.model_copy(update={"starts_at": at}) if at > term.ends_at else regular
    return regular.model_copy(update={"starts_at": at})


def decide(state: Watch, command: Command, context: Context[Facts]) -> list[Event]:
    if isinstance(command, StartWatch):
        return _start(state, command, context)
    if isinstance(command, (EndWatch, HandOver)) and (state.started is None or state.ended):
        raise Refused("这个班次没有开始,或已经结束")
    if state.started is None or state.ended:
        return []
    match command:
        case JoinWatch():
            if command.username in context.facts.away:
                raise Refused("正在请假,不能接班;要回来值班请先销假")
            return [OfficerJoined(username=command.username, as_leader=command.as_leader, by=context.by)]
        case LeaveWatch() if command.username in state.people():
            return [OfficerLeft(username=command.username, by=context.by)]
        case Relieve():
            return _relieved(state, command, context.by)
        case NoteWatch():
            return [_noted(command, context)]
        case _:
            return _ending(state, command, context)


def _start(state: Watch, command: StartWatch, context: Context[Facts]) -> list[Event]:
    if state.started or context.facts.taken:
        return []
    term = context.facts.term or command.term
    late = max(0, context.at - term.starts_at) if command.former else 0
    handover_at = term.ends_at - context.rules.roster.handover_minutes * MINUTE
    return [WatchStarted(term=term, former=command.former, late_by=late, handover_at=handover_at)]


def _relieved(state: Watch, command: Relieve, by: str) -> list[Event]:
    gone = [name for name in command.out if name in state.people()]
    leading = any(name in (state.leader, *state.leaders) for name in gone)
    come = [name for name in command.into if name not in state.people()]
    joined = [OfficerJoined(username=name, as_leader=leading, by=by) for name in come]
    return [*(OfficerLeft(username=name, by=by) for name in gone), *joined]


def _noted(command: NoteWatch, context: Context[Facts]) -> WatchNoted:
    at = command.happened_at if command.happened_at is not None else context.at
    if not command.text.strip():
        raise Refused("记事不能为空")
    if at > context.at + MINUTE:
        raise Refused("记事的时间在将来")
    if at < context.at - OLDEST_NOTE:
        raise Refused("记事的时间太早,一天以前的事请记到那一班")
    return WatchNoted(text=command.text.strip(), happened_at=at - at % MINUTE, by=context.by)


def _ending(state: Watch, command: Command, context: Context[Facts]) -> list[Event]:
    waiting = _must_agree(state, context.facts)
    match command:
        case Fire(name="handover") | BeginHandover() if state.handover is None:
            return [_due(state, context)]
        case Fire(name="change"):
            if not waiting:
                return [_ended(state, context, "", "alone", early=False)]
            return [*([] if state.handover else [_due(state, context)]), _held(state, context)]
        case HandOver():
            return [_ended(state, context, command.note, "both", early=not state.held)]
        case EndWatch():
            if waiting and not (command.chief and command.note.strip()):
                raise Refused("接班的是另一些人:请在交接屏由交班、接班双方确认;带班领导可以写明理由直接交接")
            return [_ended(state, context, command.note, "ordered" if waiting else "alone", early=not state.held)]
    return []


def _must_agree(state: Watch, known: Facts) -> bool:
    """Whether there are two sides: others come than those who go. A rostered duty that nobody fills relieves nobody."""
    coming = set(known.term.people()) if known.term else set()
    if not state.people():
        return False
    return not coming <= set(state.people()) or (known.rostered and not coming)


def _due(state: Watch, context: Context[Facts]) -> HandoverDue:
    assert state.started is not None
    assert context.facts.term is not None
    return HandoverDue(term=state.started.term, next=context.facts.term, outgoing=state.people(), at=context.at)


def _held(state: Watch, context: Context[Facts]) -> WatchHeld:
    assert state.started is not None
    ends_at = state.started.term.ends_at
    return WatchHeld(ends_at=ends_at, late_by=max(0, context.at - ends_at))


def _ended(state: Watch, context: Context[Facts], note: str, handed: Handed, *, early: bool) -> WatchEnded:
    assert state.started is not None
    assert context.facts.term is not None
    term = state.started.term
    return WatchEnded(
        ended_at=context.at,
        by=context.by,
        note=note,
        early=early and context.at < term.ends_at,
        late_by=0 if early else max(0, context.at - term.ends_at),
        term=term,
        next=context.facts.term,
        handed=handed,
        outgoing=state.people(),
    )


def evolve(state: Watch, event: Event) -> Watch:
    match event:
        case WatchStarted():
            term = event.term
            return replace(state, started=event, officers=term.officers, leader=term.leader, leaders=term.leaders)
        case OfficerJoined():
            return _joined(state, event)
        case OfficerLeft():
            leaders = tuple(name for name in state.leaders if name != event.username)
            leader = (leaders[0] if leaders else "") if state.leader == event.username else state.leader
            officers = tuple(name for name in state.officers if name != event.username)
            return replace(state, leader=leader, leaders=leaders, officers=officers)
        case WatchNoted():
            return replace(state, notes=(*state.notes, event)[-SHOWN_NOTES:])
        case HandoverDue():
            return replace(state, handover=event)
        case WatchHeld():
            return replace(state, held=event)
        case WatchEnded():
            return replace(state, ended=event)
    return state


def _joined(state: Watch, event: OfficerJoined) -> Watch:
    leader = event.username if event.as_leader else state.leader
    leaders = tuple(dict.fromkeys((*state.leaders, event.username))) if event.as_leader and state.leaders else ()
    officers = tuple(dict.fromkeys((*state.officers, event.username)))
    return replace(state, leader=leader, leaders=leaders or state.leaders, officers=officers)


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case WatchStarted():
            change = SetTimer("change", event.term.ends_at, Priority.WORK)
            if event.handover_at is None:
                return [change]
            return [SetTimer("handover", event.handover_at, Priority.WORK), change]
        case HandoverDue():
            opening = OpenHandover(term=event.term, next=event.next, outgoing=event.outgoing)
            lines = Ask(f"linetest/{id}", TestLines(why="handover"))
            return [CancelTimer("handover"), lines, Ask(f"handover/{id}", opening)]
        case WatchHeld():
            return [Ask(f"handover/{id}", NoteUnconfirmed(ends_at=event.ends_at))]
        case WatchEnded():
            return _after(id, event)
    return []


def _after(id: str, event: WatchEnded) -> list[Act]:
    circular = RequestCircular(
        watch=id, name=event.term.name, starts_at=event.term.starts_at, ends_at=event.ended_at, note=event.note
    )
    coming = _distinct(event.next, id)
    acts: list[Act] = [
        CancelTimer("handover"),
        CancelTimer("change"),
        Ask(f"watch/{coming.id}", StartWatch(term=coming, former=id)),
        Ask(f"circular/{id}", circular),
    ]
    if event.handed in ("alone", "ordered"):
        finish = FinishHandover(
            term=event.term, next=event.next, outgoing=event.outgoing, how=event.handed, note=event.note
        )
        acts.append(Ask(f"handover/{id}", finish))
    return acts


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
        "leaders": list(state.leaders),
        "officers": list(state.officers),
        "posts": [list(seat) for seat in term.posts],
        "notes": [note.model_dump(mode="json") for note in state.notes],
        "handover": bool(state.handover),
        "held_at": state.held.ends_at if state.held else None,
        "former": state.started.former,
        "ended_at": state.ended.ended_at if state.ended else None,
        "ended_by": state.ended.by if state.ended else "",
        "handed": state.ended.handed if state.ended else "",
        "note": state.ended.note if state.ended else "",
    }
    current = state.ended is None
    return Row(body, open=current, refs=(("watch.current", "1"),) if current else ())


book = Book(
    kind="watch",
    blank=Watch(),
    events=(
        WatchStarted,
        OfficerJoined,
        OfficerLeft,
        WatchNoted,
        HandoverDue,
        WatchHeld,
        WatchEnded,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
