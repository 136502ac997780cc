"""The dialling end of a line: a websocket to the peer's address, held until it breaks."""

import logging
from functools import partial

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from dutydesk.channels.link import Links
from dutydesk.channels.link_wire import MOST_BYTES
from dutydesk.domain.rules import Peer
from dutydesk.errors import DeskError

OPEN_WITHIN = 10.0  # seconds for the handshake
log = logging.getLogger("dutydesk.link")


async def hold(peer: Peer, links: Links) -> bool:
    """One line from dialling to its end. Returns whether the peer proved itself on it; says why it ended in the log."""
    proven = False
    try:
        async with connect(peer.url, max_size=MOST_BYTES, open_timeout=OPEN_WITHIN, compression=None) as socket:
            proven = await _speak(peer, socket, links)
    except (OSError, TimeoutError, WebSocketException, DeskError) as error:
        log.info("line to %s: %s", peer.name, type(error).__name__)
    return proven


async def _speak(peer: Peer, socket: ClientConnection, links: Links) -> bool:
    line = links.begin(peer.name)
    line.write, line.hang_up = partial(_write, socket), socket.close
    proven = False
    try:
        await line.greet()
        async for text in socket:
            await line.on_text(text)
            proven = proven or line.ready.is_set()
    except (ConnectionError, WebSocketException, DeskError) as error:
        log.info("line to %s: %s", peer.name, type(error).__name__)
    finally:
        links.end(line)
    return proven


async def _write(socket: ClientConnection, text: str) -> None:
    """Raises ConnectionResetError when the line is gone, like the accepting end."""
    try:
        await socket.send(text)
    except WebSocketException as error:
        raise ConnectionResetError(type(error).__name__) from error
