"""PostgreSQL: many hubs, one pen (the row lock of `pen`). A frozen hub is cut off after three seconds, or eight."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import psycopg
from psycopg.types.numeric import Int8Dumper

from dutydesk.errors import DeskError
from dutydesk.store.connection import Params
from dutydesk.store.sql import pieces, queries

# A hub stopped in mid-transaction would hold the pen for everybody: 3 s, then the server ends its session.
# A reader holds nobody up: what is counted over a year takes its time between two slices.
_SESSION = "-c idle_in_transaction_session_timeout={idle}s -c lock_timeout=8s -c statement_timeout=30s"
_IDLE, _IDLE_READER = 3, 60

# A machine or a way that is gone without a word: the kernel gives the connection up after ten seconds, not after two hours.
_ALIVE: dict[str, Any] = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
_ALIVE |= {"tcp_user_timeout": 10_000}

# One frozen between the statements of a pipeline is not idle to the server, and no timeout of its ends it: whoever has waited for the
# pen in vain ends the session that holds it and has been silent for five seconds (tests/store/test_frozen_session.py).
_FREE_PEN = """
    SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.relation = 'pen'::regclass AND l.mode = 'RowExclusiveLock' AND l.granted AND a.datname = current_database()
      AND a.wait_event_type = 'Client' AND a.xact_start < clock_timestamp() - interval '5 seconds'"""


class PostgresConnection:
    """See `Connection`."""

    failures = (psycopg.Error,)

    def __init__(self, url: str, *, readonly: bool = False, derived: bool = False) -> None:
        """`derived`: what is written can be made anew, so a commit need not wait for the disk.

        Raises DeskError when the database is kept in an encoding other than UTF-8.
        """
        self.round_trips = 0
        self._queries = queries()
        given = _ALIVE | psycopg.conninfo.conninfo_to_dict(url)
        session = _SESSION.format(idle=_IDLE_READER if readonly else _IDLE)
        asked = f"{given.get('options', '')} {session} {'-c synchronous_commit=off' if derived else ''}".strip()
        whole = psycopg.conninfo.make_conninfo("", **given | {"options": asked, "client_encoding": "utf8"})
        self._db = psycopg.connect(whole, autocommit=True, cursor_factory=psycopg.RawCursor)
        self._demand_utf8()
        self._db.prepare_threshold = 2
        self._db.prepared_max = 400  # every query in every size it may come in
        # by default the size of a number chooses its type, and one text would be prepared for each mixture of them
        self._db.adapters.register_dumper(int, Int8Dumper)
        self._readonly = readonly
        self._bundled = False

    def _demand_utf8(self) -> None:
        kept = self._db.info.parameter_status("server_encoding")
        if kept != "UTF8":
            self._db.close()
            raise DeskError(f"数据库的编码是 {kept},存不了全部汉字:请另建一个 UTF8 的(createdb -E UTF8 -T template0 …)")

    def all(self, name: str, *params: Any) -> list[Params]:
        self.round_trips += 1
        return self._execute(self._queries[name], params).fetchall()

    def one(self, name: str, *params: Any) -> Params | None:
        self.round_trips += 1
        return self._execute(self._queries[name], params).fetchone()

    def run(self, name: str, *params: Any) -> int:
        self.round_trips += not self._bundled
        return self._execute(self._queries[name], params).rowcount

    def many(self, name: str, rows: Sequence[Params]) -> None:
        self.round_trips += not self._bundled
        for text, params in pieces(self._queries[name], rows):
            self._execute(text, params)

    def among(self, name: str, rows: Sequence[Params]) -> list[Params]:
        asked = list(pieces(self._queries[name], rows))
        self.round_trips += len(asked)
        return [found for text, params in asked for found in self._execute(text, params).fetchall()]

    def script(self, statements: Sequence[str]) -> None:
        for statement in statements:
            self._db.execute(statement)

    def begin(self) -> Params:
        try:
            return self._take_pen()
        except psycopg.errors.LockNotAvailable:
            self.rollback()
            self._db.execute(_FREE_PEN)
            return self._take_pen()

    def _take_pen(self) -> Params:
        self.round_trips += 1
        # one simple query, no pipeline: a session left idle by a pipeline is not ended by its idle timeout
        both = self._db.execute(f"BEGIN; {self._queries['take_pen']}", prepare=False)
        both.nextset()
        pen: Params | None = both.fetchone()
        assert pen is not None
        return pen

    def begin_beside(self) -> None:
        self.round_trips += 1
        self._db.execute("BEGIN")

    def begin_read(self) -> None:
        self.round_trips += 1
        self._db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def commit(self) -> None:
        self.round_trips += not self._bundled
        self._db.execute("COMMIT")

    def rollback(self) -> None:
        if not self._db.closed and self._db.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self._db.execute("ROLLBACK")

    def savepoint(self) -> None:
        self.round_trips += not self._bundled
        self._db.execute("SAVEPOINT input")

    def release(self) -> None:
        self.round_trips += not self._bundled
        self._db.execute("RELEASE input")

    def back_to_savepoint(self) -> None:
        self._db.execute("ROLLBACK TO input")
        self._db.execute("RELEASE input")

    def together(self) -> AbstractContextManager[Any]:
        return _Bundle(self)

    def is_empty(self) -> bool:
        return not self.has("pen")

    def has(self, table: str) -> bool:
        row = self._db.execute("SELECT to_regclass($1) IS NOT NULL", (table,)).fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        self._db.close()

    def _execute(self, text: str, params: Params) -> psycopg.Cursor[Any]:
        return self._db.execute(_numbered(text), params)

    def _bundle(self, on: bool) -> None:
        self._bundled = on


@cache
def _numbered(text: str) -> bytes:
    """Placeholders as the server itself writes them: the driver splits a text of 64 rows anew each time otherwise."""
    head, *rest = text.split("?")
    return "".join((head, *(f"${place}{part}" for place, part in enumerate(rest, 1)))).encode()


class _Bundle:
    """A pipeline counted as one round trip."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection
        self._pipeline = connection._db.pipeline()

    def __enter__(self) -> None:
        self._connection._bundle(True)
        self._pipeline.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._connection._bundle(False)
        self._connection.round_trips += 1
        self._pipeline.__exit__(*error)
