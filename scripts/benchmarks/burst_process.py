"""Fires what is due on a store, says so every hundred, and ends when nothing is: the process that is killed in the middle of a burst."""

import asyncio
import sys
import time

from dutydesk.clock import SystemClock
from dutydesk.domain.verbs import Command, Fire
from dutydesk.errors import Unavailable
from dutydesk.hub import Hub
from dutydesk.store.entries import Entry
from dutydesk.store.store import Store
from dutydesk.workers.timers import Timers
from scripts.benchmarks import children


class Telling(Hub):
    """Says how many timers it has fired, after they are durable."""

    fired = 0

    async def handle(
        self, stream: str, command: Command, *, key: str, by: str, drill: bool = False, guarded: bool = False
    ) -> list[Entry]:
        entries = await super().handle(stream, command, key=key, by=by, drill=drill, guarded=guarded)
        if isinstance(command, Fire):
            Telling.fired += 1
            if Telling.fired % 100 == 0:
                children.say(fired=Telling.fired)
        return entries


async def run(url: str) -> None:
    hub = Telling(Store(url), SystemClock())
    hub.start()
    timers, since = Timers(hub, hub.clock), time.perf_counter()
    while (due := await _once(timers)) is not None and due <= hub.clock.now():
        pass
    seconds = time.perf_counter() - since
    await hub.stop()
    children.say(fired=Telling.fired, seconds=seconds)


async def _once(timers: Timers) -> int | None:
    """As the wheel does: a hub that is busy is asked again."""
    try:
        return await timers.run_once()
    except Unavailable:
        return 0


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
