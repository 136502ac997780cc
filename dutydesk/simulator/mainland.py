"""The mainland SMS gateway's own door: send, look up by reference, list what came in. Signed both ways with one
shared secret.

It refuses a bad signature or an unknown field, and hands accepted texts to the carrier. It does not remove doubles:
that is the desk's work.
"""

import hmac
from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dutydesk.clock import SECOND, from_datetime
from dutydesk.simulator.carrier import Carrier, inbound_shape, mainland_status
from dutydesk.simulator.doors import Door, pass_through
from dutydesk.simulator.network import Network
from dutydesk.simulator.records import Sms, new_sid
from dutydesk.simulator.signatures import sign_mainland
from dutydesk.simulator.twilio_errors import message_of, status_of

# A signature older or newer than this is a replay or a wrong clock.
_LARGEST_SKEW_S = 300


class Sending(BaseModel):
    """The body of POST /gateway/mainland/send; `ref` is the desk's own key, at most 64 characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: str = Field(pattern=r"^\+86\d{7,13}$")
    text: str = Field(min_length=1, max_length=1000)
    ref: str = Field("", max_length=64)


class MainlandGateway:
    """The handlers; `routes` names them."""

    def __init__(self, network: Network, carrier: Carrier) -> None:
        self._network = network
        self._carrier = carrier

    def routes(self) -> list[web.RouteDef]:
        """Every path it answers."""
        return [
            web.post("/gateway/mainland/send", self._send),
            web.get("/gateway/mainland/messages", self._look_up),
            web.get("/gateway/mainland/inbound", self._list_inbound),
        ]

    async def _send(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        if not self._signed(request, raw):
            return _refusal(401)
        try:
            sending = Sending.model_validate_json(raw)
        except ValidationError as error:
            return web.json_response(
                {"error": error.errors(include_url=False, include_context=False)[0]["msg"]}, status=400
            )
        door = Door("mainland.send", sending.to, _refusal)
        return await pass_through(self._network, request, door, lambda: self._accept(sending))

    def _accept(self, sending: Sending) -> web.Response:
        now = self._network.clock.now()
        sender = self._network.account.mainland_number
        sms = Sms(new_sid("out-"), "mainland", "outbound-api", sender, sending.to, sending.text, "queued", now, now)
        sms.ref = sending.ref
        self._carrier.accept(sms)
        return web.json_response({"id": sms.sid})

    async def _look_up(self, request: web.Request) -> web.StreamResponse:
        return await self._read(request, lambda: self._found(request.query.get("ref", "")))

    def _found(self, ref: str) -> web.Response:
        found = [s for s in self._network.texts.values() if s.route == "mainland" and ref and s.ref == ref]
        rows = [{"id": s.sid, "ref": ref, "to": s.to, "status": mainland_status(s)} for s in found]
        return web.json_response({"messages": rows})

    async def _list_inbound(self, request: web.Request) -> web.StreamResponse:
        try:
            since = from_datetime(datetime.fromisoformat(request.query.get("since", "1970-01-01T00:00:00Z")))
        except ValueError:
            return web.json_response({"error": "since is not an ISO 8601 instant"}, status=400)
        return await self._read(request, lambda: self._inbound(since))

    def _inbound(self, since: int) -> web.Response:
        texts = self._network.texts.values()
        came = [s for s in texts if s.route == "mainland" and s.direction == "inbound" and s.created >= since]
        return web.json_response({"messages": [inbound_shape(s) for s in came]})

    async def _read(self, request: web.Request, accept: Callable[[], web.Response]) -> web.StreamResponse:
        if not self._signed(request, request.raw_path.encode()):
            return _refusal(401)
        return await pass_through(self._network, request, Door("mainland.read", None, _refusal), accept)

    def _signed(self, request: web.Request, payload: bytes) -> bool:
        stamp = request.headers.get("X-Timestamp", "")
        if not (stamp.isascii() and stamp.isdigit()):
            return False
        right = sign_mainland(self._network.account.mainland_secret, stamp, payload)
        fresh = abs(int(stamp) - self._network.clock.now() // SECOND) <= _LARGEST_SKEW_S
        return fresh and hmac.compare_digest(right.encode(), request.headers.get("X-Signature", "").encode())


def _refusal(code: int) -> web.Response:
    text = "bad signature" if code == 401 else message_of(code)
    return web.json_response({"error": text, "code": code}, status=status_of(code))
