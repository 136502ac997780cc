"""Keeps the lines to other desks: dials those that have an address, beats, closes what fell silent, and says how each line stands."""

import asyncio
from dataclasses import dataclass

import orjson
from websockets.exceptions import WebSocketException

from dutydesk.channels.link import Links
from dutydesk.channels.link_dialling import hold
from dutydesk.channels.link_session import Session
from dutydesk.clock import SECOND, Clock
from dutydesk.domain.peers import NoteLine
from dutydesk.domain.rules import Peer
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection

LONGEST_PAUSE = 30 * SECOND  # between two tries to dial
LOOK_EVERY = 5 * SECOND


@dataclass(slots=True)
class _Dialling:
    task: "asyncio.Task[None] | None" = None
    pause: int = SECOND
    next_at: int = 0


class Lines:
    """The worker of the links. Without peers it does nothing."""

    name = "lines"

    def __init__(self, hub: Hub, clock: Clock, links: Links) -> None:
        self._hub, self._clock, self._links = hub, clock, links
        self._dialling = {name: _Dialling() for name in links.peers}
        self._began_at = clock.now()

    async def run_once(self) -> int | None:
        """Do what each line needs. Returns when to look again."""
        if not self._links.peers:
            return None
        rows, heard = await self._hub.read(_standing)
        for name, joined in self._links.peers.items():
            await self._tend(joined.peer, rows.get(name, {}), heard.get(name, self._began_at))
        return self._clock.now() + LOOK_EVERY

    async def _tend(self, peer: Peer, row: dict[str, object], heard_at: int) -> None:
        for line in self._links.lines(peer.name):
            await self._look_after(line, bool(row.get("stopped")))
        if self._links.best(peer.name):
            await self._note(peer, row, up=True)
        elif self._clock.now() - heard_at >= peer.silent_after_s * SECOND // 3:
            await self._note(peer, row, up=False, silent_at=heard_at + peer.silent_after_s * SECOND)
        if peer.url and not self._links.lines(peer.name):
            self._dial(peer)

    async def _look_after(self, line: Session, stopped: bool) -> None:
        if not stopped:
            line.resume()
        try:
            alive = await line.tick()
        except (ConnectionError, WebSocketException):
            alive = False
        if not alive:
            self._links.end(line)
            await line.hang_up()

    async def _note(self, peer: Peer, row: dict[str, object], *, up: bool, silent_at: int = 0) -> None:
        if row.get("up") is not up:
            wish = NoteLine(name=peer.name, unit=peer.unit, side=peer.side, up=up, silent_at=silent_at)
            await self._hub.handle(f"peer/{peer.name}", wish, key="", by="lines")

    def _dial(self, peer: Peer) -> None:
        dialling, now = self._dialling[peer.name], self._clock.now()
        if now < dialling.next_at or (dialling.task and not dialling.task.done()):
            return
        dialling.next_at = now + dialling.pause
        dialling.pause = min(dialling.pause * 2, LONGEST_PAUSE)
        dialling.task = asyncio.create_task(self._hold(peer, dialling), name=f"line to {peer.name}")

    async def _hold(self, peer: Peer, dialling: _Dialling) -> None:
        if await hold(peer, self._links):
            dialling.pause, dialling.next_at = SECOND, 0

    async def stop(self) -> None:
        """Hang up, whoever dialled."""
        for name in self._links.peers:
            await self._links.hang_up(name)
        tasks = [dialling.task for dialling in self._dialling.values() if dialling.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _standing(connection: Connection) -> tuple[dict[str, dict[str, object]], dict[str, int]]:
    rows = {row[1]: orjson.loads(row[6]) for row in connection.all("rows_of_kind", "peer")}
    return rows, {row[0]: row[1] for row in connection.all("heard")}
