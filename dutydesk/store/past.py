"""The board as it stood at a past entry: rows not touched since are as they were; the others are folded anew up to it.

The cost is that of what happened since, not of the whole journal. What was erased meanwhile stays erased in the past too.
"""

from collections.abc import Iterator

from dutydesk.store.buffers import shown_row
from dutydesk.store.connection import Connection, Params
from dutydesk.store.verify import row_as_of


def rows_then(connection: Connection, upto: int) -> Iterator[Params]:
    """Every row that stood open at entry `upto`, in order of seq: (kind, id, seq, open, drill, division, body)."""
    still = connection.all("rows_open_upto", upto)
    since = [
        found
        for record in connection.all("rows_since", upto)
        if (found := row_then(connection, record[0], record[1], upto))
    ]
    yield from sorted([*still, *(row for row in since if row[3])], key=lambda row: int(row[2]))


def row_then(connection: Connection, kind: str, id: str, upto: int) -> Params | None:
    """One row as it stood then, open or closed; None when it had not begun."""
    then = row_as_of(connection, f"{kind}/{id}", upto)
    if then is None:
        return None
    entry, row = then
    return shown_row(kind, id, entry.seq, entry.drill, row)
