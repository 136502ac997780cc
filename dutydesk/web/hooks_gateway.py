"""Webhooks of configured gateways and telephone exchanges: signed by a shared secret, mapped by config/gateways.toml."""

import logging
from collections.abc import Mapping

from aiohttp import web

from dutydesk.channels.gateway_mapping import Report, call_of, inbounds_of, reports_of
from dutydesk.channels.gateway_signature import signed
from dutydesk.channels.inbound import key_of
from dutydesk.clock import Clock
from dutydesk.config.gateways import Gateway
from dutydesk.errors import Invalid
from dutydesk.hub import Hub
from dutydesk.web.hooks_intake import board_row, body_of, keep, record

log = logging.getLogger("dutydesk.hooks")


class GatewayHooks:
    """POST /hooks/gateway/{name}/sms, /hooks/gateway/{name}/status and /hooks/pbx/{name}."""

    def __init__(self, hub: Hub, gateways: Mapping[str, Gateway], clock: Clock) -> None:
        self._hub = hub
        self._gateways = gateways
        self._clock = clock

    async def sms(self, request: web.Request) -> web.StreamResponse:
        """Texts came in: one, or a list of them."""
        gateway = self._gateway(request)
        body = await self._signed_body(request, gateway)
        for inbound in inbounds_of(gateway, body):
            await record(self._hub, inbound, gateway.name)
        return _answer(gateway)

    async def status(self, request: web.Request) -> web.StreamResponse:
        """Something happened to texts of ours: the post is kept raw, each report told to its delivery."""
        gateway = self._gateway(request)
        body = await self._signed_body(request, gateway)
        source = f"gateway:{gateway.name}"
        await keep(self._hub, self._clock, source, key_of(source, "", body), body)
        try:
            for report in reports_of(gateway, body):
                await self._tell(gateway, report)
        except Invalid as error:
            log.warning("status of %s cannot be read, kept raw: %s", source, error)
        return _answer(gateway)

    async def _tell(self, gateway: Gateway, report: Report) -> None:
        if report.note is None or not await board_row(self._hub, "delivery", report.delivery):
            log.info("status kept without effect: %s", report.key)
            return
        await self._hub.handle(f"delivery/{report.delivery}", report.note, key=report.key, by=gateway.name)

    async def call(self, request: web.Request) -> web.StreamResponse:
        """A call arrived or was answered at the exchange: recorded with the caller's number, the raw event kept."""
        gateway = self._gateway(request)
        body = await self._signed_body(request, gateway)
        source = f"pbx:{gateway.name}"
        await keep(self._hub, self._clock, source, key_of(source, "", body), body)
        if inbound := call_of(gateway, body):
            await record(self._hub, inbound, gateway.name)
        return _answer(gateway)

    def _gateway(self, request: web.Request) -> Gateway:
        gateway = self._gateways.get(request.match_info["name"])
        if gateway is None:
            raise web.HTTPNotFound(text="no such gateway")
        return gateway

    async def _signed_body(self, request: web.Request, gateway: Gateway) -> bytes:
        body = await body_of(request)
        if not signed(gateway, request.raw_path, body, request.headers, self._clock.now()):
            log.warning("bad signature of gateway %s on %s", gateway.name, request.path)
            raise web.HTTPForbidden(text="bad signature")
        return body


def _answer(gateway: Gateway) -> web.Response:
    return web.Response(text=gateway.reply, content_type=gateway.reply_type)
