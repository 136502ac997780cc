"""How a dispatch goes round after round: the former table is closed when the next begins, a person or the end of the incident ends it."""

from typing import Any, NamedTuple

from dutydesk.clock import MINUTE, to_datetime
from dutydesk.domain.dispatches import (
    AskAgain,
    DispatchEnded,
    DispatchRoundBegun,
    DispatchStarted,
    DispatchUnitsSet,
    EndDispatch,
    SetUnits,
    StartDispatch,
)
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Event,
    Fire,
    Found,
    Look,
    Priority,
    Row,
    SetTimer,
)
from dutydesk.domain.verifications import AskUnits, EndRound
from dutydesk.errors import Refused


class Dispatch(NamedTuple):
    started: DispatchStarted | None = None
    units: tuple[str, ...] = ()
    rounds: tuple[DispatchRoundBegun, ...] = ()
    ended: DispatchEnded | None = None


class DispatchFacts(NamedTuple):
    """`number` for a new one, `id` of the stream's rounds, and the incident as it stands."""

    number: str = ""
    incident: Found | None = None


def facts(look: Look, state: Dispatch, command: Command) -> DispatchFacts:
    incident = command.incident if isinstance(command, StartDispatch) else state.started and state.started.incident
    found = look.row("incident", incident) if incident else None
    if not isinstance(command, StartDispatch):
        return DispatchFacts(incident=found)
    year = to_datetime(look.at).strftime("%Y")
    return DispatchFacts(f"{year}-{look.count(f'dispatch:{year}'):03d}", found)


def decide(state: Dispatch, command: Command, context: Context[DispatchFacts]) -> list[Event]:
    if isinstance(command, StartDispatch):
        started = _started(state, command, context)
        return [started, *_round(evolve(state, started), started, 0, context)]
    started_before = state.started
    if started_before is None:
        raise Refused("没有这次调度")
    if state.ended:
        return _after_the_end(command)
    match command:
        case AskAgain():
            return _round(state, started_before, 0, context)
        case SetUnits():
            return [DispatchUnitsSet(units=_known(command.units, context), by=context.by)]
        case EndDispatch():
            return [_ended(state, command.reason, context)]
        case Fire(name="round"):
            return _round(state, started_before, max(0, context.at - command.due_at), context)
    return []


def _after_the_end(command: Command) -> list[Event]:
    if isinstance(command, Fire):
        return []
    raise Refused("这次调度已经结束")


def _started(state: Dispatch, command: StartDispatch, context: Context[DispatchFacts]) -> DispatchStarted:
    if state.started:
        raise Refused("这次调度已经开始")
    if not command.text.strip():
        raise Refused("请写明调度什么")
    incident = context.facts.incident
    if incident and incident.drill != context.drill:
        raise Refused("演练与真实事件不能混在一起调度")
    return DispatchStarted(
        **command.model_dump(include={"text", "every_minutes", "incident"}),
        units=_known(command.units, context),
        number=context.facts.number,
        started_at=context.at,
        division=context.rules.desk.division,
        by=context.by,
    )


def _known(units: tuple[str, ...], context: Context[DispatchFacts]) -> tuple[str, ...]:
    if strange := [code for code in units if code not in context.directory.unit_by_code]:
        raise Refused(f"通讯录里没有这个单位:{'、'.join(strange)}")
    if not units:
        raise Refused("请至少选一个单位")
    return tuple(dict.fromkeys(units))


def _round(state: Dispatch, started: DispatchStarted, late_by: int, context: Context[DispatchFacts]) -> list[Event]:
    """The next round; an end instead where the incident is over or nobody of the list is in the directory any more."""
    incident = context.facts.incident
    units = tuple(unit for unit in state.units if unit in context.directory.unit_by_code)
    if (incident and not incident.open) or not units:
        return [_ended(state, "closed" if units else "nobody", context)]
    n = len(state.rounds) + 1
    return [
        DispatchRoundBegun(
            round=n,
            verification=f"{started.number}-{n}",
            former=state.rounds[-1].verification if state.rounds else "",
            text=context.rules.phrase("dispatch_round", text=started.text, round=n),
            units=units,
            incident=started.incident,
            at=context.at,
            next_at=context.at + started.every_minutes * MINUTE,
            late_by=late_by,
        )
    ]


def _ended(state: Dispatch, reason: str, context: Context[DispatchFacts]) -> DispatchEnded:
    last = state.rounds[-1].verification if state.rounds else ""
    return DispatchEnded(reason=reason, last=last, by=context.by, at=context.at)


def evolve(state: Dispatch, event: Event) -> Dispatch:
    match event:
        case DispatchStarted():
            return state._replace(started=event, units=event.units)
        case DispatchRoundBegun():
            return state._replace(rounds=(*state.rounds, event))
        case DispatchUnitsSet():
            return state._replace(units=event.units)
        case DispatchEnded():
            return state._replace(ended=event)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case DispatchRoundBegun():
            question = AskUnits(
                text=event.text,
                units=event.units,
                incident=event.incident,
                asks="report",
                dispatch=id,
                round=event.round,
            )
            timer = SetTimer("round", event.next_at, Priority.WORK)
            return [timer, *_close(event.former), Ask(f"verification/{event.verification}", question)]
        case DispatchEnded():
            return [CancelTimer("round"), *_close(event.last)]
    return []


def _close(verification: str) -> list[Act]:
    return [Ask(f"verification/{verification}", EndRound())] if verification else []


def project(_id: str, state: Dispatch) -> Row | None:
    started = state.started
    if started is None:
        return None
    last = state.rounds[-1] if state.rounds else None
    body: dict[str, Any] = {
        **started.model_dump(include={"number", "text", "every_minutes", "incident", "started_at", "by"}),
        "units": list(state.units),
        "rounds": [{"round": r.round, "verification": r.verification, "at": r.at} for r in state.rounds],
        "status": "ended" if state.ended else "running",
        "next_at": last.next_at if last and not state.ended else None,
        "reason": state.ended.reason if state.ended else "",
        "ended_at": state.ended.at if state.ended else None,
        "ended_by": state.ended.by if state.ended else "",
    }
    about = (("about", f"incident/{started.incident}"),) if started.incident else ()
    return Row(body, open=state.ended is None, division=started.division, refs=about)


book = Book(
    kind="dispatch",
    blank=Dispatch(),
    events=(DispatchStarted, DispatchRoundBegun, DispatchUnitsSet, DispatchEnded),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
