"""CAP over HTTP: alerts of others come in as messages, an incident goes out as an alert."""

import hashlib
from functools import partial
from typing import Any

import orjson
from aiohttp import web

from dutydesk.channels.inbound import clean
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.messages import Media, RecordMessage
from dutydesk.errors import NotFound
from dutydesk.exchange import cap_papers, cap_xml, incident_paper
from dutydesk.store.connection import Connection
from dutydesk.store.tx import read_rules
from dutydesk.web import bodies, sight
from dutydesk.web.bodies import TooLarge
from dutydesk.web.frames import Audience
from dutydesk.web.intake import take_in
from dutydesk.web.parts import PARTS
from dutydesk.web.people import person
from dutydesk.web.reports import calling_system

MEDIA_TYPE = "application/cap+xml"
MOST_SHOWN = 20  # deviations from the schema that an answer lists


async def take(request: web.Request) -> web.Response:
    """An alert as a message: 201 with its number, 200 for a repeat. Sender, identifier and time name it; the XML is kept as it came.

    One that deviates from the schema is taken all the same, and the answer lists how.
    """
    parts = request.app[PARTS]
    system = await calling_system(request, parts)
    raw = await request.read()
    if len(raw) > cap_xml.MOST_BYTES:
        raise TooLarge()
    alert = cap_xml.read_alert(raw)
    paper = cap_papers.from_alert(alert)
    digest = hashlib.sha256(raw).hexdigest()
    await parts.hub.beside(partial(_keep, digest, raw))
    name = "\n".join((alert.sender, alert.identifier, alert.sent))
    key = f"cap:{system}:{hashlib.sha256(name.encode()).hexdigest()}"
    made = await take_in(parts.hub, _recording(system, paper, digest), key=key, by=f"api:{system}")
    said = {"id": made.id, "number": made.number, "deviations": cap_xml.problems(raw)[:MOST_SHOWN]}
    return bodies.json(said, 201 if made.first else 200)


def _recording(system: str, paper: Exchange, digest: str) -> RecordMessage:
    return RecordMessage(
        channel="api",
        via=system,
        text=clean(paper.text or paper.title),
        sent_at=paper.issued_at,
        provider_id=paper.number[:200],
        media=(Media(url=f"blob:{digest}", media_type=MEDIA_TYPE, digest=digest),),
        exchange=paper,
    )


def _keep(digest: str, raw: bytes, connection: Connection) -> None:
    connection.run("put_blob", digest, MEDIA_TYPE, raw)


async def give(request: web.Request) -> web.Response:
    """An incident as it stands, as CAP 1.2 that fits the schema."""
    parts, who = request.app[PARTS], person(request)
    found = await parts.hub.read(partial(_incident, who.audience, bodies.path_id(request), parts.clock.now()))
    xml = cap_xml.write_alert(cap_papers.to_alert(found))
    return web.Response(body=xml, content_type=MEDIA_TYPE, charset="utf-8")


def _incident(whom: Audience, id: str, now: int, connection: Connection) -> Exchange:
    seen = sight.see(connection, whom, "incident", id)
    if seen is None:
        raise NotFound("没有这一件,或不在您的范围内")
    _kind, _id, seq, _open, drill, division, body = seen.record
    row: dict[str, Any] = orjson.loads(body)
    return incident_paper.paper_of(row, division, read_rules(connection).desk, drill=bool(drill), seq=seq, at=now)
