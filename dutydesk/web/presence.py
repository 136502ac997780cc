"""Who sits where: which officers have a console open, what each looks at, and who has something in hand.

Nothing of it is true in the journal's sense: it lives in memory, is told to the other hubs as a hint that may be lost, and is
forgotten when whoever said it falls silent. A hold stops nobody at the door; it tells the second pair of hands that there is a first.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import orjson

from dutydesk.clock import SECOND, Clock
from dutydesk.web.frames import websocket_frame
from dutydesk.web.people import DESK

KEPT = 60 * SECOND  # a hold ends so long after its holder was last heard of
SILENT = 15 * SECOND  # another hub that said nothing for so long is forgotten
REPEAT = 5 * SECOND  # how often a hub says again what it knows
_STREAM = re.compile(r"(?:incident|message|instruction|circular|watch|submission)/[\w.+:@=-]{1,60}")
MOST = 2_000  # bytes a console may say


class Line(Protocol):
    """What presence needs of a console."""

    username: str
    role: str
    division: str

    @property
    def ready(self) -> bool: ...

    def write(self, data: bytes) -> None: ...


class Hold(NamedTuple):
    """Somebody has a stream in hand since `since`; whoever took it last has it."""

    stream: str
    username: str
    since: int
    until: int


@dataclass(slots=True)
class Seat:
    """A console and what it looks at. `told`: the version of the whole picture it was sent."""

    line: Line
    open: str = ""
    since: int = 0
    told: int = -1


@dataclass(slots=True)
class Elsewhere:
    """What another hub said last."""

    at: int
    here: list[dict[str, Any]]
    holds: list[Hold]


def _nobody(_text: str) -> None:
    return None


@dataclass(slots=True)
class Presence:
    """One per hub. `share` tells the other hubs; `heard` takes in what they tell. Call `sweep` about once a second."""

    clock: Clock
    share: Callable[[str], None] = _nobody
    hub: str = field(default_factory=lambda: secrets.token_hex(6))
    _seats: dict[int, Seat] = field(default_factory=dict)
    _holds: dict[str, Hold] = field(default_factory=dict)
    _others: dict[str, Elsewhere] = field(default_factory=dict)
    _version: int = 0
    _shared_at: int = 0

    def leave(self, line: Line) -> None:
        """A console went. What it held stays until it would have expired: a tunnel is no farewell."""
        if self._seats.pop(id(line), None):
            self._changed()

    def said(self, line: Line, text: str | bytes) -> None:
        """What a console says of itself: `{"open": stream, "hold": stream, "take": true}`. Whoever says nothing is not seen and is
        told nothing; only those who work at the desk are heard."""
        wish = _wish(text) if line.role in DESK else None
        if wish is None:
            return
        now = self.clock.now()
        seat = self._seats.setdefault(id(line), Seat(line))
        moved = seat.told < 0 or seat.open != wish["open"]
        if moved:
            seat.open, seat.since = wish["open"], now
        if self._hold(line.username, wish["hold"], bool(wish.get("take")), now) or moved:
            self._changed()

    def _hold(self, username: str, stream: str, take: bool, now: int) -> bool:
        """Let go of all others, and take this one when it is free, one's own, or taken on purpose. Whether anything changed."""
        let_go = [held for held in self._holds.values() if held.username == username and held.stream != stream]
        for held in let_go:
            del self._holds[held.stream]
        if not stream:
            return bool(let_go)
        had = self._standing(now).get(stream)
        if had and had.username != username and not take:
            return bool(let_go)
        own = had is not None and had.username == username
        self._holds[stream] = Hold(stream, username, had.since if own and had else now, now + KEPT)
        return not own or bool(let_go)

    def _standing(self, now: int) -> dict[str, Hold]:
        """The hold of each stream: of all that hubs know and that has not expired, the one taken last."""
        standing: dict[str, Hold] = {}
        told = (held for other in self._others.values() for held in other.holds)
        for held in (*self._holds.values(), *told):
            best = standing.get(held.stream)
            if held.until > now and (best is None or (held.since, held.username) > (best.since, best.username)):
                standing[held.stream] = held
        return standing

    # -- the other hubs

    def heard(self, text: str) -> None:
        """What another hub tells. Broken words are not heard."""
        try:
            said = orjson.loads(text)
            if said["hub"] == self.hub:
                return
            found = Elsewhere(self.clock.now(), list(said["here"]), [Hold(*held) for held in said["holds"]])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return
        before = self._others.get(said["hub"])
        self._others[said["hub"]] = found
        if before is None or (before.here, before.holds) != (found.here, found.holds):
            self._version += 1
            self.tell()

    def sweep(self) -> None:
        """Forget what expired, say again what stands, and tell whoever could not be told."""
        now = self.clock.now()
        gone = [name for name, other in self._others.items() if now - other.at > SILENT]
        over = [stream for stream, held in self._holds.items() if held.until <= now]
        for name in gone:
            del self._others[name]
        for stream in over:
            del self._holds[stream]
        if gone or over:
            self._changed()
        elif now - self._shared_at >= REPEAT and self._seats:
            self._share()
        self.tell()

    def _changed(self) -> None:
        self._version += 1
        self._share()
        self.tell()

    def _share(self) -> None:
        self._shared_at = self.clock.now()
        said = {"hub": self.hub, "here": self._own(), "holds": [list(held) for held in self._holds.values()]}
        self.share(orjson.dumps(said).decode())

    def _own(self) -> list[dict[str, Any]]:
        return [
            {"username": seat.line.username, "division": seat.line.division, "open": seat.open, "since": seat.since}
            for seat in self._seats.values()
        ]

    # -- the consoles

    def tell(self) -> None:
        """Bring every console that can take it to the picture as it is. Who has a scope sees those with the same scope."""
        made: dict[str, bytes] = {}
        for seat in self._seats.values():
            if seat.told == self._version or not seat.line.ready:
                continue
            division = seat.line.division
            if division not in made:
                made[division] = websocket_frame(self._picture(division))
            seat.line.write(made[division])
            seat.told = self._version

    def _picture(self, division: str) -> str:
        now = self.clock.now()
        told = (one for other in self._others.values() for one in other.here)
        here = [one for one in (*self._own(), *told) if not division or one["division"] == division]
        seen = {one["username"] for one in here}
        holds = [held._asdict() for held in self._standing(now).values() if held.username in seen or not division]
        return orjson.dumps({"presence": {"here": _merged(here), "holds": holds}}).decode()


def _merged(here: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line for each person and thing open, by name: two windows of one officer are one officer."""
    found = {(one["username"], one["open"]): one for one in here}
    return [{name: one[name] for name in ("username", "open", "since")} for _, one in sorted(found.items())]


def _wish(text: str | bytes) -> dict[str, Any] | None:
    if len(text) > MOST:
        return None
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict):
        return None
    for name in ("open", "hold"):
        value = said.setdefault(name, "")
        if value != "" and not (isinstance(value, str) and _STREAM.fullmatch(value)):
            return None
    return said
