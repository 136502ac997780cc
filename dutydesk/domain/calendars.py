"""When circulars write themselves: one timer for each kind of period, which sets itself again. A period that ended while every hub was
down is written late, one after the other, none left out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dutydesk.clock import BEIJING, from_datetime, to_datetime
from dutydesk.domain import crons
from dutydesk.domain.circular_policy import Period
from dutydesk.domain.circulars import CircularKind, RequestCircular
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Event,
    Fire,
    Priority,
    Row,
    SetTimer,
)


class KeepCalendar(Command):
    """Make the timers fit the configuration."""


class CircularScheduled(Event):
    kind: CircularKind
    at: str
    scheme: str = ""
    next_at: int


class CircularUnscheduled(Event):
    kind: CircularKind


class CircularFellDue(Event):
    """A period is over: its circular is asked for, and the next end is known."""

    kind: CircularKind
    scheme: str = ""
    name: str
    starts_at: int
    ends_at: int
    circular: str
    next_at: int
    late_by: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    armed: tuple[tuple[str, tuple[str, str]], ...] = ()


def decide(state: Calendar, command: Command, context: Context[None]) -> list[Event]:
    wanted: dict[str, Period] = {period.kind: period for period in context.rules.circulars.periods}
    match command:
        case KeepCalendar():
            return _kept(state, wanted, context.at)
        case Fire(name=name, due_at=due_at) if period := wanted.get(name.removeprefix("period ")):
            return [_ended(period, due_at, context.at)]
    return []


def _kept(state: Calendar, wanted: dict[str, Period], at: int) -> list[Event]:
    armed = dict(state.armed)
    dropped = [CircularUnscheduled.model_validate({"kind": kind}) for kind in armed if kind not in wanted]
    changed = [p for p in wanted.values() if armed.get(p.kind) != (p.at, p.scheme)]
    return [
        *dropped,
        *(CircularScheduled(kind=p.kind, at=p.at, scheme=p.scheme, next_at=crons.following(p.at, at)) for p in changed),
    ]


def _ended(period: Period, due_at: int, at: int) -> CircularFellDue:
    starts, ends, name = bounds(period.kind, due_at)
    return CircularFellDue(
        kind=period.kind,
        scheme=period.scheme,
        name=name,
        starts_at=from_datetime(starts),
        ends_at=from_datetime(ends),
        circular=f"{period.kind}-{starts:%Y%m%d}",
        next_at=crons.following(period.at, due_at),
        late_by=max(0, at - due_at),
    )


def bounds(kind: str, at: int) -> tuple[datetime, datetime, str]:
    """The period of a kind that is over at an instant: from, to (Asia/Shanghai), and how it is called."""
    now = to_datetime(at).astimezone(BEIJING)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first = today.replace(day=1)
    match kind:
        case "day":
            start = today - timedelta(days=1)
            return start, today, f"{start:%Y}年{start.month}月{start.day}日"
        case "brief":
            start = now - timedelta(days=1)
            return start, now, f"{now:%Y}年{now.month}月{now.day}日"
        case "month":
            start = (first - timedelta(days=1)).replace(day=1)
            return start, first, f"{start:%Y}年{start.month}月"
        case "quarter":
            end = first.replace(month=(first.month - 1) // 3 * 3 + 1)
            start = _months_before(end, 3)
            return start, end, f"{start:%Y}年第{(start.month + 2) // 3}季度"
    end = first.replace(month=1)
    start = _months_before(end, 12)
    return start, end, f"{start:%Y}年"


def _months_before(moment: datetime, months: int) -> datetime:
    month = moment.month - 1 - months
    return moment.replace(year=moment.year + month // 12, month=month % 12 + 1)


def evolve(state: Calendar, event: Event) -> Calendar:
    match event:
        case CircularScheduled():
            armed = dict(state.armed) | {event.kind: (event.at, event.scheme)}
            return replace(state, armed=tuple(armed.items()))
        case CircularUnscheduled():
            return replace(state, armed=tuple(pair for pair in state.armed if pair[0] != event.kind))
    return state


def follow_up(_id: str, event: Event) -> list[Act]:
    match event:
        case CircularScheduled():
            return [SetTimer(f"period {event.kind}", event.next_at, Priority.WORK)]
        case CircularUnscheduled():
            return [CancelTimer(f"period {event.kind}")]
        case CircularFellDue():
            wish = RequestCircular(
                name=event.name,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                kind=event.kind,
                scheme=event.scheme,
            )
            timer = SetTimer(f"period {event.kind}", event.next_at, Priority.WORK)
            return [timer, Ask(f"circular/{event.circular}", wish)]
    return []


def project(_id: str, state: Calendar) -> Row | None:
    return Row({"armed": {kind: list(how) for kind, how in state.armed}})


book = Book(
    kind="calendar",
    blank=Calendar(),
    events=(CircularScheduled, CircularUnscheduled, CircularFellDue),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
)
