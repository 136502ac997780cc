"""A desk filled once a session and copied for every test."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dutydesk.clock import ManualClock
from dutydesk.hub import Hub
from dutydesk.store.store import Store
from tests.web.city import START, City, city, fill


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "desk.db"

    async def make() -> None:
        hub = Hub(Store(f"sqlite:///{path}"), ManualClock(START))
        hub.start()
        await fill(hub)
        connection = hub.store.connect()
        connection.close()
        await hub.stop()

    asyncio.run(make())
    whole = path.with_name("whole.db")
    shutil.copy(path, whole)
    return whole


@pytest.fixture
async def desk(tmp_path: Path, filled: Path) -> AsyncIterator[City]:
    async with city(tmp_path, filled) as made:
        yield made
