"""A report upward (上报), in words: drafted from the facts, checked, signed, sent, receipted, confirmed by telephone; each an event.

Stream `submission/<incident>-<ordinal>`; ordinal 1 is the 首报. A signature names the version of the draft it stands under.
"""

from typing import Literal

from dutydesk.domain.deliveries import How
from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.readings import Figure, Kind, Value
from dutydesk.domain.verbs import Command, Event

SaidName = Literal["course", "measures", "trend", "requests", "commander", "remark"]
SignedHow = Literal["console", "link", "phone"]
ReceiptHow = Literal["link", "voice", "phone", "paper", "console"]
LineStatus = Literal["planned", "sent", "arrived", "failed", "uncertain"]
LineTurn = Literal["sent", "arrived", "failed", "uncertain"]


class ToldFigure(Value):
    """One figure as the report gives it. Not confirmed: no officer has fixed it; `others` are what other sources say."""

    name: str
    value: Figure = None
    confirmed: bool = False
    others: tuple[Figure, ...] = ()


class Snapshot(Value):
    """The facts of an incident as a draft was made from them. Empty is unknown; `confirmed` names the elements an officer fixed."""

    number: str
    title: str
    received_at: int
    source: str = ""
    level: str = ""
    peak: str = ""  # the highest level it ever had: by this it is routed and signed
    code: str = ""
    category: str = ""
    subtype: str = ""
    flags: tuple[str, ...] = ()
    place: str = ""
    unit: str = ""
    occurred_at: str = ""
    truth: str = ""
    figures: tuple[ToldFigure, ...] = ()
    confirmed: tuple[str, ...] = ()
    event: str = ""  # the event's number of 31 characters
    files: tuple[ExchangeFile, ...] = ()  # that officers attached
    rounds: tuple[str, ...] = ()  # the newest round of each dispatch about it, in words


class Change(Value):
    """What differs from what was told before: `was` and `now` in words, empty for unknown."""

    name: str
    label: str
    was: str = ""
    now: str = ""


class Said(Value):
    """An element that only a person can write: course, measures taken, trend, requests, commander on site."""

    name: SaidName
    text: str


class Draft(Value):
    """A version of the text, with the facts it was made from. `as_of` is the instant those facts stood."""

    version: str
    as_of: int
    title: str
    snapshot: Snapshot
    said: tuple[Said, ...] = ()
    changes: tuple[Change, ...] = ()
    missing: tuple[str, ...] = ()  # wanted elements nobody has given; they never hold a report up
    least_missing: tuple[str, ...] = ()  # of those, the four every report should have
    unverified: tuple[str, ...] = ()
    brief: tuple[str, ...] = ()  # three lines
    paragraphs: tuple[str, ...] = ()


class Line(Value):
    """One addressee of one report, resolved: `callee` names the person or unit, `address` number, address or unit code."""

    addressee: str
    label: str
    callee: str
    how: How
    address: str = ""
    receiver: str = ""
    tier: str = ""
    copied: bool = False


class Signer(Value):
    """Who may sign: `key` is leader:… or watch_leader."""

    key: str
    label: str


class Plan(Value):
    """Where a report goes and who signs it, by which rule."""

    lines: tuple[Line, ...] = ()
    signers: tuple[Signer, ...] = ()
    reach: str = "city"
    law: str = ""
    confirmed: bool = False
    lifted: bool = False  # by a sensitive circumstance


class Parcel(Value):
    """What is sent along one line: the words, under which delivery."""

    line: Line
    delivery: str
    text: str


class BeginSubmission(Command):
    """The incident asks for its report number `ordinal`; `why`: ordered, or casualties (they changed inside the supplement watch)."""

    incident: str
    ordinal: int
    kind: Kind
    why: str = "ordered"
    division: str = ""


class RefreshDraft(Command):
    """The incident's facts changed."""


class WriteDraft(Command):
    """An officer writes an element; `version` is the draft they read."""

    version: str
    name: SaidName
    text: str


class CheckSubmission(Command):
    """核对: an officer has read it against the facts."""

    version: str


class SignSubmission(Command):
    """签发. `leader`: a shift leader records that this leader agreed by telephone. `who` and `how` are what the desk knows."""

    version: str
    who: str
    leader: str = ""
    how: SignedHow = "console"


class SendSubmission(Command):
    """Send what was signed, to all that are planned or to those named; an addressee gets a report once and never again."""

    version: str
    to: tuple[str, ...] = ()


class NoteLine(Command):
    """How a delivery of it went: accepted, delivered, failed, uncertain, resent."""

    delivery: str
    status: LineTurn
    receipt: str = ""  # by link: the number under which the other side recorded it, which is its receipt


class NoteReceipt(Command):
    """The other side signed for it (回执): by whom, under which number of theirs, naming which number of ours."""

    addressee: str
    who: str
    number: str = ""
    cited: str = ""
    how: ReceiptHow = "console"


class ConfirmByPhone(Command):
    """电话确认: somebody there was asked by telephone and has it."""

    addressee: str
    whom: str
    told_at: int


class WithdrawSubmission(Command):
    """Not sent after all; refused once it is. `quiet`: no complaint when there is nothing to withdraw."""

    reason: str
    quiet: bool = False


class SubmissionDrafted(Event):
    incident: str
    ordinal: int
    kind: Kind
    why: str
    division: str
    draft: Draft
    plan: Plan
    at: int
    by: str


class SubmissionRedrafted(Event):
    """The facts or the words changed: another version; a check of the former one is void."""

    draft: Draft
    plan: Plan
    changes: tuple[Change, ...] = ()  # since the former version
    why: Literal["facts", "words"]
    at: int
    by: str


class SubmissionChecked(Event):
    """`asks` are the requests to sign, to the leaders who may."""

    version: str
    title: str
    division: str
    asks: tuple[Parcel, ...] = ()
    at: int
    by: str


class SubmissionSigned(Event):
    version: str
    key: str
    name: str
    how: SignedHow
    at: int
    by: str


class SubmissionOutdated(Event):
    """The facts changed after it was signed: what was signed stands, the next report tells the change."""

    changes: tuple[Change, ...]


class SubmissionSent(Event):
    incident: str
    ordinal: int
    kind: Kind
    title: str
    division: str
    parcels: tuple[Parcel, ...]
    skipped: tuple[str, ...] = ()  # tiers between us and the highest told that were not told
    outdated: bool = False
    receipts_by: int
    at: int
    by: str


class LineNoted(Event):
    """How it went along one line. `obligations` are the clocks this meets, `told` in words for them."""

    addressee: str
    status: LineStatus
    at: int
    obligations: tuple[str, ...] = ()
    told: str = ""
    note: str = ""


class SubmissionReceipted(Event):
    """`again`: not the first receipt of this line; `other_number`: another number than before, or not our number; late is kept.
    `settled`: nobody owes one any more.
    """

    addressee: str
    who: str
    number: str
    cited: str
    how: ReceiptHow
    at: int
    again: bool = False
    other_number: bool = False
    late_by: int = 0
    settled: bool = False
    obligations: tuple[str, ...] = ()
    told: str = ""
    note: str = ""
    by: str


class SubmissionConfirmed(Event):
    addressee: str
    whom: str
    told_at: int
    at: int
    settled: bool = False
    obligations: tuple[str, ...] = ()
    told: str = ""
    note: str = ""
    by: str


class ReceiptsMissing(Event):
    """The time for receipts is over and some lines are silent: the watch is called."""

    addressees: tuple[str, ...]
    incident: str
    division: str
    page: str = ""
    policy: str = ""
    subject: str = ""


class SubmissionWithdrawn(Event):
    incident: str
    ordinal: int
    reason: str
    at: int
    by: str
