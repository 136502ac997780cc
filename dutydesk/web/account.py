"""/account: one's own second factors. An app is added by a picture to photograph, a key by touching it; each change asks the password."""

from typing import Any

import segno
from aiohttp import web

from dutydesk.errors import Invalid
from dutydesk.web import bodies, sessions, views
from dutydesk.web.addresses import address_of
from dutydesk.web.parts import PARTS
from dutydesk.web.people import Person, person
from dutydesk.web.shared import DOORKEEPER
from dutydesk.web.ways import lacks_factor
from dutydesk.web.words import CATALOGUE, language


async def view(request: web.Request) -> web.Response:
    """The person's factors, and forms to add and remove them."""
    return await _page(request)


async def _page(request: web.Request, status: int = 200, **said: Any) -> web.Response:
    who = person(request)
    shown = {"failed": "", "picture": "", "pending": "", "said": ""} | said
    return await views.render(
        request,
        "account.html",
        status,
        who=who,
        csrf=who.csrf,
        factors=await request.app[DOORKEEPER].factors.of(who.username),
        lacking=await lacks_factor(request, who),
        **shown,
    )


async def _refused(request: web.Request, word: str) -> web.Response:
    return await _page(request, 422, failed=CATALOGUE[language(request)][word])


async def _knows_password(request: web.Request, who: Person, form: Any) -> bool:
    password = str(form.get("password", ""))[:1024]
    keeper = request.app[DOORKEEPER]
    if await keeper.matches(who.username, password):
        return True
    await keeper.settle(who.username, False, address_of(request), "account")
    return False


async def add_code(request: web.Request) -> web.Response:
    """Begin to add an authenticator app: shows its picture, asks its first code."""
    who, form = person(request), await bodies.form(request)
    if not await _knows_password(request, who, form):
        return await _refused(request, "account_password_wrong")
    issuer = (await views.desk(request)).short_name
    label = str(form.get("label", "")).strip() or CATALOGUE[language(request)]["account_app"]
    id, address = await request.app[DOORKEEPER].factors.new_code(who.username, label, issuer)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, light="#fff")
    return await _page(request, picture=picture, pending=id, secret=address.partition("secret=")[2].partition("&")[0])


async def confirm_code(request: web.Request) -> web.Response:
    """The first code of a new app: from now on it is asked for."""
    who, form = person(request), await bodies.form(request)
    try:
        await request.app[DOORKEEPER].factors.confirm_code(
            who.username, str(form.get("id", ""))[:60], str(form.get("code", ""))[:20]
        )
    except Invalid as error:
        return await _page(request, 422, failed=str(error), pending=str(form.get("id", "")))
    return await _added(request, who)


async def _added(request: web.Request, who: Person) -> web.Response:
    parts = request.app[PARTS]
    await sessions.confirm_session(parts.hub, who.session, parts.clock.now())
    raise web.HTTPSeeOther("/account")


async def remove(request: web.Request) -> web.Response:
    """Take a factor away."""
    who, form = person(request), await bodies.form(request)
    if not await _knows_password(request, who, form):
        return await _refused(request, "account_password_wrong")
    await request.app[DOORKEEPER].factors.remove(who.username, str(form.get("id", ""))[:2000], who.by)
    raise web.HTTPSeeOther("/account")


async def begin_key(request: web.Request) -> web.Response:
    """What the browser needs to make a new key."""
    who, said = person(request), await bodies.read_object(request)
    if not await _knows_password(request, who, said):
        raise Invalid(CATALOGUE[language(request)]["account_password_wrong"])
    desk = await views.desk(request)
    return bodies.json(await request.app[DOORKEEPER].factors.new_key(who.username, desk.short_name))


async def add_key(request: web.Request) -> web.Response:
    """The new key's answer."""
    parts, who, said = request.app[PARTS], person(request), await bodies.read_object(request)
    answer = said.get("answer")
    if not isinstance(answer, dict):
        raise Invalid("安全密钥没有回答")
    label = str(said.get("label", "")).strip() or CATALOGUE[language(request)]["account_key"]
    await request.app[DOORKEEPER].factors.add_key(who.username, str(said.get("token", "")), answer, label)
    await sessions.confirm_session(parts.hub, who.session, parts.clock.now())
    return bodies.json({"ok": True})
