"""The live feed: brings every console to the head by one question, and never lets a slow one delay another.

No queue for any console: each has a cursor, and consoles with the same audience and cursor share one encoded frame. A console whose
connection still holds what was written is skipped; when it has drained it gets one larger, already compacted difference. What one
connection may hold is bounded by SLOW plus one frame, below 1 MB.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from aiohttp import WSCloseCode, web

from dutydesk.clock import Clock
from dutydesk.errors import Unavailable
from dutydesk.hub import Hub
from dutydesk.web import answers
from dutydesk.web.answers import Key, Outgoing, Rights, Round
from dutydesk.web.frames import RELOAD, Audience, Cursor, audience, frame, websocket_frame

SLOW = 64_000  # bytes still unsent on a connection: it is skipped until it has drained below
SLICE = 1_000  # consoles written to before the loop takes a breath: 5,000 at once block it for 50 to 100 ms (LIMITS 3)
KEYS = 32  # different frames made in one question to the store
MOST = 5_000  # consoles of one hub
BEAT = 4.0  # seconds without a frame until a console is told the time; every 5 s at least is the promise
LOOK = 1.0  # seconds: the head is looked at even when nobody said that it moved
CATCH_UP = 0.05  # seconds until a console that was slow is looked at again
SESSION_ENDED = 4401
RIGHTS_CHANGED = 4403

log = logging.getLogger("dutydesk.live")


@dataclass(slots=True, eq=False)
class Console:
    """One connection. `cursor` is how far it was brought, `token` what it holds."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport
    username: str
    role: str
    division: str
    session: str
    cursor: Cursor = field(default_factory=Cursor)
    token: str = "0"
    last_frame: float = 0.0

    @property
    def audience(self) -> Audience:
        return audience(self.role, self.division)

    @property
    def key(self) -> Key:
        return Key(self.audience, self.cursor)

    @property
    def ready(self) -> bool:
        """Whether it takes another frame: connected, and what was written before has gone out."""
        return not self.transport.is_closing() and self.transport.get_write_buffer_size() <= SLOW

    def write(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)


def _alarm(detail: str) -> None:
    log.error("%s", detail)


class Live:
    """One per hub. `tick` may be called as often as one likes; `alarm` is told when a console's past is not ours."""

    def __init__(self, hub: Hub, clock: Clock, alarm: Callable[[str], None] = _alarm) -> None:
        self._hub, self._clock, self._alarm = hub, clock, alarm
        self._consoles: dict[Console, None] = {}
        # the same consoles by what they are owed: a round touches each once
        self._at: dict[Key, dict[Console, None]] = {}
        self._lock = asyncio.Lock()
        self._announced = False
        self._head = 0
        self._writable = True
        self._task: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[bool]] = set()

    @property
    def count(self) -> int:
        """Consoles connected."""
        return len(self._consoles)

    @property
    def sessions(self) -> set[str]:
        """Digests of the sessions that have a console open."""
        return {console.session for console in self._consoles}

    @property
    def full(self) -> bool:
        return len(self._consoles) >= MOST

    async def start(self) -> None:
        """Begin to beat."""
        self._task = asyncio.create_task(self._run(), name="live")

    async def stop(self) -> None:
        """End the beat and close every console: they come back to whoever serves next."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        for console in list(self._consoles):
            self._end(console, WSCloseCode.GOING_AWAY)
        if self._closing:
            await asyncio.wait(self._closing, timeout=3)

    async def since(self, seq: int, whom: Audience) -> str:
        """The difference after entry `seq` (0: a fresh board) as one frame of JSON text. Raises Unavailable."""
        says = (self._clock.now(), self._hub.health.writable)
        text: str = await self._hub.read(lambda connection: answers.since(connection, seq, whom, *says))
        return text

    async def resume(self, token: str) -> answers.Resumed:
        """Where a console with this token stands. A token of another past alarms the desk. Raises Unavailable."""
        found: answers.Resumed = await self._hub.read(lambda connection: answers.resume(connection, token))
        if found.diverged:
            self._alarm(f"a console holds {token}, which is not in this journal")
        return found

    async def join(self, console: Console, token: str) -> None:
        """Take a console in; its first frames follow at once. Raises Unavailable, then it was not taken in."""
        found = await self.resume(token)
        console.cursor, console.token = found.cursor, found.token
        if found.reload:
            console.write(websocket_frame(RELOAD))
        self._consoles[console] = None
        self._at.setdefault(console.key, {})[console] = None
        await self.tick()

    def leave(self, console: Console) -> None:
        """Forget a console that has gone."""
        if console in self._consoles:
            del self._consoles[console]
            self._moved({console: None}, console.key)

    def _moved(self, gone: Collection[Console], key: Key) -> None:
        """Consoles that no longer stand at a key."""
        standing = self._at[key]
        for console in gone:
            standing.pop(console, None)
        if not standing:
            del self._at[key]

    def end_session(self, session: str) -> None:
        """Close the consoles of a session that ended."""
        for console in [c for c in self._consoles if c.session == session]:
            self._end(console, SESSION_ENDED)

    async def tick(self) -> None:
        """Bring every console that can take it to the head. Call it whenever the head may have moved."""
        if self._announced:
            return  # a round that has not begun will see everything this one would
        self._announced = True
        try:
            await self._lock.acquire()
        finally:
            self._announced = False  # also when whoever waits here is cancelled: nobody may rely on them any more
        try:
            await self._bring()
        finally:
            self._lock.release()

    async def shown(self) -> None:
        """Return when a round that is under way has been written."""
        async with self._lock:
            return

    # -- one round after another, until nobody who is ready is behind

    async def _bring(self) -> None:
        while keys := self._wanted():
            try:
                found = await self._ask(keys)
            except Unavailable:
                self._writable = False
                return
            self._head = found.head.seq
            self._check_rights(found.users)
            await self._hand_out(found.frames)
            if not self._drained():
                return
            await asyncio.sleep(0)

    def _wanted(self) -> list[Key]:
        """The keys of ready consoles, the most common first."""
        common = sorted(self._at, key=lambda key: len(self._at[key]), reverse=True)
        ready = [key for key in common if any(console.ready for console in self._at[key])]
        behind = [key for key in ready if key.cursor.seq < self._head or key.cursor.seq == 0]
        return behind[:KEYS] or ready[:KEYS]

    async def _ask(self, keys: list[Key]) -> Round:
        says = (self._clock.now(), self._hub.health.writable)
        found: Round = await self._hub.read(partial(answers.ask, keys=keys, now=says[0], writable=says[1]))
        return found

    async def _hand_out(self, frames: dict[Key, Outgoing]) -> None:
        """Write each frame to its consoles that can take it."""
        for key, outgoing in frames.items():
            standing = list(self._at.get(key, ()))
            for start in range(0, len(standing), SLICE):
                self._write(key, outgoing, standing[start : start + SLICE])
                await asyncio.sleep(0)

    def _write(self, key: Key, outgoing: Outgoing, standing: list[Console]) -> None:
        now, after = asyncio.get_running_loop().time(), Key(key.audience, outgoing.cursor)
        taking: list[Console] = []
        data, connected = outgoing.data, self._consoles
        for console in standing:  # nothing else in between, and no call too many: the last one waits for all before it
            transport = console.transport
            if transport.get_write_buffer_size() <= SLOW and console in connected and not transport.is_closing():
                transport.write(data)
                taking.append(console)
        for console in taking:
            console.cursor, console.token, console.last_frame = outgoing.cursor, outgoing.token, now
        if taking:
            self._moved(taking, key)
            self._at.setdefault(after, {}).update(dict.fromkeys(taking))

    def _check_rights(self, users: dict[str, Rights]) -> None:
        for console in [c for c in self._consoles if c.username in users]:
            if users[console.username] != Rights(console.role, console.division, True):
                self._end(console, RIGHTS_CHANGED)

    # -- the beat

    async def _run(self) -> None:
        clock, due = asyncio.get_running_loop().time, 0.0
        while True:
            await asyncio.sleep(CATCH_UP if self._owing() else LOOK)
            try:
                if self._drained() or clock() >= due:
                    due = clock() + LOOK
                    await self.tick()
                self._beat()
            except Exception:  # the one broad catch of this loop: the next beat comes
                log.exception("a beat failed")

    def _owing(self) -> bool:
        return any(key.cursor.seq < self._head for key in self._at)

    def _drained(self) -> bool:
        """Whether somebody who is behind can take more."""
        behind = (standing for key, standing in self._at.items() if key.cursor.seq < self._head)
        return any(console.ready for standing in behind for console in standing)

    def _beat(self) -> None:
        """Tell the time to whoever heard nothing for a while, and to all when the store went away or came back."""
        now, writable = asyncio.get_running_loop().time(), self._hub.health.writable
        changed, self._writable = writable is not self._writable, writable
        made: dict[str, bytes] = {}
        for console in self._silent(now, changed):
            if console.token not in made:
                made[console.token] = websocket_frame(frame(console.token, self._clock.now(), writable))
            console.write(made[console.token])
            console.last_frame = now

    def _silent(self, now: float, everyone: bool) -> Iterable[Console]:
        return [c for c in self._consoles if c.ready and (everyone or now - c.last_frame >= BEAT)]

    def _end(self, console: Console, code: int) -> None:
        self.leave(console)
        if console.transport.get_write_buffer_size() > SLOW:
            console.transport.abort()  # it would not hear us, and must not hold us
            return
        task = asyncio.create_task(console.socket.close(code=code))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
