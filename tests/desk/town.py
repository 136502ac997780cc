"""A whole desk for tests: the real application on SQLite (or PostgreSQL), the simulated telephone company, a clock that is moved.

Everything of ours is real; time passes only by `advance`. When a test ends, `close` checks what must hold after every story: the chain
verifies, the rows equal a rebuild, the promises equal a replay, and nobody was called or texted unexpectedly.
"""

import shutil
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from pydantic import SecretStr

from dutydesk.app import Desk, build
from dutydesk.clock import MINUTE, SECOND, ManualClock, from_datetime
from dutydesk.config import Settings
from dutydesk.domain.policies import AdoptRules
from dutydesk.domain.users import AddUser
from dutydesk.domain.verbs import Found, Lane
from dutydesk.reading.worker import ReaderPool
from dutydesk.simulator import Telco
from dutydesk.store.buffers import shown_row
from dutydesk.store.connection import Connection
from dutydesk.store.remaking import rebuilt_rows
from dutydesk.store.tx import Folds, refresh_policy
from dutydesk.store.verify import verify
from dutydesk.web.auth import set_password
from dutydesk.workers.wheel import FAR
from tests.desk.promises import promises_kept
from tests.services import free_port

LONGEST_LEAP = 5 * MINUTE  # what looks round by itself, without a promise, is not kept waiting for longer
ROOT = Path(__file__).parents[2]
NOON = from_datetime(__import__("datetime").datetime(2026, 11, 23, 12, 0))
PASSWORD = "a long enough password"
OFFICER, LEADER = "+8612000009101", "+8612000009102"
CONTACT = "+8612000001020"  # the A contact of 香港中路街道


class Town:
    """The desk, its telephones, its clock, and an officer's signed-in browser as plain HTTP."""

    def __init__(self, desk: Desk, telco: Telco, clock: ManualClock, url: str) -> None:
        self.desk, self.telco, self.clock, self.url = desk, telco, clock, url
        self.http: aiohttp.ClientSession | None = None
        self.gateway: dict[str, str] = {}
        self._csrf = ""

    async def settle(self) -> None:
        """Until neither the desk nor the telephone company has anything to do at this instant."""
        await self.desk.settle()

    async def advance(self, minutes: float) -> None:
        """Time passes, from one due instant to the next, in steps so small that nothing due is met more than 20 seconds late."""
        until = self.clock.now() + int(minutes * MINUTE)
        while (now := self.clock.now()) < until:
            wait = min(await self._next_due() - now, LONGEST_LEAP)
            self.clock.advance(min(until - now, max(wait, 20 * SECOND)))
            await self.telco.settle()

    async def _next_due(self) -> int:
        promised = await self.desk.hub.read(_promised(self.clock.now()))
        return min((due for due in (*promised, self.telco.network.agenda.next_due) if due is not None), default=FAR)

    async def sign_in(self, username: str = "officer") -> None:
        await self.sign_out()
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": self.url})
        form = {"username": username, "password": PASSWORD}
        async with self.http.post(f"{self.url}/sign-in", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
        self._csrf = (await self.get("/api/me"))["csrf"]

    async def sign_out(self) -> None:
        if self.http:
            await self.http.close()
        self.http = None

    async def get(self, path: str) -> Any:
        assert self.http is not None
        async with self.http.get(self.url + path) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path: str, body: dict[str, Any], *, expect: int = 200, key: str | None = None) -> Any:
        assert self.http is not None
        headers = {"X-CSRF": self._csrf, "Idempotency-Key": key or str(uuid.uuid4())}
        async with self.http.post(self.url + path, json=body, headers=headers) as answer:
            said = await answer.json()
            assert answer.status == expect, said
        await self.telco.settle()
        return said

    async def rows(self, kind: str) -> list[dict[str, Any]]:
        """Rows of a kind, oldest first, with their id and whether they are open."""
        found = await self.desk.hub.read(lambda c: c.all("rows_of_kind", kind))
        return [orjson.loads(r[6]) | {"id": r[1], "seq": r[2], "open": bool(r[3]), "drill": bool(r[4])} for r in found]

    async def one(self, kind: str) -> dict[str, Any]:
        rows = await self.rows(kind)
        assert len(rows) == 1, rows
        return rows[0]

    async def types(self, stream: str) -> list[str]:
        """The event types of a stream in order."""
        return [r[4] for r in await self.desk.hub.read(lambda c: c.all("entries_of", stream, 0))]

    async def whole(self) -> None:
        """The store's part of it."""
        await self.desk.hub.read(_whole)

    async def check(self) -> None:
        """What must hold after every story."""
        await self.whole()
        self.telco.assert_nothing_unexpected()


def _promised(now: int) -> Callable[[Connection], list[int | None]]:
    def ask(connection: Connection) -> list[int | None]:
        lanes = [connection.one("timer_after", lane.value, now) for lane in Lane]
        return [row[0] for row in (*lanes, connection.one("outbox_next")) if row]

    return ask


def _whole(connection: Connection) -> None:
    head = verify(connection)
    stored = {(r[0], r[1]): r for r in connection.all("rows_all")}
    rebuilt = {(k, i): shown_row(k, i, s, d, r) for k, i, s, d, r in rebuilt_rows(connection, head.seq)}
    assert stored == rebuilt
    promises_kept(connection)


@asynccontextmanager
async def town(
    folder: Path,
    reader: ReaderPool,
    database: str = "",
    redis: str = "",
    *,
    clock: ManualClock | None = None,
    environment: dict[str, str] | None = None,
    mail: bool = False,
    port: int = 0,
    url: str = "",
) -> AsyncIterator[Town]:
    """A town with the sample city under `folder`; a test that wants other configuration writes it there first.

    `mail`: mail goes to the simulated mailboxes. `url`: where consoles find it, when something stands between them and `port`.
    """
    clock = clock or ManualClock(NOON)
    async with Telco(clock=clock, timeout=30) as telco:
        port = port or free_port()
        direct = f"http://127.0.0.1:{port}"
        url = url or direct
        settings = sample_settings(folder, telco, url, port, database).model_copy(update={"redis": redis})
        if mail:
            smtp = SecretStr(f"smtp://127.0.0.1:{telco.smtp_port}")
            settings = settings.model_copy(update={"smtp_url": smtp, "mail_from": "zhiban@qd.example"})
        gateway = {
            "DUTYDESK_GATEWAY_MAINLAND_URL": f"{telco.url}/gateway/mainland",
            "DUTYDESK_GATEWAY_MAINLAND_SECRET": telco.account.mainland_secret,
            **(environment or {}),
        }
        desk = build(settings, clock=clock, environment=gateway, reader=reader)
        telco.connect(direct, public=url)
        await desk.open()
        await desk.serve()
        here = Town(desk, telco, clock, url)
        here.gateway = gateway
        telco.pump = here.settle
        await _users(desk)
        await telco.settle()
        try:
            yield here
        finally:
            await here.sign_out()
            await desk.stop()


def sample_settings(folder: Path, telco: Telco, url: str, port: int, database: str = "") -> Settings:
    """Settings of a town under `folder`, with its own copy of the shipped configuration."""
    if not (folder / "config").exists():
        shutil.copytree(ROOT / "config", folder / "config")
        shutil.copytree(ROOT / "contacts", folder / "contacts")
        (folder / "config" / "security.toml").write_text("second_factor = []\n")  # the tests of signing in ask for one
    account = telco.account
    return Settings.model_validate(
        {
            "database": database or f"sqlite:///{folder}/desk.sqlite",
            "config": folder / "config",
            "contacts": folder / "contacts",
            "public_url": url,
            "port": port,
            "secret": "a secret for tests only, long enough",
            "twilio_account_sid": account.sid,
            "twilio_auth_token": account.auth_token,
            "twilio_api_url": telco.url,
        }
    )


async def _users(desk: Desk) -> None:
    for username, name, role, phone in (
        ("officer", "值班员甲", "officer", OFFICER),
        ("leader", "带班领导乙", "shift_leader", LEADER),
    ):
        add = AddUser.model_validate({"name": name, "role": role, "phone": phone})
        await desk.hub.handle(f"user/{username}", add, key="", by="test")
        await set_password(desk.hub, username, PASSWORD)


async def daily(here: Town, what: str) -> None:
    """Two a day at 15:00 of `what` starts by itself: "proving" or "pairing" of the checks."""
    rules = (await here.desk.hub.read(lambda c: refresh_policy(c, Folds()))).rules
    policy = getattr(rules.checks, what).model_copy(update={"per_day": 2, "at": "0 15 * * *"})
    changed = rules.model_copy(update={"checks": rules.checks.model_copy(update={what: policy})})
    await here.desk.hub.handle("rules/main", AdoptRules(rules=changed, digest="daily"), key="", by="files")


def body(found: Found | None) -> dict[str, Any]:
    assert found is not None
    return found.body
