"""The desk's own policy for runs inside this process: the shipped configuration, and a directory of units that each report once."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any

from dutydesk.clock import Clock, SystemClock
from dutydesk.config import load_rules
from dutydesk.domain.directory import Contact, Unit
from dutydesk.domain.messages import InterpretMessage, RecordMessage
from dutydesk.domain.policies import AdoptRules, ListContact, ListUnit
from dutydesk.domain.readings import Reading
from dutydesk.domain.users import AddUser
from dutydesk.domain.watches import StartWatch, term_at
from dutydesk.hub import Hub
from dutydesk.store.store import Store
from scripts.benchmarks.places import ROOT

CALLERS = 32  # concurrent, as the figures demand


def number(index: int) -> str:
    """The telephone of unit `index`: +86 120 …, possible and not valid."""
    return f"+86120{index:08d}"


@asynccontextmanager
async def hub_on(url: str, made: type[Hub] = Hub, clock: Clock | None = None) -> AsyncIterator[Hub]:
    """A hub on a store, started and stopped."""
    hub = made(Store(url), clock or SystemClock())
    hub.start()
    try:
        yield hub
    finally:
        await hub.stop()


async def settle_in(hub: Hub, units: int, *, watch: bool = True) -> None:
    """Adopt the shipped rules, the desk, so many units with a contact each, two users and (with `watch`) their watch."""
    rules = load_rules(ROOT / "config")
    desk = Unit(code=rules.desk.unit, name=rules.desk.name, kind="desk", division=rules.desk.division)
    await hub.handle("rules/main", AdoptRules(rules=rules, digest=""), key="", by="bench")
    await hub.handle(f"unit/{desk.code}", ListUnit(unit=desk), key="", by="bench")
    await at_once(_listed(hub, index) for index in range(units))
    await hub.handle("user/officer", AddUser(name="值班员甲", role="officer", phone=number(99_999_901)), key="", by="b")
    await hub.handle("user/leader", AddUser(name="带班领导乙", role="shift_leader"), key="", by="bench")
    if not watch:
        return
    term = term_at(rules.shifts, hub.clock.now())
    await hub.handle(f"watch/{term.id}", StartWatch(term=term), key="", by="bench")


async def _listed(hub: Hub, index: int) -> None:
    unit = Unit(code=f"T{index}", name=f"第{index}镇", kind="town", division=f"3702{index:05d}")
    contact = Contact(id=f"C{index}", unit=unit.code, name="王", phones=(number(index),))
    await hub.handle(f"unit/{unit.code}", ListUnit(unit=unit), key="", by="bench")
    await hub.handle(f"contact/{contact.id}", ListContact(contact=contact), key="", by="bench")


async def record(hub: Hub, index: int, day: str = "m") -> None:
    """Take in the report of one unit; names begin with `day`."""
    command = RecordMessage(
        channel="sms", via="twilio", sender=number(index), recipient="+8612000009000", text=text(index)
    )
    await hub.handle(f"message/{day}{index}", command, key=f"twilio:SM{day}{index:024d}", by="twilio")


def text(index: int) -> str:
    return f"我镇{index}号仓库今天上午突发火灾,现场有2人受伤已送医,消防正在扑救,后续情况续报。"


async def interpret(hub: Hub, index: int, day: str = "m") -> None:
    """Hand in its reading, ready made: it opens an incident, pages the watch and answers the sender."""
    reading = Reading(nature="report", is_emergency=True, category="accident", subtype="火灾", injured=2)
    await hub.handle(f"message/{day}{index}", InterpretMessage(reading=reading), key="", by="reader")


async def at_once(work: Iterable[Coroutine[Any, Any, None]], callers: int = CALLERS) -> None:
    """Run all, at most `callers` at a time, each caller beginning its next when its last is durable."""
    waiting = iter(work)

    async def caller() -> None:
        for one in waiting:
            await one

    async with asyncio.TaskGroup() as group:
        for _ in range(callers):
            group.create_task(caller())
