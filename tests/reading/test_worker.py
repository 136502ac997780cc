"""The reader in its own process: answers, runs out of time, is replaced, is ended."""

from datetime import datetime

import pytest

from dutydesk.clock import BEIJING
from dutydesk.reading.worker import ReaderPool

AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)
TEXT = "胶州市某化工厂爆炸,3人死亡"


@pytest.fixture
async def pool() -> ReaderPool:  # type: ignore[misc]
    async with ReaderPool(spares=0, budget=5.0) as pool:
        yield pool


async def test_reads_in_another_process_and_replaces_one_that_is_too_slow(pool: ReaderPool) -> None:
    assert (await pool.read(TEXT, AT)).deaths == 3
    many = await pool.read_many([(TEXT, AT), ("", AT), (TEXT, AT)])
    assert [reading.deaths if reading else "late" for reading in many] == [3, None, 3]

    first = pool._workers[0].process
    pool.budget = 0.0
    with pytest.raises(TimeoutError):
        await pool.read(TEXT * 200, AT)
    assert pool.killed == 1
    assert not first.is_alive()

    with pytest.raises(TimeoutError):  # the replacement still starts: the record is not kept waiting
        await pool.read(TEXT, AT)

    pool.budget = 5.0
    pool._start()
    assert (await pool.read(TEXT, AT)).deaths == 3


async def test_close_ends_the_processes() -> None:
    pool = ReaderPool(spares=0, budget=5.0)
    await pool.start()
    process = pool._workers[0].process
    pool.close()
    pool.close()
    assert not process.is_alive()
