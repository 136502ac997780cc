"""The desk behind a link: frames go through the door, receipts come back as what the delivery heard, and both directions are counted."""

from typing import Any

import orjson

from dutydesk.channels.inbound import clean
from dutydesk.channels.link_session import Counts, Receipt
from dutydesk.channels.link_wire import Frame
from dutydesk.clock import Clock
from dutydesk.domain.deliveries import NoteOutcome, StartDelivery, sent_series
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.frames import WHY, FrameReceived, ReceiveFrame, received_series
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

    async def stop(self, peer: Peer, reason: str, n: int) -> None:
        """Nothing goes either way until a person looked."""
        wish = StopPeer(name=peer.name, reason=reason, n=n)
        await self._hub.handle(f"peer/{peer.name}", wish, key="", by=f"peer:{peer.name}")

    async def heard(self, peer: Peer, skew: int) -> None:
        """Note it beside the journal."""
        now = self._clock.now()
        await self._hub.beside(lambda connection: connection.run("put_heard", peer.name, now, skew))


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
