"""The comparison with open incidents looks at the store once for all that wait, and a look that failed serves nobody."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dutydesk.clock import MINUTE
from dutydesk.domain.messages import InterpretMessage
from dutydesk.errors import Unavailable
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.workers.proposals import Proposals
from tests.kit import NOON, hub_on, phone, report, sms, sqlite

BLAST = "港前大道88号石化厂爆炸,3人受伤"
FACT = report(code="12D01", place_text="港前大道88号")


class OneFailedLook:
    """The hub's reads: the first waits until it is let go, the second finds the store away."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.looks, self.begun, self.go = hub, 0, asyncio.Event(), asyncio.Event()

    async def read(self, ask: Callable[[Connection], Any]) -> Any:
        self.looks += 1
        look = self.looks
        if look == 2:
            raise Unavailable()
        found = await self.hub.read(ask)
        if look == 1:
            self.begun.set()
            await self.go.wait()
        return found


async def test_a_look_that_failed_does_not_count_for_those_who_waited_for_it(tmp_path: Path) -> None:
    async with hub_on(sqlite(tmp_path), furnished=True) as hub:
        reads = OneFailedLook(hub)
        ask = Proposals(reads)  # type: ignore[arg-type]
        first, second, third = (asyncio.ensure_future(ask(BLAST, NOON + MINUTE, FACT)) for _ in range(3))
        await reads.begun.wait()
        await hub.handle("message/m", sms(BLAST, phone(1)), key="", by="main")
        await hub.handle("message/m", InterpretMessage(reading=FACT), key="", by="reader")
        reads.go.set()
        assert await first == ()
        assert isinstance((await asyncio.gather(second, return_exceptions=True))[0], Unavailable)
        assert [one.incident for one in await third] != []
        assert reads.looks == 3
