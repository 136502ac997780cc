"""The whole simulated telephone company as one object: start it, give it a desk, speak to it in phone verbs, stop it.

It puts the parts together and knows when all is quiet; it holds no protocol of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self, TypeVar

from aiohttp import web

from dutydesk.clock import Clock, SystemClock
from dutydesk.simulator import state
from dutydesk.simulator.accounts import Account
from dutydesk.simulator.carrier import Carrier
from dutydesk.simulator.doors import cut
from dutydesk.simulator.exchange import Exchange
from dutydesk.simulator.faults import Faults, storm
from dutydesk.simulator.mainland import MainlandGateway
from dutydesk.simulator.network import Network
from dutydesk.simulator.page import Page
from dutydesk.simulator.phones import Mailbox, Phone, Switchboard, unexpected
from dutydesk.simulator.smtp import SmtpSink
from dutydesk.simulator.twilio_api import TwilioApi
from dutydesk.simulator.webhooks import Courier

Found = TypeVar("Found")
Pump = Callable[[], Awaitable[object]]
# Rounds of the event loop that must pass without any change before we believe in quiet.
_QUIET_ROUNDS = 5
_NAP_S = 0.02


class Telco:
    """One company on 127.0.0.1. `pump` is awaited while tests wait, so that a desk under a manual clock moves on."""

    def __init__(
        self, *, clock: Clock | None = None, account: Account | None = None, seed: int = 0, timeout: float = 5.0
    ) -> None:
        self.clock = clock or SystemClock()
        self.account = account or Account()
        self.faults = Faults(self.clock, seed)
        self.network = Network(self.clock, self.account, self.faults)
        self.timeout = timeout
        self.pump: Pump | None = None
        self._courier = Courier(self.network)
        self._carrier = Carrier(self.network, self._courier)
        self._exchange = Exchange(self.network, self._courier)
        self._smtp = SmtpSink(self.network)
        self._board = Switchboard(self.network, self._carrier, self._exchange, self._until)
        self._page = Page(self._board, self.faults)
        self._runner: web.AppRunner | None = None
        self._state: Path | None = None
        self._background: list[asyncio.Task[None]] = []

    @property
    def url(self) -> str:
        """Where the company listens: Twilio's API, the mainland gateway, the faults and the page of telephones."""
        return self.network.base

    @property
    def smtp_port(self) -> int:
        """Where mail goes in."""
        return self._smtp.port

    def connect(self, desk: str, *, public: str | None = None) -> None:
        """Names the desk: where webhooks are brought, and the public address they are signed for when that differs."""
        self.network.desk = desk.rstrip("/")
        self.network.public = (public or desk).rstrip("/")

    async def start(self, *, port: int = 0, smtp_port: int = 0, state_file: Path | None = None) -> Self:
        """Listens; port 0 takes any free one. With `state_file` it continues where it was."""
        self._state = state_file
        if state_file:
            state.load(self.network, state_file)
        await self._courier.open()
        await self._smtp.open("127.0.0.1", smtp_port)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.network.base = f"http://127.0.0.1:{bound}"
        self._background = [asyncio.create_task(self.network.agenda.run())]
        if state_file:
            self._background.append(asyncio.create_task(state.keep(self.network, state_file)))
        self._carrier.resume()
        return self

    async def stop(self) -> None:
        """Stops listening, ends every call and task, and saves what is to be kept."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        self._page.close()
        await self.network.close()
        await self._smtp.close()
        if self._runner:
            await self._runner.cleanup()
        await self._courier.close()
        if self._state:
            state.save(self.network, self._state)

    async def __aenter__(self) -> Self:
        return self if self._runner else await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def phone(self, number: str) -> Phone:
        """The telephone with this number (E.164)."""
        self.network.card(number)
        return Phone(self._board, number)

    def mailbox(self, address: str) -> Mailbox:
        """The e-mail address."""
        return Mailbox(self._board, address)

    def storm(self, seed: int, *, rate: float = 0.1, seconds: float = 600.0) -> None:
        """Plants a bad night: the same seed gives the same one."""
        for fault in storm(seed, rate=rate, seconds=seconds):
            self.faults.plant(fault)

    async def release(self) -> None:
        """Brings everything that a fault made late or out of order, now, and lets all waits on the clock end."""
        self.network.agenda.hasten()
        await self._courier.release()
        await self.settle()

    async def settle(self) -> None:
        """Returns when neither the company nor (by `pump`) the desk has anything left to do at this instant."""
        try:
            async with asyncio.timeout(4 * self.timeout):
                while not await self._quiet():
                    pass
        except TimeoutError:
            raise AssertionError(f"the company did not come to rest: {self.network.busy} tasks") from None

    def assert_nothing_unexpected(self) -> None:
        """Fails when anything reached a phone or mailbox that nobody expected, or a script or task was wrong."""
        found = unexpected(self.network.texts.values(), self.network.calls.values())
        found += [f"mail to {m.to}: {m.subject}" for m in self.network.mails if not m.expected]
        found += [
            f"not rejected after all: {r.number} {r.words}" for r in self._carrier.rejections if not r.caught.done()
        ]
        found += self.network.problems
        assert not found, "nobody expected:\n" + "\n".join(found)

    async def _quiet(self) -> bool:
        seen = self.network.version
        self.network.agenda.run_due()
        if self.pump:
            await self.pump()
        for _ in range(_QUIET_ROUNDS):
            await asyncio.sleep(0)
        if self.network.busy:
            await self.network.changed(self.network.version, _NAP_S)
            return False
        return seen == self.network.version

    async def _until(self, look: Callable[[], Found | None], describe: Callable[[], str]) -> Found:
        deadline = asyncio.get_running_loop().time() + self.timeout
        while True:
            seen = self.network.version
            if (found := look()) is not None:
                return found
            quiet = await self._quiet()
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError("\n".join([describe(), *self.network.problems]))
            if quiet and seen == self.network.version:
                await self.network.changed(seen, _NAP_S)

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[self._away], client_max_size=32 * 1024 * 1024)
        app.add_routes(TwilioApi(self.network, self._carrier, self._exchange).routes())
        app.add_routes(MainlandGateway(self.network, self._carrier).routes())
        app.add_routes(self._page.routes())
        return app

    @web.middleware
    async def _away(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        provider = request.path.startswith(("/2010-04-01/", "/gateway/"))
        return cut(request) if provider and self.faults.active("down") else await handler(request)
