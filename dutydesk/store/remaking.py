"""The rows made anew from the journal: how everything looked at an entry, and how it looks to a newer program."""

from collections.abc import Iterator
from itertools import groupby

from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.desks import Redacted
from dutydesk.domain.verbs import Row, split
from dutydesk.store.buffers import shown_row
from dutydesk.store.connection import Connection, Params
from dutydesk.store.entries import Entry, decode


def redactions(connection: Connection, last: int) -> Iterator[tuple[int, int]]:
    """What was erased, and the entry that says so."""
    for record in connection.all("entries_typed", "Redacted", 1, last):
        entry = decode(record)
        assert isinstance(entry.event, Redacted)
        yield entry.event.seq, entry.seq


def rebuilt_rows(connection: Connection, upto: int) -> Iterator[tuple[str, str, int, bool, Row]]:
    """Every stream's row as of entry `upto`: (kind, id, seq, drill, row), stream by stream."""
    erased = dict(redactions(connection, upto))
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


def remake(connection: Connection, upto: int) -> int:
    """Make the rows anew from the journal up to its last entry, within a transaction that is open. Returns how many there are."""
    connection.run("clear_rows")
    connection.run("clear_refs")
    rows: list[Params] = []
    refs: list[Params] = []
    for kind, id, seq, drill, row in rebuilt_rows(connection, upto):
        rows.append(shown_row(kind, id, seq, drill, row))
        refs += [(name, value, kind, id) for name, value in row.refs]
    connection.many("put_row", rows)
    connection.many("add_ref", refs)
    return len(rows)


def rebuild(connection: Connection) -> int:
    """The same in a transaction of its own."""
    made = remake(connection, connection.begin()[0])
    connection.commit()
    return made
