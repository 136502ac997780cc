"""A thousand consoles in one other process: raw websockets that only look whether a mark has come. It sends the report too: one clock.

Asked line by line: connect, bare, report, trigger, stall, unstall, free. Answers carry milliseconds.
"""

import asyncio
import base64
import json
import os
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from scripts.benchmarks import children
from scripts.benchmarks.places import ROOT

PING, PONG = (
    b"\x89\x00",
    b"\x8a\x80\0\0\0\0",
)  # a console that answers no ping is hung up on within half a minute; no JSON has a zero byte
SILENCE = 0.4  # seconds without a byte on any console: what went before has been dealt with
PATIENCE = 30.0  # seconds until a mark that did not come everywhere is an error


@dataclass(slots=True)
class Wait:
    """Counts the clients that have seen a mark."""

    mark: bytes = b""
    left: int = 0
    last: float = 0.0
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def expect(self, mark: bytes, clients: int) -> None:
        self.mark, self.left = mark, clients
        self.done.clear()

    def seen(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.last = time.perf_counter()
            self.done.set()


class Client(asyncio.Protocol):
    """One connection. `opening` is sent first; a websocket's ends with the server's 101."""

    def __init__(self, wait: Wait, opening: bytes = b"") -> None:
        self._wait, self._opening, self._tail = wait, opening, b""
        self.size = 0
        self._seen = b""
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self._opening:
            transport.write(self._opening)
        else:
            self.open.set_result(None)

    def data_received(self, data: bytes) -> None:
        wait = self._wait
        wait.heard.set()
        if not self.open.done():
            self._opened(data)
            return
        around = self._tail + data
        if PING in around[-len(data) - 1 :]:
            self.transport.write(PONG)
        if wait.mark and self._seen != wait.mark and wait.mark in around:
            self._seen, self.size = wait.mark, len(data)
            wait.seen()
        self._tail = around[-24:]

    def _opened(self, data: bytes) -> None:
        if data.startswith(b"HTTP/1.1 101"):
            self.open.set_result(None)
        else:
            self.open.set_exception(ConnectionError(data[:200].decode(errors="replace")))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.open.done():
            self.open.set_exception(error or ConnectionError("closed"))


class Answer(asyncio.Protocol):
    """The connection on which reports are sent."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def send(self, request: bytes) -> "asyncio.Future[float]":
        self.answered = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.answered

    def data_received(self, data: bytes) -> None:
        if not self.answered.done():
            if not data.startswith((b"HTTP/1.1 200", b"ok")):
                self.answered.set_exception(ConnectionError(data[:200].decode(errors="replace")))
                return
            self.answered.set_result(time.perf_counter())


class Room:
    """All clients of this process."""

    def __init__(self) -> None:
        self._wait, self._consoles, self._bare = Wait(), list[Client](), list[Client]()
        self._stalled: list[Client] = []
        self._desk, self._floor = Answer(), Answer()

    async def connect(self, port: int, cookie: str, many: int) -> dict[str, Any]:
        """Open consoles, a few at a time; the first call also opens the connection for reports."""
        loop, opening = asyncio.get_running_loop(), _handshake(cookie)
        if not hasattr(self._desk, "transport"):
            await loop.create_connection(lambda: self._desk, "127.0.0.1", port)
        for _ in range(many):
            _, client = await loop.create_connection(lambda: Client(self._wait, opening), "127.0.0.1", port)
            await client.open
            self._consoles.append(client)
        await self._quiet()
        return {"consoles": len(self._consoles)}

    async def bare(self, port: int, many: int) -> dict[str, Any]:
        """Open as many plain connections to the floor."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self._floor, "127.0.0.1", port)
        ready = self._floor.send(f"{many} accept\n".encode())
        for _ in range(many):
            _, client = await loop.create_connection(lambda: Client(self._wait), "127.0.0.1", port)
            self._bare.append(client)
        await ready
        return {"clients": many}

    async def report(self, request: str, mark: str) -> dict[str, Any]:
        """Send a report; when was it answered, when did the last console have it."""
        self._wait.expect(mark.encode(), len(self._consoles))
        since = time.perf_counter()
        answered = await self._desk.send(base64.b64decode(request)) - since
        if not self._consoles:
            return {"answered_ms": answered * 1e3}
        try:
            async with asyncio.timeout(PATIENCE):
                await self._wait.done.wait()
        except TimeoutError:
            return {"answered_ms": answered * 1e3, "consoles without it": self._wait.left}
        last = self._wait.last - since
        size = self._consoles[0].size
        await self._quiet()
        return {"answered_ms": answered * 1e3, "last_ms": last * 1e3, "bytes": size}

    async def trigger(self, size: int, mark: str) -> dict[str, Any]:
        """Have the floor send one frame to all."""
        self._wait.expect(mark.encode(), len(self._bare))
        since = time.perf_counter()
        self._floor.transport.write(f"{size} {mark}\n".encode())
        async with asyncio.timeout(PATIENCE):
            await self._wait.done.wait()
        return {"last_ms": (self._wait.last - since) * 1e3}

    async def stall(self, port: int, cookie: str) -> dict[str, Any]:
        """Open one more console with the smallest receive buffer, and never read from it again."""
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(slow, ("127.0.0.1", port))
        _, client = await loop.create_connection(lambda: Client(self._wait, _handshake(cookie)), sock=slow)
        await client.open
        client.transport.pause_reading()
        self._stalled.append(client)
        return {"stalled": True}

    async def unstall(self) -> dict[str, Any]:
        """Break the connections that were never read from."""
        for client in self._stalled:
            client.transport.abort()
        self._stalled = []
        await self._quiet()
        return {"consoles": len(self._consoles)}

    async def free(self) -> dict[str, Any]:
        """Close every connection to the desk."""
        for client in self._consoles:
            client.transport.abort()
        self._desk.transport.abort()
        self._consoles, self._desk = [], Answer()
        return {"consoles": 0}

    async def _quiet(self) -> None:
        """Return after a silence."""
        try:
            while True:
                self._wait.heard.clear()
                async with asyncio.timeout(SILENCE):
                    await self._wait.heard.wait()
        except TimeoutError:
            return


def _handshake(cookie: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = ("GET /live?since=0 HTTP/1.1", "Host: desk.example", "Origin: http://desk.example", "Upgrade: websocket")
    more = ("Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Cookie: {cookie}")
    return "\r\n".join((*lines, *more, "", "")).encode()


async def obey() -> None:
    room = Room()
    while line := await asyncio.to_thread(sys.stdin.readline):
        request = json.loads(line)
        children.say(**await getattr(room, request.pop("do"))(**request))


if __name__ == "__main__":
    os.chdir(ROOT)
    asyncio.run(obey())
