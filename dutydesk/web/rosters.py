"""Rosters in and out: a file uploaded (or given on the command line), and one person's calendar by a secret link."""

import asyncio
from typing import Any

import orjson
from aiohttp import web

from dutydesk.clock import DAY, SECOND
from dutydesk.contacts.roster_calendar import feed
from dutydesk.contacts.roster_file import Known, read_roster
from dutydesk.domain.rosters import Duty, ImportRoster, planned_at
from dutydesk.domain.rotation import Absence
from dutydesk.domain.rules import Rules
from dutydesk.errors import ConfigError, Invalid, NotFound
from dutydesk.hub import Hub
from dutydesk.links import Claim
from dutydesk.store.connection import Connection
from dutydesk.store.tx import read_rules
from dutydesk.web import bodies
from dutydesk.web.parts import PARTS
from dutydesk.web.people import CHIEFS, Forbidden, person
from dutydesk.web.shared import POLICIES

LINK_LIVES = 400 * DAY
SHOWN = 30  # mistakes of a file that are said at once
SERVING = frozenset({"officer", *CHIEFS})


async def take_in(hub: Hub, name: str, data: bytes, *, by: str) -> int:
    """Read a file and record its months. Returns how many duties. ConfigError with every mistake, Refused by the roster's rules."""
    known = await hub.read(_known)
    months = await asyncio.to_thread(read_roster, name, data, known)  # a large table takes seconds
    for month, duties in months.items():
        await hub.handle(f"roster/{month}", ImportRoster(duties=duties, file=name[:100]), key="", by=by)
    return sum(len(duties) for duties in months.values())


def _known(connection: Connection) -> Known:
    users = [orjson.loads(row[6]) for row in connection.all("rows_of_kind", "user") if row[3]]
    people = {user["username"]: user["name"] for user in users if user["role"] in SERVING and not user["division"]}
    leaves = [orjson.loads(row[4]) for row in connection.all("rows_by_ref", "leave.approved", "1", 500)]
    away = tuple(Absence(leave["person"], leave["starts_at"], leave["ends_at"]) for leave in leaves)
    return Known(read_rules(connection), people, away)


async def upload(request: web.Request) -> web.Response:
    """A roster from a file: 200 `{"duties": n}`, or 422 with what is wrong where."""
    who = person(request)
    if who.division:
        raise Forbidden()
    data = await request.read()
    if len(data) > bodies.LARGE:
        raise bodies.TooLarge()
    try:
        count = await take_in(request.app[PARTS].hub, request.query.get("name", "")[:100], data, by=who.by)
    except ConfigError as error:
        more = len(error.problems) - SHOWN
        raise Invalid("\n".join([*error.problems[:SHOWN], *([f"另有 {more} 处"] if more > 0 else [])])) from None
    return bodies.json({"duties": count})


async def link(request: web.Request) -> web.Response:
    """The address of one's own duties as a calendar, for a telephone to subscribe to. Whoever has it may read them."""
    parts, who = request.app[PARTS], person(request)
    expires = (parts.clock.now() + LINK_LIVES) // SECOND
    token = parts.signer.make(Claim("calendar", who.username, who.by, expires))
    return bodies.json({"url": f"{parts.settings.public_url}/calendar/{token}.ics"})


async def calendar(request: web.Request) -> web.Response:
    """One person's duties. NotFound when the link is forged, old, or its person no longer serves."""
    parts = request.app[PARTS]
    now = parts.clock.now()
    claim = parts.signer.read(request.match_info["token"].removesuffix(".ics"), now)
    if claim.kind != "calendar":
        raise NotFound("没有这个链接")
    rules = (await request.app[POLICIES].now()).rules
    name, duties = await parts.hub.read(lambda connection: _own(connection, claim.id, rules))
    body = feed(name, rules.desk.short_name, duties, now)
    return web.Response(body=body, content_type="text/calendar", charset="utf-8")


def _own(connection: Connection, username: str, rules: Rules) -> tuple[str, list[tuple[Duty, str]]]:
    row = connection.one("row", "user", username)
    if row is None or not row[2]:
        raise NotFound("没有这个链接")
    names = {post.id: post.name for post in rules.roster.posts}
    months: list[dict[str, Any]] = [orjson.loads(record[6]) for record in connection.all("rows_of_kind", "roster")]
    duties = [Duty.model_validate(duty) for month in months for duty in month["duties"]]
    own = [(d, names.get(s.post, s.post)) for d in duties for s in d.seats if s.person == username]
    return orjson.loads(row[4])["name"], own


async def on_duty(request: web.Request) -> web.Response:
    """Who should be on watch at an instant by the roster: `{"duty": …}`, null in a gap."""
    parts = request.app[PARTS]
    at = bodies.integer(request, "at", parts.clock.now())
    return bodies.json({"duty": await parts.hub.glance(lambda connection: planned(connection, at))})


def planned(connection: Connection, at: int) -> dict[str, Any] | None:
    """The duty of an instant, read outside the pen."""

    def duties_of(month: str) -> list[dict[str, Any]]:
        row = connection.one("row", "roster", month)
        found: list[dict[str, Any]] = orjson.loads(row[4])["duties"] if row else []
        return found

    return planned_at(duties_of, at)
