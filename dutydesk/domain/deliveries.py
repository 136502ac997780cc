"""One message to one address: queued, tried, accepted, delivered or not, in words. Statuses are ranked and never go back."""

from typing import ClassVar, Literal

from dutydesk.domain.outcomes import Outcome
from dutydesk.domain.verbs import Command, Event, Promise

How = Literal["sms", "voice", "mail", "link", "paper"]
Purpose = Literal[
    "page",
    "receipt",
    "circular",
    "alarm",
    "link",
    "instruction",
    "paper",
    "submission",
    "sign",
    "transfer",
    "roster",
    "verdict",
    "linetest",
    "reply",
    "downward",
    "question",
]

# Twilio promises no order of messaging callbacks; a later rank wins, and only two ends may be corrected (peers 6.3).
RANK = {
    "queued": 0,
    "accepted": 1,
    "scheduled": 1,
    "sending": 2,
    "ringing": 2,
    "in-progress": 3,
    "sent": 3,
    "delivered": 4,
    "undelivered": 4,
    "failed": 4,
    "completed": 4,
    "busy": 4,
    "no-answer": 4,
    "canceled": 4,
    "read": 5,
}
UNREACHED = frozenset({"undelivered", "failed"})  # the channel failed: a person must act
UNANSWERED = frozenset(
    {"busy", "no-answer"}
)  # it rang and nobody took it up: whoever had it called goes on by its own clock
BAD_ENDS = UNREACHED | UNANSWERED | {"canceled"}


def advances(now: str, new: str) -> bool:
    """Whether a status may replace another: a higher rank, or the late good news delivered after undelivered."""
    if now in BAD_ENDS:
        return new in ("delivered", "read")
    return RANK.get(new, -1) > RANK.get(now, -1)


def sent_series(peer: str) -> str:
    """The series in which the frames to a peer are counted."""
    return f"link-out:{peer}"


class QueueDelivery(Command):
    """Send `text` to `to`. `about` is the stream that wants to know how it went; `callee` the person, named by key."""

    how: How
    to: str
    text: str
    purpose: Purpose
    about: str
    promise: Promise
    subject: str = ""
    callee: str = ""
    division: str = ""
    via: str = ""  # by this sender and no other: a line test

    def begins(self) -> bool:
        return True


class StartDelivery(Command):
    """The outbox is about to call the provider for a ONCE message; refused when it was started before."""


class NoteOutcome(Command):
    """What the provider said to attempt number `attempt`."""

    outcome: Outcome
    attempt: int


class NoteStatus(Command):
    """A status callback, or what a look-up found. `provider_id` heals a delivery whose create-reply was lost."""

    status: str
    code: str = ""
    provider_id: str = ""


class ConfirmDelivery(Command):
    """An officer found out that it arrived (or that it did not)."""

    arrived: bool
    note: str = ""


class ResendDelivery(Command):
    """An officer orders another send of an uncertain or failed message."""

    note: str = ""


class CancelDelivery(Command):
    """No longer wanted; nothing happens if it is already on its way."""

    reason: str


class MarkUncertain(Command):
    """A ONCE message was started and nobody knows how it ended (the hub died, or the provider's answer was lost)."""

    detail: str = ""


class DeliveryQueued(Event):
    private: ClassVar[frozenset[str]] = frozenset({"to", "text"})
    how: How
    via: str
    to: str
    text: str
    purpose: Purpose
    about: str
    promise: Promise
    subject: str = ""
    callee: str = ""
    division: str = ""
    segments: int = 1
    queued_at: int
    priority: int
    n: int = 0  # by link: its number on that link, from 1
    safe_twice: bool = False  # the far side refuses our key a second time, so a lost answer is asked for again

    def series(self) -> str:
        return sent_series(self.via) if self.n else ""


class DeliveryRefused(Event):
    """It cannot be sent at all: no sender serves the number, or a drill may not reach it."""

    private: ClassVar[frozenset[str]] = frozenset({"to", "text"})
    how: How
    to: str
    text: str
    purpose: Purpose
    about: str
    callee: str = ""
    division: str = ""
    reason: str


class DeliveryStarted(Event):
    attempt: int


class DeliveryAccepted(Event):
    provider_id: str
    status: str
    attempt: int
    about: str = ""


class DeliveryRejected(Event):
    """The provider said no. `retry_at` None means for good; `via` another sender that takes over."""

    private: ClassVar[frozenset[str]] = frozenset({"to"})
    code: str
    detail: str
    attempt: int
    retry_at: int | None
    via: str | None = None
    how: How = "sms"
    to: str = ""
    promise: Promise = Promise.REPEATABLE
    priority: int = 0
    about: str = ""
    callee: str = ""


class DeliveryUncertain(Event):
    """Nobody knows whether it went out. REPEATABLE: looked up at `retry_at`. ONCE: a person decides."""

    private: ClassVar[frozenset[str]] = frozenset({"to"})
    detail: str
    attempt: int
    retry_at: int | None
    via: str = ""
    how: How = "sms"
    to: str = ""
    promise: Promise = Promise.REPEATABLE
    priority: int = 0
    about: str = ""


class DeliveryStatusChanged(Event):
    status: str
    code: str = ""
    provider_id: str = ""
    about: str = ""
    callee: str = ""
    at: int = 0  # of a call: when it rang, when it was taken up


class DeliveryConfirmed(Event):
    arrived: bool
    note: str
    by: str
    about: str = ""


class DeliveryResent(Event):
    private: ClassVar[frozenset[str]] = frozenset({"to"})
    note: str
    by: str
    via: str
    how: How
    to: str
    promise: Promise
    priority: int


class DeliveryCancelled(Event):
    reason: str
