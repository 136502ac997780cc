"""How a pair (互建) is followed: each side asked, heard, disputed or silent, and all of it void once a contact of either side changes."""

from typing import Any, NamedTuple

from dutydesk.domain.directory import Directory
from dutydesk.domain.pair_lists import Pair, holds, pair_of
from dutydesk.domain.pairs import (
    SIDES,
    AskPairs,
    HearPair,
    MarkPair,
    MissPair,
    NoteMarked,
    NotePairAsked,
    PairAsked,
    PairConfirmed,
    PairDisputed,
    PairLapsed,
    PairMissed,
    ReviewPair,
    Side,
)
from dutydesk.domain.verbs import Act, Ask, Book, Command, Context, Event, Row
from dutydesk.errors import Refused

Verdict = PairConfirmed | PairDisputed | PairMissed


class Half(NamedTuple):
    """One side: what it was asked, and what it said of that."""

    asked: PairAsked | None = None
    verdict: Verdict | None = None

    @property
    def status(self) -> str:
        match self.verdict:
            case PairConfirmed():
                return "confirmed"
            case PairDisputed():
                return "disputed"
            case PairMissed():
                return "missed"
        return "asking" if self.asked else ""


class State(NamedTuple):
    first: PairAsked | None = None
    town: Half = Half()
    unit: Half = Half()
    lapsed: PairLapsed | None = None

    def half(self, side: Side) -> Half:
        """One side of it."""
        return self.town if side == "town" else self.unit

    def with_half(self, side: Side, half: Half) -> "State":
        """The same with another."""
        return self._replace(town=half) if side == "town" else self._replace(unit=half)


def decide(state: State, command: Command, context: Context[None]) -> list[Event]:
    match command:
        case NotePairAsked():
            return [_asked(command, context)]
        case MarkPair():
            return _marked(state, command, context)
        case HearPair():
            return _heard(state, command, context)
        case MissPair() if _waits_for(state, command.side, command.contact):
            return [PairMissed(side=command.side, reason=command.reason, at=context.at)]
        case ReviewPair() if not _holds(state, context.directory):
            return [_lapsed(state, context)]
    return []


def _asked(command: NotePairAsked, context: Context[None]) -> PairAsked:
    line, side = command.line, command.side
    names = (command.own_name, line.other_name)
    return PairAsked(
        town=line.town,
        unit=line.unit,
        town_name=names[0] if side == "town" else names[1],
        unit_name=names[1] if side == "town" else names[0],
        side=side,
        contact=command.contact,
        number=command.number,
        other=line.contact,
        name=line.name,
        other_number=line.number,
        division=command.division,
        at=context.at,
    )


def _waits_for(state: State, side: Side, contact: str) -> bool:
    half = state.half(side)
    return half.asked is not None and half.verdict is None and half.asked.contact == contact


def _holds(state: State, directory: Directory) -> bool:
    """Whether all that was asked still speaks of the contacts of today; nothing asked holds."""
    return all(half.asked is None or holds(half.asked, directory) for half in (state.town, state.unit))


def _heard(state: State, command: HearPair, context: Context[None]) -> list[Event]:
    asked = state.half(command.side).asked
    if asked is None or asked.contact != command.contact:
        return []  # asked anew of somebody else meanwhile
    if not holds(asked, context.directory):
        return [_lapsed(state, context)]
    by_line = command.how == "link" or command.who.startswith("user:")
    if command.right and not by_line and state.half(command.side).status == "disputed":
        return []  # a bare 1 is said of all lines; who found this one wrong takes that back by the link, or an officer does
    said: dict[str, Any] = command.model_dump(include={"side", "contact", "how"}) | {"by": command.who}
    return [_verdict(said, command.right, command.text, context.at)]


def _verdict(said: dict[str, Any], right: bool, text: str, at: int) -> Verdict:
    return PairConfirmed(**said, at=at) if right else PairDisputed(**said, text=text, at=at)


def _marked(state: State, command: MarkPair, context: Context[None]) -> list[Event]:
    """What an officer heard is said of the contacts as the directory has them now."""
    unit = context.directory.unit_by_code.get(command.unit)
    pair = pair_of(unit, context.directory) if unit else None
    own = pair.contact(command.side) if pair else None
    if pair is None or pair.town.code != command.town:
        raise Refused("这个单位不在这个镇街")
    if own is None or pair.other(command.side)[1] is None:
        raise Refused("有一方没有甲角联络员")
    if not command.right and not command.text.strip():
        raise Refused("请写明哪里不对")
    before: list[Event] = [] if _holds(state, context.directory) else [_lapsed(state, context, again=False)]
    said = {"side": command.side, "contact": own.id, "how": "console", "by": context.by, "unit": own.unit}
    return [*before, _of_today(pair, command.side, context.at), _verdict(said, command.right, command.text, context.at)]


def _of_today(pair: Pair, side: Side, at: int) -> PairAsked:
    own, other = pair.contact(side), pair.other(side)[1]
    assert own is not None
    assert other is not None
    return PairAsked(
        town=pair.town.code,
        unit=pair.unit.code,
        town_name=pair.town.name,
        unit_name=pair.unit.name,
        side=side,
        contact=own.id,
        number=own.phones[0],
        other=other.id,
        name=other.name,
        other_number=other.phones[0],
        division=pair.unit.division,
        at=at,
    )


def _lapsed(state: State, context: Context[None], *, again: bool = True) -> PairLapsed:
    first = state.first
    assert first is not None
    unit = context.directory.unit_by_code.get(first.unit)
    pair = pair_of(unit, context.directory) if unit else None
    stays = pair is not None and pair.town.code == first.town
    why = "contact" if stays else "moved"
    return PairLapsed.model_validate(
        {"town": first.town, "unit": first.unit, "why": why, "again": again and stays, "at": context.at}
    )


def evolve(state: State, event: Event) -> State:
    match event:
        case PairAsked():
            state = state._replace(first=state.first or event, lapsed=None)
            return state.with_half(event.side, Half(event))
        case PairConfirmed() | PairDisputed() | PairMissed():
            return state.with_half(event.side, Half(state.half(event.side).asked, event))
        case PairLapsed():
            return State(state.first, lapsed=event)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    """After a change both sides are asked anew, as far as their load allows; who was heard is not chased."""
    if isinstance(event, PairLapsed) and event.again:
        return [Ask(f"pairing/{code}", AskPairs(unit=code, quiet=True)) for code in (event.town, event.unit)]
    if isinstance(event, (PairConfirmed, PairDisputed)) and event.unit:
        return [Ask(f"pairing/{event.unit}", NoteMarked(pair=id, by=event.by))]
    return []


def project(_id: str, state: State) -> Row | None:
    first = state.first
    if first is None:
        return None
    halves = {side: state.half(side) for side in SIDES}
    said = [half.verdict.at if half.verdict else half.asked.at for half in halves.values() if half.asked]
    body = first.model_dump(include={"town", "unit", "town_name", "unit_name"}) | {
        "sides": {side: _side(half) for side, half in halves.items()},
        "lapsed": state.lapsed.why if state.lapsed else "",
        "at": state.lapsed.at if state.lapsed else max(said),
    }
    waits = any(half.status in ("asking", "disputed") for half in halves.values())
    return Row(body, open=waits, division=first.division)


def _side(half: Half) -> dict[str, Any]:
    named = {"contact", "number", "other", "name", "other_number"}
    asked = half.asked.model_dump(include=named) if half.asked else dict.fromkeys(sorted(named), "")
    verdict = half.verdict
    return asked | {
        "status": half.status,
        "text": getattr(verdict, "text", ""),
        "how": getattr(verdict, "how", ""),
        "by": getattr(verdict, "by", ""),
        "at": verdict.at if verdict else half.asked.at if half.asked else None,
    }


book = Book(
    kind="pair",
    blank=State(),
    events=(PairAsked, PairConfirmed, PairDisputed, PairMissed, PairLapsed),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
)
