"""A report upward as a page to print, and the words an officer reads out when it is reported by telephone."""

from typing import Any

import orjson
from aiohttp import web

from dutydesk.domain.submission_document import submission_document
from dutydesk.domain.submission_words import script, snapshot_of
from dutydesk.errors import NotFound
from dutydesk.store.connection import Connection
from dutydesk.web import bodies, sight, views
from dutydesk.web.frames import Audience
from dutydesk.web.parts import PARTS
from dutydesk.web.people import person
from dutydesk.web.shared import POLICIES


async def view(request: web.Request) -> web.Response:
    """The report as it is printed, drafts marked as such. Raises NotFound."""
    parts, whom, id = request.app[PARTS], person(request).audience, bodies.path_id(request)
    seen = await parts.hub.read(lambda connection: sight.see(connection, whom, "submission", id))
    if seen is None:
        raise NotFound("没有这份报告")
    body: dict[str, Any] = orjson.loads(seen.record[6])
    values: dict[str, Any] = {"document": submission_document(id, body), "body": body, "drill": bool(seen.record[4])}
    return await views.render(request, "submission.html", **values)


async def phone_script(request: web.Request) -> web.Response:
    """The script of a telephone report about an incident, line by line, from its facts as they stand. Raises NotFound."""
    parts, whom, id = request.app[PARTS], person(request).audience, bodies.path_id(request)
    found = await parts.hub.read(lambda connection: _facts(connection, whom, id))
    if found is None:
        raise NotFound("没有这个事件")
    body, source = found
    name = (await request.app[POLICIES].now()).rules.desk.name
    return bodies.json({"lines": script(snapshot_of(body, source), name, parts.clock.now())})


def _facts(connection: Connection, whom: Audience, id: str) -> tuple[dict[str, Any], str] | None:
    seen = sight.see(connection, whom, "incident", id)
    if seen is None:
        return None
    body: dict[str, Any] = orjson.loads(seen.record[6])
    first = connection.one("row", "message", body["messages"][0]) if body["messages"] else None
    said = orjson.loads(first[4]) if first else {}
    return body, str(body["unit_name"] or said.get("unit_name") or said.get("sender_name") or "")
