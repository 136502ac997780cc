"""The runbook is followed word by word: the commands are cut out of the page and run by a shell, against the installed program."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dutydesk.cli.main import main
from dutydesk.store.store import Store
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


def newest(folder: Path, kind: str) -> dict[str, str]:
    """The last pair of a copy and its checkpoint."""
    (*_, copy), (*_, kept) = sorted(folder.glob(f"desk-*.{kind}")), sorted(folder.glob("head-*.json"))
    return {"COPY": str(copy), "HEAD": str(kept)}


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
        assert Path(newest(tmp_path, "sqlite")["COPY"]).stat().st_mode & 0o777 == 0o600
        await hub.handle("message/b", sms("又炸了", phone(1)), key="b", by="main")
    assert len(journal(store)) > len(copied)
    done = follow("restore", store, tmp_path, **newest(tmp_path, "sqlite"))
    assert done.returncode == 0, done.stderr
    assert "日志完好" in done.stdout
    assert journal(store) == copied
    assert (tmp_path / "desk.sqlite.before-restore").exists()


async def test_a_second_restore_does_not_bury_the_first_store(store: str, tmp_path: Path) -> None:
    async with hub_on(store, furnished=True):
        assert follow("backup", store, tmp_path).returncode == 0
    first = journal(store)
    os.chown(tmp_path / "desk.sqlite", 12_345, -1)
    for aside in ("desk.sqlite.before-restore", "desk.sqlite.before-restore-2"):
        done = follow("restore", store, tmp_path, **newest(tmp_path, "sqlite"))
        assert f"原库改名为 {aside}" in done.stdout
        assert journal(f"sqlite:///{tmp_path}/{aside}") == first
    restored = (tmp_path / "desk.sqlite").stat()
    assert (restored.st_uid, restored.st_mode & 0o777) == (12_345, 0o600)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("verify --checkpoint nothing.json", "nothing.json:没有这个文件"),
        ("verify --checkpoint broken.json", "broken.json 不是检查点"),
        ("verify --checkpoint later.json", "先不要启动值班台"),
        ("backup nowhere/copy.sqlite", "没有文件夹 nowhere"),
        ("backup broken.json", "已经存在,不覆盖:换一个名字"),
        ("restore nothing.sqlite", "没有这个文件:nothing.sqlite"),
        ("restore broken.json", "broken.json 不是 SQLite 数据库"),
        ("import nothing.jsonl", "nothing.jsonl:没有这个文件"),
        ("user reset-factors nobody", "没有用户 nobody"),
        ("redact 99999 --ground x", "没有这一条"),
    ],
)
def test_a_slip_at_night_is_answered_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    """No traceback: what is wrong, and what to do."""
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "later.json").write_text('{"seq": 999999, "hash": "x"}')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUTYDESK_DATABASE", "sqlite:///desk.sqlite")
    Store("sqlite:///desk.sqlite").prepare()
    monkeypatch.setattr(sys, "argv", ["dutydesk", *words.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert said in capsys.readouterr().err


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
    done = follow("undump", fresh_postgres, tmp_path, RESTORED=empty_postgres, **newest(tmp_path, "dump"))
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
