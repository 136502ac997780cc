"""A town per test, checked when the test is over."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from dutydesk import contacts
from dutydesk.reading.levels import load_levels
from dutydesk.reading.worker import ReaderPool, Setup
from tests.desk.town import ROOT, Town, town


@pytest.fixture(scope="session")
def reader() -> Iterator[ReaderPool]:
    """The real reader in its own process, started once for all towns."""
    setup = Setup(contacts.load(ROOT / "contacts"), load_levels(ROOT / "config" / "levels.toml"))
    pool = ReaderPool(setup, budget=2.0, spares=0)
    yield pool
    pool.close()


@pytest.fixture
async def here(tmp_path: Path, reader: ReaderPool) -> AsyncIterator[Town]:
    """The sample city on SQLite with its telephone company, at noon, the day shift on watch."""
    async with town(tmp_path, reader) as made:
        yield made
        await made.check()
