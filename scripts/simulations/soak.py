"""`scripts/simulate soak`: seventy-two hours of an ordinary desk on a clock that is moved, and whether anything grows that should not.

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
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from dutydesk import contacts
from dutydesk.clock import HOUR, MINUTE
from dutydesk.domain.circulars import IssueCircular
from dutydesk.domain.deliveries import ConfirmDelivery
from dutydesk.domain.incidents import CloseIncident
from dutydesk.domain.pages import AcknowledgePage
from dutydesk.errors import Refused
from dutydesk.reading.levels import load_levels
from dutydesk.reading.worker import ReaderPool, Setup
from dutydesk.store import tx
from scripts.benchmarks.measure import resident
from scripts.simulations.witness import rows
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
    "counters",
    "credentials",
    "factors",
    "blobs",
)
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
    objects: int
    blocks: int  # of the interpreter, everybody's
    folds: int
    handles: int
    threads: int
    tasks: int
    store_kb: int
    wal_mb: float
    resident_mb: float


async def soak(here: Town, hours: int, per_hour: int, every: int) -> list[Look]:
    """Live so many hours; a look after each `every`."""
    looks = list[Look]()
    for hour in range(1, hours + 1):
        for index in range(per_hour):
            await _report(here, hour * per_hour + index)
        for _ in range(HOUR // STEP):
            here.clock.advance(STEP)
            await here.telco.settle()
        await _tidy(here)
        if hour % every == 0:
            looks.append(await _look(here, hour))
    return looks


async def _report(here: Town, number: int) -> None:
    phone = here.telco.phone(f"+861200000{1000 + number % 400:04d}")
    await phone.send(_TEXTS[number % len(_TEXTS)].format(n=number))
    await here.telco.settle()


async def _tidy(here: Town) -> None:
    """The officer signs for what was paged, closes what is open, and has seen which calls nobody took."""
    for row in await here.rows("page"):
        if row["open"]:
            answer = AcknowledgePage(who="user:officer", how="console", quiet=True)
            await here.desk.hub.handle(f"page/{row['id']}", answer, key="", by="user:officer")
    for row in await here.rows("incident"):
        if row["open"]:
            done = CloseIncident(outcome="elsewhere", reason="移交")
            await here.desk.hub.handle(f"incident/{row['id']}", done, key="", by="user:officer")
    for row in await here.rows("circular"):
        if row["open"]:
            with suppress(Refused):  # its draft is not there yet
                await here.desk.hub.handle(f"circular/{row['id']}", IssueCircular(), key="", by="user:officer")
    for row in await here.rows("delivery"):
        if row["open"]:
            seen = ConfirmDelivery(arrived=False, note="已另行联系")
            await here.desk.hub.handle(f"delivery/{row['id']}", seen, key="", by="user:officer")
    await here.telco.settle()


async def _look(here: Town, hour: int) -> Look:
    await here.telco.settle()
    gc.collect()
    url = here.desk.settings.database
    store = Path(url.removeprefix("sqlite:///"))
    own = sum(1 for found in gc.get_objects() if _is_ours(type(found).__module__))
    return Look(
        hour=hour,
        entries=_count(url, "entries"),
        open_rows=_count(url, "rows WHERE open = 1 AND kind NOT IN ('unit', 'contact', 'leader', 'user', 'rules')"),
        promises={table: _count(url, table) for table in PROMISES},
        objects=own,
        blocks=sys.getallocatedblocks(),
        folds=len(here.desk.hub.folds.folds),
        handles=len(list(Path("/proc/self/fd").iterdir())),
        threads=threading.active_count(),
        tasks=len(asyncio.all_tasks()),
        store_kb=store.stat().st_size // 1024,
        wal_mb=round(max(file.stat().st_size for file in store.parent.glob("*-wal")) / 2**20, 1),
        resident_mb=round(resident(os.getpid()), 1),
    )


def _count(url: str, table: str) -> int:
    return int(rows(url, f"SELECT COUNT(*) FROM {table}")[0][0])


def _is_ours(module: object) -> bool:
    name = str(module)
    return name.startswith("dutydesk.") and not name.startswith("dutydesk.simulator")


def grown(looks: list[Look]) -> list[str]:
    """What stands higher at the last look than at the one in the middle, beyond the slack."""
    before, after = looks[len(looks) // 2], looks[-1]
    measured = [("open rows", before.open_rows, after.open_rows), ("objects", before.objects, after.objects)]
    for name in ("folds", "handles", "threads", "tasks"):
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


async def lived(folder: Path, hours: int, per_hour: int, every: int) -> list[Look]:
    """A soak in a town of its own, on SQLite; what must hold after every story is checked at its end."""
    tx.CACHED_FOLDS = FOLDS
    setup = Setup(contacts.load(ROOT / "contacts"), load_levels(ROOT / "config" / "levels.toml"))
    async with ReaderPool(setup, budget=2.0, spares=0) as reader, town(folder, reader) as here:
        return await soak(here, hours, per_hour, every)


def main() -> int:
    """0 when nothing grew."""
    parser = argparse.ArgumentParser(prog="scripts/simulate soak", description=__doc__)
    parser.add_argument("--hours", type=int, default=72)
    parser.add_argument("--per-hour", type=int, default=6, help="reports")
    parser.add_argument("--every", type=int, default=6, help="hours between looks")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        looks = asyncio.run(lived(Path(folder), asked.hours, asked.per_hour, asked.every))
    for look in looks:
        print(json.dumps(asdict(look)))
    found = grown(looks)
    print("\n".join(found) or f"nothing grew in {asked.hours} hours")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
