"""Truth 1 as a property: at most one send per (incident, ordinal, addressee) that no person ordered.

The real hub and outbox on both engines; the far sides are the only fakes. They take, refuse, lose their answer, or the hub dies in
the middle of the call; officers draft, sign, send and send again; keys arrive twice; deaths grow and drafts follow by themselves.
"""

import asyncio
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutydesk.channels.port import Outgoing
from dutydesk.clock import MINUTE, SECOND, Instant, ManualClock
from dutydesk.domain.deliveries import ConfirmDelivery, ResendDelivery
from dutydesk.domain.incidents import FixFigure
from dutydesk.domain.messages import InterpretMessage
from dutydesk.domain.outcomes import Accepted, Busy, Outcome, Rejected, Unknown
from dutydesk.domain.reporting import DraftSubmission
from dutydesk.domain.submissions import CheckSubmission, SendSubmission, SignSubmission
from dutydesk.domain.verbs import Command
from dutydesk.errors import Refused
from dutydesk.hub import Hub
from dutydesk.links import Signer
from dutydesk.workers.outbox import Outbox
from tests.domain.upward import INCIDENT, city, listed
from tests.far_side import OneWay
from tests.kit import NOON, check_whole, hub_on, phone, report, setup, sms, sqlite

KINDS = (
    "figure",
    "draft",
    "check",
    "sign",
    "send",
    "send",
    "again",
    "outbox",
    "outbox",
    "outbox",
    "time",
    "order",
    "confirm",
)
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 10_000)), min_size=8, max_size=30)
PROLOGUE = [(kind, 0) for kind in ("draft", "check", "sign", "send", "outbox")]


class Died(BaseException):
    """The hub dies in the middle of a call."""


@dataclass
class FarSide(OneWay):
    """Provider and addressee in one. `arrived` counts what reached the addressee, by delivery."""

    name: str
    dice: random.Random
    arrived: Counter[str] = field(default_factory=Counter)

    async def send(self, outgoing: Outgoing) -> Outcome:
        how = self.dice.choice(
            ("takes", "takes", "loses answer", "loses all", "refuses", "is busy", "dies after", "dies before")
        )
        if how in ("takes", "loses answer", "dies after"):
            self.arrived[outgoing.key] += 1
        match how:
            case "takes":
                return Accepted(provider_id=f"p{self.dice.random()}", status="sent")
            case "is busy":
                return Busy(retry_after=SECOND)
            case "refuses":
                return Rejected(code="451", remedy=self.dice.choice(("retry", "give_up")))
            case "loses answer" | "loses all":
                return Unknown(detail="timeout")
        raise Died


@dataclass
class Desk:
    """One run: what the officers did, and how many sends a person ordered, by delivery."""

    hub: Hub
    clock: ManualClock
    dice: random.Random
    sides: dict[str, FarSide]
    ordered: Counter[str] = field(default_factory=Counter)
    keys: int = 0

    async def begin(self) -> None:
        made = city()
        for stream, command in setup(made.policy, listed()):
            await self.hub.handle(stream, command, key="", by="test")
        await self.hub.handle("message/m", sms("某化工厂爆炸", phone(1)), key="", by="main")
        reading = report(code="12D01", level="特别重大", deaths=30, place_text="港前大道88号")
        await self.hub.handle("message/m", InterpretMessage(reading=reading), key="", by="reader")

    async def row(self, kind: str, id: str) -> dict[str, Any]:
        found = await self.hub.read(lambda c: c.one("row", kind, id))
        return orjson.loads(found[4]) if found else {}

    async def step(self, kind: str, n: int) -> None:
        match kind:
            case "time":
                self.clock.at = Instant(self.clock.at + (n % 40) * SECOND + MINUTE)
            case "outbox":
                await self.send_what_is_due()
            case "order" | "confirm":
                await self.settle_doubt(kind, n)
            case _:
                await self.officer(kind, n)

    async def officer(self, kind: str, n: int) -> None:
        incident = await self.row("incident", INCIDENT)
        ordinal = incident["drafting"] or max(1, len(incident["submitted"]))
        found = await self.row("submission", f"{INCIDENT}-{ordinal}")
        version = found["draft"]["version"] if found else "none"
        leader = "leader:L1"
        wish: Command = {
            "figure": FixFigure(name="deaths", value=n % 90, reason="核实"),
            "draft": DraftSubmission(kind="续报" if incident["submitted"] else "首报"),
            "check": CheckSubmission(version=version),
            "sign": SignSubmission(version=version, who=leader, how="link"),
            "send": SendSubmission(version=version, to=() if n % 2 else ("mayor", "province")),
            "again": SendSubmission(version=version),
        }[kind]
        stream = f"incident/{INCIDENT}" if kind in ("figure", "draft") else f"submission/{INCIDENT}-{ordinal}"
        self.keys += kind != "again"
        await self.hub.handle(stream, wish, key=f"web:{self.keys}", by=leader)

    async def send_what_is_due(self) -> None:
        for name in self.sides:
            worker = Outbox(self.hub, self.clock, self.sides, Signer("x" * 40), "http://desk", name)
            try:
                for _ in range(4):
                    await worker.run_once()
            except Died:
                pass  # another hub goes on; the lease of the dead one runs out

    async def settle_doubt(self, kind: str, n: int) -> None:
        rows = await self.hub.read(lambda c: c.all("rows_of_kind", "delivery"))
        doubtful = [r[1] for r in rows if r[3] and orjson.loads(r[6])["purpose"] == "submission"]
        if not doubtful:
            return
        id = doubtful[n % len(doubtful)]
        wish: Command = ResendDelivery(note="x") if kind == "order" else ConfirmDelivery(arrived=bool(n % 2), note="x")
        made = await self.hub.handle(f"delivery/{id}", wish, key="", by="user:officer")
        self.ordered[id] += any(entry.type == "DeliveryResent" for entry in made)


async def run(url: str, steps: list[tuple[str, int]], seed: int) -> int:
    """Returns how often the report that arrived most often did."""
    clock, dice = ManualClock(NOON), random.Random(seed)
    sides = {name: FarSide(name, dice) for name in ("main", "mail")}
    async with hub_on(url, clock) as hub:
        desk = Desk(hub, clock, dice, sides)
        await desk.begin()
        for kind, n in [*PROLOGUE, *steps]:
            try:
                await desk.step(kind, n)
            except Refused:
                continue
        arrived = Counter({k: n for side in sides.values() for k, n in side.arrived.items() if k.startswith("s")})
        reports = {k: n for k, n in arrived.items() if ".sign-" not in k}
        assert all(n <= 1 + desk.ordered[k] for k, n in reports.items()), (reports, desk.ordered)
        for row in await hub.read(lambda c: c.all("rows_of_kind", "submission")):
            lines = [line["addressee"] for line in orjson.loads(row[6])["lines"]]
            assert len(lines) == len(set(lines)), "an addressee stands once in a report"
        await hub.read(check_whole)
    return max(reports.values(), default=0)


@given(steps=STEPS, seed=st.integers(0, 10_000))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_truth_1_on_sqlite(steps: list[tuple[str, int]], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(sqlite(Path(folder)), steps, seed))


@given(steps=STEPS, seed=st.integers(0, 10_000))
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
def test_truth_1_on_postgresql(fresh_postgres: str, steps: list[tuple[str, int]], seed: int) -> None:
    with psycopg.connect(fresh_postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    asyncio.run(run(fresh_postgres, steps, seed))


def test_the_story_of_truth_1_sends_something_and_would_count_a_second_send(tmp_path: Path) -> None:
    """A check that cannot fail is a defect: reports do arrive, and one that is ordered again arrives twice."""
    steps = [
        ("outbox", 0),
        ("time", 1),
        ("outbox", 0),
        ("time", 1),
        *[("order", n) for n in range(6)],
        ("time", 1),
        ("outbox", 0),
    ]
    assert max(asyncio.run(run(sqlite(tmp_path / str(seed)), steps, seed)) for seed in _folders(tmp_path, 6)) == 2


def _folders(tmp_path: Path, many: int) -> range:
    for seed in range(many):
        (tmp_path / str(seed)).mkdir()
    return range(many)
