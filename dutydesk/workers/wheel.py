"""Turns the workers. APScheduler is their only wait: one job each, re-dated to the next due instant, at most one second ahead.

A worker is a `run_once()` that does what is due and says when next; the loop around it needs no test. A loop that dies takes the desk
down, loudly; a store that is away is waited for.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from dutydesk.clock import SECOND, Clock
from dutydesk.errors import Unavailable

FAR = 2**62
LONGEST_WAIT = SECOND  # another hub may have set a timer, and a hint may be lost
log = logging.getLogger("dutydesk.workers")


class Worker(Protocol):
    """`run_once` does what is due and returns the next instant it wants to run (None: nothing known)."""

    name: str

    async def run_once(self) -> int | None: ...


class Wheel:
    """All workers of a hub."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # misfire_grace_time=None: a late job still runs. Its default drops them: 3,000 of 3,000 in a burst (LIMITS, section 4).
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1000}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._bells: dict[str, asyncio.Event] = {}
        self._next: dict[str, int] = {}
        self.turned: dict[str, int] = {}

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    def wake(self, name: str, at: int = 0) -> None:
        """Have a worker look again at an instant, if that is sooner than it would."""
        bell = self._bells.get(name)
        if bell is None or bell.is_set() or at >= self._next[name]:
            return
        if at <= self._clock.now():
            bell.set()
        else:
            self._date(name, at)

    async def turn(self, worker: Worker) -> None:
        """Run a worker for ever."""
        name = worker.name
        bell = self._bells[name] = asyncio.Event()
        while True:
            bell.clear()
            self._next[name] = FAR
            due = await _patiently(worker.run_once)
            now = self.turned[name] = self._clock.now()
            if due is not None and due <= now:
                continue
            # a wish that came in while it ran stands in _next: what run_once saw may be older
            self._date(name, min(due or FAR, now + LONGEST_WAIT, self._next[name]))
            await bell.wait()

    def _date(self, name: str, at: int) -> None:
        self._next[name] = at
        when = datetime.fromtimestamp(at / SECOND, UTC)
        self._scheduler.add_job(self._ring, "date", (name,), id=name, run_date=when, replace_existing=True)

    async def _ring(self, name: str) -> None:
        self._bells[name].set()


async def _patiently(run_once: Callable[[], Awaitable[int | None]]) -> int | None:
    try:
        return await run_once()
    except Unavailable as error:
        log.warning("store away: %s", error)
        return None
