"""The composition root: the only place where real parts are chosen. Tests call the same function with other edges.

`build(settings, clock=…, channels=…)` → `Desk`; `start` and `stop` are a pair; `settle` does by hand what the workers do.
"""

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from dutydesk import contacts
from dutydesk.channels.gateway import GatewayChannel
from dutydesk.channels.link import LinkChannel, Links
from dutydesk.channels.mail import MailChannel
from dutydesk.channels.port import Channel
from dutydesk.channels.post import PostChannel
from dutydesk.channels.twilio import TwilioChannel
from dutydesk.clock import SECOND, Clock, SystemClock, to_datetime
from dutydesk.config import Settings, load_rules, rules_digest
from dutydesk.config.gateways import load_gateways
from dutydesk.config.peers import load_peers
from dutydesk.domain.desks import NoteStart
from dutydesk.domain.policies import AdoptRules, differences
from dutydesk.domain.readings import Reading
from dutydesk.domain.rules import Rules
from dutydesk.errors import DeskError
from dutydesk.hub import Hub
from dutydesk.links import Signer
from dutydesk.nudge import LocalNudge, Nudge, RedisNudge
from dutydesk.reading.worker import ReaderPool, Setup
from dutydesk.store.connection import Connection
from dutydesk.store.search import SearchIndex
from dutydesk.store.store import Store, head
from dutydesk.store.tx import Folds, read_policy
from dutydesk.web import hooks
from dutydesk.web.link import link_route
from dutydesk.web.live import Live
from dutydesk.web.parts import PARTS, Parts
from dutydesk.web.presence import Presence
from dutydesk.web.server import AccessLog, make_app
from dutydesk.workers.drafts import Drafts
from dutydesk.workers.housekeeping import Housekeeping
from dutydesk.workers.indexer import Indexer
from dutydesk.workers.lines import Lines
from dutydesk.workers.link_intake import LinkIntake
from dutydesk.workers.outbox import Outbox
from dutydesk.workers.pairings import Pairings
from dutydesk.workers.proposals import Proposals
from dutydesk.workers.router import ReadTexts, Router
from dutydesk.workers.spot_checks import SpotChecks
from dutydesk.workers.tail import Tail
from dutydesk.workers.timers import Timers
from dutydesk.workers.tracer import Tracer
from dutydesk.workers.wheel import Wheel, Worker

VERSION = "0.1.0"
OVERDUE = 5 * SECOND  # a timer later than this is said
LAST_WORDS = 2.0  # s that requests under way get when the desk stops: whoever sends half a one must not hold it up
ADOPTED_AT_ONCE = 100  # two pens' worth: on a slow machine nobody of a slice waits past the hub's patience
_LISTENING = {
    errno.EADDRINUSE: "这个端口已经有程序占着,是不是值班台已经在运行?(systemctl status dutydesk)",
    errno.EADDRNOTAVAIL: "这不是本机的地址,改 DUTYDESK_HOST",
    errno.EACCES: "1024 以下的端口要特权:用 8080,让反向代理占 443",
}
log = logging.getLogger("dutydesk.app")


@dataclass(slots=True)
class Desk:
    """A running desk, or one about to run."""

    settings: Settings
    clock: Clock
    hub: Hub
    live: Live
    reader: ReaderPool
    nudge: Nudge
    channels: Mapping[str, Channel]
    wheel: Wheel
    workers: tuple[Worker, ...]
    site: web.Application
    signer: Signer
    links: Links
    lines: Lines
    own_reader: bool = True
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    _runner: web.AppRunner | None = None
    _warming: "asyncio.Task[None] | None" = None
    failed: "asyncio.Future[None] | None" = None

    async def open(self) -> None:
        """Take the store and adopt the policy of the files. Raises ConfigError, SchemaAhead, Unavailable."""
        self.hub.on_commit = self._committed
        self.hub.start()
        await self.nudge.start(lambda _seq: self.wheel.wake("tail"), self.site[PARTS].presence.heard)
        await adopt_policy(self.hub, self.settings)
        await self.hub.handle("desk/main", NoteStart(version=VERSION), key="", by="hub")

    async def start(self) -> int:
        """Open, serve and turn the workers. Returns the port served. The first worker that dies sets `failed`."""
        await self.open()
        port = await self.serve()
        self.failed = asyncio.get_running_loop().create_future()
        self.wheel.start()
        self._warming = asyncio.create_task(self.reader.start())
        self._tasks = [asyncio.create_task(self.wheel.turn(worker), name=worker.name) for worker in self.workers]
        for task in self._tasks:
            task.add_done_callback(self._worker_ended)
        return port

    async def serve(self) -> int:
        """Serve the web side only; whoever does this turns the workers himself (`settle`). Returns the port."""
        self._runner = web.AppRunner(
            self.site,
            access_log=logging.getLogger("dutydesk.access"),
            access_log_class=AccessLog,
            handle_signals=False,
            shutdown_timeout=LAST_WORDS,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.settings.host, self.settings.port, reuse_address=True)
        try:
            await site.start()
        except OSError as error:
            where = f"{self.settings.host}:{self.settings.port}"
            raise DeskError(f"不能在 {where} 上监听:{_LISTENING.get(error.errno or 0, error.strerror)}") from error
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Hang up, stop taking in, let the workers go, close the store."""
        await self.lines.stop()
        if self._runner:
            await self._runner.cleanup()
        for task in (*self._tasks, *filter(None, [self._warming])):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._tasks:
            self.wheel.stop()
        self.site[PARTS].index.close()
        await self.nudge.stop()
        for channel in self.channels.values():
            await channel.close()
        if self.own_reader:
            self.reader.close()
        await self.hub.stop()

    async def settle(self) -> None:
        """Let every worker do what is due now, until nothing moves: for tests and simulations with a clock of their own."""
        before = -1
        while (now := (await self.hub.read(head)).seq) != before:
            before = now
            for worker in self.workers:
                await worker.run_once()

    def _committed(self, seq: int, wakes: dict[str, int]) -> None:
        self.nudge.tell(seq)
        for name, at in wakes.items():
            for worker in self.workers:
                if worker.name == name or (name == "outbox" and worker.name.startswith(name)):
                    self.wheel.wake(worker.name, at)

    def _worker_ended(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled() or self.failed is None or self.failed.done():
            return
        log.critical("worker %s died", task.get_name(), exc_info=task.exception())
        self.failed.set_exception(task.exception() or RuntimeError(f"worker {task.get_name()} ended"))


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    channels: Mapping[str, Channel] | None = None,
    environment: Mapping[str, str] | None = None,
    reader: ReaderPool | None = None,
    demo: bool = False,
) -> Desk:
    """Put a desk together. Nothing is opened yet. Raises ConfigError when files are wrong."""
    clock = clock or SystemClock()
    gateways = load_gateways(settings.config, environment)
    rules = load_rules(settings.config)
    peers = load_peers(rules, environment)
    hub = Hub(Store(settings.database), clock)
    live = Live(hub, clock)
    own_reader = reader is None
    reader = reader or ReaderPool(Setup(contacts.load(settings.contacts), rules.levels))
    signer = Signer(settings.secret.get_secret_value())
    ways = dict(channels) if channels is not None else _channels(settings, rules, gateways, clock)
    links = Links(peers, rules.desk.unit, clock, LinkIntake(hub, clock, rules.desk.unit))
    ways |= {name: LinkChannel(name, links) for name in links.peers}
    ways |= {name: PostChannel(joined, clock) for name, joined in peers.items() if joined.peer.kind == "http"}
    lines = Lines(hub, clock, links)
    wheel, index = Wheel(clock), SearchIndex(hub.store)
    workers: tuple[Worker, ...] = (
        Timers(hub, clock),
        Router(hub, clock, _reads(reader), Proposals(hub), live.shown),
        *(Outbox(hub, clock, ways, signer, settings.public_url, name, links.at_hand) for name in ("", *ways)),
        Drafts(hub, clock),
        SpotChecks(hub, clock),
        Pairings(hub, clock),
        Housekeeping(hub, clock, ways),
        lines,
        Tail(hub, live.tick),
        Indexer(hub, clock, index),
        *([Tracer(hub, clock, settings.traces, rules.desk.unit)] if settings.traces else ()),
    )
    health = Ready(hub, clock, wheel, workers)
    nudge: Nudge = RedisNudge(settings.redis) if settings.redis else LocalNudge()
    parts = Parts(
        hub=hub,
        settings=settings,
        clock=clock,
        signer=signer,
        live=live,
        presence=Presence(clock, nudge.share),
        read_text=_reads_one(reader),
        ready=health.look,
        reader_restarts=lambda: reader.killed,
        index=index,
        extra_routes=[*hooks.routes(hub, settings, gateways, clock), link_route(links)],
        demo=demo,
        secure_cookies=settings.public_url.startswith("https://"),
    )
    site = make_app(parts)
    return Desk(settings, clock, hub, live, reader, nudge, ways, wheel, workers, site, signer, links, lines, own_reader)


def _channels(settings: Settings, rules: Rules, gateways: Mapping[str, Any], clock: Clock) -> dict[str, Channel]:
    made: dict[str, Channel] = {}
    for sender in rules.senders:
        if sender.kind == "twilio" and settings.twilio_account_sid:
            made[sender.name] = TwilioChannel(sender.name, settings, sender.numbers)
        elif sender.kind == "gateway" and sender.name in gateways:
            made[sender.name] = GatewayChannel(gateways[sender.name], clock)
        elif sender.kind == "mail" and settings.smtp_url.get_secret_value():
            made[sender.name] = MailChannel(sender.name, settings)
    return made


def _reads(reader: ReaderPool) -> ReadTexts:
    async def read_texts(texts: list[tuple[str, int]], budget: float) -> list[Reading | None]:
        return await reader.read_many([(text, to_datetime(at)) for text, at in texts], budget)

    return read_texts


def _reads_one(reader: ReaderPool) -> Callable[[str, int], Awaitable[Reading]]:
    async def read_text(text: str, received_at: int) -> Reading:
        return await reader.read(text, to_datetime(received_at))

    return read_text


async def adopt_policy(hub: Hub, settings: Settings) -> int:
    """Turn what the files say and the journal does not into entries. Returns how many commands that took."""
    rules = load_rules(settings.config)
    wanted = contacts.load(settings.contacts)
    now = await hub.read(_policy_now)
    adopt = AdoptRules(rules=rules, digest=rules_digest(settings.config))
    changes = [("rules/main", adopt), *differences(now.directory, wanted)]
    for start in range(0, len(changes), ADOPTED_AT_ONCE):
        slice_ = changes[start : start + ADOPTED_AT_ONCE]
        await asyncio.gather(*(hub.handle(s, c, key="", by="files") for s, c in slice_))
    return len(changes)


def _policy_now(connection: Connection) -> Folds:
    folds = Folds()
    read_policy(connection, folds)
    return folds


@dataclass(slots=True)
class Ready:
    """What /readyz says: not ready when the store takes no writes or a worker stands still; degraded, but serving, when something is late.

    Late means busy, and all hubs are busy at once: were they not ready for it, a proxy would turn away what they can still record.
    """

    hub: Hub
    clock: Clock
    wheel: Wheel
    workers: tuple[Worker, ...]

    async def look(self) -> dict[str, Any]:
        now = self.clock.now()
        (overdue, oldest), (failing,) = await self.hub.glance(
            lambda c: (c.one("timers_overdue", now - OVERDUE) or (0, None), c.one("timers_failing") or (0,))
        )
        asleep = [
            w.name for w in self.workers if self.wheel.turned and now - self.wheel.turned.get(w.name, 0) > 60 * SECOND
        ]
        health, late = self.hub.health, round((now - oldest) / SECOND, 1) if oldest else 0
        slow = [f"{overdue} 个时限晚了,最久 {late:.0f} 秒"] if overdue else []
        return {
            "ok": health.writable and not asleep,
            "degraded": slow + [health.slow] * bool(health.slow),
            "writable": health.writable,
            "reason": health.reason,
            "overdue_timers": overdue,
            "oldest_overdue_s": late,
            "failing_timers": failing,
            "workers_asleep": asleep,
        }
