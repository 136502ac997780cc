"""Full-text search over the journal: an index that follows it, and questions to that index. Never under the pen.

The index knows which entries hold each pair of neighbouring characters. A word is found where all its pairs stand; each find is then
looked up in the journal and must really say it, so an erased text is not found even before the index has forgotten it.
"""

import logging
import queue
import threading
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import orjson

from dutydesk.errors import Unavailable
from dutydesk.store import grams
from dutydesk.store.connection import Connection, Params
from dutydesk.store.store import Store, head

SLICE = 200  # entries of one transaction of the index
WINDOW = 32  # blocks that one question looks at together at most; the first block alone, for a common word is in it often enough
log = logging.getLogger("dutydesk.search")


@dataclass(slots=True)
class SearchIndex:
    """The index of one store. One thread at a time writes; `find` may be called from several, each with its own connection."""

    store: Store
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _writer: Connection | None = None
    _readers: "queue.SimpleQueue[Connection]" = field(default_factory=queue.SimpleQueue)

    def follow(self, most: int = SLICE) -> bool:
        """Take in the next entries of the journal. Returns whether there are more. Raises Unavailable."""
        with self._writing:
            writer = self._writer = self._writer or self.store.connect_index()
            try:
                with self.store.reader() as journal:
                    return _follow(writer, journal, most)
            except writer.failures as error:
                self._drop_writer()
                raise Unavailable(f"检索用的索引写不了:{error}") from error
            except BaseException:
                self._drop_writer()
                raise

    def rebuild(self) -> None:
        """Throw the index away and make it anew."""
        with self._writing:
            writer = self._writer = self._writer or self.store.connect_index()
            writer.begin_beside()
            _clear(writer)
            writer.commit()
        while self.follow(5_000):
            pass

    def place(self) -> int:
        """The entry up to which the index has come."""
        with self._reader() as connection:
            row = connection.one("indexed")
        return int(row[0]) if row else 0

    def find(self, words: Sequence[str], before: int, first: int) -> Generator[int, None, None]:
        """Entries that may hold all the words (plain, of two characters or more), newest first: `first` ≤ seq < `before`."""
        with self._reader() as connection:
            yield from _find(connection, sorted({gram for word in words for gram in grams.grams(word)}), before, first)

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        """A connection for one question; one that fails is not asked again. Raises Unavailable."""
        try:
            connection = self._readers.get_nowait()
        except queue.Empty:
            connection = self.store.connect_index()
        try:
            yield connection
        except connection.failures as error:
            connection.close()
            raise Unavailable(f"检索用的索引暂时不可读:{error}") from error
        except BaseException:  # also of whoever found enough and asks no further
            self._readers.put(connection)
            raise
        self._readers.put(connection)

    def close(self) -> None:
        """Close every connection."""
        with self._writing:
            self._drop_writer()
        while not self._readers.empty():
            self._readers.get().close()

    def _drop_writer(self) -> None:
        if self._writer is not None:
            with suppress(*self._writer.failures):
                self._writer.rollback()
                self._writer.close()
            self._writer = None


def _follow(writer: Connection, journal: Connection, most: int) -> bool:
    writer.begin_beside()
    row = writer.one("claim_index")
    seq, hash_ = (int(row[0]), str(row[1])) if row else (0, "")
    now = head(journal)
    if seq > now.seq or (seq and journal.one("entry_hash", seq) != (hash_,)):
        log.warning("the search index belongs to another journal: made anew")
        _clear(writer)
        seq = 0
    last = min(seq + most, now.seq)
    records = journal.all("entries_between", seq + 1, last) if last > seq else []
    if records:
        _add(writer, records)
        for erased in _erased(records):
            _renew(writer, journal, erased // grams.BLOCK, last)
        writer.run("put_indexed", last, records[-1][12])
    writer.commit()
    return last < now.seq


def _clear(writer: Connection) -> None:
    writer.run("clear_grams")
    writer.run("put_indexed", 0, "")


def _add(writer: Connection, records: Sequence[Params]) -> None:
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    for record in records:
        block, offset = divmod(record[0], grams.BLOCK)
        for gram in grams.grams(grams.searched(record)):
            found[gram, block].append(offset)
    writer.many("add_grams", [(gram, block, grams.written(places)) for (gram, block), places in sorted(found.items())])


def _erased(records: Sequence[Params]) -> set[int]:
    """Entries whose text these ones erase."""
    return {int(orjson.loads(record[8])["seq"]) for record in records if record[4] == "Redacted"}


def _renew(writer: Connection, journal: Connection, block: int, last: int) -> None:
    """Make the lists of one block anew: what was erased is in no text any more, and so in no list."""
    writer.run("drop_block", block)
    first = block * grams.BLOCK
    _add(writer, journal.all("entries_between", first, min(first + grams.BLOCK - 1, last)))


def _find(connection: Connection, wanted: Sequence[str], before: int, first: int) -> Iterator[int]:
    row = connection.one("indexed")
    before = min(before, int(row[0]) + 1 if row else 0)
    if not wanted or before <= first:
        return
    block, lowest, together = (before - 1) // grams.BLOCK, first // grams.BLOCK, 1
    while block >= lowest:
        down_to = max(lowest, block - together + 1)
        for number, lists in _together(connection, wanted, down_to, block):
            seqs = (number * grams.BLOCK + offset for offset in grams.common(lists))
            yield from (seq for seq in seqs if first <= seq < before)
        block, together = down_to - 1, min(WINDOW, 2 * together)


def _together(connection: Connection, wanted: Sequence[str], low: int, high: int) -> list[tuple[int, list[str]]]:
    """Blocks between two that have all grams, highest first, with each gram's list as it is stored."""
    lists: dict[int, list[str]] = {}
    for n, gram in enumerate(wanted):
        found = {int(row[0]): str(row[1]) for row in connection.all("places_of", gram, low, high)}
        lists = {
            number: [*lists.get(number, ()), places] for number, places in found.items() if not n or number in lists
        }
        if not lists:
            break
    return sorted(lists.items(), reverse=True)
