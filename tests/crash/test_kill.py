"""kill -9 anywhere: what was acknowledged is there, nothing is half there, and the promises are kept by whoever comes next."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from dutydesk.clock import BEIJING, ManualClock, from_datetime
from dutydesk.store.store import Store
from dutydesk.workers.timers import Timers
from tests.crash.child import POINTS
from tests.kit import check_whole, hub_on, sqlite
from tests.store.conftest import probe
from tests.store.probe import Note

ROOT = Path(__file__).parents[2]
NOW = from_datetime(datetime(2026, 11, 23, 12, 0, tzinfo=BEIJING))
__all__ = ["probe"]


def start(url: str, **env: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.crash.child", url]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stdout=subprocess.PIPE, text=True)


def lived(url: str, **env: str) -> tuple[list[str], int]:
    """Run a child to its end. What it had acknowledged, and how it ended."""
    with start(url, **env) as child:
        said = child.communicate(timeout=60)[0].split("\n")
    return [line[3:] for line in said if line.startswith("ok ")], child.returncode


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with rules and directory, to be copied."""
    folder = tmp_path_factory.mktemp("furnished")
    assert lived(sqlite(folder), FURNISH="1", LOAD="0")[1] == 0
    return folder


def check(url: str, acknowledged: set[str]) -> None:
    store = Store(url)
    store.read(check_whole)
    recorded = {r[1] for r in store.read(lambda c: c.all("rows_of_kind", "message"))}
    store.close()
    assert acknowledged <= recorded


def finish(url: str, load: int) -> None:
    """The next start, and the senders' retries, make everything whole."""
    acknowledged, status = lived(url, LOAD=str(load))
    assert (len(acknowledged), status) == (load, 0)
    check(url, set(acknowledged))
    store = Store(url)
    messages = store.read(lambda c: c.all("rows_of_kind", "message"))
    sent = Path(url.removeprefix("sqlite:///")).with_name("sent.txt").read_text().split()
    store.close()
    assert len(messages) == load
    assert {orjson.loads(r[6])["status"] for r in messages} <= {"opened", "attached"}
    assert len(set(sent)) == len(sent), "REPEATABLE was looked up before it was sent again"


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("passing", [0, 2])
def test_killed_between_any_two_steps_of_one_sms(furnished: Path, tmp_path: Path, point: str, passing: int) -> None:
    url = sqlite(tmp_path / "desk")
    shutil.copytree(furnished, tmp_path / "desk")
    acknowledged, status = lived(url, DIE_AT=f"{point}:{passing}", LOAD="24")
    assert status == -9, "it did not pass that point"
    check(url, set(acknowledged))
    finish(url, 24)


def _storm(furnished: Path, folder: Path, kills: int, seed: int) -> None:
    """Killed at random instants under load, again and again on one store."""
    dice, url = random.Random(seed), sqlite(folder / "desk")
    shutil.copytree(furnished, folder / "desk")
    acknowledged: set[str] = set()
    for _ in range(kills):
        with start(url, LOAD="400") as child:
            assert child.stdout
            for _ in range(dice.randint(1, 120)):
                line = child.stdout.readline()
                if line.startswith("ok "):
                    acknowledged.add(line[3:].strip())
            child.kill()
            acknowledged |= {
                rest[3:] for rest in child.stdout.read().split("\n") if rest.startswith("ok ") and rest[3:]
            }
        check(url, acknowledged)
    assert acknowledged


def test_killed_at_random_instants_under_load(furnished: Path, tmp_path: Path) -> None:
    _storm(furnished, tmp_path, 7, 1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_killed_a_thousand_times(furnished: Path, tmp_path: Path, seed: int) -> None:
    _storm(furnished, tmp_path, 50, seed)


def test_a_second_process_on_one_file_is_refused(furnished: Path, tmp_path: Path) -> None:
    url = sqlite(tmp_path / "desk")
    shutil.copytree(furnished, tmp_path / "desk")
    with start(url, LOAD="100000") as first:
        assert first.stdout
        assert first.stdout.readline() == "ready\n"
        second = subprocess.run(
            [sys.executable, "-m", "tests.crash.child", url], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert second.returncode != 0
        assert f"pid {first.pid}" in second.stderr
        first.kill()
    assert lived(url, LOAD="8")[1] == 0  # the kernel gave the lock back


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
