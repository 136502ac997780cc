"""Which open incidents a read text may belong to, by the reader's own comparison, made before the pen."""

from typing import Any

import orjson

from dutydesk.clock import to_datetime
from dutydesk.domain.messages import Proposal
from dutydesk.domain.readings import Reading
from dutydesk.hub import Hub
from dutydesk.reading.cluster import Report, compare
from dutydesk.store.connection import Connection

MOST = 60  # newest open incidents compared with; a comparison takes some tens of microseconds


class Proposals:
    """Remembers open incidents as the comparison sees them, refreshed by what changed since."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._seq = 0
        self._open: dict[str, Report] = {}

    async def __call__(self, text: str, received_at: int, reading: Reading) -> tuple[Proposal, ...]:
        """Open incidents this report may belong to, sure ones first."""
        if not reading.is_emergency and reading.kind is None:
            return ()
        await self._hub.read(self._refresh)
        new = Report(text, to_datetime(received_at), reading)
        matches = [(id, compare(old, new)) for id, old in reversed(list(self._open.items())[-MOST:])]
        found = [(m.verdict == "same", id, m.why) for id, m in matches if m.verdict != "new"]
        return tuple(Proposal(incident=id, sure=sure, why=why[:200]) for sure, id, why in sorted(found, reverse=True))

    def _refresh(self, connection: Connection) -> None:
        for record in connection.all("rows_since_of", "incident", self._seq):
            _kind, id, seq, open_, drill, _division, body = record
            self._seq = seq
            self._open.pop(id, None)
            if open_ and not drill and (report := _report(connection, orjson.loads(body))):
                self._open[id] = report


def _report(connection: Connection, incident: dict[str, Any]) -> Report | None:
    for message in incident["messages"][:1]:
        row = connection.one("row", "message", message)
        body = orjson.loads(row[4]) if row else None
        if body and body["reading"]:
            reading = Reading.model_validate(body["reading"])
            return Report(body["text"], to_datetime(body["received_at"]), reading)
    return None
