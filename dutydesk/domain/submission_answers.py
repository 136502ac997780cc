"""What comes back after a report was sent: how its deliveries went, receipts, confirmations by telephone, and silence.

Whatever meets a legal clock is told to it here: in writing by a delivery that left us, by telephone by a key or a voice.
"""

from typing import Any

from dutydesk.clock import MINUTE
from dutydesk.domain.submission_facts import Facts
from dutydesk.domain.submission_state import Submission, silent, track
from dutydesk.domain.submissions import (
    ConfirmByPhone,
    Line,
    LineNoted,
    NoteLine,
    NoteReceipt,
    ReceiptsMissing,
    SubmissionConfirmed,
    SubmissionDrafted,
    SubmissionReceipted,
)
from dutydesk.domain.verbs import Command, Context, Event, Fire
from dutydesk.errors import Refused

BY_LINK = "直连"  # who signs a receipt that the other desk's program gives


def afterwards(state: Submission, begun: SubmissionDrafted, command: Command, context: Context[Facts]) -> list[Event]:
    """Decide what an answer means. Raises Refused where nothing was sent that it could answer."""
    match command:
        case NoteLine():
            return _noted(state, command, context)
        case NoteReceipt():
            return [_receipted(state, command, context)]
        case ConfirmByPhone():
            return [_confirmed(state, command, context)]
        case Fire(name="receipts"):
            return _receipts_missing(state, begun, context)
    return []


def _noted(state: Submission, command: NoteLine, context: Context[Facts]) -> list[Event]:
    one = track(state, command.delivery.rpartition(".")[2])
    if one is None or one.delivery != command.delivery or one.status == command.status:
        return []
    written = one.line.how != "voice" and command.status in ("sent", "arrived")
    met = _met(state, one.line, "written", context) if written else ()
    noted = LineNoted(addressee=one.line.addressee, status=command.status, at=context.at)
    noted = noted.model_copy(update={"obligations": met, "told": one.line.label, "note": _number(state)})
    if not command.receipt or state.sent is None:
        return [noted]
    receipt = NoteReceipt(addressee=one.line.addressee, who=BY_LINK, number=command.receipt, how="link")
    return [noted, _receipted(state, receipt, context)]


def _met(state: Submission, line: Line, channel: str, context: Context[Facts], told_at: int = 0) -> tuple[str, ...]:
    """The unmet clocks of this line and channel that had begun when it was told."""
    told_at = told_at or context.at
    return tuple(
        f.id
        for f in context.facts.clocks
        if line.receiver
        and (f.body["receiver"], f.body["channel"]) == (line.receiver, channel)
        and f.body["start_at"] <= told_at
    )


def _number(state: Submission) -> str:
    begun = state.begun
    return f"{begun.kind} {begun.incident}-{begun.ordinal}" if begun else ""


def _receipted(state: Submission, command: NoteReceipt, context: Context[Facts]) -> SubmissionReceipted:
    one, sent = track(state, command.addressee), state.sent
    if one is None or sent is None:
        raise Refused("没有发给这一方,不能登记回执")
    ours = _number(state).rpartition(" ")[2]
    before = {receipt.number for receipt in one.receipts if receipt.number}
    other = bool((command.number and before - {command.number}) or command.cited not in ("", ours))
    met = _met(state, one.line, "phone", context) if command.how in ("voice", "phone") else ()
    return SubmissionReceipted(
        **command.model_dump(),
        at=context.at,
        again=bool(one.receipts),
        other_number=other,
        late_by=max(0, context.at - max(sent.receipts_by, one.sent_at)),
        settled=_settles(state, command.addressee),
        obligations=met,
        told=f"{one.line.label} {command.who}",
        note=_number(state),
        by=context.by,
    )


def _confirmed(state: Submission, command: ConfirmByPhone, context: Context[Facts]) -> SubmissionConfirmed:
    one = track(state, command.addressee)
    if one is None:
        raise Refused("没有发给这一方,不能登记电话确认")
    if not command.whom.strip():
        raise Refused("要写明与谁确认")
    if command.told_at > context.at + MINUTE or command.told_at < one.sent_at - MINUTE:
        raise Refused("确认时间不对:晚于现在,或早于发出时间")
    met = _met(state, one.line, "phone", context, command.told_at)
    told = f"{one.line.label} {command.whom}"
    return SubmissionConfirmed(
        **command.model_dump(),
        at=context.at,
        settled=_settles(state, command.addressee),
        obligations=met,
        told=told,
        note=_number(state),
        by=context.by,
    )


def _settles(state: Submission, addressee: str) -> bool:
    """Whether an answer of this addressee is the last that is owed."""
    return {line.addressee for line in silent(state)} <= {addressee}


def _receipts_missing(state: Submission, begun: SubmissionDrafted, context: Context[Facts]) -> list[Event]:
    owing = silent(state)
    if not owing or state.draft is None:
        return []
    names, policy = "、".join(line.label for line in owing), context.rules.page_on_clock
    told = {"incident": begun.incident, "division": begun.division}
    call: dict[str, Any] = {}
    if policy:
        subject = context.rules.phrase("receipt_missing", title=state.draft.title, names=names)
        call = {"page": f"{begun.incident}-receipt-{begun.ordinal}", "policy": policy, "subject": subject}
    return [ReceiptsMissing(addressees=tuple(line.addressee for line in owing), **told, **call)]
