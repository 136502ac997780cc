"""A desk of the parts under test: a real hub on a temporary SQLite file, the webhooks on a real server, and nothing else."""

import asyncio
import io
import json
import sqlite3
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from yarl import URL

from dutydesk.channels.port import Outgoing
from dutydesk.clock import Clock
from dutydesk.config import Settings, load_rules
from dutydesk.config.gateways import Gateway
from dutydesk.domain.deliveries import NoteOutcome, QueueDelivery
from dutydesk.domain.messages import MessageRecorded
from dutydesk.domain.outcomes import Rejected
from dutydesk.domain.policies import AdoptRules
from dutydesk.domain.rules import Rules, Sender
from dutydesk.domain.verbs import Promise
from dutydesk.errors import Unavailable
from dutydesk.hub import Hub
from dutydesk.simulator.signatures import sign_mainland, sign_twilio
from dutydesk.store.entries import decode
from dutydesk.web import hooks

ABROAD = "+85200000101"
MAINLAND = "+861200000101"
ROOT = Path(__file__).resolve().parent.parent.parent
FORM = "application/x-www-form-urlencoded"


def rules_for(account) -> Rules:
    """The rules of the project, with the simulator's numbers as ours."""
    rules = load_rules(ROOT / "config")
    senders = [
        Sender(name="mainland", kind="gateway", sms=True, numbers=(account.mainland_number,), serves=("+86",)),
        Sender(name="twilio", kind="twilio", sms=True, voice=True, numbers=(account.number,)),
        Sender(name="mail", kind="mail"),
    ]
    return rules.model_copy(update={"senders": tuple(senders)})


def outgoing(sender: Sender, to: str, text: str = "请签收", **more) -> Outgoing:
    plain = Outgoing(key="d1", how="sms", to=to, text=text, subject="", sender=sender, attempt=1, since=0)
    return replace(plain, **more)


def rejected(outcome) -> tuple[str, str]:
    """Code and remedy of an outcome that must be a rejection."""
    assert isinstance(outcome, Rejected), outcome
    return outcome.code, outcome.remedy


@dataclass
class Away:
    """A hub whose store takes no writes until `back`; everything else is the real one's."""

    hub: Hub
    away: bool = False
    most: int | None = None  # back by itself after so many refusals
    refused: int = 0

    async def handle(self, *args, **more):
        self._check()
        return await self.hub.handle(*args, **more)

    async def beside(self, write):
        self._check()
        return await self.hub.beside(write)

    async def read(self, ask):
        return await self.hub.read(ask)

    def _check(self):
        if self.away and self.refused != self.most:
            self.refused += 1
            raise Unavailable("存储不能写入")


@dataclass
class Desk:
    hub: Hub
    settings: Settings
    gateways: dict[str, Gateway]
    clock: Clock
    database: Path
    rules: Rules
    door: Away = field(init=False)
    url: str = ""

    def __post_init__(self):
        self.door = Away(self.hub)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 << 20)
        app.add_routes(hooks.routes(cast(Hub, self.door), self.settings, self.gateways, self.clock))
        return app

    def sender(self, name: str) -> Sender:
        return next(s for s in self.rules.senders if s.name == name)

    async def rows(self, kind: str) -> dict[str, dict]:
        found = await self.hub.read(lambda c: c.all("rows_of_kind", kind))
        return {row[1]: json.loads(row[6]) for row in found}

    async def messages(self) -> list[dict]:
        return list((await self.rows("message")).values())

    async def recorded(self) -> list[MessageRecorded]:
        """What the journal says came in, oldest first."""
        found = await self.hub.read(lambda c: c.all("entries_typed", "MessageRecorded", 0, 1 << 40))
        return [cast(MessageRecorded, decode(row).event) for row in found]

    def callbacks(self) -> list[tuple[str, str]]:
        db = sqlite3.connect(self.database)
        try:
            return db.execute("SELECT id, body FROM callbacks ORDER BY at, id").fetchall()
        finally:
            db.close()

    async def queue(self, id: str, how="sms", to=ABROAD, text="请签收", about="message/m1", callee="contact:C1"):
        promise = Promise.REPEATABLE
        command = QueueDelivery(how=how, to=to, text=text, purpose="page", about=about, promise=promise, callee=callee)
        await self.hub.handle(f"delivery/{id}", command, key="", by="test")

    async def note(self, id: str, outcome, attempt=1):
        await self.hub.handle(f"delivery/{id}", NoteOutcome(outcome=outcome, attempt=attempt), key="", by="test")

    async def adopt(self):
        await self.hub.handle("rules/main", AdoptRules(rules=self.rules, digest="x"), key="", by="test")

    async def post(self, path: str, raw: bytes, headers: dict[str, str]) -> tuple[int, str, dict[str, str]]:
        async with aiohttp.ClientSession() as session:
            target = URL(self.url + path, encoded=True)
            async with session.post(target, data=io.BytesIO(raw), headers=headers) as answer:
                return answer.status, await answer.text(), dict(answer.headers)

    async def twilio(self, path: str, form, token: str | None = None, **headers) -> tuple[int, str, dict[str, str]]:
        """A form as Twilio posts it, signed for our public address."""
        pairs = list(form.items()) if isinstance(form, dict) else form
        token = token or self.settings.twilio_auth_token.get_secret_value()
        signature = sign_twilio(token, self.settings.public_url + path, pairs)
        return await self.post(
            path, urlencode(pairs).encode(), {"Content-Type": FORM, "X-Twilio-Signature": signature, **headers}
        )

    async def gateway(self, path: str, raw: bytes, name="mainland", at: int | None = None, secret=None):
        stamp = str((self.clock.now() if at is None else at) // 1_000_000)
        secret = secret or self.gateways[name].secret.get_secret_value()
        headers = {"X-Timestamp": stamp, "X-Signature": sign_mainland(secret, stamp, raw)}
        return await self.post(path, raw, {"Content-Type": "application/json", **headers})


async def together(*work):
    return await asyncio.gather(*work)


def patience_for(fault: str) -> float:
    """Seconds to wait for an answer: where one is to be missed, long enough that a busy machine has taken the message."""
    return {"hang_before": 0.3, "hang_after": 2.0}.get(fault, 10.0)
