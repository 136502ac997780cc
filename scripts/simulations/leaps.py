"""A clock that leaps from one due instant to the next, whoever promised it: the desk, the telephone company, the plot of a simulation."""

import heapq
import itertools
from collections.abc import Awaitable, Callable

from dutydesk.clock import SECOND, Instant
from scripts.simulations.witness import rows
from tests.desk.town import Town

Deed = Callable[[], Awaitable[object]]
GRAIN = 1 * SECOND  # what falls due within it is done together, at its end
_DUE = """
    SELECT MIN(due) FROM (
      SELECT MIN(wake_at) AS due FROM timers UNION ALL SELECT MIN(MAX(not_before, lease_until)) FROM outbox) promised"""


class Leaps:
    """`at` plans a deed, `live` lets time pass. `leaps` counts the instants at which something was due."""

    def __init__(self, here: Town) -> None:
        self.here, self.leaps = here, 0
        self.after_each: Deed | None = None
        self._planned: list[tuple[int, int, Deed]] = []
        self._numbers = itertools.count()

    @property
    def now(self) -> int:
        return self.here.clock.now()

    def at(self, when: int, deed: Deed) -> None:
        """Does `deed` at an instant; one that has passed is done at the next leap."""
        heapq.heappush(self._planned, (when, next(self._numbers), deed))

    async def live(self, until: int) -> None:
        """Until an instant, included. What a sender's bound holds back was due before and goes as soon as it may: time always moves."""
        while (due := self._next()) <= until and self.now < until:
            self.here.clock.at = Instant(min(max(self.now, due) + GRAIN, until))
            self.leaps += 1
            await self._do()
        self.here.clock.at = Instant(max(self.now, until))
        await self._do()

    async def _do(self) -> None:
        await self.here.telco.settle()
        while self._planned and self._planned[0][0] <= self.now:
            await heapq.heappop(self._planned)[2]()
            await self.here.telco.settle()
        if self.after_each:
            await self.after_each()

    def _next(self) -> int:
        """The earliest instant at which anything is due; far away when nothing is."""
        ((promised,),) = rows(self.here.desk.settings.database, _DUE)
        due = [promised, self.here.telco.network.agenda.next_due, self._planned[0][0] if self._planned else None]
        return min((int(at) for at in due if at is not None), default=1 << 62)
