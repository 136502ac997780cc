"""The report of a drill as a page: answer times, clocks, steps of plans. Nothing in it is counted anywhere else."""

import asyncio
from functools import partial
from heapq import merge
from typing import Any

import orjson
from aiohttp import web

from dutydesk.config.scenarios import scenarios
from dutydesk.domain.drill_reports import TYPES, DrillReport, Line, report
from dutydesk.errors import ConfigError, NotFound, Refused
from dutydesk.store.connection import Connection
from dutydesk.store.entries import decode
from dutydesk.store.store import head
from dutydesk.web import bodies, views
from dutydesk.web.parts import PARTS
from dutydesk.web.people import Forbidden, person


async def view(request: web.Request) -> web.Response:
    """The report, of a drill that runs or one that is over. Raises NotFound, Forbidden for whoever has a scope."""
    who, id = person(request), bodies.path_id(request)
    if who.division:
        raise Forbidden()
    drill, found = await request.app[PARTS].hub.read(partial(_read, id))
    return await views.render(request, "drill_report.html", drill=drill, report=found)


async def scripts(request: web.Request) -> web.Response:
    """The scenarios that can be played. One that cannot be read is said, and none is hidden for it."""
    folder = request.app[PARTS].settings.config
    try:
        found = await asyncio.to_thread(scenarios, folder)
    except ConfigError as error:
        raise Refused(str(error)) from None
    return bodies.json({"scripts": [one.model_dump(mode="json") for one in found]})


def _read(id: str, connection: Connection) -> tuple[dict[str, Any], DrillReport]:
    row = connection.one("row", "drill", id)
    if row is None:
        raise NotFound("没有这次演练")
    own = connection.all("entries_of", f"drill/{id}", 0)
    closed = [record[0] for record in own if record[4] == "DrillClosed"]
    first, last = own[0][0], closed[0] if closed else head(connection).seq
    runs = (connection.all("entries_typed", name, first, last) for name in sorted(TYPES))
    entries = (decode(record) for record in merge(*runs, key=lambda record: record[0]) if record[5])
    return orjson.loads(row[4]), report(Line(e.seq, e.at, e.stream, e.drill, e.event) for e in entries)
