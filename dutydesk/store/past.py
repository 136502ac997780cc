"""The board as it stood at a past entry: rows not touched since are as they were; the others are folded anew up to it.

The cost is that of what had begun by then and changed since, not of the whole journal. What was erased meanwhile stays erased in the
past too.
"""

from collections import defaultdict
from collections.abc import Iterator

from dutydesk.store.buffers import shown_row
from dutydesk.store.connection import Connection, Params
from dutydesk.store.entries import Entry, decode
from dutydesk.store.remaking import row_as_of, row_of

AT_ONCE = 256  # streams asked for in one go: one by one each would be a journey to the server


def rows_then(connection: Connection, upto: int) -> Iterator[Params]:
    """Every row that stood open at entry `upto`, in order of seq: (kind, id, seq, open, drill, division, body)."""
    still = connection.all("rows_open_upto", upto)
    since = [row for row in _folded_anew(connection, upto) if row[3]]
    yield from sorted([*still, *since], key=lambda row: int(row[2]))


def _folded_anew(connection: Connection, upto: int) -> Iterator[Params]:
    """The rows that have changed since and had begun by then, as they stood."""
    changed = [f"{kind}/{id}" for kind, id in connection.all("rows_changed_since", upto, upto)]
    for start in range(0, len(changed), AT_ONCE):
        asked = [(stream, upto) for stream in changed[start : start + AT_ONCE]]
        histories = defaultdict[str, list[Entry]](list)
        for record in connection.among("entries_of_upto", asked):
            histories[record[2]].append(decode(record))
        for stream, history in histories.items():
            history.sort(key=lambda entry: entry.version)
            if (row := row_of(stream, history)) is not None:
                kind, _, id = stream.partition("/")
                yield shown_row(kind, id, history[-1].seq, history[-1].drill, row)


def row_then(connection: Connection, kind: str, id: str, upto: int) -> Params | None:
    """One row as it stood then, open or closed; None when it had not begun."""
    then = row_as_of(connection, f"{kind}/{id}", upto)
    if then is None:
        return None
    entry, row = then
    return shown_row(kind, id, entry.seq, entry.drill, row)
