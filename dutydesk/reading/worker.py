"""The reader in a process of its own: killed and replaced when one text takes too long, so that it can never stall the desk.

A regular expression in a thread would hold the interpreter and freeze the loop (measured: 9.9 s); a process can be killed.
"""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from dutydesk.domain.directory import Directory
from dutydesk.domain.readings import Reading
from dutydesk.reading.gazetteer import Gazetteer
from dutydesk.reading.levels import load_levels
from dutydesk.reading.reader import read

BUDGET_S = 0.05  # one text; an SMS takes under a millisecond
START_S = 30.0  # importing and building the gazetteer on a busy machine
AT_ONCE = 64  # texts in the pipe
log = logging.getLogger("dutydesk.reading")


@dataclass(slots=True)
class _Asked:
    text: str
    reference: datetime
    future: "asyncio.Future[Reading]"


class ReaderPool:
    """One reader process. `read` raises TimeoutError for a text over the budget and whatever the reader itself raised."""

    def __init__(
        self, directory: Directory | None = None, levels: Path | None = None, *, budget_s: float = BUDGET_S
    ) -> None:
        self._directory, self._levels, self._budget_s = directory, levels, budget_s
        self._waiting: deque[_Asked] = deque()
        self._inside: deque[_Asked] = deque()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._watchdog: asyncio.TimerHandle | None = None
        self.replaced = 0
        self._ready = False

    async def read(self, text: str, reference: datetime) -> Reading:
        """What a text says. Waits for its turn; only its own reading is timed."""
        asked = _Asked(text, reference, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        self._feed()
        return await asked.future

    async def read_many(self, texts: list[tuple[str, datetime]]) -> list[Reading]:
        """As `read`, in order; a text that fails raises for all."""
        return list(await asyncio.gather(*(self.read(*text) for text in texts)))

    def refresh(self, directory: Directory) -> None:
        """Use another directory from now on: the process is replaced when it is idle."""
        self._directory = directory
        if not self._inside:
            self._end()

    async def close(self) -> None:
        """End the process; whoever waits is told."""
        self._end()
        for asked in (*self._inside, *self._waiting):
            if not asked.future.done():
                asked.future.cancel()

    def _feed(self) -> None:
        if self._process is None:
            self._begin()
        assert self._pipe is not None
        while self._waiting and len(self._inside) < AT_ONCE:
            asked = self._waiting.popleft()
            self._inside.append(asked)
            self._pipe.send((asked.text, asked.reference))
            if len(self._inside) == 1:
                self._watch()

    def _begin(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._ready = False
        self._process = context.Process(target=serve, args=(theirs, self._directory, self._levels), daemon=True)
        self._process.start()
        theirs.close()
        asyncio.get_running_loop().add_reader(self._pipe.fileno(), self._hear)

    def _watch(self) -> None:
        if self._watchdog:
            self._watchdog.cancel()
        limit = self._budget_s if self._ready else START_S
        self._watchdog = asyncio.get_running_loop().call_later(limit, self._too_long) if self._inside else None

    def _hear(self) -> None:
        assert self._pipe is not None
        try:
            while self._pipe is not None and self._pipe.poll():
                self._take(self._pipe.recv())
        except (EOFError, OSError):
            self._replace(RuntimeError("the reader's process died"))
            return
        if self._waiting and self._pipe is not None:
            self._feed()

    def _take(self, said: object) -> None:
        if said is None:
            self._ready = True
        else:
            asked = self._inside.popleft()
            if not asked.future.done():
                if isinstance(said, BaseException):
                    asked.future.set_exception(said)
                else:
                    assert isinstance(said, dict)
                    asked.future.set_result(Reading.model_validate(said))
        self._watch()

    def _too_long(self) -> None:
        assert self._pipe is not None
        if self._pipe.poll():  # the loop was late, not the reader
            self._hear()
            return
        limit = f"{self._budget_s * 1000:.0f} ms" if self._ready else f"{START_S:.0f} s to start"
        self._replace(TimeoutError(f"over {limit}"))

    def _replace(self, error: BaseException) -> None:
        self.replaced += 1
        log.warning("reader replaced: %s", error)
        self._end()
        if self._inside:
            guilty = self._inside.popleft()
            if not guilty.future.done():
                guilty.future.set_exception(error)
        self._waiting.extendleft(reversed(self._inside))
        self._inside.clear()
        if self._waiting:
            self._feed()

    def _end(self) -> None:
        if self._watchdog:
            self._watchdog.cancel()
            self._watchdog = None
        if self._pipe is not None:
            asyncio.get_running_loop().remove_reader(self._pipe.fileno())
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None


def serve(pipe: Connection, directory: Directory | None, levels: Path | None) -> None:
    """The process: answers texts with readings, one by one, until the pipe closes."""
    gazetteer = Gazetteer.of(directory) if directory else Gazetteer.national()
    table = load_levels(levels) if levels and levels.is_file() else None
    read("准备", datetime(2026, 1, 1), gazetteer, table)
    pipe.send(None)
    while True:
        try:
            text, reference = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            pipe.send(read(text, reference, gazetteer, table).model_dump())
        except Exception as error:  # a bug of the reader is one text's misfortune, not the process's
            pipe.send(RuntimeError(f"{type(error).__name__}: {error}"[:300]))
