"""Whom the desk proposes to ask about an incident or a message, for the person who ticks and asks."""

from typing import Any

import orjson
from aiohttp import web

from dutydesk.clock import time_of_day
from dutydesk.domain.directory import Directory
from dutydesk.domain.rules import Rules
from dutydesk.domain.superiors import linked, superiors
from dutydesk.domain.verification_choice import Lead, proposed
from dutydesk.errors import NotFound
from dutydesk.web import bodies, sight
from dutydesk.web.parts import PARTS
from dutydesk.web.people import person
from dutydesk.web.shared import POLICIES


async def proposal(request: web.Request) -> web.Response:
    """`{"text", "candidates", "phone_minutes", "written_minutes", "confirmed", "law", "above"}`; `above`: whose word may be asked, and
    the terms. Raises NotFound for what is not in sight."""
    parts, who, kind = request.app[PARTS], person(request), request.match_info["kind"]
    id = bodies.path_id(request)
    seen = await parts.hub.read(lambda connection: sight.see(connection, who.audience, kind, id))
    if seen is None:
        raise NotFound("没有这一件,或不在您的范围内")
    policy = await request.app[POLICIES].now()
    body: dict[str, Any] = orjson.loads(seen.record[6])
    lead = _lead(body, str(seen.record[5]))
    found = proposed(lead, policy.directory, policy.rules.desk.unit)
    limits = policy.rules.asking.verification.model_dump(
        include={"phone_minutes", "written_minutes", "confirmed", "law"}
    )
    answer = {"text": _text(kind, body, policy.rules), "candidates": [one.model_dump() for one in found], **limits}
    answer["above"] = _above(policy.rules, policy.directory)
    return bodies.json(answer)


async def groups(request: web.Request) -> web.Response:
    """Units that are often asked together: `{"districts": [{"id", "name"}]}`, within the person's sight."""
    who, policy = person(request), await request.app[POLICIES].now()
    units = (u for u in policy.directory.units if u.kind == "district" and u.division.startswith(who.audience.division))
    return bodies.json({"districts": [{"id": unit.code, "name": unit.name} for unit in units]})


async def above(request: web.Request) -> web.Response:
    """Whom a question that is about no incident may be put to: as `above` of a proposal."""
    policy = await request.app[POLICIES].now()
    return bodies.json({"above": _above(policy.rules, policy.directory)})


def _above(rules: Rules, directory: Directory) -> dict[str, Any]:
    """The duty rooms above, the nearest first, and whether a line or an address leads there; empty where no policy asks them."""
    terms = rules.asking.upward
    known = superiors(rules, directory) if terms.policy else ()
    units = [
        {
            "unit": one.code,
            "name": one.name,
            "linked": linked(one.code, rules),
            "reachable": bool(one.phone or one.email),
        }
        for one in known
    ]
    return {"units": units, **terms.model_dump(include={"minutes", "confirmed", "law"})}


def _lead(body: dict[str, Any], division: str) -> Lead:
    reading = body.get("reading") or {}
    places = tuple(place["code"] for place in reading.get("places", ()) if place["score"] >= 0.5)[:3]
    code = str(body.get("code") or reading.get("code") or "")
    words = " ".join(str(body.get(name) or "") for name in ("title", "place_text", "last_word", "text"))
    return Lead(unit=body.get("unit"), division=division, code=code, places=places, words=words)


def _text(kind: str, body: dict[str, Any], rules: Rules) -> str:
    """The question as the desk would put it; the officer may change every word."""
    said = body["title"] if kind == "incident" else " ".join(str(body["text"]).split())[:60]
    time = time_of_day(int(body["received_at"]))
    return rules.phrase("verification_text", time=time, said=said)
