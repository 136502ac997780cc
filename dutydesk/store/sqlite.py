"""SQLite: one file, one process, durable at commit (WAL, synchronous=FULL)."""

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from dutydesk.store.connection import Params
from dutydesk.store.sql import pieces, queries


class SqliteConnection:
    """See `Connection`. Every statement is one step in this process: no round trips."""

    failures = (sqlite3.Error,)

    def __init__(self, path: Path, *, readonly: bool = False, derived: bool = False) -> None:
        """`derived`: what is written can be made anew, so a commit need not wait for the disk."""
        self.round_trips = 0
        self._queries = queries()
        self._db = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=256, timeout=5
        )
        self._execute = self._db.execute
        if not readonly:
            self._execute("PRAGMA journal_mode=WAL")
            self._execute(f"PRAGMA synchronous={'NORMAL' if derived else 'FULL'}")
        else:
            self._execute("PRAGMA query_only=ON")
        self._execute("PRAGMA cache_size=-16000")
        self._execute("PRAGMA wal_autocheckpoint=4000")

    def all(self, name: str, *params: Any) -> list[Params]:
        return self._execute(self._queries[name], params).fetchall()

    def one(self, name: str, *params: Any) -> Params | None:
        rows = self._execute(self._queries[name], params).fetchall()
        return rows[0] if rows else None

    def run(self, name: str, *params: Any) -> int:
        return self._execute(self._queries[name], params).rowcount

    def many(self, name: str, rows: Sequence[Params]) -> None:
        for text, params in pieces(self._queries[name], rows):
            self._execute(text, params)

    def among(self, name: str, rows: Sequence[Params]) -> list[Params]:
        asked = pieces(self._queries[name], rows)
        return [found for text, params in asked for found in self._execute(text, params).fetchall()]

    def script(self, statements: Sequence[str]) -> None:
        for statement in statements:
            self._execute(statement.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY"))

    def begin(self) -> Params:
        self._execute("BEGIN IMMEDIATE")
        pen = self.one("take_pen")
        assert pen is not None
        return pen

    def begin_beside(self) -> None:
        self._execute("BEGIN IMMEDIATE")

    def begin_read(self) -> None:
        self._execute("BEGIN DEFERRED")

    def commit(self) -> None:
        self._execute("COMMIT")

    def rollback(self) -> None:
        if self._db.in_transaction:
            self._execute("ROLLBACK")

    def savepoint(self) -> None:
        self._execute("SAVEPOINT input")

    def release(self) -> None:
        self._execute("RELEASE input")

    def back_to_savepoint(self) -> None:
        self._execute("ROLLBACK TO input")
        self._execute("RELEASE input")

    def together(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def is_empty(self) -> bool:
        return not self.has("pen")

    def has(self, table: str) -> bool:
        return bool(self._execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchall())

    def backup(self, path: Path) -> None:
        """An online copy, page by page, while others write."""
        target = sqlite3.connect(path)
        with target:
            self._db.backup(target, pages=2000)
        target.close()

    def close(self) -> None:
        self._db.close()


def is_store(file: Path) -> bool:
    """Whether a file is an SQLite store of a desk."""
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
            return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'pen'").fetchall())
    except sqlite3.Error:
        return False
