"""The web application: routes, the guard, security headers, errors in one place, and an access log without personal data."""

import asyncio
import logging
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.http import HttpProcessingError
from yarl import URL

from dutydesk.documents.press import Press
from dutydesk.errors import DeskError, Unavailable
from dutydesk.web import assets, bodies, documents, feed, figures, readlog, views, ways
from dutydesk.web.auth import Doorkeeper
from dutydesk.web.factors import Factors
from dutydesk.web.parts import PARTS, Parts
from dutydesk.web.people import NeedsFactor, NotSignedIn, WrongFields
from dutydesk.web.policy import Policies
from dutydesk.web.shared import DOORKEEPER, POLICIES
from dutydesk.web.table import ways as all_ways

log = logging.getLogger("dutydesk.web")
access = logging.getLogger("dutydesk.access")


def make_app(parts: Parts) -> web.Application:
    """The whole web of one hub. The caller runs it, with `AccessLog` as its access log."""
    app = web.Application(middlewares=[_errors, ways.guard], client_max_size=bodies.LARGE)
    app[PARTS], app[POLICIES] = parts, Policies(parts.hub)
    secret, site = parts.settings.secret.get_secret_value(), parts.settings.public_url
    app[DOORKEEPER] = Doorkeeper(parts.hub, parts.clock, Factors(parts.hub, parts.clock, parts.signer, site, secret))
    app[figures.COUNTING] = asyncio.Lock()
    app[documents.PRESS] = Press(parts.settings.config / "templates")
    app[views.TEMPLATES] = views.environment()
    ways.add(app, all_ways())
    for route in (*parts.extra_routes, *assets.routes()):
        app.router.add_route(route.method, route.path, route.handler, expect_handler=ways.expected)
    app.on_response_prepare.append(_headers)
    app.cleanup_ctx.append(feed.watching)
    app.cleanup_ctx.append(readlog.writing)
    app.on_shutdown.append(feed.closing)
    app.on_cleanup.append(documents.closing)
    return app


# Referrer-Policy same-origin where a form stands: with no-referrer a browser sends `Origin: null` (Fetch, 3.1 "append a request
# Origin header"), and the origin could not be checked. Nothing is told to other sites either way.
_FORMS = (
    "/sign-in",
    "/sign-in/second",
    "/account",
    "/account/code",
    "/account/confirm",
    "/account/remove",
    "/r/{token}",
    "/",
)
_NO_PAGE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


async def _headers(request: web.Request, response: web.StreamResponse) -> None:
    # read by a provider's program: there is nothing to show, and nobody to be shown it
    if request.path.startswith("/hooks/"):
        response.headers.update(_NO_PAGE)
        return
    resource = request.match_info.route.resource
    form = resource is not None and resource.canonical in _FORMS
    parts = request.app[PARTS]
    if request.path.startswith("/r/"):
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
    for name, value in _security_headers(parts.settings.public_url, request.host, parts.secure_cookies, form).items():
        response.headers.setdefault(name, value)  # an attachment brings a stricter policy of its own
    if request.path.startswith("/api/") or response.content_type == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")


@lru_cache(maxsize=64)
def _security_headers(public_url: str, host: str, secure: bool, form: bool) -> Mapping[str, str]:
    """What every answer carries. Websockets are named because older browsers do not count them into 'self'."""
    public = urlsplit(public_url).netloc
    sockets = " ".join(
        dict.fromkeys(f"{scheme}://{name}" for name in (host, public) for scheme in _socket_schemes(secure))
    )
    policy = (
        f"default-src 'self'; connect-src 'self' {sockets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin" if form else "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def _socket_schemes(secure: bool) -> tuple[str, ...]:
    return ("wss",) if secure else ("ws", "wss")


@web.middleware
async def _errors(request: web.Request, handler: ways.Handler) -> web.StreamResponse:
    """The one place where an error becomes an answer."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return await _answer(request, error.status, _HTTP.get(error.status, error.reason))
    except NotSignedIn as error:
        if _wants_html(request) and request.method == "GET":
            raise web.HTTPSeeOther(URL("/sign-in").with_query(next=request.path)) from None
        return await _answer(request, error.status, str(error))
    except NeedsFactor as error:
        if _wants_html(request) and request.method == "GET":
            raise web.HTTPSeeOther("/account") from None
        return await _answer(request, error.status, str(error))
    except DeskError as error:
        return await _answer(request, error.status, str(error), error)
    except (
        web.RequestPayloadError,
        HttpProcessingError,
        ConnectionResetError,
    ):  # the body broke off, or is not packed as it says
        return await _answer(request, 400, _HTTP[400])
    except Exception:
        log.exception("%s %s failed", request.method, _route(request))
        return await _answer(request, 500, "值班台内部出错,已记录;请重试,仍不行请告知管理员")


_HTTP = {404: "没有这个页面", 405: "不能这样访问", 413: "内容太长", 400: "请求不对"}


async def _answer(
    request: web.Request, status: int, message: str, error: DeskError | None = None
) -> web.StreamResponse:
    if _wants_html(request):
        response = await views.error(request, status, message)
    else:
        fields = {"fields": error.fields} if isinstance(error, WrongFields) else {}
        response = bodies.json({"error": message} | fields, status)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = "2"
    return response


def _wants_html(request: web.Request) -> bool:
    if request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json"):
        return False
    return "text/html" in request.headers.get("Accept", "") or request.path.startswith("/r/")


def _route(request: web.BaseRequest) -> str:
    """The route as it is written down, not as it was asked: a path may carry a token."""
    matched = request._match_info if isinstance(request, web.Request) else None  # None: what came was no HTTP
    resource = matched.route.resource if matched is not None else None
    return resource.canonical if resource else "(none)"


class AccessLog(AbstractAccessLogger):
    """One line a request: method, route, status, bytes, milliseconds. No address, no query, no path with a token in it."""

    @property
    def enabled(self) -> bool:
        return access.isEnabledFor(logging.INFO)

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        route, size = _route(request), response.body_length
        access.info(
            "method=%s route=%s status=%d bytes=%d ms=%.1f", request.method, route, response.status, size, time * 1e3
        )
