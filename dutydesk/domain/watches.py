"""The watch (班次), in words: who is on duty from when to when. Its end starts the next one and asks for the summary circular."""

from typing import ClassVar, Literal

from pydantic import Field

from dutydesk.domain.shifts import Term, term_at
from dutydesk.domain.verbs import Command, Event

__all__ = ["Term", "term_at"]

Handed = Literal["", "both", "alone", "ordered"]


class StartWatch(Command):
    """Begin the watch `term`; `former` is the one that ended."""

    term: Term
    former: str | None = None


class JoinWatch(Command):
    """An officer takes the seat."""

    username: str
    as_leader: bool = False


class LeaveWatch(Command):
    username: str


class Relieve(Command):
    """The roster or a leave changed who stands here while it runs."""

    out: tuple[str, ...] = ()
    into: tuple[str, ...] = ()


class NoteWatch(Command):
    """A line of the duty log: what was done or seen, to the minute; without a time it is now."""

    text: str = Field(min_length=1, max_length=2_000)
    happened_at: int | None = None


class BeginHandover(Command):
    """Open the handover before its time: the relief is here."""


class EndWatch(Command):
    """Hand over now, by one person: where the same people go on, or, by a chief (`chief`) and with a reason, in any case."""

    note: str = ""
    chief: bool = False


class HandOver(Command):
    """Both sides have confirmed: the next watch begins now."""

    note: str = ""


class WatchStarted(Event):
    term: Term
    former: str | None = None
    late_by: int = 0
    handover_at: int | None = None


class OfficerJoined(Event):
    username: str
    as_leader: bool = False
    by: str = ""


class OfficerLeft(Event):
    username: str
    by: str = ""


class WatchNoted(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    text: str
    happened_at: int
    by: str


class HandoverDue(Event):
    """The handover opens: who goes, who comes."""

    term: Term
    next: Term
    outgoing: tuple[str, ...]
    at: int


class WatchHeld(Event):
    """Its set end passed without both confirmations: it stays responsible, and its leader is called."""

    ends_at: int
    late_by: int = 0


class WatchEnded(Event):
    """Over. `next` begins in the same instant; `late_by` microseconds when the set time passed unseen or unconfirmed.

    `handed` says how: by both sides, by the same people going on, or on a chief's order."""

    private: ClassVar[frozenset[str]] = frozenset({"note"})
    ended_at: int
    by: str
    note: str = ""
    early: bool = False
    late_by: int = 0
    term: Term
    next: Term
    handed: Handed = ""
    outgoing: tuple[str, ...] = ()
