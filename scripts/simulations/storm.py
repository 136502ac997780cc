"""`scripts/simulate storm`: a bad night. 10,000 texts in ten minutes, some brought twice, some long, 1,000 consoles, 100,000 pending
timers, an officer who signs, a circular to 1,300; on one hub (SQLite) or two (PostgreSQL and Redis). Judged by `witness.py`, which
imports nothing of the desk. `--messages 3000` lasts three minutes at the same rate; `--pace 4` plays four times as fast, and the
senders' allowed rates grow with it.
"""

import argparse
import asyncio
import base64
import json
import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from dutydesk.clock import DAY, SystemClock
from dutydesk.simulator import Telco
from scripts.benchmarks import places, served
from scripts.benchmarks.children import Child, running
from scripts.benchmarks.measure import Foreign, machine, percentile, resident
from scripts.benchmarks.sender import request
from scripts.simulations import night, witness
from tests import services

MINUTES = 10
LINES = 64  # connections of the provider
TRIES = 6  # of one text that was answered by anything but 200
TWICE = 0.08  # share brought a second time under the same name
LONG = 0.1  # share of several parts, brought as one by the provider
OFFICER = 5.0  # seconds between two looks of the officer
CIRCULAR_AT = 0.4  # of the texts: then the circular is issued
PATIENCE = 900.0  # seconds for what is left to drain after the last text
_TEXTS = (
    "{n}号仓库{h}时{m}分左右突发火灾,现场有2人受伤已送医,消防正在扑救,后续情况续报。",
    "{h}时{m}分,辖区{n}号路口发生车辆追尾,3人受伤,道路中断,交警已到场。",
    "{n}号厂房{h}时{m}分燃气泄漏,已疏散周边群众120人,无人员伤亡,正在处置。",
    "续报:{n}号点位火势已控制,伤者2人情况稳定。",
)


@dataclass(slots=True)
class Tally:
    """What the provider saw."""

    answered: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    again: int = 0
    refused: int = 0
    statuses: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Watch:
    """The worst of what /metrics said, second by second."""

    worst: dict[str, float] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)

    def note(self, figures: dict[str, float], since: float) -> None:
        for name, limit in LIMITS.items():
            value = figures.get(name, 0.0)
            self.worst[name] = max(self.worst.get(name, 0.0), value)
            if value > limit:
                self.first.setdefault(name, time.monotonic() - since)


LIMITS = {  # what an operator would notice
    "dutydesk_queue_length": 50,
    "dutydesk_oldest_overdue_seconds": 5,
    "dutydesk_outbox_due": 500,
    "dutydesk_outbox_oldest_seconds": 60,
    "dutydesk_last_commit_seconds": 0.5,
    "dutydesk_turned_away_total": 0,
    "dutydesk_reader_restarts_total": 0,
}


def texts(many: int, numbers: list[str], seed: int) -> Iterator[tuple[str, str, str]]:
    """(name, number, words) of every arrival; some names come twice."""
    chance = random.Random(seed)
    for index in range(round(many * (1 - TWICE))):
        words = chance.choice(_TEXTS).format(n=index, h=chance.randrange(24), m=chance.randrange(60))
        if chance.random() < LONG:
            words += "现场情况说明:" + "道路积水,救援力量正在赶赴现场。" * 12
        arrival = (f"SM{index:032x}", chance.choice(numbers), words)
        yield arrival
        if chance.random() < TWICE / (1 - TWICE):
            yield arrival


class Provider:
    """Brings texts at their times over a few connections, again after anything but 200, as a provider does."""

    def __init__(self, ports: list[int], token: str) -> None:
        self.tally = Tally()
        self._ports, self._token = ports, token
        self._queue: asyncio.Queue[tuple[str, str, str] | None] = asyncio.Queue()

    async def bring(self, arrivals: list[tuple[str, str, str]], seconds: float) -> None:
        lines = [asyncio.create_task(self._line(self._ports[i % len(self._ports)])) for i in range(LINES)]
        loop = asyncio.get_running_loop()
        since = loop.time()
        for index, arrival in enumerate(arrivals):
            await asyncio.sleep(since + seconds * index / len(arrivals) - loop.time())
            self._queue.put_nowait(arrival)
        for _ in lines:
            self._queue.put_nowait(None)
        await asyncio.gather(*lines)

    async def _line(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while arrival := await self._queue.get():
            name, number, words = arrival
            raw = request(served.PUBLIC_URL, self._token, name, number, words)
            for turn in range(TRIES):
                since = time.perf_counter()
                writer.write(raw)
                status = await _status(reader)
                self.tally.seconds.append(time.perf_counter() - since)
                self.tally.statuses[status] = self.tally.statuses.get(status, 0) + 1
                if status == 200:
                    self.tally.answered[name] = words
                    break
                self.tally.again += 1
                await asyncio.sleep(1.0 + turn)
            else:
                self.tally.refused += 1
        writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(li.split(b":")[1]) for li in head.split(b"\r\n") if li.lower().startswith(b"content-length")), 0)
    await reader.readexactly(length)
    return int(head[9:12])


async def figures(http: aiohttp.ClientSession, port: int) -> dict[str, float]:
    """The hub's figures, labels summed (ages: the greatest)."""
    async with http.get(f"http://127.0.0.1:{port}/metrics") as answer:
        lines = [line.rsplit(" ", 1) for line in (await answer.text()).splitlines() if not line.startswith("#")]
    found: dict[str, float] = {}
    for name, value in lines:
        plain = name.partition("{")[0]
        join = max if plain.endswith("_seconds") else float.__add__
        found[plain] = join(found.get(plain, 0.0), float(value))
        found[name] = float(value)
    return found


class Scene:
    """The desks, the telephone company and the consoles of one night."""

    def __init__(
        self, asked: argparse.Namespace, url: str, desks: list[tuple[Child, int]], room: Child, telco: Telco
    ) -> None:
        self.asked, self.url, self.desks, self.room, self.telco = asked, url, desks, room, telco
        self.watch, self.ports, self.busy = Watch(), [port for _, port in desks], 0
        self._asking = asyncio.Lock()  # a desk is told one thing at a time

    async def play(self) -> dict[str, object]:
        foreign, clock = Foreign(), time.monotonic()
        self._fill()
        numbers = served.known_numbers()
        provider = Provider(self.ports, self.telco.account.auth_token)
        arrivals = list(texts(self.asked.messages, numbers, self.asked.seed))
        seconds = MINUTES * 60 * self.asked.messages / 10_000 / self.asked.pace
        since = time.monotonic()
        async with aiohttp.ClientSession() as http:
            looking = asyncio.create_task(self._look(http, since))
            signing = asyncio.create_task(self._officer())
            issuing = asyncio.create_task(self._circular(seconds * CIRCULAR_AT))
            await provider.bring(arrivals, seconds)
            brought = time.monotonic() - since
            await issuing
            drained = await self._drain(http, since)
            signing.cancel()
            looking.cancel()
            await asyncio.gather(signing, looking, return_exceptions=True)
            last = await asyncio.to_thread(self._last_report)
            consoles = [int((await figures(http, port))["dutydesk_consoles"]) for port in self.ports]
        return {
            "arrivals": len(arrivals), "seconds planned": round(seconds), "seconds taken": round(brought, 1),
            "drained after s": drained, "answer p50 ms": round(percentile(provider.tally.seconds, 0.5) * 1e3, 1),
            "answer p99 ms": round(percentile(provider.tally.seconds, 0.99) * 1e3, 1),
            "answer max ms": round(max(provider.tally.seconds) * 1e3), "statuses": provider.tally.statuses,
            "brought again": provider.tally.again, "given up": provider.tally.refused, "last report": last,
            "worst": self.watch.worst, "first over": self.watch.first, "others used": foreign.share(),
            "memory MB": [round(resident(child.pid)) for child, _ in self.desks], "tally": provider.tally,
            "consoles at the end": consoles, "officer told to come again": self.busy,
            "prepared s": round(since - clock),
        }  # fmt: skip

    def _fill(self) -> None:
        cookie = self.desks[0][0].ask(do="session")["cookie"]
        self.desks[0][0].ask(do="timers", many=self.asked.timers, after=SystemClock().now() + DAY)
        for _, port in self.desks:
            self.room.ask(do="connect", port=port, cookie=cookie, many=self.asked.consoles // len(self.desks))

    async def _officer(self) -> None:
        """One tired person who signs for whatever is on the screen, every few seconds."""
        while True:
            await asyncio.sleep(OFFICER)
            async with self._asking:
                said = await asyncio.to_thread(self.desks[0][0].ask, do="acknowledge")
            self.busy += said["busy"]

    async def _circular(self, after: float) -> None:
        await asyncio.sleep(after)
        if self.asked.recipients:
            async with self._asking:
                await asyncio.to_thread(self.desks[0][0].ask, do="circular")

    async def _look(self, http: aiohttp.ClientSession, since: float) -> None:
        while True:
            for port in self.ports:
                try:
                    self.watch.note(await figures(http, port), since)
                except (aiohttp.ClientError, TimeoutError):
                    self.watch.first.setdefault("no answer to /metrics", time.monotonic() - since)
            await asyncio.sleep(1.0)

    async def _drain(self, http: aiohttp.ClientSession, since: float) -> float | None:
        """Seconds until nothing was left to read or to send; None when patience ended."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            unread = await asyncio.to_thread(witness.unread, self.url)
            waiting = (await figures(http, self.ports[0])).get("dutydesk_outbox_due", 0)
            if not unread and not waiting and not self.telco.network.busy:
                return round(time.monotonic() - since, 1)
            await asyncio.sleep(1.0)
        return None

    def _last_report(self) -> dict[str, float]:
        number = served.known_numbers()[0]
        raw = request(
            served.PUBLIC_URL, self.telco.account.auth_token, "SM" + "f" * 32, number, "MARKLAST 仓库起火,1人受伤"
        )
        found: dict[str, float] = self.room.ask(do="report", request=base64.b64encode(raw).decode(), mark="MARKLAST")
        return {name: round(value, 1) for name, value in found.items()}


async def night_of(asked: argparse.Namespace, folder: Path, database: str, redis: str) -> bool:
    """Play and judge; True when nothing was lost."""
    night.furnish(folder, asked.recipients, asked.pace)
    async with Telco(seed=asked.seed) as telco:
        telco.network.status_delay = 0.1
        with ExitStack() as stack:
            desks = []
            for _ in range(asked.hubs):
                given = night.environment(folder, database, redis, telco.url, telco.account)
                desk = stack.enter_context(running("desk_process", environment=given))
                desks.append((desk, int((await asyncio.to_thread(desk.hear))["port"])))
            telco.connect(f"http://127.0.0.1:{desks[0][1]}", public=served.PUBLIC_URL)
            room = stack.enter_context(running("consoles"))
            scene = Scene(asked, database, desks, room, telco)
            told = await scene.play()
            await asyncio.to_thread(room.ask, do="free")
        tally, consoles = told.pop("tally"), told["consoles at the end"]
        assert isinstance(tally, Tally)
        texts = telco.network.texts.values()
        reached = {text.sid: text.to for text in texts if text.direction != "inbound"}
    recipients = [night.address(index) for index in range(asked.recipients)]
    found = witness.judge(database, tally.answered, reached, recipients, asked.timers)
    each = asked.consoles // asked.hubs
    found.demand(consoles == [each] * asked.hubs, f"consoles at the end: {consoles}, each hub had {each}")
    _say(asked, told, found)
    return not found.broken and not tally.refused


def _say(asked: argparse.Namespace, told: dict[str, object], found: witness.Findings) -> None:
    print(json.dumps({"machine": machine(), "asked": vars(asked)}, ensure_ascii=False))
    for name, value in {**told, **found.counts}.items():
        print(f"{name:<36}{value}")
    print(f"{'broken':<36}{len(found.broken)}")
    for line in found.broken[:20]:
        print(f"  {line}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/simulate storm", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--consoles", type=int, default=1_000)
    parser.add_argument("--timers", type=int, default=100_000)
    parser.add_argument("--recipients", type=int, default=1_300)
    parser.add_argument("--hubs", type=int, default=1, choices=(1, 2), help="2: PostgreSQL and Redis")
    parser.add_argument("--pace", type=float, default=1.0, help="how many times faster than ten minutes")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> int:
    """0 when nothing was lost, doubled or left behind."""
    asked = _arguments()
    with ExitStack() as stack:
        folder = stack.enter_context(places.folder())
        database, redis = f"sqlite:///{folder}/desk.sqlite", ""
        if asked.hubs == 2:
            engines = stack.enter_context(places.engines(True))
            database = stack.enter_context(engines.fresh("postgresql"))
            redis = stack.enter_context(services.redis_server())
        return 0 if asyncio.run(night_of(asked, folder, database, redis)) else 1


if __name__ == "__main__":
    sys.exit(main())
