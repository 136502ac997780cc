"""Keeps the promises to others: claims what is due, calls the provider, records what it said. The only caller of `channel.send`.

REPEATABLE after a crash or a lost answer is looked up at the provider before a second send. ONCE goes through the door
(`StartDelivery`) before the call; found started already, it becomes a question to the officer and is never resent by itself.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from dutydesk.channels.port import Channel, Outgoing
from dutydesk.clock import DAY, HOUR, SECOND, Clock
from dutydesk.domain.deliveries import MarkUncertain, NoteOutcome, StartDelivery
from dutydesk.domain.desks import NoteChannel
from dutydesk.domain.outcomes import Accepted, Busy, Outcome, Rejected, Unknown
from dutydesk.domain.rules import Rules, Sender
from dutydesk.domain.verbs import Promise
from dutydesk.errors import Refused, Unavailable
from dutydesk.hub import Hub
from dutydesk.links import Claim, Signer
from dutydesk.store.connection import Connection, Params
from dutydesk.store.tx import read_rules
from dutydesk.workers.throttle import Throttle

AT_ONCE = 32
LEASE = 30 * SECOND  # longer than any provider call may take (15 s), so a lease that ran out means the hub died
CALL_TIMEOUT = 15.0  # seconds
LINK_LIVES = DAY
REPORT_LINK_LIVES = 90 * DAY  # a contact's own reporting page; asked for anew by the word 链接
log = logging.getLogger("dutydesk.outbox")


class Outbox:
    """The worker of one sender's messages, so that a slow provider holds up nobody else's. `channels` by sender name.

    The one without a `sender` takes what is addressed to senders that have no channel. `at_hand`: whether this hub can send by it now;
    a line between two desks is held by one hub of several.
    """

    def __init__(
        self,
        hub: Hub,
        clock: Clock,
        channels: Mapping[str, Channel],
        signer: Signer,
        public_url: str,
        sender: str = "",
        at_hand: Callable[[str], bool] = lambda _sender: True,
    ) -> None:
        self.name = f"outbox {sender}".strip()
        self._sender, self._at_hand = sender, at_hand
        self._ways = (f"{sender}:sms", f"{sender}:voice", f"{sender}:mail", f"{sender}:link")
        self._hub, self._clock, self._channels, self._signer = hub, clock, channels, signer
        self._public_url = public_url.rstrip("/")
        self._throttle = Throttle(clock)

    async def run_once(self) -> int | None:
        """Send everything due. Returns when the next message is due."""
        if self._sender and not self._at_hand(self._sender):
            return None
        due, rules, following = await self._hub.read(self._look)
        chosen = [row for row in due if self._may_go(row, rules)]
        if chosen:
            claimed = await self._hub.beside(lambda c: [(r, t) for r in chosen if (t := self._claim(c, r["stream"]))])
            await asyncio.gather(*(self._send(row, tries, rules) for row, tries in claimed))
            return self._clock.now()
        if len(due) > len(chosen):
            return self._throttle.next_free
        return int(following) if following is not None else None

    def _look(self, connection: Connection) -> tuple[list[dict[str, Any]], Rules, int | None]:
        now = self._clock.now()
        due = []
        for stream, promise, channel, to, _priority, drill, tries in self._due(connection, now):
            row = connection.one("row", "delivery", stream.partition("/")[2])
            body = orjson.loads(row[4]) if row else {}
            due.append(
                {"stream": stream, "promise": promise, "channel": channel, "to": to, "drill": drill, "tries": tries}
                | {"body": body, "allowed": not drill or bool(connection.all("rows_by_ref", "drill.address", to, 1))}
            )
        following = connection.one("outbox_next_of", *self._ways) if self._sender else None
        return due, read_rules(connection), following[0] if following else None

    def _due(self, connection: Connection, now: int) -> list[Params]:
        if self._sender:
            return connection.all("outbox_due_of", *self._ways, now, now, AT_ONCE * 4)
        rows = connection.all("outbox_due", now, now, 10_000)
        return [row for row in rows if row[2].partition(":")[0] not in self._channels][: AT_ONCE * 4]

    def _may_go(self, row: dict[str, Any], rules: Rules) -> bool:
        sender = _sender(rules, row["channel"])
        return sender is None or self._throttle.take(sender, row["to"], row["body"].get("segments") or 1)

    def _claim(self, connection: Connection, stream: str) -> int:
        now = self._clock.now()
        row = connection.one("claim_outbox", now + LEASE, stream, now, now)
        return int(row[0]) if row else 0

    async def _send(self, row: dict[str, Any], tries: int, rules: Rules) -> None:
        stream: str = row["stream"]
        if row["promise"] == Promise.ONCE.value and not await self._start(stream):
            return
        outcome = await self._attempt(row, tries, rules)
        harmless = row["promise"] == Promise.REPEATABLE.value or row["body"].get("safe_twice")
        if isinstance(outcome, Busy) and harmless:
            until = self._clock.now() + outcome.retry_after
            await self._hub.beside(lambda c: c.run("release_outbox", until, stream))
            return
        await self._hub.handle(stream, NoteOutcome(outcome=outcome, attempt=tries), key="", by="outbox")
        await self._note_channel(row["channel"], outcome)

    async def _start(self, stream: str) -> bool:
        try:
            await self._hub.handle(stream, StartDelivery(), key="", by="outbox")
            return True
        except Refused:
            unknown = MarkUncertain(detail="started before, and nobody knows how it ended")
            await self._hub.handle(stream, unknown, key="", by="outbox")
            return False

    async def _attempt(self, row: dict[str, Any], tries: int, rules: Rules) -> Outcome:
        sender = _sender(rules, row["channel"])
        channel = self._channels.get(sender.name) if sender else None
        if sender is None or channel is None:
            return Rejected(code="no_channel", detail=row["channel"], remedy="other_sender")
        if not row["allowed"]:
            return Rejected(code="not_in_drill")
        outgoing = self._outgoing(row, tries, sender)
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                return await self._call(channel, outgoing, row, tries)
        except TimeoutError:
            return Unknown(detail="no answer within 15 s")
        except Exception as error:  # a channel's bug: nobody knows whether it went out, and the others must go on
            log.exception("channel %s failed", row["channel"])
            return Unknown(detail=f"{type(error).__name__}")

    async def _call(self, channel: Channel, outgoing: Outgoing, row: dict[str, Any], tries: int) -> Outcome:
        if tries > 1 and row["promise"] == Promise.REPEATABLE.value:
            try:
                found = await channel.find(outgoing)
            except Unavailable as error:
                return Unknown(detail=f"look-up failed: {error}")
            if found:
                return found
        return await channel.send(outgoing)

    def _outgoing(self, row: dict[str, Any], tries: int, sender: Sender) -> Outgoing:
        body, key = row["body"], row["stream"].partition("/")[2]
        since = body.get("queued_at") or self._clock.now() - HOUR
        outgoing = Outgoing(
            key=key,
            how=body["how"],
            to=row["to"],
            text=body["text"],
            subject=body["subject"],
            sender=sender,
            attempt=tries,
            since=since,
            n=body.get("n", 0),
        )
        if body["how"] == "link":
            return outgoing  # what was signed goes out as it was signed
        return replace(outgoing, text=outgoing.text.replace("{link}", self._link(body, since)))

    def _link(self, body: dict[str, Any], since: int) -> str:
        kind, _, id = body["about"].partition("/")
        lives = LINK_LIVES
        if body["purpose"] == "link":
            kind, lives = "report", REPORT_LINK_LIVES
        elif body["purpose"] in ("instruction", "submission", "roster", "verdict"):
            lives = REPORT_LINK_LIVES
        elif body["purpose"] == "transfer":
            kind, lives = "transfer", REPORT_LINK_LIVES
        claim = Claim(kind, id, body["callee"], (since + lives) // SECOND)
        return f"{self._public_url}/r/{self._signer.make(claim)}"

    async def _note_channel(self, channel: str, outcome: Outcome) -> None:
        stopped = isinstance(outcome, Rejected) and outcome.remedy == "stop_channel"
        if stopped or (isinstance(outcome, Accepted) and channel in self._throttle.stopped):
            (self._throttle.stopped.add if stopped else self._throttle.stopped.discard)(channel)
            detail = outcome.detail if isinstance(outcome, Rejected) else ""
            await self._hub.handle(
                "desk/main", NoteChannel(channel=channel, ok=not stopped, detail=detail), key="", by="outbox"
            )


def _sender(rules: Rules, channel: str) -> Sender | None:
    return rules.sender(channel.partition(":")[0])
