"""Every read of a sensitive record is written down: who, when, what. Kept in memory for a second at most, never in a reader's way."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

from aiohttp import web

from dutydesk.clock import MINUTE
from dutydesk.store import readlog
from dutydesk.store.connection import Connection
from dutydesk.web import bodies
from dutydesk.web.parts import PARTS, Parts
from dutydesk.web.people import Person

ONE_READ = 5 * MINUTE
REMEMBERED = 10_000
EVERY = 1.0  # seconds between writes
LONGEST = 300  # characters of what was asked
MOST_SHOWN = 200
log = logging.getLogger("dutydesk.readlog")


class ReadLog:
    """One per hub."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._waiting: list[readlog.Seen] = []
        self._connection: Connection | None = None
        self._writing = threading.Lock()  # a flush that was cancelled goes on in its thread
        self._lately: dict[tuple[str, str], int] = {}

    def note(self, request: web.Request, who: Person) -> None:
        """Somebody was shown this. What a console asks for again by itself within five minutes is one read."""
        self.shown(who.by, request.path_qs)

    def shown(self, by: str, path: str) -> None:
        """As `note`, for whoever came by a link: `by` holds it, and `path` is what an officer would have asked for, without the link."""
        now, what = self._parts.clock.now(), path[:LONGEST]
        if now - self._lately.get((by, what), 0) < ONE_READ:
            return
        if len(self._lately) > REMEMBERED:
            self._lately.clear()
        self._lately[(by, what)] = now
        self._waiting.append((now, by, what))

    async def flush(self) -> None:
        """Write what waits. A store that is away keeps it waiting."""
        seen, self._waiting = self._waiting, []
        if not seen:
            return
        try:
            await asyncio.to_thread(self._write, seen)
        except Exception as error:  # whatever went wrong, the reads must not be lost with it
            log.warning("reads not written down yet: %s", type(error).__name__)
            self._waiting = [*seen, *self._waiting]

    def _write(self, seen: list[readlog.Seen]) -> None:
        with self._writing:
            try:
                self._connection = self._connection or self._parts.hub.store.connect()
                readlog.append(self._connection, seen)
            except BaseException:
                self._drop()
                raise

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _close(self) -> None:
        with self._writing:
            self._drop()

    async def stop(self) -> None:
        """Write what waits, and close when no thread is writing any more: closed under it, SQLite ends the process."""
        await self.flush()
        await asyncio.to_thread(self._close)


READS = web.AppKey("reads", ReadLog)


async def writing(app: web.Application) -> AsyncIterator[None]:
    """The log is written while the application runs, and once more when it stops."""
    app[READS] = ReadLog(app[PARTS])
    stopping = asyncio.Event()
    task = asyncio.create_task(_write_on(app[READS], stopping), name="reads")
    yield
    stopping.set()
    await task
    await app[READS].stop()


async def _write_on(reads: ReadLog, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), EVERY)
        await reads.flush()


async def show(request: web.Request) -> web.Response:
    """The newest reads, newest first, `before` a number; for those who audit."""
    await request.app[READS].flush()
    before = bodies.integer(request, "before", 2**62)
    rows = await request.app[PARTS].hub.read(partial(_newest, before))
    return bodies.json({"reads": rows})


def _newest(before: int, connection: Connection) -> list[dict[str, object]]:
    found = connection.all("reads_before", before, MOST_SHOWN)
    return [{"seq": row[0], "at": row[1], "by": row[2], "what": row[3]} for row in found]
