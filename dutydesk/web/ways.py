"""Every way into the web as one value: method, path, who may come, and what proves that they meant it.

The guard, the description at /api/openapi.json and the test that walks every role all read this and nothing else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import BaseModel

from dutydesk.web import bodies, sessions
from dutydesk.web.parts import PARTS, Parts
from dutydesk.web.people import PERSON, BadRequest, Forbidden, Locked, NeedsFactor, NotSignedIn, Person
from dutydesk.web.readlog import READS
from dutydesk.web.shared import POLICIES

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Proof = Literal["none", "origin", "csrf"]


@dataclass(frozen=True, slots=True)
class Way:
    """`roles` None: nobody needs to be signed in. `proof`: "csrf" also means the origin. `keyed`: an Idempotency-Key is asked for."""

    method: str
    path: str
    handler: Handler
    says: str
    roles: frozenset[str] | None = None
    proof: Proof = "none"
    body: type[BaseModel] | None = None
    keyed: bool = False
    query: tuple[str, ...] = ()
    bearer: bool = False
    read: bool = False  # what it shows is sensitive: each read is written down
    locked_too: bool = False  # open also while the console is locked
    unproven: bool = False  # open also to whoever has yet to add the second factor their role needs


WAYS = web.AppKey("ways", dict[tuple[str, str], Way])


def add(app: web.Application, ways: list[Way]) -> None:
    """Put ways into an application."""
    for way in ways:
        app.router.add_route(way.method, way.path, way.handler, expect_handler=expected)
    app[WAYS] = {(way.method, _canonical(way.path)): way for way in ways}


async def expected(request: web.Request) -> None:
    """Answers `Expect`: 100 to whoever waits to send the body, 417 to anything else (RFC 9110, 10.1.1). aiohttp's own answer quotes the
    line and trips over bytes that are no text."""
    if request.headers.get("Expect", "").lower() != "100-continue":
        raise web.HTTPExpectationFailed(text="Expect")
    assert request.transport
    request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def _canonical(path: str) -> str:
    """The path as aiohttp names the resource: without the patterns of its parts."""
    out = path
    while "{" in out and ":" in out:
        start = out.index(":", out.index("{"))
        out = out[:start] + out[out.index("}", start) :]
    return out


def way_of(request: web.Request) -> Way | None:
    """The way a request came; None for static files, other people's routes and what does not exist."""
    resource = request.match_info.route.resource
    return request.app[WAYS].get((request.method, resource.canonical)) if resource else None


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request through only as its way says."""
    way = way_of(request)
    if not request.path.startswith("/hooks/") and not _legible(request):  # a provider's oddities lose no message
        raise BadRequest("请求头里有不是文字的内容")
    if way is None:
        return await handler(request)
    parts = request.app[PARTS]
    if way.proof != "none" and not same_origin(request, parts.settings.public_url):
        raise Forbidden("请求不是从本值班台的页面发出的")
    if way.roles is not None:
        request[PERSON] = await _admit(request, parts, way)
    answer = await handler(request)
    if way.read and answer.status == 200:
        request.app[READS].note(request, request[PERSON])
    return answer


def _legible(request: web.Request) -> bool:
    """Whether all header lines are text: any other byte arrives as a lone surrogate, which nothing behind here can encode. A socket's key
    is base64, and aiohttp trips over anything wider."""
    try:
        return request.headers.get("Sec-WebSocket-Key", "").isascii() and all(
            value.isascii() or value.decode() for _, value in request.raw_headers
        )
    except UnicodeDecodeError:
        return False


async def _admit(request: web.Request, parts: Parts, way: Way) -> Person:
    someone = await signed_in(request, parts)
    if someone is None:
        raise NotSignedIn()
    if way.roles is None or someone.role not in way.roles:
        raise Forbidden()
    if not way.unproven and await lacks_factor(request, someone):
        raise NeedsFactor()
    if way.proof == "csrf" and not await _carries(request, someone.csrf):
        raise Forbidden("页面已经过期,请刷新后再试")
    if way.proof == "csrf" and someone.locked and not way.locked_too:
        raise Locked()
    return someone


async def lacks_factor(request: web.Request, someone: Person) -> bool:
    """Whether this person's role needs a second factor and none was given in this session."""
    return not someone.factor_at and await needs_factor(request, someone)


async def needs_factor(request: web.Request, someone: Person) -> bool:
    """Whether the policy asks a second factor of this person's role. A demonstration asks nobody."""
    if request.app[PARTS].demo:
        return False
    return someone.role in (await request.app[POLICIES].now()).rules.security.second_factor


async def signed_in(request: web.Request, parts: Parts) -> Person | None:
    """Whoever the cookie stands for."""
    token = request.cookies.get(sessions.cookie_name(parts.secure_cookies), "")
    return await sessions.find(parts, token) if token else None


async def _carries(request: web.Request, csrf: str) -> bool:
    given = request.headers.get("X-CSRF", "")
    if not given and request.content_type == "application/x-www-form-urlencoded":
        given = (await bodies.form(request)).get("csrf", "")
    return sessions.same(given, csrf)


def same_origin(request: web.Request, public_url: str) -> bool:
    """Whether a request names this desk as its origin: the configured public one, or the host it was sent to."""
    origin = request.headers.get("Origin", "")
    if not origin or origin == "null":
        return False
    public = urlsplit(public_url)
    try:
        given = urlsplit(origin)
    except ValueError:  # "http://[" is no address
        return False
    return (given.scheme, given.netloc) == (public.scheme, public.netloc) or given.netloc == request.host
