"""Writes the circular of a finished watch: counts its entries outside the pen and hands the draft in."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import orjson

from dutydesk.clock import Clock
from dutydesk.domain.circulars import DraftCircular
from dutydesk.domain.summaries import Line, figures, items, summary
from dutydesk.domain.verbs import Lane
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.store.entries import decode
from dutydesk.store.store import entries
from dutydesk.store.verify import row_as_of

AT_ONCE = 5


class Drafts:
    """The worker of the DRAFT lane."""

    name = Lane.DRAFT.value

    def __init__(self, hub: Hub, clock: Clock) -> None:
        self._hub, self._clock = hub, clock

    async def run_once(self) -> int | None:
        """Draft every circular that was asked for. Returns when the next is due."""
        waiting, following = await self._hub.read(self._look)
        for circular, watch in waiting:
            draft = await self._hub.read(partial(_draft, watch))
            await self._hub.handle(f"circular/{circular}", draft, key=f"draft:{circular}", by="desk")
        return following

    def _look(self, connection: Connection) -> tuple[list[tuple[str, str]], int | None]:
        waiting, now = [], self._clock.now()
        for stream, _name, _due, _failures in connection.all("timers_due", self.name, now, AT_ONCE):
            id = stream.partition("/")[2]
            row = connection.one("row", "circular", id)
            if row:
                waiting.append((id, orjson.loads(row[4])["watch"]))
        following = connection.one("timer_after", self.name, now)
        return waiting, following[0] if following else None


def _draft(watch: str, connection: Connection) -> DraftCircular:
    first, last = bounds(connection, watch)
    lines = (
        Line(e.seq, e.at, e.stream, e.drill, e.event) for r in entries(connection, first, last) for e in (decode(r),)
    )
    counted_rows = list(_incidents(connection, first, last))
    counted = figures(lines, [(seq, bool(b["signed_by"])) for seq, _s, b in counted_rows if b["status"] == "open"])
    told = items((stream, body) for _seq, stream, body in counted_rows)
    return DraftCircular(figures=counted, items=told, summary=summary(counted))


def bounds(connection: Connection, watch: str) -> tuple[int, int]:
    """First and last seq of a watch: from its WatchStarted to its WatchEnded."""
    own = [decode(record) for record in connection.all("entries_of", f"watch/{watch}", 0)]
    ended = [e.seq for e in own if e.type == "WatchEnded"]
    return own[0].seq, ended[0] if ended else own[-1].seq


def _incidents(connection: Connection, first: int, last: int) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Incidents that were open at the end, or touched during the watch, as they stood at its last entry."""
    for record in connection.all("rows_touched", "incident", first):
        stream = f"incident/{record[1]}"
        then = row_as_of(connection, stream, last)
        if then and not then[0].drill and (then[1].open or then[0].seq >= first):
            yield then[0].seq, stream, then[1].body
