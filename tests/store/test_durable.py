"""Answered means on the disk: a commit of the journal waits for it on both engines; only what can be made anew does not."""

from pathlib import Path

from dutydesk.store.postgres import PostgresConnection
from dutydesk.store.sqlite import SqliteConnection
from dutydesk.store.store import Store

FULL, NORMAL = (
    2,
    1,
)  # PRAGMA synchronous; with NORMAL a commit in the WAL is not yet on the disk (sqlite.org/pragma.html)


def test_a_commit_of_the_journal_waits_for_the_disk(tmp_path: Path) -> None:
    connection = Store(f"sqlite:///{tmp_path}/desk.db").connect()
    assert isinstance(connection, SqliteConnection)
    assert connection._db.execute("PRAGMA synchronous").fetchone() == (FULL,)
    assert connection._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    derived = SqliteConnection(tmp_path / "index.db", derived=True)
    assert derived._db.execute("PRAGMA synchronous").fetchone() == (NORMAL,)
    derived.close()


def test_a_commit_of_the_journal_waits_for_the_disk_of_postgresql(fresh_postgres: str) -> None:
    connection = Store(fresh_postgres).connect()
    assert isinstance(connection, PostgresConnection)
    assert connection._db.execute("SHOW synchronous_commit").fetchone() == ("on",)
    connection.close()
