"""How somebody gets away from a duty. Rule 17: a swap or leave is asked for a day ahead (two on holidays), the leader approves, a
substitute is found by rule; a late one says so and needs the shift leader. Who is away is never called: the stand-in is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from dutydesk.clock import DAY, to_datetime
from dutydesk.domain import leave_notices
from dutydesk.domain.holidays import special
from dutydesk.domain.leave_notices import Address
from dutydesk.domain.leaves import (
    ApproveLeave,
    LeaveApproved,
    LeaveBegan,
    LeaveEnded,
    LeaveRefused,
    LeaveRequested,
    LeaveWithdrawn,
    Need,
    RefuseLeave,
    RequestLeave,
    WithdrawLeave,
)
from dutydesk.domain.roster_policy import RosterRules
from dutydesk.domain.roster_rules import absences
from dutydesk.domain.rosters import Duty, ReplaceInDuty, duties_between
from dutydesk.domain.rotation import Staff, stand_in
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
from dutydesk.domain.watches import Relieve
from dutydesk.errors import Refused

LONGEST = 400 * DAY
AROUND = 2 * DAY  # duties this near are looked at for rest
BOOKED = 60 * DAY  # how far a swap looks for its duties


@dataclass(frozen=True, slots=True)
class Leave:
    requested: LeaveRequested | None = None
    approved: LeaveApproved | None = None
    refused: LeaveRefused | None = None
    began: LeaveBegan | None = None
    over: str = ""  # "ended" or "withdrawn"


class Facts(NamedTuple):
    """Duties around the time in question with their months, who is in service and away, and the watch under way with its people."""

    duties: tuple[tuple[str, Duty], ...] = ()
    staff: Staff = Staff(frozenset())
    names: Mapping[str, str] = MappingProxyType({})
    watch: str = ""
    sitting: tuple[str, ...] = ()
    addresses: Mapping[str, Address] = MappingProxyType({})  # of whom a decision is told

    @property
    def others(self) -> tuple[Duty, ...]:
        return tuple(duty for _month, duty in self.duties)


def facts(look: Look, state: Leave, command: Command) -> Facts:
    match command:
        case RequestLeave(kind="leave"):
            first, last = max(command.starts_at, look.at), min(command.ends_at, command.starts_at + LONGEST)
        case RequestLeave():
            first, last = look.at, look.at + BOOKED
        case ApproveLeave() if state.requested:
            first, last = state.requested.starts_at, state.requested.ends_at
        case RefuseLeave() if state.requested:
            return Facts(addresses=leave_notices.addresses(look, leave_notices.askers(state.requested)))
        case Fire() if state.approved:
            first, last = look.at, look.at + 1
        case _:
            return Facts()
    duties = tuple(duties_between(look, first - AROUND, last + AROUND))
    names = _names(look, duties, command)
    row = next((found for found in look.by_ref("watch.current", "1") if found.open), None)
    sitting = (row.body["leader"], *row.body.get("leaders", ()), *row.body["officers"]) if row else ()
    staff = Staff(frozenset(names), absences(look))
    addresses = leave_notices.addresses(look, _concerned(state.requested, command))
    return Facts(duties, staff, names, row.id if row else "", tuple(filter(None, sitting)), addresses)


def _concerned(asked: LeaveRequested | None, command: Command) -> tuple[str, ...]:
    """Whom an approval is told or names."""
    if asked is None or not isinstance(command, ApproveLeave):
        return ()
    replaced = (person for need in asked.needs for person in (need.out, need.stand_in))
    return (*leave_notices.askers(asked), *replaced, *command.stand_ins.values())


def _names(look: Look, duties: tuple[tuple[str, Duty], ...], command: Command) -> dict[str, str]:
    named = {person for _m, duty in duties for person in duty.people()}
    named |= {person for post in look.rules.roster.posts for person in post.people}
    match command:
        case RequestLeave():
            named |= {command.person, command.other} - {""}
        case ApproveLeave():
            named |= set(command.stand_ins.values()) - {""}
    return {name: row.body["name"] for name in sorted(named) if (row := look.row("user", name)) and row.open}


def decide(state: Leave, command: Command, context: Context[Facts]) -> list[Event]:
    if isinstance(command, RequestLeave):
        return [_requested(state, command, context)]
    if state.requested is None:
        raise Refused("没有这份请假")
    match command:
        case ApproveLeave():
            return [_approved(state, state.requested, command, context)]
        case RefuseLeave():
            _pending(state)
            return [_refused(state.requested, command.reason.strip(), context)]
        case WithdrawLeave():
            return [_withdrawn(state, state.requested, command, context)]
        case Fire(name="begin") if state.approved and not state.over:
            return [_began(state.requested, state.approved, context.facts)]
        case Fire(name="end") if state.approved and not state.over:
            return [LeaveEnded(at=context.at)]
    return []


def _pending(state: Leave) -> None:
    if state.approved or state.refused or state.over:
        raise Refused("这份请假已经办过")


def _requested(state: Leave, command: RequestLeave, context: Context[Facts]) -> LeaveRequested:
    if state.requested:
        raise Refused("这份请假已经登记")
    known, rules = context.facts, context.rules.roster
    if command.person not in known.names:
        raise Refused("没有这名值班人员")
    swap = command.kind == "swap"
    starts_at, ends_at, needs = _swap(command, known) if swap else _leave(command, context)
    if ends_at <= context.at:
        raise Refused("请假的时间已经过去")
    if ends_at - starts_at > LONGEST:
        raise Refused("请假太长,请分开办")
    days = (_date(min((n.starts_at for n in needs), default=starts_at)) - _date(context.at)).days
    return LeaveRequested(
        person=command.person,
        kind=command.kind,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=command.reason.strip(),
        needs=needs,
        short_notice=any(_is_late(n.starts_at, context.at, rules) for n in needs) or (not needs and days < 0),
        notice_days=days,
        at=context.at,
        by=context.by,
    )


def _date(at: int) -> date:
    return to_datetime(at).date()


def _is_late(starts_at: int, at: int, rules: RosterRules) -> bool:
    """One day ahead, two on holidays and in marked periods; both are config."""
    on = _date(starts_at)
    needed = rules.leave_days_holiday if special(on, rules) else rules.leave_days
    return (on - _date(at)).days < needed


def _leave(command: RequestLeave, context: Context[Facts]) -> tuple[int, int, tuple[Need, ...]]:
    """Every duty it touches, each with the next of its post who can."""
    known, found = context.facts, list[Need]()
    taken: list[Duty] = []
    for month, duty in known.duties:
        touched = duty.starts_at < command.ends_at and command.starts_at < duty.ends_at and duty.ends_at > context.at
        if touched and command.person in duty.people():
            who = stand_in(command.person, duty, [*known.others, *taken], context.rules.roster, known.staff)
            need = _need(month, duty, command.person, who)
            found.append(need)
            taken.append(_as_taken(duty, who))
    return command.starts_at, command.ends_at, tuple(found)


def _as_taken(duty: Duty, who: str) -> Duty:
    """The duty as the stand-in will hold it, so that one person is not found for two at once."""
    seats = tuple(seat.model_copy(update={"person": who}) for seat in duty.seats[:1]) if who else ()
    return duty.model_copy(update={"id": f"{duty.id}'", "seats": seats})


def _need(month: str, duty: Duty, out: str, into: str) -> Need:
    post = next(seat.post for seat in duty.seats if seat.person == out)
    about: dict[str, Any] = {"month": month, "duty": duty.id, "name": duty.name, "post": post}
    return Need(**about, starts_at=duty.starts_at, ends_at=duty.ends_at, out=out, stand_in=into)


def _swap(command: RequestLeave, known: Facts) -> tuple[int, int, tuple[Need, ...]]:
    if command.other not in known.names:
        raise Refused("没有这名替班人员")
    needs = [_given(command.duty, command.person, command.other, known)]
    if command.other_duty:
        needs.append(_given(command.other_duty, command.other, command.person, known))
    return min(n.starts_at for n in needs), max(n.ends_at for n in needs), tuple(needs)


def _given(id: str, out: str, into: str, known: Facts) -> Need:
    month, duty = next(((m, d) for m, d in known.duties if d.id == id), ("", None))
    if duty is None or out not in duty.people():
        raise Refused("值班表里没有这一班,或不是他的班")
    if into in duty.people():
        raise Refused("替班的人已经在这一班")
    if known.staff.is_away(into, duty):
        raise Refused(f"{known.names[into]}那时正在请假")
    return _need(month, duty, out, into)


def _refused(requested: LeaveRequested, reason: str, context: Context[Facts]) -> LeaveRefused:
    told = leave_notices.of_refusal(requested, reason, context.facts.addresses, context.rules)
    return LeaveRefused(reason=reason, **told._asdict(), at=context.at, by=context.by)


def _approved(state: Leave, requested: LeaveRequested, command: ApproveLeave, context: Context[Facts]) -> LeaveApproved:
    _pending(state)
    if context.by == f"user:{requested.person}":
        raise Refused("不能批准自己的请假")
    if requested.short_notice and command.role != "shift_leader":
        raise Refused("没有按规定提前,要由带班领导批准")
    if requested.short_notice and not command.note.strip():
        raise Refused("没有按规定提前,批准时要写明理由")
    needs = tuple(_filled(need, command.stand_ins, context) for need in requested.needs if need.ends_at > context.at)
    told = leave_notices.of_approval(requested, needs, context.facts.addresses, context.rules)
    return LeaveApproved(
        **told._asdict(),
        kind=requested.kind,
        starts_at=requested.starts_at,
        ends_at=requested.ends_at,
        needs=needs,
        note=command.note.strip(),
        at=context.at,
        by=context.by,
    )


def _filled(need: Need, named: dict[str, str], context: Context[Facts]) -> Need:
    """The duty with whoever will stand it: as named, or as found. Judged again: the roster may have moved since it was asked."""
    known, who = context.facts, named.get(need.duty) or need.stand_in
    where = f"{to_datetime(need.starts_at):%m月%d日}{need.name}"
    if not who:
        raise Refused(f"{where}还没有人替,请指定替班人员")
    if who not in known.names:
        raise Refused(f"{where}的替班人员不在册")
    duty = next((d for _m, d in known.duties if d.id == need.duty), None)
    if duty and (known.staff.is_away(who, duty) or _booked(who, duty, known.others)):
        raise Refused(f"{where}:{known.names[who]}那时另有班或正在请假,请另指定")
    return need.model_copy(update={"stand_in": who})


def _booked(who: str, duty: Duty, others: tuple[Duty, ...]) -> bool:
    return any(who in o.people() and o.starts_at < duty.ends_at and duty.starts_at < o.ends_at for o in others)


def _withdrawn(
    state: Leave, requested: LeaveRequested, command: WithdrawLeave, context: Context[Facts]
) -> LeaveWithdrawn:
    if not command.chief and context.by != f"user:{requested.person}":
        raise Refused("只能由本人或带班领导销假")
    if state.refused or state.over:
        raise Refused("这份请假已经结束")
    if state.approved and requested.kind == "swap":
        raise Refused("换班已经批准,要换回来请再办一次换班")
    return LeaveWithdrawn(at=context.at, by=context.by)


def _began(requested: LeaveRequested, approved: LeaveApproved, known: Facts) -> LeaveBegan:
    sits = approved.kind == "leave" and requested.person in known.sitting
    return LeaveBegan(
        person=requested.person,
        watch=known.watch if sits else "",
        stand_in=next((n.stand_in for n in approved.needs if n.duty == known.watch), ""),
    )


def evolve(state: Leave, event: Event) -> Leave:
    match event:
        case LeaveRequested():
            return replace(state, requested=event)
        case LeaveApproved():
            return replace(state, approved=event)
        case LeaveRefused():
            return replace(state, refused=event)
        case LeaveBegan():
            return replace(state, began=event)
        case LeaveEnded():
            return replace(state, over="ended")
        case LeaveWithdrawn():
            return replace(state, over="withdrawn")
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case LeaveApproved():
            gone: list[Act] = [_replace(id, need) for need in event.needs] + leave_notices.queued(id, event)
            if event.kind == "swap":
                return [*gone, SetTimer("end", event.at)]
            begin = SetTimer("begin", max(event.starts_at, event.at), Priority.PAGE)
            return [*gone, begin, SetTimer("end", max(event.ends_at, event.at), Priority.WORK)]
        case LeaveRefused():
            return leave_notices.queued(id, event)
        case LeaveBegan() if event.watch:
            into = (event.stand_in,) if event.stand_in else ()
            return [Ask(f"watch/{event.watch}", Relieve(out=(event.person,), into=into))]
        case LeaveEnded() | LeaveWithdrawn():
            return [CancelTimer("begin"), CancelTimer("end")]
    return []


def _replace(id: str, need: Need) -> Act:
    command = ReplaceInDuty(duty=need.duty, out=need.out, into=need.stand_in, why=f"leave/{id}")
    return Ask(f"roster/{need.month}", command)


def project(_id: str, state: Leave) -> Row | None:
    asked = state.requested
    if asked is None:
        return None
    status = _status(state)
    needs, decided = state.approved.needs if state.approved else asked.needs, state.approved or state.refused
    body = {
        "person": asked.person,
        "kind": asked.kind,
        "starts_at": asked.starts_at,
        "ends_at": asked.ends_at,
        "reason": asked.reason,
        "needs": [need.model_dump(mode="json") for need in needs],
        "stand_in": next((need.stand_in for need in needs if need.stand_in), ""),
        "short_notice": asked.short_notice,
        "notice_days": asked.notice_days,
        "requested_at": asked.at,
        "by": asked.by,
        "status": status,
        "decided_by": decided.by if decided else "",
        "told": [told.model_dump(mode="json") for told in decided.told] if decided else [],
        "note": state.approved.note if state.approved else state.refused.reason if state.refused else "",
    }
    away = status in ("approved", "away") and asked.kind == "leave"
    refs = (("leave.approved", "1"),) if away else ()
    return Row(body, open=status in ("requested", "approved", "away"), refs=refs)


def _status(state: Leave) -> str:
    if state.over or state.refused:
        return state.over or "refused"
    if state.approved:
        return "away" if state.began else "approved"
    return "requested"


book = Book(
    kind="leave",
    blank=Leave(),
    events=(LeaveRequested, LeaveApproved, LeaveRefused, LeaveBegan, LeaveEnded, LeaveWithdrawn),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
