"""Whatever arrives, in words: commands and events of a message. The raw text is recorded first and never changes."""

from typing import ClassVar, Literal

from dutydesk.clock import day
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.readings import Reading, Value
from dutydesk.domain.verbs import Command, Event

Channel = Literal["sms", "web", "call", "api", "mail", "voice", "link"]


class Media(Value):
    """A picture or recording that came along: where it is kept or can be fetched."""

    url: str
    media_type: str = ""
    digest: str = ""
    size: int = 0  # bytes; 0 when nobody counted them


class CallForm(Value):
    """The duty phone book's fields besides place, text and time (肇庆 rules): whom the caller told, and who the caller is.

    `position` is where a phone says it stands: latitude, longitude, metres of doubt (WGS 84)."""

    occurred: str = ""
    place: str = ""
    position: str = ""
    told: str = ""
    caller_unit: str = ""
    caller_name: str = ""
    caller_post: str = ""


class Proposal(Value):
    """An open incident the reader thinks a message belongs to, and why; `sure` only where it would bet the desk on it."""

    incident: str
    sure: bool
    why: str = ""


class Option(Value):
    """One numbered choice put to a sender: an incident, a page, or something new."""

    kind: Literal["incident", "page", "new"]
    id: str = ""
    label: str


class RecordMessage(Command):
    """Take it in exactly as it came. `contact` is set only where a signed link proved it."""

    channel: Channel
    via: str
    sender: str = ""
    recipient: str = ""
    text: str
    media: tuple[Media, ...] = ()
    sent_at: int | None = None
    provider_id: str = ""
    contact: str | None = None
    unit: str | None = None
    form: CallForm | None = None
    page: str | None = None
    incident: str | None = None
    exchange: Exchange | None = None
    asker: str = ""  # the stream that asked for it over a link

    def begins(self) -> bool:
        return True


class InterpretMessage(Command):
    """The text was read; route it. `proposals` are incidents the reader thinks it belongs to, most likely first."""

    reading: Reading
    proposals: tuple[Proposal, ...] = ()


class ReportReadingFailure(Command):
    """Our reader or router failed on it: it stays on the board, red, and is tried again."""

    error: str


class AttachMessage(Command):
    """An officer says which incident it belongs to."""

    incident: str
    reason: str = ""


class OpenFromMessage(Command):
    """An officer says it is a new incident."""


class DismissMessage(Command):
    """An officer says it is no report, with the reason."""

    reason: str


class RestoreMessage(Command):
    """Undo of a dismissal: it waits for a person again."""


class Choose(Command):
    """The sender answered our numbered question."""

    choice: int


class MessageRecorded(Event):
    private: ClassVar[frozenset[str]] = frozenset({"sender", "sender_name", "text", "form", "exchange"})
    number: str
    received_at: int
    channel: Channel
    via: str
    sender: str
    sender_name: str | None = None
    recipient: str = ""
    text: str
    media: tuple[Media, ...] = ()
    sent_at: int | None = None
    provider_id: str = ""
    contact: str | None = None
    unit: str | None = None
    unit_name: str = ""
    division: str = ""
    form: CallForm | None = None
    page: str | None = None
    incident: str | None = None
    repeat_of: str | None = None
    repeats: int = 0
    by: str = ""
    classified: str = ""  # the mark of classified text found in it
    exchange: Exchange | None = None  # what another duty room's paper states
    asker: str = ""

    def series(self) -> str:
        return f"message:{day(self.received_at)}"


class MessageRead(Event):
    reading: Reading


class ReadingFailed(Event):
    error: str
    failures: int
    retry_at: int


class MessageOpened(Event):
    """It opens a new incident. `maybe` names incidents it may really belong to, `stops` the page that a long hold began."""

    private: ClassVar[frozenset[str]] = frozenset({"summary"})
    incident: str
    number: str
    title: str
    summary: str
    unit: str | None
    unit_name: str = ""
    division: str
    reading: Reading
    received_at: int
    maybe: tuple[str, ...] = ()
    by: str = ""
    stops: str = ""

    def series(self) -> str:
        return f"incident:{self.number[:8]}"


class MessageAttached(Event):
    private: ClassVar[frozenset[str]] = frozenset({"summary"})
    incident: str
    why: str
    summary: str
    reading: Reading
    received_at: int
    former: str | None = None
    by: str = ""
    stops: str = ""


class MessageAnswered(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    page: str
    who: str
    how: str
    text: str
    minutes: int | None = None
    link: bool = False  # what was asked for is the address of the reporting page
    asker: str = ""  # the stream that asked over a link, and is told
    unit: str = ""  # as whose answer
    declined: bool = False


class ChoiceAsked(Event):
    private: ClassVar[frozenset[str]] = frozenset({"options"})
    options: tuple[Option, ...] = ()
    until: int


class ChoiceMade(Event):
    message: str
    choice: int


class MessageHeld(Event):
    reason: str
    until: int


class HeldTooLong(Event):
    page: str
    policy: str
    subject: str
    division: str


class MessageDismissed(Event):
    reason: str
    by: str
    former: str | None = None
    stops: str = ""


class MessageReceipted(Event):
    """The sender is answered, once."""

    private: ClassVar[frozenset[str]] = frozenset({"to", "text"})
    delivery: str
    channel: str
    to: str
    text: str
    division: str = ""
    callee: str = ""
    asked: tuple[str, ...] = ()  # elements of the report that were asked for, as worded to the sender
    page: bool = False
    at: int = 0
