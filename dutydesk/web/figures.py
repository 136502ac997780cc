"""GET /api/statistics and /statistics.csv|xlsx: the charts of a period beside those of the period before, counted outside the pen."""

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Any

import orjson
from aiohttp import web

from dutydesk.clock import DAY
from dutydesk.domain import statistics
from dutydesk.domain.counted import Counted
from dutydesk.domain.directory import Directory
from dutydesk.domain.statistics import District
from dutydesk.domain.verbs import split
from dutydesk.store.connection import Connection
from dutydesk.store.journal import seq_at, typed
from dutydesk.web import bodies, sheets, sight
from dutydesk.web.frames import Audience
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest, person
from dutydesk.web.period import Period, period
from dutydesk.web.screen_words import word
from dutydesk.web.shared import POLICIES

LONGEST = 400 * DAY
MOST = 200_000  # entries of one period that are counted; more is said
COUNTING = web.AppKey("counting", asyncio.Lock)
CHARTS = {
    "hours": "来报(按小时)",
    "days": "来报(按日)",
    "incidents": "事件(按日)",
    "categories": "事件(按大类)",
    "kinds": "事件(按种类)",
    "districts": "事件(按区市)",
    "answers": "签收用时",
    "lateness": "法定时限",
}


async def show(request: web.Request) -> web.Response:
    """The charts as JSON."""
    return bodies.json(await _counted(request))


async def give(request: web.Request) -> web.Response:
    """The same figures as a file for a spreadsheet."""
    found = await _counted(request)
    return await sheets.given(list(_table(found)), "statistics", request.match_info["format"], (18, 24))


async def _counted(request: web.Request) -> dict[str, Any]:
    when, whom = period(request), person(request).audience
    if when.last - when.first > LONGEST:
        raise BadRequest("一次最多统计四百天")
    directory = (await request.app[POLICIES].now()).directory
    async with request.app[COUNTING]:  # one at a time: counting shares the interpreter with the pen
        ask = partial(_count, whom=whom, when=when, district=_districts(directory))
        return await request.app[PARTS].hub.read(ask)


def _districts(directory: Directory) -> District:
    """Names of counties and districts by the first six digits of a division."""
    names = {unit.division: unit.name for unit in directory.units if unit.kind == "district"}

    def name(division: str) -> str:
        return names.get(division[:6], division[:6]) if division else statistics.UNKNOWN

    return name


def _count(connection: Connection, whom: Audience, when: Period, district: District) -> dict[str, Any]:
    before = Period(when.first - (when.last - when.first), when.first)
    now, cut = _entries(connection, whom, when)
    then, cut_before = _entries(connection, whom, before)
    ours, former = (statistics.charts(*each, district) for each in ((now, *when), (then, *before)))
    return {
        "from": when.first,
        "to": when.last,
        "before": before.first,
        "cut": cut or cut_before,
        "totals": statistics.totals(now),
        "former_totals": statistics.totals(then),
        "answer_median": statistics.answer_median(now),
        "former_answer_median": statistics.answer_median(then),
        "charts": {name: _chart(name, ours[name], former[name]) for name in CHARTS},
    }


def _entries(connection: Connection, whom: Audience, when: Period) -> tuple[list[Counted], bool]:
    """The entries of a period that are counted and that this audience may see, and whether there were too many."""
    first, last = seq_at(connection, when.first), seq_at(connection, when.last) - 1
    found, seen = list[Counted](), dict[str, bool]()
    for type_ in statistics.TYPES:
        for seq, at, stream, drill, public in typed(connection, type_, first, last):
            if drill or not _sees(connection, whom, stream, seen):
                continue
            if len(found) == MOST:
                return found, True
            found.append(Counted(seq, at, type_, stream, orjson.loads(public)))
    return found, False


def _sees(connection: Connection, whom: Audience, stream: str, seen: dict[str, bool]) -> bool:
    if not whom.division:
        return split(stream)[0] in whom.kinds
    if stream not in seen:
        seen[stream] = sight.may_read(connection, whom, stream)
    return seen[stream]


def _chart(name: str, ours: statistics.Chart, former: statistics.Chart) -> list[dict[str, Any]]:
    """Points of this period with the value of the one before: day by day by their place, otherwise by their label."""
    if name in ("days", "incidents"):
        pairs = zip(ours.values(), (point.value for point in former.values()), strict=False)
        return [_point(point.label, point, value) for point, value in pairs]
    known = {label: former[label].value if label in former else 0 for label in (*ours, *former)}
    return [_point(_label(name, label), ours.get(label), value) for label, value in known.items()]


def _label(name: str, label: str) -> str:
    return word("category", label) if name == "categories" else label


def _point(label: str, point: statistics.Point | None, former: int) -> dict[str, Any]:
    return {"label": label, "value": point.value if point else 0, "former": former, "seqs": point.seqs if point else []}


def _table(found: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
    yield ("图表", "项目", "本期", "上期")
    for name, title in CHARTS.items():
        for point in found["charts"][name]:
            yield (title, point["label"], point["value"], point["former"])
