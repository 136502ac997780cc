"""An idle console goes on showing and sounding, and acts no more until whoever sits there gives their password again.

The lock stands with the session on the desk, so that it holds in every window and on every hub, and for whoever writes their own client.
"""

from functools import partial

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from dutydesk.store.connection import Connection
from dutydesk.web import bodies
from dutydesk.web.addresses import address_of
from dutydesk.web.parts import PARTS
from dutydesk.web.people import Forbidden, TooMany, person
from dutydesk.web.shared import DOORKEEPER


class Again(BaseModel):
    """The password of whoever is signed in."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    password: str = Field(min_length=1, max_length=1_024)


async def lock(request: web.Request) -> web.Response:
    """The console was left alone: this session acts no more."""
    parts, who = request.app[PARTS], person(request)
    now = parts.clock.now()
    await parts.hub.beside(lambda connection: connection.run("put_limit", f"locked:{who.session}", now, 1))
    return bodies.json({"locked": True})


async def unlock(request: web.Request) -> web.Response:
    """Somebody is back. Wrong passwords count as at the sign-in, and lock the name as there."""
    parts, who = request.app[PARTS], person(request)
    given = bodies.build(Again, await bodies.read_object(request))
    verdict = await request.app[DOORKEEPER].judge(who.username, given.password, address_of(request))
    if verdict in ("locked", "too_many"):
        raise TooMany("密码连续不对,请十五分钟后再试")
    if verdict == "wrong":
        raise Forbidden("密码不对")
    await parts.hub.beside(partial(_open, who.session))
    return bodies.json({"locked": False})


def _open(session: str, connection: Connection) -> None:
    connection.run("drop_limit", f"locked:{session}")
