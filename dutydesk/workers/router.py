"""Reads recorded messages (in the reader's process, off the loop) and hands each reading in. A reader that fails delays nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import orjson

from dutydesk.clock import Clock
from dutydesk.domain.messages import InterpretMessage, Proposal, ReportReadingFailure
from dutydesk.domain.readings import Reading
from dutydesk.domain.verbs import Lane
from dutydesk.errors import DeskError, Unavailable
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection

AT_ONCE = 50
log = logging.getLogger("dutydesk.router")
ReadTexts = Callable[[list[tuple[str, int]], float], Awaitable[list[Reading | None]]]
# seconds for a second look: a busy machine, not the text, is the usual reason why the first ran out of time
PATIENT = 2.0
Propose = Callable[[str, int, Reading], Awaitable[tuple[Proposal, ...]]]
Shown = Callable[[], Awaitable[None]]


class Router:
    """The worker of the READ lane."""

    name = Lane.READ.value

    def __init__(
        self, hub: Hub, clock: Clock, read_texts: ReadTexts, propose: Propose, shown: Shown | None = None
    ) -> None:
        self._hub, self._clock, self._read_texts, self._propose = hub, clock, read_texts, propose
        self._shown = shown

    async def run_once(self) -> int | None:
        """Route everything waiting. Returns when the next retry is due."""
        if self._shown:
            await self._shown()  # people see what was recorded before anybody begins to read it
        waiting, following = await self._hub.read(self._look)
        readings = await self._read([(text, at) for _id, text, at in waiting])
        await asyncio.gather(
            *(self._route(*message, reading) for message, reading in zip(waiting, readings, strict=True))
        )
        return self._clock.now() if len(waiting) == AT_ONCE else following

    def _look(self, connection: Connection) -> tuple[list[tuple[str, str, int]], int | None]:
        waiting, now = [], self._clock.now()
        for stream, *_ in connection.all("timers_due", self.name, now, AT_ONCE):
            id = stream.partition("/")[2]
            row = connection.one("row", "message", id)
            if row:
                body = orjson.loads(row[4])
                waiting.append((id, body["text"], body["received_at"]))
        following = connection.one("timer_after", self.name, now)
        return waiting, following[0] if following else None

    async def _read(self, texts: list[tuple[str, int]]) -> list[Reading]:
        """Readings in order. A text the reader could not read goes on to a person with its raw words."""
        if not texts:
            return []
        read = await self._try(texts, 0.0)
        again = [n for n, reading in enumerate(read) if reading is None]
        for n in again:
            (read[n],) = await self._try([texts[n]], PATIENT)
        left = sum(reading is None for reading in read)
        if again:
            log.warning("%d texts were read at the second look, %d not at all", len(again) - left, left)
        return [reading or Reading(reader="failed") for reading in read]

    async def _try(self, texts: list[tuple[str, int]], budget: float) -> list[Reading | None]:
        try:
            return await self._read_texts(texts, budget)
        except (TimeoutError, OSError, DeskError) as error:
            log.warning("reader away: %s", type(error).__name__)
            return [None] * len(texts)

    async def _route(self, id: str, text: str, received_at: int, reading: Reading) -> None:
        try:
            proposals = await self._propose(text, received_at, reading)
            command = InterpretMessage(reading=reading, proposals=proposals)
            await self._hub.handle(f"message/{id}", command, key="", by="reader")
        except Unavailable:
            raise
        except Exception as error:  # a rule of ours failed: the message stays, red, and is tried again
            log.exception("message %s could not be routed", id)
            failure = ReportReadingFailure(error=f"{type(error).__name__}: {error}"[:300])
            await self._hub.handle(f"message/{id}", failure, key="", by="reader")
