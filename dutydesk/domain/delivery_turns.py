"""What a report upward, an answer or a paper sent down is told of its deliveries: clocks depend on each turn."""

from typing import Any

from dutydesk.domain import linetests
from dutydesk.domain.deliveries import (
    BAD_ENDS,
    UNANSWERED,
    DeliveryAccepted,
    DeliveryConfirmed,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryStatusChanged,
    DeliveryUncertain,
)
from dutydesk.domain.pages import NoteUndelivered
from dutydesk.domain.submissions import LineTurn, NoteLine
from dutydesk.domain.verbs import Act, Ask, Event


def ended(event: DeliveryStatusChanged) -> tuple[str, bool]:
    """The code that tells most about a bad end, and whether it was a call that rang."""
    rang = event.status in UNANSWERED
    return (event.status if rang else event.code or event.status), rang


def told_page(id: str, about: str, callee: str, code: str, rang: bool = False) -> list[Act]:
    """A page hears of each of its calls that did not get through; others do not mind."""
    if about.startswith("page/"):
        return [Ask(about, NoteUndelivered(delivery=id, callee=callee, code=code, unanswered=rang))]
    return []


def told_of(id: str, event: Event) -> list[Act]:
    """The turns of a delivery as its report hears them; nothing for deliveries of anything else. By link the number under which the
    other side recorded it comes with its yes."""
    if getattr(event, "about", "").startswith("linetest/"):
        return linetests.turned(id, event)
    receipt = ""
    match event:
        case DeliveryAccepted():
            status: LineTurn | None = _turn(event.status) or "sent"
            receipt = event.provider_id if event.status == "delivered" else ""
        case DeliveryUncertain(retry_at=None):
            status = "uncertain"
        case DeliveryRejected(retry_at=None) | DeliveryRefused():
            status = "failed"
        case DeliveryConfirmed():
            status = "arrived" if event.arrived else "failed"
        case DeliveryStatusChanged():
            status = _turn(event.status)
        case _:
            return []
    if status is None or not _hears(event):
        return []
    return [Ask(event.about, NoteLine(delivery=id, status=status, receipt=receipt))]


def _hears(event: Any) -> bool:
    """Whether the stream wants every turn; a page wants those of its question over a line, its other calls it minds itself."""
    if event.about.startswith("page/"):
        return getattr(event, "how", "link") == "link" and not isinstance(event, DeliveryStatusChanged)
    return bool(event.about.startswith(("submission/", "inward/", "downward/")))


def _turn(status: str) -> LineTurn | None:
    if status in BAD_ENDS:
        return "failed"
    return "arrived" if status in ("delivered", "read") else None
