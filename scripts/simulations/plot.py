"""What happens to a city in a month, by a seed: where and when, who tells the duty room by which way, how late, and in which words."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dutydesk.clock import BEIJING, MINUTE, from_datetime, to_datetime
from dutydesk.domain.directory import Contact, Directory, Unit

LAZY = 0.25  # share of units that tell late and pick up nothing
TYPED = 0.2  # share of reports that come by telephone and are typed in
VAGUE = 0.12  # share whose time is not said to the minute
STORMY = 0.4  # share of all incidents that fall into the typhoon
_ORDINARY = (
    "{place}一处仓库起火,无人员伤亡,正在扑救。",
    "{place}路口两车追尾,1人受伤已送医,交通恢复。",
    "{place}燃气管道泄漏,已疏散30人,无人员伤亡。",
    "{place}一居民楼停电,正在抢修,无人员伤亡。",
    "{place}工地脚手架坍塌,2人受伤,正在救治。",
)
_STORMY = (
    "{place}道路积水,已转移40人,无人员伤亡。",
    "{place}大风刮倒树木,1人受伤,道路中断。",
    "{place}发生山体滑坡,无人员伤亡,已封路。",
)
Way = Literal["sms", "call"]


@dataclass(frozen=True, slots=True)
class Happening:
    """One incident-to-be. `told_at`: when its unit reports it."""

    number: int
    occurred_at: int
    told_at: int
    unit: Unit
    contact: Contact
    way: Way
    words: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A month. `storm`: from when to when the typhoon lasts; `lazy`: codes of units."""

    first: datetime
    last: datetime
    storm: tuple[datetime, datetime]
    lazy: frozenset[str]
    happenings: tuple[Happening, ...]


def plot(
    chance: random.Random, listed: Directory, first: datetime, days: int, many: int, storm: tuple[int, int]
) -> Plot:
    """`storm`: its first day and the day after its last, counted from the first of the stretch."""
    last = first + timedelta(days=days)
    stormy = (first + timedelta(days=storm[0]), first + timedelta(days=storm[1]))
    able = [unit for unit in listed.units if unit.kind in ("town", "district", "enterprise") and _contact(listed, unit)]
    lazy = frozenset(unit.code for unit in able if chance.random() < LAZY)
    found = _happenings(chance, listed, able, lazy, _moments(chance, first, last, stormy, many))
    return Plot(first, last, stormy, lazy, tuple(found))


def _contact(listed: Directory, unit: Unit) -> Contact | None:
    return next((one for one in listed.contacts_of.get(unit.code, ()) if one.role == "A" and one.phones), None)


def _moments(
    chance: random.Random, first: datetime, last: datetime, storm: tuple[datetime, datetime], many: int
) -> list[tuple[datetime, bool]]:
    """When something happens, and whether the typhoon does it; never in the last five hours, so that it can be told."""
    found = []
    for _ in range(many):
        stormy = chance.random() < STORMY
        begin, end = storm if stormy else (first, last - timedelta(hours=5))
        found.append((begin + (end - begin) * chance.random(), stormy))
    return sorted(found)


def _happenings(
    chance: random.Random,
    listed: Directory,
    able: Sequence[Unit],
    lazy: frozenset[str],
    moments: Sequence[tuple[datetime, bool]],
) -> Iterator[Happening]:
    for number, (moment, stormy) in enumerate(moments, 1):
        unit = chance.choice(able)
        contact = _contact(listed, unit)
        assert contact
        at = from_datetime(moment.astimezone(BEIJING)) // MINUTE * MINUTE
        delay = chance.randint(65, 240) if unit.code in lazy and chance.random() < 0.7 else chance.randint(3, 55)
        words = chance.choice(_STORMY if stormy else _ORDINARY).format(place=unit.address or unit.name)
        said = f"{'' if chance.random() < VAGUE else _when(at)}{words}"
        way: Way = "call" if chance.random() < TYPED else "sms"
        yield Happening(number, at, at + delay * MINUTE + chance.randint(0, 59_000_000), unit, contact, way, said)


def _when(at: int) -> str:
    moment = to_datetime(at)
    return f"{moment.month}月{moment.day}日{moment.hour}时{moment.minute:02d}分,"
