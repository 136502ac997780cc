"""Timers: how late a page's clock rings with 100,000 others pending, against a bare heap of `loop.call_at`.

And whether 3,000 at one instant all ring, also when the process is killed among them.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from functools import partial

from dutydesk.clock import DAY, SECOND
from dutydesk.domain.pages import StartPage
from dutydesk.domain.policies import AdoptRules
from dutydesk.domain.rules import Policy, Rules, Step
from dutydesk.domain.verbs import Command, Fire, Lane, Priority
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection, Params
from dutydesk.store.entries import Entry
from dutydesk.store.verify import verify
from dutydesk.workers.timers import Timers
from dutydesk.workers.wheel import Wheel
from scripts.benchmarks import city
from scripts.benchmarks.children import Child, running
from scripts.benchmarks.measure import Figure, Foreign, Target, percentile
from scripts.benchmarks.options import Options

PENDING = 100_000
DUE = 1_000  # over one second
BURST = 3_000  # at one instant
KILLED_AFTER = 1_000
GOAL = Target("ratio", False, 4.0)
LEAD = 1.0  # seconds from setting the timers to the first
_CLIMB = Policy(name="climb", steps=(Step(who=("watch",), how=("console",), answer_within=60),) * 2, at_top="stop")


class Timed(Hub):
    """Notes how long after its instant each timer's consequence was durable."""

    late: list[float]
    wanted: int
    all_rung: asyncio.Event

    async def handle(
        self, stream: str, command: Command, *, key: str, by: str, drill: bool = False, guarded: bool = False
    ) -> list[Entry]:
        entries = await super().handle(stream, command, key=key, by=by, drill=drill, guarded=guarded)
        if isinstance(command, Fire):
            self.late.append((self.clock.now() - command.due_at) / 1e3)
            if len(self.late) == self.wanted:
                self.all_rung.set()
        return entries


def figures(options: Options) -> Iterator[Figure]:
    """Lateness, then the burst with and without a kill."""
    late = [
        Figure(f"timers, {engine}: p99 late", "ms", "call_at heap", GOAL if engine == "sqlite" else None)
        for engine in options.engines.names
    ]
    for _ in options.turns():
        for line, engine in zip(late, options.engines.names, strict=True):
            _lateness(options, engine, line)
    yield from late
    for engine in options.engines.names:
        yield from _bursts(options, engine)


def _lateness(options: Options, engine: str, line: Figure) -> None:
    foreign = Foreign()
    floor = asyncio.run(_heap())
    with options.engines.fresh(engine) as url:
        ours = asyncio.run(pages(url))
    line.add(percentile(ours, 0.99), percentile(floor, 0.99), foreign.share())
    line.note = f"{PENDING:,} pending, {DUE:,} due over one second; p50 {percentile(ours, 0.5):.1f} ms, durable"


async def _heap() -> list[float]:
    """The same instants as plain callbacks of the loop; nothing is kept, nothing is done."""
    loop, late, done = asyncio.get_running_loop(), list[float](), asyncio.Event()

    def ring(at: float) -> None:
        late.append((loop.time() - at) * 1e3)
        if len(late) == DUE:
            done.set()

    pending = [loop.call_at(loop.time() + 86_400, done.set) for _ in range(PENDING)]
    start = loop.time() + LEAD
    for index in range(DUE):
        at = start + index / DUE
        loop.call_at(at, ring, at)
    await done.wait()
    for timer in pending:
        timer.cancel()
    return late


async def pages(url: str, pending: int = PENDING, due: int = DUE, spread: int = SECOND) -> list[float]:
    """Pages whose answer is overdue at those instants, so many over `spread` microseconds; each climbs. Milliseconds late."""
    async with city.hub_on(url, Timed) as hub:
        assert isinstance(hub, Timed)
        hub.late, hub.wanted, hub.all_rung = [], due, asyncio.Event()
        await _start_pages(hub, due)
        await _put(hub, [_row(f"far{i}", hub.clock.now() + DAY + i) for i in range(pending)])
        wheel = Wheel(hub.clock)
        hub.on_commit = partial(_wake, wheel)
        start = hub.clock.now() + int(LEAD * SECOND)
        await _put(hub, [_row(f"p{i}", start + i * spread // due) for i in range(due)])
        wheel.start()
        turning = asyncio.create_task(wheel.turn(Timers(hub, hub.clock)))
        await hub.all_rung.wait()
        turning.cancel()
        wheel.stop()
        return hub.late


def _wake(wheel: Wheel, _seq: int, wakes: dict[str, int]) -> None:
    for name, at in wakes.items():
        wheel.wake(name, at)


async def _start_pages(hub: Hub, many: int) -> None:
    rules = Rules(policies={"climb": _CLIMB})
    await hub.handle("rules/main", AdoptRules(rules=rules, digest=""), key="", by="bench")
    start = StartPage(policy="climb", subject="仓库火灾")
    await city.at_once(_start_page(hub, f"page/p{index}", start) for index in range(many))


async def _start_page(hub: Hub, stream: str, start: StartPage) -> None:
    await hub.handle(stream, start, key="", by="bench")


def _row(page: str, due_at: int) -> Params:
    return (f"page/{page}", "answer", Lane.FIRE.value, due_at, due_at, int(Priority.PAGE), 0)


async def _put(hub: Hub, rows: list[Params]) -> None:
    """Set timers as the pen does, in bulk."""
    for start in range(0, len(rows), 5_000):
        await hub.beside(partial(_set, rows[start : start + 5_000]))


def _set(rows: list[Params], connection: Connection) -> None:
    connection.many("set_timer", rows)


def _bursts(options: Options, engine: str) -> Iterator[Figure]:
    whole = Figure(f"{BURST:,} timers at one instant, {engine}", "% fired once", "", Target("ours", True, 100.0))
    killed = Figure(f"the same, kill -9 after {KILLED_AFTER:,}", "% fired once", "", Target("ours", True, 100.0))
    for _ in options.turns(1 if options.quick else 3):
        for line, kill in ((whole, False), (killed, True)):
            foreign = Foreign()
            with options.engines.fresh(engine) as url:
                asyncio.run(_prepare(url))
                fired, seconds = _burst(url, kill)
                share = asyncio.run(_once(url))
            line.add(share, 0.0, foreign.share())
            line.note = f"{fired:,} by the last process, within {seconds:.2f} s of its first look"
    yield from (whole, killed)


async def _prepare(url: str) -> None:
    async with city.hub_on(url) as hub:
        await _start_pages(hub, BURST)
        due = hub.clock.now()
        await _put(hub, [_row(f"p{i}", due) for i in range(BURST)])


def _burst(url: str, kill: bool) -> tuple[int, float]:
    """Fire everything in another process; with `kill`, the first one dies among them and a second one takes over."""
    if kill:
        victim = Child("burst_process", url)
        while victim.hear()["fired"] < KILLED_AFTER:
            pass
        victim.kill()
    with running("burst_process", url) as child:
        while "seconds" not in (said := child.hear()):
            pass
    return int(said["fired"]), float(said["seconds"])


async def _once(url: str) -> float:
    """Of a hundred pages, how many climbed exactly once; counted in the journal, whose chain must hold."""
    async with city.hub_on(url) as hub:
        return float(await hub.read(_climbed))


def _climbed(connection: Connection) -> float:
    last = verify(connection).seq
    steps = Counter(record[2] for record in connection.all("entries_typed", "PageStepStarted", 1, last))
    return 100 * sum(1 for times in steps.values() if times == 2) / BURST
