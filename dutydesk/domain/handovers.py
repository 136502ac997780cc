"""The handover (交接班), in words: what is open is listed by itself, both sides confirm or say why not, and only then the watch changes."""

from typing import ClassVar, Literal

from pydantic import Field

from dutydesk.domain.readings import Value
from dutydesk.domain.shifts import Term
from dutydesk.domain.verbs import Command, Event

Side = Literal["outgoing", "incoming"]
How = Literal["alone", "ordered"]


class Item(Value):
    """One thing the next watch takes over: which row, what it is about, where it stands, and what runs out when."""

    kind: str
    id: str
    title: str
    state: str = ""
    due_at: int | None = None
    owner: str = ""
    marks: tuple[str, ...] = ()  # unsigned, disputed, overdue, owner_gone


class Heap(Value):
    """How many of a kind are open; the items are listed up to a bound, the rest are counted."""

    kind: str
    open: int


class OpenHandover(Command):
    term: Term
    next: Term
    outgoing: tuple[str, ...]


class ConfirmHandover(Command):
    """One side agrees. The outgoing side may leave a note; `chief`: a shift leader may stand in for a side."""

    side: Side
    note: str = Field(default="", max_length=4_000)
    chief: bool = False


class RefuseHandover(Command):
    """One side does not agree, and says why: the outgoing watch stays, and its leader is called."""

    side: Side
    reason: str = Field(max_length=1_000)
    chief: bool = False


class NoteUnconfirmed(Command):
    """The set end has passed."""

    ends_at: int


class FinishHandover(Command):
    """The watch changed without two sides: the same people go on, or a chief ordered it."""

    term: Term
    next: Term
    outgoing: tuple[str, ...]
    how: How
    note: str = ""


class HandoverOpened(Event):
    term: Term
    next: Term
    outgoing: tuple[str, ...]
    opened_at: int


class HandoverListed(Event):
    """What stands open: at the opening, and again whenever a side confirms and it has changed."""

    private: ClassVar[frozenset[str]] = frozenset({"items"})
    items: tuple[Item, ...] = ()
    heaps: tuple[Heap, ...] = ()


class HandoverConfirmed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"note"})
    side: Side
    by: str
    at: int
    note: str = ""


class HandoverRefused(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason", "subject"})
    side: Side
    by: str
    at: int
    reason: str = ""
    page: str = ""
    policy: str = ""
    subject: str = ""


class HandoverUnconfirmed(Event):
    """Nobody, or only one side, had confirmed when the watch should have ended."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    missing: tuple[Side, ...]
    ends_at: int
    page: str = ""
    policy: str = ""
    subject: str = ""


class HandoverCompleted(Event):
    """The watch passes. `late_by` microseconds after its set end. The page that called for it, if any, is over."""

    private: ClassVar[frozenset[str]] = frozenset({"note"})
    how: Literal["both", "alone", "ordered"]
    at: int
    late_by: int = 0
    note: str = ""
    pages: tuple[str, ...] = ()
    by: str = ""
