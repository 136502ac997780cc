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
    answer_by: int | None = None  # what it says itself; else the clock of its kind
    law: str = ""  # what it rests on; else what the clock of its kind rests on
    confirmed: bool = False

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
    answer_by: int | None = None
    by: str

    def series(self) -> str:
        return f"inward:{self.number[:4]}"


class InwardTaken(Event):
    """`settles`: the message it came as, which need not wait for a person any more."""

    by: str
    at: int
    settles: str = ""


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
    settles: str = ""


class InwardClosed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason: str
    late_by: int
    pages: tuple[str, ...] = ()
    by: str
    at: int
    settles: str = ""
