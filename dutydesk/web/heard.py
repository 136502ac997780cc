"""GET /api/links: when each linked duty room was last heard; how the line stands is a row of kind `peer`."""

from aiohttp import web

from dutydesk.web import bodies
from dutydesk.web.parts import PARTS


async def show(request: web.Request) -> web.Response:
    """`{"links": {name: {"heard_at", "skew"}}}`: an instant by our clock, and our clock minus theirs (both microseconds)."""
    rows = await request.app[PARTS].hub.read(lambda connection: connection.all("heard"))
    return bodies.json({"links": {name: {"heard_at": at, "skew": skew} for name, at, skew in rows}})
