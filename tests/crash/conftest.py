"""One nursery for all crash tests, and a store with rules and directory to be copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dutydesk.clock import SystemClock
from tests.crash.life import Nursery
from tests.crash.orders import Orders
from tests.kit import sqlite


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture(scope="session")
def furnished(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    orders = Orders(sqlite(folder), str(folder / "sent.txt"), load=0, furnish=True, base=SystemClock().now())
    assert nursery.lived(orders)[1] == 0
    return folder
