"""`scripts/simulate month`: a month of the sample city on a clock that leaps, through the doors that people and providers use.

September 2026: 141 towns, 10 districts, enterprises; eager and lazy units; some sixty incidents, a typhoon week (a marked period), the
Mid-Autumn holiday, and the rosters for National Day. It leaves rosters, handovers, shift summaries, daily circulars and briefs, and on
1 October the monthly circular with each unit's figures. `--out DIR` keeps the monthly circular and the last brief as files.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from dutydesk import contacts
from dutydesk.clock import BEIJING, SECOND, ManualClock, from_datetime
from dutydesk.domain.directory import Directory
from dutydesk.reading.levels import load_levels
from dutydesk.reading.worker import ReaderPool, Setup
from scripts.simulations.callees import Callees
from scripts.simulations.errands import BOSS, CHECKS, Errands
from scripts.simulations.leaps import Leaps
from scripts.simulations.plot import Plot, plot
from scripts.simulations.staff import POSTS, Staff
from scripts.simulations.witness import rows
from tests.desk.town import ROOT, Town, town

FIRST = datetime(2026, 9, 1, tzinfo=BEIJING)
KINDS = (
    "roster",
    "handover",
    "incident",
    "submission",
    "use",
    "fault",
    "instruction",
    "unitroster",
    "check",
    "circular",
    "tally",
)
FORMATS = ("html", "docx", "pdf")


class Stretch(NamedTuple):
    """How much of a month is lived. `storm`: the typhoon's first day and the day after its last, counted from `first`."""

    first: datetime = FIRST
    days: int = 30
    incidents: int = 60
    storm: tuple[int, int] = (13, 20)
    seed: int = 2026


@dataclass(slots=True)
class Lived:
    """A month that is over, its desk still open."""

    here: Town
    staff: Staff
    plot: Plot
    leaps: int
    answered: int
    unopened: list[int]
    seconds: float

    @property
    def url(self) -> str:
        return self.here.desk.settings.database


@asynccontextmanager
async def lived(folder: Path, stretch: Stretch) -> AsyncIterator[Lived]:
    """Live a stretch that ends with a month, until its circular is written on the morning after."""
    _furnish(folder)
    listed = contacts.load(folder / "contacts")
    setup = Setup(listed, load_levels(folder / "config" / "levels.toml"))
    clock = ManualClock(from_datetime(stretch.first - timedelta(hours=12)))
    async with ReaderPool(setup, budget=5.0, spares=0) as reader, town(folder, reader, clock=clock, mail=True) as here:
        staff = Staff(here)
        try:
            yield await _live(here, staff, listed, stretch)
        finally:
            await staff.leave()


async def _live(here: Town, staff: Staff, listed: Directory, stretch: Stretch) -> Lived:
    since, chance, leaps = time.monotonic(), random.Random(stretch.seed), Leaps(here)
    await staff.hire()
    for month in sorted({f"{stretch.first:%Y-%m}", f"{stretch.first + timedelta(days=stretch.days):%Y-%m}"}):
        await staff.give(BOSS, f"roster/{month}/PlanRoster", {"month": month})
    story = plot(chance, listed, *stretch[:3], stretch.storm)
    errands = Errands(leaps, staff, chance, story)
    errands.plan()
    callees = Callees(leaps, chance, _numbers(listed, story.lazy))
    leaps.after_each = callees.look
    await leaps.live(from_datetime(story.last.replace(hour=9)) + 2 * SECOND)
    return Lived(here, staff, story, leaps.leaps, callees.answered, errands.unopened, time.monotonic() - since)


def _furnish(folder: Path) -> None:
    for name in ("config", "contacts"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "config" / "roster.toml").write_text(POSTS, "utf-8")
    (folder / "config" / "security.toml").write_text("second_factor = []\n", "utf-8")
    with (folder / "config" / "checks.toml").open("a", encoding="utf-8") as file:
        file.write(CHECKS)


def _numbers(listed: Directory, codes: frozenset[str]) -> set[str]:
    """Every telephone of some units."""
    found = {unit.phone for unit in listed.units if unit.code in codes and unit.phone}
    return found | {number for code in codes for one in listed.contacts_of.get(code, ()) for number in one.phones}


def memory() -> "tempfile.TemporaryDirectory[str]":
    """A folder in the machine's memory where there is such a place: what a month leaves is looked at and thrown away."""
    shared = Path("/dev/shm")
    return tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None)


def report(month: Lived) -> list[str]:
    """What there is afterwards, in short."""
    counts = Counter[str](dict(rows(month.url, "SELECT kind, COUNT(*) FROM rows GROUP BY kind")))
    entries = rows(month.url, "SELECT COUNT(*) FROM entries")[0][0]
    kinds = Counter(json.loads(body)["kind"] for (body,) in rows(month.url, _CIRCULARS))
    lines = [f"{kind}: {counts[kind]}" for kind in KINDS]
    lines.append("circulars: " + ", ".join(f"{kind} {many}" for kind, many in sorted(kinds.items())))
    lines.append(f"commands: {month.staff.done.total()}, refused: {dict(month.staff.refused) or 'none'}")
    lines.append(f"calls taken up: {month.answered}; reports that opened nothing: {month.unopened or 'none'}")
    lines.append(f"{entries} entries, {month.leaps} leaps of the clock, {month.seconds:.1f} s")
    return lines


_CIRCULARS = "SELECT body FROM rows WHERE kind = 'circular'"


async def keep(month: Lived, folder: Path, formats: Iterable[str] = FORMATS) -> list[Path]:
    """Write the last circular of each kind but a watch's as docx, PDF and a standalone page."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [
        (id, json.loads(body)) for id, body in rows(month.url, "SELECT id, body FROM rows WHERE kind = 'circular'")
    ]
    last = {
        body["kind"]: id for id, body in sorted(found, key=lambda one: one[1]["ends_at"]) if body["kind"] != "watch"
    }
    made = []
    for kind, id in last.items():
        for form in formats:
            path = f"/circulars/{id}?export=1" if form == "html" else f"/circulars/{id}.{form}"
            made.append(folder / f"{kind}.{form}")
            made[-1].write_bytes(await month.staff.read(BOSS, path))
    return made


async def _run(asked: argparse.Namespace) -> int:
    with memory() as folder:
        async with lived(Path(folder), Stretch(seed=asked.seed, incidents=asked.incidents)) as month:
            print("\n".join(report(month)))
            for path in await keep(month, asked.out) if asked.out else ():
                print(path)
            await month.here.whole()
            print("the chain holds, the rows equal a rebuild, the promises a replay")
            return 1 if month.staff.refused or month.unopened else 0


def main() -> int:
    """0 when every command was taken and every report opened something."""
    parser = argparse.ArgumentParser(prog="scripts/simulate month", description=__doc__)
    parser.add_argument("--seed", type=int, default=Stretch().seed)
    parser.add_argument("--incidents", type=int, default=Stretch().incidents)
    parser.add_argument("--out", type=Path, help="a folder for the circulars and the brief")
    return asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
