"""Quick verification (核报), in words: one question to several units, their answers in one table, silence that climbs, an end by a person.

A round of a dispatch (调度) is the same question asked of many; it asks for a report (`asks` "report") instead of a verdict. What we
ask the duty room above us (请示) is the same question too; it asks for its word (`asks` "guidance").
"""

from typing import ClassVar, Literal

from pydantic import Field

from dutydesk.domain.asking import Truth
from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.readings import Figure, Value
from dutydesk.domain.settlements import Settlement
from dutydesk.domain.submissions import LineTurn
from dutydesk.domain.verbs import Command, Event

Form = Literal["truth", "report", "guidance"]


class Line(Value):
    """One unit that is asked: why it, by which page, since when."""

    unit: str
    name: str
    why: str
    page: str
    asked_at: int
    division: str = ""


class AskUnits(Command):
    """Ask units at once, each along its own ladder. `whys` says by unit why it is asked (place, duty, industry, chosen …)."""

    text: str
    units: tuple[str, ...]
    whys: dict[str, str] = Field(default_factory=dict)
    incident: str | None = None
    message: str | None = None
    asks: Form = "truth"
    dispatch: str = ""
    round: int = 0
    files: tuple[ExchangeFile, ...] = Field(default=(), max_length=50)  # with a question to above; their bytes are kept
    attach: bool = False  # what stands with the incident goes too

    def begins(self) -> bool:
        return True


class AskMore(Command):
    """Ask more units the same."""

    units: tuple[str, ...]
    whys: dict[str, str] = Field(default_factory=dict)


class Conclude(Command):
    """A person says what the answers come to, with the proof in words. `close`: the incident is closed as 不实 with that proof.

    What was asked of the duty room above has no verdict: it ends with its answer, or with the reason why there is none.
    """

    truth: Truth | None = None
    reason: str = ""
    close: bool = False


class EndRound(Command):
    """The next round begins, or the dispatch is over: whoever is silent stays so."""


class VerificationAsked(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text", "files"})
    number: str
    text: str
    lines: tuple[Line, ...]
    asks: Form
    policy: str
    asked_at: int
    phone_by: int
    written_by: int
    confirmed: bool
    law: str
    incident: str | None = None
    message: str | None = None
    dispatch: str = ""
    round: int = 0
    division: str = ""
    event: str = ""  # the event number of the incident, by which a linked desk knows it
    files: tuple[ExchangeFile, ...] = ()
    by: str

    def series(self) -> str:
        return f"verification:{self.number[:4]}"


class VerificationWidened(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text", "files"})
    lines: tuple[Line, ...]
    text: str
    policy: str
    asks: Form
    incident: str | None = None
    message: str | None = None
    event: str = ""
    files: tuple[ExchangeFile, ...] = ()
    by: str


class VerificationAnswered(Event):
    """Who says what. `figures` as the reader read them; `late_by` microseconds after the limit of the way it came by."""

    private: ClassVar[frozenset[str]] = frozenset({"text", "name"})
    unit: str
    who: str
    name: str
    how: str
    text: str
    truth: Truth | None
    figures: dict[str, Figure]
    message: str | None
    at: int
    late_by: int
    settled: Settlement | None = None


class VerificationCarried(Event):
    """How far the question came over the line of a linked desk, and its number there."""

    unit: str
    status: LineTurn
    receipt: str = ""
    at: int


class VerificationUnheard(Event):
    """The whole ladder of a unit was climbed and nobody answered."""

    unit: str
    page: str
    at: int


class VerificationOverdue(Event):
    """The time for a word by telephone, or in writing, is over; these have said nothing. The watch is called."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    limit: Literal["phone", "written"]
    asks: Form = "truth"
    silent: tuple[str, ...]
    late_by: int = 0
    page: str = ""
    policy: str = ""
    subject: str = ""
    division: str = ""


class VerificationConcluded(Event):
    """`truth` None: it ended without a verdict (the incident was closed, the round is over)."""

    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    truth: Truth | None
    reason: str
    asks: Form = "truth"
    pages: tuple[str, ...] = ()
    incident: str | None = None
    message: str | None = None  # a lead that is no incident and is put aside as 不实 with this proof
    close: bool = False
    at: int
    by: str
    settled: tuple[Settlement, ...] = ()
