"""Whether the desk lives and is ready, and its figures for Prometheus. No personal data, nobody needs to be signed in.

docs/ops/ has a dashboard and alert rules that read these figures; a test holds the names together.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson
from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from dutydesk.clock import SECOND
from dutydesk.errors import Unavailable
from dutydesk.store.connection import Connection
from dutydesk.web import bodies
from dutydesk.web.parts import PARTS, Parts

NEVER = 2**62  # a seq that no row has


async def alive(_request: web.Request) -> web.Response:
    """The process answers."""
    return bodies.json({"ok": True})


async def ready(request: web.Request) -> web.Response:
    """200 when the desk can do its work, 503 when not; the body says what is wrong."""
    found = await request.app[PARTS].ready()
    return bodies.json(found, 200 if found.get("ok") else 503)


async def metrics(request: web.Request) -> web.Response:
    """The figures in Prometheus' text format."""
    parts = request.app[PARTS]
    registry = CollectorRegistry()
    registry.register(_Figures(parts, await _ask(parts), await _is_ready(parts)))
    return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _is_ready(parts: Parts) -> bool:
    try:
        return bool((await parts.ready()).get("ok"))
    except Unavailable:
        return False


@dataclass(slots=True)
class _Kept:
    """What stands in the store now."""

    overdue: int
    oldest_s: float
    failing: int
    outbox: list[tuple[str, int, float]]  # channel, messages due, age in seconds of the oldest
    open_rows: list[tuple[str, int]]
    deliveries: dict[str, int] = field(default_factory=dict)


async def _ask(parts: Parts) -> _Kept | None:
    """None when the store is away."""
    now = parts.clock.now()
    try:
        return await parts.hub.read(lambda connection: _look(connection, now))
    except Unavailable:
        return None


def _look(connection: Connection, now: int) -> _Kept:
    count, oldest = connection.all("timers_overdue", now)[0]
    failing = connection.all("timers_failing")[0][0]
    waiting = [(way, many, (now - since) / SECOND) for way, many, since in connection.all("outbox_waiting", now)]
    statuses = Counter(
        orjson.loads(row[6]).get("status", "") for row in connection.all("rows_touched", "delivery", NEVER)
    )
    opened = [(kind, many) for kind, many in connection.all("rows_open_counts")]
    return _Kept(count, (now - oldest) / SECOND if oldest else 0.0, failing, waiting, opened, dict(statuses))


class _Figures(Collector):
    def __init__(self, parts: Parts, kept: _Kept | None, is_ready: bool) -> None:
        self._parts, self._kept, self._ready = parts, kept, is_ready

    def collect(self) -> Iterable[Metric]:
        yield from self._of_the_hub()
        if self._kept is not None:
            yield from _of_the_store(self._kept)

    def _of_the_hub(self) -> Iterable[Metric]:
        health = self._parts.hub.health
        yield GaugeMetricFamily("dutydesk_ready", "1 while /readyz says ready.", float(self._ready))
        yield GaugeMetricFamily("dutydesk_writable", "1 while the store takes writes.", float(health.writable))
        yield CounterMetricFamily("dutydesk_inputs", "Inputs that got the pen.", health.inputs)
        yield CounterMetricFamily("dutydesk_turned_away", "Inputs that waited too long for it.", health.turned_away)
        yield CounterMetricFamily(
            "dutydesk_pen_wait_seconds", "Time inputs waited for the pen, summed.", health.waited_s
        )
        yield GaugeMetricFamily("dutydesk_queue_length", "Inputs waiting for the pen.", len(self._parts.hub._queue))
        yield CounterMetricFamily("dutydesk_commits", "Transactions committed by this hub.", health.commits)
        yield CounterMetricFamily("dutydesk_commit_seconds", "Time of these commits, summed.", health.commit_s)
        yield GaugeMetricFamily("dutydesk_last_commit_seconds", "Duration of the last commit.", health.last_commit_s)
        yield CounterMetricFamily("dutydesk_entries", "Journal entries written by this hub.", health.entries)
        yield GaugeMetricFamily("dutydesk_consoles", "Consoles connected to this hub.", self._parts.live.count)
        restarts = self._parts.reader_restarts()
        yield CounterMetricFamily("dutydesk_reader_restarts", "Reading processes killed for taking too long.", restarts)


def _of_the_store(kept: _Kept) -> Iterable[Metric]:
    yield GaugeMetricFamily("dutydesk_overdue_timers", "Timers past their instant.", kept.overdue)
    yield GaugeMetricFamily("dutydesk_oldest_overdue_seconds", "Age of the oldest one.", kept.oldest_s)
    yield GaugeMetricFamily("dutydesk_failing_timers", "Timers whose firing failed and is tried again.", kept.failing)
    due = GaugeMetricFamily("dutydesk_outbox_due", "Messages due and not yet handed over.", labels=["way"])
    oldest = GaugeMetricFamily("dutydesk_outbox_oldest_seconds", "Age of the oldest of them.", labels=["way"])
    for way, many, age in kept.outbox:
        due.add_metric([way], many)
        oldest.add_metric([way], age)
    yield from (due, oldest)
    yield _labelled("dutydesk_open_rows", "Rows open on the board.", "kind", kept.open_rows)
    yield _labelled("dutydesk_open_deliveries", "Deliveries under way.", "status", sorted(kept.deliveries.items()))


def _labelled(name: str, says: str, label: str, values: Iterable[tuple[str, int]]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, many in values:
        family.add_metric([value], many)
    return family
