"""The web part of a life: the real feed and board on a port, so that a console can follow a hub that is killed."""

import asyncio

from aiohttp import web

from dutydesk.config import Settings
from dutydesk.domain.readings import Reading
from dutydesk.hub import Hub
from dutydesk.links import Signer
from dutydesk.store.search import SearchIndex
from dutydesk.web.live import Live
from dutydesk.web.parts import Parts
from dutydesk.web.presence import Presence
from dutydesk.web.server import make_app


async def show(hub: Hub, port: int) -> None:
    """Serve the consoles of this hub until the process ends."""
    live, rounds = Live(hub, hub.clock), set[asyncio.Task[None]]()

    def moved(_seq: int, _wakes: dict[str, int]) -> None:
        begun = asyncio.create_task(live.tick())
        rounds.add(begun)
        begun.add_done_callback(rounds.discard)

    hub.on_commit = moved
    settings = Settings(public_url=f"http://127.0.0.1:{port}")
    presence, index = Presence(hub.clock), SearchIndex(hub.store)
    parts = Parts(hub, settings, hub.clock, Signer("s" * 32), live, _read, _ready, presence, index)
    runner = web.AppRunner(make_app(parts), handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()


async def _read(_text: str, _at: int) -> Reading:
    return Reading()


async def _ready() -> dict[str, object]:
    return {"ok": True}
