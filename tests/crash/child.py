"""The process that is killed: a hub with its workers and a fake provider on one store. It lives and dies by its orders.

Every answer given to a sender is printed, one line each, after the desk acknowledged it; every send of the fake provider is appended to a
file. `--nursery FD` imports once and forks a life for each order that comes over that socket.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dutydesk import hub as hub_module
from dutydesk.clock import SECOND, Instant, SystemClock
from dutydesk.domain.clocks import ClockRule
from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.messages import Proposal
from dutydesk.domain.readings import Reading
from dutydesk.domain.verbs import Command, Promise
from dutydesk.errors import DeskError, Unavailable
from dutydesk.hub import Hub
from dutydesk.links import Signer
from dutydesk.nudge import RedisNudge
from dutydesk.store import buffers, tx
from dutydesk.store import store as store_module
from dutydesk.store.buffers import Buffer
from dutydesk.store.connection import Connection
from dutydesk.store.lock import served
from dutydesk.store.postgres import PostgresConnection
from dutydesk.store.sql import migrations
from dutydesk.store.sqlite import SqliteConnection
from dutydesk.store.store import Store
from dutydesk.workers.outbox import Outbox
from dutydesk.workers.router import Router
from dutydesk.workers.timers import Timers
from tests.crash.orders import Orders
from tests.crash.plants import plant
from tests.crash.provider import FakeProvider
from tests.crash.screens import show
from tests.kit import directory, phone, report, rules, setup, sms

POINTS = ("begin", "append", "flush", "commit", "committed", "send", "sent", "read", "fire")
AT_ONCE = 8
AGAIN = 0.05  # seconds until whoever was refused comes again
CLOCK = ClockRule(
    id="phone", title="电话直报", sender="city", receiver="省", channel="phone", start="received", minutes=30, always=True,
    law="山东省安全生产条例(2021修订) 第65条", confirmed=True,
)  # fmt: skip


class Death:
    """Counts passings of the chosen point and ends this process at the right one, as a power cut would; or freezes it there."""

    def __init__(self, wish: str, by: int = signal.SIGKILL) -> None:
        self._by = by
        self._point, _, left = wish.partition(":")
        self._left = int(left or 0)

    def __call__(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if self._left < 0:
                os.kill(os.getpid(), self._by)
                self._point = ""


class FastClock:
    """The machine's clock, run faster since an instant that all lives on one store share, and stepped when told."""

    def __init__(self, orders: Orders) -> None:
        self._base, self._speed, self.ahead = orders.base, orders.speed, orders.ahead

    def now(self) -> Instant:
        real = SystemClock().now()
        return Instant(self._base + (real - self._base) * self._speed + self.ahead * SECOND)


def mine_engine(engine: Any, die: Death) -> None:
    """The points around the pen of one engine."""
    begin, commit = engine.begin, engine.commit

    def begun(self: Connection) -> Any:
        pen = begin(self)
        die("begin")
        return pen

    def committed(self: Connection) -> None:
        die("commit")
        commit(self)
        die("committed")

    engine.begin, engine.commit = begun, committed


def mine(die: Death) -> None:
    """Lay the points where this process may die: before and after each step under the pen."""
    append, write = tx.Tx.append, buffers.write

    def appended(self: tx.Tx, *args: Any, **named: Any) -> Any:
        die("append")
        return append(self, *args, **named)

    def written(connection: Connection, buffer: Buffer) -> None:
        write(connection, buffer)
        if buffer.made:
            die("flush")

    for engine in (SqliteConnection, PostgresConnection):
        mine_engine(engine, die)
    tx.Tx.append = appended  # type: ignore[method-assign]
    tx.write = written  # type: ignore[attr-defined]


async def read_texts(texts: list[tuple[str, int]], _budget: float) -> list[Reading | None]:
    return [report(category=None) for _ in texts]


async def propose(*_given: Any) -> tuple[Proposal, ...]:
    return ()


def input_of(orders: Orders, n: int) -> tuple[str, str, Command]:
    """The stream, key and command of the n-th input: a text, or of mixed load each fourth a message that may go out only once."""
    key = f"{orders.name}-{n}"
    if orders.mixed and n % 4 == 3:
        about, to = "desk/main", phone(1 + n % 3)
        text = f"once:{key}:上报"
        once = QueueDelivery(how="sms", to=to, text=text, purpose="submission", about=about, promise=Promise.ONCE)
        return f"delivery/once-{key}", f"once:{key}", once
    return f"message/{key}", f"gw:{key}", sms(f"gw:{key}:仓库着火", phone(1 + n % 3))


async def work(hub: Hub, orders: Orders, die: Death) -> None:
    clock = hub.clock
    router = Router(hub, clock, read_texts, propose)
    provider = FakeProvider(Path(orders.sent), die, orders.faults)
    outbox = Outbox(hub, clock, {"main": provider}, Signer("s" * 32), "http://127.0.0.1", "main")
    timers = Timers(hub, clock)

    async def one(n: int) -> None:
        stream, key, command = input_of(orders, n)
        if orders.plant == "answer before commit":
            print(f"ok {key}", flush=True)
        try:
            await hub.handle(stream, command, key=key, by="main")
        except DeskError as error:
            print(f"no {key} {type(error).__name__}", flush=True)
            await _back_off()
        else:
            print(f"ok {key}", flush=True)

    end = orders.first + orders.load
    for start in range(orders.first, end, AT_ONCE):
        if orders.step and isinstance(clock, FastClock) and start >= orders.first + orders.load // 2:
            clock.ahead = orders.ahead + orders.step
        await asyncio.gather(*(one(n) for n in range(start, min(start + AT_ONCE, end))))
        die("read")
        await _turn(router.run_once)
        await _turn(outbox.run_once)
        die("fire")
        await _turn(timers.run_once)


async def _turn(run_once: Callable[[], Any]) -> None:
    """A worker's turn; with the store away it comes again, as under the desk's own wheel."""
    try:
        await run_once()
    except Unavailable:
        await _back_off()


async def _back_off() -> None:
    """As a sender does who was told to come again."""
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(AGAIN, over.set)
    await over.wait()


def become_newer() -> None:
    """The build after this one: it raises the number, and has nothing else to migrate."""
    number, steps = store_module.SCHEMA + 1, migrations()
    for module in (store_module, hub_module):
        setattr(module, "SCHEMA", number)  # noqa: B010  for whoever imported it by name
    setattr(store_module, "migrations", lambda: steps | {number: []})  # noqa: B010


async def live(orders: Orders) -> None:
    die = Death("")
    plant(orders.plant)
    if orders.newer:
        become_newer()
    store = Store(orders.url)
    nudge = RedisNudge(orders.redis) if orders.redis else None
    with served(store):
        hub = Hub(store, FastClock(orders))
        if nudge:
            await nudge.start(lambda _seq: None)
            hub.on_commit = lambda seq, _wakes: nudge.tell(seq)
        hub.start()
        if orders.furnish:
            for stream, command in setup(rules(clocks=(CLOCK,)), directory()):
                await hub.handle(stream, command, key="", by="test")
        if orders.port:
            await show(hub, orders.port)
        die = Death(orders.die_at, orders.die_by)
        mine(die)
        print("ready", flush=True)
        await work(hub, orders, die)
        if orders.port and not orders.load:
            await asyncio.Event().wait()
        if nudge:
            await nudge.stop()
        await hub.stop()


def nursery(line: socket.socket) -> None:
    """Fork a life for each order; bury those that are asked for. Ends with its parent."""
    while True:
        data, handed, _flags, _address = socket.recv_fds(line, 65536, 1)
        if not data:
            return
        asked = json.loads(data)
        if "bury" in asked:
            line.send(str(os.waitstatus_to_exitcode(os.waitpid(asked["bury"], 0)[1])).encode())
            continue
        pid = os.fork()
        if pid == 0:
            os.dup2(handed[0], 1)
            _be_born(Orders(**asked), (line.fileno(), *handed))
        os.close(handed[0])
        line.send(str(pid).encode())


def _be_born(orders: Orders, strange: tuple[int, ...]) -> None:
    status = 1
    try:
        for handle in strange:
            os.close(handle)
        asyncio.run(live(orders))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    if sys.argv[1] == "--nursery":
        nursery(socket.socket(fileno=int(sys.argv[2])))
    else:
        asyncio.run(live(Orders(**json.loads(sys.argv[1]))))
