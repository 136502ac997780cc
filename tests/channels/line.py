"""Two hubs with the real intake, sessions and outbox between them, and a line in memory that can be cut, and that can say things twice.

A frame goes over only when the test moves it, so that every interleaving can be played.
"""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from pydantic import SecretStr

from dutydesk.channels.link import LinkChannel, Links
from dutydesk.channels.link_session import Session
from dutydesk.channels.link_wire import Frame
from dutydesk.clock import ManualClock
from dutydesk.config.peers import Joined
from dutydesk.domain.asking_policy import Asking, InwardClock
from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.directory import Unit
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.policies import AdoptRules, ListUnit
from dutydesk.domain.rules import Desk, Peer
from dutydesk.domain.verbs import Promise
from dutydesk.errors import DeskError
from dutydesk.hub import Hub
from dutydesk.links import Signer
from dutydesk.store.connection import Connection
from dutydesk.store.store import Store
from dutydesk.workers.link_intake import LinkIntake
from dutydesk.workers.outbox import Outbox
from tests.kit import NOON, rules

CITY, DISTRICT = "U-370200", "370202"
SECRET = "a secret of both desks, long enough for everybody"
UNITS = (
    Unit(code=CITY, name="市总值班室", kind="desk", division="370200", tier="city"),
    Unit(code=DISTRICT, name="市南区", kind="district", division="370202", tier="district"),
)


ASKING = Asking(inward=tuple(InwardClock(kind=kind, minutes=30) for kind in ("question", "instruction", "document")))


def paper(n: int, *, desk: str = DISTRICT, kind: str = "submission", **changed: object) -> Exchange:
    said = {
        "kind": kind,
        "number": f"{desk}-{n}",
        "desk": desk,
        "title": f"第{n}件",
        "text": f"第{n}件",
        "issued_at": NOON,
    }
    return Exchange.model_validate(said | {"event": f"{desk}-{n}"} | changed)


@dataclass
class Side:
    """One desk: its hub (a new one after each kill), its end of the line, and what waits to go over to the other."""

    url: str
    own: str
    peer: Peer
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOON))
    outgoing: "deque[str]" = field(default_factory=deque)
    session: Session | None = None
    down: bool = False

    async def start(self, *, furnish: bool = False) -> None:
        self.hub = Hub(Store(self.url), self.clock)
        self.hub.start()
        if furnish:
            own = Desk(division=self.own[-6:], unit=self.own)
            policy = rules(desk=own, peers=(self.peer,), page_on_link="held", asking=ASKING)
            await self.hub.handle("rules/main", AdoptRules(rules=policy, digest="0"), key="", by="test")
            for unit in UNITS:
                await self.hub.handle(f"unit/{unit.code}", ListUnit(unit=unit), key="", by="test")
        joined = {self.peer.name: Joined(self.peer, SecretStr(SECRET))}
        self.intake = LinkIntake(self.hub, self.clock, self.own)
        self.links = Links(joined, self.own, self.clock, self.intake)
        channel = LinkChannel(self.peer.name, self.links)
        ways = {self.peer.name: channel}
        self.outbox = Outbox(self.hub, self.clock, ways, Signer("x"), "http://x", self.peer.name, self.links.at_hand)

    async def stop(self) -> None:
        await self.hub.stop()

    def open(self) -> Session:
        self.session = self.links.begin(self.peer.name)
        self.session.write = self._write
        return self.session

    async def _write(self, text: str) -> None:
        if self.session is None:
            raise ConnectionResetError
        self.outgoing.append(text)

    def close(self) -> None:
        if self.session:
            self.links.end(self.session)
        self.session = None
        self.outgoing.clear()

    async def queue(self, n: int, **changed: object) -> None:
        wish = paper(n, desk=self.own, **changed)  # type: ignore[arg-type]
        send = QueueDelivery(
            how="link", to=self.peer.unit, text=wish.to_text(), purpose="paper", about="p", promise=Promise.ONCE
        )
        await self.hub.handle(f"delivery/d{n:04d}", send, key=f"q{n}", by="test")

    async def rows(self, kind: str) -> list[dict[str, object]]:
        found = await self.hub.read(lambda c: c.all("rows_of_kind", kind))
        return [orjson.loads(r[6]) | {"id": r[1], "open": bool(r[3])} for r in found]

    async def arrived(self) -> list[str]:
        """The papers that came in, in the order of their entries."""

        def look(connection: Connection) -> list[str]:
            found = connection.all("entries_typed", "MessageRecorded", 1, 10**9)
            return [orjson.loads(row[10])["exchange"]["number"] for row in found]

        return await self.hub.read(look)

    async def statuses(self) -> list[str]:
        return [str(row["status"]) for row in await self.rows("delivery") if row["how"] == "link"]


@dataclass
class Line:
    """The wire between them. The district dials."""

    city: Side
    district: Side

    async def connect(self) -> None:
        self.cut()
        self.city.open()
        await self.district.open().greet()

    def cut(self) -> None:
        self.city.close()
        self.district.close()

    async def move(self, sender: Side, *, twice: bool = False) -> bool:
        """One frame of a side goes over, or over twice. A side that cannot bear it hangs up, which cuts the line."""
        receiver = self.city if sender is self.district else self.district
        if not sender.outgoing or receiver.session is None:
            return False
        text = sender.outgoing.popleft()
        for _ in range(1 + twice):
            if receiver.session is None:
                break
            try:
                await receiver.session.on_text(text)
            except (DeskError, ConnectionError):
                self.cut()
        return True

    async def flow(self) -> None:
        """Everything goes over until both sides have nothing left to say, and both outboxes are empty or wait for time."""
        while await self.move(self.city) or await self.move(self.district):
            pass  # first the handshake: an outbox that meets a line not yet open puts its papers off
        tasks = [asyncio.create_task(side.outbox.run_once()) for side in (self.city, self.district)]
        idle = 0
        while idle < 40 or not all(task.done() for task in tasks):
            moved = await self.move(self.city) or await self.move(self.district)
            lines = [side.session for side in (self.city, self.district) if side.session]
            idle = 0 if moved or not all(line.quiet for line in lines) else idle + 1
            await asyncio.sleep(0)
            if not lines:
                break
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def line(folder: Path, *, skew: int = 0, city_store: str = "") -> Line:
    """A furnished pair, not connected."""
    below = Peer(name="shinan", unit=DISTRICT, side="below", secret_env="S")
    above = Peer(name="city", unit=CITY, side="above", secret_env="S", url="ws://x/link")
    city = Side(city_store or f"sqlite:///{folder}/city.db", CITY, below)
    district = Side(f"sqlite:///{folder}/district.db", DISTRICT, above, ManualClock(type(NOON)(NOON + skew)))
    await city.start(furnish=True)
    await district.start(furnish=True)
    return Line(city, district)


async def ended(tasks: "list[asyncio.Task[int | None]]") -> None:
    """The tasks of outboxes are called off, and waited for."""
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    tasks.clear()


def forged(frame: Frame, **changed: object) -> str:
    """A frame with something changed after it was signed."""
    return frame.model_copy(update=changed).to_wire()
