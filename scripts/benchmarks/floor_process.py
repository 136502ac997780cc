"""The floors that serve: an aiohttp handler that does nothing; a server that sends a frame to every client by a bare `socket.send`."""

import asyncio
import socket
import sys

from aiohttp import web

from scripts.benchmarks import children


async def nothing(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def noop() -> None:
    app = web.Application(client_max_size=1 << 20)
    app.router.add_post("/{rest:.*}", nothing)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    children.say(port=runner.addresses[0][1])
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


def bare() -> None:
    """Clients connect; then each line of the first of them, `size mark`, has a frame of that size sent to all the others."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        children.say(port=listener.getsockname()[1])
        first, _ = listener.accept()
        clients: list[socket.socket] = []
        for line in first.makefile("r"):
            size, mark = line.split()
            while len(clients) < int(size) and mark == "accept":
                clients.append(_accept(listener))
            if mark != "accept":
                _send(clients, mark.encode().ljust(int(size), b"x"))
                continue
            first.sendall(b"ok\n")


def _accept(listener: socket.socket) -> socket.socket:
    client, _ = listener.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def _send(clients: list[socket.socket], frame: bytes) -> None:
    for client in clients:
        client.send(frame)


if __name__ == "__main__":
    if sys.argv[1] == "noop":
        asyncio.run(noop())
    else:
        bare()
