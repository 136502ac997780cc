"""Reads recorded messages (in the reader's process, off the loop) and hands each reading in. A reader that fails delays nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import orjson

from dutydesk.clock import Clock
from dutydesk.domain.messages import InterpretMessage, Proposal, ReportReadingFailure
from dutydesk.domain.readings import Reading
from dutydesk.domain.verbs import Lane
from dutydesk.errors import Unavailable
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection

AT_ONCE = 50
log = logging.getLogger("dutydesk.router")
ReadText = Callable[[str, int], Awaitable[Reading]]
Propose = Callable[[str, int, Reading], Awaitable[tuple[Proposal, ...]]]


class Router:
    """The worker of the READ lane."""

    name = Lane.READ.value

    def __init__(self, hub: Hub, clock: Clock, read_text: ReadText, propose: Propose) -> None:
        self._hub, self._clock, self._read_text, self._propose = hub, clock, read_text, propose

    async def run_once(self) -> int | None:
        """Route everything waiting. Returns when the next retry is due."""
        waiting, following = await self._hub.read(self._look)
        await asyncio.gather(*(self._route(*message) for message in waiting))
        return self._clock.now() if len(waiting) == AT_ONCE else following

    def _look(self, connection: Connection) -> tuple[list[tuple[str, str, int]], int | None]:
        waiting, now = [], self._clock.now()
        for stream, _name, _due, _failures in connection.all("timers_due", self.name, now, AT_ONCE):
            id = stream.partition("/")[2]
            row = connection.one("row", "message", id)
            if row:
                body = orjson.loads(row[4])
                waiting.append((id, body["text"], body["received_at"]))
        following = connection.one("timer_after", self.name, now)
        return waiting, following[0] if following else None

    async def _route(self, id: str, text: str, received_at: int) -> None:
        reading, proposals = await self._understand(text, received_at)
        try:
            command = InterpretMessage(reading=reading, proposals=proposals)
            await self._hub.handle(f"message/{id}", command, key="", by="reader")
        except Unavailable:
            raise
        except Exception as error:  # a rule of ours failed: the message stays, red, and is tried again
            log.exception("message %s could not be routed", id)
            failure = ReportReadingFailure(error=f"{type(error).__name__}: {error}"[:300])
            await self._hub.handle(f"message/{id}", failure, key="", by="reader")

    async def _understand(self, text: str, received_at: int) -> tuple[Reading, tuple[Proposal, ...]]:
        try:
            reading = await self._read_text(text, received_at)
            return reading, await self._propose(text, received_at, reading)
        except Unavailable:
            raise
        except Exception as error:  # unread is not lost: it goes on to a person with its raw text
            log.warning("reader failed on a text of %d characters: %s", len(text), type(error).__name__)
            return Reading(reader=f"failed: {type(error).__name__}"), ()
