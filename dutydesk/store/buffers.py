"""What a write under the pen holds in memory: folds of streams, and rows not yet written. It decides nothing and reads nothing."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from dutydesk.domain.verbs import Row
from dutydesk.store.connection import Connection, Params
from dutydesk.store.entries import Entry


class Fold(NamedTuple):
    """A stream's state at a version, the words by which its row is found, and the seq at which the store confirmed it.

    `weight`: characters that its entries take in the journal, by which one with long texts is told from a small one.
    """

    state: Any
    version: int
    refs: tuple[tuple[str, str], ...]
    drill: bool
    checked: int
    weight: int = 0


@dataclass(slots=True)
class Buffer:
    """Writes not yet flushed; later ones replace earlier ones of the same row."""

    entries: list[Params] = field(default_factory=list)
    inputs: dict[str, Params] = field(default_factory=dict)
    rows: dict[tuple[str, str], tuple[int, bool, Row]] = field(default_factory=dict)
    refs: dict[tuple[str, str, str, str], bool] = field(default_factory=dict)
    timers: dict[tuple[str, str], Params | None] = field(default_factory=dict)
    outbox: dict[str, Params | None] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    touched: set[tuple[str, str]] = field(default_factory=set)
    folds: dict[str, Fold] = field(default_factory=dict)
    made: list[Entry] = field(default_factory=list)
    wakes: dict[str, int] = field(default_factory=dict)  # lane, or "outbox" → earliest instant something is due

    def absorb(self, other: "Buffer") -> None:
        """Take in what a finished input wrote."""
        self.entries += other.entries
        self.made += other.made
        self.touched |= other.touched
        self.inputs.update(other.inputs)
        self.rows.update(other.rows)
        self.refs.update(other.refs)
        self.timers.update(other.timers)
        self.outbox.update(other.outbox)
        self.counters.update(other.counters)
        self.folds.update(other.folds)
        for lane, at in other.wakes.items():
            self.wake(lane, at)

    def wake(self, lane: str, at: int) -> None:
        self.wakes[lane] = min(at, self.wakes.get(lane, at))

    def empty_writes(self) -> None:
        self.entries.clear()
        self.inputs.clear()
        self.rows.clear()
        self.refs.clear()
        self.timers.clear()
        self.outbox.clear()
        self.counters.clear()
        self.touched.clear()


def write(connection: Connection, buffer: Buffer) -> None:
    """Write a buffer down, each table in as few statements as there can be, and empty it."""
    batches: list[tuple[str, list[Params]]] = [
        ("add_entry", buffer.entries),
        ("add_input", list(buffer.inputs.values())),
        ("put_row", [shown_row(kind, id, *shown) for (kind, id), shown in buffer.rows.items()]),
        ("drop_ref", [ref for ref, there in buffer.refs.items() if not there]),
        ("add_ref", [ref for ref, there in buffer.refs.items() if there]),
        ("cancel_timer", [key for key, row in buffer.timers.items() if row is None]),
        ("set_timer", [row for row in buffer.timers.values() if row is not None]),
        ("drop_outbox", [(stream,) for stream, row in buffer.outbox.items() if row is None]),
        ("put_outbox", [row for row in buffer.outbox.values() if row is not None]),
        ("put_counter", list(buffer.counters.items())),
    ]
    for name, rows in batches:
        if rows:
            connection.many(name, rows)
    buffer.empty_writes()


def shown_row(kind: str, id: str, seq: int, drill: bool, row: Row) -> Params:
    """A row of the board as it is stored; keys sorted so that equal rows are equal texts."""
    body = orjson.dumps(row.body, option=orjson.OPT_SORT_KEYS).decode()
    return (kind, id, seq, int(row.open), int(drill), row.division, body)
