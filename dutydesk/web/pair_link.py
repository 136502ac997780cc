"""The page of a question about pairs (互建) by signed link: each pair's other contact with two large buttons. No sign-in, no script.

Only the contact who was asked answers by it; it stays open after the question is over, until they are asked anew.
"""

import secrets
from typing import Any

import orjson
from aiohttp import web

from dutydesk.domain.pairs import LONGEST, AnswerPair
from dutydesk.errors import NotFound, Refused
from dutydesk.links import Claim
from dutydesk.store.connection import Connection, Params
from dutydesk.web import views
from dutydesk.web.forms import Sent
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest
from dutydesk.web.reporting import key_of
from dutydesk.web.words import CATALOGUE, language

_ACTS = {"right": True, "wrong": False}


async def show(request: web.Request, claim: Claim, row: Params, said: str = "", failed: str = "") -> web.Response:
    """Whom the contact is to know, and what they have said of each. Raises NotFound where they were asked anew since."""
    asker = str(orjson.loads(row[4])["asker"]).partition("/")[2]
    lines = await request.app[PARTS].hub.read(lambda connection: _lines(connection, asker, claim.id))
    values: dict[str, Any] = {"lines": lines, "drill": bool(row[3]), "form": secrets.token_hex(8)}
    values |= {"said": said, "failed": failed}
    return await views.render(request, "pair_link.html", 422 if failed else 200, **values)


def _lines(connection: Connection, asker: str, page: str) -> list[dict[str, Any]]:
    found = connection.one("row", "pairing", asker)
    body: dict[str, Any] = orjson.loads(found[4]) if found else {}
    if body.get("page") != page:
        raise NotFound("这次核对已经换了新的链接,请看最近的一条短信")
    return [line | _stands(connection, line["pair"], body) for line in body["lines"]]


def _stands(connection: Connection, pair: str, body: dict[str, Any]) -> dict[str, Any]:
    row = connection.one("row", "pair", pair)
    side = orjson.loads(row[4])["sides"][body["side"]] if row else {"status": "", "text": ""}
    return {"status": side["status"], "text": side["text"]}


async def answer(request: web.Request, claim: Claim, row: Params, form: dict[str, str]) -> web.Response:
    """Take one line in. Raises BadRequest for a button that is not there; a refusal is shown."""
    act, pair = form.get("act", ""), form.get("pair", "")
    if act not in _ACTS:
        raise BadRequest()
    wish = AnswerPair(pair=pair, right=_ACTS[act], text=form.get("text", "").strip()[:LONGEST], callee=claim.callee)
    asker = str(orjson.loads(row[4])["asker"])
    await request.app[PARTS].hub.read(lambda connection: _lines(connection, asker.partition("/")[2], claim.id))
    try:
        await request.app[PARTS].hub.handle(asker, wish, key=key_of(claim, Sent(form)), by=claim.callee)
    except Refused as refusal:
        return await show(request, claim, row, failed=str(refusal))
    return await show(request, claim, row, said=CATALOGUE[language(request)]["pair_thanks"])
