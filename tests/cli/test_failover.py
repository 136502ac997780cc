"""The first PostgreSQL server dies under load; the runbook promotes its synchronous standby, and two hubs go on with nothing lost."""

import os
import re
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from tests.cli.test_runbook import follow, newest
from tests.crash.life import Nursery
from tests.crash.storm import on_postgres
from tests.services import free_port, new_postgres, own_by_postgres, postgres_on


@dataclass(frozen=True, slots=True)
class Servers:
    """Two places for servers; the second is empty at first."""

    first: Path
    second: Path
    ports: tuple[int, int]

    @property
    def both(self) -> str:
        """What a hub is told: whichever of the two takes writes."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        return f"postgresql://dutydesk@{hosts}/postgres?target_session_attrs=read-write"

    def kill_first(self) -> None:
        """As when the machine goes off: every process at once."""
        postmaster = int((self.first / "data/postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, children)):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def servers() -> Iterator[Servers]:
    with tempfile.TemporaryDirectory(prefix="dutydesk-pair-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        first, second = Path(folder) / "first", Path(folder) / "second"
        for place in (first, second):
            place.mkdir()
        new_postgres(first)
        yield Servers(first, second, (free_port(), free_port()))


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.mark.long
def test_a_standby_promoted_by_the_runbook_has_everything_that_was_answered(
    servers: Servers, nursery: Nursery, tmp_path: Path
) -> None:
    with ExitStack() as first_serves, ExitStack() as stack:
        primary = first_serves.enter_context(postgres_on(servers.first, servers.ports[0]))
        storm = on_postgres(nursery, servers.both, tmp_path, faults=11)
        _carries_the_setting(primary)
        _done("clone", primary, tmp_path, PRIMARY=primary, STANDBY_DATA=str(servers.second / "data"))
        own_by_postgres(servers.second)
        standby = stack.enter_context(postgres_on(servers.second, servers.ports[1]))
        assert "quorum" in _done("synchronous", primary, tmp_path, PRIMARY=primary)

        lives = storm.begin(name="a"), storm.begin(name="b")
        for life in lives:
            storm.until(life, "ok", 30)
        kept = _checkpoint(primary, tmp_path)
        for life in lives:
            storm.until(life, "ok", 30)
        servers.kill_first()
        for life in lives:
            storm.until(life, "no", 1)
        answered = set(storm.acknowledged)
        assert "日志完好" in _done("promote", primary, tmp_path, STANDBY=standby, HEAD=kept)
        for life in lives:
            storm.until(life, "ok", 30)
        storm.kill(*lives)
        storm.orders = replace(storm.orders, url=standby)
        assert storm.judge() == []
        assert storm.counts["recorded"] >= len(storm.acknowledged) > len(answered) > 100


def _carries_the_setting(primary: str) -> None:
    """As a server that had a standby before: its clone waits for one of its own until told not to."""
    with psycopg.connect(primary, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'")


def _done(block: str, database: str, folder: Path, **more: str) -> str:
    done = follow(block, database, folder, **more)
    assert done.returncode == 0, done.stderr
    return re.sub(r"\s+", " ", done.stdout)


def _checkpoint(database: str, folder: Path) -> str:
    (folder / "early").mkdir()
    _done("dump", database, folder / "early")
    return newest(folder / "early", "dump")["HEAD"]
