"""Documents to look at, to take away as docx, to print as PDF: one content, three faces."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from aiohttp import web

from dutydesk.documents.content import Document, annex_note
from dutydesk.documents.press import Press, Printed
from dutydesk.store.connection import Connection
from dutydesk.web import bodies, duty_log, printing, views
from dutydesk.web.parts import PARTS
from dutydesk.web.people import Forbidden, person
from dutydesk.web.period import period
from dutydesk.web.shared import POLICIES

PRESS = web.AppKey("press", Press)
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
Gather = Callable[[Connection, printing.Reader], Document]


def circular(request: web.Request) -> Gather:
    """Circulars are about the whole desk. Raises Forbidden for whoever has a scope."""
    if person(request).division:
        raise Forbidden()
    return partial(printing.circular, id=bodies.path_id(request))


def one(request: web.Request) -> Gather:
    """A document about one thing: a report upward, the phone record of a message, the proof of an incident, a month's roster."""
    gather = {
        "submission": printing.submission,
        "phone": printing.phone,
        "proof": printing.proof,
        "roster": printing.roster,
    }
    return partial(gather[request.match_info["kind"]], id=bodies.path_id(request))


def handover(request: web.Request) -> Gather:
    """Handovers are about the whole desk. Raises Forbidden for whoever has a scope."""
    if person(request).division:
        raise Forbidden()
    return partial(printing.handover, id=bodies.path_id(request))


def log(request: web.Request) -> Gather:
    return partial(printing.log, when=period(request), wanted=duty_log.asked(request))


def screen(of: Callable[[web.Request], Gather]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler that shows a document on the screen, with links to its two files."""

    async def show(request: web.Request) -> web.Response:
        document = await _gathered(request, of)
        query = f"?{request.query_string}" if request.query_string else ""
        values: dict[str, Any] = {
            "path": request.path,
            "query": query,
            "annex_note": annex_note(document),
            "problem": request.app[PRESS].problems.get(document.kind, ""),
        }
        return await views.render(request, "document.html", document=document, **values)

    return show


def file(of: Callable[[web.Request], Gather]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler that gives a document as a file."""

    async def give(request: web.Request) -> web.Response:
        document, format_ = await _gathered(request, of), request.match_info["format"]
        press = request.app[PRESS]
        made = await (press.pdf(document) if format_ == "pdf" else press.docx(document))
        return _answer(document, made, format_)

    return give


async def _gathered(request: web.Request, of: Callable[[web.Request], Gather]) -> Document:
    policy = await request.app[POLICIES].now()
    now = request.app[PARTS].clock.now()
    reader = printing.Reader(person(request).audience, policy.rules.desk.name, policy.directory, now)
    gather = of(request)
    return await request.app[PARTS].hub.read(lambda connection: gather(connection, reader))


def _answer(document: Document, made: Printed, format_: str) -> web.Response:
    name = f"{document.title}{document.number}.{format_}".replace("/", "-")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    if made.problem:
        headers["X-Template-Problem"] = quote(made.problem)
    return web.Response(body=made.data, content_type=TYPES[format_], headers=headers)


async def closing(app: web.Application) -> None:
    """Throw away what the press keeps."""
    app[PRESS].close()
