"""Makes a store with a long past: real stories, told by the hub itself from report to closure, then retold under other names.

Every retold entry is chained by the store's own code and the finished chain is verified: a start finds what it would find in real life.
"""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from dutydesk.clock import BEIJING, HOUR, ManualClock, from_datetime
from dutydesk.domain.deliveries import NoteOutcome, NoteStatus
from dutydesk.domain.incidents import CloseIncident, SignForIncident
from dutydesk.domain.outcomes import Accepted
from dutydesk.hub import Hub
from dutydesk.store.chain import link, private_digest
from dutydesk.store.connection import Connection, Params
from dutydesk.store.store import Store, head
from dutydesk.store.verify import verify
from scripts.benchmarks import city

STORIES = 20  # told for real; each is then retold
SLICE = 100  # tellings of one transaction
KINDS = ("message", "incident", "page", "delivery")
TOLD = from_datetime(datetime(2023, 11, 20, 9, tzinfo=BEIJING))
DAY = "20231120"
APART = 4 * HOUR  # between two tellings: a million entries end before today, so no start sees a clock that steps back


class Story:
    """Entries and rows of the real ones, and the names to be changed in them."""

    def __init__(self, connection: Connection, first: int) -> None:
        self.apart = APART
        last = head(connection).seq
        self.entries = [r for r in connection.all("entries_between", first, last) if r[2].split("/")[0] in KINDS]
        self.rows = [r for r in connection.all("rows_all") if r[0] in KINDS]
        self.refs = [r for r in connection.all("refs_all") if r[2] in KINDS]

    def told(self, telling: int, seq: int, previous: str) -> Iterator[Params]:
        """The entries again, under other names, later, continuing the chain."""
        for record in self.entries:
            _seq, at, stream, version, name, drill, author, key, public, salt, private, digest, _hash = record
            seq += 1
            stream, key, public = (_renamed(text, telling) for text in (stream, key, public))
            if private is not None:
                private = _renamed(private, telling)
                digest = private_digest(salt, private)
            header = (seq, at + telling * self.apart, stream, version, name, drill, author, key)
            previous = link(previous, header, public, digest)
            yield (*header, public, salt, private, digest, previous)

    def rows_of(self, telling: int, shift: int) -> Iterator[Params]:
        for kind, id, seq, open_, drill, division, body in self.rows:
            yield (kind, _renamed(id, telling), seq + shift, open_, drill, division, _renamed(body, telling))

    def refs_of(self, telling: int) -> Iterator[Params]:
        for name, value, kind, id in self.refs:
            yield (name, _renamed(value, telling), kind, _renamed(id, telling))


def _renamed(text: str, telling: int) -> str:
    """Every name in the stories carries the day they were told on; another day in its place makes other names."""
    return text.replace(DAY, f"{telling:08d}")


def build(path: Path, entries: int) -> None:
    """Write a store of at least so many entries. Raises ChainBroken when what was made does not verify."""
    working = path.with_suffix(".part")
    for left in path.parent.glob(f"{working.name}*"):
        left.unlink()
    first = asyncio.run(_tell(f"sqlite:///{working}"))
    store = Store(f"sqlite:///{working}")
    with closing(store.connect()) as connection:
        _retell(connection, Story(connection, first), entries)
        verify(connection)
        connection.script(["PRAGMA wal_checkpoint(TRUNCATE)"])
    working.rename(path)


def fill(url: str, entries: int, over: int) -> None:
    """Write a journal of at least so many entries, spread over a span of time, into an empty store of either engine."""
    store = Store(url)
    store.prepare()
    first = asyncio.run(_tell(url))
    with closing(store.connect()) as connection:
        story = Story(connection, first)
        story.apart = over * len(story.entries) // entries
        _retell(connection, story, entries)
    store.close()


def _retell(connection: Connection, story: Story, entries: int) -> None:
    told = 0
    while head(connection).seq < entries:
        seq, previous, at, _schema, policy = connection.begin()
        for telling in range(told + 1, told + 1 + SLICE):
            made = list(story.told(telling, seq, previous))
            connection.many("add_entry", made)
            connection.many("put_row", list(story.rows_of(telling, made[0][0] - story.entries[0][0])))
            connection.many("add_ref", list(story.refs_of(telling)))
            seq, at, previous = made[-1][0], made[-1][1], made[-1][-1]
        connection.run("move_pen", seq, previous, at, policy)
        connection.commit()
        told += SLICE


async def _tell(url: str) -> int:
    """The real stories: reported, read, paged, signed for, closed. Returns the first seq of theirs."""
    async with city.hub_on(url, clock=ManualClock(TOLD)) as hub:
        await city.settle_in(hub, STORIES, watch=False)
        first = int((await hub.read(head)).seq) + 1
        for index in range(STORIES):
            await city.record(hub, index, DAY)
            await city.interpret(hub, index, DAY)
        for kind, id, *_ in await hub.read(lambda connection: connection.all("rows_fresh")):
            await _finish(hub, kind, id)
    return first


async def _finish(hub: Hub, kind: str, id: str) -> None:
    if kind == "incident":
        await hub.handle(f"incident/{id}", SignForIncident(), key="", by="user:officer")
        await hub.handle(f"incident/{id}", CloseIncident(outcome="handled", reason="已处置"), key="", by="user:officer")
    if kind == "delivery":
        await hub.handle(
            f"delivery/{id}", NoteOutcome(outcome=Accepted(provider_id=id), attempt=1), key="", by="outbox"
        )
        await hub.handle(f"delivery/{id}", NoteStatus(status="delivered", provider_id=id), key="", by="twilio")
