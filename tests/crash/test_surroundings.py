"""What a hub stands on goes away, stops, fills up or comes back: it says no while it cannot keep its word, and goes on by itself."""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from scripts.simulations.witness import rows
from tests.crash.life import Life, Nursery
from tests.crash.proxy import DIRECTIONS, between
from tests.crash.storm import on_postgres, on_sqlite, until_alone
from tests.services import redis_server


@pytest.mark.parametrize("point", ["begin:6", pytest.param("commit:6", marks=pytest.mark.long)])
def test_a_hub_frozen_with_the_pen_in_hand_holds_up_nobody(
    nursery: Nursery, tmp_path: Path, fresh_postgres: str, point: str
) -> None:
    """Before its first statement the server's timeout ends it; in the middle of sending whoever waits for the pen does."""
    storm = on_postgres(nursery, fresh_postgres, tmp_path, faults=3)
    frozen = storm.begin(name="a", die_at=point, die_by=signal.SIGSTOP)
    other = storm.begin(name="b")
    while not _is_stopped(frozen):
        storm.until(other, "ok")
    storm.until(other, "ok", 40)
    assert _is_stopped(frozen)
    frozen.signal(signal.SIGCONT)
    storm.until(frozen, "ok", 40)
    storm.kill(frozen, other)
    assert storm.judge() == []


def _is_stopped(life: Life) -> bool:
    return Path(f"/proc/{life.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_connections_cut_by_the_server_cost_an_answer_and_no_input(
    nursery: Nursery, tmp_path: Path, fresh_postgres: str
) -> None:
    storm = on_postgres(nursery, fresh_postgres, tmp_path, faults=4)
    life = storm.begin()
    for _ in range(6):
        storm.until(life, "ok", 15)
        _terminate(fresh_postgres)
    storm.until(life, "ok", 30)
    storm.kill(life)
    assert storm.judge() == []


def _terminate(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def crashing_postgres(postgres_url: str) -> str:
    """A database on a server that may be crashed: no connection of the test's own is held open."""
    if os.environ.get("DUTYDESK_TEST_DATABASE"):
        pytest.skip("the server is not ours to crash")
    name = f"crash_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    return postgres_url.replace("/postgres", f"/{name}")


@pytest.mark.long
def test_the_database_server_crashes_and_recovers(nursery: Nursery, tmp_path: Path, crashing_postgres: str) -> None:
    """A server process killed by SIGKILL: PostgreSQL throws out everybody, replays its log and starts again."""
    storm = on_postgres(nursery, crashing_postgres, tmp_path, faults=5)
    life = storm.begin()
    storm.until(life, "ok", 30)
    with psycopg.connect(crashing_postgres, autocommit=True) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        connection.close()
    storm.until(life, "no")
    storm.until(life, "ok", 30)
    storm.kill(life)
    assert storm.judge() == []


def test_redis_flushed_and_killed_costs_nothing(nursery: Nursery, tmp_path: Path, fresh_postgres: str) -> None:
    with contextlib.ExitStack() as until_killed:
        url = until_killed.enter_context(redis_server())
        storm = on_postgres(nursery, fresh_postgres, tmp_path, faults=6, redis=url)
        lives = storm.begin(name="a"), storm.begin(name="b")
        for life in lives:
            storm.until(life, "ok", 20)
        with redis.Redis.from_url(url) as client:
            client.flushall()
        for life in lives:
            storm.until(life, "ok", 20)
        until_killed.close()
        for life in lives:
            storm.until(life, "ok", 20)
    storm.kill(*lives)
    assert (storm.judge(), storm.refused) == ([], 0)


def test_a_slow_and_broken_way_to_the_database(nursery: Nursery, tmp_path: Path, fresh_postgres: str) -> None:
    address = urlsplit(fresh_postgres)
    with between(address.hostname or "", address.port or 5432) as way:
        through = fresh_postgres.replace(f":{address.port}", f":{way.port}")
        storm = on_postgres(nursery, fresh_postgres, tmp_path, faults=7)
        life = storm.begin(url=through)
        storm.until(life, "ok", 20)
        way.delay = 0.02
        storm.until(life, "ok", 8)
        way.cut()
        storm.until(life, "no")
        way.delay = 0.0
        way.heal()
        storm.until(life, "ok", 20)
        storm.kill(life)
        way.cut()
        until_alone(fresh_postgres)
        assert storm.judge() == []


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_way_to_the_database_open_in_one_direction_only(
    nursery: Nursery, tmp_path: Path, fresh_postgres: str, direction: str
) -> None:
    """Questions that do not arrive, or answers that do not: what was committed and not heard of is recorded, once."""
    address = urlsplit(fresh_postgres)
    with between(address.hostname or "", address.port or 5432) as way:
        storm = on_postgres(nursery, fresh_postgres, tmp_path, faults=13)
        life = storm.begin(url=fresh_postgres.replace(f":{address.port}", f":{way.port}"))
        for _ in range(4):
            storm.until(life, "ok", 15)
            way.hold(direction)
            assert way.holding()
            way.cut()
            way.heal()
        storm.until(life, "ok", 20)
        way.hold(direction)
        assert way.holding()
        way.heal()  # nothing was lost on the way: it goes on where it was
        storm.until(life, "ok", 20)
        storm.kill(life)
        way.cut()
        until_alone(fresh_postgres)
        assert storm.judge() == []


@pytest.mark.long
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_other_hub_goes_on_while_one_is_heard_in_one_direction_only(
    nursery: Nursery, tmp_path: Path, fresh_postgres: str, direction: str
) -> None:
    address = urlsplit(fresh_postgres)
    with between(address.hostname or "", address.port or 5432) as way:
        storm = on_postgres(nursery, fresh_postgres, tmp_path, faults=14)
        deaf = storm.begin(name="a", url=fresh_postgres.replace(f":{address.port}", f":{way.port}"))
        other = storm.begin(name="b")
        for _ in range(3):
            storm.until(deaf, "ok", 15)
            way.hold(direction)
            assert way.holding()
            storm.until(other, "ok", 150)
            way.heal()
        storm.until(deaf, "ok", 15)
        storm.kill(deaf, other)
        way.cut()
        assert storm.judge() == []


def test_a_file_that_may_not_grow(nursery: Nursery, furnished: Path, tmp_path: Path) -> None:
    """RLIMIT_FSIZE, as a disk that is full: everything is refused, nothing acknowledged; when there is room again it goes on."""
    storm = on_sqlite(nursery, furnished, tmp_path / "desk", faults=8)
    life = storm.begin()
    storm.until(life, "ok", 20)
    largest = max(file.stat().st_size for file in (tmp_path / "desk").iterdir())
    without = resource.prlimit(life.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(life.pid, resource.RLIMIT_FSIZE, (largest, without[1]))
    storm.until(life, "no", 10)
    resource.prlimit(life.pid, resource.RLIMIT_FSIZE, without)
    storm.until(life, "ok", 20)
    storm.kill(life)
    assert storm.judge() == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a file system is not allowed here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.long
def test_a_full_disk(nursery: Nursery, furnished: Path, tmp_path: Path, small_disk: Path) -> None:
    storm = on_sqlite(nursery, furnished, small_disk / "desk", faults=9)
    storm.orders = replace(storm.orders, sent=str(tmp_path / "sent.txt"))
    life = storm.begin()
    storm.until(life, "ok", 20)
    filler = small_disk / "filler"
    room = shutil.disk_usage(small_disk).free
    filler.write_bytes(b"x" * (room - 8192))
    storm.until(life, "no", 10)
    filler.unlink()
    storm.until(life, "ok", 20)
    storm.kill(life)
    assert storm.judge() == []


@pytest.mark.parametrize("step", [-3600, 7200])
def test_a_stepped_clock_is_written_down_and_breaks_no_promise(
    nursery: Nursery, furnished: Path, tmp_path: Path, step: int
) -> None:
    storm = on_sqlite(nursery, furnished, tmp_path / "desk", faults=10)
    storm.end(storm.begin(load=64, step=step))
    storm.end(storm.begin(load=16))  # back at the time before the step
    assert storm.judge() == []
    assert rows(storm.orders.url, "SELECT count(*) FROM entries WHERE type = 'ClockStepped'")[0][0] >= 1
