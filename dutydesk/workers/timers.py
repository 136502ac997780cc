"""Fires what is due. Firing deletes the timer in the transaction of its consequences: exactly once, also with racing hubs."""

import asyncio
import logging
from collections import deque

from dutydesk.clock import MINUTE, SECOND, Clock
from dutydesk.domain.verbs import Fire, Lane
from dutydesk.errors import Unavailable
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection, Params

AT_ONCE = 500  # timers handed to the door in one go
# a look finds what is due within two of these, the next comes after one: it runs beside the commits, and nothing falls between two looks
AHEAD = SECOND // 100
LOOKS = 300  # of one turn at most: a worker says now and then that it lives
log = logging.getLogger("dutydesk.timers")


class Timers:
    """The worker of the FIRE lane."""

    name = Lane.FIRE.value

    def __init__(self, hub: Hub, clock: Clock) -> None:
        self._hub, self._clock = hub, clock

    async def run_once(self) -> int | None:
        """Fire everything due, and what becomes due meanwhile. Returns when the next timer is due."""
        firing = list[asyncio.Task[None]]()
        try:
            return await self._go_on(firing)
        finally:  # also when a look fails: what was begun ends first
            await asyncio.gather(*firing)

    async def _go_on(self, firing: list[asyncio.Task[None]]) -> int | None:
        """Look and fire, and look again while what was found still waits for its instant, until nothing is due soon."""
        handed, waiting = set[tuple[str, str, int]](), deque[Params]()
        following: int | None = None
        for _ in range(LOOKS):
            found, following = await self._hub.read(self._look)
            new = [row for row in found if row[:3] not in handed]
            handed |= {row[:3] for row in new}
            waiting = deque(sorted((*waiting, *new), key=_instant))
            if left := await self._in_time(waiting, firing):
                return left
            if len(found) == AT_ONCE:
                return self._clock.now()
            if not waiting and (not new or following is None or following > self._clock.now() + AHEAD):
                return following
        return self._clock.now()

    async def _in_time(self, waiting: deque[Params], firing: list[asyncio.Task[None]]) -> int | None:
        """Begin to fire each at its instant, until it is time to look again. Returns the first for which the clock was not ready: it
        stands still, or went back."""
        until = self._clock.now() + AHEAD
        while waiting:
            now = self._clock.now()
            while waiting and waiting[0][4] <= now:
                firing.append(asyncio.create_task(self._fire(*waiting.popleft()[:4])))
            if not waiting or now >= until:
                break
            await asyncio.sleep((min(waiting[0][4], until) - now) / SECOND)
            if self._clock.now() <= now:
                return int(waiting[0][4])
        return None

    def _look(self, connection: Connection) -> tuple[list[Params], int | None]:
        soon = self._clock.now() + 2 * AHEAD
        due = connection.all("timers_due", self.name, soon, AT_ONCE)
        following = connection.one("timer_after", self.name, soon)
        return due, following[0] if following else None

    async def _fire(self, stream: str, name: str, due_at: int, failures: int) -> None:
        try:
            await self._hub.handle(stream, Fire(name=name, due_at=due_at), key="", by="timer")
        except Unavailable:
            raise
        except Exception:  # a rule of ours failed: keep the promise, try again, show it
            log.exception("timer %s of %s failed %d times", name, stream, failures + 1)
            retry = self._clock.now() + min(2**failures * SECOND, 10 * MINUTE)
            await self._hub.beside(lambda c: c.run("timer_failed", retry, stream, name, due_at))


def _instant(row: Params) -> int:
    return int(row[4])
