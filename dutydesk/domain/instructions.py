"""A leader's instruction (批示), in words: logged, passed on with a deadline, read, chased, answered, struck off."""

from typing import ClassVar

from dutydesk.domain.deliveries import How
from dutydesk.domain.readings import Value
from dutydesk.domain.verbs import Command, Event


class LogInstruction(Command):
    """What a leader said or wrote: the words, who, when, about which incident (if any), and a picture of the original."""

    text: str
    leader: str
    said_at: int
    incident: str | None = None
    original: str = ""  # digest of an attachment


class PassOn(Command):
    """Hand it to a unit with a time by which it answers."""

    unit: str
    answer_by: int


class NoteRead(Command):
    """The unit opened it."""

    unit: str


class GiveFeedback(Command):
    """What a unit answers; an officer types it in, or it comes by the unit's link."""

    unit: str
    text: str


class StrikeOff(Command):
    """销号: done. Refused while any unit it was passed to has not answered (件件有回音)."""

    reason: str = ""


class Told(Value):
    """One unit it was passed to."""

    unit: str
    name: str
    answer_by: int
    given_at: int


class InstructionLogged(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text", "leader_name"})
    number: str
    text: str
    leader: str
    leader_name: str = ""
    said_at: int
    logged_at: int
    incident: str | None = None
    original: str = ""
    by: str

    def series(self) -> str:
        return f"instruction:{self.number[:4]}"


class InstructionPassedOn(Event):
    private: ClassVar[frozenset[str]] = frozenset({"address", "words"})
    to: Told
    next_at: int
    how: How | None
    address: str = ""
    words: str = ""
    delivery: str = ""
    division: str = ""
    by: str


class InstructionRead(Event):
    unit: str
    at: int


class InstructionAnswered(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    unit: str
    text: str
    at: int
    late_by: int
    by: str


class InstructionReminded(Event):
    """A fraction of a unit's time is used: it is reminded; at the end the watch is called."""

    private: ClassVar[frozenset[str]] = frozenset({"address", "words", "subject"})
    unit: str
    percent: int
    next_at: int | None
    how: How | None = None
    address: str = ""
    words: str = ""
    delivery: str = ""
    page: str = ""
    policy: str = ""
    subject: str = ""
    division: str = ""


class InstructionStruckOff(Event):
    reason: str
    by: str
    at: int
