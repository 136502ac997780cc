"""Whether the desk lives and is ready, and its figures for Prometheus. No personal data, nobody needs to be signed in."""

from collections.abc import Iterable

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from dutydesk.errors import Unavailable
from dutydesk.web import bodies
from dutydesk.web.parts import PARTS, Parts


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
    registry.register(_Figures(parts, await _overdue(parts)))
    return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _overdue(parts: Parts) -> tuple[int, float] | None:
    """Timers past their instant and the age in seconds of the oldest; None when the store is away."""
    now = parts.clock.now()
    try:
        count, oldest = await parts.hub.read(lambda connection: connection.all("timers_overdue", now)[0])
    except Unavailable:
        return None
    return int(count), (now - oldest) / 1_000_000 if oldest else 0.0


class _Figures(Collector):
    def __init__(self, parts: Parts, overdue: tuple[int, float] | None) -> None:
        self._parts, self._overdue = parts, overdue

    def collect(self) -> Iterable[Metric]:
        health = self._parts.hub.health
        yield CounterMetricFamily("dutydesk_commits", "Transactions committed by this hub.", health.commits)
        yield CounterMetricFamily("dutydesk_entries", "Journal entries written by this hub.", health.entries)
        yield GaugeMetricFamily("dutydesk_writable", "1 while the store takes writes.", float(health.writable))
        yield GaugeMetricFamily("dutydesk_last_commit_seconds", "Duration of the last commit.", health.last_commit_s)
        yield GaugeMetricFamily("dutydesk_queue_length", "Inputs waiting for the pen.", len(self._parts.hub._queue))
        yield GaugeMetricFamily("dutydesk_consoles", "Consoles connected to this hub.", self._parts.live.count)
        if self._overdue is not None:
            yield GaugeMetricFamily("dutydesk_overdue_timers", "Timers past their instant.", self._overdue[0])
            yield GaugeMetricFamily("dutydesk_oldest_overdue_seconds", "Age of the oldest one.", self._overdue[1])
