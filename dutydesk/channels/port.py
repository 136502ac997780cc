"""What every way out must be able to do, and the values that cross that line: a message going out, a message that came in.

A channel speaks to one provider and says honestly what it knows: accepted, rejected, never processed, or unknown. It decides nothing
about retries, never writes to the store, and never calls an address that stood in a message.
"""

from dataclasses import dataclass
from typing import Protocol

from dutydesk.domain.deliveries import How
from dutydesk.domain.messages import Channel as Kind
from dutydesk.domain.messages import Media
from dutydesk.domain.outcomes import Accepted, Outcome
from dutydesk.domain.rules import Sender


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One attempt to send. `key` is the delivery's id, `text` is final (links filled in), `since` the instant of the first attempt."""

    key: str
    how: How
    to: str
    text: str
    subject: str
    sender: Sender
    attempt: int
    since: int
    n: int = 0  # by link: its number there


@dataclass(frozen=True, slots=True)
class Inbound:
    """Something that came in, by webhook or by a sweep of the provider's list: both give the same `key`.

    `sent_at` is the provider's instant in microseconds, None when it says none; `provider_id` the provider's name for it.
    """

    key: str
    via: str
    sender: str
    recipient: str
    text: str
    media: tuple[Media, ...] = ()
    sent_at: int | None = None
    provider_id: str = ""
    channel: Kind = "sms"


class Channel(Protocol):
    """One provider."""

    @property
    def name(self) -> str: ...

    async def send(self, outgoing: Outgoing) -> Outcome:
        """One attempt. Never raises for what the provider or the network does: the outcome says it."""
        ...

    async def find(self, outgoing: Outgoing) -> Accepted | None:
        """Whether an attempt with an unknown end went out after all; None when the provider has no trace of it.

        Raises Unavailable when the look-up itself fails: then nothing is known yet.
        """
        ...

    async def inbound_since(self, instant: int) -> list[Inbound]:
        """Everything that came in since an instant (microseconds), for what webhooks lost. Raises Unavailable."""
        ...

    async def close(self) -> None: ...
