"""How a month's roster is made and changed: by turns, from a file or by hand; what has begun stays, what is wrong is shown, and a look a
day finds what went wrong since. Rule 17: enough people beside a leader, two leaders on holidays, nobody twice, nobody who is away.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

from dutydesk.clock import DAY, HOUR, from_datetime, to_datetime
from dutydesk.domain.holidays import day_of
from dutydesk.domain.roster_policy import RosterRules
from dutydesk.domain.rosters import (
    Duty,
    DutyChanged,
    ImportRoster,
    PlanRoster,
    Problem,
    ReplaceInDuty,
    RosterLooked,
    RosterPlanned,
    Seat,
    SetDuty,
    first_instant,
    month_after,
    month_before,
    month_of,
)
from dutydesk.domain.rotation import Absence, Staff, draft, problems, specials
from dutydesk.domain.shifts import blank_month
from dutydesk.domain.verbs import Act, Ask, Book, CancelTimer, Command, Context, Event, Fire, Look, Row, SetTimer
from dutydesk.domain.watches import Relieve
from dutydesk.errors import Refused

LOOK_HOUR = 8  # of the day's look; ours
MOST_AWAY = 500


@dataclass(frozen=True, slots=True)
class Roster:
    month: str = ""
    duties: tuple[Duty, ...] = ()
    problems: tuple[Problem, ...] = ()
    how: str = ""
    file: str = ""
    known: bool = True
    by: str = ""
    over: bool = False


class Facts(NamedTuple):
    """Who is in service, away, and on duty around this month; their names; and the watch under way."""

    staff: Staff
    names: dict[str, str]
    watch: str = ""


def absences(look: Look) -> tuple[Absence, ...]:
    """Approved leaves that are not over."""
    found = look.by_ref("leave.approved", "1", MOST_AWAY)
    return tuple(Absence(f.body["person"], f.body["starts_at"], f.body["ends_at"]) for f in found)


def facts(look: Look, state: Roster, command: Command) -> Facts:
    named = {p for post in look.rules.roster.posts for p in post.people}
    named |= {p for duty in (*state.duties, *_said(command)) for p in duty.people()}
    match command:
        case SetDuty():
            named |= set(command.people)
        case ReplaceInDuty():
            named |= {command.into}
    people = {name: row.body["name"] for name in sorted(named) if (row := look.row("user", name)) and row.open}
    staff = Staff(frozenset(people), absences(look), tuple(_around(look, _month(state, command, look.at))))
    current = next((found.id for found in look.by_ref("watch.current", "1") if found.open), "")
    return Facts(staff, people, current)


def _said(command: Command) -> tuple[Duty, ...]:
    return command.duties if isinstance(command, ImportRoster) else ()


def _month(state: Roster, command: Command, at: int) -> str:
    if isinstance(command, PlanRoster):
        return command.month
    said = _said(command)
    return state.month or (month_of(said[0].starts_at) if said else month_of(at))


def _around(look: Look, month: str) -> list[Duty]:
    rows = (look.row("roster", name) for name in (month_before(month), month_after(month)))
    return [Duty.model_validate(duty) for row in rows if row for duty in row.body["duties"]]


def decide(state: Roster, command: Command, context: Context[Facts]) -> list[Event]:
    match command:
        case PlanRoster():
            return [_drafted(state, command.month, context)]
        case ImportRoster():
            return [_imported(state, command, context)]
        case SetDuty():
            return [_set(state, command, context)]
        case ReplaceInDuty():
            return _replaced(state, command, context)
        case Fire(name="look") if state.month:
            return [_looked(state, context)]
    return []


def _drafted(state: Roster, month: str, context: Context[Facts]) -> RosterPlanned:
    rules = context.rules.roster
    if not any(post.people for post in rules.posts):
        raise Refused("config/roster.toml 里还没有岗位人员,不能自动排班")
    blank = specials(blank_month(context.rules.shifts, month), rules)
    fresh = [duty for duty in blank if duty.starts_at > context.at]
    kept = _begun(state, context.at)
    staff = replace(context.facts.staff, around=(*context.facts.staff.around, *kept))
    made = draft(fresh, rules, staff, max(1, len(context.rules.shifts)))
    return _planned(month, (*kept, *made), context, how="rotation")


def _begun(state: Roster, at: int) -> tuple[Duty, ...]:
    return tuple(duty for duty in state.duties if duty.starts_at <= at)


def _planned(month: str, duties: tuple[Duty, ...], context: Context[Facts], **more: Any) -> RosterPlanned:
    rules = context.rules.roster
    return RosterPlanned(
        month=month,
        duties=duties,
        known=day_of(to_datetime(first_instant(month)).date(), rules).known,
        problems=problems(duties, rules, context.facts.staff, context.at),
        look_at=_next_look(month, context.at),
        by=context.by,
        **more,
    )


def _next_look(month: str, at: int) -> int | None:
    """Each morning, and once more when the month is over."""
    midnight = to_datetime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    end = first_instant(month_after(month))
    return min(from_datetime(midnight) + DAY + LOOK_HOUR * HOUR, end) if at < end else None


def _imported(state: Roster, command: ImportRoster, context: Context[Facts]) -> RosterPlanned:
    rules, staff = context.rules.roster, context.facts.staff
    if not command.duties:
        raise Refused("表里没有一个班")
    months = {month_of(duty.starts_at) for duty in command.duties}
    if len(months) > 1:
        raise Refused("一次只能导入一个月")
    _judge(command.duties, rules, staff, context.at)
    kept = _begun(state, context.at)
    fresh = [duty for duty in specials(command.duties, rules) if duty.starts_at > context.at]
    merged = {duty.id: duty for duty in (*state.duties, *fresh)} | {duty.id: duty for duty in kept}
    duties = tuple(sorted(merged.values(), key=lambda duty: duty.starts_at))
    return _planned(months.pop(), duties, context, how="import", file=command.file)


def _judge(duties: tuple[Duty, ...], rules: RosterRules, staff: Staff, at: int) -> None:
    """What an import may not say at all: shifts that overlap, somebody twice, unknown or away, a post that is not there."""
    ordered = sorted(duties, key=lambda duty: duty.starts_at)
    for one, other in pairwise(ordered):
        if other.starts_at < one.ends_at:
            raise Refused(f"两个班重叠:{_named(one)} 和 {_named(other)}")
    for duty in duties:
        if unknown := next((s.post for s in duty.seats if rules.post(s.post) is None), ""):
            raise Refused(f"{_named(duty)}:没有这个岗位:{unknown}")
    wrong = problems(duties, rules, staff, at)
    if found := next((p for p in wrong if p.wrong in WORDS), None):
        duty = next(d for d in duties if d.id == found.duty)
        raise Refused(f"{_named(duty)}:{found.person}{WORDS[found.wrong]}")


WORDS = {"twice": "重复排班", "away": "正在请假", "unknown": "不是在册的值班人员"}


def _named(duty: Duty) -> str:
    return f"{to_datetime(duty.starts_at):%m月%d日}{duty.name}"


def _duty(state: Roster, id: str, at: int) -> Duty:
    found = next((duty for duty in state.duties if duty.id == id), None)
    if found is None:
        raise Refused("值班表里没有这个班")
    if found.ends_at <= at:
        raise Refused("这个班已经过去,不能再改")
    return found


def _set(state: Roster, command: SetDuty, context: Context[Facts]) -> DutyChanged:
    duty, rules, staff = _duty(state, command.duty, context.at), context.rules.roster, context.facts.staff
    if rules.post(command.post) is None:
        raise Refused("没有这个岗位")
    seats = [seat for seat in duty.seats if seat.post != command.post]
    seats += [Seat(post=command.post, person=person) for person in command.people]
    made = duty.model_copy(update={"seats": _ordered(seats, rules)})
    others = tuple(other for other in state.duties if other.id != duty.id)
    for problem in problems((made, *others), rules, staff, context.at):
        if problem.duty == duty.id and problem.person in command.people and problem.wrong in WORDS:
            raise Refused(f"{context.facts.names.get(problem.person, problem.person)}{WORDS[problem.wrong]}")
    return _changed(state, duty, made, context, reason=command.reason)


def _ordered(seats: list[Seat], rules: RosterRules) -> tuple[Seat, ...]:
    order = {post.id: index for index, post in enumerate(rules.posts)}
    return tuple(sorted(seats, key=lambda seat: order.get(seat.post, len(order))))


def _replaced(state: Roster, command: ReplaceInDuty, context: Context[Facts]) -> list[Event]:
    """From a leave or swap that was approved: it never refuses, or the approval could not stand; what is wrong is shown."""
    duty = next((d for d in state.duties if d.id == command.duty and d.ends_at > context.at), None)
    if duty is None or command.out not in duty.people():
        return []
    seats = [
        seat.model_copy(update={"person": command.into}) if seat.person == command.out else seat
        for seat in duty.seats
        if seat.person != command.out or command.into
    ]
    made = duty.model_copy(update={"seats": tuple(seats)})
    return [_changed(state, duty, made, context, why=command.why)]


def _changed(state: Roster, was: Duty, made: Duty, context: Context[Facts], **more: Any) -> DutyChanged:
    before, after = set(was.people()), set(made.people())
    duties = tuple(made if duty.id == was.id else duty for duty in state.duties)
    return DutyChanged(
        duty=made.id,
        seats=made.seats,
        out=tuple(sorted(before - after)),
        into=tuple(sorted(after - before)),
        watch=context.facts.watch if made.starts_at <= context.at else "",
        problems=problems(duties, context.rules.roster, context.facts.staff, context.at),
        by=context.by,
        **more,
    )


def _looked(state: Roster, context: Context[Facts]) -> RosterLooked:
    found = problems(state.duties, context.rules.roster, context.facts.staff, context.at)
    return RosterLooked(problems=found, look_at=_next_look(state.month, context.at))


def evolve(state: Roster, event: Event) -> Roster:
    match event:
        case RosterPlanned():
            return replace(
                state,
                month=event.month,
                duties=event.duties,
                problems=event.problems,
                how=event.how,
                file=event.file,
                known=event.known,
                by=event.by,
                over=event.look_at is None,
            )
        case DutyChanged():
            duties = tuple(
                duty.model_copy(update={"seats": event.seats}) if duty.id == event.duty else duty
                for duty in state.duties
            )
            return replace(state, duties=duties, problems=event.problems)
        case RosterLooked():
            return replace(state, problems=event.problems, over=event.look_at is None)
    return state


def follow_up(_id: str, event: Event) -> list[Act]:
    match event:
        case RosterPlanned() | RosterLooked():
            return [SetTimer("look", event.look_at)] if event.look_at is not None else [CancelTimer("look")]
        case DutyChanged() if event.watch:
            return [Ask(f"watch/{event.watch}", Relieve(out=event.out, into=event.into))]
    return []


def project(_id: str, state: Roster) -> Row | None:
    if not state.month:
        return None
    body = {
        "month": state.month,
        "duties": [duty.model_dump(mode="json") for duty in state.duties],
        "problems": [problem.model_dump(mode="json") for problem in state.problems],
        "how": state.how,
        "file": state.file,
        "known": state.known,
        "by": state.by,
    }
    return Row(body, open=not state.over)


book = Book(
    kind="roster",
    blank=Roster(),
    events=(RosterPlanned, DutyChanged, RosterLooked),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
