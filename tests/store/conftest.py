"""Every test here that takes `database` runs on both engines."""

from pathlib import Path

import pytest

from dutydesk.domain.catalogue import catalogue
from tests.kit import sqlite
from tests.store.probe import book


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store."""
    if request.param == "sqlite":
        return sqlite(tmp_path)
    url: str = request.getfixturevalue("fresh_postgres")
    return url


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of stream whose rules do what a test says."""
    monkeypatch.setitem(catalogue, "probe", book)
