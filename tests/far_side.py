"""The outermost edge of a channel, for tests that only look at what goes out."""

from dutydesk.channels.port import Inbound, Outgoing
from dutydesk.domain.outcomes import Accepted


class OneWay:
    """A far side of which nothing can be asked; what it does with what it is given (`send`) is its own business."""

    async def find(self, _outgoing: Outgoing) -> Accepted | None:
        return None

    async def inbound_since(self, _instant: int) -> list[Inbound]:
        return []

    async def close(self) -> None:
        return None
