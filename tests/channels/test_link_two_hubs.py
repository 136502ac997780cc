"""Two hubs of one desk, on one PostgreSQL, and one peer: whoever holds the line sends, either may die, each paper goes once, in order."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from dutydesk.clock import MINUTE
from dutydesk.domain.rules import Peer
from dutydesk.workers.outbox import LEASE
from tests.channels.line import CITY, DISTRICT, Line, Side, ended
from tests.kit import check_whole

BELOW = Peer(name="shinan", unit=DISTRICT, side="below", secret_env="S")
ABOVE = Peer(name="city", unit=CITY, side="above", secret_env="S", url="ws://x/link")


class Twins:
    """The district as two hubs, each with a line of its own to the one hub of the city."""

    def __init__(self, city: Side, far: Side, one: Side, two: Side) -> None:
        self.city, self.lines = city, (Line(city, one), Line(far, two))
        self.hubs = (one, two)

    async def queue(self, n: int) -> None:
        await self.hubs[n % 2].queue(n)

    async def kill(self, n: int) -> None:
        self.lines[n].cut()
        await self.hubs[n].stop()

    async def all_once_and_in_order(self, many: int, alive: int) -> None:
        assert await self.city.arrived() == [f"{DISTRICT}-{n}" for n in range(1, many + 1)]
        assert set(await self.hubs[alive].statuses()) <= {"delivered"}
        assert not [row for row in await self.hubs[alive].rows("peer") if row["stopped"]]
        await self.hubs[alive].hub.read(check_whole)
        await self.city.hub.read(check_whole)


@pytest.fixture
async def twins(tmp_path: Path, fresh_postgres: str) -> AsyncIterator[Twins]:
    city, far = (Side(f"sqlite:///{tmp_path}/city.db", CITY, BELOW) for _ in range(2))
    await city.start(furnish=True)
    far.hub, far.intake, far.links, far.outbox = city.hub, city.intake, city.links, city.outbox
    one = Side(fresh_postgres, DISTRICT, ABOVE)
    await one.start(furnish=True)
    two = Side(fresh_postgres, DISTRICT, ABOVE, one.clock)
    await two.start()
    made = Twins(city, far, one, two)
    yield made
    for line in made.lines:
        line.cut()
    for side in (city, one, two):
        with suppress(RuntimeError):
            await side.stop()


async def test_the_hub_that_holds_the_line_dies_and_the_other_goes_on_where_it_stood(twins: Twins) -> None:
    first, second = twins.lines
    for n in range(1, 7):
        await twins.queue(n)
    await first.connect()
    while not all(side.session and side.session.ready.is_set() for side in (first.district, first.city)):
        await first.move(first.district) or await first.move(first.city)
    sending = asyncio.create_task(first.district.outbox.run_once())
    while len(await twins.city.arrived()) < 3:  # the receipts stay on the way
        await first.move(first.district)
        await asyncio.sleep(0)
    first.cut()
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending
    await twins.hubs[0].stop()
    assert set(await twins.hubs[1].statuses()) == {"queued"}, "nobody on this side knows that three of them are there"
    await second.connect()
    await second.flow()
    assert await twins.city.arrived() == [f"{DISTRICT}-{n}" for n in range(1, 7)], (
        "the rest goes as soon as the other is there"
    )
    # the dead hub's claims run out; what had arrived is asked for again, for its receipt
    twins.hubs[1].clock.advance(LEASE)
    await second.flow()
    await twins.all_once_and_in_order(6, alive=1)


async def test_a_hub_without_the_line_leaves_its_papers_to_the_one_that_holds_it(twins: Twins) -> None:
    first, _ = twins.lines
    await first.connect()
    await first.flow()
    await twins.hubs[1].queue(1)
    assert await twins.hubs[1].outbox.run_once() is None
    await first.flow()
    await twins.all_once_and_in_order(1, alive=0)


async def test_both_hold_a_line_and_what_one_sent_the_other_does_not_say_again(twins: Twins) -> None:
    first, second = twins.lines
    for line in twins.lines:
        await line.connect()
        await line.flow()
    for n in range(1, 5):
        await twins.queue(n)
    await first.flow()
    assert second.city.session
    await second.city.session.beat()  # as it does three times in `silent_after_s`
    await second.flow()
    said = _heard(second.district)
    await twins.queue(5)
    await second.flow()
    assert [text for text in said if '"kind":"submission"' in text] == said[:1]
    await twins.all_once_and_in_order(5, alive=1)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_cut_and_killed_on_either_hub_each_paper_goes_once_and_in_order(
    twins: Twins, seed: int
) -> None:
    chance, many, tasks = random.Random(seed), 0, list[asyncio.Task[int | None]]()
    for line in twins.lines:
        await line.connect()
    for _ in range(70):
        n, side = chance.randrange(2), chance.randrange(2)
        line, hub = twins.lines[n], twins.hubs[n]
        hub.clock.advance(MINUTE // 60)
        match chance.choice(
            ("queue", "queue", "send", "send", "move", "move", "move", "twice", "cut", "connect", "kill")
        ):
            case "queue":
                many += 1
                await twins.queue(many)
            case "send":
                tasks.append(asyncio.create_task(hub.outbox.run_once()))
            case "cut":
                line.cut()
            case "connect":
                await line.connect()
            case "kill":
                await ended(tasks)
                await twins.kill(n)
                await hub.start()
            case moved:
                await line.move((line.city, line.district)[side], twice=moved == "twice")
        await asyncio.sleep(0)
    await ended(tasks)
    last = chance.randrange(2)
    await twins.kill(1 - last)
    for _ in range(2):
        twins.hubs[last].clock.advance(2 * MINUTE)
        await twins.lines[last].connect()
        await twins.lines[last].flow()
    assert many > 5
    await twins.all_once_and_in_order(many, alive=last)


def _heard(side: Side) -> list[str]:
    """What a side puts on its line from now on."""
    said: list[str] = []

    async def write(text: str) -> None:
        said.append(text)
        side.outgoing.append(text)

    assert side.session
    side.session.write = write
    return said
