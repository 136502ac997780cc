"""Which towns and enterprises have no proven A and B contact, and how the pairs of towns and units stand, for the directory view."""

from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import web

from dutydesk.clock import BEIJING, to_datetime
from dutydesk.domain import coverage, pair_lists
from dutydesk.domain.coverage import Proven, lacking, proven
from dutydesk.domain.directory import Directory
from dutydesk.store.connection import Connection
from dutydesk.web import bodies, sheets
from dutydesk.web.parts import PARTS
from dutydesk.web.people import person
from dutydesk.web.screen_words import word
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


async def give(request: web.Request) -> web.Response:
    """Every town and enterprise in scope with its A and B and when each number proved itself, for a spreadsheet."""
    parts, policy = request.app[PARTS], await request.app[POLICIES].now()
    now, days, scope = parts.clock.now(), policy.rules.checks.proving.every_days, person(request).audience.division
    found = coverage.held(policy.directory, await parts.hub.read(_proven), now, days, scope)
    named = _places(policy.directory)
    table = [
        _UNITS,
        *((named(unit.division), unit.name, _KINDS[unit.kind], *_said(a), *_said(b)) for unit, (a, b) in found),
    ]
    return await sheets.given(table, "coverage", request.match_info["format"], (12, 28, 8, *(12, 18, 14, 10) * 2))


async def give_pairs(request: web.Request) -> web.Response:
    """Every pair in scope with how it stands, the worst first, for a spreadsheet."""
    parts, policy = request.app[PARTS], await request.app[POLICIES].now()
    rows, _ = await parts.hub.read(_paired)
    days, scope = policy.rules.checks.pairing.every_days, person(request).audience.division
    found = pair_lists.lines(policy.directory, rows, parts.clock.now(), days, scope)
    named = _places(policy.directory)
    table = [_PAIRS, *((named(one["division"]), one["town_name"], one["name"], *_stands(one)) for one in found)]
    return await sheets.given(table, "pairs", request.match_info["format"], (12, 18, 28, 14, 12, 40))


_KINDS = {"town": "镇街", "enterprise": "企业"}
_UNITS = (
    "区市",
    "单位",
    "类别",
    *(f"{role}{what}" for role in ("甲角", "乙角") for what in ("", "号码", "最近核验", "情况")),
)
_PAIRS = ("区市", "镇街", "单位", "互建", "自何日", "说明")


def _places(directory: Directory) -> Callable[[str], str]:
    """The district of a division, by name."""
    names = {unit.code: unit.name for unit in directory.units if unit.kind == "district"}
    return lambda division: names.get(division[:6], division[:6])


def _said(one: coverage.Held) -> tuple[str, str, str, str]:
    if one.contact is None:
        return "", "", "", "缺"
    number = one.contact.phones[0] if one.contact.phones else ""
    return one.contact.name, number, _day(one.at), "有效" if one.stands else "过期" if one.at else "未核验"


def _stands(line: dict[str, Any]) -> tuple[str, str, str]:
    lacks = [word("pair.lacks", side) for side in line["lacks"]]
    return word("pair.status", line["status"]), _day(line["at"]), ";".join(filter(None, (line["text"], *lacks)))


def _day(at: int | None) -> str:
    return f"{to_datetime(at).astimezone(BEIJING):%Y-%m-%d}" if at else ""


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
