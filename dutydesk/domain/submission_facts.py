"""What a decision about a report upward may know besides the report: a few indexed reads, made under the pen."""

from collections.abc import Iterator
from dataclasses import dataclass

from dutydesk.domain.calling import Person, watch_leader
from dutydesk.domain.dispatch_table import annexes_of, in_words
from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.papers import files_of
from dutydesk.domain.submission_state import Submission
from dutydesk.domain.submissions import (
    BeginSubmission,
    CheckSubmission,
    ConfirmByPhone,
    NoteLine,
    NoteReceipt,
    RefreshDraft,
    SendSubmission,
    SignSubmission,
    Snapshot,
    WriteDraft,
)
from dutydesk.domain.verbs import Command, Found, Look

MOST_EARLIER = 200  # reports that a paper refers to


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision about a report may know: the incident now and who reported it, the report before, unmet clocks, who signs,
    who leads the watch."""

    incident: Found | None = None
    source: str = ""
    rounds: tuple[str, ...] = ()  # of dispatches, in words
    last: Snapshot | None = None
    clocks: tuple[Found, ...] = ()
    role: str = ""
    name: str = ""
    phone: str = ""
    leader: Person | None = None
    files: tuple[ExchangeFile, ...] = ()
    earlier: tuple[int, ...] = ()  # when the reports before it were issued, as papers between desks say it


def facts(look: Look, state: Submission, command: Command) -> Facts:
    incident = state.begun.incident if state.begun else getattr(command, "incident", "")
    ordinal = state.begun.ordinal if state.begun else getattr(command, "ordinal", 0)
    match command:
        case SignSubmission():
            user = look.row("user", command.who.partition(":")[2]) if command.who.startswith("user:") else None
            body = user.body if user and user.open else {}
            return Facts(role=body.get("role", ""), name=body.get("name", ""), phone=body.get("phone") or "")
        case CheckSubmission():
            return Facts(leader=watch_leader(look))
        case BeginSubmission() | RefreshDraft() | WriteDraft():
            found = look.row("incident", command.incident if isinstance(command, BeginSubmission) else incident)
            number = command.ordinal if isinstance(command, BeginSubmission) else ordinal
            rounds = tuple(in_words(table) for table in annexes_of(look, found.id)) if found else ()
            return Facts(incident=found, source=_source(look, found), last=_last(look, incident, number), rounds=rounds)
        case NoteLine() | NoteReceipt() | ConfirmByPhone():
            return Facts(clocks=tuple(look.by_ref("owed", f"incident/{incident}", 200)))
        case SendSubmission():
            files = files_of(look, look.row("incident", incident))
            return Facts(files=files, earlier=tuple(_issued(look, incident, ordinal)))
    return Facts()


def _issued(look: Look, incident: str, ordinal: int) -> Iterator[int]:
    """When the reports before one were issued; in the order of their numbers, 0 where that is not known."""
    for n in range(max(1, ordinal - MOST_EARLIER), ordinal):
        found = look.row("submission", f"{incident}-{n}")
        yield int(found.body["draft"]["as_of"]) if found else 0


def _source(look: Look, incident: Found | None) -> str:
    """Who reported it first: their unit, or the name they gave; of anybody else no number goes up, only that it was a citizen."""
    if incident is None or not incident.body["messages"]:
        return ""
    message = look.row("message", incident.body["messages"][0])
    if message is None:
        return str(incident.body["unit_name"])
    said = message.body
    form = said.get("form") or {}
    named = said.get("unit_name") or form.get("caller_unit") or said.get("sender_name") or form.get("caller_name")
    return str(named or ("群众来电" if said["channel"] in ("call", "voice") else "群众反映"))


def _last(look: Look, incident: str, ordinal: int) -> Snapshot | None:
    before = look.row("submission", f"{incident}-{ordinal - 1}") if ordinal > 1 else None
    return Snapshot.model_validate(before.body["draft"]["snapshot"]) if before else None
