"""Behind a proxy of ours the bound on sign-ins counts by the client; what a stranger writes into the header counts for nothing."""

from pathlib import Path

import pytest

from dutydesk.config.settings import Settings
from tests.web.city import City, city


async def tried(desk: City, forwarded: str) -> None:
    headers = {"Origin": desk.origin} | ({"X-Forwarded-For": forwarded} if forwarded else {})
    await desk.client.post("/sign-in", data={"username": "x", "password": "y"}, headers=headers)


async def counted(desk: City, address: str) -> int:
    row = await desk.hub.read(lambda c: c.one("limit", f"sign-in:{address}"))
    return row[1] if row else 0


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ("", "203.0.113.9", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1, 10.0.0.2", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("10.0.0.2", "203.0.113.9", "127.0.0.1"),
    ],
)
async def test_whom_a_bound_counts(tmp_path: Path, filled: Path, trusted: str, forwarded: str, address: str) -> None:
    async with city(tmp_path, filled, settings=Settings(trusted_proxies=trusted)) as desk:
        await tried(desk, forwarded)
        assert await counted(desk, address) == 1
