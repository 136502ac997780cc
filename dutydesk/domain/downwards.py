"""To below (下发): a question, an instruction or a document that goes over its line to a linked lower desk, and what comes back."""

from typing import ClassVar, Literal

from pydantic import Field

from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.settlements import Settlement
from dutydesk.domain.submissions import LineTurn
from dutydesk.domain.verbs import Command, Event

DownKind = Literal["question", "instruction", "document"]


class SendDown(Command):
    """Have a linked desk below us answer, carry out or take note. `answer_by` None: the minutes of config/asking.toml."""

    kind: DownKind
    unit: str
    title: str
    text: str = ""
    answer_by: int | None = None
    incident: str | None = None
    files: tuple[ExchangeFile, ...] = Field(default=(), max_length=50)  # chosen for it; their bytes are kept already
    attach: bool = False  # what stands with the incident goes too

    def begins(self) -> bool:
        return True


class TakeAnswer(Command):
    """What they said by telephone, typed in."""

    text: str


class EndDown(Command):
    """Done with. A question and an instruction end with an answer (件件有回音), or with the reason why there is none."""

    reason: str = ""


class DownwardSent(Event):
    """`paper` goes as `delivery` over the line; `answer_by` with what it rests on, where nobody chose it."""

    private: ClassVar[frozenset[str]] = frozenset({"title", "text", "paper", "files"})
    number: str
    kind: DownKind
    unit: str
    unit_name: str
    title: str
    text: str = ""
    incident: str | None = None
    sent_at: int
    answer_by: int
    next_at: int
    law: str = ""
    confirmed: bool = True
    delivery: str
    paper: str
    files: tuple[ExchangeFile, ...] = ()
    division: str = ""
    by: str

    def series(self) -> str:
        return f"downward:{self.number[:4]}"


class DownwardNoted(Event):
    """How far it came, and the number under which they recorded it; where it cannot go the watch is called."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    delivery: str
    status: LineTurn
    receipt: str = ""
    at: int
    page: str = ""
    policy: str = ""
    subject: str = ""


class DownwardAnswered(Event):
    """Every answer stands beside the others. `late_by` microseconds after the time given, for ever."""

    private: ClassVar[frozenset[str]] = frozenset({"text"})
    who: str
    how: str
    text: str
    declined: bool = False
    message: str | None = None
    at: int
    late_by: int
    pages: tuple[str, ...] = ()
    settled: Settlement | None = None  # answered by another way: they are told


class DownwardMarked(Event):
    """So much of the time is used without an answer: at four fifths their duty room is called, at the end our watch."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    percent: int
    next_at: int | None
    late_by: int = 0
    page: str = ""
    policy: str = ""
    subject: str = ""
    unit: str = ""
    division: str = ""


class DownwardEnded(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason: str
    pages: tuple[str, ...] = ()
    by: str
    at: int
    settled: Settlement | None = None
