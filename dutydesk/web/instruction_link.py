"""A unit's page of an instruction by signed link: read it (which is noted), and answer it. No sign-in."""

import secrets
from typing import Any

import orjson
from aiohttp import web

from dutydesk.domain.instructions import GiveFeedback, NoteRead
from dutydesk.errors import NotFound, Refused
from dutydesk.links import Claim
from dutydesk.web import views
from dutydesk.web.forms import Sent
from dutydesk.web.parts import PARTS
from dutydesk.web.reporting import key_of
from dutydesk.web.words import CATALOGUE, language

LONGEST = 5_000  # characters of an answer


async def show(request: web.Request, claim: Claim, said: str = "", failed: str = "") -> web.Response:
    """The instruction as this unit sees it; opening it is the receipt. Raises NotFound when it was never passed to the unit."""
    hub, unit = request.app[PARTS].hub, claim.callee.partition(":")[2]
    row = await hub.read(lambda connection: connection.one("row", "instruction", claim.id))
    body = orjson.loads(row[4]) if row else {"units": []}
    mine = next((line for line in body["units"] if line["unit"] == unit), None)
    if row is None or mine is None:
        raise NotFound("没有这条批示")
    if mine["read_at"] is None and body["status"] == "waiting":
        await hub.handle(f"instruction/{claim.id}", NoteRead(unit=unit), key="", by=claim.callee)
    values: dict[str, Any] = {"instruction": body, "mine": mine, "drill": bool(row[3]), "form": secrets.token_hex(8)}
    values |= {"said": said, "failed": failed}
    return await views.render(request, "instruction.html", 409 if failed else 200, **values)


async def answer(request: web.Request, claim: Claim, form: dict[str, str]) -> web.Response:
    """Take the unit's answer in; a refusal is shown on the page with what was written kept by the browser."""
    unit, words = claim.callee.partition(":")[2], CATALOGUE[language(request)]
    wish = GiveFeedback(unit=unit, text=form.get("text", "")[:LONGEST])
    try:
        await request.app[PARTS].hub.handle(
            f"instruction/{claim.id}", wish, key=key_of(claim, Sent(form)), by=claim.callee
        )
    except Refused as refusal:
        return await show(request, claim, failed=str(refusal))
    return await show(request, claim, said=words["instruction_thanks"])
