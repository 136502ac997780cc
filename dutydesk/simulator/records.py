"""What the telephone company remembers: phones, texts, calls, mails. Plain records: they decide nothing and talk to
nobody."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Literal

Route = Literal["twilio", "mainland"]
Answering = Literal["ring", "busy", "no-answer", "failed", "machine"]

# Twilio's terminal states of a text and of a call.
TEXT_FINAL = frozenset({"delivered", "undelivered", "failed", "received", "canceled"})
CALL_FINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_LINK = re.compile(r"https?://[!-~]+")


def new_sid(prefix: str) -> str:
    """A Twilio-shaped identifier: two letters and 32 hexadecimal digits. Random, so a restart never repeats one."""
    return prefix + secrets.token_hex(16)


def route_of(number: str) -> Route:
    """The way a phone's own texts take: a mainland phone cannot write to a Twilio number (Twilio's SMS guideline for
    China)."""
    return "mainland" if number.startswith("+86") else "twilio"


@dataclass(slots=True)
class Media:
    """A picture or recording that came with a text."""

    sid: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Sms:
    """One text in either direction; `status` is always in Twilio's words, instants are microseconds UTC."""

    sid: str
    route: Route
    direction: Literal["inbound", "outbound-api", "outbound-reply"]
    sender: str
    to: str
    body: str
    status: str
    created: int
    updated: int
    sent: int | None = None
    error: int | None = None
    service: str | None = None
    callback: str | None = None
    ref: str | None = None
    media: list[Media] = field(default_factory=list)
    arrived: bool = False
    expected: bool = False

    @property
    def links(self) -> list[str]:
        """Every http address in the text, in order."""
        return _LINK.findall(self.body)

    def link(self) -> str:
        """The one address in the text; an error when there is none or more than one."""
        (only,) = self.links
        return only


@dataclass(slots=True)
class Call:
    """One voice call; `said` holds what was spoken, `digits` what was pressed."""

    sid: str
    direction: Literal["inbound", "outbound-api"]
    sender: str
    to: str
    status: str
    created: int
    updated: int
    started: int | None = None
    ended: int | None = None
    said: list[str] = field(default_factory=list)
    digits: str = ""
    answered_by: str | None = None
    sequence: int = 0
    expected: bool = False

    @property
    def person(self) -> str:
        """The number of the simulated phone at this end."""
        return self.sender if self.direction == "inbound" else self.to

    @property
    def over(self) -> bool:
        """Whether the call has ended, in whatever way."""
        return self.status in CALL_FINAL


@dataclass(slots=True)
class Mail:
    """One e-mail that the SMTP sink took in, for one recipient."""

    sid: str
    sender: str
    to: str
    subject: str
    text: str
    raw: str
    at: int
    expected: bool = False


@dataclass(slots=True)
class Card:
    """One telephone: whose it is and how it behaves. `number` is E.164."""

    number: str
    name: str = ""
    unit: str = ""
    answering: Answering = "ring"
    switched_on: bool = True
    landline: bool = False
    stopped: bool = False
