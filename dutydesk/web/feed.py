"""The websocket /live: a console comes in with its session, and goes when that ends."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from dutydesk.errors import Unavailable
from dutydesk.web import sessions
from dutydesk.web.live import Console
from dutydesk.web.parts import PARTS, Parts
from dutydesk.web.people import person

PING = 20.0  # seconds between pings; a dead line is noticed within half as much again
ROUND = 1.0  # seconds between looks at who fell silent
LOOK_AGAIN = 60.0  # seconds between looks at whether the sessions of open consoles still stand
LONGEST = 4_096  # bytes of what a console may say to us: what it looks at, and nothing else

log = logging.getLogger("dutydesk.live")


async def live(request: web.Request) -> web.StreamResponse:
    """Bring a console to the head and keep it there until it leaves."""
    parts, who = request.app[PARTS], person(request)
    socket = web.WebSocketResponse(compress=False, heartbeat=PING, max_msg_size=LONGEST, timeout=2.0)
    await socket.prepare(request)
    transport = request.transport
    if transport is None or parts.live.full:
        await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
        return socket
    assert isinstance(transport, asyncio.Transport)
    console = Console(socket, transport, who.username, who.role, who.division, who.session)
    await _serve(parts, console, request.query.get("since", "0"))
    return socket


async def _serve(parts: Parts, console: Console, token: str) -> None:
    try:
        await parts.live.join(console, token)
        async for said in console.socket:
            if said.type is WSMsgType.TEXT:
                parts.presence.said(console, said.data)
    except Unavailable:
        await console.socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
    finally:
        parts.presence.leave(console)
        parts.live.leave(console)
        if console.transport.get_write_buffer_size():
            console.transport.abort()


async def watching(app: web.Application) -> AsyncIterator[None]:
    """The feed beats while the application runs, and sessions that ended lose their consoles."""
    parts = app[PARTS]
    await parts.live.start()
    tasks = (
        asyncio.create_task(_sweep(parts), name="sessions"),
        asyncio.create_task(_look_round(parts), name="presence"),
    )
    yield
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _look_round(parts: Parts) -> None:
    while True:
        await asyncio.sleep(ROUND)
        parts.presence.sweep()


async def _sweep(parts: Parts) -> None:
    while True:
        await asyncio.sleep(LOOK_AGAIN)
        await sweep(parts)


async def sweep(parts: Parts) -> None:
    """Close the consoles whose session no longer stands; a store that is away proves nothing."""
    try:
        for session in await sessions.ended(parts.hub, parts.live.sessions, parts.clock.now()):
            parts.live.end_session(session)
    except Unavailable:
        log.warning("sessions could not be looked at")


async def closing(app: web.Application) -> None:
    """Before the server stops: consoles are told, so that they come back elsewhere at once."""
    await app[PARTS].live.stop()
