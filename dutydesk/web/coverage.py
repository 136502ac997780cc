"""Which towns and enterprises have no proven A and B contact, and how the pairs of towns and units stand, for the directory view."""

from typing import Any

import orjson
from aiohttp import web

from dutydesk.domain import pair_lists
from dutydesk.domain.coverage import Proven, lacking, proven
from dutydesk.store.connection import Connection
from dutydesk.web import bodies
from dutydesk.web.parts import PARTS
from dutydesk.web.people import person
from dutydesk.web.shared import POLICIES


async def show(request: web.Request) -> web.Response:
    """`{"units", "covered", "every_days", "lines"}` within one's own scope."""
    parts, policy = request.app[PARTS], await request.app[POLICIES].now()
    days = policy.rules.checks.proving.every_days
    found = await parts.hub.read(_proven)
    scope = person(request).audience.division
    lines, units = lacking(policy.directory, found, parts.clock.now(), days, scope)
    return bodies.json({"units": units, "covered": units - len(lines), "every_days": days, "lines": lines})


async def show_pairs(request: web.Request) -> web.Response:
    """`{"every_days", "lines", "districts", "rounds"}` within one's own scope: every pair with how it stands, the worst first."""
    parts, policy = request.app[PARTS], await request.app[POLICIES].now()
    days = policy.rules.checks.pairing.every_days
    rows, rounds = await parts.hub.read(_paired)
    scope = person(request).audience.division
    lines = pair_lists.lines(policy.directory, rows, parts.clock.now(), days, scope)
    told = {"every_days": days, "districts": pair_lists.districts(lines, policy.directory), "rounds": rounds}
    return bodies.json(told | {"lines": lines})


async def with_pairs(request: web.Request, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same listed ones of a directory, each unit with its pair, each town with how many of its pairs are complete."""
    parts, policy = request.app[PARTS], await request.app[POLICIES].now()
    known = {one["id"]: pair_lists.pairs_of(one["id"], policy.directory) for one in found if one["kind"] == "unit"}
    if not any(known.values()):
        return found
    rows, _ = await parts.hub.read(_paired)
    now, days = parts.clock.now(), policy.rules.checks.pairing.every_days
    return [one | _told(one, known.get(one["id"], []), rows, now, days) for one in found]


def _told(one: dict[str, Any], own: list[pair_lists.Pair], rows: dict[str, Any], now: int, days: int) -> dict[str, Any]:
    stands = [pair_lists.standing(pair, rows.get(pair.id), now, days) for pair in own]
    if not stands:
        return {}
    if one["role"] != "town":
        return {"pair": {"status": stands[0][0], "at": stands[0][1]}}
    return {"pair": {"pairs": len(stands), "done": sum(status == "confirmed" for status, *_ in stands)}}


def _proven(connection: Connection) -> dict[str, Proven]:
    return proven((row[1], orjson.loads(row[6])) for row in connection.all("rows_of_kind", "proof"))


def _paired(connection: Connection) -> tuple[dict[str, Any], int]:
    """The rows of all pairs, and how many rounds are under way."""
    rows = {row[1]: orjson.loads(row[6]) for row in connection.all("rows_of_kind", "pair") if not row[4]}
    return rows, sum(1 for row in connection.all("rows_of_kind", "pairround") if row[3])
