"""From above (上级文电即收即办), in words: a document, telegram, question, instruction or warning, with its own clock."""

from typing import ClassVar, Literal

from dutydesk.domain.asking_policy import InwardKind
from dutydesk.domain.verbs import Command, Event

HOWS = Literal["phone", "written"]


class LogInward(Command):
    """It arrived: what it is, who sent it, its own number (文号), how urgent it says it is, a picture of the original."""

    kind: InwardKind
    sender: str
    title: str
    text: str = ""
    reference: str = ""
    urgency: Literal["", "加急", "特急", "特提"] = ""
    incident: str | None = None
    message: str | None = None
    original: str = ""

    def begins(self) -> bool:
        return True


class TakeInward(Command):
    """An officer has it in hand; it goes on counting."""


class AnswerInward(Command):
    """What was answered above, and by which way: this is what the clock asks for."""

    text: str
    how: HOWS


class CloseInward(Command):
    """Dealt with. A question and an instruction need an answer first; anything else a word of what was done."""

    reason: str = ""


class InwardLogged(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text", "title"})
    number: str
    kind: InwardKind
    sender: str
    title: str
    text: str = ""
    reference: str = ""
    urgency: str = ""
    incident: str | None = None
    message: str | None = None
    original: str = ""
    received_at: int
    due_at: int
    next_at: int
    law: str
    confirmed: bool
    by: str

    def series(self) -> str:
        return f"inward:{self.number[:4]}"


class InwardTaken(Event):
    by: str
    at: int


class InwardMarked(Event):
    """So much of its time is used; at four fifths and at the end the watch is called."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    percent: int
    next_at: int | None
    page: str = ""
    policy: str = ""
    subject: str = ""


class InwardAnswered(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    text: str
    how: HOWS
    late_by: int
    pages: tuple[str, ...] = ()
    by: str
    at: int


class InwardClosed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason: str
    late_by: int
    pages: tuple[str, ...] = ()
    by: str
    at: int
