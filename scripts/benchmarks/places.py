"""Where a run keeps its stores: SQLite files on the disk of the project, databases in a PostgreSQL server of its own or a given one."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests import services

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "bench-results"


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that goes away; beside the results, because /tmp may be memory and a commit there costs nothing."""
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=RESULTS, ignore_cleanup_errors=True) as made:
        yield Path(made)


@dataclass(frozen=True, slots=True)
class Engines:
    """Makes empty stores of an engine. `server` is the URL of a PostgreSQL database, "" when there is none."""

    server: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return ("sqlite", "postgresql") if self.server else ("sqlite",)

    @contextmanager
    def fresh(self, engine: str) -> Iterator[str]:
        """The URL of a store that does not exist yet, and is gone afterwards."""
        if engine == "sqlite":
            with folder() as made:
                yield f"sqlite:///{made}/desk.sqlite"
            return
        name = f"bench_{uuid.uuid4().hex}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
            try:
                yield services._with_database(self.server, name)
            finally:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def engines(wanted: bool) -> Iterator[Engines]:
    """The engines at hand: PostgreSQL is started when it is wanted, installed, and none is named by DUTYDESK_TEST_DATABASE."""
    given = os.environ.get("DUTYDESK_TEST_DATABASE", "")
    if given or not wanted:
        yield Engines(given if wanted else "")
        return
    with tempfile.TemporaryDirectory(prefix="dutydesk-bench-", ignore_cleanup_errors=True) as made:
        try:
            servers = services._postgres(Path(made))
            url = next(servers)
        except pytest.skip.Exception:
            yield Engines()
            return
        try:
            yield Engines(url)
        finally:
            next(servers, None)
