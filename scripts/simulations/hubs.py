"""Several hubs of one simulated desk in one process: the same store and clock, a door and workers each. And the people in front of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp

from dutydesk.app import Desk, build
from dutydesk.reading.worker import ReaderPool
from dutydesk.store.store import head
from tests.desk.town import PASSWORD, Town
from tests.services import free_port


@dataclass(slots=True)
class Hubs:
    """The hubs of a town. Whoever asks for one gets the next in turn, so that each decides upon what another wrote."""

    here: Town
    desks: list[Desk]
    _turn: int = 0

    @property
    def turn(self) -> Desk:
        self._turn += 1
        return self.desks[self._turn % len(self.desks)]

    async def settle(self) -> None:
        """Until no hub has anything left to do at this instant; another is the first each time."""
        before = -1
        while (now := (await self.here.desk.hub.read(head)).seq) != before:
            before = now
            for _ in self.desks:
                await self.turn.settle()

    def bring_to_next(self) -> None:
        """The telephone company brings what comes to another hub than before, as a proxy would."""
        self.here.telco.connect(address(self.turn), public=self.here.url)


def address(desk: Desk) -> str:
    """Where a hub itself listens."""
    return f"http://127.0.0.1:{desk.settings.port}"


@asynccontextmanager
async def hubs(here: Town, many: int, reader: ReaderPool) -> AsyncIterator[Hubs]:
    """A town's hub and so many more as make `many`."""
    made = Hubs(here, [here.desk])
    try:
        for _ in range(many - 1):
            settings = here.desk.settings.model_copy(update={"port": free_port()})
            another = build(settings, clock=here.clock, environment=here.gateway, reader=reader)
            made.desks.append(another)
            await another.open()
            await another.serve()
        here.telco.pump = made.settle
        yield made
    finally:
        for another in made.desks[1:]:
            await another.stop()


@dataclass(slots=True)
class Screen:
    """A console in front of one hub that somebody opened and did not sign out of."""

    http: aiohttp.ClientSession
    line: aiohttp.ClientWebSocketResponse
    reading: "asyncio.Task[None]"

    async def leave(self) -> None:
        self.reading.cancel()
        with suppress(asyncio.CancelledError):
            await self.reading
        await self.line.close()
        await self.http.close()


@dataclass(slots=True)
class Room:
    """Who sits in front of the hubs: each hour somebody comes, signs in at one of them, looks at an incident, and stays until replaced."""

    hubs: Hubs
    screens: list[Screen] = field(default_factory=list)

    async def come(self) -> None:
        base = address(self.hubs.turn)
        http = aiohttp.ClientSession(
            base, cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": self.hubs.here.url}
        )
        for name, password, told in (("root", "guessed", 401), ("officer", PASSWORD, 303)):
            form = {"username": name, "password": password}
            async with http.post("/sign-in", data=form, allow_redirects=False) as answer:
                assert answer.status == told, (name, answer.status)
        line = await http.ws_connect("/live?since=0")
        self.screens.append(Screen(http, line, asyncio.create_task(_read(line))))
        await self._look(http)
        if len(self.screens) > 2 * len(self.hubs.desks):
            await self.screens.pop(0).leave()

    async def _look(self, http: aiohttp.ClientSession) -> None:
        rows = await self.hubs.here.rows("incident")
        async with http.get(f"/api/incident/{rows[-1]['id']}") as answer:
            assert answer.status == 200, answer.status

    async def leave(self) -> None:
        for screen in self.screens:
            await screen.leave()


async def _read(line: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in line:
        pass
