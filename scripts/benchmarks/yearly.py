"""A circular over a year in a journal of a million entries: its counting beside the same entries only read, and what it holds."""

import asyncio
import resource
import time
from collections.abc import Iterator
from functools import partial

from dutydesk.clock import DAY
from dutydesk.domain.circulars import RequestCircular
from dutydesk.domain.verbs import Command
from dutydesk.store.connection import Connection
from dutydesk.store.store import Store, entries, head
from dutydesk.workers.drafts import written
from scripts.benchmarks import city
from scripts.benchmarks.history import TOLD, fill
from scripts.benchmarks.measure import Figure, Foreign
from scripts.benchmarks.options import Options

MILLION = 1_000_000
YEAR = 365 * DAY
ID = "year-20231120"


def figures(options: Options) -> Iterator[Figure]:
    """Each engine: seconds until tally and draft are counted, and the memory that took."""
    many = MILLION // 20 if options.quick else MILLION
    for engine in options.engines.names:
        with options.engines.fresh(engine) as url:
            fill(url, many, YEAR)
            asyncio.run(_ask(url))
            store = Store(url)
            yield from _counted(options, engine, store, many)
            store.close()


async def _ask(url: str) -> None:
    async with city.hub_on(url) as hub:
        wish = RequestCircular(
            name="年度", kind="year", starts_at=TOLD - DAY, ends_at=TOLD + YEAR + DAY, scheme="default"
        )
        await hub.handle(f"circular/{ID}", wish, key="", by="bench")


def _counted(options: Options, engine: str, store: Store, many: int) -> Iterator[Figure]:
    line = Figure(f"circular over a year, {many:,} entries, {engine}", "s", "the same entries only read", None)
    held = Figure(f"memory that it took, {engine}", "MB", "", None)
    for _ in options.turns(2):
        foreign, before = Foreign(), _peak()
        since = time.perf_counter()
        commands = store.read(partial(written, ID))
        took, since = time.perf_counter() - since, time.perf_counter()
        store.read(_read)
        line.add(took, time.perf_counter() - since, foreign.share())
        held.add(_peak() - before, 0.0, foreign.share())
        line.note = _said(commands)
    yield from (line, held)


def _said(commands: list[tuple[str, Command]]) -> str:
    sizes = ", ".join(
        f"{stream.partition('/')[0]} {len(made.model_dump_json()) // 1000:,} kB" for stream, made in commands
    )
    return f"what is handed in: {sizes}"


def _read(connection: Connection) -> int:
    return sum(1 for _record in entries(connection, 1, head(connection).seq))


def _peak() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
