"""Who is on watch: answers a second with a hundred and with a hundred thousand shifts kept, and how much slower the many make it."""

import time
from collections.abc import Iterator
from contextlib import closing

import orjson

from dutydesk.clock import DAY, HOUR, SystemClock
from dutydesk.domain.rosters import Duty, Seat, month_of
from dutydesk.store.connection import Connection, Params
from dutydesk.store.store import Store
from dutydesk.web.rosters import planned
from scripts.benchmarks.measure import Figure, Foreign, Target
from scripts.benchmarks.options import Options

FEW, MANY = 100, 100_000
LENGTH = 12 * HOUR
ASKED = 2_000  # instants asked for, spread over all that is kept
LEAST, SLOWER = 1_500.0, 1.3


def figures(options: Options) -> Iterator[Figure]:
    """Per engine: the rate with many kept, and few ÷ many as a ratio."""
    for engine in options.engines.names:
        rate = Figure(f"who is on watch, {MANY:,} kept, {engine}", "/s", "", Target("ours", True, LEAST))
        slower = Figure(f"the same, few over many, {engine}", "x", "", Target("ours", False, SLOWER))
        slower.note = f"{FEW} and {MANY:,} shifts of three people, {ASKED:,} instants each, one connection"
        for _ in options.turns():
            foreign = Foreign()
            few, many = (_answers(options, engine, kept) for kept in (FEW, MANY))
            rate.add(many, 0.0, foreign.share())
            slower.add(few / many, 0.0, foreign.share())
        yield from (rate, slower)


def _answers(options: Options, engine: str, kept: int) -> float:
    """Answers a second; each must be the shift that was put there."""
    last = SystemClock().now() // DAY * DAY
    first = last - kept * LENGTH
    with options.engines.fresh(engine) as url:
        store = Store(url)
        store.prepare()
        with closing(store.connect()) as connection:
            _fill(connection, first, kept)
            step = max(1, kept * LENGTH // ASKED)
            since = time.perf_counter()
            found = [planned(connection, first + index * step) for index in range(ASKED)]
            elapsed = time.perf_counter() - since
        store.close()
    if any(duty is None or duty["id"] != str(index * step // LENGTH) for index, duty in enumerate(found)):
        raise RuntimeError("a wrong answer")
    return ASKED / elapsed


def _fill(connection: Connection, first: int, kept: int) -> None:
    """Month rows as the desk keeps them."""
    months: dict[str, list[Duty]] = {}
    seats = tuple(Seat(post=post, person=f"{post}-person") for post in ("leader", "main", "deputy"))
    for index in range(kept):
        at = first + index * LENGTH
        duty = Duty(id=str(index), name="白班", starts_at=at, ends_at=at + LENGTH, seats=seats)
        months.setdefault(month_of(at), []).append(duty)
    rows: list[Params] = [
        ("roster", month, 1, 1, 0, "", orjson.dumps({"duties": [d.model_dump() for d in duties]}).decode())
        for month, duties in months.items()
    ]
    connection.script(["BEGIN"])
    connection.many("put_row", rows)
    connection.commit()
