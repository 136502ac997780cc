"""A small desk with real parts for the tests of the web: hub, SQLite, a clock that is moved, one user of every role."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
import orjson
from aiohttp.test_utils import TestClient, TestServer

from dutydesk.clock import Instant, ManualClock
from dutydesk.config.settings import Settings
from dutydesk.domain.directory import Contact, Leader, Unit
from dutydesk.domain.messages import InterpretMessage, RecordMessage
from dutydesk.domain.policies import AdoptRules, ListContact, ListLeader, ListUnit
from dutydesk.domain.readings import Reading
from dutydesk.domain.rules import Desk, Policy, Recipient, Rules, Sender, Shift, Step, UserRole
from dutydesk.domain.users import AddUser
from dutydesk.domain.verbs import Command
from dutydesk.domain.watches import StartWatch, term_at
from dutydesk.hub import Hub
from dutydesk.links import Claim, Signer
from dutydesk.store.entries import Entry, decode
from dutydesk.store.search import SearchIndex
from dutydesk.store.store import Store
from dutydesk.web import sessions
from dutydesk.web.live import Live
from dutydesk.web.parts import Parts
from dutydesk.web.presence import Presence
from dutydesk.web.server import make_app

START = Instant(1_795_437_213_000_000)  # a Monday evening in November 2026
CALLER = "+8612000000101"
ROLES: tuple[UserRole, ...] = ("officer", "shift_leader", "administrator", "reader", "leader", "unit", "auditor")
PHRASES = {
    "fault_found": "{name}{kind}{link}",
    "appeal_decided": "{what}申诉{result}{reason}{link}",
    "receipt": "收到{number}{time}",
    "receipt_more": "续{number}{time}",
    "choice": "{number}{options}",
    "incident_subject": "{number}{title}{time}",
    "page_sms": "{subject}{link}",
    "page_sms_one_way": "{subject}{link}",
    "page_mail": "{subject}{link}",
    "circular": "{name}{summary}{link}",
    "drill_prefix": "【演练】",
    "verification_text": "{time}{said}",
    "transfer": "{number}{link}",
}
RULES = Rules(
    desk=Desk(name="青州市总值班室", short_name="总值班室", division="370200", unit="U", phone="+8612000009999"),
    policies={
        "standard": Policy(name="standard", steps=(Step(who=("contact",), how=("sms", "console"), answer_within=3),))
    },
    page_on_incident="standard",
    phrases=PHRASES,
    shifts=(Shift(name="白班", starts="0 8 * * *"), Shift(name="夜班", starts="0 17 * * *")),
    senders=(Sender(name="gateway", kind="gateway", sms=True, two_way=("",)),),
    circular_to=(Recipient(who="user:shift_leader", how="sms"),),
)
UNITS = (
    Unit(code="U", name="总值班室", kind="desk", division="370200", phone="+8612000009999"),
    Unit(code="370281001", name="阜安街道", kind="town", division="370281001"),
    Unit(code="370283002", name="白沙河街道", kind="town", division="370283002"),
)
CONTACTS = (
    Contact(id="C1", unit="370281001", name="王安", phones=(CALLER,)),
    Contact(id="C2", unit="370283002", name="李宁", phones=("+8612000000202",)),
)
LEADER = Leader(id="L1", name="赵市长", post="市长", phones=("+8612000000303",))


@dataclass
class City:
    """The parts, and short ways to make things happen."""

    hub: Hub
    clock: ManualClock
    parts: Parts
    client: TestClient
    server: TestServer
    signed: dict[str, tuple[str, str]] = field(default_factory=dict)
    _made: int = 0

    @property
    def origin(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def sign_in(self, username: str) -> tuple[str, str]:
        """A session as signing in makes it: (token, csrf)."""
        if username not in self.signed:
            opened = await sessions.open_session(self.hub, username, self.clock.now())
            self.signed[username] = (opened.token, opened.csrf)
        return self.signed[username]

    async def headers(self, username: str, **more: str) -> dict[str, str]:
        token, csrf = await self.sign_in(username)
        made = {
            "Cookie": f"dutydesk={token}",
            "X-CSRF": csrf,
            "Origin": self.origin,
            "Idempotency-Key": secrets.token_hex(8),
        }
        return made | more

    async def get(self, path: str, username: str = "officer", **headers: str) -> aiohttp.ClientResponse:
        return await self.client.get(path, headers=await self.headers(username, **headers), allow_redirects=False)

    async def post(
        self, path: str, body: object = None, username: str = "officer", **headers: str
    ) -> aiohttp.ClientResponse:
        return await self.client.post(
            path,
            json={} if body is None else body,
            headers=await self.headers(username, **headers),
            allow_redirects=False,
        )

    async def message(self, text: str = "仓库着火了", sender: str = CALLER, **more) -> str:
        """A message recorded, as the SMS intake does it."""
        self._made += 1
        wish = RecordMessage(channel="sms", via="gateway", sender=sender, text=text, **more)
        entries = await self.hub.handle(f"message/m{self._made}", wish, key=f"m{self._made}", by="gateway")
        return entries[0].stream.removeprefix("message/")

    async def incident(self, text: str = "仓库着火了", sender: str = CALLER, **reading) -> str:
        """A message read and opened as an incident, with its page and deliveries."""
        id = await self.message(text, sender)
        read = Reading(nature="report", is_emergency=True, category="accident", **({"subtype": text} | reading))
        await self.hub.handle(f"message/{id}", InterpretMessage(reading=read), key="", by="reader")
        row = await self.row("message", id)
        return str(row["incident"])

    async def one(self, query: str, *params: object) -> tuple:
        """One row of a named query that must find one."""
        found = await self.hub.read(lambda c: c.one(query, *params))
        assert found is not None
        return found

    async def entries(self, stream: str) -> list[Entry]:
        """The entries of a stream, in order."""
        return [decode(record) for record in await self.hub.read(lambda c: c.all("entries_of", stream, 0))]

    async def row(self, kind: str, id: str) -> dict:
        return orjson.loads((await self.one("row", kind, id))[4])

    async def watch(self) -> str:
        term = term_at(RULES.shifts, self.clock.now())
        await self.hub.handle(f"watch/{term.id}", StartWatch(term=term), key="", by="desk")
        return term.id

    def link(self, kind: str, id: str, callee: str, seconds: int = 3600) -> str:
        return "/r/" + self.parts.signer.make(Claim(kind, id, callee, self.clock.now() // 1_000_000 + seconds))


async def _read(text: str, _at: int) -> Reading:
    return Reading(nature="report", is_emergency="火" in text)


async def _ready() -> dict[str, object]:
    return {"ok": True, "store": "writable"}


async def fill(hub: Hub) -> None:
    """Rules, directory and users, through the hub's door."""
    wishes: list[tuple[str, Command]] = [("rules/main", AdoptRules(rules=RULES, digest="x"))]
    wishes += [(f"unit/{unit.code}", ListUnit(unit=unit)) for unit in UNITS]
    wishes += [(f"contact/{contact.id}", ListContact(contact=contact)) for contact in CONTACTS]
    wishes += [(f"leader/{LEADER.id}", ListLeader(leader=LEADER))]
    for role in ROLES:
        wishes += [(f"user/{role}", AddUser(name=f"{role}名", role=role, phone="+8612000000404"))]
        wishes += [(f"user/{role}-281", AddUser(name=f"{role}281", role=role, division="370281"))]
    for stream, wish in wishes:
        await hub.handle(stream, wish, key="", by="test")


@asynccontextmanager
async def city(folder: Path, template: Path | None = None, **changed) -> AsyncIterator[City]:
    """A served desk. `template` is a filled SQLite file to begin with."""
    path = folder / "desk.db"
    if template:
        path.write_bytes(template.read_bytes())
    clock = ManualClock(START)
    hub = Hub(Store(f"sqlite:///{path}"), clock)
    hub.start()
    if not template:
        await fill(hub)
    live = Live(hub, clock)
    index = SearchIndex(hub.store)
    parts = Parts(hub, Settings(), clock, Signer("test"), live, _read, _ready, Presence(clock), index)
    parts = replace(parts, **changed)
    server = TestServer(make_app(parts))
    client = TestClient(server, cookie_jar=aiohttp.DummyCookieJar())
    await client.start_server()
    try:
        yield City(hub, clock, parts, client, server)
    finally:
        await client.close()
        index.close()
        await hub.stop()
