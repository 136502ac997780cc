"""Reading the journal as a book: where a moment lies in it, and pages of it backwards. Runs outside the pen."""

from collections.abc import Iterator

from dutydesk.store.connection import Connection, Params
from dutydesk.store.store import head

SLICE = 500


def seq_at(connection: Connection, at: int) -> int:
    """The first entry made at or after an instant; one past the head when there is none.

    Entries stand in the order of `seq`; their times follow it but for a step of the clock, which the journal says itself (ClockStepped).
    """
    low, high = 1, head(connection).seq + 1
    while low < high:
        middle = (low + high) // 2
        found = connection.one("entry_at", middle)
        if found is not None and found[0] < at:
            low = middle + 1
        else:
            high = middle
    return low


def backwards(connection: Connection, before: int, first: int) -> Iterator[Params]:
    """Raw entries from the one before `before` down to `first`, in slices."""
    while before > first:
        records = connection.all("entries_before", before, first, SLICE)
        yield from records
        if len(records) < SLICE:
            return
        before = records[-1][0]


def whole(connection: Connection, type_: str, first: int, last: int) -> Iterator[Params]:
    """Raw entries of one type between two, in slices."""
    while first <= last:
        records = connection.all("entries_typed_some", type_, first, last, SLICE)
        yield from records
        if len(records) < SLICE:
            return
        first = records[-1][0] + 1


def typed(connection: Connection, type_: str, first: int, last: int) -> Iterator[Params]:
    """Entries of one type between two, as (seq, at, stream, drill, public), in slices."""
    while first <= last:
        records = connection.all("entries_counted", type_, first, last, SLICE)
        yield from records
        if len(records) < SLICE:
            return
        first = records[-1][0] + 1
