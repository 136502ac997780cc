"""A small city in a folder of its own."""

from pathlib import Path

import pytest

from tests.contacts.city import write_city


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return write_city(tmp_path / "city")
