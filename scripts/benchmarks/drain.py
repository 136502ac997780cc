"""The full consequence of a report (incident, page, timer, receipt, rows), the readings supplied, against bare commits of as many rows."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from dutydesk.hub import Hub
from dutydesk.store.connection import Connection, Params
from dutydesk.store.store import Store
from scripts.benchmarks import city
from scripts.benchmarks.measure import Figure, Foreign, Target
from scripts.benchmarks.options import Options

CALIBRATION = 100  # reports with which rows and bytes are counted, outside the measured time
GOALS = {"sqlite": 800.0, "postgresql": 300.0}
KINDS = ("incident", "page", "delivery")


@dataclass(frozen=True, slots=True)
class Shape:
    """What one report writes: rows of every table together, and characters of a row."""

    rows: float
    characters: int


@dataclass(frozen=True, slots=True)
class Drained:
    """A run of ours: reports a second, and how many rows stood in one commit."""

    per_second: float
    reports_per_commit: float


def figures(options: Options) -> Iterator[Figure]:
    """Per engine: reports a second with its target, and the same as a share of bare group commits."""
    for engine in options.engines.names:
        goal = Target("ours", True, GOALS[engine])
        rate = Figure(f"drain, {engine}", "reports/s", "bare group commit of as many rows", goal)
        shape = _shape(options, engine)
        rate.note = f"{shape.rows:.1f} rows a report of {shape.characters} characters; 32 callers, one hub"
        for _ in options.turns():
            foreign = Foreign()
            ours = _drained(options, engine)
            floor = _bare(options, engine, shape, ours.reports_per_commit)
            rate.add(ours.per_second, floor, foreign.share())
        yield rate


def _shape(options: Options, engine: str) -> Shape:
    with options.engines.fresh(engine) as url:
        return asyncio.run(_count(url))


async def _count(url: str) -> Shape:
    written: list[Params] = []
    async with city.hub_on(url) as hub:
        await city.settle_in(hub, CALIBRATION)
        await city.at_once(city.record(hub, index) for index in range(CALIBRATION))
        await hub.beside(lambda connection: _listen(connection, written))
        await city.at_once(city.interpret(hub, index) for index in range(CALIBRATION))
    characters = sum(len(value) if isinstance(value, str) else 8 for row in written for value in row)
    return Shape(len(written) / CALIBRATION, characters // len(written))


def _listen(connection: Connection, written: list[Params]) -> None:
    """Note every row that a connection writes in bulk from now on."""
    many = connection.many

    def noted(name: str, rows: Sequence[Params]) -> None:
        written.extend(rows)
        many(name, rows)

    connection.many = noted  # type: ignore[method-assign]


def _drained(options: Options, engine: str) -> Drained:
    with options.engines.fresh(engine) as url:
        return asyncio.run(_drain(url, options.reports))


async def _drain(url: str, reports: int) -> Drained:
    async with city.hub_on(url) as hub:
        await city.settle_in(hub, reports)
        await city.at_once(city.record(hub, index) for index in range(reports))
        commits, since = hub.health.commits, time.perf_counter()
        await city.at_once(city.interpret(hub, index) for index in range(reports))
        elapsed, commits = time.perf_counter() - since, hub.health.commits - commits
        await _check(hub, reports)
    return Drained(reports / elapsed, reports / commits)


async def _check(hub: Hub, reports: int) -> None:
    """Every report must have had its whole consequence, or the figure means nothing."""
    kinds = await hub.read(lambda connection: Counter(row[0] for row in connection.all("rows_all")))
    if any(kinds[kind] < reports for kind in KINDS):
        raise RuntimeError(f"{reports} reports, but only {dict(kinds)}")


def _bare(options: Options, engine: str, shape: Shape, reports_per_commit: float) -> float:
    """Reports a second if a report were only its rows: inserted as one string each, committed in groups of the same size."""
    commits = max(1, round(options.reports / reports_per_commit))
    rows = round(options.reports * shape.rows / commits)
    with options.engines.fresh(engine) as url, closing(Store(url).connect()) as connection:
        connection.script(["CREATE TABLE bare (id BIGINT PRIMARY KEY, body TEXT NOT NULL)"])
        since = time.perf_counter()
        for commit in range(commits):
            _insert(connection, commit * rows, rows, "x" * shape.characters)
        return options.reports / (time.perf_counter() - since)


def _insert(connection: Connection, first: int, rows: int, body: str) -> None:
    values = [(first + index, body) for index in range(rows)]
    connection.script(["BEGIN"])
    with connection.together():
        _bulk(connection, values)
        connection.commit()


def _bulk(connection: Connection, values: Sequence[Params]) -> None:
    queries: dict[str, str] = connection._queries  # type: ignore[attr-defined]
    mark = "?" if "?" in queries["head"] + queries["row"] else "%s"
    queries["bare"] = f"INSERT INTO bare (id, body) VALUES ({mark}, {mark})"
    connection.many("bare", values)
