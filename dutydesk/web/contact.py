"""A contact's own page by signed link: acknowledge, ask for more time, write more, report, open a circular. No sign-in.

A GET never acknowledges: mail scanners and previews open links. Whoever holds the link may do only what its claim says.
"""

import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import orjson
from aiohttp import web

from dutydesk.domain.circulars import OpenCircular
from dutydesk.domain.directory import Directory
from dutydesk.domain.messages import CallForm, RecordMessage
from dutydesk.domain.pages import AcknowledgePage, AskMoreTime
from dutydesk.errors import NotFound, Refused, Unavailable
from dutydesk.links import Claim
from dutydesk.web import circulars, instruction_link, views
from dutydesk.web.intake import Taken, take_in
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest, Forbidden
from dutydesk.web.shared import POLICIES
from dutydesk.web.ways import same_origin
from dutydesk.web.words import CATALOGUE, language

LONGEST = 1_000_000  # characters of a report
Form = dict[str, str]
log = logging.getLogger("dutydesk.web")


class Reporter(NamedTuple):
    """Whom a reporting link was given to. Their number makes one sender of what comes by SMS and by link."""

    contact: str | None
    unit: str
    name: str
    unit_name: str
    number: str


async def show(request: web.Request) -> web.Response:
    """What the link is for. Raises NotFound for a forged link, Expired for an old one."""
    claim = _claim(request)
    match claim.kind:
        case "page":
            return await _page(request, claim)
        case "report":
            return await _report(request, claim)
        case "circular":
            return await _circular(request, claim)
        case "instruction":
            return await instruction_link.show(request, claim)
    raise NotFound("没有这个链接")


async def answer(request: web.Request) -> web.Response:
    """What the contact sends. Raises as `show`."""
    claim = _claim(request)
    origin = request.headers.get("Origin", "null")
    if origin != "null" and not same_origin(request, request.app[PARTS].settings.public_url):
        raise Forbidden("请从链接打开的页面提交")
    form = {name: str(value) for name, value in (await request.post()).items()}
    act: Callable[[web.Request, Claim, Form], Awaitable[web.Response]] | None
    act = {"page": _answer_page, "report": _send_report, "instruction": instruction_link.answer}.get(claim.kind)
    if act is None:
        raise NotFound("没有这个链接")
    return await act(request, claim, form)


def _claim(request: web.Request) -> Claim:
    parts = request.app[PARTS]
    return parts.signer.read(request.match_info["token"], parts.clock.now())


def _key(claim: Claim, form: Form) -> str:
    """A double tap is one input; the same form sent again with other words is another."""
    said = orjson.dumps(form, option=orjson.OPT_SORT_KEYS)
    return f"link:{claim.kind}:{claim.id}:{claim.callee}:{hashlib.sha256(said).hexdigest()[:32]}"


# -- a page to a person


async def _page(
    request: web.Request, claim: Claim, said: str = "", failed: str = "", answered: bool = False
) -> web.Response:
    row = await request.app[PARTS].hub.read(lambda connection: connection.one("row", "page", claim.id))
    if row is None:
        raise NotFound("没有这次呼叫")
    values: dict[str, Any] = {"page": orjson.loads(row[4]), "drill": bool(row[3]), "form": secrets.token_hex(8)}
    values |= {"said": said, "failed": failed, "answered": answered}
    return await views.render(request, "contact_page.html", 409 if failed else 200, **values)


async def _answer_page(request: web.Request, claim: Claim, form: Form) -> web.Response:
    words = CATALOGUE[language(request)]
    wish, thanks = _wish(claim, form)
    try:
        await request.app[PARTS].hub.handle(f"page/{claim.id}", wish, key=_key(claim, form), by=claim.callee)
    except Refused as refusal:
        return await _page(request, claim, failed=str(refusal))
    return await _page(request, claim, said=words[thanks], answered=thanks == "page_thanks")


def _wish(claim: Claim, form: Form) -> tuple[AcknowledgePage | AskMoreTime, str]:
    match form.get("act"):
        case "ack":
            return AcknowledgePage(who=claim.callee, how="link"), "page_thanks"
        case "write":
            return AcknowledgePage(who=claim.callee, how="link", answer=form.get("text", "")[:2_000]), "page_thanks"
        case "more":
            minutes, reason = _minutes(form.get("minutes", "")), form.get("reason", "")[:200]
            return AskMoreTime(who=claim.callee, how="link", minutes=minutes, reason=reason), "page_extended"
    raise BadRequest()


def _minutes(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= 3):
        raise BadRequest("请填写分钟数")
    return int(given)


# -- a report of a contact


async def _report(
    request: web.Request, claim: Claim, given: Form | None = None, failed: str = "", receipt: Taken | None = None
) -> web.Response:
    who = await _who(request, claim)
    blank = {"text": "", "occurred": "", "place": "", "how_many": ""}
    values: dict[str, Any] = {"name": who.name, "unit_name": who.unit_name, "given": blank | (given or {})}
    values |= {"failed": failed, "receipt": receipt, "form": secrets.token_hex(8), "path": request.path}
    return await views.render(request, "report.html", 422 if failed else 200, **values)


async def _who(request: web.Request, claim: Claim) -> Reporter:
    """Who the link was given to, if they still stand in the directory."""
    kind, _, id = claim.callee.partition(":")
    found = _reporter((await request.app[POLICIES].now()).directory, kind, id)
    if found is None:
        raise NotFound("没有这个链接")
    return found


def _reporter(known: Directory, kind: str, id: str) -> Reporter | None:
    if kind == "contact" and (contact := known.contact_by_id.get(id)):
        home = known.unit_by_code.get(contact.unit)
        number = contact.phones[0] if contact.phones else ""
        return Reporter(contact.id, contact.unit, contact.name, home.name if home else "", number)
    if kind == "unit" and (unit := known.unit_by_code.get(id)):
        return Reporter(None, unit.code, "", unit.name, unit.phone or "")
    return None


async def _send_report(request: web.Request, claim: Claim, form: Form) -> web.Response:
    who, words = await _who(request, claim), CATALOGUE[language(request)]
    text = form.get("text", "")
    if not text.strip():
        return await _report(request, claim, form, words["report_empty"])
    if len(text) > LONGEST:
        raise web.HTTPRequestEntityTooLarge(LONGEST, len(text))
    wish = _recording(who, form)
    taken = await take_in(request.app[PARTS].hub, wish, key=_key(claim, form), by=claim.callee)
    return await _report(request, claim, receipt=taken)


def _recording(who: Reporter, form: Form) -> RecordMessage:
    text, how_many = form["text"], form.get("how_many", "").strip()[:100]
    occurred, place = form.get("occurred", "").strip()[:100], form.get("place", "").strip()[:200]
    return RecordMessage(
        channel="web",
        via="link",
        sender=who.number,
        text=f"{text}\n伤亡:{how_many}" if how_many else text,
        contact=who.contact,
        unit=who.unit,
        form=CallForm(occurred=occurred, place=place) if occurred or place else None,
    )


# -- a circular


async def _circular(request: web.Request, claim: Claim) -> web.Response:
    hub, lang = request.app[PARTS].hub, language(request)
    found = await hub.read(lambda connection: circulars.read(connection, claim.id, lang))
    if found is None:
        raise NotFound("没有这份通报")
    try:
        opened = OpenCircular(callee=claim.callee)
        await hub.handle(f"circular/{claim.id}", opened, key=f"open:{claim.id}:{claim.callee}", by=claim.callee)
    except Unavailable:
        log.warning("the receipt of a circular could not be recorded")  # reading it must not fail for that
    return await views.render(request, "circular_link.html", circular=found[0], drill=found[2])
