"""A question's page by signed link: large buttons for what can be answered with one touch, a box for the rest. No sign-in, no script.

A touch alone answers at once. With words it is taken in as a message of that page first, so that its figures are read like any report's.
"""

import secrets
from typing import Any

import orjson
from aiohttp import web

from dutydesk.domain.asking import KEYS, WORDS, Asks
from dutydesk.domain.messages import RecordMessage
from dutydesk.domain.pages import AcknowledgePage
from dutydesk.errors import NotFound, Refused
from dutydesk.links import Claim
from dutydesk.store.connection import Params
from dutydesk.web import views
from dutydesk.web.forms import Sent
from dutydesk.web.intake import take_in
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest
from dutydesk.web.reporting import Reporter, holder, key_of
from dutydesk.web.words import CATALOGUE, language

LONGEST = 5_000  # characters of an answer
_BUTTONS: dict[Asks, tuple[str, ...]] = {
    "truth": ("true", "false", "unclear", "partly"),
    "report": ("none",),
    "presence": ("well",),
    "guidance": ("agreed", "refused"),
    "check": ("here", "no_leader", "stranger", "forwarded"),
}


async def show(request: web.Request, claim: Claim, row: Params, said: str = "", failed: str = "") -> web.Response:
    """The question, until when it waits, and how to answer."""
    page: dict[str, Any] = orjson.loads(row[4])
    values = {"page": page, "drill": bool(row[3]), "form": secrets.token_hex(8), "said": said, "failed": failed}
    values |= {"buttons": _BUTTONS[page["asks"]], "answered": bool(said)}
    return await views.render(request, "question.html", 422 if failed else 200, **values)


async def answer(request: web.Request, claim: Claim, row: Params, form: dict[str, str]) -> web.Response:
    """Take the answer in. Raises BadRequest for a button that is not there."""
    asks: Asks = orjson.loads(row[4])["asks"]
    words, text = CATALOGUE[language(request)], form.get("text", "").strip()[:LONGEST]
    touched = _touched(asks, form.get("act", ""))
    if not touched and not text:
        return await show(request, claim, row, failed=words["question_empty"])
    said = f"{touched}。{text}" if touched and text else touched or text
    hub, key = request.app[PARTS].hub, key_of(claim, Sent(form))
    who = await _known(request, claim) if text else None
    try:
        if who:
            await take_in(hub, _recording(claim, said, who), key=key, by=claim.callee)
        else:
            wish = AcknowledgePage(who=claim.callee, how="link", answer=said)
            await hub.handle(f"page/{claim.id}", wish, key=key, by=claim.callee)
    except Refused as refusal:
        return await show(request, claim, row, failed=str(refusal))
    return await show(request, claim, row, said=words["question_thanks"])


async def _known(request: web.Request, claim: Claim) -> Reporter | None:
    """A contact or unit of the directory: what they write is a message under their name and number."""
    try:
        return await holder(request, claim)
    except NotFound:
        return None


def _touched(asks: Asks, act: str) -> str:
    if act == "say":
        return ""
    if act not in _BUTTONS[asks]:
        raise BadRequest()
    if asks in ("check", "guidance"):
        return KEYS[asks][str(_BUTTONS[asks].index(act) + 1)]
    return next((word for truth, word in WORDS.items() if truth == act), KEYS[asks]["1"])


def _recording(claim: Claim, said: str, who: Reporter) -> RecordMessage:
    return RecordMessage(
        channel="web",
        via="link",
        sender=who.number,
        text=said,
        contact=who.contact,
        unit=who.unit,
        page=claim.id,
    )
