"""What is to happen later, by the telephone company's clock. With a manual clock nothing happens until somebody moves
it and asks.

It owns the heap of due instants; it never sleeps on the machine's time except in `run`, the background waiter.
"""

import asyncio
import heapq
import itertools
from collections.abc import Callable

from dutydesk.clock import SECOND, Clock

# The longest the background waiter trusts its own arithmetic: a clock may be stepped at any time.
_LONGEST_NAP_S = 0.25


class Agenda:
    """A heap of callbacks by instant, run in order of instant, then of entry."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._added = asyncio.Event()

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Does `action` once `seconds` have passed on the clock."""
        due = self._clock.now() + round(seconds * SECOND)
        heapq.heappush(self._heap, (due, next(self._numbers), action))
        self._added.set()

    async def sleep(self, seconds: float) -> None:
        """Waits on the clock, not on the machine; zero seconds returns at once."""
        if seconds <= 0:
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.after(seconds, lambda: None if woken.done() else woken.set_result(None))
        await woken

    @property
    def next_due(self) -> int | None:
        """The instant of what comes next, if anything does."""
        return self._heap[0][0] if self._heap else None

    def run_due(self) -> int:
        """Does everything that is due now; says how many."""
        done = 0
        while self._heap and self._heap[0][0] <= self._clock.now():
            heapq.heappop(self._heap)[2]()
            done += 1
        return done

    def hasten(self) -> None:
        """Does everything that was put off, however far away."""
        pending, self._heap = sorted(self._heap), []
        for _, _, action in pending:
            action()

    async def run(self) -> None:
        """Does what falls due, until cancelled."""
        while True:
            self._added.clear()
            self.run_due()
            wait = _LONGEST_NAP_S
            if self._heap:
                wait = min(wait, max(0.001, (self._heap[0][0] - self._clock.now()) / SECOND))
            try:
                await asyncio.wait_for(self._added.wait(), wait if self._heap else None)
            except TimeoutError:
                continue
