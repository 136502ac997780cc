"""What an incident knows of the way upward, in words: its reports by number, telephone reports, fixed hours, units it was handed to.

Times are never overwritten: each of these is an event of its own (regulations section 8, rule 1).
"""

from typing import Any, ClassVar, NamedTuple

from dutydesk.domain.deliveries import How
from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.readings import Kind
from dutydesk.domain.verbs import Command, Event


class DraftSubmission(Command):
    """Begin the next report: 首报 when nothing has gone up, else 续报 or, at the end, 终报."""

    kind: Kind


class NoteSubmitted(Command):
    """A report of it went out. `skipped`: tiers that are owed it now; `outdated`: its facts changed after the signature."""

    ordinal: int
    kind: Kind
    skipped: tuple[str, ...] = ()
    outdated: bool = False


class NoteWithdrawn(Command):
    """A draft was given up; its number is free again."""

    ordinal: int


class ReportByPhone(Command):
    """电话报告: an officer read the script to somebody there. `addressee` is one of config/submissions.toml."""

    addressee: str
    whom: str
    told_at: int
    note: str = ""


class AttachFiles(Command):
    """An officer puts photos or documents beside what came with messages; their bytes are kept already, by their SHA-256."""

    files: tuple[ExchangeFile, ...]


class DetachFile(Command):
    """One of them does not belong there. What went out with a report has gone."""

    digest: str
    reason: str


class TransferIncident(Command):
    """Not ours, or not ours alone: to this unit at once, which signs for it (regulations section 8, rule 14)."""

    unit: str
    reason: str


class NoteTransferReceipt(Command):
    """The unit signed for it; an officer types it in, or it comes by the unit's link."""

    unit: str
    who: str
    how: str = "console"


class SubmissionBegun(Event):
    """Its report number `ordinal` is to be drafted; `why`: ordered, casualties (inside the supplement watch)."""

    ordinal: int
    kind: Kind
    why: str
    division: str
    by: str


class DraftOutdated(Event):
    """The facts changed while a report is being drafted."""

    ordinal: int


class DraftDropped(Event):
    """The draft has lost its object: the incident was merged, or is false."""

    ordinal: int
    reason: str


class IncidentSubmitted(Event):
    ordinal: int
    kind: Kind
    at: int


class SubmissionGivenUp(Event):
    ordinal: int


class PhoneReported(Event):
    private: ClassVar[frozenset[str]] = frozenset({"whom", "note"})
    addressee: str
    label: str
    whom: str
    note: str
    told_at: int
    recorded_at: int
    obligations: tuple[str, ...] = ()
    by: str


class FixedReportSet(Event):
    """It is reported on at a fixed hour; `due_at` is the next."""

    due_at: int


class FilesAttached(Event):
    """They stand in the incident, are part of what its next report says, and go with it."""

    private: ClassVar[frozenset[str]] = frozenset({"files"})
    files: tuple[ExchangeFile, ...] = ()
    by: str


class FileDetached(Event):
    digest: str
    reason: str
    by: str


class IncidentTransferred(Event):
    private: ClassVar[frozenset[str]] = frozenset({"address", "words"})
    unit: str
    name: str
    reason: str
    at: int
    receipt_by: int
    how: How | None
    address: str = ""
    words: str = ""
    delivery: str
    division: str = ""
    by: str


class TransferReceipted(Event):
    private: ClassVar[frozenset[str]] = frozenset({"who"})
    unit: str
    who: str
    how: str
    at: int
    late_by: int
    by: str


class TransferSilent(Event):
    """The unit has not signed for it in time: the watch is called. The incident stays ours until it does."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    unit: str
    page: str = ""
    policy: str = ""
    subject: str = ""
    division: str = ""


EVENTS: tuple[type[Event], ...] = (
    SubmissionBegun,
    DraftOutdated,
    DraftDropped,
    IncidentSubmitted,
    SubmissionGivenUp,
    PhoneReported,
    FixedReportSet,
    FilesAttached,
    FileDetached,
    IncidentTransferred,
    TransferReceipted,
    TransferSilent,
)


class Rise(NamedTuple):
    """It became reportable, or more so: when, by what (opened, level, flags), at which level."""

    at: int
    why: str
    level: str


class Lowered(NamedTuple):
    """A person set the level lower than it had been. No clock went with it; the attempt stays visible."""

    was: str
    level: str
    by: str
    at: int
    reason: str


class Upward(NamedTuple):
    """`drafting` is the number of the report being drafted (0: none), `peak` the highest level it ever had."""

    peak: str = ""
    drafting: int = 0
    begun: tuple[tuple[int, str], ...] = ()
    sent: tuple[IncidentSubmitted, ...] = ()
    told: tuple[PhoneReported, ...] = ()
    rises: tuple[Rise, ...] = ()
    lowered: tuple[Lowered, ...] = ()
    fixed_at: int = 0
    files: tuple[ExchangeFile, ...] = ()  # attached by officers; what came with messages stands with those
    transfers: tuple[IncidentTransferred, ...] = ()
    receipts: tuple[TransferReceipted, ...] = ()

    @property
    def final(self) -> bool:
        """Whether its last report upward was the final one."""
        return bool(self.sent) and self.sent[-1].kind == "终报"


def grown(state: Upward, event: Event) -> Upward:
    """What it knows after one more event."""
    match event:
        case SubmissionBegun():
            return state._replace(drafting=event.ordinal, begun=(*state.begun, (event.ordinal, event.kind)))
        case IncidentSubmitted():
            return state._replace(drafting=0, sent=(*state.sent, event))
        case SubmissionGivenUp() | DraftDropped():
            return state._replace(drafting=0)
        case PhoneReported():
            return state._replace(told=(*state.told, event))
        case FixedReportSet():
            return state._replace(fixed_at=event.due_at)
        case FilesAttached():
            return state._replace(files=(*state.files, *event.files))
        case FileDetached():
            return state._replace(files=tuple(one for one in state.files if one.digest != event.digest))
        case IncidentTransferred():
            return state._replace(transfers=(*state.transfers, event))
        case TransferReceipted():
            return state._replace(receipts=(*state.receipts, event))
    return state


def shown(state: Upward) -> dict[str, Any]:
    """What consoles see of it, in the row of the incident."""
    receipts = {receipt.unit: receipt for receipt in state.receipts}
    return {
        "peak": state.peak,
        "drafting": state.drafting,
        "submitted": [sent.model_dump() for sent in state.sent],
        "told": [
            told.model_dump(include={"addressee", "label", "whom", "told_at", "recorded_at", "by"})
            for told in state.told
        ],
        "files": [file.model_dump() for file in state.files],
        "reportable": [rise._asdict() for rise in state.rises],
        "lowered": [lowered._asdict() for lowered in state.lowered],
        "transfers": [_handed(handed, receipts.get(handed.unit)) for handed in state.transfers],
    }


def _handed(handed: IncidentTransferred, receipt: TransferReceipted | None) -> dict[str, Any]:
    return {
        **handed.model_dump(include={"unit", "name", "reason", "at", "receipt_by", "by", "delivery"}),
        "receipt_at": receipt.at if receipt else None,
        "receipt_by_whom": receipt.who if receipt else "",
        "late_by": receipt.late_by if receipt else None,
    }
