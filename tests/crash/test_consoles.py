"""A console follows a hub that is killed at random instants: after catch-up it shows what a fresh one shows, to the last row."""

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from dutydesk.web import sessions
from scripts.simulations.witness import rows
from tests.crash.life import Life, Nursery
from tests.crash.storm import Storm, now, on_postgres, on_sqlite
from tests.kit import hub_on
from tests.services import free_port
from tests.web.test_live import Screen

PATIENCE = 120


@dataclass(slots=True)
class Console:
    """An officer's screen, by the websockets library; it comes back with the token it had."""

    port: int
    cookie: str
    screen: Screen

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def follow(self, frames: int) -> None:
        """Take so many frames of the hub that serves now, or what it sends until it dies."""
        url = f"ws://127.0.0.1:{self.port}/live?since={self.screen.head}"
        headers = {"Cookie": self.cookie}
        async with connect(url, additional_headers=headers, origin=Origin(self.origin), proxy=None) as socket:
            try:
                for _ in range(frames):
                    self.screen.take(await socket.recv())
            except ConnectionClosed:
                return

    async def until(self, head: int) -> None:
        while int(self.screen.head.split(":")[0]) < head:
            await self.follow(1)

    async def fresh(self) -> Screen:
        """What a console sees that comes in now."""
        headers, fresh = {"Cookie": self.cookie}, Screen()
        async with aiohttp.ClientSession(headers=headers) as http, http.get(f"{self.origin}/api/board") as answer:
            fresh.take(await answer.text())
        return fresh


async def born(storm: Storm, console: Console, **more: int) -> Life:
    life = storm.begin(port=console.port, **more)
    assert await asyncio.to_thread(life.said.readline) == "ready\n"
    return life


async def signed_in(url: str) -> Console:
    async with hub_on(url) as hub:
        opened = await sessions.open_session(hub, "officer", now())
    return Console(free_port(), f"{sessions.cookie_name(False)}={opened.token}", Screen())


async def kill_under_a_console(storm: Storm, kills: int, seed: int) -> None:
    dice, console = random.Random(seed), await signed_in(storm.orders.url)
    async with asyncio.timeout(PATIENCE + 4 * kills):
        while storm.kills < kills:
            life = await born(storm, console)
            following = asyncio.create_task(console.follow(10_000))
            await asyncio.to_thread(storm.hear, life, dice.randint(5, 60))
            await asyncio.to_thread(storm.kill, life)
            await following
        assert storm.judge() == []
        life = await born(storm, console, load=0)
        head = rows(storm.orders.url, "SELECT max(seq) FROM entries")[0][0]
        await console.until(head)
        assert console.screen.rows == (await console.fresh()).rows
        assert (len(console.screen.rows) > 20, console.screen.reloads) == (True, 0)
        await asyncio.to_thread(storm.kill, life)


@pytest.mark.parametrize("kills", [3, pytest.param(60, marks=pytest.mark.long)])
async def test_after_kills_a_console_shows_what_a_fresh_one_shows(
    nursery: Nursery, furnished: Path, tmp_path: Path, kills: int
) -> None:
    await kill_under_a_console(on_sqlite(nursery, furnished, tmp_path / "desk", faults=15), kills, 3)


@pytest.mark.long
async def test_the_same_on_postgresql(nursery: Nursery, tmp_path: Path, fresh_postgres: str) -> None:
    await kill_under_a_console(on_postgres(nursery, fresh_postgres, tmp_path, faults=16), 30, 4)
