"""Holiday rosters by signed link, without signing in: a unit reads ours, and gives its own by typing or pasting."""

import secrets
from typing import Any

import orjson
from aiohttp import web

from dutydesk.clock import DAY, from_datetime, to_datetime
from dutydesk.contacts.unit_roster import from_text
from dutydesk.domain.holiday_rosters import GiveRoster
from dutydesk.domain.rosters import Duty, month_after, month_of
from dutydesk.errors import ConfigError, NotFound, Refused
from dutydesk.links import Claim
from dutydesk.store.connection import Connection
from dutydesk.web import views
from dutydesk.web.forms import Sent
from dutydesk.web.parts import PARTS
from dutydesk.web.shared import POLICIES
from dutydesk.web.words import language

LONGEST = 10_000  # characters of a roster
SAYS = {
    "zh": {
        "title": "值班表",
        "hint": "每天一行:日期,带班领导,值班人员,电话。可以从表格里整块复制过来。",
        "send": "报送",
        "thanks": "已收到,谢谢。要改可以再报一次。",
        "due": "请于此前报送:",
        "given": "已于此时收到:",
        "missing": "还没有写的日期:",
        "none": "还没有排定,请以电话为准。",
        "leader": "带班领导",
        "people": "值班人员",
    },
    "en": {
        "title": "Roster",
        "hint": "One day a line: date, leader, officers, telephone. It may be pasted out of a spreadsheet.",
        "send": "Send",
        "thanks": "Received, thank you. It may be sent again.",
        "due": "Due by",
        "given": "Received at",
        "missing": "Days still missing:",
        "none": "Not planned yet; please telephone.",
        "leader": "Leader",
        "people": "On duty",
    },
}


async def show(request: web.Request, claim: Claim, said: str = "", wrong: str = "", text: str = "") -> web.Response:
    """Ours of a holiday, or the form of a unit. Raises NotFound when there is no such one."""
    rules = (await request.app[POLICIES].now()).rules
    row = await request.app[PARTS].hub.read(lambda connection: connection.one("row", claim.kind, claim.id))
    if row is None:
        raise NotFound("没有这份值班表")
    body: dict[str, Any] = orjson.loads(row[4])
    says = SAYS[language(request)]
    values: dict[str, Any] = {"about": body, "says": says, "said": says["thanks"] if said else "", "wrong": wrong}
    values |= {"form": secrets.token_hex(8), "ours": claim.kind == "holiday", "text": text or _typed(body)}
    leading = {post.id for post in rules.roster.posts if post.leads}
    duties = await request.app[PARTS].hub.read(lambda c: _ours(c, body, leading)) if claim.kind == "holiday" else []
    return await views.render(request, "roster_link.html", 422 if wrong else 200, duties=duties, **values)


def _typed(body: dict[str, Any]) -> str:
    """What was given, or a line for each day to fill in."""
    if lines := body.get("lines"):
        return "\n".join(",".join((line["date"], line["leader"], line["officers"], line["phone"])) for line in lines)
    return "\n".join(f"{day},,," for day in _days(body))


def _days(body: dict[str, Any]) -> list[str]:
    first, last = (_midnight(body[name]) for name in ("first", "last"))
    return [to_datetime(first + n * DAY).date().isoformat() for n in range((last - first) // DAY + 1)]


def _midnight(day: str) -> int:
    return from_datetime(to_datetime(0).replace(year=int(day[:4]), month=int(day[5:7]), day=int(day[8:]), hour=0))


def _ours(connection: Connection, body: dict[str, Any], leading: set[str]) -> list[dict[str, Any]]:
    """Our duties of the holiday with names and no telephone numbers."""
    first, end = _midnight(body["first"]), _midnight(body["last"]) + DAY
    month, found = month_of(first), list[Duty]()
    while month <= month_of(end):
        row = connection.one("row", "roster", month)
        found += [Duty.model_validate(duty) for duty in orjson.loads(row[4])["duties"]] if row else []
        month = month_after(month)
    return [_told(connection, duty, leading) for duty in found if first <= duty.starts_at < end]


def _told(connection: Connection, duty: Duty, leading: set[str]) -> dict[str, Any]:
    def names(leads: bool) -> str:
        people = dict.fromkeys(seat.person for seat in duty.seats if (seat.post in leading) == leads)
        rows = (connection.one("row", "user", person) for person in people)
        return "、".join(orjson.loads(row[4])["name"] for row in rows if row)

    return {"name": duty.name, "starts_at": duty.starts_at, "leader": names(True), "people": names(False)}


async def answer(request: web.Request, claim: Claim, sent: Sent) -> web.Response:
    """Take a unit's roster in; what is wrong is said by line, and what was typed stays."""
    text = sent.fields.get("text", "")[:LONGEST]
    try:
        wish = GiveRoster(lines=from_text(text))
        await request.app[PARTS].hub.handle(f"unitroster/{claim.id}", wish, key="", by=claim.callee)
    except ConfigError as error:
        return await show(request, claim, wrong="\n".join(error.problems), text=text)
    except Refused as refusal:
        return await show(request, claim, wrong=str(refusal), text=text)
    return await show(request, claim, said="thanks")
