"""The company's memory and its sense of quiet: phones, texts, calls, mails, clock, faults, and which of its own tasks
still run.

It holds and finds; the carriers act. Nothing here speaks HTTP.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

from dutydesk.clock import Clock
from dutydesk.simulator.accounts import Account
from dutydesk.simulator.agenda import Agenda
from dutydesk.simulator.faults import Faults
from dutydesk.simulator.records import Call, Card, Mail, Sms


class Network:
    """Everything both carriers, the page and the tests look at. `desk` is where webhooks go, `public` what they are
    signed for."""

    def __init__(self, clock: Clock, account: Account, faults: Faults) -> None:
        self.clock = clock
        self.account = account
        self.faults = faults
        self.agenda = Agenda(clock)
        self.desk = ""
        self.public = ""
        self.base = ""
        self.status_delay = 0.0
        self.speech_rate: float | None = None
        self.strict_china = True
        self.cards: dict[str, Card] = {}
        self.texts: dict[str, Sms] = {}
        self.calls: dict[str, Call] = {}
        self.mails: list[Mail] = []
        self.problems: list[str] = []
        self.version = 0
        self.busy = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._watchers: set[asyncio.Future[None]] = set()

    def card(self, number: str) -> Card:
        """The telephone with this number; it exists from the first time anybody names it."""
        if number not in self.cards:
            self.cards[number] = Card(number)
            self.touch()
        return self.cards[number]

    def touch(self) -> None:
        """Something changed: whoever waits in `changed` looks again."""
        self.version += 1
        watchers, self._watchers = self._watchers, set()
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)

    async def changed(self, since: int, timeout: float) -> None:
        """Returns when the version is past `since`, or after `timeout` real seconds."""
        if self.version != since:
            return
        watcher: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watchers.add(watcher)
        await asyncio.wait({watcher}, timeout=timeout)
        self._watchers.discard(watcher)

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Starts a task of the company; its failure is a problem the test will see."""
        self.busy += 1
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self.busy -= 1
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.problems.append(f"the simulator itself failed: {error!r}")
        self.touch()

    @asynccontextmanager
    async def parked(self) -> AsyncIterator[None]:
        """Inside, a spawned task waits for a person or the clock and does not count as busy."""
        self.busy -= 1
        self.touch()
        try:
            yield
        finally:
            self.busy += 1

    async def pause(self, seconds: float) -> None:
        """A spawned task waits on the clock."""
        if seconds > 0:
            async with self.parked():
                await self.agenda.sleep(seconds)

    def reach(self, url: str) -> str:
        """Where an address the desk gave us is really to be found: its public base may not resolve on this machine."""
        return self.desk + url.removeprefix(self.public) if self.public and url.startswith(self.public) else url

    async def close(self) -> None:
        """Ends every task of the company."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.touch()
