"""Chinese is kept whole whatever the database server or the operator's surroundings were set to."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from dutydesk.errors import DeskError
from dutydesk.store.store import Store


@pytest.fixture(params=["SQL_ASCII", "EUC_CN", "LATIN1"])
def narrow(request: pytest.FixtureRequest, fresh_postgres: str) -> Iterator[tuple[str, str]]:
    """The URL of a database in an encoding that cannot keep every character, and the encoding."""
    name = f"{urlsplit(fresh_postgres).path[1:]}_narrow"
    made = sql.SQL("CREATE DATABASE {} ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with psycopg.connect(fresh_postgres, autocommit=True) as connection:
        connection.execute(made.format(sql.Identifier(name), sql.Literal(request.param)))
        yield urlsplit(fresh_postgres)._replace(path=f"/{name}").geturl(), request.param
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_database_in_another_encoding_is_refused_in_words(narrow: tuple[str, str]) -> None:
    url, encoding = narrow
    with pytest.raises(DeskError, match=f"编码是 {encoding}.*createdb -E UTF8"):
        Store(url).prepare()


def test_the_encoding_of_the_surroundings_counts_for_nothing(
    fresh_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    connection = Store(fresh_postgres).connect()
    try:
        assert connection.has("𠮷林路") is False
    finally:
        connection.close()
