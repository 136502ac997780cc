"""Taking a message in from the web, once for each key."""

import secrets
from dataclasses import dataclass

from dutydesk.domain.messages import MessageRecorded, RecordMessage
from dutydesk.domain.verbs import split
from dutydesk.errors import KeyReused
from dutydesk.hub import Hub


@dataclass(frozen=True, slots=True)
class Taken:
    """A message as it stands in the journal. `first`: this arrival recorded it, and no earlier one."""

    id: str
    number: str
    received_at: int
    seq: int
    head: str
    first: bool


async def take_in(hub: Hub, wish: RecordMessage, *, key: str, by: str, drill: bool = False) -> Taken:
    """Record a message. Every arrival proposes a stream of its own; under one key only the first one's comes to be.

    Raises Refused, KeyReused (the key was used for another body), Unavailable.
    """
    proposed = f"message/w{secrets.token_hex(10)}"
    entries = await hub.handle(proposed, wish, key=key, by=by, drill=drill, guarded=True)
    recorded = entries[0].event if entries else None
    if not isinstance(recorded, MessageRecorded):
        raise KeyReused("这个 Idempotency-Key 已经用于别的操作")
    last = entries[-1]
    return Taken(
        id=split(entries[0].stream)[1],
        number=recorded.number,
        received_at=recorded.received_at,
        seq=last.seq,
        head=f"{last.seq}:{last.hash[:8]}",
        first=entries[0].stream == proposed,
    )
