"""The process that is killed: a hub with its workers and a fake provider on one store. It dies where the environment says.

`DIE_AT` is a point's name and how many passings it survives, `commit:3`; `LOAD` how many messages it takes in. Every answer given to a
sender is printed, one line each, after the desk acknowledged it; every send of the fake provider is appended to a file beside the store.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from dutydesk.channels.port import Inbound, Outgoing
from dutydesk.clock import SystemClock
from dutydesk.domain.messages import Proposal
from dutydesk.domain.outcomes import Accepted, Outcome
from dutydesk.domain.readings import Reading
from dutydesk.hub import Hub
from dutydesk.links import Signer
from dutydesk.store import buffers, tx
from dutydesk.store.buffers import Buffer
from dutydesk.store.connection import Connection
from dutydesk.store.lock import served
from dutydesk.store.sqlite import SqliteConnection
from dutydesk.store.store import Store
from dutydesk.workers.outbox import Outbox
from dutydesk.workers.router import Router
from dutydesk.workers.timers import Timers
from tests.kit import phone, report, setup, sms

POINTS = ("begin", "append", "flush", "commit", "committed", "send", "sent", "read", "fire")


class Death:
    """Counts passings of the chosen point and ends this process at the right one, as a power cut would."""

    def __init__(self, wish: str) -> None:
        self._point, _, left = wish.partition(":")
        self._left = int(left or 0)

    def __call__(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if self._left < 0:
                os.kill(os.getpid(), signal.SIGKILL)


class FakeProvider:
    """Accepts everything; what it was sent outlives this process."""

    name = "main"

    def __init__(self, path: Path, die: Death) -> None:
        self._path, self._die = path, die

    async def send(self, outgoing: Outgoing) -> Outcome:
        self._die("send")
        with self._path.open("a") as kept:
            kept.write(f"{outgoing.key}\n")
        self._die("sent")
        return Accepted(provider_id=f"SM-{outgoing.key}")

    async def find(self, outgoing: Outgoing) -> Accepted | None:
        sent = self._path.read_text().split() if self._path.exists() else []
        return Accepted(provider_id=f"SM-{outgoing.key}") if outgoing.key in sent else None

    async def inbound_since(self, _instant: int) -> list[Inbound]:
        return []

    async def close(self) -> None:
        return None


def mine(die: Death) -> None:
    """Lay the points where this process may die: before and after each step under the pen."""
    begin, commit = SqliteConnection.begin, SqliteConnection.commit
    append, write = tx.Tx.append, buffers.write

    def begun(self: SqliteConnection) -> Any:
        pen = begin(self)
        die("begin")
        return pen

    def committed(self: SqliteConnection) -> None:
        die("commit")
        commit(self)
        die("committed")

    def appended(self: tx.Tx, *args: Any, **named: Any) -> Any:
        die("append")
        return append(self, *args, **named)

    def written(connection: Connection, buffer: Buffer) -> None:
        write(connection, buffer)
        if buffer.made:
            die("flush")

    SqliteConnection.begin = begun  # type: ignore[method-assign]
    SqliteConnection.commit = committed  # type: ignore[method-assign]
    tx.Tx.append = appended  # type: ignore[method-assign]
    tx.write = written  # type: ignore[attr-defined]


async def read_texts(texts: list[tuple[str, int]], _budget: float) -> list[Reading | None]:
    return [report(category=None) for _ in texts]


async def propose(*_given: Any) -> tuple[Proposal, ...]:
    return ()


async def work(hub: Hub, url: str, die: Death, load: int) -> None:
    clock = SystemClock()
    router = Router(hub, clock, read_texts, propose)
    folder = Path(url.removeprefix("sqlite:///")).parent
    provider = FakeProvider(folder / "sent.txt", die)
    outbox = Outbox(hub, clock, {"main": provider}, Signer("s" * 32), "http://127.0.0.1", "main")
    timers = Timers(hub, clock)

    async def one(n: int) -> None:
        command = sms(f"第{n}条:仓库着火", phone(1 + n % 3))
        await hub.handle(f"message/{n}", command, key=f"gw:{n}", by="main")
        print(f"ok {n}", flush=True)

    for start in range(0, load, 8):
        await asyncio.gather(*(one(n) for n in range(start, min(start + 8, load))))
        die("read")
        await router.run_once()
        await outbox.run_once()
        die("fire")
        await timers.run_once()


async def main(url: str) -> None:
    die = Death("")
    store = Store(url)
    with served(store):
        hub = Hub(store, SystemClock())
        hub.start()
        if os.environ.get("FURNISH"):
            for stream, command in setup():
                await hub.handle(stream, command, key="", by="test")
        die = Death(os.environ.get("DIE_AT", ""))
        mine(die)
        print("ready", flush=True)
        await work(hub, url, die, int(os.environ.get("LOAD", "8")))
        await hub.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
