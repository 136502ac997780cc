"""Server-rendered views: the template environment, sign-in, the console's shell, and the view of an error."""

from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dutydesk.clock import to_datetime
from dutydesk.documents.words import figure_value
from dutydesk.domain.rules import Desk
from dutydesk.errors import Unavailable
from dutydesk.web import assets, bodies, second, sessions
from dutydesk.web.addresses import address_of
from dutydesk.web.parts import PARTS
from dutydesk.web.people import PERSON, person
from dutydesk.web.screen_words import word
from dutydesk.web.shared import DOORKEEPER, POLICIES
from dutydesk.web.ways import same_origin, signed_in
from dutydesk.web.words import CATALOGUE, LANGUAGES, language

HERE = Path(__file__).parent
TEMPLATES = web.AppKey("templates", Environment)
SMALL_FORM = 16_000  # bytes: whoever is not signed in may not make us hold more
FAILED = {"wrong": (401, "sign_in_wrong"), "locked": (429, "sign_in_locked"), "too_many": (429, "sign_in_too_many")}


def environment() -> Environment:
    """Templates with every value escaped; a name that is not there is an error."""
    made = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    made.filters["moment"] = moment
    made.filters["counted"] = counted
    made.filters["stated"] = stated
    made.filters["measured"] = figure_value
    return made


def counted(name: str, lang: str) -> str:
    """What a figure is called."""
    return word("counted", name, lang)


def stated(status: str, lang: str) -> str:
    """Where an item of a circular stands."""
    return word("status", status, lang)


def moment(at: int) -> str:
    """An instant as people here write it."""
    found: datetime = to_datetime(at)
    return f"{found:%Y-%m-%d %H:%M}"


async def desk(request: web.Request) -> Desk:
    """The desk's own name and telephone; a store that is away leaves them unsaid."""
    try:
        return (await request.app[POLICIES].now()).rules.desk
    except Unavailable:
        return Desk()


async def render(request: web.Request, template: str, status: int = 200, **values: Any) -> web.Response:
    """A view in the language of the request."""
    lang = language(request)
    common = {"lang": lang, "words": CATALOGUE[lang], "demo": request.app[PARTS].demo}
    common |= {"desk": await desk(request)}
    text = request.app[TEMPLATES].get_template(template).render(common | values)
    response = web.Response(text=text, status=status, content_type="text/html")
    if request.query.get("lang") in LANGUAGES:
        response.set_cookie("lang", lang, path="/", max_age=31_536_000, samesite="Lax")
    return response


async def console(request: web.Request) -> web.Response:
    """The console's shell; the feed and /api do the rest."""
    who = person(request)
    return await render(request, "console.html", username=who.username, csrf=who.csrf, files=assets.shell())


async def sign_in_view(request: web.Request) -> web.StreamResponse:
    """The sign-in form, or onward for whoever is signed in."""
    if await signed_in(request, request.app[PARTS]):
        raise web.HTTPSeeOther(_onward(request.query.get("next", "")))
    return await _form(request, 200, "", request.query.get("next", ""))


async def _form(request: web.Request, status: int, failed: str, following: str, username: str = "") -> web.Response:
    shown = {"failed": failed, "username": username, "next": following}
    return await render(request, "sign_in.html", status, oidc=request.app[PARTS].settings.oidc_issuer, **shown)


async def sign_in(request: web.Request) -> web.StreamResponse:
    """Judge a name and a password; the session is the server's, the cookie holds its token."""
    if not 0 < (request.content_length or 0) <= SMALL_FORM:
        raise bodies.TooLarge()
    parts, form = request.app[PARTS], await bodies.form(request)
    username, password = str(form.get("username", ""))[:64].strip(), str(form.get("password", ""))[:1024]
    following, words = str(form.get("next", "")), CATALOGUE[language(request)]
    if not same_origin(request, parts.settings.public_url):
        return await _form(request, 403, words["sign_in_foreign"], following, username)
    verdict = await request.app[DOORKEEPER].judge(username, password, address_of(request))
    if verdict == "second":
        raise second.ask(parts, username, _onward(following))
    if verdict != "ok":
        status, word = FAILED[verdict]
        return await _form(request, status, words[word], following, username)
    opened = await sessions.open_session(parts.hub, username, parts.clock.now())
    response = web.HTTPSeeOther(_onward(following))
    sessions.set_cookie(response, opened.token, parts.secure_cookies)
    raise response


async def second_view(request: web.Request) -> web.StreamResponse:
    """The form for the second factor, for whoever just gave a right password."""
    username = second.who(request)
    if username is None:
        raise web.HTTPSeeOther("/sign-in")
    return await _second_form(request, 200, "", username)


async def _second_form(request: web.Request, status: int, failed: str, username: str) -> web.Response:
    kinds = {factor.kind for factor in await request.app[DOORKEEPER].factors.of(username)}
    following = _onward(request.query.get("next", ""))
    return await render(request, "second.html", status, failed=failed, kinds=kinds, next=following)


async def second_code(request: web.Request) -> web.StreamResponse:
    """Judge a one-time code: on with a session, or the form again."""
    username = second.who(request)
    if username is None or not same_origin(request, request.app[PARTS].settings.public_url):
        raise web.HTTPSeeOther("/sign-in")
    if not 0 < (request.content_length or 0) <= SMALL_FORM:
        raise bodies.TooLarge()
    code, following = (await bodies.form(request)).get("code", "")[:20], _onward(request.query.get("next", ""))
    fits = await request.app[DOORKEEPER].factors.judge_code(username, code)
    verdict = await second.settle(request, username, fits, "password+totp")
    if verdict != "ok":
        word = {"locked": "sign_in_locked"}.get(verdict, "second_wrong")
        return await _second_form(
            request, 429 if verdict == "locked" else 401, CATALOGUE[language(request)][word], username
        )
    raise await second.enter(request, username, following)


def _onward(wanted: str) -> str:
    """Only a path of this desk: `//host` and `/\\host` would lead elsewhere."""
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if local else "/"


async def sign_out(request: web.Request) -> web.StreamResponse:
    """End the session here and in every open console of it."""
    parts, who = request.app[PARTS], person(request)
    await sessions.close_session(parts.hub, who.session)
    parts.live.end_session(who.session)
    response = web.HTTPSeeOther("/sign-in")
    sessions.drop_cookie(response, parts.secure_cookies)
    raise response


async def error(request: web.Request, status: int, message: str) -> web.Response:
    """An error for a person: what happened, and whom to telephone."""
    return await render(request, "error.html", status, message=message, signed_in=PERSON in request)


async def stylesheet(_request: web.Request) -> web.StreamResponse:
    """The one stylesheet of the views that must be light."""
    return web.FileResponse(HERE / "templates" / "plain.css", headers={"Cache-Control": "max-age=3600"})


def css() -> Markup:
    """The stylesheet as text, for a page that must stand alone."""
    return Markup((HERE / "templates" / "plain.css").read_text())  # noqa: S704  # nosec B704
