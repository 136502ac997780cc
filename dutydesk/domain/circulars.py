"""The circular (通报) in words: figures of a watch or a period, each with the entries it was counted from; a daily brief (每日要情); or one
event, one circular. Drafted, edited, corrected with a reason, issued under a number, receipted."""

from typing import ClassVar, Literal

from dutydesk.clock import to_datetime
from dutydesk.domain.readings import Value
from dutydesk.domain.verbs import Command, Event

CircularKind = Literal["watch", "day", "month", "quarter", "year", "brief", "event"]


class Figure(Value):
    """One figure: its name, value (None when nothing was measured), unit of measure, and the seqs of its entries."""

    name: str
    value: int | None
    unit: str = ""
    seqs: tuple[int, ...] = ()


class Item(Value):
    """One line about one incident or message, with the stream it opens to."""

    text: str
    stream: str
    state: str = ""
    section: str = ""  # praised, faulted, incidents, checks; empty: the watch's own list


class Addressee(Value):
    callee: str
    how: Literal["sms", "mail"]
    delivery: str


class RequestCircular(Command):
    """Have one written, by a watch that ended or a period that did."""

    watch: str = ""
    name: str
    starts_at: int
    ends_at: int
    note: str = ""
    kind: CircularKind = "watch"
    scheme: str = ""


class AskEventCircular(Command):
    """一事一通报: have one written about how a unit reported one event."""

    incident: str
    unit: str


class DraftCircular(Command):
    """The figures were counted, outside the pen."""

    figures: tuple[Figure, ...]
    items: tuple[Item, ...]
    summary: str


class EditCircular(Command):
    """Before it is issued: other words, other items, another order. Figures are corrected, never edited."""

    items: tuple[Item, ...]
    summary: str


class CorrectCircular(Command):
    """Change a figure (`name`) or the summary (name "summary") before or after issue, with the reason."""

    name: str
    value: str
    reason: str


class IssueCircular(Command):
    """Send it to its recipients."""


class OpenCircular(Command):
    """A recipient opened the link: the receipt."""

    callee: str


class CircularRequested(Event):
    private: ClassVar[frozenset[str]] = frozenset({"note"})
    watch: str
    name: str
    starts_at: int
    ends_at: int
    note: str = ""
    due_at: int
    kind: CircularKind = "watch"
    scheme: str = ""
    incident: str = ""
    unit: str = ""
    unit_name: str = ""


class CircularDrafted(Event):
    private: ClassVar[frozenset[str]] = frozenset({"items", "summary"})
    figures: tuple[Figure, ...]
    items: tuple[Item, ...] = ()
    summary: str


class CircularEdited(Event):
    private: ClassVar[frozenset[str]] = frozenset({"items", "summary"})
    items: tuple[Item, ...] = ()
    summary: str
    by: str


class CircularCorrected(Event):
    private: ClassVar[frozenset[str]] = frozenset({"former", "value"})
    name: str
    former: str
    value: str
    reason: str
    by: str


class CircularIssued(Event):
    private: ClassVar[frozenset[str]] = frozenset({"addresses", "names", "text"})
    issue: int
    by: str
    to: tuple[Addressee, ...]
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    subject: str
    text: str
    document_number: str = ""  # 发文字号; empty for the summary of a watch
    replaces: str = ""  # the number of the issue that this one corrects
    issued_at: int = 0

    def series(self) -> str:
        return f"document:{to_datetime(self.issued_at):%Y}" if self.document_number else ""


class CircularOpened(Event):
    callee: str
    at: int
