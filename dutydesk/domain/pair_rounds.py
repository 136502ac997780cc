"""A round of 互建: every town and unit of a division, or of all, that has something to confirm, asked a few at a time."""

from typing import Any, NamedTuple

from pydantic import Field

from dutydesk.clock import MINUTE
from dutydesk.domain.pair_lists import pairs
from dutydesk.domain.pairs import AskPairs
from dutydesk.domain.verbs import Act, Ask, Book, Command, Context, Event, Fire, Look, Priority, Row, SetTimer
from dutydesk.errors import Refused

AT_ONCE = 20  # units a step, ours: the pen is not held for a whole city
EVERY = MINUTE  # between steps


class StartPairRound(Command):
    """Ask a division (a prefix; empty: all). Who has confirmed, has had their load or is asked already is left out or waits."""

    division: str = Field(pattern=r"^\d{0,9}$")

    def begins(self) -> bool:
        return True


class PairRoundStarted(Event):
    """`of`: the division asked, empty: all; `division`: where it lies, of all: the desk's own."""

    of: str
    units: tuple[str, ...]
    division: str = ""
    at: int
    by: str


class PairStepAsked(Event):
    """The next few. `next_at` None: that were the last."""

    units: tuple[str, ...]
    next_at: int | None


class Round(NamedTuple):
    started: PairRoundStarted | None = None
    asked: int = 0


def facts(look: Look, _state: Round, command: Command) -> bool:
    """Whether a round of the same division is under way."""
    if not isinstance(command, StartPairRound):
        return False
    return any(row.body["of"] == command.division for row in look.open_rows("pairround", 20))


def decide(state: Round, command: Command, context: Context[bool]) -> list[Event]:
    match command:
        case StartPairRound():
            return [_started(state, command, context)]
        case Fire() if state.started and state.asked < len(state.started.units):
            units = state.started.units[state.asked : state.asked + AT_ONCE]
            left = len(state.started.units) - state.asked - len(units)
            return [PairStepAsked(units=units, next_at=context.at + EVERY if left else None)]
    return []


def _started(state: Round, command: StartPairRound, context: Context[bool]) -> PairRoundStarted:
    if state.started or context.facts:
        raise Refused("这一轮互建核对已经在问")
    if not context.rules.checks.pairing.policy:
        raise Refused("没有配置互建核对的呼叫办法(checks.toml)")
    found = pairs(context.directory, command.division)
    if not found:
        raise Refused("这个范围里没有镇街与单位的对子")
    units = dict.fromkeys(code for pair in found for code in (pair.town.code, pair.unit.code))
    where = command.division or context.rules.desk.division
    return PairRoundStarted(of=command.division, units=tuple(units), division=where, at=context.at, by=context.by)


def evolve(state: Round, event: Event) -> Round:
    match event:
        case PairRoundStarted():
            return state._replace(started=event)
        case PairStepAsked():
            return state._replace(asked=state.asked + len(event.units))
    return state


def follow_up(_id: str, event: Event) -> list[Act]:
    match event:
        case PairRoundStarted():
            return [SetTimer("next", event.at, Priority.REMINDER)]
        case PairStepAsked():
            wishes: list[Act] = [Ask(f"pairing/{unit}", AskPairs(unit=unit, quiet=True)) for unit in event.units]
            return [*wishes, *([SetTimer("next", event.next_at)] if event.next_at else [])]
    return []


def project(_id: str, state: Round) -> Row | None:
    started = state.started
    if started is None:
        return None
    body: dict[str, Any] = started.model_dump(include={"of", "at", "by"})
    body |= {"units": len(started.units), "asked": state.asked}
    return Row(body, open=state.asked < len(started.units), division=started.division)


book = Book(
    kind="pairround",
    blank=Round(),
    events=(PairRoundStarted, PairStepAsked),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
