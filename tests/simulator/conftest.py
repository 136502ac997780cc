from datetime import UTC, datetime

import pytest
from aiohttp.test_utils import TestServer

from dutydesk.clock import ManualClock, from_datetime
from dutydesk.simulator import Telco
from tests.simulator.fakedesk import FakeDesk

ABROAD = "+85200000101"
MAINLAND = "+861200000101"


@pytest.fixture
def clock():
    return ManualClock(from_datetime(datetime(2026, 11, 3, 1, 0, tzinfo=UTC)))


@pytest.fixture
async def telco(clock):
    async with Telco(clock=clock, seed=1, timeout=30.0) as company:
        yield company


@pytest.fixture
async def desk(telco):
    desk = FakeDesk(telco)
    server = TestServer(desk.app())
    await server.start_server()
    desk.url = str(server.make_url("")).rstrip("/")
    telco.connect(desk.url)
    yield desk
    await server.close()
