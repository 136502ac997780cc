"""The truths of the design as properties: random commands, duplicates, outcomes, merges, drills and moving time, over both engines.

The same commands go to a desk in memory, which tells `transact` a second time without SQL, buffers, batches or caches: both must
have written the same journal and shown the same board.
"""

import asyncio
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutydesk.clock import HOUR, MINUTE, SECOND, Instant, ManualClock
from dutydesk.domain.deliveries import (
    ConfirmDelivery,
    MarkUncertain,
    NoteOutcome,
    NoteStatus,
    QueueDelivery,
    ResendDelivery,
    StartDelivery,
)
from dutydesk.domain.drills import CloseDrill, OpenDrill
from dutydesk.domain.incidents import CloseIncident, MergeIncident, SignForIncident, SplitIncident
from dutydesk.domain.messages import (
    AttachMessage,
    DismissMessage,
    InterpretMessage,
    OpenFromMessage,
    ReportReadingFailure,
)
from dutydesk.domain.outcomes import Accepted, Busy, Rejected, Unknown
from dutydesk.domain.pages import AcknowledgePage, AskMoreTime, CancelPage, Escalate, StartPage
from dutydesk.domain.readings import Reading
from dutydesk.domain.verbs import Command, Fire, Promise
from dutydesk.domain.watches import EndWatch, StartWatch, term_at
from dutydesk.errors import Refused
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.store.entries import decode
from dutydesk.store.store import entries
from tests.kit import NOON, OFFICER, World, check_whole, hub_on, phone, report, rules, sms, sqlite, world

KINDS = (
    "say", "say", "say", "read", "read", "read", "settle", "page", "page", "incident", "incident", "delivery", "delivery",
    "fire", "fire", "fire", "time", "watch", "drill", "once", "twice",
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 10_000)), min_size=10, max_size=45)


@dataclass
class Story:
    """Turns drawn numbers into commands that fit what stands: a compact random officer, sender, provider and clock."""

    at: int = NOON
    said: int = 0
    rows: dict[str, list[tuple[str, dict[str, Any], bool]]] = field(default_factory=dict)
    timers: list[tuple[str, str, int]] = field(default_factory=list)

    def pick(self, kind: str, n: int) -> str:
        found = self.rows.get(kind, [])
        return f"{kind}/{found[n % len(found)][0]}" if found else f"{kind}/none"

    def make(self, kind: str, n: int) -> tuple[str, Command, bool] | None:
        match kind:
            case "say":
                self.said += 1
                texts = ("着火了快来", "1", "收到", "2", "延时15 核实", f"第{n}处塌方", "续报:已控制")
                senders = (phone(1), phone(2), phone(3), OFFICER, "+861200008888")
                return f"message/s{self.said}", sms(texts[n % 7], senders[n // 7 % 5]), n % 11 == 0
            case "read":
                said = (
                    report(),
                    report(category=None, deaths=n % 3),
                    Reading(),
                    report(kind="续报"),
                    Reading(nature="greeting"),
                )
                return self.pick("message", n), InterpretMessage(reading=said[n % 5]), False
            case "settle":
                choices = (OpenFromMessage(), DismissMessage(reason="x"), ReportReadingFailure(error="x"))
                attach = AttachMessage(incident=self.pick("incident", n // 4).partition("/")[2])
                return self.pick("message", n), (*choices, attach)[n % 4], False
            case "page":
                if n % 7 == 0:
                    return f"page/p{n}", StartPage(policy="ask", subject="x", unit=f"T{n % 4}"), n % 3 == 0
                who = ("user:officer", "contact:A1")[n % 2]
                acks = (AcknowledgePage(who=who, how="console"), AskMoreTime(who=who, how="sms", minutes=n % 90))
                return self.pick("page", n), (*acks, Escalate(), CancelPage(reason="x"))[n % 4], False
            case "incident":
                into = self.pick("incident", n // 5).partition("/")[2]
                ends = (MergeIncident(into=into), SplitIncident(), CloseIncident(outcome="handled", reason="x"))
                return self.pick("incident", n), (*ends, SignForIncident(), MergeIncident(into=into))[n % 5], False
            case "delivery":
                return self.pick("delivery", n), self._told(n), False
            case "once":
                return f"delivery/o{n % 9}", self._once(n), False
            case "fire":
                due = sorted(self.timers, key=lambda t: t[2])
                if not due:
                    return None
                stream, name, due_at = due[n % 2 % len(due)]
                self.at = max(self.at, due_at)
                return stream, Fire(name=name, due_at=due_at if n % 17 else due_at + 1), False
            case "watch":
                term = term_at(rules().shifts, self.at)
                begin: tuple[str, Command, bool] = (f"watch/{term.id}", StartWatch(term=term), False)
                return begin if n % 3 else (self.pick("watch", n), EndWatch(), False)
            case "drill":
                people = ("contact:A1", "contact:A2", "user:officer") if n % 4 else ("leader:L1",)
                opened: tuple[str, Command, bool] = (f"drill/d{n % 3}", OpenDrill(name="x", participants=people), True)
                return opened if n % 3 else (self.pick("drill", n), CloseDrill(), True)
        self.at += (SECOND, MINUTE, HOUR)[n % 3] * (n % 50)
        return None

    def _told(self, n: int) -> Command:
        outcomes = (
            Accepted(provider_id=f"SM{n}"), Rejected(code="1"), Rejected(code="2", remedy="retry"), Busy(), Unknown(),
            Rejected(code="3", remedy="other_sender"),
        )  # fmt: skip
        statuses = ("queued", "sent", "delivered", "undelivered", "failed", "read", "nonsense")
        told = (NoteOutcome(outcome=outcomes[n // 3 % 6], attempt=1 + n % 4), NoteStatus(status=statuses[n // 3 % 7]))
        return (*told, ResendDelivery())[n % 3]

    def _once(self, n: int) -> Command:
        queue = QueueDelivery(how="sms", to=phone(2), text="上报", purpose="alarm", about="x/1", promise=Promise.ONCE)
        sent = (queue, StartDelivery(), StartDelivery(), NoteOutcome(outcome=Accepted(provider_id="SM"), attempt=1))
        rest = (NoteOutcome(outcome=Unknown(), attempt=1), MarkUncertain(), ConfirmDelivery(arrived=True))
        return (*sent, *rest)[n // 9 % 7]


def _stand(connection: Connection) -> tuple[list[Any], list[Any]]:
    return connection.all("rows_all"), connection.all("timers_all")


def _journal(connection: Connection) -> list[Any]:
    return [(e.stream, e.event, e.drill) for r in entries(connection, 1, 1_000_000) for e in (decode(r),)]


async def run(url: str, steps: list[tuple[str, int]], hubs: int) -> None:
    clock, memory, story = ManualClock(NOON), world(), Story()
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(hub_on(url, clock, furnished=n == 0)) for n in range(hubs)]
        keyed: list[tuple[str, Command, bool, str, Any]] = []
        for number, (kind, n) in enumerate(steps):
            rows, timers = await doors[0].read(_stand)
            story.rows = {}
            for r in rows:
                story.rows.setdefault(r[0], []).append((r[1], orjson.loads(r[6]), bool(r[3])))
            story.timers = [(s, name, due) for s, name, due, lane in timers if lane == "fire"]
            hub = doors[n % hubs]
            if kind == "twice":
                await _again(hub, keyed, n)
                continue
            made = story.make(kind, n)
            memory.at, clock.at = story.at, Instant(story.at)
            if made:
                outcome = await _both(hub, memory, *made, key=f"k{number}")
                if not isinstance(outcome, Refused):
                    keyed.append((*made, f"k{number}", outcome))
        await doors[0].read(check_whole)  # truths 3, 5, 6
        journal = await doors[0].read(_journal)
        assert [e for e in journal if e not in memory.journal] == []
        assert journal == memory.journal
        await doors[0].read(lambda c: _agree(c, memory))
        _truths(memory)


async def _both(hub: Hub, memory: World, stream: str, command: Command, drill: bool, key: str) -> Any:
    """The store's desk and the one in memory must say the same."""
    said: Any
    wanted: Any
    try:
        said = await hub.handle(stream, command, key=key, by="user:officer", drill=drill)
    except Refused as error:
        said = error
    try:
        wanted = memory.handle(stream, command, by="user:officer", drill=drill)
    except Refused as error:
        wanted = error
    if isinstance(said, Refused) or isinstance(wanted, Refused):
        assert (type(said), str(said)) == (type(wanted), str(wanted)), (stream, command)
    else:
        assert [(e.stream, e.event) for e in said] == wanted
    return said


async def _again(hub: Hub, keyed: list[tuple[str, Command, bool, str, Any]], n: int) -> None:
    """Truth 7: handling a key twice changes nothing and answers the same."""
    if keyed:
        stream, command, drill, key, outcome = keyed[n % len(keyed)]
        before = await hub.read(lambda c: (c.one("head"), c.all("dump_timers"), c.all("dump_outbox")))
        assert await hub.handle(stream, command, key=key, by="user:officer", drill=drill) == outcome
        assert await hub.read(lambda c: (c.one("head"), c.all("dump_timers"), c.all("dump_outbox"))) == before


def _agree(connection: Connection, memory: World) -> None:
    stored = {(r[0], r[1]): (bool(r[3]), bool(r[4]), r[5], orjson.loads(r[6])) for r in connection.all("rows_all")}
    shown = {k: (s[2].open, s[1], s[2].division, orjson.loads(orjson.dumps(s[2].body))) for k, s in memory.rows.items()}
    assert stored == shown
    timers = {(s, n): due for s, n, due, _lane in connection.all("timers_all")}
    assert timers == {k: t.due_at for k, t in memory.timers.items()}
    outbox = {r[0]: (r[1], r[2], r[3]) for r in connection.all("dump_outbox")}
    assert outbox == {s: (a.promise.value, a.channel, a.to) for s, a in memory.outbox.items()}
    since: dict[tuple[str, str], Any] = {}
    for last in (0, 20, 40, 10**9):  # truth 4: pieces put together are the whole
        since |= {(r[0], r[1]): r for r in connection.all("rows_since", last)}
    assert since == {(r[0], r[1]): r for r in connection.all("rows_all")}


def _truths(memory: World) -> None:
    started: Counter[str] = Counter()
    listed: set[str] = set()
    drilled = {s for s, drill in memory.drills.items() if drill}
    for stream, event, drill in memory.journal:
        name = type(event).__name__
        listed |= set(getattr(event, "addresses", ())) if name == "DrillOpened" else set()
        # truth 1: a ONCE message starts once, unless it was refused without being sent or a person ordered it
        started[stream] += name == "DeliveryStarted"
        if name in ("DeliveryResent", "DeliveryRejected"):
            started[stream] = 0
        assert started[stream] <= 1, stream
        # truth 8: what a drill says to the world goes to its list alone
        if drill and name in ("DeliveryQueued", "DeliveryResent"):
            assert event.to in listed  # type: ignore[attr-defined]
        if name in ("ReportAdded", "IncidentOpened"):
            assert (f"message/{event.message}" in drilled) == drill  # type: ignore[attr-defined]
    for stream, act in memory.outbox.items():
        assert stream not in drilled or act.to in listed
    _nothing_lost(memory)


def _nothing_lost(memory: World) -> None:
    """Every message is settled with a reason or waits in the open; every report counts in exactly the incident it went to."""
    for (kind, id), (_seq, _drill, row) in memory.rows.items():
        body = row.body
        if kind == "message" and row.open:
            watched = [k for k in memory.timers if k[0] == f"message/{id}"]
            paged = any(("about", f"message/{id}") in r[2].refs for k, r in memory.rows.items() if k[0] == "page")
            assert watched or paged, id
        if kind == "message" and body["incident"]:
            home = memory.rows["incident", body["incident"]][2].body
            assert id in home["messages"]
            while home["merged_into"]:
                home = memory.rows["incident", home["merged_into"]][2].body
                assert id in home["messages"]
        if kind == "page":
            # truth 2, for the first clocks
            assert (body["status"] == "open") == ((f"page/{id}", "answer") in memory.timers)


@given(steps=STEPS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_truths_hold_on_sqlite(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(sqlite(Path(folder)), steps, 1))


@given(steps=STEPS)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_truths_hold_on_postgresql_with_two_hubs(fresh_postgres: str, steps: list[tuple[str, int]]) -> None:
    with psycopg.connect(fresh_postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    asyncio.run(run(fresh_postgres, steps, 2))


@pytest.mark.long
@given(steps=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 10_000)), min_size=40, max_size=150))
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_truths_hold_for_long_stories(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(sqlite(Path(folder)), steps, 1))
