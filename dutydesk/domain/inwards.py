"""From above (上级文电即收即办), in words: a document, telegram, question, instruction or warning, with its own clock."""

from typing import ClassVar, Literal

from dutydesk.domain.asking_policy import InwardKind
from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.submissions import LineTurn
from dutydesk.domain.verbs import Command, Event

HOWS = Literal["phone", "written", "line"]


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
    late_too: bool = False  # its time may be over already: it is late from the first instant
    reply_to: str = ""  # the linked desk that asks, by its unit code: the answer goes back over its link
    files: tuple[ExchangeFile, ...] = ()  # that came with it over the link

    def begins(self) -> bool:
        return True


class TakeInward(Command):
    """An officer has it in hand; it goes on counting."""


class AnswerInward(Command):
    """What was answered above, and by which way: this is what the clock asks for. "line" sends it over the link to whoever asked.

    `declined`: it is not ours to answer, and the text says why.
    """

    text: str
    how: HOWS
    declined: bool = False


class CloseInward(Command):
    """Dealt with. A question and an instruction need an answer first; anything else a word of what was done."""

    reason: str = ""


class SettleInward(Command):
    """Whoever asked over the line has the answer by another way, or does not wait for it any more: over, unless it was answered there."""

    text: str


class InwardLogged(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text", "title", "files"})
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
    reply_to: str = ""
    files: tuple[ExchangeFile, ...] = ()
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
    """`paper` goes as `delivery` over the link to `reply_to`; the three are empty where it was answered in another way."""

    private: ClassVar[frozenset[str]] = frozenset({"text", "paper"})
    text: str
    how: HOWS
    declined: bool = False
    delivery: str = ""
    reply_to: str = ""
    paper: str = ""
    late_by: int
    pages: tuple[str, ...] = ()
    by: str
    at: int
    settles: str = ""


class InwardReplyNoted(Event):
    """How far an answer came over the link, and under which number the asking desk recorded it."""

    delivery: str
    status: LineTurn
    receipt: str = ""
    at: int


class InwardClosed(Event):
    """What came over a link and needed no answer is told closed over it, with what was done."""

    private: ClassVar[frozenset[str]] = frozenset({"reason", "paper"})
    reason: str
    delivery: str = ""
    reply_to: str = ""
    paper: str = ""
    late_by: int
    pages: tuple[str, ...] = ()
    by: str
    at: int
    settles: str = ""
