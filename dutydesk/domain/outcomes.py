"""What a channel may say after one attempt to send. The words between the outbox and the delivery it works for."""

from typing import Literal

from dutydesk.domain.readings import Value

Remedy = Literal["retry", "other_sender", "give_up", "stop_channel"]


class Accepted(Value):
    """The provider took it and named it."""

    provider_id: str
    status: str = "accepted"


class Rejected(Value):
    """The provider said no and did not send. `remedy` says what helps: see peers' error tables in docs/channels.md."""

    code: str
    detail: str = ""
    remedy: Remedy = "give_up"


class Busy(Value):
    """Never processed (HTTP 429): try again after so many microseconds; this was no attempt."""

    retry_after: int = 5_000_000


class Unknown(Value):
    """It may or may not have been sent (5xx, reset, timeout): look it up before any second try."""

    detail: str = ""


Outcome = Accepted | Rejected | Busy | Unknown
