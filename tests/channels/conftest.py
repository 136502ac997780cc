from datetime import UTC, datetime

import pytest
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from dutydesk.clock import ManualClock, from_datetime
from dutydesk.config import Settings
from dutydesk.config.gateways import load_gateways
from dutydesk.hub import Hub
from dutydesk.simulator import Telco
from dutydesk.store.store import Store
from tests.channels.desk import ROOT, Desk, rules_for

PUBLIC = "https://desk.example/duty"


@pytest.fixture
def clock():
    return ManualClock(from_datetime(datetime(2026, 11, 3, 1, 0, tzinfo=UTC)))


@pytest.fixture
async def telco(clock):
    async with Telco(clock=clock, seed=1, timeout=30.0) as company:
        yield company


@pytest.fixture
def settings(telco):
    account = telco.account
    return Settings(
        public_url=PUBLIC,
        twilio_account_sid=account.sid,
        twilio_auth_token=SecretStr(account.auth_token),
        twilio_api_url=telco.url,
        smtp_url=SecretStr(f"smtp://127.0.0.1:{telco.smtp_port}"),
        mail_from="duty@desk.example",
    )


@pytest.fixture
def gateways(telco):
    environment = {
        "DUTYDESK_GATEWAY_MAINLAND_URL": f"{telco.url}/gateway/mainland",
        "DUTYDESK_GATEWAY_MAINLAND_SECRET": telco.account.mainland_secret,
    }
    return load_gateways(ROOT / "config", environment)


@pytest.fixture
async def desk(telco, settings, gateways, clock, tmp_path):
    """The desk, connected to the company; its public address is not the one it listens on."""
    database = tmp_path / "desk.db"
    hub = Hub(Store(f"sqlite:///{database}"), clock)
    hub.start()
    desk = Desk(hub, settings, gateways, clock, database, rules_for(telco.account))
    await desk.adopt()
    server = TestServer(desk.app())
    await server.start_server()
    desk.url = str(server.make_url("")).rstrip("/")
    telco.connect(desk.url, public=PUBLIC)
    yield desk
    await telco.settle()
    await server.close()
    await hub.stop()
