"""The runbook is followed word by word: the commands are cut out of the page and run by a shell, against the installed program."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from scripts.simulations.witness import Findings, Row, rows, walk_chain
from tests.kit import hub_on, phone, sms

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs/runbook.md").read_text()
BLOCKS: dict[str, str] = dict(re.findall(r"^```sh (\w+)\n(.*?)^```", RUNBOOK, re.MULTILINE | re.DOTALL))


def follow(name: str, database: str, folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run one block of the runbook as it stands there."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {"PATH": path, "DUTYDESK_DATABASE": database, "COPIES": str(folder), "LANG": "C.UTF-8"} | more
    command = ["bash", "-euo", "pipefail", "-c", BLOCKS[name]]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=200)


def journal(url: str) -> list[Row]:
    found = Findings()
    walk_chain(url, found)
    assert found.broken == []
    return rows(url, "SELECT seq, stream, type, private, hash FROM entries ORDER BY seq")


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/desk.sqlite"


def test_every_block_is_followed_here() -> None:
    here, beside = {"backup", "restore", "move", "dump", "undump"}, {"clone", "synchronous", "promote"}
    assert set(BLOCKS) == here | beside
    failover = Path(__file__).with_name("test_failover.py").read_text()
    assert all(f'_done("{name}"' in failover for name in beside)


async def test_a_copy_made_while_the_desk_serves_is_put_back(store: str, tmp_path: Path) -> None:
    async with hub_on(store, furnished=True) as hub:
        await hub.handle("message/a", sms("化工园区爆炸", phone(1)), key="a", by="main")
        copied = journal(store)
        done = follow("backup", store, tmp_path)
        assert done.returncode == 0, done.stderr
        await hub.handle("message/b", sms("又炸了", phone(1)), key="b", by="main")
    assert len(journal(store)) > len(copied)
    done = follow("restore", store, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "日志完好" in done.stdout
    assert journal(store) == copied
    assert (tmp_path / "desk.sqlite.before-restore").exists()


@pytest.fixture
def empty_postgres(fresh_postgres: str) -> Iterator[str]:
    """A second database beside the first."""
    with psycopg.connect(fresh_postgres, autocommit=True) as connection:
        name = f"{connection.info.dbname}_b"
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        yield fresh_postgres.replace(connection.info.dbname, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


async def test_a_copy_of_postgresql_made_while_the_desk_serves_is_put_into_an_empty_one(
    tmp_path: Path, fresh_postgres: str, empty_postgres: str
) -> None:
    async with hub_on(fresh_postgres, furnished=True) as hub:
        await hub.handle("message/a", sms("化工园区爆炸", phone(1)), key="a", by="main")
        copied = journal(fresh_postgres)
        done = follow("dump", fresh_postgres, tmp_path)
        assert done.returncode == 0, done.stderr
        await hub.handle("message/b", sms("又炸了", phone(1)), key="b", by="main")
    done = follow("undump", fresh_postgres, tmp_path, RESTORED=empty_postgres)
    assert done.returncode == 0, done.stderr
    assert journal(empty_postgres) == copied
    promised = "SELECT stream, name, due_at FROM timers ORDER BY stream, name"
    assert rows(empty_postgres, promised) != []
    async with hub_on(empty_postgres) as hub:  # and it serves
        await hub.handle("message/b", sms("又炸了", phone(1)), key="b", by="main")


async def test_a_desk_moves_to_postgresql_with_its_chain_and_its_promises(
    store: str, tmp_path: Path, fresh_postgres: str
) -> None:
    async with hub_on(store, furnished=True) as hub:
        await hub.handle("message/a", sms("化工园区爆炸", phone(1)), key="a", by="main")
    done = follow("move", store, tmp_path, POSTGRES=fresh_postgres)
    assert done.returncode == 0, done.stderr
    assert journal(fresh_postgres) == journal(store)
    promised = "SELECT stream, name, due_at FROM timers ORDER BY stream, name"
    assert rows(fresh_postgres, promised) == rows(store, promised) != []
    async with hub_on(fresh_postgres) as hub:  # and it serves
        await hub.handle("message/b", sms("又炸了", phone(1)), key="b", by="main")
    assert len(journal(fresh_postgres)) > len(journal(store))
