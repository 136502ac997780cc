"""What happened, in words: an incident that many messages belong to. Figures keep their source; unknown is not zero."""

from typing import ClassVar, Literal

from pydantic import Field

from dutydesk.domain import event_numbers
from dutydesk.domain.clocks import ClockRule
from dutydesk.domain.readings import Figure, Level, Reading, Value
from dutydesk.domain.verbs import Command, Event

Standing = Literal["asking", "true", "false", "partly", "unclear"]  # of a verification of it


class Claim(Value):
    """One figure as one message gave it. `as_of` is the instant it claims to hold for, when said."""

    name: str
    value: Figure
    message: str
    at: int
    as_of: str | None = None
    correction: bool = False  # the text says it corrects an earlier figure


class OpenIncident(Command):
    number: str
    title: str
    unit: str | None
    unit_name: str = ""
    division: str
    maybe: tuple[str, ...] = ()
    message: str
    summary: str
    reading: Reading
    received_at: int
    signed_by: str = ""  # the officer who typed it in or opened it has it already: nobody needs to be called

    def begins(self) -> bool:
        return True


class AddReport(Command):
    """One more message belongs to it."""

    message: str
    summary: str
    reading: Reading
    received_at: int


class RemoveReport(Command):
    """That message belongs elsewhere after all; its figures go with it."""

    message: str


class SignForIncident(Command):
    """签收: an officer takes note; stops the calls about it."""


class NoteSigned(Command):
    """A page about it was answered, by whom and how."""

    page: str
    who: str
    how: str


class AssignIncident(Command):
    to: str


class NoteIncident(Command):
    """A line in its timeline, typed by an officer."""

    text: str


class FixFact(Command):
    """An officer sets a fact (title, place, level, category) with a reason; what was read stays in the journal."""

    name: str
    value: str
    reason: str


class FixFigure(Command):
    """An officer sets a figure, or sets it to unknown (None), with a reason; every figure that was read stays in the ledger."""

    name: str
    value: int | None = Field(default=None, ge=0, le=10**12)
    reason: str


class SetFlags(Command):
    """The sensitive circumstances of it (regulations 2.4), all that hold now; any of them sends it up whatever its level."""

    flags: tuple[str, ...]
    reason: str


class NoteVerification(Command):
    """A verification about it was begun ("asking") or concluded: 未核实, 核实中, 属实, 不实 … A first report never waits for it."""

    verification: str
    truth: Standing
    reason: str = ""


class MergeIncident(Command):
    """This incident is really part of `into`; undone by SplitIncident without loss."""

    into: str
    reason: str = ""


class TakeOver(Command):
    """Another incident was merged into this one: its messages count here."""

    incident: str
    claims: tuple[Claim, ...]
    messages: tuple[str, ...]
    level: str = ""
    clocks: tuple[str, ...] = ()  # rules whose clocks come along


class GiveBack(Command):
    incident: str
    messages: tuple[str, ...]


class SplitIncident(Command):
    reason: str = ""


class CloseIncident(Command):
    """`outcome`: handled, false (不实), or elsewhere (移交)."""

    outcome: str
    reason: str


class ReopenIncident(Command):
    reason: str


class CallFor(Command):
    """Start a page about it along a policy."""

    policy: str


class IncidentOpened(Event):
    private: ClassVar[frozenset[str]] = frozenset({"title", "summary"})
    number: str
    title: str
    unit: str | None
    unit_name: str = ""
    division: str
    maybe: tuple[str, ...] = ()
    message: str
    summary: str
    reading: Reading
    received_at: int
    event: str = ""  # the event's number in the 31-character pattern (domain/event_numbers.py)

    def series(self) -> str:
        return event_numbers.series(self.event)


class ReportAdded(Event):
    """`passed_to` names the incident this one was merged into: the report counts there too."""

    private: ClassVar[frozenset[str]] = frozenset({"summary"})
    message: str
    summary: str
    reading: Reading
    received_at: int
    passed_to: str = ""


class ReportRemoved(Event):
    message: str
    passed_to: str = ""


class IncidentSigned(Event):
    by: str
    how: str
    pages: tuple[str, ...] = ()


class IncidentAssigned(Event):
    to: str
    by: str


class IncidentNoted(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    text: str
    by: str


class FactFixed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"value"})
    name: str
    value: str
    reason: str
    by: str
    at: int = 0


class FigureFixed(Event):
    name: str
    value: int | None
    reason: str
    by: str
    at: int


class LevelProposed(Event):
    """The level that the standing figures reach (regulations section 8, rules 8 and 9); it raises a level that nobody has fixed.

    `certain`: without the missing, who count with the dead; `hint`: by bands too that nobody has confirmed, which raises nothing.
    """

    level: Level | None
    certain: Level | None
    hint: Level | None


class FlagsSet(Event):
    flags: tuple[str, ...]
    reason: str
    by: str


class VerificationNoted(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    verification: str
    truth: Standing
    reason: str
    passed_to: str = ""


class ClockStarted(Event):
    """A legal clock begins to run for it. `why`: what made it reportable (opened, level, flags), at which `level`; or what arose
    on the way (casualties, fixed, skipped)."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    rule: ClockRule
    start_at: int
    assumed: bool
    subject: str
    division: str
    why: str
    level: str = ""


class IncidentMerged(Event):
    into: str
    reason: str
    by: str
    claims: tuple[Claim, ...]
    messages: tuple[str, ...]
    pages: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    level: str = ""
    clocks: tuple[str, ...] = ()


class IncidentTookOver(Event):
    incident: str
    claims: tuple[Claim, ...]
    messages: tuple[str, ...]
    level: str = ""
    clocks: tuple[str, ...] = ()


class IncidentGaveBack(Event):
    incident: str
    messages: tuple[str, ...]
    passed_to: str = ""


class IncidentSplit(Event):
    former: str
    reason: str
    by: str
    messages: tuple[str, ...]
    obligations: tuple[str, ...] = ()


class IncidentClosed(Event):
    outcome: str
    reason: str
    by: str
    pages: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()


class IncidentReopened(Event):
    reason: str
    by: str
    obligations: tuple[str, ...] = ()


class PageCalled(Event):
    """A page about it starts: along which policy, told in one line."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    page: str
    policy: str
    subject: str
    unit: str | None
    division: str
    level: str = ""
    signs: bool = False
