"""A contact's own page by signed link: acknowledge, ask for more time, write more, report, open a circular. No sign-in.

A GET never acknowledges: mail scanners and previews open links. Whoever holds the link may do only what its claim says.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from dutydesk.domain.circulars import OpenCircular
from dutydesk.domain.pages import AcknowledgePage, AskMoreTime
from dutydesk.errors import NotFound, Refused, Unavailable
from dutydesk.links import Claim
from dutydesk.web import (
    circulars,
    forms,
    instruction_link,
    pair_link,
    question_link,
    reporting,
    roster_link,
    submission_link,
    transfer_link,
    verdict_link,
    views,
)
from dutydesk.web.forms import Sent
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest, Forbidden
from dutydesk.web.ways import same_origin
from dutydesk.web.words import CATALOGUE, language

Form = dict[str, str]
log = logging.getLogger("dutydesk.web")


async def show(request: web.Request) -> web.Response:
    """What the link is for. Raises NotFound for a forged link, Expired for an old one."""
    claim = _claim(request)
    match claim.kind:
        case "page":
            return await _page(request, claim)
        case "report":
            return await reporting.show(request, claim)
        case "circular":
            return await _circular(request, claim)
        case "instruction":
            return await instruction_link.show(request, claim)
        case "submission":
            return await submission_link.show(request, claim)
        case "transfer":
            return await transfer_link.show(request, claim)
        case "check" | "fault" | "lateness":
            return await verdict_link.show(request, claim)
        case "holiday" | "unitroster":
            return await roster_link.show(request, claim)
    raise NotFound("没有这个链接")


async def answer(request: web.Request) -> web.Response:
    """What the contact sends. Raises as `show`."""
    claim = _claim(request)
    origin = request.headers.get("Origin", "null")
    if origin != "null" and not same_origin(request, request.app[PARTS].settings.public_url):
        raise Forbidden("请从链接打开的页面提交")
    sent = await forms.read(request)
    if claim.kind == "report":
        return await reporting.take(request, claim, sent)
    if claim.kind in verdict_link.KINDS:
        return await verdict_link.answer(request, claim, sent)
    if claim.kind == "unitroster":
        return await roster_link.answer(request, claim, sent)
    act: Callable[[web.Request, Claim, Form], Awaitable[web.Response]] | None
    act = {
        "page": _answer_page,
        "instruction": instruction_link.answer,
        "submission": submission_link.answer,
        "transfer": transfer_link.answer,
    }.get(claim.kind)
    if act is None:
        raise NotFound("没有这个链接")
    return await act(request, claim, sent.fields)


async def file(request: web.Request) -> web.Response:
    """A file of what the link is for. Raises as `show`."""
    claim = _claim(request)
    if claim.kind != "submission":
        raise NotFound("没有这个链接")
    return await submission_link.file(request, claim)


def _claim(request: web.Request) -> Claim:
    parts = request.app[PARTS]
    return parts.signer.read(request.match_info["token"], parts.clock.now())


# -- a page to a person


async def _page(
    request: web.Request, claim: Claim, said: str = "", failed: str = "", answered: bool = False
) -> web.Response:
    row = await request.app[PARTS].hub.read(lambda connection: connection.one("row", "page", claim.id))
    if row is None:
        raise NotFound("没有这次呼叫")
    asks = orjson.loads(row[4]).get("asks", "sign")
    if asks == "pair":
        return await pair_link.show(request, claim, row, said, failed)
    if asks != "sign":
        return await question_link.show(request, claim, row, said, failed)
    values: dict[str, Any] = {"page": orjson.loads(row[4]), "drill": bool(row[3]), "form": secrets.token_hex(8)}
    values |= {"said": said, "failed": failed, "answered": answered}
    return await views.render(request, "contact_page.html", 409 if failed else 200, **values)


async def _answer_page(request: web.Request, claim: Claim, form: Form) -> web.Response:
    words = CATALOGUE[language(request)]
    row = await request.app[PARTS].hub.read(lambda connection: connection.one("row", "page", claim.id))
    asks = orjson.loads(row[4]).get("asks", "sign") if row else "sign"
    if row and asks == "pair":
        return await pair_link.answer(request, claim, row, form)
    if row and asks != "sign":
        return await question_link.answer(request, claim, row, form)
    wish, thanks = _wish(claim, form)
    try:
        await request.app[PARTS].hub.handle(
            f"page/{claim.id}", wish, key=reporting.key_of(claim, Sent(form)), by=claim.callee
        )
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
    objection = await _objection(request, claim, found[0])
    return await views.render(request, "circular_link.html", circular=found[0], drill=found[2], objection=objection)


async def _objection(request: web.Request, claim: Claim, circular: dict[str, Any]) -> str:
    """Where the unit that a circular on one event is about may object; empty for everybody else."""
    if circular["kind"] != "event" or not claim.callee.startswith(("unit:", "contact:")):
        return ""
    try:
        who = await reporting.holder(request, claim)
    except NotFound:
        return ""
    own = Claim("lateness", claim.id, claim.callee, claim.expires)
    return f"/r/{request.app[PARTS].signer.make(own)}" if who.unit == circular["unit"] else ""
