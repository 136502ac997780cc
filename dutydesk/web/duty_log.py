"""The duty log (值班日志) as a book: pages of the journal backwards, filtered, within what its reader may see.

A page looks at a bounded number of entries and says where to go on, so that no filter can hold a reader's thread for long.
"""

from functools import partial
from typing import Any

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict

from dutydesk.domain.verbs import split
from dutydesk.errors import NotFound
from dutydesk.store.connection import Connection, Params
from dutydesk.store.journal import backwards, seq_at
from dutydesk.web import bodies, sight
from dutydesk.web.frames import ON_WISH, Audience
from dutydesk.web.lines import QUIET
from dutydesk.web.parts import PARTS
from dutydesk.web.people import person
from dutydesk.web.period import Period, period

PAGE = 100
MOST_LOOKED_AT = 20_000  # entries of one page, whatever the filter
MOST_PRINTED = 2_000
FILTERS = ("from", "to", "kind", "incident", "person", "all", "before", "limit")


class Filter(BaseModel):
    """What of the log is wanted: a kind of stream, everything about one incident, whatever one person did, the machine's steps too."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: str = ""
    incident: str = ""
    person: str = ""
    all: bool = False

    def wants(self, record: Params) -> bool:
        """Whether an entry is wanted, but for its place and the incident."""
        kind, author = split(record[2])[0], str(record[6])
        if self.kind and kind != self.kind:
            return False
        if self.person and author != self.person:
            return False
        return self.all or (record[4] not in QUIET and (kind not in ON_WISH or bool(self.kind)))


def asked(request: web.Request) -> Filter:
    """The filter of a request. Raises BadRequest."""
    wanted = {name: request.query.get(name, "")[:100] for name in ("kind", "incident", "person")}
    return bodies.build(Filter, {**bodies.printable(wanted), "all": request.query.get("all", "") == "1"})


async def page(request: web.Request) -> web.Response:
    """A page of the log, newest first: entries with their hashes, and `next`, the seq to go on before (null: this was the end)."""
    parts, whom = request.app[PARTS], person(request).audience
    before = bodies.integer(request, "before", 2**62)
    limit = min(max(bodies.integer(request, "limit", PAGE), 1), MOST_PRINTED)
    ask = partial(_page, whom=whom, when=period(request), wanted=asked(request), before=before, limit=limit)
    return bodies.json_text(await parts.hub.read(ask))


def _page(connection: Connection, whom: Audience, when: Period, wanted: Filter, before: int, limit: int) -> str:
    found, following = read(connection, whom, when, wanted, before, limit)
    shown = ",".join(sight.entry_text(record, whom.masked, whole=False) for record in found)
    return f'{{"entries":[{shown}],"next":{"null" if following is None else following}}}'


def read(
    connection: Connection, whom: Audience, when: Period, wanted: Filter, before: int, limit: int
) -> tuple[list[Params], int | None]:
    """Entries of a period before a seq, newest first, and where to go on (None: nowhere)."""
    first, last = seq_at(connection, when.first), seq_at(connection, when.last)
    before = min(before, last)
    if wanted.incident:
        return _about(connection, whom, wanted, (first, before), limit)
    found: list[Params] = []
    seen: dict[str, bool] = {}
    for looked, record in enumerate(backwards(connection, before, first)):
        if len(found) == limit or looked == MOST_LOOKED_AT:
            return found, int(record[0]) + 1
        if not wanted.wants(record):
            continue
        if record[2] not in seen:
            seen[record[2]] = sight.may_read(connection, whom, record[2])
        if seen[record[2]]:
            found.append(record)
    return found, None


def _about(
    connection: Connection, whom: Audience, wanted: Filter, between: tuple[int, int], limit: int
) -> tuple[list[Params], int | None]:
    seen = sight.see(connection, whom, "incident", wanted.incident)
    if seen is None:
        raise NotFound("没有这个事件,或不在您的范围内")
    first, before = between
    records = reversed(sight.entries_about(connection, seen, whom))
    found = [r for r in records if first <= r[0] < before and wanted.wants(r)]
    return found[:limit], (int(found[limit - 1][0]) if len(found) > limit else None)


async def entry(request: web.Request) -> web.Response:
    """One entry as it is kept: raw, its hash and the hash before it, which it covers."""
    parts, whom = request.app[PARTS], person(request).audience
    text = request.match_info["seq"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound()
    seq = int(text)
    return bodies.json(await parts.hub.read(lambda connection: _entry(connection, whom, seq)))


def _entry(connection: Connection, whom: Audience, seq: int) -> dict[str, Any]:
    found = connection.all("entries_between", seq, seq)
    if not found or not sight.may_read(connection, whom, found[0][2]):
        raise NotFound("没有这一条,或不在您的范围内")
    record = found[0]
    before = connection.one("entry_hash", seq - 1)
    shown: dict[str, Any] = orjson.loads(sight.entry_text(record, whom.masked))
    kept = {
        "version": record[3],
        "private_digest": record[11],
        "hash": record[12],
        "previous": before[0] if before else "",
    }
    return shown | kept
