"""A round of spot checks that starts by itself (config/checks.toml): who is checked when is drawn outside and stands in the first event."""

from typing import Any, Literal, NamedTuple

from dutydesk.domain.check_policy import Target, Way
from dutydesk.domain.checks import BeginCheck
from dutydesk.domain.readings import Value
from dutydesk.domain.verbs import Act, Ask, Book, Command, Context, Event, Fire, Priority, Row, SetTimer

LATEST = 3_600_000_000  # microseconds; a check later than this (every hub was down) is left out: it would not be a surprise any more


class Pick(Value):
    """One unit that was drawn, and when."""

    unit: str
    at: int


class PlanRound(Command):
    """The draw, made outside the pen. A round that is planned already stays as it is."""

    name: str
    origin: Literal["scheduled", "random"]
    target: Target
    way: Way
    picks: tuple[Pick, ...]


class RoundPlanned(Event):
    name: str
    origin: Literal["scheduled", "random"]
    target: Target
    way: Way
    picks: tuple[Pick, ...]


class CheckFellDue(Event):
    """A drawn check's time has come. `left_out`: too late for it."""

    n: int
    unit: str
    origin: Literal["scheduled", "random"]
    target: Target
    way: Way
    left_out: bool = False


class Planned(NamedTuple):
    planned: RoundPlanned | None = None
    begun: int = 0


def decide(state: Planned, command: Command, context: Context[None]) -> list[Event]:
    match command:
        case PlanRound() if state.planned is None:
            return [RoundPlanned(**{name: getattr(command, name) for name in PlanRound.model_fields})]
        case Fire() if state.planned:
            n = int(command.name.removeprefix("check "))
            wanted = state.planned.model_dump(include={"origin", "target", "way"})
            late = context.at - command.due_at > LATEST
            return [CheckFellDue(**wanted, n=n, unit=state.planned.picks[n].unit, left_out=late)]
    return []


def evolve(state: Planned, event: Event) -> Planned:
    match event:
        case RoundPlanned():
            return state._replace(planned=event)
        case CheckFellDue():
            return state._replace(begun=state.begun + 1)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case RoundPlanned():
            return [SetTimer(f"check {n}", pick.at, Priority.REMINDER) for n, pick in enumerate(event.picks)]
        case CheckFellDue(left_out=False):
            wish = BeginCheck(**event.model_dump(exclude={"n", "left_out"}))
            return [Ask(f"check/{id}-{event.n}", wish)]
    return []


def project(_id: str, state: Planned) -> Row | None:
    planned = state.planned
    if planned is None:
        return None
    body: dict[str, Any] = {"name": planned.name, "checks": len(planned.picks), "begun": state.begun}
    return Row(body, open=state.begun < len(planned.picks))


book = Book(
    kind="checkround",
    blank=Planned(),
    events=(RoundPlanned, CheckFellDue),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
)
