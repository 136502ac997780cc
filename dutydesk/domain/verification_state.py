"""How a question to many looks after its events: one line a unit, every answer kept beside the others, who is silent since when."""

from typing import Any, NamedTuple

from dutydesk.domain.readings import Bounds, Figure
from dutydesk.domain.verbs import Event, Row
from dutydesk.domain.verifications import (
    Line,
    VerificationAnswered,
    VerificationAsked,
    VerificationCarried,
    VerificationConcluded,
    VerificationOverdue,
    VerificationUnheard,
    VerificationWidened,
)


class Verification(NamedTuple):
    asked: VerificationAsked | None = None
    lines: tuple[Line, ...] = ()
    answers: tuple[VerificationAnswered, ...] = ()
    unheard: tuple[str, ...] = ()
    turns: tuple[VerificationCarried, ...] = ()
    overdue: tuple[str, ...] = ()
    ended: VerificationConcluded | None = None


def silent(state: Verification) -> list[Line]:
    """Units that have said nothing."""
    spoke = {answer.unit for answer in state.answers}
    return [line for line in state.lines if line.unit not in spoke]


def differ(state: Verification) -> bool:
    """Whether two units say different things: shown side by side, never made one."""
    last = {answer.unit: answer.truth for answer in state.answers if answer.truth}
    return len(set(last.values())) > 1


def evolve(state: Verification, event: Event) -> Verification:
    match event:
        case VerificationAsked():
            return state._replace(asked=event, lines=event.lines)
        case VerificationWidened():
            return state._replace(lines=(*state.lines, *event.lines))
        case VerificationAnswered():
            return state._replace(answers=(*state.answers, event))
        case VerificationCarried():
            return state._replace(turns=(*state.turns, event))
        case VerificationUnheard():
            return state._replace(unheard=(*state.unheard, event.unit))
        case VerificationOverdue():
            return state._replace(overdue=(*state.overdue, event.limit))
        case VerificationConcluded():
            return state._replace(ended=event)
    return state


def project(_id: str, state: Verification) -> Row | None:
    asked = state.asked
    if asked is None:
        return None
    ended = state.ended
    shown = {"number", "text", "asks", "asked_at", "phone_by", "written_by", "confirmed", "law", "incident", "message"}
    body: dict[str, Any] = {
        **asked.model_dump(include=shown | {"dispatch", "round", "files"}),
        "by": asked.by,
        "status": "concluded" if ended else "asking",
        "lines": [_line(line, state) for line in state.lines],
        "answered": len(state.lines) - len(silent(state)),
        "differ": differ(state),
        "overdue": list(state.overdue),
        "truth": ended.truth if ended else None,
        "reason": ended.reason if ended else "",
        "ended_at": ended.at if ended else None,
        "ended_by": ended.by if ended else "",
    }
    about = [
        ("about", f"{kind}/{id}")
        for kind, id in (("incident", asked.incident), ("message", asked.message), ("dispatch", asked.dispatch))
        if id
    ]
    return Row(body, open=ended is None, division=asked.division, refs=tuple(about))


def _line(line: Line, state: Verification) -> dict[str, Any]:
    return {
        **line.model_dump(exclude={"division"}),
        "unheard": line.unit in state.unheard,
        "turn": _turn(line, state),
        "answers": [_answer(answer) for answer in state.answers if answer.unit == line.unit],
    }


def _turn(line: Line, state: Verification) -> dict[str, Any] | None:
    """How far it came over a line; None where none leads there."""
    turns = [turn for turn in state.turns if turn.unit == line.unit]
    return turns[-1].model_dump(include={"status", "receipt", "at"}) if turns else None


def _answer(answer: VerificationAnswered) -> dict[str, Any]:
    figures = {name: plain(value) for name, value in answer.figures.items()}
    return answer.model_dump(exclude={"unit", "figures"}) | {"figures": figures}


def plain(value: Figure) -> int | dict[str, int] | None:
    """A figure as JSON says it."""
    return value.model_dump(exclude_none=True) if isinstance(value, Bounds) else value
