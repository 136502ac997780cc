"""Runs the reader in a process of its own, so that no text can hold the desk: out of time, killed, replaced.

A regular expression in a thread once froze the loop for 9.9 s; a process can be killed. It must never make the record
wait: while a replacement starts, a read ends with TimeoutError at once and the text stays unread.
"""

import asyncio
import multiprocessing
import pickle
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Self

from dutydesk.domain.directory import Directory
from dutydesk.domain.readings import Reading
from dutydesk.errors import DeskError
from dutydesk.reading import events
from dutydesk.reading.gazetteer import Gazetteer
from dutydesk.reading.levels import LevelTable
from dutydesk.reading.reader import read

BUDGET_SECONDS = 0.05  # AMENDMENTS 11; 40 times what a text of 200 characters takes
START_SECONDS = 30.0
STARVED_SECONDS = 0.5  # the longest wait for a text that was given less processor time than its budget
_ASKED = tuple[str, datetime | date]


class ReaderBroke(DeskError):
    """The reader raised on a text. Nothing was read."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to read as this desk reads."""

    directory: Directory | None = None
    levels: LevelTable | None = None


def _put(pipe: Connection, value: object) -> None:
    pipe.send_bytes(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))


def _get(pipe: Connection) -> Any:
    """What the other end put; both ends are this program."""
    return pickle.loads(pipe.recv_bytes())  # noqa: S301  # nosec B301


def _serve(pipe: Connection, setup: Setup) -> None:
    """The worker's life: make the gazetteer, say so, then read batches until the pipe closes."""
    gazetteer = Gazetteer.of(setup.directory) if setup.directory else Gazetteer.national()
    events.warm()
    read("预热:某镇某厂发生火灾,3人受伤。", date(2026, 1, 1), gazetteer, setup.levels)
    _put(pipe, "ready")
    while True:
        try:
            batch = _get(pipe)
        except (EOFError, OSError, KeyboardInterrupt):
            return
        if batch is None:
            return
        for text, reference in batch:
            _put(pipe, _answer(text, reference, gazetteer, setup.levels))


def _answer(text: str, reference: datetime | date, gazetteer: Gazetteer, levels: LevelTable | None) -> Reading | str:
    try:
        return read(text, reference, gazetteer, levels)
    except Exception as problem:  # the worker must outlive any text; the parent raises it as ReaderBroke
        return f"{type(problem).__name__}: {problem}"


@dataclass(slots=True)
class _Worker:
    """One process and our end of its pipe."""

    process: SpawnProcess
    pipe: Connection
    ready: bool = False

    def is_ready(self, wait: float) -> bool:
        if not self.ready and self.pipe.poll(wait):
            try:
                self.ready = _get(self.pipe) == "ready"
            except EOFError:
                return False
        return self.ready

    def answers(self, budget: float) -> bool:
        """Whether an answer comes within the budget. On a machine that gives the process no time it is the process's own time that counts,
        or every text would cost a process just when there are most texts."""
        began, until = self._used(), time.monotonic() + max(budget, STARVED_SECONDS)
        while not self.pipe.poll(budget):
            if self._used() - began >= 0.8 * budget or time.monotonic() >= until:
                return self.pipe.poll(0)
        return True

    def _used(self) -> float:
        """Seconds of processor time, by the kernel's account; where there is none, so much that only the clock counts."""
        try:
            return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e9
        except (OSError, ValueError):
            return time.monotonic()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


@dataclass
class ReaderPool:
    """A reading process and a spare one; `async with ReaderPool() as pool` or `await pool.start()` and `pool.close()`."""

    setup: Setup = field(default_factory=Setup)
    budget: float = BUDGET_SECONDS
    spares: int = 1
    killed: int = 0
    _workers: list[_Worker] = field(default_factory=list)
    _thread: ThreadPoolExecutor | None = None

    async def start(self) -> None:
        """Start the processes and wait until one of them reads. Raises TimeoutError when none does."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
            await asyncio.get_running_loop().run_in_executor(self._thread, self._start)

    async def read(self, text: str, reference: datetime | date) -> Reading:
        """Read one text. Raises TimeoutError after the budget (the process is replaced), ReaderBroke when it raised."""
        answer = (await self._ask([(text, reference)], self.budget))[0]
        if answer is None:
            raise TimeoutError(f"the reader took longer than {self.budget * 1_000:.0f} ms")
        if isinstance(answer, str):
            raise ReaderBroke(answer)
        return answer

    async def read_many(self, asked: Sequence[_ASKED], budget: float = 0.0) -> list[Reading | None]:
        """Read a batch in one exchange, the budget (seconds, by default the pool's) for each; None where a text failed."""
        answers = await self._ask(list(asked), budget or self.budget)
        return [answer if isinstance(answer, Reading) else None for answer in answers]

    def close(self) -> None:
        """End the processes. Safe to call twice."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()
        if self._thread is not None:
            self._thread.shutdown(wait=False)
            self._thread = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    async def _ask(self, asked: list[_ASKED], budget: float) -> list[Reading | str | None]:
        await self.start()
        assert self._thread is not None
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._exchange, asked, budget)

    def _start(self) -> None:
        self._fill()
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._workers[0].is_ready(0.05):
                return
        raise TimeoutError("the reading process did not start")

    def _fill(self) -> None:
        while len(self._workers) < 1 + self.spares:
            self._workers.append(_spawn(self.setup))

    def _exchange(self, asked: list[_ASKED], budget: float) -> list[Reading | str | None]:
        """All answers in order; a text that runs out of time costs its process, the rest go to the next."""
        answers: list[Reading | str | None] = []
        while len(answers) < len(asked):
            worker = next((w for w in self._workers if w.is_ready(0.0)), None) or self._soon(budget)
            if worker is None:
                return answers + [None] * (len(asked) - len(answers))
            got = self._batch(worker, asked[len(answers) :], budget)
            answers.extend(got)
            if len(answers) < len(asked):
                self._replace(worker)
                answers.append(None)
        return answers

    def _soon(self, budget: float) -> _Worker | None:
        """A worker that becomes ready within the budget: a second, patient look waits for the replacement."""
        return next((w for w in self._workers[:1] if w.is_ready(budget if budget > self.budget else 0.0)), None)

    def _batch(self, worker: _Worker, asked: list[_ASKED], budget: float) -> list[Reading | str | None]:
        got: list[Reading | str | None] = []
        try:
            _put(worker.pipe, asked)
            for _ in asked:
                if not worker.answers(budget):
                    break
                got.append(_get(worker.pipe))
        except (EOFError, OSError):
            pass  # the process is gone: the caller replaces it and this text counts as out of time
        return got

    def _replace(self, worker: _Worker) -> None:
        self.killed += 1
        self._workers.remove(worker)
        worker.kill()
        self._fill()


def _spawn(setup: Setup) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, setup), daemon=True, name="dutydesk-reader")
    process.start()
    theirs.close()
    return _Worker(process, ours)
