"""Papers to an address of any system: a signed POST of our JSON or of CAP 1.2, under an Idempotency-Key that stays the same at every try.

The signature is the default one of config/gateways.toml: HMAC-SHA256 in hex over `timestamp.body`, in X-Signature and X-Timestamp
(seconds).
"""

import json
from urllib.parse import urlsplit

import aiohttp

from dutydesk.channels.gateway_mapping import dig
from dutydesk.channels.gateway_signature import signature_headers
from dutydesk.channels.port import Inbound, Outgoing
from dutydesk.channels.wire import answer_of, retry_after, without_numbers
from dutydesk.clock import Clock
from dutydesk.config.gateways import Gateway
from dutydesk.config.peers import Joined
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.outcomes import Accepted, Busy, Outcome, Rejected, Remedy, Unknown
from dutydesk.errors import Invalid
from dutydesk.exchange import cap_papers, cap_xml

PATIENCE = aiohttp.ClientTimeout(total=10)
_MOST_ANSWER = 64_000  # bytes of an answer that are read


class PostChannel:
    """One address. It follows no redirect: a paper goes where the configuration says and nowhere else."""

    def __init__(self, joined: Joined, clock: Clock) -> None:
        self.name = joined.peer.name
        self._peer, self._clock = joined.peer, clock
        self._signs = Gateway(name=self.name, secret_env=joined.peer.secret_env, secret=joined.secret)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, outgoing: Outgoing) -> Outcome:
        """One attempt; see `Channel.send`."""
        if outgoing.how != "link":
            return Rejected(code="not_offered", detail="这个地址只收值班来往", remedy="give_up")
        try:
            body, media_type = self._body(outgoing.text)
        except Invalid as error:
            return Rejected(code="bad_paper", detail=str(error)[:200])
        try:
            status, wait, answer = await self._post(body, media_type, outgoing.key)
        except aiohttp.ClientConnectorError:
            return Busy()  # no connection came about: it was never asked
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Unknown(detail=type(error).__name__)
        return _judged(status, wait, answer, outgoing.key)

    def _body(self, text: str) -> tuple[bytes, str]:
        if self._peer.format == "json":
            return text.encode(), "application/json"
        return cap_xml.write_alert(cap_papers.to_alert(Exchange.from_text(text))), "application/cap+xml"

    async def _post(self, body: bytes, media_type: str, key: str) -> tuple[int, str | None, bytes]:
        parts = urlsplit(self._peer.url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": media_type, "Idempotency-Key": key}
        headers |= signature_headers(self._signs, target, body, self._clock.now())
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=PATIENCE)
        async with self._session.post(self._peer.url, data=body, headers=headers, allow_redirects=False) as reply:
            return reply.status, reply.headers.get("Retry-After"), await answer_of(reply, _MOST_ANSWER)

    async def find(self, outgoing: Outgoing) -> Accepted | None:
        """There is nothing to ask; an address that refuses a key twice is simply asked again."""
        return None

    async def inbound_since(self, instant: int) -> list[Inbound]:
        """It only takes."""
        return []

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _judged(status: int, wait: str | None, answer: bytes, key: str) -> Outcome:
    try:
        said: object = json.loads(answer.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        said = None
    if 200 <= status < 300:
        number = dig(said, "number") or dig(said, "id")
        return Accepted(provider_id=number or key, status="delivered" if number else "accepted")
    if status == 429:
        return Busy(retry_after=retry_after(wait))
    if status >= 500:
        return Unknown(detail=f"HTTP {status}")
    remedy: Remedy = "stop_channel" if status < 400 or status in (401, 403, 404) else "give_up"
    return Rejected(code=f"HTTP {status}", detail=without_numbers(dig(said, "error"))[:200], remedy=remedy)
