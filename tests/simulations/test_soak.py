"""The short form of `scripts/simulate soak`: a morning of an ordinary desk leaves no more behind than the hours before."""

from pathlib import Path

import pytest

from dutydesk.store import tx
from scripts.simulations.soak import PROMISES, Look, grown, lived


async def test_nothing_grows_but_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tx, "CACHED_FOLDS", tx.CACHED_FOLDS)  # put back afterwards
    looks = await lived(tmp_path, hours=4, per_hour=1, every=1)
    assert looks[-1].entries > looks[0].entries > 0
    assert grown(looks) == []


def test_what_grows_is_named() -> None:
    def look(hour: int, timers: int, objects: int, store_kb: int = 0, wal_mb: float = 1.0) -> Look:
        promises = dict.fromkeys(PROMISES, 0) | {"timers": timers}
        return Look(
            hour, hour * 10, 2, promises, {}, 0, objects, 1, 300, 40, 9, 9, store_kb or hour * 100, wal_mb, 100.0
        )

    assert grown([look(1, 2, 1_000), look(2, 2, 1_000), look(3, 2, 1_100)]) == []
    assert grown([look(1, 2, 1_000), look(2, 2, 1_000), look(3, 40, 2_000)]) == [
        "objects: 1000 at hour 2, 2000 at hour 3",
        "timers: 2 at hour 2, 40 at hour 3",
    ]
    assert grown([look(1, 2, 1_000), look(2, 2, 1_000), look(3, 2, 1_000, store_kb=900, wal_mb=80)]) == [
        "a log beside the store: 80 MB",
        "the store: 10.00 KB an entry until hour 2, 40.00 until 3",
    ]
