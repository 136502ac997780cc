"""GET /link: another desk dials in. Its first frame must prove who it is; nothing is said to a stranger."""

import asyncio
import logging
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from dutydesk.channels.link import Links
from dutydesk.channels.link_session import Session
from dutydesk.channels.link_wire import MOST_BYTES, read_frame
from dutydesk.errors import DeskError, Invalid

HELLO_WITHIN = 10.0  # seconds
PING = 20.0  # seconds
log = logging.getLogger("dutydesk.link")


class LinkDoor:
    """The websocket that lower desks dial."""

    def __init__(self, links: Links) -> None:
        self._links = links

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Hold one line until it ends. 404 when this desk has no links."""
        if not self._links.peers:
            raise web.HTTPNotFound
        socket = web.WebSocketResponse(compress=False, heartbeat=PING, max_msg_size=MOST_BYTES, timeout=2.0)
        await socket.prepare(request)
        line: Session | None = None
        try:
            async with asyncio.timeout(HELLO_WITHIN):
                hello = await socket.receive_str()
            line = self._begin(hello, socket)
            await line.on_text(hello)
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await line.on_text(message.data)
        except (DeskError, TypeError, TimeoutError, ConnectionError) as error:
            log.warning("line closed: %s", type(error).__name__)
            with suppress(ConnectionError):
                await socket.close(code=WSCloseCode.POLICY_VIOLATION)
        finally:
            if line:
                self._links.end(line)
        return socket

    def _begin(self, hello: str, socket: web.WebSocketResponse) -> Session:
        name = self._links.by_unit(read_frame(hello).from_)
        if not name:
            raise Invalid("不认识的对方")
        line = self._links.begin(name)
        line.write, line.hang_up = socket.send_str, socket.close
        return line


def link_route(links: Links) -> web.RouteDef:
    """The route."""
    return web.get("/link", LinkDoor(links).open)
