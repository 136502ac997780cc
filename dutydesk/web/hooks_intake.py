"""What all webhooks share: a bounded raw body, recording what came in, keeping callbacks, and the words of the answers.

Nothing is parsed before its signature held, and nothing is answered with 200 before it is durable.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from aiohttp import web

from dutydesk.channels import twiml
from dutydesk.channels.inbound import as_command, stream_of, text_of, under_a_name_of_its_own
from dutydesk.channels.port import Inbound
from dutydesk.clock import Clock
from dutydesk.errors import Refused, Unavailable
from dutydesk.hub import Hub

MOST_BYTES = 1 << 20  # of one body; 1,000,000 ASCII characters fit, and no SMS provider joins more
_TWIML = {"Content-Type": "text/xml; charset=utf-8"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger("dutydesk.hooks")


async def body_of(request: web.Request) -> bytes:
    """The whole raw body. Raises 413 past the limit, 400 when it breaks off."""
    if (request.content_length or 0) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
    try:
        body = request.content.read_nowait() if request.content.is_eof() else await _rest_of(request)
    except (web.RequestPayloadError, ConnectionError) as error:
        raise web.HTTPBadRequest(text="the body broke off") from error
    if len(body) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES, len(body))
    return body


async def _rest_of(request: web.Request) -> bytes:
    """A body that did not come in one piece with its headers, up to the piece that passes the limit."""
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > MOST_BYTES:
            break
    return bytes(body)


def retried(handler: Handler) -> Handler:
    """Answers 503 while the store takes no writes, so that the provider brings the same thing again."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Unavailable as error:
            log.warning("not recorded, told to come again: %s", error)
            return web.Response(status=503, headers={"Retry-After": "1"}, text="try again")

    return answer


async def record(hub: Hub, inbound: Inbound, by: str) -> None:
    """Record a message once; returns when it is durable. What the desk refuses (its own number) is logged and dropped.

    A provider that gives one name to two texts loses neither (`under_a_name_of_its_own`).
    """
    try:
        entries = await hub.handle(stream_of(inbound.key), as_command(inbound), key=inbound.key, by=by)
        if entries and (other := under_a_name_of_its_own(inbound, entries[0].event)):
            log.warning("%s names two texts: both are kept", inbound.key)
            await hub.handle(stream_of(other.key), as_command(other), key=other.key, by=by)
    except Refused as refusal:
        log.info("not recorded (%s): %s", inbound.key, refusal)


async def keep(hub: Hub, clock: Clock, source: str, key: str, body: bytes) -> None:
    """Keep a raw callback as it came, once for each different body."""
    row = (f"{key}:{hashlib.sha256(body).hexdigest()[:16]}", clock.now(), source, text_of(body))
    await hub.beside(lambda connection: connection.run("put_callback", *row))


async def board_row(hub: Hub, kind: str, id: str) -> Mapping[str, Any] | None:
    """How a stream looks now; None when there is no such row."""
    found = await hub.read(lambda connection: connection.one("row", kind, id))
    return orjson.loads(found[4]) if found else None


def as_twiml(document: str = twiml.EMPTY) -> web.Response:
    """A TwiML answer, by default the empty one: we never answer a text in the webhook's reply."""
    return web.Response(body=document.encode(), headers=_TWIML)
