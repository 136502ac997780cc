"""One connected line to another desk, from either end: who speaks is proven first, then frames flow in the order of their numbers.

It knows no websocket and no store: `write` puts a text to the line, `Intake` is the desk. The peer's expected number is the cursor;
whatever it has not receipted is sent again from there, so a cut at any point loses nothing and doubles nothing.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import orjson

from dutydesk.channels.link_files import Files, Shelf
from dutydesk.channels.link_wire import CONTROL, Frame, body_of, read_frame
from dutydesk.clock import SECOND, Clock
from dutydesk.domain.frames import Gap, PeerIsStopped
from dutydesk.domain.outcomes import Accepted, Busy, Outcome, Rejected
from dutydesk.domain.rules import Peer
from dutydesk.errors import DeskError, Invalid, KeyReused, Refused, Unavailable

WINDOW = 16  # frames on their way without a receipt
PATIENCE = 10.0  # seconds a sender waits for a receipt; the frame stays in the outbox and is asked for again
log = logging.getLogger("dutydesk.link")


class Stranger(Invalid):
    """来件的签名或地址不对。"""


@dataclass(frozen=True, slots=True)
class Counts:
    """Where both directions stand: the number we expect next from the peer, and the last one we gave out."""

    next_in: int
    last_out: int
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the far side made of a frame: its number there (for a message), its instant, and why it was refused."""

    n: int
    verdict: str
    number: str = ""
    at: int = 0
    why: str = ""

    @property
    def outcome(self) -> Outcome:
        """As the delivery understands it."""
        if self.verdict == "refused":
            return Rejected(code="refused_by_peer", detail=self.why)
        if not self.number:  # it opened no message there: it is kept for a person, or went straight to where it belongs
            return Accepted(provider_id=f"#{self.n}", status="delivered" if self.verdict == "taken" else "accepted")
        return Accepted(provider_id=self.number, status="delivered")


class Intake(Shelf, Protocol):
    """The desk behind the line."""

    async def counts(self, peer: Peer) -> Counts: ...

    async def take(self, peer: Peer, frame: Frame) -> Receipt:
        """Record a frame; returns when it is durable. Raises Gap, PeerIsStopped, KeyReused (a fork), Unavailable."""
        ...

    async def outgoing(self, peer: Peer, n: int) -> Frame | None:
        """The frame that has this number on the way to the peer, unsigned; None when there is no trace of it."""
        ...

    async def receipted(self, peer: Peer, receipt: Receipt) -> None:
        """A receipt came that no sender was waiting for."""
        ...

    async def stop(self, peer: Peer, reason: str, n: int) -> None: ...

    async def heard(self, peer: Peer, skew: int) -> None:
        """The peer proved that it is there. `skew`: our clock minus its own, the way included (microseconds)."""
        ...


class Session:
    """One line. The owner feeds `on_text` with what comes in, one after the other, and calls `tick` now and then."""

    def __init__(self, peer: Peer, secret: str, own: str, clock: Clock, intake: Intake) -> None:
        self.peer, self._secret, self._own, self._clock, self._intake = peer, secret, own, clock, intake
        self.write: Callable[[str], Awaitable[None]] = _nowhere
        self.hang_up: Callable[[], Awaitable[object]] = _nothing
        self.ready = asyncio.Event()
        self.paused = False
        self.heard_at = clock.now()
        self._beat_at = 0
        self._nonce, self._token = secrets.token_hex(16), ""
        self._next_out, self._goal = 1, 0
        self._under_way: set[int] = set()
        self._waiting: dict[int, list[asyncio.Future[Receipt]]] = {}
        self._bell = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self.files = Files(peer, intake, self._tell)

    # -- who speaks

    async def greet(self) -> None:
        """The dialling side speaks first."""
        await self._say("hello", self._nonce, {})

    async def on_text(self, raw: str | bytes) -> None:
        """Handle one frame. Raises Invalid for what is no frame of this peer: the line is then to be closed."""
        frame = read_frame(raw)
        if not (frame.holds(self._secret) and frame.from_ == self.peer.unit and frame.to == self._own):
            raise Stranger()
        if frame.n:
            await self._take(frame)
        elif frame.kind in CONTROL:
            await self._control(frame, body_of(frame))

    async def _control(self, frame: Frame, said: dict[str, object]) -> None:
        if frame.kind == "hello" and not self._token:
            self._token = f"{frame.key}.{self._nonce}"
            counts = await self._intake.counts(self.peer)
            await self._say("welcome", frame.key, {"nonce": self._nonce, "next": counts.next_in})
        elif frame.kind == "welcome" and frame.key == self._nonce and not self._token:
            self._token = f"{self._nonce}.{said.get('nonce', '')}"
            await self._open(frame, said)
            await self.beat()
        elif not self._token or frame.key != self._token:
            raise Stranger("来件不属于这次连接")
        elif frame.kind == "beat":
            await self._open(frame, said)
        elif frame.kind == "receipt":
            await self._receipted(said)
        elif frame.kind in ("want", "piece"):
            await self.files.hear(frame.kind, said)
        elif frame.kind == "nack":
            await self._refused(str(said.get("reason", "")), _number(said, "next"))

    async def _open(self, frame: Frame, said: dict[str, object]) -> None:
        """The peer is proven to be there; the first time it also says from where it wants our frames."""
        self.heard_at = self._clock.now()
        await self._intake.heard(self.peer, self.heard_at - frame.at)
        if self.ready.is_set():
            self._skip_to(_number(said, "next"))
            return
        counts = await self._intake.counts(self.peer)
        self.paused, self._goal = counts.stopped, counts.last_out
        self._next_out = _number(said, "next") or 1
        if self._next_out > counts.last_out + 1:
            await self._halt("ahead", self._next_out)
        self.ready.set()
        self._bell.set()
        self._pump = asyncio.create_task(self._pumping())
        await self.files.ask()

    def _skip_to(self, wanted: int) -> None:
        """They have everything below from another hub of ours; what somebody waits for here is said again for its receipt."""
        self._next_out = max(self._next_out, min([wanted, *self._waiting]))

    # -- what comes in

    async def _take(self, frame: Frame) -> None:
        try:
            made = await self._intake.take(self.peer, frame)
        except Gap:
            await self._nack("gap")
        except PeerIsStopped:
            await self._nack("stopped")
        except KeyReused:
            await self._halt("fork", frame.n)
            await self._nack("fork")
        except Unavailable:
            await self._nack("busy")
        else:
            said = {"n": made.n, "verdict": made.verdict, "number": made.number, "at": made.at, "why": made.why}
            if '"files":' in frame.body:
                await self.files.ask()
            await self._say("receipt", self._token, said)

    async def _tell(self, kind: str, said: dict[str, object]) -> None:
        await self._say(kind, self._token, said)

    async def _nack(self, reason: str) -> None:
        counts = await self._intake.counts(self.peer)
        await self._say("nack", self._token, {"reason": reason, "next": counts.next_in})

    # -- what goes out

    async def deliver(self, n: int) -> Outcome:
        """Have frame `n` arrive. Busy when the line cannot do it now: the frame keeps its number and is asked for again."""
        if not self.ready.is_set() or self.paused:
            return Busy()
        future: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(n, []).append(future)
        self._goal = max(self._goal, n)
        try:
            if n < self._next_out and n not in self._under_way:
                await self._put(n)  # it is there already, and only its receipt was lost
            self._bell.set()
            async with asyncio.timeout(PATIENCE):
                return (await future).outcome
        except (TimeoutError, ConnectionError, Refused):
            return Busy(retry_after=SECOND)

    async def _pumping(self) -> None:
        try:
            while True:
                await self._bell.wait()
                self._bell.clear()
                while self._next_out <= self._goal and len(self._under_way) < WINDOW and not self.paused:
                    self._next_out += 1
                    await self._put(self._next_out - 1)
        except (ConnectionError, DeskError) as error:
            log.info("line to %s: %s", self.peer.name, type(error).__name__)
            await self.hang_up()  # nothing goes out here any more; the next line begins with what the peer has

    async def _put(self, n: int) -> None:
        self._under_way.add(n)
        frame = await self._intake.outgoing(self.peer, n)
        if frame is None:
            self._under_way.discard(n)
            await self._halt("lost", n)
            return
        await self.write(frame.signed(self._secret).to_wire())

    async def _receipted(self, said: dict[str, object]) -> None:
        words = {name: str(said.get(name, "")) for name in ("verdict", "number", "why")}
        receipt = Receipt(n=_number(said, "n"), at=_number(said, "at"), **words)
        self._under_way.discard(receipt.n)
        self._bell.set()
        waiting = self._waiting.pop(receipt.n, [])
        for future in waiting:
            if not future.done():
                future.set_result(receipt)
        if not any(future.done() and not future.cancelled() for future in waiting):
            await self._intake.receipted(self.peer, receipt)

    async def _refused(self, reason: str, wanted: int) -> None:
        self._under_way.clear()
        if reason == "gap" and wanted:
            self._next_out = wanted
            self._bell.set()
        elif reason == "fork":
            await self._halt("fork", wanted)
        elif reason == "stopped":
            self.paused = True
            self._fail(Refused("对方停用了这条直连"))
        else:
            raise ConnectionResetError(f"the peer cannot take frames now: {reason}")

    async def _halt(self, reason: str, n: int) -> None:
        self.paused = True
        await self._intake.stop(self.peer, reason, n)
        self._fail(Refused("直连已停"))

    # -- the line itself

    async def beat(self) -> None:
        """Say that we are there, and from where we want the peer's frames."""
        counts = await self._intake.counts(self.peer)
        self._beat_at = self._clock.now()
        await self._say("beat", self._token, {"next": counts.next_in})

    async def tick(self) -> bool:
        """Beat when it is time. False when the peer was silent for too long and the line is to be closed."""
        now, limit = self._clock.now(), self.peer.silent_after_s * SECOND
        if now - self.heard_at >= limit:
            return False
        if self.ready.is_set() and now - self._beat_at >= limit // 3:
            await self.beat()
        return True

    @property
    def quiet(self) -> bool:
        """Whether everything that was given to this line is receipted."""
        sent = not self._under_way and (self.paused or self._next_out > self._goal)
        return self.ready.is_set() and sent and not self.files.busy

    @property
    def fresh(self) -> bool:
        """Whether the peer was heard lately: it beats three times in the time after which it counts as silent."""
        return self._clock.now() - self.heard_at < self.peer.silent_after_s * SECOND // 2

    def resume(self) -> None:
        """A person resumed the peer: go on from where it stands."""
        if self.paused:
            self.paused = False
            self._bell.set()

    def end(self) -> None:
        """The line is gone: whoever waits for a receipt asks again over the next one."""
        self.ready.clear()
        self._fail(ConnectionResetError())
        if self._pump:
            self._pump.cancel()

    def _fail(self, error: Exception) -> None:
        for future in (future for futures in self._waiting.values() for future in futures):
            if not future.done():
                future.set_exception(error)
        self._waiting.clear()

    async def _say(self, kind: str, key: str, body: dict[str, object]) -> None:
        frame = Frame(
            from_=self._own,
            to=self.peer.unit,
            n=0,
            key=key,
            at=self._clock.now(),
            kind=kind,
            body=orjson.dumps(body).decode(),
        )
        await self.write(frame.signed(self._secret).to_wire())


async def _nothing() -> None:
    return None


async def _nowhere(_text: str) -> None:
    raise ConnectionResetError("no line")


def _number(said: dict[str, object], name: str) -> int:
    found = said.get(name)
    return found if isinstance(found, int) and 0 <= found <= 2**53 else 0
