"""What PostgreSQL thinks of a session that fell silent with the pen in hand: why a waiting hub has to end it itself."""

from collections.abc import Callable

import psycopg
import pytest

SET = "-c idle_in_transaction_session_timeout=2s"
TAKE = "UPDATE pen SET seq = seq WHERE id = 1"


def _after_a_simple_query(session: psycopg.Connection) -> None:
    session.execute(f"BEGIN; {TAKE}".encode(), prepare=False)


def _within_a_pipeline(session: psycopg.Connection) -> None:
    _after_a_simple_query(session)
    session.pgconn.enter_pipeline_mode()
    session.pgconn.send_query_params(b"SELECT 1", None)
    session.pgconn.send_flush_request()
    session.pgconn.flush()


def _after_a_pipeline(session: psycopg.Connection) -> None:
    session.pgconn.enter_pipeline_mode()
    for text in ("BEGIN", TAKE):
        session.pgconn.send_query_params(text.encode(), None)
    session.pgconn.pipeline_sync()
    session.pgconn.send_flush_request()  # as psycopg ends a pipeline when the server is slow: its clock is disarmed by any message
    session.pgconn.flush()


SILENT: dict[Callable[[psycopg.Connection], None], str | None] = {
    _after_a_simple_query: None,
    _within_a_pipeline: "active",
    _after_a_pipeline: "idle in transaction",
}


@pytest.fixture
def server(fresh_postgres: str) -> str:
    with psycopg.connect(fresh_postgres, autocommit=True) as session:
        session.execute("CREATE TABLE pen (id integer, seq integer)")
    return fresh_postgres


def test_the_idle_timeout_ends_only_who_fell_silent_after_a_simple_query(server: str) -> None:
    sessions = {silent: psycopg.connect(server, autocommit=True, options=SET) for silent in SILENT}
    for silent in (_within_a_pipeline, _after_a_pipeline, _after_a_simple_query):
        silent(sessions[silent])
    with psycopg.connect(server, autocommit=True) as other:
        for _ in range(600):
            if _state(other, sessions[_after_a_simple_query]) is None:
                break
            other.execute("SELECT pg_sleep(0.05)")
        assert {silent: _state(other, session) for silent, session in sessions.items()} == SILENT
    for session in sessions.values():
        session.close()


def _state(other: psycopg.Connection, session: psycopg.Connection) -> str | None:
    asked = "SELECT state FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Client'"
    found = other.execute(asked, (session.info.backend_pid,)).fetchone()
    return found[0] if found else None
