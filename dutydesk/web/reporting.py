"""A contact's reporting page: one box first, photos and the rest as they like, what the desk asks back, and what they sent already.

Whole without JavaScript; with it a phone keeps what was written and sends it when the network is back. Who holds the link is known.
"""

import hashlib
import secrets
from functools import partial
from typing import Any, NamedTuple

import orjson
from aiohttp import web

from dutydesk.clock import HOUR
from dutydesk.domain.directory import Directory
from dutydesk.domain.messages import CallForm, Media, RecordMessage
from dutydesk.domain.nearby import sender_day
from dutydesk.domain.pages import AcknowledgePage
from dutydesk.errors import NotFound, Refused
from dutydesk.links import Claim
from dutydesk.store.connection import Connection
from dutydesk.web import bodies, views
from dutydesk.web.forms import Sent, keep
from dutydesk.web.intake import Taken, take_in
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest
from dutydesk.web.shared import POLICIES
from dutydesk.web.verdicts import listed
from dutydesk.web.words import CATALOGUE, language

LONGEST = 1_000_000  # characters of a report
BACK = 12 * HOUR  # the holder's reports of today and of so long ago are shown
MOST_SHOWN = 8
BLANK = {"text": "", "occurred": "", "place": "", "how_many": "", "position": "", "incident": ""}


class Reporter(NamedTuple):
    """Whom a reporting link was given to. Their number makes one sender of what comes by SMS and by link."""

    callee: str
    contact: str | None
    unit: str
    name: str
    unit_name: str
    number: str


class Before(NamedTuple):
    """A report sent before: what became of it, and which elements the desk asked for since."""

    number: str
    at: int
    text: str
    incident: str
    asked: tuple[str, ...]
    choices: tuple[str, ...]


class Question(NamedTuple):
    """A page of the desk that calls the holder and waits."""

    id: str
    subject: str
    until: int | None
    drill: bool
    asks: str = "sign"  # anything else is answered on a page of its own


class Known(NamedTuple):
    """What the page shows of the desk to this holder."""

    before: list[Before]
    questions: list[Question]


async def show(
    request: web.Request,
    claim: Claim,
    given: dict[str, str] | None = None,
    failed: str = "",
    said: str = "",
    receipt: Taken | None = None,
) -> web.Response:
    """The page. Raises NotFound when whoever it was given to has left the directory."""
    who = await holder(request, claim)
    parts = request.app[PARTS]
    known: Known = await parts.hub.read(partial(_known, who, parts.clock.now()))
    verdicts = await parts.hub.read(partial(listed, unit=who.unit, lang=language(request)))
    filled = BLANK | {"incident": request.query.get("about", "")[:40]} | (given or {})
    values: dict[str, Any] = {"name": who.name, "unit_name": who.unit_name, "given": filled, "failed": failed}
    values |= {"said": said, "receipt": receipt, "form": secrets.token_hex(8), "path": request.path}
    values |= {"before": known.before, "questions": known.questions, "other": _other(request)}
    values["verdicts"] = [
        (f"/r/{parts.signer.make(Claim(kind, id, who.callee, claim.expires))}", what) for kind, id, what in verdicts
    ]
    asked = [one.id for one in known.questions if one.asks != "sign"]
    values["links"] = {id: f"/r/{parts.signer.make(Claim('page', id, who.callee, claim.expires))}" for id in asked}
    return await views.render(request, "report.html", 422 if failed else 200, **values)


def _other(request: web.Request) -> str:
    return "en" if language(request) == "zh" else "zh"


async def holder(request: web.Request, claim: Claim) -> Reporter:
    """Who the link was given to, if they still stand in the directory. Raises NotFound."""
    found = _reporter((await request.app[POLICIES].now()).directory, claim.callee)
    if found is None:
        raise NotFound("没有这个链接")
    return found


def _reporter(known: Directory, callee: str) -> Reporter | None:
    kind, _, id = callee.partition(":")
    if kind == "contact" and (contact := known.contact_by_id.get(id)):
        home = known.unit_by_code.get(contact.unit)
        number = contact.phones[0] if contact.phones else ""
        return Reporter(callee, contact.id, contact.unit, contact.name, home.name if home else "", number)
    if kind == "unit" and (unit := known.unit_by_code.get(id)):
        return Reporter(callee, None, unit.code, "", unit.name, unit.phone or "")
    return None


def _known(who: Reporter, now: int, connection: Connection) -> Known:
    if not who.number:
        return Known([], [])
    days = dict.fromkeys((sender_day(who.number, now), sender_day(who.number, now - BACK)))
    rows = [row for day in days for row in connection.all("rows_by_ref", "sender", day, MOST_SHOWN)]
    pages = connection.all("rows_by_ref", "page.address", who.number, 50)
    return Known([_before(orjson.loads(row[4])) for row in rows[:MOST_SHOWN]], _questions(who, pages))


def _before(body: dict[str, Any]) -> Before:
    choices = tuple(f"{n} {option['label']}" for n, option in enumerate(body["options"], 1))
    return Before(
        body["number"], body["received_at"], body["text"][:80], body["incident"] or "", tuple(body["asked"]), choices
    )


def _questions(who: Reporter, pages: list[tuple[Any, ...]]) -> list[Question]:
    found = [(row, orjson.loads(row[4])) for row in pages if row[2]]
    mine = [(row, body) for row, body in found if any(call["callee"] == who.callee for call in body["calls"])]
    return [
        Question(row[1], body["subject"], body["answer_by"], bool(row[3]), body.get("asks", "sign"))
        for row, body in mine
    ]


async def take(request: web.Request, claim: Claim, sent: Sent) -> web.Response:
    """Take a report in, or an answer to a page; a phone's script gets JSON, a form the page again. Raises Unavailable, BadRequest."""
    who, words = await holder(request, claim), CATALOGUE[language(request)]
    if sent.fields.get("page"):
        return await _answer(request, claim, who, sent)
    text = sent.fields.get("text", "")
    if not text.strip() and not sent.photos:
        return await _refused(request, claim, sent, words["report_empty"])
    if len(text) > LONGEST:
        raise bodies.TooLarge()
    await _check_incident(request, who, sent.fields.get("incident", ""))
    hub = request.app[PARTS].hub
    if sent.photos:
        await hub.beside(partial(keep, sent.photos))
    taken = await take_in(hub, _recording(who, sent), key=key_of(claim, sent), by=claim.callee)
    if wants_json(request):
        return bodies.json({"number": taken.number, "at": taken.received_at, "said": views.moment(taken.received_at)})
    return await show(request, claim, receipt=taken)


def wants_json(request: web.Request) -> bool:
    """Whether a script asks, and no person's browser by itself."""
    return request.headers.get("Accept", "").startswith("application/json")


async def _refused(request: web.Request, claim: Claim, sent: Sent, said: str) -> web.Response:
    if wants_json(request):
        return bodies.json({"error": said}, 422)
    return await show(request, claim, sent.fields, said)


def key_of(claim: Claim, sent: Sent) -> str:
    """A double tap is one input; the same form sent again with other words or photos is another."""
    photos = [photo.digest for photo in sent.photos]
    said = orjson.dumps([sent.fields, photos] if photos else sent.fields, option=orjson.OPT_SORT_KEYS)
    return f"link:{claim.kind}:{claim.id}:{claim.callee}:{hashlib.sha256(said).hexdigest()[:32]}"


async def _check_incident(request: web.Request, who: Reporter, incident: str) -> None:
    """A report may be said to go on about an incident only by whom has reported it."""
    if not incident:
        return
    parts = request.app[PARTS]
    known: Known = await parts.hub.read(partial(_known, who, parts.clock.now()))
    if incident not in {one.incident for one in known.before}:
        raise BadRequest("这不是您报过的事件,请直接上报")


def _recording(who: Reporter, sent: Sent) -> RecordMessage:
    given = {name: sent.fields.get(name, "").strip() for name in BLANK}
    text, how_many = sent.fields.get("text", ""), given["how_many"][:100]
    text = text if text.strip() else f"(照片 {len(sent.photos)} 张)"
    occurred, place, position = given["occurred"][:100], given["place"][:200], given["position"][:60]
    form = CallForm(occurred=occurred, place=place, position=position) if occurred or place or position else None
    return RecordMessage(
        channel="web",
        via="link",
        sender=who.number,
        text=f"{text}\n伤亡:{how_many}" if how_many else text,
        media=tuple(
            Media(url=f"blob:{one.digest}", media_type=one.media_type, digest=one.digest, size=len(one.content))
            for one in sent.photos
        ),
        contact=who.contact,
        unit=who.unit,
        form=form,
        incident=given["incident"] or None,
    )


async def _answer(request: web.Request, claim: Claim, who: Reporter, sent: Sent) -> web.Response:
    """One touch signs for a page that calls the holder; words come along when there are some."""
    parts, page = request.app[PARTS], sent.fields["page"]
    known: Known = await parts.hub.read(partial(_known, who, parts.clock.now()))
    words, answer = CATALOGUE[language(request)], sent.fields.get("text", "").strip()[:2_000]
    if page not in {one.id for one in known.questions}:
        return await _refused(request, claim, Sent(BLANK | sent.fields), words["page_over_here"])
    wish = AcknowledgePage(who=claim.callee, how="link", answer=answer)
    try:
        await parts.hub.handle(f"page/{page}", wish, key=key_of(claim, sent), by=claim.callee)
    except Refused as refusal:
        return await _refused(request, claim, sent, str(refusal))
    if wants_json(request):
        return bodies.json({"said": words["page_thanks"]})
    return await show(request, claim, said=words["page_thanks"])


async def manifest(request: web.Request) -> web.Response:
    """What a phone needs to keep the page on its first screen. Raises NotFound as the page does."""
    parts = request.app[PARTS]
    parts.signer.read(request.match_info["token"], parts.clock.now())
    name, start = (await views.desk(request)).short_name, request.path.removesuffix("/manifest")
    icon = {"src": "/static/icons/calm.svg", "type": "image/svg+xml", "sizes": "any"}
    kept = {
        "name": name,
        "short_name": name,
        "start_url": start,
        "scope": "/r/",
        "display": "standalone",
        "icons": [icon],
    }
    return web.json_response(kept, content_type="application/manifest+json")


async def worker(_request: web.Request) -> web.StreamResponse:
    """The script that keeps the page while there is no network. It stands at the root, so that it may serve /r/."""
    return web.FileResponse(views.HERE / "static" / "phone" / "worker.js", headers={"Cache-Control": "no-cache"})
