"""Full text over a long journal: filling the index, questions to it, and what following costs the pen.

The entries have the shape of a report's story (eight to a story, a third of them with a text of their own) and texts put together
from the names of towns and kinds of events that ship with the reader, so that words are as rare and as common as in a real log.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from importlib.resources import files

import orjson

from dutydesk.hub import Hub
from dutydesk.store.chain import NO_PRIVATE
from dutydesk.store.connection import Connection, Params
from dutydesk.store.search import SearchIndex
from dutydesk.store.store import Store, head
from dutydesk.web import duty_log
from dutydesk.web.frames import audience
from dutydesk.web.searching import Question, find
from scripts.benchmarks import city
from scripts.benchmarks.measure import Figure, Foreign, Target, percentile
from scripts.benchmarks.options import Options

MILLION = 1_000_000
STORY = 8
START = 1_700_000_000_000_000
SLICE = 5_000
RARE = "鲅鱼圈渡口"  # put into one entry of a hundred thousand
QUESTIONS = (
    ("one rare word", (RARE,)),
    ("one common word of two characters", ("受伤",)),
    ("two words", ("滑坡", "救援")),
    ("a word that is nowhere", ("魑魅",)),
)
ASKED = 20
WHOM = audience("officer", "")


def figures(options: Options) -> Iterator[Figure]:
    """Each engine: filling, questions, the pen beside a follower."""
    entries = MILLION // 20 if options.quick else MILLION
    for engine in options.engines.names:
        with options.engines.fresh(engine) as url:
            yield from _engine(engine, url, entries)
        with options.engines.fresh(engine) as url:
            yield asyncio.run(_beside(engine, url, options))


def _engine(engine: str, url: str, entries: int) -> Iterator[Figure]:
    store = Store(url)
    store.prepare()
    with closing(store.connect()) as connection:
        for made in _slices(entries):
            connection.begin()
            connection.many("add_entry", made)
            connection.run("move_pen", made[-1][0], made[-1][12], made[-1][1], 0)
            connection.commit()
    index = SearchIndex(store)
    filling = Figure(f"search index filled, {entries:,} entries, {engine}", "/s", "the same entries only read", None)
    foreign = Foreign()
    took, read = _timed(lambda: _fill(index)), _timed(lambda: _read(store))
    filling.add(entries / took, entries / read, foreign.share())
    filling.note = f"{took:.0f} s; in the desk it rests four times as long as it works"
    yield filling
    for name, words in QUESTIONS:
        yield _asked(f"search, {name}, {entries:,} entries, {engine}", store, index, words)
    index.close()
    store.close()


def _asked(name: str, store: Store, index: SearchIndex, words: tuple[str, ...]) -> Figure:
    """The first page of fifty, p95 of twenty; beside it every text read and compared."""
    line = Figure(name, "ms", "every text read and compared", Target("ours", False, 100.0))
    question = Question(words, duty_log.Filter(all=True), None, 2**62, 50)
    foreign = Foreign()
    taken = [_timed(lambda: store.read(partial(find, index=index, whom=WHOM, question=question))) for _ in range(ASKED)]
    scanned = _timed(lambda: store.read(partial(_scan, words=words)))
    line.add(percentile(taken, 0.95) * 1e3, scanned * 1e3, foreign.share())
    found, following = store.read(partial(find, index=index, whom=WHOM, question=question))
    line.note = f"{len(found)} found{' and more' if following else ''}"
    return line


def _scan(connection: Connection, words: tuple[str, ...]) -> int:
    """What a search without an index would do."""
    last = head(connection).seq
    found = 0
    for first in range(1, last + 1, SLICE):
        for record in connection.all("entries_between", first, min(first + SLICE - 1, last)):
            found += all(word in (record[10] or "") for word in words)
    return found


async def _beside(engine: str, url: str, options: Options) -> Figure:
    """Reports recorded one after the other while the index follows as the desk lets it, and while it does not."""
    line = Figure(f"recording beside the follower, {engine}", "/s", "without it", Target("ratio", True, 0.9))
    reports = options.reports // 4
    async with city.hub_on(url) as hub:
        await city.settle_in(hub, 1, watch=False)
        index = SearchIndex(hub.store)
        await asyncio.to_thread(_fill, index)
        for turn in options.turns(4):
            foreign = Foreign()
            alone = await _record(hub, turn * 2, reports)
            await asyncio.to_thread(_fill, index)
            following = asyncio.create_task(_follow(index))
            beside = await _record(hub, turn * 2 + 1, reports)
            following.cancel()
            line.add(reports / beside, reports / alone, foreign.share())
        await asyncio.sleep(0.3)  # the last slice ends in its thread
        index.close()
    return line


async def _follow(index: SearchIndex) -> None:
    """As the worker does: a slice, then a rest four times as long; every second when nothing is left."""
    while True:
        since = time.perf_counter()
        more = await asyncio.to_thread(index.follow)
        await asyncio.sleep((time.perf_counter() - since) * 4 if more else 1.0)


async def _record(hub: Hub, turn: int, reports: int) -> float:
    since = time.perf_counter()
    for n in range(reports):
        await city.record(hub, turn * 1_000_000 + n)
    return time.perf_counter() - since


def _fill(index: SearchIndex) -> None:
    while index.follow(SLICE):
        pass


def _read(store: Store) -> None:
    with store.reader() as connection:
        last = head(connection).seq
        for first in range(1, last + 1, SLICE):
            for record in connection.all("entries_between", first, min(first + SLICE - 1, last)):
                orjson.loads(record[8])
                if record[10]:
                    orjson.loads(record[10])


def _timed(act: Callable[[], object]) -> float:
    since = time.perf_counter()
    act()
    return time.perf_counter() - since


def _slices(entries: int) -> Iterator[list[Params]]:
    chance, towns, kinds = random.Random(1), _words("towns.csv", 1), _words("events.csv", 2)
    for first in range(1, entries + 1, SLICE):
        yield [_entry(seq, chance, towns, kinds) for seq in range(first, min(first + SLICE, entries + 1))]


def _words(name: str, column: int) -> list[str]:
    """The words of a list that ships with the reader."""
    lines = files("dutydesk.reading").joinpath("data", name).read_text("utf-8").splitlines()[1:]
    cells = [line.split(",")[column] for line in lines if line.count(",") >= column and not line.startswith("#")]
    return [word.lstrip("0123456789") for cell in cells for word in cell.split()]


def _entry(seq: int, chance: random.Random, towns: list[str], kinds: list[str]) -> Params:
    story, part = divmod(seq, STORY)
    text = f"{chance.choice(towns)}{chance.randrange(1, 200)}号发生{chance.choice(kinds)},{chance.randrange(9)}人受伤,正在救援。"
    if seq % 100_000 == STORY:
        text += RARE
    kind, type_, private = (
        ("message", "MessageRecorded", {"text": text, "sender": f"+86120{chance.randrange(10**8):08d}"}),
        ("message", "MessageRead", None),
        ("incident", "IncidentOpened", {"title": text[:12], "summary": text}),
        ("page", "PageStarted", {"subject": text[:20]}),
        ("delivery", "DeliveryQueued", {"text": f"请签收:{text[:20]}"}),
        ("delivery", "DeliveryAccepted", None),
        ("page", "PageAcknowledged", {"answer": "1"}),
        ("incident", "IncidentClosed", None),
    )[part]
    written = orjson.dumps(private).decode() if private else None
    stream = f"{kind}/{story}" if part not in (1, 5, 6, 7) else f"{kind}/{story}.{part}"
    hash_ = f"{seq:064x}"
    return (seq, START + seq * 1_000_000, stream, 1, type_, 0, "user:officer", "", '{"division":"370202001"}',
            "s" if written else None, written, "0" * 64 if written else NO_PRIVATE, hash_)  # fmt: skip
