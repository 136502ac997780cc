"""What a transaction has read of the store, so that its inputs ask together and once. A wrong guess costs time, never truth.

Whatever the transaction then writes is dropped here (`forget_changed`), and everything when something is taken back (`forget`).
"""

from collections.abc import Sequence

import orjson

from dutydesk.domain.verbs import Found
from dutydesk.store.buffers import Buffer
from dutydesk.store.connection import Connection, Params

FORESEEN = 20  # newest rows of a word that are read ahead; a word that more rows carry is asked for on its own


class Seen:
    """Reads of one connection inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[tuple[str, str], Found | None] = {}
        self._words: dict[tuple[str, str], dict[int, list[Found]]] = {}  # by the limit asked for
        self._ahead: dict[tuple[str, str], list[Found]] = {}  # foreseen words and all rows that carry them
        self._counted: dict[str, int] = {}
        self._last: dict[tuple[str, str], str] = {}  # the greatest series between two names
        self._new_keys: set[str] = set()  # foreseen keys that were never handled
        self._timers: dict[tuple[str, str], int | None] = {}  # foreseen timers and when they are due

    def foresee(self, keys: Sequence[str], words: Sequence[tuple[str, str]], timers: Sequence[tuple[str, str]]) -> None:
        """Ask at once what the coming inputs will ask one by one: keys handled before, rows by words, timers that stand."""
        among = self._connection.among
        if keys:
            self._new_keys = set(keys) - {row[0] for row in among("inputs_known", [(key,) for key in keys])}
        if words:
            known = [(row[0], row[1]) for row in among("words_known", words)]
            self._ahead = {word: [] for word in words}
            self._read_ahead(known)
        if timers:
            self._timers = {(row[0], row[1]): row[2] for row in among("timers_named", timers)}

    def _read_ahead(self, known: Sequence[tuple[str, str]]) -> None:
        if not known:
            return
        found: dict[tuple[str, str], list[tuple[int, Params]]] = {word: [] for word in known}
        for name, value, seq, *record in self._connection.among("rows_of_words", [(*w, FORESEEN + 1) for w in known]):
            found[(name, value)].append((seq, tuple(record)))
        for word, rows in found.items():
            if len(rows) > FORESEEN:
                del self._ahead[word]
            else:
                self._ahead[word] = [_found(record) for _, record in sorted(rows, reverse=True)]

    def is_new(self, key: str) -> bool:
        """Whether a key is known never to have been handled; False also means: not known."""
        return key in self._new_keys

    def due(self, stream: str, name: str) -> int | None:
        """When a timer is due; None when there is none."""
        if (stream, name) in self._timers:
            return self._timers[(stream, name)]
        stored = self._connection.one("timer", stream, name)
        return None if stored is None else int(stored[0])

    def row(self, kind: str, id: str) -> Found | None:
        if (kind, id) not in self._rows:
            record = self._connection.one("row", kind, id)
            self._rows[(kind, id)] = None if record is None else _found(record)
        return self._rows[(kind, id)]

    def by_word(self, name: str, value: str, limit: int) -> list[Found]:
        """Rows that carry a word, newest first."""
        if (ahead := self._ahead.get((name, value))) is not None:
            return ahead[:limit]
        asked = self._words.setdefault((name, value), {})
        if limit not in asked:
            asked[limit] = [_found(record) for record in self._connection.all("rows_by_ref", name, value, limit)]
        return list(asked[limit])

    def open_rows(self, kind: str, limit: int) -> list[Found]:
        return [_found(record) for record in self._connection.all("rows_open", kind, limit)]

    def counted(self, series: str) -> int:
        """How far a series has come."""
        if series not in self._counted:
            beyond = any(found < series <= last for (_, last), found in self._last.items())
            self._counted[series] = 0 if beyond else int((self._connection.one("counter", series) or (0,))[0])
        return self._counted[series]

    def last_series(self, first: str, last: str) -> str:
        """The greatest name of a series from `first` to `last`; empty for none."""
        if (first, last) not in self._last:
            self._last[(first, last)] = str((self._connection.one("last_counter", first, last) or (first,))[0])
        found = self._last[(first, last)]
        return "" if found == first else found

    # -- what is no longer so

    def used(self, key: str) -> None:
        self._new_keys.discard(key)

    def forget_changed(self, *buffers: Buffer) -> None:
        """These buffers are about to be written: what they change is to be read again."""
        self._last.clear()
        for buffer in buffers:
            for word in buffer.touched:
                self._ahead.pop(word, None)
                self._words.pop(word, None)
            for row in buffer.rows:
                self._rows.pop(row, None)
            for timer in buffer.timers:
                self._timers.pop(timer, None)
            self._counted.update(buffer.counters)

    def forget(self) -> None:
        """What was written is taken back, or written past the buffers."""
        self._rows.clear()
        self._words.clear()
        self._ahead.clear()
        self._counted.clear()
        self._last.clear()
        self._new_keys.clear()
        self._timers.clear()


def _found(record: Params) -> Found:
    kind, id, open_, drill, body = record
    return Found(kind, id, bool(open_), bool(drill), orjson.loads(body))
