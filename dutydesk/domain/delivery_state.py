"""One outgoing message as it stands, and its row."""

from typing import Any, NamedTuple

from dutydesk.domain.deliveries import (
    UNREACHED,
    DeliveryAccepted,
    DeliveryCancelled,
    DeliveryConfirmed,
    DeliveryQueued,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryResent,
    DeliveryStarted,
    DeliveryStatusChanged,
    DeliveryUncertain,
    advances,
)
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.verbs import Event, Row


class Delivery(NamedTuple):  # copied at every event, four times cheaper than by dataclasses.replace
    queued: DeliveryQueued | None = None
    refused: DeliveryRefused | None = None
    via: str = ""
    status: str = "queued"
    attempts: int = 0
    started: bool = False
    uncertain: bool = False
    provider_id: str = ""
    former: tuple[str, ...] = ()  # the provider's names for sends before an ordered resend: their late callbacks
    code: str = ""
    detail: str = ""
    tried: tuple[str, ...] = ()
    closed: bool = False
    confirmed_by: str = ""
    rang_at: int = 0
    picked_at: int = 0


def evolve(state: Delivery, event: Event) -> Delivery:
    match event:
        case DeliveryQueued():
            return state._replace(queued=event, via=event.via)
        case DeliveryRefused():
            return state._replace(refused=event, status="failed", code=event.reason, closed=True)
        case DeliveryStarted():
            return state._replace(started=True, attempts=event.attempt)
        case DeliveryAccepted():
            on_its_way = advances(state.status, event.status) or state.status == "canceled"
            status = event.status if on_its_way else state.status
            settled = state._replace(status=status, provider_id=event.provider_id, uncertain=False)
            return settled._replace(closed=True, attempts=max(state.attempts, event.attempt))
        case DeliveryRejected():
            over = event.retry_at is None
            tried = (*state.tried, state.via) if event.via and event.via != state.via else state.tried
            status = "failed" if over else "queued"
            state = state._replace(status=status, code=event.code, detail=event.detail, tried=tried, closed=over)
            attempts = max(state.attempts, event.attempt)
            return state._replace(via=event.via or state.via, attempts=attempts, started=False, uncertain=False)
        case DeliveryUncertain():
            attempts = max(state.attempts, event.attempt)
            closed = event.retry_at is None
            return state._replace(uncertain=True, detail=event.detail, closed=closed, attempts=attempts)
        case DeliveryStatusChanged():
            state = state._replace(status=event.status, code=event.code, provider_id=event.provider_id)
            if event.status == "ringing":
                state = state._replace(rang_at=event.at)
            if event.status == "in-progress":
                state = state._replace(picked_at=event.at)
            return state._replace(uncertain=False, closed=True)
        case DeliveryConfirmed():
            status = "delivered" if event.arrived else "undelivered"
            return state._replace(status=status, uncertain=False, closed=True, confirmed_by=event.by)
        case DeliveryResent():
            former = (*state.former, state.provider_id) if state.provider_id else state.former
            state = state._replace(status="queued", uncertain=False, closed=False, started=False, provider_id="")
            return state._replace(via=event.via, tried=(), former=former, confirmed_by="")
        case DeliveryCancelled():
            return state._replace(status="canceled", detail=event.reason, closed=True)
    return state


def project(id: str, state: Delivery) -> Row | None:
    known = state.queued or state.refused
    if known is None:
        return None
    body: dict[str, Any] = {
        "how": known.how,
        "to": known.to,
        "text": known.text,
        "purpose": known.purpose,
        "about": known.about,
        "callee": known.callee,
        "via": state.via,
        "status": state.status,
        "attempts": state.attempts,
        "uncertain": state.uncertain,
        "provider_id": state.provider_id,
        "code": state.code,
        "detail": state.detail,
        "promise": state.queued.promise.value if state.queued else "",
        "subject": state.queued.subject if state.queued else "",
        "segments": state.queued.segments if state.queued else 0,
        "n": state.queued.n if state.queued else 0,
        "safe_twice": bool(state.queued and state.queued.safe_twice),
        "queued_at": state.queued.queued_at if state.queued else None,
        "confirmed_by": state.confirmed_by,
    }
    body |= {"rang_at": state.rang_at, "picked_at": state.picked_at} if state.rang_at else {}
    bad = state.uncertain or state.status in UNREACHED
    named = _files(state)
    numbered = (("link.out", f"{state.via}|{state.queued.n}"),) if state.queued and state.queued.n else ()
    is_open = not state.closed or (bad and not state.confirmed_by)
    return Row(body, open=is_open, division=known.division, refs=(("about", known.about), *numbered, *named))


def _files(state: Delivery) -> tuple[tuple[str, str], ...]:
    """The words by which a peer that was named a file is given it."""
    queued = state.queued
    if queued is None or not queued.n or '"files":' not in queued.text:
        return ()
    return tuple(("link.file", f"{state.via}|{file.digest}") for file in Exchange.from_text(queued.text).files)
