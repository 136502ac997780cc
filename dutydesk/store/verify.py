"""Reading the whole journal: does the chain hold, what do the rows look like rebuilt, what promises should stand."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.desks import Redacted
from dutydesk.domain.verbs import Row, split
from dutydesk.errors import ChainBroken
from dutydesk.store import chain
from dutydesk.store.buffers import shown_row
from dutydesk.store.connection import Connection, Params
from dutydesk.store.entries import Entry, decode
from dutydesk.store.store import Head, entries, head


def verify(connection: Connection) -> Head:
    """Walk the whole chain. Returns the head; raises ChainBroken at the first entry that does not fit, or a head that does not."""
    now = head(connection)
    erased = frozenset(dict(_redactions(connection, now.seq)))
    seq, found = chain.check(entries(connection, 1, now.seq), chain.GENESIS, 0, erased)
    if (seq, found) != (now.seq, now.hash):
        raise ChainBroken(f"the journal ends at {seq} but the pen says {now.seq}: entries were cut off or added")
    if connection.one("entry_hash", now.seq + 1):
        raise ChainBroken(f"there is an entry after the head {now.seq}")
    return now


class Walked(NamedTuple):
    """How far a walk along the chain came: it holds up to entry `seq`, whose hash is `hash`; the journal's head is `head`."""

    seq: int
    hash: str
    head: int


def walk(connection: Connection, after: int, hash: str | None, most: int) -> Walked:
    """Check at most `most` entries after entry `after`, whose hash was `hash` (None: from the beginning), so that a long journal is
    proved without holding anybody up. Raises ChainBroken."""
    now = head(connection)
    last = min(after + most, now.seq)
    erased = frozenset(dict(_redactions(connection, now.seq)))
    seq, found = chain.check(entries(connection, after + 1, last), hash or chain.GENESIS, after, erased)
    if seq != last or (seq == now.seq and found != now.hash):
        raise ChainBroken(f"the journal ends at {seq} but the pen says {now.seq}: entries were cut off or added")
    return Walked(seq, found, now.seq)


def _redactions(connection: Connection, last: int) -> Iterator[tuple[int, int]]:
    """What was erased, and the entry that says so."""
    for record in connection.all("entries_typed", "Redacted", 1, last):
        entry = decode(record)
        assert isinstance(entry.event, Redacted)
        yield entry.event.seq, entry.seq


def check_checkpoint(connection: Connection, checkpoint: dict[str, Any]) -> None:
    """Compare with a checkpoint that left the building. Raises ChainBroken when the journal was cut or rewritten."""
    row = connection.one("entry_hash", checkpoint["seq"])
    if checkpoint["seq"] and row is None:
        raise ChainBroken(
            f"the checkpoint knows entry {checkpoint['seq']}; the journal is shorter: its tail was cut off"
        )
    if row and row[0] != checkpoint["hash"]:
        raise ChainBroken(f"entry {checkpoint['seq']} is not the one the checkpoint saw: the journal was rewritten")
    told, found = checkpoint.get("sm3"), second_digest(connection, checkpoint["seq"]) if checkpoint.get("sm3") else ""
    if told and found and told != found:
        raise ChainBroken("the SM3 digest is not the one the checkpoint saw: the journal was rewritten")


def second_digest(connection: Connection, upto: int) -> str:
    """SM3 over the hashes of all entries up to `upto`; empty where the library has no SM3."""
    return chain.second_digest(entries(connection, 1, upto))


def rebuilt_rows(connection: Connection, upto: int) -> Iterator[tuple[str, str, int, bool, Row]]:
    """Every stream's row as of entry `upto`: (kind, id, seq, drill, row), stream by stream."""
    erased = dict(_redactions(connection, upto))
    for stream, history in _streams(connection, upto):
        kind, id = split(stream)
        row = row_of(stream, history)
        if row is not None:
            seq = max(history[-1].seq, *(erased.get(e.seq, 0) for e in history))
            yield kind, id, seq, history[-1].drill, row


def _streams(connection: Connection, upto: int, step: int = 5_000) -> Iterator[tuple[str, list[Entry]]]:
    """Stream by stream in slices; the last stream of a full slice may be cut, so the next slice begins with it."""
    after, room = "", step
    while records := connection.all("entries_by_stream", after, upto, room):
        whole = [list(group) for _, group in groupby(map(decode, records), key=lambda e: e.stream)]
        if len(records) == room:
            whole.pop()
        for history in whole:
            yield history[0].stream, history
        if len(records) < room:
            return
        after, room = (whole[-1][0].stream, step) if whole else (after, room * 2)


def row_as_of(connection: Connection, stream: str, upto: int) -> tuple[Entry, Row] | None:
    """A stream's last entry and row as they stood at entry `upto`; None when it had not begun."""
    history = [e for r in connection.all("entries_of", stream, 0) for e in (decode(r),) if e.seq <= upto]
    row = row_of(stream, history)
    return (history[-1], row) if history and row else None


def row_of(stream: str, history: list[Entry]) -> Row | None:
    """What a stream's row looks like after these entries, in their order."""
    kind, id = split(stream)
    book = catalogue[kind]
    state = book.blank
    for entry in history:
        state = book.evolve(state, entry.event)
    return book.project(id, state)


def rebuild(connection: Connection) -> int:
    """Make the rows anew from the journal, in one transaction. Returns how many there are."""
    pen = connection.begin()
    connection.run("clear_rows")
    connection.run("clear_refs")
    rows: list[Params] = []
    refs: list[Params] = []
    for kind, id, seq, drill, row in rebuilt_rows(connection, pen[0]):
        rows.append(shown_row(kind, id, seq, drill, row))
        refs += [(name, value, kind, id) for name, value in row.refs]
    connection.many("put_row", rows)
    connection.many("add_ref", refs)
    connection.commit()
    return len(rows)


def board(connection: Connection, upto: int) -> dict[tuple[str, str], dict[str, Any]]:
    """The board as of entry `upto`, as plain values."""
    shown = (shown_row(*found) for found in rebuilt_rows(connection, upto))
    return {(r[0], r[1]): {"seq": r[2], "open": r[3], "body": orjson.loads(r[6])} for r in shown}
