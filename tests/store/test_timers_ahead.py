"""A look at the timers finds what is due soon, too: that may make nothing early, nothing double, and wait for no clock that stands."""

import pytest

from dutydesk.clock import Instant, ManualClock
from dutydesk.hub import Hub
from dutydesk.workers.timers import AHEAD, Timers
from tests.kit import NOON, hub_on
from tests.store.probe import Note

pytestmark = pytest.mark.usefixtures("probe")
MILLISECOND = 1_000


class Ticking(ManualClock):
    """A clock that goes on by a millisecond whenever somebody looks at it."""

    def now(self) -> Instant:
        self.advance(MILLISECOND)
        return self.at


async def _set(hub: Hub, *due: int) -> None:
    for n, at in enumerate(due):
        await hub.handle(f"probe/{n}", Note(word=f"w{n}", due_at=at), key="", by="t")


async def _fired(hub: Hub) -> list[tuple[str, int]]:
    found = await hub.read(lambda c: c.all("entries_typed", "Noted", 1, 1_000))
    return [(r[2], r[1]) for r in found if '"word":"fired"' in r[8]]


async def test_what_is_due_soon_does_not_fire_while_the_clock_stands(database: str) -> None:
    clock, soon = ManualClock(NOON), NOON + AHEAD // 2
    async with hub_on(database, clock) as hub:
        await _set(hub, NOON, soon)
        assert await Timers(hub, clock).run_once() == soon
        assert await _fired(hub) == [("probe/0", NOON)]
        clock.at = Instant(soon)
        assert await Timers(hub, clock).run_once() is None
        assert await _fired(hub) == [("probe/0", NOON), ("probe/1", soon)]


async def test_what_becomes_due_meanwhile_fires_once_and_not_early(database: str) -> None:
    clock = Ticking(NOON)
    async with hub_on(database, clock) as hub:
        due = [clock.at + 300 * MILLISECOND + n * 3 * MILLISECOND for n in range(20)]
        await _set(hub, *due)
        clock.at = Instant(due[0])
        timers = Timers(hub, clock)
        while await timers.run_once() is not None:
            pass
        fired = await _fired(hub)
        assert sorted(stream for stream, _ in fired) == sorted(f"probe/{n}" for n in range(20))
        assert all(at >= due[int(stream.partition("/")[2])] for stream, at in fired)
