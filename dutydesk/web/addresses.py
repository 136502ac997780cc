"""Where a request comes from. Anybody may write X-Forwarded-For; only a proxy of ours is believed in what it says of the connection."""

from aiohttp import web

from dutydesk.web.parts import PARTS

LONGEST = 64


def address_of(request: web.Request) -> str:
    """The address a bound counts by: of the connection; behind a proxy of ours the last address in X-Forwarded-For that is not ours."""
    ours = {name.strip() for name in request.app[PARTS].settings.trusted_proxies.split(",") if name.strip()}
    found = request.remote or ""
    told = [part.strip() for line in request.headers.getall("X-Forwarded-For", []) for part in line.split(",")]
    while found in ours and told:
        found = told.pop()[:LONGEST]
    return found
