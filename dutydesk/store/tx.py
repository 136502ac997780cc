"""One write under the pen: reads that see what was written before, and buffers that are flushed once.

What an unfinished input has buffered is kept apart (`_now`) from what finished ones have (`_done`), so that a refusal throws away
exactly its own. A read of a row that the buffers touched flushes first; a first flush inside an unfinished input sets a
savepoint, and a refusal goes back to it.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.desks import Redacted
from dutydesk.domain.directory import Directory
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import Book, Event, Found, Row, Send, SetTimer, split
from dutydesk.errors import KeyReused, Refused
from dutydesk.store.buffers import Buffer, Fold, write
from dutydesk.store.chain import link
from dutydesk.store.connection import Connection, Params
from dutydesk.store.entries import Entry, decode, encode, salts
from dutydesk.store.seen import Seen
from dutydesk.store.store import head

CACHED_FOLDS = 50_000  # streams; about 2 kB each
# characters of the journal that they stand for: fifty thousand texts of a megabyte would be the whole machine
CACHED_TEXT = 64 * 2**20


class Folds:
    """The hub's memory of folds between transactions, and of the policy in force. Losing it costs time, never truth."""

    def __init__(self) -> None:
        self.head = -1
        self.foreign = 0  # seq up to which another writer may have written
        self.policy_seq = -1
        # pen's policy at the last commit: a redaction moves it, and folds from before may hold erased text
        self.epoch = -1
        self.rules = Rules()
        self.directory = Directory()
        self.folds: OrderedDict[str, Fold] = OrderedDict()
        self.weight = 0  # of all folds

    def keep(self, folds: dict[str, Fold], head: int, epoch: int) -> None:
        """After a commit: remember what it made, and let go of what was used longest ago."""
        self.head, self.epoch = head, epoch
        for stream, fold in folds.items():
            former = self.folds.pop(stream, None)
            self.folds[stream] = fold
            self.weight += fold.weight - (former.weight if former else 0)
        while len(self.folds) > CACHED_FOLDS or self.weight > CACHED_TEXT:
            self.weight -= self.folds.popitem(last=False)[1].weight

    def drop(self) -> None:
        self.folds.clear()
        self.weight = 0

    def forget(self) -> None:
        self.drop()
        self.head = self.policy_seq = -1


class Author(NamedTuple):
    """By whom, under which key, and whether as a drill."""

    by: str
    key: str
    drill: bool


class Tx:
    """The pen in hand. `at` is the present instant, stamped by the hub for each input.

    `trusting`: a stream that a command says it begins, and that this hub has never seen, is not looked for in the store. If it was
    there after all, the unique index (stream, version) fails the flush: whoever trusts must be ready to try again without.
    """

    def __init__(self, connection: Connection, pen: Params, folds: Folds) -> None:
        self.connection = connection
        self.trusting = False
        self.seq, self.hash, self.last_at, self.schema, self.policy = pen
        self.at = self.last_at
        self._folds = folds
        self._done, self._now = Buffer(), Buffer()
        self._mark = (self.seq, self.hash, self.policy)
        self._savepoint = False
        self._seen = Seen(connection)
        self._salts = salts()
        self._begun: dict[str, Fold] = {}  # streams taken to be new by the input at work
        if folds.head != self.seq:
            folds.foreign = self.seq
        if folds.epoch != self.policy:
            folds.drop()

    def foresee(self, keys: Sequence[str], words: Sequence[tuple[str, str]], timers: Sequence[tuple[str, str]]) -> None:
        """Ask at once what the coming inputs will ask one by one: keys handled before, rows by words, timers that stand."""
        self._seen.foresee(keys, words, timers)

    # -- an input begins, ends well, or is thrown away

    def begin_input(self, at: int) -> None:
        self.at = at
        self._begun.clear()
        self._mark = (self.seq, self.hash, self.policy)

    def finish_input(self) -> None:
        if self._savepoint:
            self.connection.release()
            self._savepoint = False
        self._done.absorb(self._now)
        self._now = Buffer()

    def discard_input(self) -> None:
        if self._savepoint:
            self.connection.back_to_savepoint()
            self._savepoint = False
            self._seen.forget()
        self._now = Buffer()
        self.seq, self.hash, self.policy = self._mark
        if self._folds.policy_seq > self.policy:
            self._folds.policy_seq = -1

    def beside(self, write: Callable[[Connection], Any]) -> Any:
        """Write a table beside the journal, as an input of its own: it sees finished inputs, and leaves nothing when it raises."""
        self.flush()
        self._seen.forget()
        self.connection.savepoint()
        self._savepoint = True
        return write(self.connection)

    # -- keys

    def earlier(self, key: str, digest: str) -> list[Entry] | None:
        """Entries of the first time this key was handled, or None. Raises KeyReused for another body."""
        known = self._done.inputs.get(key)
        if known is None and not self._seen.is_new(key):
            row = self.connection.one("input", key)
            known = None if row is None else (key, *row)
        if known is None:
            return None
        _, first_digest, first, last = known
        if digest and first_digest and digest != first_digest:
            raise KeyReused()
        if first > last:
            return []
        pending = [e for e in self._done.made if first <= e.seq <= last]
        return pending or [decode(r) for r in self.connection.all("entries_between", first, last)]

    def remember(self, key: str, digest: str, first: int) -> None:
        self._now.inputs[key] = (key, digest, first, self.seq)
        self._seen.used(key)

    # -- folds and entries

    def fold(self, stream: str, book: Book, *, begins: bool = False) -> Fold:
        """A stream as it stands now. `begins`: the command at work says that there is none yet."""
        known = self._now.folds.get(stream) or self._done.folds.get(stream) or self._begun.get(stream)
        if known is not None:
            return known
        kept = self._folds.folds.get(stream)
        if kept is not None and kept.checked >= self._folds.foreign:
            return kept
        if kept is None and begins and self.trusting:
            return self._begun.setdefault(stream, Fold(book.blank, 0, (), False, self._mark[0]))
        kept = kept or Fold(book.blank, 0, (), False, 0)
        fresh = self._catch_up(stream, book, kept)
        self._done.folds[stream] = fresh
        return fresh

    def _catch_up(self, stream: str, book: Book, fold: Fold) -> Fold:
        state, version, drill, weight = fold.state, fold.version, fold.drill, fold.weight
        for record in self.connection.all("entries_of", stream, version):
            entry = decode(record)
            state, version, drill = book.evolve(state, entry.event), entry.version, entry.drill
            weight += _weight(record[8], record[10])
        row = None if version == fold.version else book.project(split(stream)[1], state)
        return Fold(state, version, row.refs if row else fold.refs, drill, self._mark[0], weight)

    def remembered(self, stream: str, book: Book) -> Any:
        """A stream's state as this hub last knew it, without asking the store."""
        kept = self._done.folds.get(stream) or self._folds.folds.get(stream)
        return kept.state if kept else book.blank

    def append(self, stream: str, book: Book, before: Fold, events: Sequence[Event], author: Author) -> list[Entry]:
        """The entries of one decision: numbered, chained, folded, and then their stream's row as it looks now."""
        kind, id = split(stream)
        state, made, entered = before.state, list[Entry](), len(self._now.entries)
        for event in events:
            made.append(self._enter(stream, before.version + len(made) + 1, event, author))
            state = book.evolve(state, event)
        row = book.project(id, state)
        refs = row.refs if row else ()
        weight = before.weight + sum(_weight(record[8], record[10]) for record in self._now.entries[entered:])
        self._now.folds[stream] = Fold(state, before.version + len(made), refs, author.drill, self.seq, weight)
        if row is not None:
            self._show(kind, id, self.seq, author.drill, before.refs, row)
        if book.policy:
            self.policy = self.seq
        for event in events:
            if isinstance(event, Redacted):
                self.policy = self.seq
                self._erase(event.seq)
        return made

    def _enter(self, stream: str, version: int, event: Event, author: Author) -> Entry:
        by, key, drill = author
        parts, name = encode(event, self._salts), type(event).__name__
        self.seq += 1
        header = (self.seq, self.at, stream, version, name, int(drill), by, key)
        self.hash = link(self.hash, header, parts.public, parts.digest)
        self._now.entries.append((*header, parts.public, parts.salt, parts.private, parts.digest, self.hash))
        if series := event.series():
            self._now.counters[series] = self.count(series)
        entry = Entry(self.seq, self.at, stream, version, name, drill, by, key, event, self.hash)
        self._now.made.append(entry)
        return entry

    def _erase(self, seq: int) -> None:
        """Blank the private part of an entry and show its stream as it looks without. Raises Refused when there is none."""
        self.flush()
        found = self.connection.all("entries_between", seq, seq)
        if not found or found[0][10] is None:
            raise Refused("没有这一条,或它没有可删除的内容")
        stream, book = str(found[0][2]), catalogue[split(found[0][2])[0]]
        before = self.fold(stream, book)
        self.connection.run("redact_entry", seq)
        after = self._catch_up(stream, book, Fold(book.blank, 0, (), False, 0))
        self._now.folds[stream] = after
        if (row := book.project(split(stream)[1], after.state)) is not None:
            self._show(*split(stream), self.seq, after.drill, before.refs, row)

    def _show(self, kind: str, id: str, seq: int, drill: bool, before: tuple[tuple[str, str], ...], new: Row) -> None:
        now = self._now
        now.rows[(kind, id)] = (seq, drill, new)
        now.touched.update(before)
        now.touched.update(new.refs)
        if before != new.refs:
            for name, value in set(before) - set(new.refs):
                now.refs[(name, value, kind, id)] = False
            for name, value in set(new.refs) - set(before):
                now.refs[(name, value, kind, id)] = True

    # -- promises

    def set_timer(self, stream: str, act: SetTimer, drill: bool) -> None:
        row = (stream, act.name, act.lane.value, act.due_at, act.due_at, int(act.priority), int(drill))
        self._now.timers[(stream, act.name)] = row
        self._now.wake(act.lane.value, act.due_at)

    def cancel_timer(self, stream: str, name: str) -> None:
        self._now.timers[(stream, name)] = None

    def take_timer(self, stream: str, name: str, due_at: int) -> bool:
        """Delete a due timer if it still stands as it was seen; False when it fired, moved or was cancelled meanwhile."""
        for buffer in (self._now, self._done):
            if (stream, name) in buffer.timers:
                row = buffer.timers[(stream, name)]
                found = None if row is None else row[3]
                break
        else:
            found = self._seen.due(stream, name)
        if found != due_at:
            return False
        self._now.timers[(stream, name)] = None
        return True

    def post(self, stream: str, act: Send, drill: bool) -> None:
        promise, priority = act.promise.value, int(act.priority)
        self._now.outbox[stream] = (stream, promise, act.channel, act.to, priority, act.not_before, int(drill))
        self._now.wake("outbox", act.not_before)

    def withdraw(self, stream: str) -> None:
        self._now.outbox[stream] = None

    # -- facts (the `Look` of the domain)

    def row(self, kind: str, id: str) -> Found | None:
        for buffer in (self._now, self._done):
            if shown := buffer.rows.get((kind, id)):
                return Found(kind, id, shown[2].open, shown[1], shown[2].body)
        return self._seen.row(kind, id)

    def by_ref(self, name: str, value: str, limit: int = 50) -> list[Found]:
        if (name, value) in self._now.touched or (name, value) in self._done.touched:
            self.flush()
        return self._seen.by_word(name, value, limit)

    def open_rows(self, kind: str, limit: int) -> list[Found]:
        self.flush()
        return self._seen.open_rows(kind, limit)

    def count(self, series: str) -> int:
        """The next number of a series, from 1; taken only when an event of that series is appended."""
        for buffer in (self._now, self._done):
            if series in buffer.counters:
                return buffer.counters[series] + 1
        return self._seen.counted(series) + 1

    def latest(self, first: str, last: str) -> str:
        """The greatest name of a series begun, from `first` to `last`, which differ in digits only; empty for none."""
        own = (name for buffer in (self._now, self._done) for name in buffer.counters if first <= name <= last)
        return max(self._seen.last_series(first, last), *own, "")

    @property
    def rules(self) -> Rules:
        return self._policy().rules

    @property
    def directory(self) -> Directory:
        return self._policy().directory

    def _policy(self) -> Folds:
        if self._folds.policy_seq != self.policy:
            self.flush()
            read_policy(self.connection, self._folds)
            self._folds.policy_seq = self.policy
        return self._folds

    # -- writing it down

    def flush(self) -> None:
        """Write the buffers. Inside an unfinished input the finished ones go first, then a savepoint, then its own."""
        self._seen.forget_changed(self._done, self._now)
        with self.connection.together():
            write(self.connection, self._done)
            unfinished = self._now.made or self._now.timers or self._now.counters
            if unfinished and not self._savepoint:
                self.connection.savepoint()
                self._savepoint = True
            write(self.connection, self._now)

    def commit(self) -> tuple[list[Entry], dict[str, int]]:
        """Flush, move the pen, commit. Returns every entry made, and when each worker has something due."""
        made = self._done.made
        with self.connection.together():
            write(self.connection, self._done)
            if made:
                self.connection.run("move_pen", self.seq, self.hash, self.at, self.policy)
            self.connection.commit()
        self._folds.keep(self._done.folds, self.seq, self.policy)
        return made, self._done.wakes


def _weight(public: str, private: str | None) -> int:
    return len(public) + len(private or "")


def read_policy(connection: Connection, into: Folds) -> None:
    """Rules and directory as the journal's rows have them."""
    into.rules = read_rules(connection)
    lists = {
        plural: [orjson.loads(r[6])["listed"] for r in connection.all("rows_of_kind", kind) if r[3]]
        for kind, plural in _LISTS
    }
    into.directory = Directory.model_validate(lists)


def refresh_policy(connection: Connection, kept: Folds) -> Folds:
    """For whoever reads again and again outside the pen: asks the journal's head, and for the rest only when policy has changed."""
    policy = head(connection).policy
    if kept.policy_seq != policy:
        read_policy(connection, kept)
        kept.policy_seq = policy
    return kept


def read_rules(connection: Connection) -> Rules:
    """The rules in force."""
    row = connection.one("row", "rules", "main")
    return _rules(row[4]) if row else Rules()


@lru_cache(maxsize=4)
def _rules(body: str) -> Rules:
    """Every worker asks every second; rules are frozen, and the same words are the same rules."""
    return Rules.model_validate(orjson.loads(body)["rules"])


_LISTS = (("unit", "units"), ("contact", "contacts"), ("leader", "leaders"))
