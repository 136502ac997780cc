"""Twilio's REST API as the official client speaks it: Messages and Calls under /2010-04-01/Accounts/{sid}.

It checks credentials, names and values, hands work to the carrier and the exchange, and answers in Twilio's shapes.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable

from aiohttp import web
from multidict import MultiDict

from dutydesk.simulator import twilio_params as params
from dutydesk.simulator.carrier import Carrier
from dutydesk.simulator.doors import Door, pass_through
from dutydesk.simulator.exchange import Exchange, Script
from dutydesk.simulator.network import Network
from dutydesk.simulator.records import Call, Sms, new_sid
from dutydesk.simulator.twilio_errors import TwilioError, error_response
from dutydesk.simulator.twilio_shapes import VERSION, call_shape, page_shape, span_of, text_shape

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class TwilioApi:
    """The handlers; `routes` names them."""

    def __init__(self, network: Network, carrier: Carrier, exchange: Exchange) -> None:
        self._network = network
        self._carrier = carrier
        self._exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """Every path it answers."""
        root = f"/{VERSION}/Accounts/{{account}}"
        table: list[tuple[str, str, Handler]] = [
            ("POST", "/Messages.json", self._send_text),
            ("GET", "/Messages.json", self._list_texts),
            ("GET", "/Messages/{sid}.json", self._show_text),
            ("GET", "/Messages/{sid}/Media.json", self._list_media),
            ("GET", "/Messages/{sid}/Media/{media}", self._show_media),
            ("POST", "/Calls.json", self._start_call),
            ("GET", "/Calls.json", self._list_calls),
            ("GET", "/Calls/{sid}.json", self._show_call),
            ("POST", "/Calls/{sid}.json", self._change_call),
            ("*", "/{rest:.*}", self._nothing_here),
        ]
        return [web.route(method, root + path, self._guarded(handler)) for method, path, handler in table]

    def _guarded(self, handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                self._authenticate(request)
                return await handler(request)
            except TwilioError as error:
                return error_response(error.code, error.detail)

        return answer

    def _authenticate(self, request: web.Request) -> None:
        scheme, _, code = request.headers.get("Authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(code, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            user, password = "", ""
        known = scheme.lower() == "basic" and self._network.account.opens_with(user, password)
        if not known or request.match_info["account"] != self._network.account.sid:
            raise TwilioError(20003)

    async def _send_text(self, request: web.Request) -> web.StreamResponse:
        form = await _form(request)
        door = Door("twilio.sms", form.get("To"), error_response)
        return await pass_through(self._network, request, door, lambda: self._accept_text(form))

    def _accept_text(self, form: MultiDict[str]) -> web.Response:
        network = self._network
        params.check_text(network, form)
        now, service = network.clock.now(), form.get("MessagingServiceSid")
        sender = form.get("From") or network.account.number
        status = "accepted" if service else "queued"
        sms = Sms(new_sid("SM"), "twilio", "outbound-api", sender, form["To"], form.get("Body", ""), status, now, now)
        sms.service, sms.callback = service, form.get("StatusCallback")
        shape = text_shape(network.account.sid, sms)
        self._carrier.accept(sms)
        return web.json_response(shape, status=201)

    async def _list_texts(self, request: web.Request) -> web.StreamResponse:
        return await self._reading(request, lambda: self._texts_page(request))

    def _texts_page(self, request: web.Request) -> web.Response:
        query = _query(request, params.LIST_TEXTS)
        span = span_of(query, "DateSent")
        found = [s for s in self._network.texts.values() if s.route == "twilio" and span.holds(s.sent or s.created)]
        found = [s for s in found if query.get("To") in (None, s.to) and query.get("From") in (None, s.sender)]
        found.sort(key=lambda s: s.created, reverse=True)
        rows = [text_shape(self._network.account.sid, s) for s in found]
        return web.json_response(page_shape("messages", request.path, query, rows))

    async def _show_text(self, request: web.Request) -> web.StreamResponse:
        return await self._reading(
            request, lambda: web.json_response(text_shape(self._network.account.sid, self._text(request)))
        )

    async def _list_media(self, request: web.Request) -> web.StreamResponse:
        sms = self._text(request)
        rows: list[dict[str, object]] = [
            {
                "sid": m.sid,
                "content_type": m.content_type,
                "parent_sid": sms.sid,
                "account_sid": self._network.account.sid,
            }
            for m in sms.media
        ]
        return web.json_response(page_shape("media_list", request.path, _query(request, params.LIST_TEXTS), rows))

    async def _show_media(self, request: web.Request) -> web.StreamResponse:
        sid = request.match_info["media"].removesuffix(".json")
        media = next((m for m in self._text(request).media if m.sid == sid), None)
        if media is None:
            raise TwilioError(20404, sid)
        return web.Response(body=media.content, content_type=media.content_type)

    def _text(self, request: web.Request) -> Sms:
        sms = self._network.texts.get(request.match_info["sid"])
        if sms is None or sms.route != "twilio":
            raise TwilioError(20404, request.path)
        return sms

    async def _start_call(self, request: web.Request) -> web.StreamResponse:
        form = await _form(request)
        door = Door("twilio.call", form.get("To"), error_response)
        return await pass_through(self._network, request, door, lambda: self._accept_call(form))

    def _accept_call(self, form: MultiDict[str]) -> web.Response:
        network = self._network
        params.check_call(network, form)
        now = network.clock.now()
        call = Call(new_sid("CA"), "outbound-api", form["From"], form["To"], "queued", now, now)
        shape = call_shape(network.account.sid, call)
        self._exchange.place(call, Script.of(form))
        return web.json_response(shape, status=201)

    async def _list_calls(self, request: web.Request) -> web.StreamResponse:
        return await self._reading(request, lambda: self._calls_page(request))

    def _calls_page(self, request: web.Request) -> web.Response:
        query = _query(request, params.LIST_CALLS)
        started, ended = span_of(query, "StartTime"), span_of(query, "EndTime")
        found = [c for c in self._network.calls.values() if started.holds(c.started or c.created)]
        found = [c for c in found if ended.holds(c.ended or c.created)]
        for name, field in (("To", "to"), ("From", "sender"), ("Status", "status")):
            found = [c for c in found if query.get(name) in (None, getattr(c, field))]
        found.sort(key=lambda c: c.created, reverse=True)
        rows = [call_shape(self._network.account.sid, c) for c in found]
        return web.json_response(page_shape("calls", request.path, query, rows))

    async def _show_call(self, request: web.Request) -> web.StreamResponse:
        return await self._reading(
            request, lambda: web.json_response(call_shape(self._network.account.sid, self._call(request)))
        )

    async def _change_call(self, request: web.Request) -> web.StreamResponse:
        form, call = await _form(request), self._call(request)
        params.check_names(form, params.UPDATE_CALL)
        params.check_script(form, needed=False)
        if call.over:
            raise TwilioError(21220, call.status)
        status = form.get("Status")
        if status not in (None, "completed", "canceled"):
            raise TwilioError(20001, f"Status {status}")
        if status:
            await self._exchange.end(call)
        elif form.get("Url") or form.get("Twiml"):
            self._exchange.redirect(call, Script.of(form))
        return web.json_response(call_shape(self._network.account.sid, call))

    def _call(self, request: web.Request) -> Call:
        call = self._network.calls.get(request.match_info["sid"])
        if call is None:
            raise TwilioError(20404, request.path)
        return call

    async def _reading(self, request: web.Request, accept: Callable[[], web.Response]) -> web.StreamResponse:
        return await pass_through(self._network, request, Door("twilio.read", None, error_response), accept)

    async def _nothing_here(self, request: web.Request) -> web.StreamResponse:
        raise TwilioError(20404, request.path)


async def _form(request: web.Request) -> MultiDict[str]:
    if request.content_type != "application/x-www-form-urlencoded":
        raise TwilioError(20001, f"Content-Type {request.content_type}")
    return MultiDict((k, v) for k, v in (await request.post()).items() if isinstance(v, str))


def _query(request: web.Request, known: frozenset[str]) -> dict[str, str]:
    params.check_names(request.query, known)
    return dict(request.query)
