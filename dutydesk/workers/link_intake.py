"""The desk behind a link: frames go through the door, receipts come back as what the delivery heard, and both directions are counted."""

from typing import Any

import orjson

from dutydesk.channels.inbound import clean
from dutydesk.channels.link_files import MOST_FILE, PIECE, Piece
from dutydesk.channels.link_session import Counts, Receipt
from dutydesk.channels.link_wire import Frame
from dutydesk.clock import Clock
from dutydesk.domain.deliveries import NoteOutcome, StartDelivery, sent_series
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.frames import WHY, FrameReceived, NoteFile, ReceiveFrame, received_series
from dutydesk.domain.messages import MessageRecorded
from dutydesk.domain.peers import StopPeer
from dutydesk.domain.rules import Peer
from dutydesk.errors import Invalid, Refused
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.store.entries import Entry


class LinkIntake:
    """What a session asks of the desk. `own` is our unit code."""

    def __init__(self, hub: Hub, clock: Clock, own: str) -> None:
        self._hub, self._clock, self._own = hub, clock, own

    async def counts(self, peer: Peer) -> Counts:
        """Both counters and whether the peer is stopped, as they stand now."""
        counts: Counts = await self._hub.read(lambda connection: _counts(connection, peer.name))
        return counts

    async def take(self, peer: Peer, frame: Frame) -> Receipt:
        """See `Intake.take`. The key is the number: another body under it is refused by the door."""
        wish = ReceiveFrame(
            peer=peer.name, n=frame.n, key=frame.key, kind=frame.kind, body=clean(frame.body), sent_at=frame.at
        )
        drill = await self._is_drill(frame)
        key = f"link:{peer.name}:{frame.n}"
        stream = f"frame/{peer.name}.{frame.n}"
        entries = await self._hub.handle(stream, wish, key=key, by=f"peer:{peer.name}", drill=drill, guarded=True)
        return _receipt(frame.n, entries)

    async def _is_drill(self, frame: Frame) -> bool:
        """Their exercise is ours only while a drill is open here."""
        try:
            paper = Exchange.from_text(frame.body)
        except Invalid:
            return False
        return paper.drill and bool(await self._hub.read(lambda c: [r for r in c.all("rows_of_kind", "drill") if r[3]]))

    async def outgoing(self, peer: Peer, n: int) -> Frame | None:
        """The delivery of that number as a frame; one that was called off goes as `void`, so that the count has no hole.

        It is marked as started before it goes: from then on it cannot be called off, and the number keeps its content.
        """
        row = await self._delivery(peer, n)
        if row is None:
            return None
        try:
            await self._hub.handle(f"delivery/{row['id']}", StartDelivery(), key="", by=f"peer:{peer.name}")
        except Refused:  # settled meanwhile
            row = await self._delivery(peer, n) or row
        void = row["status"] == "canceled"
        if not void and not _is_paper(row["text"]):
            return None  # its text was erased
        return Frame(
            from_=self._own,
            to=peer.unit,
            n=n,
            key=row["id"],
            at=row["queued_at"],
            kind="void" if void else Exchange.from_text(row["text"]).kind,
            body="" if void else row["text"],
        )

    async def _delivery(self, peer: Peer, n: int) -> dict[str, Any] | None:
        found = await self._hub.read(lambda c: c.all("rows_by_ref", "link.out", f"{peer.name}|{n}", 1))
        return orjson.loads(found[0][4]) | {"id": found[0][1], "open": bool(found[0][2])} if found else None

    async def receipted(self, peer: Peer, receipt: Receipt) -> None:
        """Tell the delivery of that number."""
        row = await self._delivery(peer, receipt.n)
        if row and row["open"]:
            note = NoteOutcome(outcome=receipt.outcome, attempt=1)
            await self._hub.handle(f"delivery/{row['id']}", note, key="", by=f"peer:{peer.name}")

    async def wanted(self, peer: Peer) -> str:
        """See `Shelf`. What is here already, with another message, is noted and not asked for."""
        while named := await self._hub.read(lambda connection: _wanted(connection, peer.name)):
            frame, digest, here = named
            if not here:
                return digest
            await self._note(peer, frame, digest, "")
        return ""

    async def piece(self, peer: Peer, digest: str, offset: int) -> Piece | None:
        """Only what a paper to this very peer named."""
        found: Piece | None = await self._hub.read(lambda connection: _piece(connection, peer.name, digest, offset))
        return found

    async def keep(self, peer: Peer, digest: str, media_type: str, content: bytes) -> None:
        """Beside the journal first, then said in it."""
        await self._hub.beside(lambda connection: connection.run("put_blob", digest, media_type, content))
        await self.wanted(peer)

    async def give_up(self, peer: Peer, digest: str, why: str) -> None:
        """It stays named, with why it is not here."""
        rows = await self._hub.read(lambda connection: _wanting(connection, peer.name))
        for id, files in rows:
            if any(one["digest"] == digest and one["status"] == "wanted" for one in files):
                await self._note(peer, id, digest, why)

    async def _note(self, peer: Peer, frame: str, digest: str, why: str) -> None:
        wish = NoteFile.model_validate({"digest": digest, "why": why})
        await self._hub.handle(f"frame/{frame}", wish, key="", by=f"peer:{peer.name}")

    async def stop(self, peer: Peer, reason: str, n: int) -> None:
        """Nothing goes either way until a person looked."""
        wish = StopPeer(name=peer.name, reason=reason, n=n)
        await self._hub.handle(f"peer/{peer.name}", wish, key="", by=f"peer:{peer.name}")

    async def heard(self, peer: Peer, skew: int) -> None:
        """Note it beside the journal."""
        now = self._clock.now()
        await self._hub.beside(lambda connection: connection.run("put_heard", peer.name, now, skew))


def _wanting(connection: Connection, peer: str) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(row[1], orjson.loads(row[4])["files"]) for row in connection.all("rows_by_ref", "frame.wants", peer, 50)]


def _wanted(connection: Connection, peer: str) -> tuple[str, str, bool] | None:
    """The frame that names a file we have not noted, its digest, and whether it is here after all."""
    for id, files in reversed(_wanting(connection, peer)):
        for one in files:
            if one["status"] == "wanted":
                return id, one["digest"], connection.one("blob", one["digest"]) is not None
    return None


def _piece(connection: Connection, peer: str, digest: str, offset: int) -> Piece | None:
    if not connection.all("rows_by_ref", "link.file", f"{peer}|{digest}", 1):
        return None
    row = connection.one("blob", digest)
    if row is None:
        return None
    content = bytes(row[1])
    return Piece(content[offset : offset + PIECE] if len(content) <= MOST_FILE else b"", len(content), str(row[0]))


def _is_paper(text: str) -> bool:
    try:
        Exchange.from_text(text)
    except Invalid:
        return False
    return True


def _counts(connection: Connection, peer: str) -> Counts:
    received, sent = (_count(connection, series(peer)) for series in (received_series, sent_series))
    row = connection.one("row", "peer", peer)
    return Counts(received + 1, sent, bool(row and orjson.loads(row[4])["stopped"]))


def _count(connection: Connection, series: str) -> int:
    found = connection.one("counter", series)
    return int(found[0]) if found else 0


def _receipt(n: int, entries: list[Entry]) -> Receipt:
    """The same for the first arrival and for every later one: both return the entries of the first."""
    taken = next(entry.event for entry in entries if isinstance(entry.event, FrameReceived))
    numbers = [entry.event.number for entry in entries if isinstance(entry.event, MessageRecorded)]
    return Receipt(n, taken.verdict, numbers[0] if numbers else "", taken.received_at, WHY.get(taken.why, ""))
