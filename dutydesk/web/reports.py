"""POST /api/reports: JSON reports from other systems (the 12345 hotline), by bearer token and idempotency key."""

import hashlib

from aiohttp import web

from dutydesk.web import bodies
from dutydesk.web.commands import Report, record, recording
from dutydesk.web.parts import PARTS, Parts
from dutydesk.web.people import NotSignedIn


async def report(request: web.Request) -> web.Response:
    """201 with the message's number; 200 for a repeat; the same key with another body is 409."""
    parts = request.app[PARTS]
    system = await calling_system(request, parts)
    key = bodies.idempotency_key(request)
    given = bodies.build(Report, await bodies.read_object(request, bodies.LARGE))
    wish = recording(given, "api", system, provider_id=key)
    return await record(parts.hub, wish, key=f"api:{system}:{key}", by=f"api:{system}")


async def calling_system(request: web.Request, parts: Parts) -> str:
    """The name under which the request's token was given out; the store keeps only its SHA-256. Raises NotSignedIn."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    digest = hashlib.sha256(token.strip().encode()).hexdigest()
    found = await parts.hub.read(lambda connection: connection.one("token", digest))
    if scheme.lower() != "bearer" or found is None:
        raise NotSignedIn("令牌不对")
    return str(found[0])
