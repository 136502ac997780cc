"""`scripts/simulate soak`: seventy-two hours of an ordinary desk on a clock that is moved, and whether anything grows that should not.
`--hubs 2`: on PostgreSQL, with Redis, and two hubs that take turns.

The journal grows, and the rows, words and numbers of what is over: that is what they are for. Promises, open rows, counters beside the
journal, files but the store itself, and what the desk keeps in memory must be the same every day at the same hour.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
import tempfile
import threading
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from dutydesk import contacts
from dutydesk.clock import HOUR, MINUTE
from dutydesk.domain.circulars import IssueCircular
from dutydesk.domain.deliveries import ConfirmDelivery
from dutydesk.domain.incidents import CloseIncident
from dutydesk.domain.pages import AcknowledgePage
from dutydesk.domain.verbs import Command
from dutydesk.errors import Refused
from dutydesk.reading.levels import load_levels
from dutydesk.reading.worker import ReaderPool, Setup
from dutydesk.store import tx
from scripts.benchmarks import places
from scripts.benchmarks.measure import resident
from scripts.simulations.hubs import Hubs, Room, hubs
from scripts.simulations.witness import rows
from tests import services
from tests.desk.town import ROOT, Town, town

STEP = 10 * MINUTE
FOLDS = 300  # streams kept in memory during a soak, so that the bound is met within hours
PROMISES = (
    "timers",
    "outbox",
    "limits",
    "sessions",
    "drafts",
    "tokens",
    "heard",
    "credentials",
    "factors",
    "blobs",
)
# may grow with the journal, said and not judged; counters: a number of a bygone day may never be given twice
KEPT = ("rows", "refs", "inputs", "counters", "callbacks", "reads")
WAL_MB = 24.0  # before a checkpoint 16 MB are due; one batch may come on top
PER_ENTRY = 1.25  # how much more of the store an entry may take than in the middle
SLACK = 1.15  # how much more of a thing may stand than at the same hour before
_TEXTS = (
    "{n}号仓库突发火灾,现场有2人受伤已送医,正在扑救。",
    "{n}号路口车辆追尾,1人受伤,道路中断。",
    "{n}号管道燃气泄漏,已疏散30人。",
)


@dataclass(frozen=True, slots=True)
class Look:
    """What stands at an instant. `objects`: live objects of the desk's own types, the simulated telephone company's left out."""

    hour: int
    entries: int
    open_rows: int
    promises: dict[str, int]
    kept: dict[str, int]
    connections: int  # to PostgreSQL
    objects: int
    blocks: int  # of the interpreter, everybody's
    folds: int
    handles: int
    threads: int
    tasks: int
    store_kb: int
    wal_mb: float
    resident_mb: float


async def soak(hubs: Hubs, room: Room, hours: int, per_hour: int, every: int) -> list[Look]:
    """Live so many hours; a look after each `every`."""
    looks, here = list[Look](), hubs.here
    for hour in range(1, hours + 1):
        for index in range(per_hour):
            hubs.bring_to_next()
            await _report(here, hour * per_hour + index)
        await room.come()
        for _ in range(HOUR // STEP):
            here.clock.advance(STEP)
            await here.telco.settle()
        await _tidy(hubs)
        if hour % every == 0:
            looks.append(await _look(hubs, hour))
            print(json.dumps(asdict(looks[-1])), flush=True)
    return looks


async def _report(here: Town, number: int) -> None:
    phone = here.telco.phone(f"+861200000{1000 + number % 400:04d}")
    await phone.send(_TEXTS[number % len(_TEXTS)].format(n=number))
    await here.telco.settle()


async def _tidy(hubs: Hubs) -> None:
    """The officer signs for what was paged, closes what is open, and has seen which calls nobody took."""
    deeds: tuple[tuple[str, Command], ...] = (
        ("page", AcknowledgePage(who="user:officer", how="console", quiet=True)),
        ("incident", CloseIncident(outcome="elsewhere", reason="移交")),
        ("circular", IssueCircular()),
        ("delivery", ConfirmDelivery(arrived=False, note="已另行联系")),
    )
    for kind, deed in deeds:
        for row in await hubs.here.rows(kind):
            if row["open"]:
                with suppress(Refused):  # a circular's draft is not there yet
                    await hubs.turn.hub.handle(f"{kind}/{row['id']}", deed, key="", by="user:officer")
    await hubs.here.telco.settle()


async def _look(hubs: Hubs, hour: int) -> Look:
    await hubs.here.telco.settle()
    gc.collect()
    url = hubs.here.desk.settings.database
    own = sum(1 for found in gc.get_objects() if _is_ours(type(found).__module__))
    store_kb, wal_mb, connections = _lite(url) if url.startswith("sqlite") else _postgres(url)
    return Look(
        hour=hour,
        entries=_count(url, "entries"),
        open_rows=_count(url, "rows WHERE open = 1 AND kind NOT IN ('unit', 'contact', 'leader', 'user', 'rules')"),
        promises={table: _count(url, table) for table in PROMISES},
        kept={table: _count(url, table) for table in KEPT},
        connections=connections,
        objects=own,
        blocks=sys.getallocatedblocks(),
        folds=max(len(desk.hub.folds.folds) for desk in hubs.desks),
        handles=len(list(Path("/proc/self/fd").iterdir())),
        threads=threading.active_count(),
        tasks=len(asyncio.all_tasks()),
        store_kb=store_kb,
        wal_mb=wal_mb,
        resident_mb=round(resident(os.getpid()), 1),
    )


def _lite(url: str) -> tuple[int, float, int]:
    store = Path(url.removeprefix("sqlite:///"))
    logs = max(file.stat().st_size for file in store.parent.glob("*-wal"))
    return store.stat().st_size // 1024, round(logs / 2**20, 1), 0


def _postgres(url: str) -> tuple[int, float, int]:
    """Its log is the whole server's and not the desk's to keep small."""
    ((size, connected),) = rows(
        url,
        "SELECT pg_database_size(current_database()) / 1024, (SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database())",
    )
    return int(size), 0.0, int(connected) - 1


def _count(url: str, table: str) -> int:
    return int(rows(url, f"SELECT COUNT(*) FROM {table}")[0][0])


def _is_ours(module: object) -> bool:
    name = str(module)
    return name.startswith("dutydesk.") and not name.startswith("dutydesk.simulator")


def grown(looks: list[Look]) -> list[str]:
    """What stands higher at the last look than at the one in the middle, beyond the slack."""
    before, after = looks[len(looks) // 2], looks[-1]
    measured = [("open rows", before.open_rows, after.open_rows), ("objects", before.objects, after.objects)]
    for name in ("folds", "handles", "threads", "tasks", "connections"):
        measured.append((name, getattr(before, name), getattr(after, name)))
    measured += [(table, before.promises[table], after.promises[table]) for table in PROMISES]
    found = [
        f"{name}: {then} at hour {before.hour}, {now} at hour {after.hour}"
        for name, then, now in measured
        if now > then * SLACK + 5
    ]
    if after.wal_mb > WAL_MB:
        found.append(f"a log beside the store: {after.wal_mb} MB")
    per_entry = [
        (look.store_kb - looks[0].store_kb) / (look.entries - looks[0].entries or 1) for look in (before, after)
    ]
    if before is not looks[0] and per_entry[1] > per_entry[0] * PER_ENTRY:
        found.append(
            f"the store: {per_entry[0]:.2f} KB an entry until hour {before.hour}, {per_entry[1]:.2f} until {after.hour}"
        )
    return found


async def lived(
    folder: Path, hours: int, per_hour: int, every: int, many: int = 1, database: str = "", redis: str = ""
) -> list[Look]:
    """A soak in a town of its own with so many hubs; what must hold after every story is checked at its end."""
    tx.CACHED_FOLDS = FOLDS
    setup = Setup(contacts.load(ROOT / "contacts"), load_levels(ROOT / "config" / "levels.toml"))
    async with (
        ReaderPool(setup, budget=2.0, spares=0) as reader,
        town(folder, reader, database, redis) as here,
        hubs(here, many, reader) as all_hubs,
    ):
        room = Room(all_hubs)
        try:
            looks = await soak(all_hubs, room, hours, per_hour, every)
        finally:
            await room.leave()
        await here.whole()
        return looks


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/simulate soak", description=__doc__)
    parser.add_argument("--hours", type=int, default=72)
    parser.add_argument("--per-hour", type=int, default=6, help="reports")
    parser.add_argument("--every", type=int, default=6, help="hours between looks")
    parser.add_argument("--hubs", type=int, default=1, choices=(1, 2), help="2: PostgreSQL and Redis")
    return parser.parse_args()


def main() -> int:
    """0 when nothing grew."""
    asked = _arguments()
    with ExitStack() as stack:
        folder, database, redis = stack.enter_context(tempfile.TemporaryDirectory()), "", ""
        if asked.hubs == 2:
            database = stack.enter_context(stack.enter_context(places.engines(True)).fresh("postgresql"))
            redis = stack.enter_context(services.redis_server())
        lives = lived(Path(folder), asked.hours, asked.per_hour, asked.every, asked.hubs, database, redis)
        looks = asyncio.run(lives)
    found = grown(looks)
    print("\n".join(found) or f"nothing grew in {asked.hours} hours")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
