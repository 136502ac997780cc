"""Which towns and enterprises have no proven A and B contact, for the directory view."""

import orjson
from aiohttp import web

from dutydesk.domain.coverage import Proven, lacking, proven
from dutydesk.store.connection import Connection
from dutydesk.web import bodies
from dutydesk.web.parts import PARTS
from dutydesk.web.people import person
from dutydesk.web.shared import POLICIES


async def show(request: web.Request) -> web.Response:
    """`{"units", "covered", "every_days", "lines"}` within one's own scope."""
    parts, policy = request.app[PARTS], await request.app[POLICIES].now()
    days = policy.rules.checks.proving.every_days
    found = await parts.hub.read(_proven)
    scope = person(request).audience.division
    lines, units = lacking(policy.directory, found, parts.clock.now(), days, scope)
    return bodies.json({"units": units, "covered": units - len(lines), "every_days": days, "lines": lines})


def _proven(connection: Connection) -> dict[str, Proven]:
    return proven((row[1], orjson.loads(row[6])) for row in connection.all("rows_of_kind", "proof"))
