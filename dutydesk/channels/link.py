"""All lines to other desks, and the channel that puts a delivery on one of them.

A delivery keeps its number on the link for ever; the outbox is the durable queue and the far side's receipt takes it out. A line that is
away costs no attempt: the message waits, a day if need be.
"""

from collections.abc import Mapping

from dutydesk.channels.link_session import Intake, Session
from dutydesk.channels.port import Inbound, Outgoing
from dutydesk.clock import SECOND, Clock
from dutydesk.config.peers import Joined
from dutydesk.domain.outcomes import Accepted, Busy, Outcome, Rejected

AWAY = 60 * SECOND  # until the outbox looks again; a line that comes up brings over everything by itself, at once


class Links:
    """The peers of this desk by name, and the lines that this hub holds. A peer may hold several, one for each of its hubs."""

    def __init__(self, peers: Mapping[str, Joined], own: str, clock: Clock, intake: Intake) -> None:
        self.peers = {name: joined for name, joined in peers.items() if joined.peer.kind == "link"}
        self.own, self._clock, self._intake = own, clock, intake
        self._lines: dict[str, list[Session]] = {name: [] for name in self.peers}

    def begin(self, name: str) -> Session:
        """A new line to a peer, not yet proven."""
        joined = self.peers[name]
        session = Session(joined.peer, joined.secret.get_secret_value(), self.own, self._clock, self._intake)
        self._lines[name].append(session)
        return session

    def end(self, session: Session) -> None:
        """The line is gone."""
        session.end()
        lines = self._lines[session.peer.name]
        if session in lines:
            lines.remove(session)

    async def hang_up(self, name: str) -> None:
        """Close every line of a peer."""
        for line in self.lines(name):
            self.end(line)
            await line.hang_up()

    def lines(self, name: str) -> list[Session]:
        """The lines of a peer, also those that are not proven yet."""
        return list(self._lines[name])

    def best(self, name: str) -> Session | None:
        """The line to use: the last one that is proven and not about to fall silent, else the last one that is proven."""
        ready = [line for line in reversed(self._lines[name]) if line.ready.is_set()]
        return next((line for line in ready if line.fresh), ready[0] if ready else None)

    def at_hand(self, sender: str) -> bool:
        """Whether this hub can send by it now: a paper for a line that another hub holds is left to that hub."""
        return sender not in self.peers or self.best(sender) is not None

    def by_unit(self, unit: str) -> str:
        """The name of the peer that speaks under a unit code; empty when there is none."""
        return next((name for name, joined in self.peers.items() if joined.peer.unit == unit), "")


class LinkChannel:
    """The way to one peer, as the outbox knows it."""

    def __init__(self, name: str, links: Links) -> None:
        self.name = name
        self._links = links

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Have it arrive there; see `Channel.send`. Accepted means that the far desk recorded it and said under which number."""
        if outgoing.how != "link" or not outgoing.n:
            return Rejected(code="not_offered", detail="这条通道只送直连来往", remedy="give_up")
        line = self._links.best(self.name)
        return await line.deliver(outgoing.n) if line else Busy(retry_after=AWAY)

    async def find(self, outgoing: Outgoing) -> Accepted | None:
        """Nothing to look up: the far side answers the same frame as the first time."""
        return None

    async def inbound_since(self, instant: int) -> list[Inbound]:
        """The line itself brings everything."""
        return []

    async def close(self) -> None:
        await self._links.hang_up(self.name)
