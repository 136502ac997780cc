"""A book for tests of the machine: its commands say what goes wrong and when."""

from dataclasses import dataclass
from typing import Any, Literal

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
    Promise,
    Row,
    Send,
    SetTimer,
)
from dutydesk.errors import Refused

Fail = Literal["", "refuse", "crash", "unwritable"]


class Note(Command):
    """Note a word; facts say how many rows already carry it. `ask` are further streams, the last of which fails by `fail`."""

    word: str
    ask: tuple[str, ...] = ()
    fail: Fail = ""
    due_at: int | None = None
    send: bool = False


class Noted(Event):
    word: str
    seen: int
    ask: tuple[str, ...] = ()
    fail: Fail = ""
    due_at: int | None = None
    send: bool = False


@dataclass(frozen=True, slots=True)
class State:
    words: tuple[str, ...] = ()
    seen: int = 0
    fail: str = ""


def facts(look: Look, _state: State, command: Command) -> int:
    return len(look.by_ref("probe.word", command.word)) if isinstance(command, Note) else 0


def words(_state: State, command: Command, _at: int) -> list[tuple[str, str]]:
    return [("probe.word", command.word)] if isinstance(command, Note) else []


def decide(state: State, command: Command, context: Context[int]) -> list[Event]:
    if isinstance(command, Fire):
        return [Noted(word="fired", seen=0)]
    assert isinstance(command, Note)
    last = not command.ask
    if last and command.fail == "refuse":
        raise Refused("no")
    if last and command.fail == "crash":
        raise ZeroDivisionError("a rule of ours is wrong")
    return [Noted(seen=context.facts, **command.model_dump())]


def evolve(state: State, event: Noted) -> State:
    fail = event.fail if not event.ask else ""
    return State((*state.words, event.word), event.seen, fail)


def follow_up(id: str, event: Event) -> list[Act]:
    assert isinstance(event, Noted)
    acts: list[Act] = []
    if event.word == "fired":
        acts.append(CancelTimer("due"))
    if event.due_at is not None:
        acts.append(SetTimer("due", event.due_at))
    if event.send:
        acts.append(Send(Promise.REPEATABLE, "main:sms", "+861200000000", Priority.PAGE))
    if event.ask:
        head, *rest = event.ask
        acts.append(Ask(f"probe/{head}", Note(word=event.word, ask=tuple(rest), fail=event.fail)))
    return acts


def project(_id: str, state: State) -> Row:
    body: dict[str, Any] = {"words": list(state.words), "seen": state.seen}
    if state.fail == "unwritable":
        body["seen"] = 10**30  # no row can hold it
    return Row(body, refs=tuple(("probe.word", w) for w in dict.fromkeys(state.words)))


book = Book(
    kind="probe",
    blank=State(),
    events=(Noted,),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
    words=words,
)
