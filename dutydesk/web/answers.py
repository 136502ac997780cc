"""What consoles at given cursors are owed, asked of the store in one consistent snapshot. Runs in a reader's thread."""

from collections.abc import Collection
from typing import NamedTuple

import orjson

from dutydesk.store.connection import Connection, Params
from dutydesk.store.store import Head, head
from dutydesk.web.frames import CHUNK, Audience, Cursor, Part, Texts, by_seq, frame, parse_token, part, websocket_frame

MOST_BEHIND = 20_000  # entries: past it a fresh board is smaller than the difference


class Key(NamedTuple):
    """Consoles with the same key share one encoded frame."""

    audience: Audience
    cursor: Cursor


class Outgoing(NamedTuple):
    """A frame ready to be written, and where it brings a console."""

    data: bytes
    cursor: Cursor
    token: str


class Rights(NamedTuple):
    """What a user may see, as their row says now."""

    role: str
    division: str
    active: bool


class Round(NamedTuple):
    """One answer: the head, a frame for each key that is owed one, and the users whose rows changed."""

    head: Head
    frames: dict[Key, Outgoing]
    users: dict[str, Rights]


def ask(connection: Connection, keys: Collection[Key], now: int, writable: bool, limit: int = CHUNK) -> Round:
    """Answer all keys from one snapshot, `limit` characters of rows at most in a frame; who is at the head is owed nothing."""
    top = head(connection)
    owed = _Owed(connection, top)
    texts, frames, users = Texts(), dict[Key, Outgoing](), dict[str, Rights]()
    for key in keys:
        if key.cursor.seq >= top.seq > 0:
            continue
        cursor = _begin(key.cursor, top)
        records = owed.rows(cursor)
        users |= _rights(records, key.cursor)
        found = part(records, cursor, key.audience, texts, limit)
        frames[key] = _outgoing(connection, found, cursor, top, (now, writable))
    return Round(top, frames, users)


def _begin(cursor: Cursor, top: Head) -> Cursor:
    """A console that holds nothing is owed what is open now, and then every change."""
    return Cursor(0, top.seq) if cursor == Cursor() else cursor


def _outgoing(connection: Connection, found: Part, cursor: Cursor, top: Head, says: tuple[int, bool]) -> Outgoing:
    if found.complete:
        after, token = Cursor(top.seq), top.token
    else:
        after = Cursor(found.seq, cursor.fresh_to if found.seq < cursor.fresh_to else 0)
        token = _token(connection, found.seq)
    return Outgoing(websocket_frame(frame(token, *says, found.rows)), after, token)


def _token(connection: Connection, seq: int) -> str:
    row = connection.one("entry_hash", seq)
    return f"{seq}:{row[0][:8]}" if row else "0"


class _Owed:
    """Rows after a cursor, asked once a round."""

    def __init__(self, connection: Connection, top: Head) -> None:
        self._connection, self._top = connection, top
        self._found: dict[Cursor, list[Params]] = {}
        self._fresh: list[Params] | None = None

    def rows(self, cursor: Cursor) -> list[Params]:
        if cursor not in self._found:
            self._found[cursor] = self._ask(cursor)
        return self._found[cursor]

    def _ask(self, cursor: Cursor) -> list[Params]:
        if cursor.seq >= cursor.fresh_to:
            return self._connection.all("rows_since", cursor.seq)
        if self._fresh is None:
            self._fresh = self._connection.all("rows_fresh")
        opened = [row for row in self._fresh if cursor.seq < row[2] <= cursor.fresh_to]
        later = self._connection.all("rows_since", cursor.fresh_to) if cursor.fresh_to < self._top.seq else []
        return list(by_seq(opened, later))


def _rights(records: list[Params], cursor: Cursor) -> dict[str, Rights]:
    changed = [row for row in records if row[0] == "user" and row[2] > cursor.seq > 0]
    bodies = ((row[1], row[3], orjson.loads(row[6])) for row in changed)
    return {name: Rights(body["role"], body["division"], bool(active)) for name, active, body in bodies}


class Resumed(NamedTuple):
    """Where a console that shows a token stands. `reload`: forget everything; `diverged`: its past is not ours."""

    cursor: Cursor
    token: str
    reload: bool = False
    diverged: bool = False


def resume(connection: Connection, token: str) -> Resumed:
    """Check a token against the journal. An unknown past, and one too far behind, begin anew."""
    seq, mark = parse_token(token)
    if seq == 0:
        return Resumed(Cursor(), "0")
    row = connection.one("entry_hash", seq)
    if row is None or row[0][:8] != mark:
        return Resumed(Cursor(), "0", reload=True, diverged=True)
    if head(connection).seq - seq > MOST_BEHIND:
        return Resumed(Cursor(), "0", reload=True)
    return Resumed(Cursor(seq), token)


def since(connection: Connection, seq: int, whom: Audience, now: int, writable: bool) -> str:
    """Everything an audience is owed after entry `seq` (0: a fresh board), as one frame of JSON text."""
    top = head(connection)
    cursor = _begin(Cursor(seq), top)
    found = part(_Owed(connection, top).rows(cursor), cursor, whom, Texts(), limit=None)
    return frame(top.token, now, writable, found.rows)
