"""/readyz tells the truth: ready at rest, not ready when a promise to ourselves is overdue or the store takes no writes."""

import asyncio

import aiohttp
import psycopg
import pytest

from dutydesk import hub as hub_module
from dutydesk.clock import MINUTE
from dutydesk.store.store import head
from tests.desk.town import CONTACT, Town
from tests.kit import hub_on, phone, sms


async def _ready(here: Town) -> tuple[int, dict[str, object]]:
    async with aiohttp.ClientSession() as http, http.get(f"{here.url}/readyz") as answer:
        return answer.status, await answer.json()


async def test_ready_at_rest_and_not_while_a_timer_is_overdue(here: Town) -> None:
    assert (await _ready(here))[0] == 200
    await here.telco.phone(CONTACT).send("香港中路8号写字楼起火,2人被困")
    await here.telco.settle()
    await here.telco.phone(CONTACT).expect_sms("已收到")
    here.clock.advance(3 * MINUTE)  # nobody turns the workers: as if their loop hung
    status, said = await _ready(here)
    assert (status, said["overdue_timers"]) == (503, 1)
    assert said["oldest_overdue_s"] == 120
    await here.desk.settle()
    assert (await _ready(here))[0] == 200
    officer = here.telco.phone("+8612000009101")
    await officer.expect_sms("签收")
    await officer.expect_ring()


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
