"""Whom to ask whether something is so: the desk proposes, a person ticks. By place, by unit and industry, by who is responsible.

Two sources at least: whoever is on the spot, and the responsible department (annex of 鲁政办字〔2019〕50号, units.csv `duties`).
"""

from typing import Literal

from dutydesk.domain.directory import Directory, Unit
from dutydesk.domain.readings import Value

Why = Literal["unit", "town", "district", "department", "duty", "industry"]
MOST_SPOKEN = 3  # units named in the words
MOST_OF_INDUSTRY = 4  # neighbours of the same industry are offered, unticked


class Candidate(Value):
    """One unit that may be asked, why, who would be asked first, and whether it is ticked beforehand."""

    unit: str
    name: str
    why: Why
    people: tuple[str, ...] = ()  # contacts in the order they are asked
    reachable: bool = True
    ticked: bool = True


class Lead(Value):
    """What is known of the thing: the unit concerned, where it lies, its code (GB/T 35561), places the words may mean, the words."""

    unit: str | None = None
    division: str = ""
    code: str = ""
    places: tuple[str, ...] = ()
    words: str = ""


def proposed(lead: Lead, directory: Directory, own: str = "") -> tuple[Candidate, ...]:
    """Candidates, the nearest to the place first; each unit once. `own` is this desk's unit, which is not asked."""
    found: dict[str, tuple[Unit, Why, bool]] = {}
    for unit, why, ticked in _named(lead, directory):
        if unit.code != own and unit.kind != "desk":
            found.setdefault(unit.code, (unit, why, ticked))
    return tuple(_candidate(unit, why, ticked, directory) for unit, why, ticked in found.values())


def _named(lead: Lead, directory: Directory) -> list[tuple[Unit, Why, bool]]:
    units = directory.unit_by_code
    scene = units.get(lead.unit or "")
    where = [scene.division if scene else lead.division]
    spoken = [*(units[code] for code in lead.places if code in units), *_spoken(lead, directory)]
    where += [unit.division for unit in spoken]
    named: list[tuple[Unit, Why, bool]] = [(scene, "unit", True)] if scene else []
    named += [(unit, "unit", True) for unit in spoken if unit.kind == "enterprise"]
    named += [(town, "town", True) for d in where if len(d) >= 9 and (town := units.get(d[:9]))]
    named += [(district, "district", True) for d in where if (district := units.get(d[:6]))]
    named += [(unit, "duty", True) for unit in responsible(lead.code, directory)]
    if scene and (office := units.get(scene.department or "")):
        named.append((office, "department", True))
    return [*named, *((unit, "industry", False) for unit in _same_industry(scene, lead, directory))]


def _spoken(lead: Lead, directory: Directory) -> list[Unit]:
    """Places and enterprises whose name stands in the words: what no reader was sure enough to place may still be asked about."""
    named = (u for u in directory.units if u.kind in ("town", "district", "enterprise"))
    return [u for u in named if any(len(n) >= 3 and n in lead.words for n in (u.name, *u.short_names))][:MOST_SPOKEN]


def responsible(code: str, directory: Directory) -> list[Unit]:
    """Departments that answer for a GB/T 35561 code: those of the longest prefix in their `duties`."""
    if not code:
        return []
    held = [
        (max(len(duty) for duty in unit.duties if code.startswith(duty)), unit)
        for unit in directory.units
        if unit.kind == "department" and any(code.startswith(duty) for duty in unit.duties)
    ]
    longest = max((size for size, _ in held), default=0)
    return [unit for size, unit in held if size == longest]


def _same_industry(scene: Unit | None, lead: Lead, directory: Directory) -> list[Unit]:
    """Enterprises of the same industry in the same town: they see the smoke too."""
    if scene is None or not scene.industry:
        return []
    near = [u for u in directory.units if u.kind == "enterprise" and u.industry == scene.industry]
    return [u for u in near if u.division[:9] == scene.division[:9]][:MOST_OF_INDUSTRY]


def _candidate(unit: Unit, why: Why, ticked: bool, directory: Directory) -> Candidate:
    contacts = directory.contacts_of.get(unit.code, ())
    reachable = bool(unit.phone or unit.email or any(c.phones or c.email for c in contacts))
    people = tuple(f"{c.name}({c.role})" for c in contacts)
    return Candidate(
        unit=unit.code, name=unit.name, why=why, people=people, reachable=reachable, ticked=ticked and reachable
    )
