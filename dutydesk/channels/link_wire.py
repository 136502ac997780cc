"""Frames of a link as they stand on the wire: one JSON object, signed by the secret that both desks share. See docs/link.md.

The signature is HMAC-SHA256, in hex, over the fields joined by newlines, the body by its SHA-256, so that another program can make it
without agreeing on how JSON is written. No field but the body may hold a line break.
"""

import hashlib
import hmac
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dutydesk.errors import Invalid

MOST_BYTES = 2 << 20  # of one frame; the longest paper (domain/exchanges.py) stays below
# unnumbered: they speak of the line, not of the world
CONTROL = frozenset({"hello", "welcome", "beat", "receipt", "nack", "want", "piece"})
_WORD = r"^[^\x00-\x1f\x7f]*$"


class Frame(BaseModel):
    """`n` counts from 1 in each direction and is 0 on control frames; `key` names what is carried, or the session on control frames;
    `at` is when the sender made it (microseconds UTC, its own clock)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    v: Literal[1] = 1
    from_: str = Field(alias="from", max_length=60, pattern=_WORD)
    to: str = Field(max_length=60, pattern=_WORD)
    n: int = Field(ge=0, le=2**53)
    key: str = Field(max_length=300, pattern=_WORD)
    at: int = Field(ge=-(2**53), le=2**53)
    kind: str = Field(min_length=1, max_length=40, pattern=_WORD)
    body: str = ""
    sig: str = Field(default="", max_length=64)

    def signed(self, secret: str) -> "Frame":
        """The same frame with its signature."""
        return self.model_copy(update={"sig": _sign(self, secret)})

    def holds(self, secret: str) -> bool:
        """Whether the signature is the secret's."""
        return hmac.compare_digest(_sign(self, secret).encode(), self.sig.encode("utf-8", "replace"))

    def to_wire(self) -> str:
        """As it is sent."""
        return self.model_dump_json(by_alias=True)


def read_frame(raw: str | bytes) -> Frame:
    """A frame from what came in. Raises Invalid when it is none, or too long."""
    if len(raw) > MOST_BYTES:
        raise Invalid("直连来件太长")
    try:
        return Frame.model_validate(orjson.loads(raw))
    except (orjson.JSONDecodeError, ValidationError, UnicodeError):
        raise Invalid("直连来件不成格式") from None


def body_of(frame: Frame) -> dict[str, object]:
    """The body of a control frame; an empty object when it says nothing that can be read."""
    try:
        found = orjson.loads(frame.body or "{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _sign(frame: Frame, secret: str) -> str:
    body = hashlib.sha256(frame.body.encode("utf-8", "surrogatepass")).hexdigest()
    parts = (frame.v, frame.from_, frame.to, frame.n, frame.key, frame.at, frame.kind, body)
    return hmac.new(
        secret.encode(), "\n".join(map(str, parts)).encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hexdigest()
