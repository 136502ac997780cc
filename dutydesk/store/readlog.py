"""Who looked at what: a log of reads beside the journal, with a chain of its own. It never takes the pen."""

from collections.abc import Sequence
from hashlib import sha256

import orjson

from dutydesk.errors import ChainBroken, Unavailable
from dutydesk.store.chain import GENESIS
from dutydesk.store.connection import Connection

MOST = 64  # rows of one statement: it is its own transaction
TRIES = 50  # hubs that append at once take turns: the later one takes the numbers after

Seen = tuple[int, str, str]  # instant, author, what


def append(connection: Connection, seen: Sequence[Seen]) -> None:
    """Write reads down in order. Raises Unavailable when another hub is always first."""
    for start in range(0, len(seen), MOST):
        _append(connection, seen[start : start + MOST])


def _append(connection: Connection, seen: Sequence[Seen]) -> None:
    for _ in range(TRIES):
        last = connection.one("last_read")
        seq, hash_ = (last[0], last[1]) if last else (0, GENESIS)
        rows = []
        for at, author, what in seen:
            seq, hash_ = seq + 1, _link(hash_, seq + 1, at, author, what)
            rows.append((seq, at, author, what, hash_))
        try:
            connection.many("add_read", rows)
        except connection.failures:
            newer = connection.one("last_read")
            if newer == last:
                raise
        else:
            return
    raise Unavailable("查阅记录没有写上")


def _link(previous: str, seq: int, at: int, author: str, what: str) -> str:
    return sha256(previous.encode() + orjson.dumps((seq, at, author, what))).hexdigest()


def verify(connection: Connection, step: int = 5_000) -> int:
    """Walk the log's chain. Returns how many reads it holds; raises ChainBroken. The oldest kept read is believed: older ones may have
    been removed after their time (`housekeeping`)."""
    seq, previous, count = 0, "", 0
    while rows := connection.all("reads_after", seq, step):
        for found, at, author, what, hash_ in rows:
            if previous and (found != seq + 1 or _link(previous, found, at, author, what) != hash_):
                raise ChainBroken(f"read {found} was changed, or one before it is missing")
            seq, previous, count = found, hash_, count + 1
    return count
