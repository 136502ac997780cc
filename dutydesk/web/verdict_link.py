"""A unit's page of a verdict on it by signed link: what was found and why, how it stands, and its appeal with pictures. No sign-in.

`check`: a failed spot check; `fault`: 漏报, 瞒报 or 谎报; `lateness`: 迟报 as a circular on one event, whose id the link has, tells of it.
"""

import secrets
from functools import partial
from typing import Any

import orjson
from aiohttp import web

from dutydesk.domain.checks import AppealCheck
from dutydesk.domain.faults import AppealFault, ObjectToLateness
from dutydesk.domain.verdicts import Evidence
from dutydesk.errors import NotFound, Refused
from dutydesk.links import Claim
from dutydesk.store.connection import Connection
from dutydesk.web import views
from dutydesk.web.forms import Sent, keep
from dutydesk.web.parts import PARTS
from dutydesk.web.reporting import holder, key_of
from dutydesk.web.screen_words import word
from dutydesk.web.verdicts import named
from dutydesk.web.words import CATALOGUE, language

LONGEST = 5_000  # characters of an appeal
KINDS = frozenset({"check", "fault", "lateness"})


async def show(request: web.Request, claim: Claim, said: str = "", failed: str = "", text: str = "") -> web.Response:
    """The verdict as its unit sees it. Raises NotFound when it is another unit's, or whoever has the link has left the directory."""
    who, lang = await holder(request, claim), language(request)
    found = await request.app[PARTS].hub.read(partial(_found, claim=claim, unit=who.unit))
    if found is None:
        raise NotFound("没有这一件")
    body, drill = found
    shown = _check(body, lang) if claim.kind == "check" else _fault(body, lang)
    values: dict[str, Any] = {"verdict": shown, "drill": drill, "form": secrets.token_hex(8), "text": text}
    values |= {"said": said, "failed": failed}
    return await views.render(request, "verdict.html", 409 if failed else 200, **values)


def _found(connection: Connection, claim: Claim, unit: str) -> tuple[dict[str, Any], bool] | None:
    """The row of a verdict on a unit, and whether it is a drill's. A lateness that nobody objected to has none: its circular speaks."""
    if claim.kind != "lateness":
        row = connection.one("row", claim.kind, claim.id)
        body = orjson.loads(row[4]) if row else {}
        return (body, bool(row[3])) if row and body["unit"] == unit else None
    row = connection.one("row", "circular", claim.id)
    told = orjson.loads(row[4]) if row else {}
    if row is None or told["kind"] != "event" or told["unit"] != unit:
        return None
    objected = connection.one("row", *lateness(told).split("/"))
    computed = {"kind": "late", "status": "stands", "grounds": told["summary"], "happened_at": told["ends_at"]}
    return (orjson.loads(objected[4]) if objected else computed | {"appeals": [], "decisions": []}), bool(row[3])


def lateness(circular: dict[str, Any]) -> str:
    """The stream of objections to the lateness that a circular on one event tells of."""
    return f"fault/late-{circular['incident']}-{circular['unit']}"


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
    hub, text = request.app[PARTS].hub, sent.fields.get("text", "").strip()[:LONGEST]
    files = tuple(Evidence(digest=p.digest, media_type=p.media_type, size=len(p.content)) for p in sent.photos)
    stream, wish = await _wish(request, claim, text, files)
    if files:
        await hub.beside(partial(keep, sent.photos))
    try:
        await hub.handle(stream, wish, key=key_of(claim, sent), by=claim.callee)
    except Refused as refusal:
        return await show(request, claim, failed=str(refusal), text=text)
    return await show(request, claim, said=CATALOGUE[language(request)]["verdict_thanks"])


async def _wish(
    request: web.Request, claim: Claim, text: str, files: tuple[Evidence, ...]
) -> tuple[str, AppealCheck | AppealFault | ObjectToLateness]:
    """The appeal and its stream. Raises NotFound as `show`."""
    hub, who = request.app[PARTS].hub, await holder(request, claim)
    if await hub.read(partial(_found, claim=claim, unit=who.unit)) is None:
        raise NotFound("没有这一件")
    if claim.kind == "check":
        return f"check/{claim.id}", AppealCheck(text=text, files=files)
    if claim.kind == "fault":
        return f"fault/{claim.id}", AppealFault(text=text, files=files)
    told = orjson.loads((await hub.read(lambda connection: connection.all("row", "circular", claim.id)))[0][4])
    about = {"unit": who.unit, "incident": told["incident"], "grounds": told["summary"][:5_000]}
    return lateness(told), ObjectToLateness(**about, text=text, files=files)
