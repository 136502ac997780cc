"""Two hubs on one PostgreSQL with Redis between them: taken in by one, seen on a console of the other, fired once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from dutydesk.app import Desk, build
from dutydesk.reading.worker import ReaderPool
from dutydesk.simulator import Telco
from dutydesk.store.verify import verify
from tests.desk.town import CONTACT, OFFICER, Town, sample_settings, town
from tests.services import free_port


@pytest.fixture
async def pair(
    tmp_path: Path, reader: ReaderPool, fresh_postgres: str, fresh_redis: str
) -> AsyncIterator[tuple[Town, Desk]]:
    """A town on PostgreSQL, and a second hub of it on another port. Both turn only when told."""
    async with town(tmp_path, reader, fresh_postgres, redis=fresh_redis) as first:
        second = _second(tmp_path, reader, fresh_postgres, fresh_redis, first.telco, first)
        await second.open()
        await second.serve()
        yield first, second
        await second.stop()
        await first.check()


def _second(folder: Path, reader: ReaderPool, database: str, redis: str, telco: Telco, first: Town) -> Desk:
    port = free_port()
    settings = sample_settings(folder, telco, first.url, port, database).model_copy(
        update={"redis": redis, "port": port}
    )
    return build(settings, clock=first.clock, environment=first.gateway, reader=reader)


async def _console(town: Town, port: int) -> ClientConnection:
    assert town.http is not None
    cookie = "; ".join(f"{c.key}={c.value}" for c in town.http.cookie_jar)
    url = f"ws://127.0.0.1:{port}/live?since=0"
    return await connect(url, additional_headers={"Cookie": cookie}, origin=Origin(town.url))


async def _until_seen(console: ClientConnection, kind: str) -> dict[str, object]:
    async with asyncio.timeout(60):
        while True:
            frame = orjson.loads(await console.recv())
            for row in frame.get("rows", {}).get(kind, ()):
                return dict(row)


async def test_a_report_taken_in_by_one_appears_on_a_console_of_the_other(pair: tuple[Town, Desk]) -> None:
    first, second = pair
    await first.sign_in()
    async with await _console(first, second.settings.port) as console:
        await first.telco.phone(CONTACT).send("香港中路8号写字楼冒烟,2人被困")
        await first.telco.settle()
        await second.live.tick()
        row = await _until_seen(console, "incident")
        assert row["unit_name"] == "香港中路街道"
    await first.telco.phone(CONTACT).expect_sms("已收到")


async def test_a_page_set_by_one_fires_once_on_whichever_is_first(pair: tuple[Town, Desk]) -> None:
    first, second = pair
    await first.telco.phone(CONTACT).send("香港中路8号写字楼冒烟,2人被困")
    await first.telco.settle()
    await first.telco.phone(CONTACT).expect_sms("已收到")
    first.clock.advance(61_000_000)
    both = [worker for desk in (first.desk, second) for worker in desk.workers if worker.name == "fire"]
    await asyncio.gather(*(worker.run_once() for worker in both))
    page = await first.one("page")
    steps = [t for t in await first.types("page/" + page["id"]) if t == "PageStepStarted"]
    assert (page["step"], len(steps)) == (1, 2)
    await asyncio.gather(first.desk.settle(), second.settle())
    await first.telco.settle()
    officer = first.telco.phone(OFFICER)
    await officer.expect_sms("回复1签收")
    call = await officer.expect_call("签收")
    await call.press("1")
    await first.telco.settle()
    assert (await first.one("page"))["status"] == "acknowledged"


async def test_redis_away_costs_nothing_but_a_second(tmp_path: Path, reader: ReaderPool, fresh_postgres: str) -> None:
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    async with town(tmp_path, reader, fresh_postgres, redis=nobody) as here:
        await here.telco.phone(CONTACT).send("香港中路8号写字楼冒烟,2人被困")
        await here.telco.settle()
        await here.telco.phone(CONTACT).expect_sms("已收到")
        assert (await here.one("incident"))["status"] == "open"
        await here.desk.hub.read(verify)
        await here.check()


async def test_officers_on_two_hubs_see_each_other(pair: tuple[Town, Desk]) -> None:
    first, second = pair
    await first.sign_in("officer")
    async with await _console(first, first.desk.settings.port) as one:
        await one.send('{"open": "incident/7", "hold": "incident/7"}')
        await first.sign_in("leader")
        async with await _console(first, second.settings.port) as two, asyncio.timeout(60):
            await two.send('{"open": ""}')
            while len((frame := orjson.loads(await two.recv())).get("presence", {}).get("here", ())) < 2:
                pass
            assert frame["presence"]["holds"][0]["username"] == "officer"
