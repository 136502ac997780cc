"""How a report upward looks after its events, and the row that consoles and printed documents are made from."""

from typing import Any, NamedTuple

from dutydesk.domain.submissions import (
    Change,
    Draft,
    Line,
    LineNoted,
    LineStatus,
    Plan,
    ReceiptsMissing,
    SubmissionChecked,
    SubmissionConfirmed,
    SubmissionDrafted,
    SubmissionOutdated,
    SubmissionReceipted,
    SubmissionRedrafted,
    SubmissionSent,
    SubmissionSigned,
    SubmissionWithdrawn,
)
from dutydesk.domain.verbs import Event, Row


class Track(NamedTuple):
    """One line once it was sent."""

    line: Line
    delivery: str
    sent_at: int
    status: LineStatus = "planned"
    noted_at: int | None = None
    receipts: tuple[SubmissionReceipted, ...] = ()
    confirmed: SubmissionConfirmed | None = None


class Submission(NamedTuple):
    begun: SubmissionDrafted | None = None
    status: str = "none"  # draft, checked, signed, sent, withdrawn
    draft: Draft | None = None
    plan: Plan = Plan()
    former: tuple[Draft, ...] = ()  # versions that were read and are no more
    redrafted_at: int = 0
    checked: SubmissionChecked | None = None
    signed: SubmissionSigned | None = None
    sent: SubmissionSent | None = None
    outdated: tuple[Change, ...] = ()
    tracks: tuple[Track, ...] = ()
    missing: tuple[str, ...] = ()
    withdrawn: SubmissionWithdrawn | None = None


def track(state: Submission, addressee: str) -> Track | None:
    return next((one for one in state.tracks if one.line.addressee == addressee), None)


def evolve(state: Submission, event: Event) -> Submission:
    match event:
        case SubmissionDrafted():
            return Submission(begun=event, status="draft", draft=event.draft, plan=event.plan)
        case SubmissionRedrafted():
            former = (*state.former, state.draft) if state.draft else state.former
            fresh = state._replace(status="draft", draft=event.draft, plan=event.plan, checked=None)
            return fresh._replace(former=former[-20:], redrafted_at=event.at)
        case SubmissionChecked():
            return state._replace(status="checked", checked=event)
        case SubmissionSigned():
            return state._replace(status="signed", signed=event)
        case SubmissionOutdated():
            return state._replace(outdated=event.changes)
        case SubmissionSent():
            new = tuple(Track(parcel.line, parcel.delivery, event.at) for parcel in event.parcels)
            return state._replace(status="sent", sent=state.sent or event, tracks=(*state.tracks, *new))
        case SubmissionWithdrawn():
            return state._replace(status="withdrawn", withdrawn=event)
        case ReceiptsMissing():
            return state._replace(missing=event.addressees)
        case LineNoted() | SubmissionReceipted() | SubmissionConfirmed():
            return state._replace(tracks=tuple(_noted(one, event) for one in state.tracks))
    return state


def _noted(one: Track, event: LineNoted | SubmissionReceipted | SubmissionConfirmed) -> Track:
    if one.line.addressee != event.addressee:
        return one
    match event:
        case LineNoted():
            return one._replace(status=event.status, noted_at=event.at)
        case SubmissionReceipted():
            return one._replace(status="arrived", receipts=(*one.receipts, event))
    return one._replace(confirmed=event)


def project(_id: str, state: Submission) -> Row | None:
    begun, draft = state.begun, state.draft
    if begun is None or draft is None:
        return None
    body: dict[str, Any] = {
        "incident": begun.incident,
        "ordinal": begun.ordinal,
        "kind": begun.kind,
        "why": begun.why,
        "status": state.status,
        "draft": draft.model_dump(mode="json"),
        "plan": state.plan.model_dump(mode="json"),
        "outdated": [change.model_dump() for change in state.outdated],
        "versions": len(state.former) + 1,
        "drafted_at": begun.at,
        "drafted_by": begun.by,
        "redrafted_at": state.redrafted_at or None,
        "lines": [_line(one) for one in state.tracks],
        "silent": [line.addressee for line in silent(state)],
        "overdue": list(state.missing),  # those that were silent when the time for receipts was over
        **_stamps(state),
    }
    return Row(body, open=is_open(state), division=begun.division, refs=(("about", f"incident/{begun.incident}"),))


def silent(state: Submission) -> list[Line]:
    """Lines that owe a receipt: duty rooms and offices it was addressed to, not leaders and not who is copied."""
    return [
        one.line
        for one in state.tracks
        if not (one.receipts or one.confirmed or one.line.copied or one.line.callee.startswith("leader:"))
    ]


def is_open(state: Submission) -> bool:
    """Until every duty room it went to has signed for it or was asked by telephone, or it was withdrawn."""
    if state.status == "sent":
        return bool(silent(state))
    return state.status != "withdrawn"


def _stamps(state: Submission) -> dict[str, Any]:
    checked, signed, sent = state.checked, state.signed, state.sent
    return {
        "checked_at": checked.at if checked else None,
        "checked_by": checked.by if checked else "",
        "asked": [parcel.line.callee for parcel in checked.asks] if checked else [],
        "signed_at": signed.at if signed else None,
        "signed_by": signed.name if signed else "",
        "signed_how": signed.how if signed else "",
        "signed_recorded_by": signed.by if signed else "",
        "sent_at": sent.at if sent else None,
        "sent_by": sent.by if sent else "",
        "skipped": list(sent.skipped) if sent else [],
        "withdrawn": state.withdrawn.reason if state.withdrawn else "",
    }


def _line(one: Track) -> dict[str, Any]:
    return {
        **one.line.model_dump(),
        "delivery": one.delivery,
        "sent_at": one.sent_at,
        "status": one.status,
        "noted_at": one.noted_at,
        "receipts": [r.model_dump(include=_RECEIPT) for r in one.receipts],
        "confirmed_at": one.confirmed.told_at if one.confirmed else None,
        "confirmed_whom": one.confirmed.whom if one.confirmed else "",
    }


_RECEIPT = {"who", "number", "cited", "how", "at", "again", "other_number", "late_by", "by"}
