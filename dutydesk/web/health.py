"""Whether the desk lives and is ready, and its figures for Prometheus. No personal data, nobody needs to be signed in.

docs/ops/ has a dashboard and alert rules that read these figures; a test holds the names together.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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
    """200 when the desk takes in and works, also when it is late (`degraded` says with what); 503 when not; the body says what is wrong."""
    found = await request.app[PARTS].ready()
    return bodies.json(found, 200 if found.get("ok") else 503)


async def metrics(request: web.Request) -> web.Response:
    """The figures in Prometheus' text format."""
    parts = request.app[PARTS]
    registry = CollectorRegistry()
    registry.register(_Figures(parts, await _ask(parts), await _said(parts)))
    return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _said(parts: Parts) -> dict[str, Any]:
    try:
        return await parts.ready()
    except Unavailable:
        return {}


@dataclass(slots=True)
class _Kept:
    """What stands in the store now."""

    overdue: int
    oldest_s: float
    failing: int
    due: list[tuple[str, int]]  # by sender and kind
    queued_s: list[tuple[str, float]]  # by sender: how long the oldest message not yet handed over has waited
    open_rows: list[tuple[str, int]]
    deliveries: list[tuple[str, int]]


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
    under_way = [orjson.loads(row[6]) for row in connection.all("rows_touched", "delivery", NEVER)]
    queued = dict[str, int]()
    for body in under_way:
        if body["status"] == "queued" and body["queued_at"]:
            queued[body["via"]] = min(body["queued_at"], queued.get(body["via"], NEVER))
    return _Kept(
        overdue=count,
        oldest_s=_age(oldest, now),
        failing=failing,
        due=[(way, many) for way, many in connection.all("outbox_waiting", now)],
        queued_s=[(sender, _age(since, now)) for sender, since in sorted(queued.items())],
        open_rows=[(kind, many) for kind, many in connection.all("rows_open_counts")],
        deliveries=sorted(Counter(body["status"] for body in under_way).items()),
    )


def _age(since: int | None, now: int) -> float:
    return (now - since) / SECOND if since else 0.0


class _Figures(Collector):
    def __init__(self, parts: Parts, kept: _Kept | None, said: dict[str, Any]) -> None:
        self._parts, self._kept, self._said = parts, kept, said

    def collect(self) -> Iterable[Metric]:
        yield from self._of_the_hub()
        if self._kept is not None:
            yield from _of_the_store(self._kept)

    def _of_the_hub(self) -> Iterable[Metric]:
        health = self._parts.hub.health
        yield GaugeMetricFamily("dutydesk_ready", "1 while /readyz says ready.", float(self._said.get("ok", False)))
        late = float(bool(self._said.get("degraded")))
        yield GaugeMetricFamily("dutydesk_degraded", "1 while the desk serves, but later than it should.", late)
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
    yield _labelled("dutydesk_outbox_due", "Messages due and not yet handed over.", "way", kept.due)
    yield _labelled("dutydesk_outbox_oldest_seconds", "Wait of the oldest one.", "sender", kept.queued_s)
    yield _labelled("dutydesk_open_rows", "Rows open on the board.", "kind", kept.open_rows)
    yield _labelled("dutydesk_open_deliveries", "Deliveries under way.", "status", kept.deliveries)


def _labelled(name: str, says: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, many in values:
        family.add_metric([value], many)
    return family
