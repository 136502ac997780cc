"""Truth of the link: whatever is cut, killed, said twice or called off on either side, every paper that was not called off arrives
exactly once, in order, with a receipt; and one that was called off never does."""

import asyncio
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutydesk.clock import MINUTE
from dutydesk.domain.deliveries import CancelDelivery
from tests.channels.line import CITY, DISTRICT, Line, Side, line
from tests.kit import check_whole

DEEDS = ("queue", "move", "move", "move", "twice", "send", "cut", "connect", "kill", "cancel")
deeds = st.lists(st.tuples(st.sampled_from(DEEDS), st.booleans()), min_size=4, max_size=50)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds)
def test_random_cuts_kills_and_duplicates_lose_nothing_and_double_nothing(done: list[tuple[str, bool]]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="link-"))
    try:
        asyncio.run(_play(folder, done))
    finally:
        shutil.rmtree(folder)


async def _play(folder: Path, done: list[tuple[str, bool]]) -> None:
    wire = await line(folder)
    queued: dict[str, list[int]] = {CITY: [], DISTRICT: []}
    tasks: list[asyncio.Task[int | None]] = []
    for deed, up in done:
        side = wire.district if up else wire.city
        await _do(wire, side, deed, queued[side.own], tasks)
        await asyncio.sleep(0)
    await _come_to_rest(wire, tasks)
    for sender, receiver, own in ((wire.district, wire.city, DISTRICT), (wire.city, wire.district, CITY)):
        off = {int(str(row["id"])[1:]) for row in await sender.rows("delivery") if row["status"] == "canceled"}
        assert await receiver.arrived() == [f"{own}-{n}" for n in queued[own] if n not in off]
        assert set(await sender.statuses()) <= {"delivered", "canceled"}
        assert not [row for row in await sender.rows("peer") if row["stopped"]]
        await sender.hub.read(check_whole)
    wire.cut()
    await wire.city.stop()
    await wire.district.stop()


async def _do(wire: Line, side: Side, deed: str, queued: list[int], tasks: "list[asyncio.Task[int | None]]") -> None:
    side.clock.advance(MINUTE // 60)
    match deed:
        case "queue":
            queued.append(len(queued) + 1)
            await side.queue(len(queued), **({} if side.own == DISTRICT else {"kind": "question"}))
        case "move" | "twice":
            await wire.move(side, twice=deed == "twice")
        case "send":
            tasks.append(asyncio.create_task(side.outbox.run_once()))
        case "cancel" if queued:
            await side.hub.handle(f"delivery/d{queued[-1]:04d}", CancelDelivery(reason="改稿"), key="", by="test")
        case "cut":
            wire.cut()
        case "connect":
            await wire.connect()
        case "kill":
            wire.cut()
            await _rest(tasks)
            await side.stop()
            await side.start()


async def _come_to_rest(wire: Line, tasks: "list[asyncio.Task[int | None]]") -> None:
    wire.cut()
    await _rest(tasks)
    for _ in range(2):  # the second round takes what a killed outbox had claimed
        for side in (wire.city, wire.district):
            side.clock.advance(2 * MINUTE)
        await wire.connect()
        await wire.flow()


async def _rest(tasks: "list[asyncio.Task[int | None]]") -> None:
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    tasks.clear()
