"""/readyz tells the truth: late is degraded and still serving; not ready is a store that does not answer or a worker that stands still."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import psycopg
import pytest

from dutydesk import hub as hub_module
from dutydesk.clock import MINUTE, SECOND
from dutydesk.store.connection import Connection
from dutydesk.store.store import head
from tests.desk.town import CONTACT, Town
from tests.kit import hub_on, phone, sms


async def _ready(here: Town) -> tuple[int, dict[str, object]]:
    async with aiohttp.ClientSession() as http, http.get(f"{here.url}/readyz") as answer:
        return answer.status, await answer.json()


async def test_ready_at_rest_and_degraded_while_a_timer_is_overdue(here: Town) -> None:
    assert (await _ready(here))[0] == 200
    await here.telco.phone(CONTACT).send("香港中路8号写字楼起火,2人被困")
    await here.telco.settle()
    await here.telco.phone(CONTACT).expect_sms("已收到")
    here.clock.advance(3 * MINUTE)  # nobody turns the workers
    status, said = await _ready(here)
    assert (status, said["overdue_timers"], said["oldest_overdue_s"]) == (200, 1, 120)
    assert said["degraded"] == ["1 个时限晚了,最久 120 秒"]
    await here.desk.settle()
    status, said = await _ready(here)
    assert (status, said["degraded"]) == (200, [])
    officer = here.telco.phone("+8612000009101")
    await officer.expect_sms("签收")
    await officer.expect_ring()


async def test_not_ready_while_a_worker_stands_still(here: Town) -> None:
    turned = here.desk.wheel.turned
    turned |= dict.fromkeys((worker.name for worker in here.desk.workers), here.clock.now())
    here.clock.advance(MINUTE)
    assert (await _ready(here))[0] == 200
    turned |= dict.fromkeys(list(turned)[1:], here.clock.now())
    here.clock.advance(1 * SECOND)
    status, said = await _ready(here)
    assert (status, said["workers_asleep"]) == (503, [here.desk.workers[0].name])


async def test_a_batch_that_gets_on_is_slow_and_not_stuck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten inputs of two seconds each in one batch: late, and never not ready."""
    seconds, seen = [100.0], list[bool]()
    async with hub_on(f"sqlite:///{tmp_path}/desk.sqlite", furnished=True) as hub:
        monkeypatch.setattr(hub_module, "time", SimpleNamespace(monotonic=lambda: seconds[0]))

        def plods(_connection: Connection) -> None:
            seconds[0] += 2
            seen.append(hub.health.writable)

        before = hub.health.commits
        await asyncio.gather(*(hub.beside(plods) for _ in range(10)))
        assert hub.health.commits == before + 1
        assert seen == [True] * 10
        assert hub.health.writable


async def test_a_commit_that_ended_late_is_said_and_taken_for_what_it_is(here: Town) -> None:
    here.desk.hub._committed([], {}, hub_module.SLOW_COMMIT + 1)
    status, said = await _ready(here)
    assert (status, said["degraded"]) == (200, ["提交用了 4.0 秒"])
    await here.desk.hub.beside(lambda _connection: None)
    assert (await _ready(here))[1]["degraded"] == []


async def test_not_ready_while_the_store_takes_no_writes(here: Town) -> None:
    here.desk.hub.health.writable, here.desk.hub.health.reason = False, "磁盘满"
    status, said = await _ready(here)
    assert (status, said["reason"]) == (503, "磁盘满")
    await here.desk.settle()  # it tries by itself: a proxy brings nothing to a desk that is not ready
    assert (await _ready(here))[0] == 200


async def test_not_ready_already_while_the_store_does_not_answer(
    fresh_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that hangs, for want of a standby or a network, is told before it returns; the input is not lost."""
    monkeypatch.setattr(hub_module, "SLOW_COMMIT", 0.2)
    async with hub_on(fresh_postgres, furnished=True) as hub:
        with psycopg.connect(fresh_postgres) as other:
            other.execute("UPDATE pen SET seq = seq")
            waiting = asyncio.create_task(hub.handle("message/a", sms("仓库着火", phone(1)), key="a", by="main"))
            async with asyncio.timeout(60):
                while hub.health.writable:
                    await hub.read(head)
            assert "没有完成" in hub.health.reason
            assert not waiting.done()
        assert await waiting
        while not hub.health.writable:
            await hub.beside(lambda _connection: None)
