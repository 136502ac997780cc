"""A unit's page of a verdict on it by signed link: what was found and why, how it stands, and its appeal with pictures. No sign-in.

`check`: a failed spot check; `fault`: 漏报, 瞒报 or 谎报.
"""

import secrets
from functools import partial
from typing import Any

import orjson
from aiohttp import web

from dutydesk.domain.checks import AppealCheck
from dutydesk.domain.faults import AppealFault
from dutydesk.domain.verdicts import Evidence
from dutydesk.errors import NotFound, Refused
from dutydesk.links import Claim
from dutydesk.web import views
from dutydesk.web.forms import Sent
from dutydesk.web.parts import PARTS
from dutydesk.web.reporting import holder, keep, key_of
from dutydesk.web.screen_words import word
from dutydesk.web.verdicts import named
from dutydesk.web.words import CATALOGUE, language

LONGEST = 5_000  # characters of an appeal
APPEALS: dict[str, type[AppealCheck] | type[AppealFault]] = {"check": AppealCheck, "fault": AppealFault}


async def show(request: web.Request, claim: Claim, said: str = "", failed: str = "", text: str = "") -> web.Response:
    """The verdict as its unit sees it. Raises NotFound when it is another unit's, or whoever has the link has left the directory."""
    who = await holder(request, claim)
    row = await request.app[PARTS].hub.read(lambda connection: connection.one("row", claim.kind, claim.id))
    body = orjson.loads(row[4]) if row else {}
    if row is None or body["unit"] != who.unit:
        raise NotFound("没有这一件")
    lang = language(request)
    shown = _check(body, lang) if claim.kind == "check" else _fault(body, lang)
    values: dict[str, Any] = {"verdict": shown, "drill": bool(row[3]), "form": secrets.token_hex(8), "text": text}
    values |= {"said": said, "failed": failed}
    return await views.render(request, "verdict.html", 409 if failed else 200, **values)


def _check(body: dict[str, Any], lang: str) -> dict[str, Any]:
    last = body["recheck_at"] if body["status"] == "failed" else None
    return {
        "title": named("check", body, lang),
        "found": word("check.reason", body["reason"], lang) if body["reason"] else "",
        "grounds": body["note"],
        "at": body["at"],
        "answers": [(answer["at"], answer["name"], answer["text"]) for answer in body["answers"]],
        "status": word("check.status", body["status"], lang),
        "again": last,
        "may_appeal": body["status"] == "failed" and not body["decision"],
        "appeals": [(body["appealed_at"], body["appeal"], body["appeal_files"])] if body["appeal"] else [],
        "decisions": [body["decision"]] if body["decision"] else [],
    }


def _fault(body: dict[str, Any], lang: str) -> dict[str, Any]:
    return {
        "title": named("fault", body, lang),
        "found": "",
        "grounds": body["grounds"],
        "at": body["happened_at"],
        "answers": [],
        "status": word("fault", body["status"], lang),
        "again": None,
        "may_appeal": body["status"] == "stands",
        "appeals": [(one["at"], one["text"], one["files"]) for one in body["appeals"]],
        "decisions": [one["reason"] for one in body["decisions"]],
    }


async def answer(request: web.Request, claim: Claim, sent: Sent) -> web.Response:
    """Take the unit's appeal in, its pictures first; a refusal is shown and what was written stays."""
    await holder(request, claim)
    hub, text = request.app[PARTS].hub, sent.fields.get("text", "").strip()[:LONGEST]
    files = tuple(Evidence(digest=p.digest, media_type=p.media_type, size=len(p.content)) for p in sent.photos)
    if files:
        await hub.beside(partial(keep, sent.photos))
    wish = APPEALS[claim.kind](text=text, files=files)
    try:
        await hub.handle(f"{claim.kind}/{claim.id}", wish, key=key_of(claim, sent), by=claim.callee)
    except Refused as refusal:
        return await show(request, claim, failed=str(refusal), text=text)
    return await show(request, claim, said=CATALOGUE[language(request)]["verdict_thanks"])
