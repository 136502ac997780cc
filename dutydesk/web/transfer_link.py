"""A unit's page of an incident that was handed over to it, by signed link: what it is, and signing for it. No sign-in."""

import secrets
from typing import Any

import orjson
from aiohttp import web

from dutydesk.domain.reporting import NoteTransferReceipt
from dutydesk.errors import NotFound, Refused
from dutydesk.links import Claim
from dutydesk.web import views
from dutydesk.web.forms import Sent
from dutydesk.web.parts import PARTS
from dutydesk.web.reporting import key_of
from dutydesk.web.words import CATALOGUE, language


async def show(request: web.Request, claim: Claim, said: str = "", failed: str = "") -> web.Response:
    """The incident as this unit sees it; opening it is no receipt. Raises NotFound when it was never handed to the unit."""
    row = await request.app[PARTS].hub.read(lambda connection: connection.one("row", "incident", claim.id))
    body: dict[str, Any] = orjson.loads(row[4]) if row else {"transfers": []}
    unit = claim.callee.partition(":")[2]
    mine = next((one for one in body["transfers"] if one["unit"] == unit), None)
    if row is None or mine is None:
        raise NotFound("没有这次移交")
    values: dict[str, Any] = {
        "incident": {"place_text": ""} | body,
        "mine": mine,
        "drill": bool(row[3]),
        "form": secrets.token_hex(8),
    }
    return await views.render(request, "transfer.html", 409 if failed else 200, said=said, failed=failed, **values)


async def answer(request: web.Request, claim: Claim, form: dict[str, str]) -> web.Response:
    """The unit signs for it."""
    unit, words = claim.callee.partition(":")[2], CATALOGUE[language(request)]
    wish = NoteTransferReceipt(unit=unit, who=form.get("who", "").strip()[:60] or claim.callee, how="link")
    try:
        await request.app[PARTS].hub.handle(
            f"incident/{claim.id}", wish, key=key_of(claim, Sent(form)), by=claim.callee
        )
    except Refused as refusal:
        return await show(request, claim, failed=str(refusal))
    return await show(request, claim, said=words["transfer_thanks"])
