"""A generic HTTP SMS provider, described in config/gateways.toml: send, look up, sweep. It speaks to its configured address alone,
follows no redirect, and holds nothing of one particular provider.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
from pydantic import JsonValue
from yarl import URL

from dutydesk.channels.gateway_mapping import dig, items_of, listed, parsed
from dutydesk.channels.gateway_signature import signature_headers
from dutydesk.channels.port import Inbound, Outgoing
from dutydesk.channels.wire import answer_of, retry_after, without_numbers
from dutydesk.clock import SECOND, Clock, to_datetime
from dutydesk.config.gateways import Answer, Gateway, Sending
from dutydesk.domain.deliveries import BAD_ENDS
from dutydesk.domain.outcomes import Accepted, Busy, Outcome, Rejected, Remedy, Unknown
from dutydesk.errors import Invalid, Unavailable

PATIENCE = 10.0  # seconds for one request, all in: a look-up and a send must both fit into the outbox's lease
MOST_ANSWER = 8_000_000  # bytes of one: a day's list of what came in
_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded; charset=utf-8"}
_Reply = tuple[int, str | None, bytes]  # status, Retry-After, body


class GatewayChannel:
    """One configured gateway. Only SMS: a call is refused so that another sender takes it."""

    def __init__(self, gateway: Gateway, clock: Clock, *, patience: float = PATIENCE) -> None:
        self.name = gateway.name
        self._gateway = gateway
        self._clock = clock
        self._patience = aiohttp.ClientTimeout(total=patience)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, outgoing: Outgoing) -> Outcome:
        """One SMS; see `Channel.send`."""
        send = self._gateway.sending
        if send is None or outgoing.how != "sms":
            return Rejected(code="not_offered", detail=f"网关 {self.name} 不能这样发", remedy="other_sender")
        values = self._values(outgoing)
        body = _body(send, values)
        headers = {name: _filled(value, values) for name, value in send.headers.items()}
        headers["Content-Type"] = _TYPES[send.encoding]
        try:
            reply = await self._request("POST", send.path, body, headers)
        except aiohttp.ClientConnectorError:
            return Busy()  # no connection came about: it was never asked
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Unknown(detail=type(error).__name__)
        return judged(send, reply, outgoing.key)

    async def find(self, outgoing: Outgoing) -> Accepted | None:
        """By our reference. A gateway that offers no look-up has no trace of anything: the message may then go out twice."""
        look_up = self._gateway.look_up
        if look_up is None:
            return None
        path = _filled(
            look_up.path, {"ref": quote(outgoing.key, safe=""), "account": quote(self._gateway.account, safe="")}
        )
        words = self._gateway.status.words if self._gateway.status else {}
        for item in await self._list(path, look_up.items):
            status = words.get(dig(item, look_up.status), "accepted")
            if dig(item, look_up.ref) == outgoing.key and status not in BAD_ENDS:
                return Accepted(provider_id=dig(item, look_up.id), status=status)
        return None

    async def inbound_since(self, instant: int) -> list[Inbound]:
        """The gateway's own list; empty when it offers none."""
        listing = self._gateway.inbound_list
        if listing is None:
            return []
        since = to_datetime(instant).astimezone(UTC).isoformat()
        places = {"since": since, "since_s": str(instant // SECOND), "account": self._gateway.account}
        path = _filled(listing.path, {name: quote(value, safe="") for name, value in places.items()})
        return [listed(self._gateway, item) for item in await self._list(path, listing.items)]

    async def _list(self, path: str, items: str) -> list[object]:
        try:
            status, _, raw = await self._request("GET", path, b"", {})
            if status != 200:
                raise Unavailable(f"网关 {self.name} 查询失败:HTTP {status}")
            return items_of(parsed(raw, "json"), items)
        except (aiohttp.ClientError, TimeoutError, OSError, Invalid) as error:
            raise Unavailable(f"网关 {self.name} 查询失败:{type(error).__name__}") from error

    async def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> _Reply:
        url = self._gateway.url.rstrip("/") + path
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = headers | signature_headers(self._gateway, target, body, self._clock.now())
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._patience)
        call = self._session.request(
            method, URL(url, encoded=True), data=body or None, headers=headers, allow_redirects=False
        )
        async with call as reply:
            return reply.status, reply.headers.get("Retry-After"), await answer_of(reply, MOST_ANSWER)

    def _values(self, outgoing: Outgoing) -> dict[str, str]:
        gateway = self._gateway
        return {
            "to": outgoing.to,
            "to_local": outgoing.to.removeprefix(gateway.country),
            "text": outgoing.text,
            "ref": outgoing.key,
            "from": outgoing.sender.numbers[0] if outgoing.sender.numbers else "",
            "account": gateway.account,
        }

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def judged(send: Sending, reply: _Reply, ref: str) -> Outcome:
    """What an answer means: the first configured one that fits, otherwise by HTTP's own words."""
    status, wait, raw = reply
    try:
        data = parsed(raw, "json")
    except Invalid:
        data = None
    code = dig(data, send.code) if send.code else ""
    for answer in send.answers:
        if _fits(answer, status, data):
            if answer.means == "busy":
                return Busy(retry_after=round(answer.retry_after_s * SECOND))
            return _meant(answer.means, answer.remedy, send, data, (status, code, ref))
    if status == 429:
        return Busy(retry_after=retry_after(wait))
    means, remedy = _by_status(status)
    return _meant(means, remedy, send, data, (status, code, ref))


def _fits(answer: Answer, status: int, data: object) -> bool:
    if answer.status and status not in answer.status:
        return False
    return not answer.field or dig(data, answer.field) in answer.values


def _by_status(status: int) -> tuple[str, Remedy]:
    if 200 <= status < 300:
        return "accepted", "give_up"
    if status >= 500:
        return "unknown", "give_up"
    return "rejected", "stop_channel" if status < 400 or status in (401, 403, 404) else "give_up"


def _meant(means: str, remedy: Remedy, send: Sending, data: object, said: tuple[int, str, str]) -> Outcome:
    status, code, ref = said
    if means == "rejected":
        return Rejected(code=code or f"HTTP {status}", detail=without_numbers(json.dumps(data))[:200], remedy=remedy)
    if means == "unknown":
        return Unknown(detail=f"HTTP {status} {code}".strip())
    name = dig(data, send.id) if send.id else ref
    return Accepted(provider_id=name) if name else Unknown(detail=f"HTTP {status} without an id")


def _body(send: Sending, values: Mapping[str, str]) -> bytes:
    filled = {name: _filled_deep(value, values) for name, value in send.body.items()}
    if send.encoding == "form":
        return urlencode({name: str(value) for name, value in filled.items()}).encode()
    return json.dumps(filled, ensure_ascii=False).encode()


def _filled_deep(value: JsonValue, values: Mapping[str, str]) -> JsonValue:
    if isinstance(value, str):
        return _filled(value, values)
    if isinstance(value, dict):
        return {name: _filled_deep(inner, values) for name, inner in value.items()}
    return [_filled_deep(inner, values) for inner in value] if isinstance(value, list) else value


def _filled(template: str, values: Mapping[str, str]) -> str:
    return template.format_map(values)
