"""Which open incidents a read text may belong to, by the reader's own comparison, made before the pen."""

import asyncio

import orjson

from dutydesk.clock import to_datetime
from dutydesk.domain.messages import Proposal
from dutydesk.domain.readings import Reading
from dutydesk.hub import Hub
from dutydesk.reading.cluster import Report, compare
from dutydesk.store.connection import Connection

MOST = 60  # newest open incidents compared with; a comparison takes some tens of microseconds
KEPT = 200  # reports compared last: those of them that open an incident need not be made anew


class Proposals:
    """Remembers open incidents as the comparison sees them, refreshed by what changed since.

    An incident that grew is compared by its first report as before: what was found out about that one (its places, by the whole gazetteer)
    is kept. One report at a time is compared, each in a turn of the loop of its own, so that many at once hold nobody up; one look at
    the store serves all that waited for it.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._seq = 0
        self._open: dict[str, Report] = {}
        self._first: dict[str, str] = {}  # the message whose report stands for the incident
        self._compared: dict[str, Report] = {}  # by their text
        self._turn = asyncio.Lock()
        self._asked = self._looked_for = 0  # how many were asked about, and how many of them the last look came after

    async def __call__(self, text: str, received_at: int, reading: Reading) -> tuple[Proposal, ...]:
        """Open incidents this report may belong to, sure ones first."""
        if not reading.is_emergency and reading.kind is None:
            return ()
        self._asked += 1
        own = self._asked
        async with self._turn:
            if own > self._looked_for:
                waiting = self._asked
                await self._hub.read(self._refresh)
                self._looked_for = waiting
            return self._proposed(Report(text, to_datetime(received_at), reading))

    def _proposed(self, new: Report) -> tuple[Proposal, ...]:
        self._compared[new.text] = new
        if len(self._compared) > KEPT:
            del self._compared[next(iter(self._compared))]
        matches = [(id, compare(old, new)) for id, old in reversed(list(self._open.items())[-MOST:])]
        found = [(m.verdict == "same", id, m.why) for id, m in matches if m.verdict != "new"]
        return tuple(Proposal(incident=id, sure=sure, why=why[:200]) for sure, id, why in sorted(found, reverse=True))

    def _refresh(self, connection: Connection) -> None:
        for record in connection.all("rows_since_of", "incident", self._seq):
            _kind, id, seq, open_, drill, _division, body = record
            self._seq = seq
            known, messages = self._open.pop(id, None), orjson.loads(body)["messages"][:1]
            if not open_ or drill or not messages:
                self._first.pop(id, None)
            elif report := known if self._first.get(id) == messages[0] else self._report(connection, messages[0]):
                self._open[id], self._first[id] = report, messages[0]

    def _report(self, connection: Connection, message: str) -> Report | None:
        row = connection.one("row", "message", message)
        body = orjson.loads(row[4]) if row else None
        if not body or not body["reading"]:
            return None
        found = Report(body["text"], to_datetime(body["received_at"]), Reading.model_validate(body["reading"]))
        return known if (known := self._compared.get(found.text)) == found else found
