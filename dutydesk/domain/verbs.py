"""The words of the machine: commands, events, acts, rows, and the book that ties four verbs to a kind of stream.

Everything here is a value. `decide` is the only place for rules and may refuse; `evolve` never refuses; `follow_up` speaks
from the event alone; `project` says how a stream looks now. Only `transact` calls them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from dutydesk.domain.directory import Directory
from dutydesk.domain.rules import Rules

ERASED = "〔已删除〕"  # stands where a private field was removed by a recorded redaction


class Command(BaseModel):
    """A wish, imperative; it may be refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def begins(self) -> bool:
        """Whether it begins a stream: on one that stands already it would be refused, on a new one it always makes an event."""
        return False

    def said(self, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
        """Its fields as they are, for the event that repeats them; `model_dump` would take them apart to be put together again."""
        return {name: value for name, value in vars(self).items() if name not in but}


class Event(BaseModel):
    """A fact, past tense, for ever: a new field needs a default, another meaning needs another type.

    `private` names the fields that can be erased: the chain covers their salted digest, not their text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    private: ClassVar[frozenset[str]] = frozenset()

    def series(self) -> str:
        """The running-number series this event takes one of; empty for none."""
        return ""


class Fire(Command):
    """A timer of this stream has come due. `due_at` is when it should have fired; the entry's own time says when it did."""

    name: str
    due_at: int


class Priority(IntEnum):
    """Who goes first among timers of one instant, and among messages in the outbox. Lower is sooner."""

    LEGAL = 0
    PAGE = 10
    WORK = 20
    REMINDER = 30


class Lane(StrEnum):
    """Which worker prepares a due timer before the pen: FIRE needs nothing, READ reads a text, DRAFT counts figures."""

    FIRE = "fire"
    READ = "read"
    DRAFT = "draft"


class Promise(StrEnum):
    """REPEATABLE must arrive and may arrive twice; ONCE must not arrive twice and may become uncertain."""

    REPEATABLE = "repeatable"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Ask:
    """Have another stream handle a command in the same transaction."""

    stream: str
    command: Command


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Promise ourselves to look again at `due_at`; a timer of the same name on the stream is replaced."""

    name: str
    due_at: int
    priority: Priority = Priority.REMINDER
    lane: Lane = Lane.FIRE


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Take that promise back; nothing happens if there is none."""

    name: str


@dataclass(frozen=True, slots=True)
class Send:
    """Promise the world: put this stream's message into the outbox, not before an instant. There is no default promise."""

    promise: Promise
    channel: str
    to: str
    priority: Priority
    not_before: int = 0


@dataclass(frozen=True, slots=True)
class Withdraw:
    """This stream's message is no longer to be sent: it was, or it never will be."""


Act = Ask | SetTimer | CancelTimer | Send | Withdraw


@dataclass(frozen=True, slots=True)
class Row:
    """How a stream looks now: what consoles see, and by which words (`refs`) facts find it."""

    body: dict[str, Any]
    open: bool = True
    division: str = ""
    refs: tuple[tuple[str, str], ...] = ()


class Found(NamedTuple):
    """A board row as facts see it."""

    kind: str
    id: str
    open: bool
    drill: bool
    body: dict[str, Any]


class Look(Protocol):
    """The few indexed reads that facts may make, under the pen, seeing all that was written before."""

    def row(self, kind: str, id: str) -> Found | None: ...

    def by_ref(self, name: str, value: str, limit: int = 50) -> list[Found]: ...

    def open_rows(self, kind: str, limit: int) -> list[Found]: ...

    def count(self, series: str) -> int: ...

    def latest(self, first: str, last: str) -> str: ...

    @property
    def at(self) -> int: ...

    @property
    def rules(self) -> Rules: ...

    @property
    def directory(self) -> Directory: ...


F = TypeVar("F", covariant=True)


@dataclass(frozen=True, slots=True)
class Context(Generic[F]):
    """What a decision may know besides the state: the instant, who asks, whether it is a drill, and the facts read for it."""

    at: int
    by: str
    drill: bool
    facts: F
    rules: Rules
    directory: Directory


def nothing_to_know(_look: Look, _state: Any, _command: Command) -> None:
    """Facts of a book that needs none."""


def nothing_foreseen(_state: Any, _command: Command, _at: int) -> Iterable[tuple[str, str]]:
    """Words of a book whose facts are not worth asking for beforehand."""
    return ()


@dataclass(frozen=True)
class Book:
    """One kind of stream: its events, and the verbs. `policy` marks streams whose entries change how every hub decides.

    `words` guesses by which words facts will look, from what is known without asking; a wrong guess costs time, never truth.
    """

    kind: str
    blank: Any
    events: tuple[type[Event], ...]
    decide: Callable[[Any, Any, Context[Any]], Sequence[Event]]
    evolve: Callable[[Any, Any], Any]
    project: Callable[[str, Any], Row | None]
    follow_up: Callable[[str, Any], Iterable[Act]] = lambda _id, _event: ()
    facts: Callable[[Look, Any, Any], Any] = nothing_to_know
    policy: bool = False
    words: Callable[[Any, Any, int], Iterable[tuple[str, str]]] = nothing_foreseen
    types: dict[str, type[Event]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "types", {event.__name__: event for event in self.events})


def split(stream: str) -> tuple[str, str]:
    """`incident/20261123-007` as kind and id."""
    kind, _, id = stream.partition("/")
    return kind, id
