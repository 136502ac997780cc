"""The leaping clock: what a sender's bound holds back cannot hold back the time."""

import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dutydesk.clock import SECOND, Instant, ManualClock
from scripts.simulations.leaps import Leaps

START = Instant(1_000 * SECOND)


class Desk:
    """A desk that sends what waits only once its sender may: its tables and a company that is at rest."""

    def __init__(self, folder: Path, free_at: int) -> None:
        self.clock, self.free_at = ManualClock(START), free_at
        self.desk = SimpleNamespace(settings=SimpleNamespace(database=f"sqlite:///{folder}/desk.sqlite"))
        self.telco: Any = self
        self.network = SimpleNamespace(agenda=SimpleNamespace(next_due=None))
        self._tables = sqlite3.connect(folder / "desk.sqlite", isolation_level=None)
        self._tables.execute("CREATE TABLE timers (wake_at INTEGER)")
        self._tables.execute("CREATE TABLE outbox (not_before INTEGER, lease_until INTEGER)")
        self._tables.execute("INSERT INTO outbox VALUES (0, 0)")

    async def settle(self) -> None:
        if self.clock.now() >= self.free_at:
            self._tables.execute("DELETE FROM outbox")

    def waiting(self) -> int:
        return int(self._tables.execute("SELECT COUNT(*) FROM outbox").fetchone()[0])


@pytest.mark.parametrize("free_after", [3, 500])
async def test_time_goes_on_while_a_message_waits_for_its_sender(tmp_path: Path, free_after: int) -> None:
    here: Any = Desk(tmp_path, START + free_after * SECOND)
    leaps = Leaps(here)
    await leaps.live(START + 60 * SECOND)
    assert leaps.now == START + 60 * SECOND
    assert here.waiting() == (free_after > 60)
    assert leaps.leaps <= 60
