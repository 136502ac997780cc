"""What a tired operator stumbles over: a file saved by an office PC, a setting that is misspelt, a store or a port that is not to be had.

Each is answered in words that say what to do; none of them is a traceback, an empty store, or a password in the log.
"""

import contextlib
import errno
import logging
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from dutydesk import contacts
from dutydesk.app import build
from dutydesk.cli import logs
from dutydesk.cli.main import main
from dutydesk.cli.serving import all_problems
from dutydesk.config import Settings, load_rules
from dutydesk.config.scenarios import scenarios
from dutydesk.config.settings import strangers
from dutydesk.errors import ConfigError, DeskError, Unavailable
from dutydesk.store.reasons import meaning, why
from dutydesk.store.store import Store
from tests.cli.test_runbook import follow, journal
from tests.kit import hub_on, phone, sms

ROOT = Path(__file__).parents[2]


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    """The sample city's files, to be spoiled."""
    for name in ("config", "contacts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    given = {"config": tmp_path / "config", "contacts": tmp_path / "contacts"}
    return Settings.model_validate(given | {"database": f"sqlite:///{tmp_path}/desk.sqlite"})


def saved_as(path: Path, encoding: str) -> None:
    """As an office PC saves it: in its own encoding, with its own ends of lines."""
    path.write_bytes(path.read_text("utf-8-sig").replace("\n", "\r\n").encode(encoding, "replace"))


@pytest.mark.parametrize("name", ["phrases.toml", "gateways.toml", "desk.toml"])
@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_configuration_file_in_another_encoding_is_named_with_the_mend(
    office: Settings, name: str, encoding: str
) -> None:
    saved_as(office.config / name, encoding)
    assert f"{name}: 不是 UTF-8 编码,请另存为 UTF-8" in all_problems(office)


def test_a_drills_script_in_another_encoding_too(office: Settings) -> None:
    saved_as(office.config / "drills/chemical.toml", "gbk")
    with pytest.raises(ConfigError, match=r"chemical.toml: 不是 UTF-8 编码"):
        scenarios(office.config)


def test_a_byte_order_mark_and_the_line_ends_of_windows_change_nothing(office: Settings) -> None:
    before = load_rules(office.config)
    for path in office.config.rglob("*.toml"):
        saved_as(path, "utf-8-sig")
    assert load_rules(office.config) == before
    assert scenarios(office.config)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_a_directory_that_excel_saved_is_the_same_directory(office: Settings, encoding: str) -> None:
    before = contacts.load(office.contacts)
    for path in office.contacts.glob("*.csv"):
        saved_as(path, encoding)
    assert contacts.load(office.contacts) == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x = \u201c市应急办\u201d", "第 1 行写法有误,里面有全角的 \u201c\u201d,请改成半角:x = \u201c市应急办"),
        ("x \uff1d1", "第 1 行写法有误,里面有全角的 \uff1d,请改成半角"),
        ('x = "a', "第 1 行写法有误(Illegal character"),
    ],
)
def test_a_full_width_sign_is_shown_where_it_stands(office: Settings, line: str, said: str) -> None:
    path = office.config / "desk.toml"
    path.write_text(f"{line}\n{path.read_text('utf-8')}", "utf-8")
    assert [problem for problem in all_problems(office) if said in problem], all_problems(office)


# -- settings


def test_what_an_editor_leaves_around_a_value_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xef\xbb\xbf" + b"s" * 32 + b"\r\n")
    given = {"DUTYDESK_DATABASE": "sqlite:////x/desk.sqlite\r", "DUTYDESK_PORT": "8080\r", "DUTYDESK_HOST": " ::1 "}
    found = Settings.from_environment(given | {"DUTYDESK_SECRET_FILE": f"{tmp_path}/secret"})
    assert (found.database, found.port, found.host) == ("sqlite:////x/desk.sqlite", 8080, "::1")
    assert found.secret.get_secret_value() == "s" * 32


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DUTYDESK_PORT", "eighty", "DUTYDESK_PORT: 应是数字"),
        ("DUTYDESK_PORT", "99999", "DUTYDESK_PORT: 应在 0 到 65535 之间"),
        ("DUTYDESK_LOG", "JSON", "DUTYDESK_LOG: 只能是 text 或 json"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_refused_in_words(name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Settings.from_environment({name: value})


def test_addresses_that_cannot_be_meant_are_refused_before_anything_starts(office: Settings) -> None:
    wrong = office.model_copy(update={"public_url": "duty.example", "redis": "127.0.0.1:6379"})
    assert {problem.partition(":")[0] for problem in all_problems(wrong)} >= {"DUTYDESK_PUBLIC_URL", "DUTYDESK_REDIS"}
    assert not [problem for problem in all_problems(office) if problem.startswith("DUTYDESK_")]


def test_a_misspelt_setting_is_named_and_a_known_one_is_not() -> None:
    known = ("DUTYDESK_DATABASE", "DUTYDESK_SECRET_FILE", "TWILIO_ACCOUNT_SID", "DUTYDESK_GATEWAY_MAINLAND_URL")
    given = dict.fromkeys((*known, "DUTYDESK_PEER_PROVINCE_SECRET", "HOME", "DUTYDESK_TEST_REDIS"), "x")
    assert strangers(ROOT / "config", given) == []
    assert strangers(ROOT / "config", given | {"DUTYDESK_DATABSE": "x", "\ufeffDUTYDESK_PORT": "1"}) == [
        "DUTYDESK_DATABSE",
        "\ufeffDUTYDESK_PORT",
    ]


@pytest.mark.parametrize(
    "url", ['"postgresql://u:hidden@h/d"', "postgres://u:hidden@h/d", "sqlite://desk.sqlite", "desk.sqlite", ""]
)
def test_a_wrong_address_of_the_store_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(DeskError, match=r"应写成 sqlite:////绝对路径/desk.sqlite 或 postgresql://") as refused:
        Store(url)
    assert "hidden" not in str(refused.value)


async def test_a_port_that_is_taken_says_by_whom_it_may_be(office: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        given = {"DUTYDESK_GATEWAY_MAINLAND_URL": "http://127.0.0.1:9", "DUTYDESK_GATEWAY_MAINLAND_SECRET": "s" * 32}
        desk = build(office.model_copy(update={"port": other.getsockname()[1]}), environment=given)
        try:
            with pytest.raises(DeskError, match=r"不能在 127.0.0.1:\d+ 上监听:这个端口已经有程序占着"):
                await desk.serve()
        finally:
            await desk.stop()


# -- the store


def test_what_sqlite_says_is_said_in_the_operators_words(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"nonsense" * 1_000)
    with pytest.raises(Unavailable, match="这个文件不是数据库,是不是写错了路径"):
        Store(f"sqlite:///{tmp_path}/no.db").prepare()
    Store(f"sqlite:///{tmp_path}/desk.sqlite").prepare()
    for url, statement, said in (
        (f"file:{tmp_path}/desk.sqlite?mode=ro", "DELETE FROM pen", "只能读不能写"),
        (f"file:{tmp_path}/none/desk.sqlite", "SELECT 1", "打不开库文件"),
        (f"file:{tmp_path}/desk.sqlite", "CREATE TABLE t AS SELECT zeroblob(9000000)", "磁盘满了"),
    ):
        with pytest.raises(sqlite3.Error) as error, contextlib.closing(_lite(url)) as db:
            db.execute(statement)
        assert said in why(error.value)
        assert "(" not in meaning(error.value)


def _lite(url: str) -> sqlite3.Connection:
    db = sqlite3.connect(url, uri=True)
    db.execute("PRAGMA max_page_count = 400")
    return db


def test_what_postgresql_says_too(fresh_postgres: str) -> None:
    server = psycopg.conninfo.conninfo_to_dict(fresh_postgres)
    for change, said in (
        ({"dbname": "nothere"}, "数据库服务器上没有这个库"),
        ({"user": "nobody"}, "数据库服务器上没有这个用户"),
        ({"port": "9"}, "那里没有数据库在运行"),
        ({"host": "nohost.invalid"}, "查不到数据库的主机名"),
    ):
        known = {**{name: str(server[name]) for name in ("host", "port", "user", "dbname")}, **change}
        url = f"postgresql://{known['user']}@{known['host']}:{known['port']}/{known['dbname']}"
        with pytest.raises(Unavailable, match=f"存储连接不上:{said}"):
            Store(url).connect()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (psycopg.OperationalError('FATAL:  password authentication failed for user "dutydesk"'), "每台主机都要改"),
        (psycopg.errors.DiskFull('could not extend file "base/1": No space left on device'), "磁盘满了"),
        (psycopg.errors.ReadOnlySqlTransaction("cannot execute UPDATE in a read-only transaction"), "备机"),
        (psycopg.OperationalError("SSL error: certificate has expired"), "证书过期"),
        (OSError(errno.EROFS, "Read-only file system"), "文件系统是只读的"),
    ],
)
def test_what_is_known_of_other_ends(error: Exception, said: str) -> None:
    assert said in why(error)
    assert said in meaning(error)


def test_what_is_not_known_is_shown_to_the_operator_and_to_nobody_else() -> None:
    error = psycopg.errors.UniqueViolation("Key (who)=(王安) already exists")
    assert "王安" in why(error)
    assert meaning(error) == "UniqueViolation"


def test_a_file_system_that_went_read_only_ends_a_command_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    Store(f"sqlite:///{tmp_path}/desk.sqlite").prepare()
    monkeypatch.setenv("DUTYDESK_DATABASE", f"sqlite:///{tmp_path}/desk.sqlite")
    copy = tmp_path / "copy.sqlite"
    shutil.copy(tmp_path / "desk.sqlite", copy)

    def only_read(*_: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system", str(tmp_path / "desk.lock"))

    monkeypatch.setattr(os, "open", only_read)
    monkeypatch.setattr(sys, "argv", ["dutydesk", "restore", str(copy)])
    with pytest.raises(SystemExit):
        main()
    assert "desk.lock:文件系统是只读的" in capsys.readouterr().err


# -- the machine


def test_a_machine_that_says_it_knows_no_chinese_ends_no_command(tmp_path: Path) -> None:
    Store(f"sqlite:///{tmp_path}/desk.sqlite").prepare()
    known = {"PATH": os.environ["PATH"], "DUTYDESK_DATABASE": f"sqlite:///{tmp_path}/desk.sqlite"}
    command = [sys.executable, "-m", "dutydesk", "verify"]
    spoken = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=ROOT, env=known | spoken, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "日志完好" in done.stdout.decode()


def test_the_log_shows_the_hour_of_the_screens_wherever_the_machine_thinks_it_stands() -> None:
    record = logging.LogRecord("dutydesk", logging.INFO, "", 0, "x", None, None)
    record.created = 1_795_737_600.5  # 2026-11-27 00:00 UTC
    assert logs.Masked("%(asctime)s").format(record) == "2026-11-27 08:00:00.500+08:00"


async def test_last_nights_copy_serves_on_another_machine(tmp_path: Path) -> None:
    """Nothing but the copy, its checkpoint and the settings: no folder, no index, no lock of the machine that is gone."""
    former, other = tmp_path / "former", tmp_path / "other"
    former.mkdir()
    store = f"sqlite:///{former}/desk.sqlite"
    async with hub_on(store, furnished=True) as hub:
        await hub.handle("message/a", sms("化工园区爆炸", phone(1)), key="a", by="main")
        copied = journal(store)
        assert follow("backup", store, tmp_path).returncode == 0
    shutil.rmtree(former)
    here = f"sqlite:///{other}/var/desk.sqlite"
    (copy,), (kept,) = tmp_path.glob("desk-*.sqlite"), tmp_path.glob("head-*.json")
    done = follow("restore", here, tmp_path, COPY=str(copy), HEAD=str(kept))
    assert done.returncode == 0, done.stderr
    assert f"已恢复到 {other}/var/desk.sqlite" in done.stdout
    async with hub_on(here) as hub:
        await hub.handle("message/b", sms("又炸了", phone(1)), key="b", by="main")
    assert journal(here)[: len(copied)] == copied
