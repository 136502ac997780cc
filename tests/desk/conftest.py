"""A town per test, checked when the test is over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.desk.town import Town, town


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """The sample city on SQLite with its telephone company, at noon, the day shift on watch."""
    async with town(tmp_path) as made:
        yield made
        await made.check()
