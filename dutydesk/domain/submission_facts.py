"""What a decision about a report upward may know besides the report: a few indexed reads, made under the pen."""

from dataclasses import dataclass

from dutydesk.domain.submission_state import Submission
from dutydesk.domain.submissions import (
    BeginSubmission,
    ConfirmByPhone,
    NoteLine,
    NoteReceipt,
    RefreshDraft,
    SignSubmission,
    Snapshot,
    WriteDraft,
)
from dutydesk.domain.verbs import Command, Found, Look


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision about a report may know: the incident now and who reported it, the report before, unmet clocks, who signs."""

    incident: Found | None = None
    source: str = ""
    last: Snapshot | None = None
    clocks: tuple[Found, ...] = ()
    role: str = ""
    name: str = ""
    phone: str = ""


def facts(look: Look, state: Submission, command: Command) -> Facts:
    incident = state.begun.incident if state.begun else getattr(command, "incident", "")
    ordinal = state.begun.ordinal if state.begun else getattr(command, "ordinal", 0)
    match command:
        case SignSubmission():
            user = look.row("user", command.who.partition(":")[2]) if command.who.startswith("user:") else None
            body = user.body if user and user.open else {}
            return Facts(role=body.get("role", ""), name=body.get("name", ""), phone=body.get("phone") or "")
        case BeginSubmission() | RefreshDraft() | WriteDraft():
            found = look.row("incident", command.incident if isinstance(command, BeginSubmission) else incident)
            number = command.ordinal if isinstance(command, BeginSubmission) else ordinal
            return Facts(incident=found, source=_source(look, found), last=_last(look, incident, number))
        case NoteLine() | NoteReceipt() | ConfirmByPhone():
            return Facts(clocks=tuple(look.by_ref("owed", f"incident/{incident}", 200)))
    return Facts()


def _source(look: Look, incident: Found | None) -> str:
    if incident is None or not incident.body["messages"]:
        return ""
    message = look.row("message", incident.body["messages"][0])
    said = message.body if message else {}
    return str(
        incident.body["unit_name"] or said.get("unit_name") or said.get("sender_name") or said.get("sender") or ""
    )


def _last(look: Look, incident: str, ordinal: int) -> Snapshot | None:
    before = look.row("submission", f"{incident}-{ordinal - 1}") if ordinal > 1 else None
    return Snapshot.model_validate(before.body["draft"]["snapshot"]) if before else None
