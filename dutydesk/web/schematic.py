"""The schematic map: districts as tiles where config/map.toml puts them, their towns as cells. Drawn by us; no surveyed boundary."""

from typing import Any, NamedTuple

from aiohttp import web

from dutydesk.domain.directory import Directory, Unit
from dutydesk.domain.rules import Tile
from dutydesk.web import bodies
from dutydesk.web.people import person
from dutydesk.web.policy import Policy
from dutydesk.web.shared import POLICIES

WIDE = 4  # tiles in a row of districts that no file has placed
SIDE = 3  # cells a side of such a tile


class Place(NamedTuple):
    """Where a district's tile stands, in cells from the upper left."""

    x: int
    y: int
    w: int
    h: int


async def show(request: web.Request) -> web.Response:
    """Tiles and cells within one's own scope."""
    policy = await request.app[POLICIES].now()
    return bodies.json(drawing(policy, person(request).audience.division))


def drawing(policy: Policy, scope: str = "") -> dict[str, Any]:
    """Districts with their place and towns; each town with its units other than itself."""
    known = policy.directory
    districts = [unit for unit in known.units if unit.kind == "district" and _meets(unit.division, scope)]
    places = _places([unit.division for unit in districts], policy.rules.tiles)
    return {"districts": [_district(known, unit, places[unit.division], scope) for unit in districts]}


def _meets(division: str, scope: str) -> bool:
    return division.startswith(scope) or scope.startswith(division)


def _places(divisions: list[str], tiles: tuple[Tile, ...]) -> dict[str, Place]:
    """Those the file places, and the others in rows below."""
    found = {tile.division: Place(tile.x, tile.y, tile.w, tile.h) for tile in tiles}
    below = max((place.y + place.h for place in found.values()), default=0)
    rest = [division for division in divisions if division not in found]
    for n, division in enumerate(rest):
        found[division] = Place(n % WIDE * SIDE, below + n // WIDE * SIDE, SIDE, SIDE)
    return found


def _district(known: Directory, district: Unit, place: Place, scope: str) -> dict[str, Any]:
    inside = [unit for unit in known.units if unit.division.startswith(district.division)]
    towns = [unit for unit in inside if unit.kind == "town" and unit.division.startswith(scope)]
    shown = [
        {"division": town.division, "name": town.name, "short": _short(town), "units": _units(inside, town)}
        for town in sorted(towns, key=lambda town: town.division)
    ]
    return {"division": district.division, "name": district.name, **place._asdict(), "towns": shown}


def _short(town: Unit) -> str:
    return min((name for name in (*town.short_names, town.name) if name), key=len)


def _units(inside: list[Unit], town: Unit) -> list[dict[str, str]]:
    """Enterprises and places of a town, by name and industry."""
    found = [unit for unit in inside if unit.division == town.division and unit.kind != "town"]
    return [{"code": unit.code, "name": unit.name, "industry": unit.industry or ""} for unit in found]
