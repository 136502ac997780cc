"""The store: one writer connection, a few readers, the schema and its migrations, and the questions asked outside the pen."""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from dutydesk.errors import DeskError, Refused, Unavailable
from dutydesk.store.connection import Connection, Params
from dutydesk.store.reasons import why
from dutydesk.store.remaking import remake
from dutydesk.store.sql import migrations, schema, search_schema
from dutydesk.store.sqlite import SqliteConnection

SCHEMA = 2  # raise it with any new event type or field: an older hub then turns not-ready
T = TypeVar("T")


class SchemaAhead(Refused):
    """The store was written by a newer program; this one must not write."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the journal stands."""

    seq: int
    hash: str
    at: int
    schema: int
    policy: int

    @property
    def token(self) -> str:
        """`seq:hash8`, what a console keeps to resume."""
        return f"{self.seq}:{self.hash[:8]}"


class Store:
    """Opened once per process. `url` is sqlite:///path or postgresql://…"""

    def __init__(self, url: str) -> None:
        self.url = url
        scheme = urlsplit(url).scheme
        if not url.startswith(("sqlite:///", "postgresql://")):  # never the whole of it: there may be a password in it
            raise DeskError(
                "DUTYDESK_DATABASE: 应写成 sqlite:////绝对路径/desk.sqlite 或 postgresql://用户@主机/库名,不带引号"
                + (f"(现在以 {scheme}: 开头)" if scheme else "")
            )
        self.engine = scheme
        engine = _engine(scheme)
        self._open: Callable[..., Connection] = engine
        self._away: tuple[type[Exception], ...] = (OSError, *engine.failures)
        self._idle: queue.SimpleQueue[Connection] = queue.SimpleQueue()

    @property
    def path(self) -> Path | None:
        """The file of an SQLite store."""
        return Path(self.url.removeprefix("sqlite:///")) if self.engine == "sqlite" else None

    def connect(self, *, readonly: bool = False) -> Connection:
        """A new connection. Raises Unavailable when the store is away."""
        try:
            if self.path:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            return self._open(self.path or self.url, readonly=readonly)
        except self._away as error:
            raise Unavailable(f"存储连接不上:{why(error)}") from error

    def connect_index(self) -> Connection:
        """A new connection to the search index, made where there is none. Raises Unavailable when the store is away."""
        try:
            place = self.path.with_name(f"{self.path.name}.search") if self.path else self.url
            index = self._open(place, derived=True)
            if not index.has("indexed"):
                index.script(search_schema())
        except self._away as error:
            raise Unavailable(f"检索用的索引连接不上:{why(error)}") from error
        return index

    def prepare(self) -> None:
        """Create or migrate the schema. Raises SchemaAhead for a store newer than this program, Unavailable when it takes no writes."""
        connection = self.connect()
        try:
            if connection.is_empty():
                self._create(connection)
            self._migrate(connection)
        except connection.failures as error:
            raise Unavailable(f"存储不能写入:{why(error)}") from error
        finally:
            connection.close()

    def _create(self, connection: Connection) -> None:
        create = [*schema(), f"INSERT INTO pen VALUES (1, 0, '{'0' * 64}', 0, {SCHEMA}, 0)"]  # noqa: S608  # nosec B608
        try:
            connection.script(["BEGIN", *create, "COMMIT"])
        except connection.failures:
            connection.rollback()
            if connection.is_empty():
                raise

    def _migrate(self, connection: Connection) -> None:
        pen = connection.begin()
        found = pen[3]
        if found > SCHEMA:
            connection.rollback()
            raise SchemaAhead(f"数据库结构版本是 {found},本程序只认识到 {SCHEMA}:请升级程序,不要降级运行")
        for number, steps in migrations().items():
            if number > found:
                reached = f"UPDATE pen SET schema = {number} WHERE id = 1"  # noqa: S608  # nosec B608
                connection.script([*steps, reached])
        if found < SCHEMA:
            remake(connection, pen[0])  # an older program may have shown the same entries otherwise
        connection.commit()

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        """A read-only connection inside one consistent snapshot. Raises Unavailable when the store is away."""
        with self._taken() as connection:
            connection.begin_read()
            yield connection
            connection.commit()

    @contextmanager
    def _taken(self) -> Iterator[Connection]:
        connection = self._take()
        try:
            yield connection
        except connection.failures as error:
            connection.close()
            raise Unavailable(f"存储暂时不可读:{why(error)}") from error
        except BaseException:
            connection.rollback()
            self._idle.put(connection)
            raise
        self._idle.put(connection)

    def _take(self) -> Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        return self.connect(readonly=True)

    def read(self, ask: Callable[[Connection], T]) -> T:
        """Run `ask` on a reader."""
        with self.reader() as connection:
            return ask(connection)

    def glance(self, ask: Callable[[Connection], T]) -> T:
        """Run `ask` on a reader with no transaction around it: each of its questions is of the moment it is asked."""
        with self._taken() as connection:
            return ask(connection)

    def close(self) -> None:
        while not self._idle.empty():
            self._idle.get().close()


def _engine(scheme: str) -> Any:
    """The class of connections. Only what is wanted is loaded: psycopg weighs 8 MB."""
    if scheme == "postgresql":
        from dutydesk.store.postgres import PostgresConnection

        return PostgresConnection
    return SqliteConnection


def head(connection: Connection) -> Head:
    """The journal's head."""
    row = connection.one("head")
    if row is None:
        raise Unavailable("存储还没有建立")
    return Head(*row)


def entries(connection: Connection, first: int, last: int, step: int = 5_000) -> Iterator[Params]:
    """Raw entries of a range in slices, so that a million of them never stand in memory at once."""
    for start in range(first, last + 1, step):
        yield from connection.all("entries_between", start, min(start + step - 1, last))
