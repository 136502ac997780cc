"""Fires what is due. Firing deletes the timer in the transaction of its consequences: exactly once, also with racing hubs."""

import asyncio
import logging

from dutydesk.clock import MINUTE, SECOND, Clock
from dutydesk.domain.verbs import Fire, Lane
from dutydesk.errors import Unavailable
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection, Params

AT_ONCE = 500  # timers handed to the door in one go
log = logging.getLogger("dutydesk.timers")


class Timers:
    """The worker of the FIRE lane."""

    name = Lane.FIRE.value

    def __init__(self, hub: Hub, clock: Clock) -> None:
        self._hub, self._clock = hub, clock

    async def run_once(self) -> int | None:
        """Fire everything due. Returns when the next timer is due."""
        due, following = await self._hub.read(self._look)
        if due:
            await asyncio.gather(*(self._fire(*row) for row in due))
            return self._clock.now() if len(due) == AT_ONCE else following
        return following

    def _look(self, connection: Connection) -> tuple[list[Params], int | None]:
        now = self._clock.now()
        due = connection.all("timers_due", self.name, now, AT_ONCE)
        following = connection.one("timer_after", self.name, now)
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
