"""kill -9 anywhere: what was acknowledged is there, nothing is half there, and the promises are kept by whoever comes next."""

import asyncio
import json
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from dutydesk.clock import BEIJING, ManualClock, from_datetime
from dutydesk.store.store import Store
from dutydesk.workers.timers import Timers
from tests.crash.child import POINTS
from tests.crash.history import judge
from tests.crash.life import ROOT, Nursery
from tests.crash.orders import Orders
from tests.crash.provider import sent
from tests.kit import check_whole, hub_on, sqlite
from tests.store.conftest import probe
from tests.store.probe import Note

NOW = from_datetime(datetime(2026, 11, 23, 12, 0, tzinfo=BEIJING))
__all__ = ["probe"]


def orders(folder: Path, **more: Any) -> Orders:
    """A life on the store in this folder."""
    return Orders(sqlite(folder), str(folder / "sent.txt"), base=1_790_000_000_000_000, **more)


def check(given: Orders, acknowledged: set[str]) -> None:
    """The independent judge, and the desk's own replay of the journal."""
    assert judge(given.url, acknowledged, sent(Path(given.sent))).broken == []
    store = Store(given.url)
    store.read(check_whole)
    store.close()


def finish(nursery: Nursery, given: Orders) -> None:
    """The next start, and the senders' retries, make everything whole."""
    acknowledged, status = nursery.lived(given)
    assert (len(acknowledged), status) == (given.load, 0)
    check(given, set(acknowledged))
    store = Store(given.url)
    messages = store.read(lambda c: c.all("rows_of_kind", "message"))
    store.close()
    assert len(messages) == given.load
    assert {orjson.loads(r[6])["status"] for r in messages} <= {"opened", "attached"}
    taken = sent(Path(given.sent))
    assert len(set(taken)) == len(taken), "REPEATABLE was looked up before it was sent again"


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("passing", [0, 2])
def test_killed_between_any_two_steps_of_one_sms(
    nursery: Nursery, furnished: Path, tmp_path: Path, point: str, passing: int
) -> None:
    shutil.copytree(furnished, tmp_path / "desk")
    given = orders(tmp_path / "desk", load=24)
    acknowledged, status = nursery.lived(replace(given, die_at=f"{point}:{passing}"))
    assert status == -9, "it did not pass that point"
    check(given, set(acknowledged))
    finish(nursery, given)


def test_a_second_process_on_one_file_is_refused(nursery: Nursery, furnished: Path, tmp_path: Path) -> None:
    shutil.copytree(furnished, tmp_path / "desk")
    given = orders(tmp_path / "desk", load=100_000)
    with nursery.begin(given) as first:
        assert first.said.readline() == "ready\n"
        command = [sys.executable, "-m", "tests.crash.child", json.dumps(asdict(given))]
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert second.returncode != 0
        assert f"pid {first.pid}" in second.stderr
    assert nursery.lived(replace(given, load=8))[1] == 0  # the kernel gave the lock back


# -- three thousand timers of one instant


async def set_timers(url: str, count: int) -> None:
    async with hub_on(url) as hub:
        for first in range(0, count, 300):  # the door turns away whoever waits over two seconds
            some = range(first, min(first + 300, count))
            await asyncio.gather(
                *(hub.handle(f"probe/{n}", Note(word=f"w{n}", due_at=NOW), key="", by="t") for n in some)
            )


async def fired(url: str) -> list[Any]:
    store = Store(url)
    found = [r[2] for r in store.read(lambda c: c.all("entries_typed", "Noted", 1, 10**9)) if '"word":"fired"' in r[8]]
    left = store.read(lambda c: c.all("timers_all"))
    store.close()
    assert left == []
    return found


async def _fire_all(url: str, hubs: int) -> None:
    clock = ManualClock(NOW)
    async with hub_on(url, clock) as one, hub_on(url, clock) as two:
        workers = [Timers(hub, clock) for hub in (one, two)[:hubs]]
        for _ in range(40):
            await asyncio.gather(*(worker.run_once() for worker in workers))
            if not await one.read(lambda c: c.all("timers_all")):
                break


@pytest.mark.usefixtures("probe")
async def test_three_thousand_timers_of_one_instant_fire_once_each(tmp_path: Path) -> None:
    url = sqlite(tmp_path)
    await set_timers(url, 3000)
    await _fire_all(url, 1)
    assert sorted(await fired(url)) == sorted(f"probe/{n}" for n in range(3000))


KILLED = """
import asyncio, os, signal, sys
from dutydesk.clock import ManualClock
from dutydesk.domain.catalogue import catalogue
from tests.crash import test_kill
from tests.kit import hub_on
from tests.store.probe import book
from dutydesk.workers.timers import Timers
catalogue["probe"] = book
async def main():
    clock = ManualClock(test_kill.NOW)
    async with hub_on(sys.argv[1], clock) as hub:
        def die(seq, wakes):
            if hub.health.entries > 1200:
                os.kill(os.getpid(), signal.SIGKILL)
        hub.on_commit = die
        while True:
            await Timers(hub, clock).run_once()
asyncio.run(main())
"""


@pytest.mark.usefixtures("probe")
async def test_they_fire_once_each_also_when_killed_in_the_middle(tmp_path: Path) -> None:
    url = sqlite(tmp_path)
    await set_timers(url, 3000)
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, url, cwd=ROOT)
    assert await asyncio.wait_for(child.wait(), 60) == -9
    store = Store(url)
    left = len(store.read(lambda c: c.all("timers_all")))
    store.close()
    assert 0 < left < 3000
    await _fire_all(url, 1)
    assert sorted(await fired(url)) == sorted(f"probe/{n}" for n in range(3000))


@pytest.mark.usefixtures("probe")
async def test_two_hubs_fire_the_same_timers_once_each(fresh_postgres: str) -> None:
    await set_timers(fresh_postgres, 400)
    await _fire_all(fresh_postgres, 2)
    assert sorted(await fired(fresh_postgres)) == sorted(f"probe/{n}" for n in range(400))
