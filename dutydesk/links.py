"""Signed links: who may do what until when, in a token that needs no table. HMAC-SHA256 over the claims, URL-safe.

A token says `kind` (page, report, circular), `id`, `callee` and an expiry (seconds since the epoch). It never proves more than
possession of the message it was sent in; what it allows is therefore narrow.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from dutydesk.errors import NotFound

_SIGNATURE = 12  # bytes; 96 bits, online guessing only


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token stands for. `expires` is an instant in seconds since the epoch."""

    kind: str
    id: str
    callee: str
    expires: int


class Expired(NotFound):
    """这个链接已经过期。联络员给值班室发短信“链接”,就会收到新的报告页;其他事请拨打值班室电话。"""


class Signer:
    """Makes and reads tokens with one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def make(self, claim: Claim) -> str:
        body = "|".join((claim.kind, claim.id, claim.callee, format(claim.expires, "x"))).encode()
        return _text(self._sign(body) + body)

    def read(self, token: str, now: int) -> Claim:
        """The claim of a token. `now` in microseconds. Raises NotFound when forged or broken, Expired when too old."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            raise NotFound("这个链接不完整。请整条点开短信里的链接,不要手工抄写") from None
        signature, body = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(body)):
            raise NotFound("这个链接不完整。请整条点开短信里的链接,不要手工抄写")
        kind, id, callee, expires = body.decode().split("|")
        if int(expires, 16) * 1_000_000 < now:
            raise Expired()
        return Claim(kind, id, callee, int(expires, 16))

    def _sign(self, body: bytes) -> bytes:
        return hmac.new(self._secret, body, hashlib.sha256).digest()[:_SIGNATURE]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
