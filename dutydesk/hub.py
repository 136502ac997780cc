"""The door: `await hub.handle(stream, command, key=…, by=…)`. One thread holds the pen and handles everything that waits.

Whoever waits longer than two seconds is told the store is unavailable; nothing is answered before it is durable. A command that raises
spoils nobody else's; a failed flush or commit is rolled back and its inputs are tried one by one.
"""

import asyncio
import hashlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dutydesk.clock import SECOND, Clock
from dutydesk.domain.desks import NoteClockStep
from dutydesk.domain.verbs import Command, Fire
from dutydesk.errors import Refused, Unavailable
from dutydesk.store.connection import Connection, Params
from dutydesk.store.entries import Entry
from dutydesk.store.readers import Readers
from dutydesk.store.reasons import meaning
from dutydesk.store.store import SCHEMA, Store
from dutydesk.store.tx import Folds, Tx
from dutydesk.transact import Work, foresee, transact

MOST_AT_ONCE = 50  # inputs per pen: past it the gain in commits is used up (docs/decisions/002-batching.md)
# inputs that are worth waiting for, by engine: more of them gain less than the wait costs. A commit of SQLite is short and
# lets the loop work meanwhile: whoever waits there loses a tenth of the intake (docs/speed.md)
COMPANY = {"sqlite": 1, "postgresql": 16}
COMPANY_S = 0.001  # seconds without one more input, after which the pen waits no longer
PATIENCE = 2.0  # seconds an input may wait for the pen before its sender is told to try again
# seconds of silence: a store that takes longer turns the hub not-ready (a standby that no longer answers)
SLOW_COMMIT = 3.0

log = logging.getLogger("dutydesk.hub")
T = TypeVar("T")


@dataclass(slots=True)
class _Waiting:
    work: Work | None
    beside: Callable[[Connection], Any] | None
    future: "asyncio.Future[Any]"
    since: float  # the loop's time
    result: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class Health:
    """What the hub knows about itself. Sums only grow: whoever asks twice sees what happened in between."""

    writable: bool = True
    reason: str = ""
    commits: int = 0
    entries: int = 0
    inputs: int = 0
    turned_away: int = 0
    last_commit_s: float = 0.0
    slow: str = ""  # the last commit came to its end, but late
    commit_s: float = 0.0
    waited_s: float = 0.0  # for the pen, all inputs together


@dataclass(slots=True)
class Hub:
    """One per process. `on_commit(seq, wakes)` is called on the loop after each commit: the new head, and when which worker has work."""

    store: Store
    clock: Clock
    on_commit: Callable[[int, dict[str, int]], None] = lambda _seq, _wakes: None
    folds: Folds = field(default_factory=Folds)
    _arrived: list[_Waiting] = field(default_factory=list)  # in this turn of the loop, not yet before the pen
    _queue: "deque[_Waiting]" = field(default_factory=deque)
    _wake: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _stopping: bool = False
    _connection: Connection | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _patience: asyncio.TimerHandle | None = None
    _health: Health = field(default_factory=Health)
    _readers: Readers = field(default_factory=Readers)
    _last: int = 0  # inputs of the last batch
    _wanted: int = 1  # inputs in the queue for which the pen is woken
    _moved_at: float = 0.0  # the pen's thread got something done at its batch last; 0: it is at none

    @property
    def health(self) -> Health:
        """What the hub knows about itself at this moment, also while the pen's thread waits for a store that does not answer.

        A batch that takes long while one input after another gets done is slow, not stuck.
        """
        since = self._moved_at
        if since and (waited := time.monotonic() - since) > SLOW_COMMIT:
            self._not_ready(f"写入 {waited:.0f} 秒没有完成")
        return self._health

    def start(self) -> None:
        """Prepare the store and begin. Raises what the store raises when it cannot be opened at all."""
        self.store.prepare()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="pen", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Finish what waits, then close."""
        with self._wake:
            self._stopping = True
            self._queue += self._arrived
            self._wake.notify()
        if self._thread:
            await asyncio.to_thread(self._thread.join)
        await asyncio.to_thread(self._readers.stop)
        if self._patience:
            self._patience.cancel()
        self.store.close()

    async def handle(
        self, stream: str, command: Command, *, key: str, by: str, drill: bool = False, guarded: bool = False
    ) -> list[Entry]:
        """Record an input and all its consequences; returns after they are durable.

        Raises Refused, KeyReused (when `guarded` and the key was used for another body), Unavailable.
        """
        digest = hashlib.sha256(command.model_dump_json().encode()).hexdigest() if guarded else ""
        entries: list[Entry] = await self._submit(Work(stream, command, key, by, digest, drill), None)
        return entries

    async def beside(self, write: Callable[[Connection], T]) -> T:
        """Write a table beside the journal in the next transaction; returns what `write` returns."""
        result: T = await self._submit(None, write)
        return result

    async def read(self, ask: Callable[[Connection], T]) -> T:
        """Ask something of the store outside the pen, in a thread: all that `ask` asks, of one snapshot. Raises Unavailable."""
        return await self._readers.ask(self.store.read, ask)

    async def glance(self, ask: Callable[[Connection], T]) -> T:
        """The same without a snapshot, for one question, or for some that need not agree: two round trips less. Raises Unavailable."""
        return await self._readers.ask(self.store.glance, ask)

    async def _submit(self, work: Work | None, beside: Callable[[Connection], Any] | None) -> Any:
        if self._stopping or self._thread is None:
            raise Unavailable("值班台正在停止")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(work, beside, loop.create_future(), loop.time())
        if not self._arrived:
            loop.call_soon(self._hand_over, loop)
        self._arrived.append(waiting)
        return await waiting.future

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        """Whatever arrived in one turn of the loop goes before the pen at once: one wake, one transaction."""
        if self._stopping:
            return  # `stop` has handed it over
        arrived, self._arrived = self._arrived, []
        with self._wake:
            self._queue += arrived
            if len(self._queue) >= self._wanted:
                self._wake.notify()
        if self._patience is None:
            self._patience = loop.call_later(PATIENCE, self._give_up, loop)

    def _give_up(self, loop: asyncio.AbstractEventLoop) -> None:
        """Still in the queue after its patience: told so now, even while the pen is stuck. Once taken, it must be waited for."""
        late, now = list[_Waiting](), loop.time()
        with self._wake:
            while self._queue and self._queue[0].since + PATIENCE <= now:
                late.append(self._queue.popleft())
            following = self._queue[0].since + PATIENCE if self._queue else None
        self._patience = loop.call_at(following, self._give_up, loop) if following else None
        self._health.turned_away += len(late)
        for waiting in late:
            if not waiting.future.done():
                waiting.future.set_exception(Unavailable("值班台忙,请稍后再试:没有登记"))

    # -- the pen's thread

    def _run(self) -> None:
        while batch := self._take():
            try:
                self._write(batch)
            except BaseException as error:  # the one broad catch of this thread: nobody may wait for ever
                log.exception("batch failed")
                self._lost(batch, error)
            self._moved_at = 0.0
            self._answer(batch)
        if self._connection:
            self._connection.close()

    def _take(self) -> list[_Waiting]:
        with self._wake:
            company = self._last + len(self._queue)  # those answered just now, and those who came meanwhile
            self._await(company)
            while not self._queue and not self._stopping:
                self._wake.wait()
                self._await(company)  # meanwhile whoever lost patience may have left
            taken = [self._queue.popleft() for _ in range(min(MOST_AT_ONCE, len(self._queue)))]
            self._last = len(taken)
        now = self._moved_at = time.monotonic()  # the loop's clock too
        self._health.inputs += len(taken)
        self._health.waited_s += sum(now - waiting.since for waiting in taken)
        return taken

    def _await(self, company: int) -> None:
        """As long as more keep coming, wait for as many: a commit costs the same for one as for all of them. Timers wait for nobody.

        Called with the lock held.
        """
        seen, self._wanted = 0, min(COMPANY[self.store.engine], company)
        while seen < len(self._queue) < self._wanted and not self._stopping and not any(map(_is_timer, self._queue)):
            seen = len(self._queue)
            self._wake.wait(COMPANY_S)
        self._wanted = 1

    def _write(self, batch: list[_Waiting]) -> None:
        """Try the whole batch; if its flush or commit fails, roll back and try its inputs one by one. No store: all are told."""
        try:
            pen = self._take_pen()
        except self._failures() as error:
            self._drop_connection(error)
            self._lost(batch, error)
            return
        try:
            self._attempt(batch, pen)
        except Exception as error:  # also a row that cannot be written: it must not take its neighbours along
            away = isinstance(error, self._failures())
            self._drop_connection(error)
            if len(batch) == 1:
                batch[0].error = _as_answer(error) if away else error
                return
            for waiting in batch:
                waiting.result = waiting.error = None
                self._write([waiting])

    def _failures(self) -> tuple[type[BaseException], ...]:
        return (OSError, Unavailable, *(self._connection.failures if self._connection else ()))

    def _take_pen(self) -> Params:
        connection = self._connection = self._connection or self.store.connect()
        pen = connection.begin()
        if pen[3] != SCHEMA:
            connection.rollback()
            self._not_ready(f"数据库结构版本 {pen[3]},本程序是 {SCHEMA}")
            raise Unavailable(self._health.reason)
        return pen

    def _attempt(self, batch: list[_Waiting], pen: Params) -> None:
        assert self._connection is not None
        tx = Tx(self._connection, pen, self.folds)
        self._note_clock(tx)
        if len(batch) > 1:  # an input on its own is looked up step by step, and trusts nobody
            tx.trusting = True
            foresee(tx, [waiting.work for waiting in batch if waiting.work], self.clock.now())
        for waiting in batch:
            self._moved()
            self._one(tx, waiting)
        before = self._moved()
        made, wakes = tx.commit()
        self._committed(made, wakes, time.monotonic() - before)

    def _moved(self) -> float:
        """The store answered just now."""
        self._moved_at = now = time.monotonic()
        return now

    def _note_clock(self, tx: Tx) -> None:
        now = self.clock.now()
        if tx.last_at and now < tx.last_at - SECOND:
            tx.begin_input(now)
            step = Work("desk/main", NoteClockStep(before=tx.last_at, after=now), "", "hub")
            transact(tx, step)
            tx.finish_input()

    def _one(self, tx: Tx, waiting: _Waiting) -> None:
        tx.begin_input(self.clock.now())
        try:
            if waiting.work:
                waiting.result = transact(tx, waiting.work)
            elif waiting.beside:
                waiting.result = tx.beside(waiting.beside)
            tx.finish_input()
        except self._failures():
            raise
        except Exception as error:
            tx.discard_input()
            waiting.error = error
            if not isinstance(error, Refused):
                log.exception("input failed: %s", waiting.work.stream if waiting.work else "beside")

    def _committed(self, made: list[Entry], wakes: dict[str, int], commit_s: float) -> None:
        self._health.commits += 1
        self._health.entries += len(made)
        self._health.last_commit_s = commit_s
        self._health.commit_s += commit_s
        self._health.slow = f"提交用了 {commit_s:.1f} 秒" if commit_s > SLOW_COMMIT else ""
        if not self._health.writable:
            self._health.writable, self._health.reason = True, ""
        if made and self._loop:
            self._on_loop(self.on_commit, made[-1].seq, wakes)

    def _drop_connection(self, error: BaseException) -> None:
        self._not_ready(str(error) if isinstance(error, Unavailable) else f"存储不能写入:{meaning(error)}")
        self.folds.forget()
        if self._connection:
            try:
                self._connection.rollback()
            except Exception:
                log.debug("rollback on a lost connection", exc_info=True)
            self._connection.close()
            self._connection = None

    def _not_ready(self, reason: str) -> None:
        if self._health.writable:
            log.error("not writable: %s", reason)
        self._health.writable, self._health.reason = False, reason

    def _lost(self, batch: list[_Waiting], error: BaseException) -> None:
        for waiting in batch:
            waiting.error = waiting.error or _as_answer(error)

    def _answer(self, batch: list[_Waiting]) -> None:
        if batch:
            self._on_loop(_resolve, batch)

    def _on_loop(self, call: Callable[..., None], *args: Any) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *args)


def _is_timer(waiting: _Waiting) -> bool:
    return waiting.work is not None and isinstance(waiting.work.command, Fire)


def _as_answer(error: BaseException) -> BaseException:
    if isinstance(error, (Refused, Unavailable)):
        return error
    unavailable = Unavailable(f"存储不能写入,请稍后再试:没有登记({type(error).__name__})")
    unavailable.__cause__ = error
    return unavailable


def _resolve(batch: list[_Waiting]) -> None:
    for waiting in batch:
        if waiting.future.done():
            continue
        if waiting.error is not None:
            waiting.future.set_exception(waiting.error)
        else:
            waiting.future.set_result(waiting.result)
