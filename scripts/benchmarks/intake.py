"""Durable intake: signed Twilio webhooks of known contacts' new reports, answered after commit, against an aiohttp no-op handler.

The same requests, the same 32 keep-alive senders in one other process, both servers in processes of their own.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from scripts.benchmarks import served
from scripts.benchmarks.children import Child, running
from scripts.benchmarks.measure import Figure, Foreign, Target
from scripts.benchmarks.options import Options

GOAL = Target("ratio", True, 0.12)
MOST = 12_000  # distinct requests ready for one sample of ours


def figures(options: Options) -> Iterator[Figure]:
    """SQLite with the workers at rest (judged: the intake alone) and at work, then PostgreSQL for information."""
    lines = {
        ("sqlite", False): Figure("intake, sqlite", "webhooks/s", "aiohttp no-op", GOAL),
        ("sqlite", True): Figure("intake, sqlite, routing beside it", "webhooks/s", "aiohttp no-op"),
        ("postgresql", False): Figure("intake, postgresql", "webhooks/s", "aiohttp no-op"),
    }
    lines = {case: line for case, line in lines.items() if case[0] in options.engines.names}
    with running("floor_process", "noop") as noop, running("sender") as sender:
        port = int(noop.hear()["port"])
        for turn in options.turns():
            _round(options, lines, turn, (sender, port))
    yield from lines.values()


def _round(options: Options, lines: dict[tuple[str, bool], Figure], turn: int, tools: tuple[Child, int]) -> None:
    sender, noop = tools
    for (engine, workers), line in lines.items():
        foreign = Foreign()
        floor = _load(options, sender, noop, turn, again=True)
        with options.engines.fresh(engine) as url, _desk(url, workers) as (_, port):
            _load(options, sender, port, 2 * turn, again=False)  # the first second reads the policy and fills caches
            ours = _load(options, sender, port, 2 * turn + 1, again=False)
        line.add(ours["per_second"], floor["per_second"], foreign.share())
        line.note = f"workers at {'work' if workers else 'rest'}; p99 {ours['p99_ms']:.0f} ms"


def _desk(url: str, workers: bool) -> AbstractContextManager[tuple[Child, int]]:
    return served.desk(url, workers=workers)


def _load(options: Options, sender: Child, port: int, turn: int, *, again: bool) -> dict[str, Any]:
    found = sender.ask(
        port=port,
        public_url=served.PUBLIC_URL,
        token=served.TOKEN,
        numbers=served.known_numbers(),
        first=turn * MOST,
        many=MOST // 6 if again else MOST,
        seconds=1.5 if options.quick else 3.0,
        again=again,
    )
    if set(found["statuses"]) != {"200"}:
        raise RuntimeError(f"not every webhook was answered by 200: {found}")
    return found
