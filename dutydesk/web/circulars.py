"""The circular as a page for who is signed in, every figure with the entries it was counted from; and as one file to take away."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson
from aiohttp import web

from dutydesk.documents.official import UnitTable, coverage_table, unit_table
from dutydesk.errors import NotFound
from dutydesk.store.connection import Connection
from dutydesk.web import bodies, views
from dutydesk.web.event_words import EVENTS
from dutydesk.web.frames import masked
from dutydesk.web.parts import PARTS
from dutydesk.web.people import Forbidden, person
from dutydesk.web.screen_words import word
from dutydesk.web.words import language

SHOWN = 200  # entries listed for one figure; the rest are counted


class Line(NamedTuple):
    """One entry as the appendix lists it."""

    at: int
    stream: str
    says: str
    by: str


async def view(request: web.Request) -> web.Response:
    """The circular; `?export=1` as one standalone file."""
    who, id, lang = person(request), bodies.path_id(request), language(request)
    if who.division or "circular" not in who.audience.kinds:
        raise Forbidden()
    found = await request.app[PARTS].hub.read(lambda connection: read(connection, id, lang))
    if found is None:
        raise NotFound("没有这份通报")
    circular, entries, drill, units, coverage = found
    circular = masked(circular) if who.audience.masked else circular
    values: dict[str, Any] = {
        "circular": circular,
        "entries": entries,
        "drill": drill,
        "shown": SHOWN,
        "id": id,
        "units": units,
        "coverage": coverage,
    }
    if not request.query.get("export"):
        return await views.render(request, "circular.html", css="", **values)
    response = await views.render(request, "circular.html", css=views.css(), **values)
    response.headers["Content-Disposition"] = f'attachment; filename="circular-{id}.html"'
    return response


async def tally(request: web.Request) -> web.Response:
    """What was counted for each unit and district, and the scores. Raises NotFound where a circular has no such table."""
    who, id = person(request), bodies.path_id(request)
    if who.division or "circular" not in who.audience.kinds:
        raise Forbidden()
    row = await request.app[PARTS].hub.read(lambda connection: connection.one("row", "tally", id))
    if row is None:
        raise NotFound("这份通报没有分单位的数字")
    return bodies.json_text(row[4])


def read(
    connection: Connection, id: str, lang: str
) -> tuple[dict[str, Any], dict[int, Line], bool, UnitTable | None, UnitTable | None] | None:
    """The row, the entries of its figures, whether it is a drill's; each unit's figures and the coverage where they were kept."""
    row = connection.one("row", "circular", id)
    if row is None:
        return None
    body: dict[str, Any] = orjson.loads(row[4])
    seqs = sorted({seq for figure in body["figures"] for seq in figure["seqs"][:SHOWN]})
    kept = connection.one("row", "tally", id)
    tally = orjson.loads(kept[4]) if kept else None
    units, coverage = (unit_table(tally, word), coverage_table(tally, word)) if tally else (None, None)
    return body, dict(_lines(connection, seqs, lang)), bool(row[3]), units, coverage


def _lines(connection: Connection, seqs: Iterable[int], lang: str) -> Iterable[tuple[int, Line]]:
    for seq in seqs:
        for record in connection.all("entries_between", seq, seq):
            type_ = str(record[4])
            yield seq, Line(record[1], record[2], EVENTS.get(type_, type_) if lang == "zh" else type_, record[6])
