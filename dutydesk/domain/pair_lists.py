"""Which towns and units are pairs (互建), which of them are due, and how each stands beside the directory of today. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dutydesk.clock import DAY
from dutydesk.domain.directory import Contact, Directory, Unit
from dutydesk.domain.pairs import SIDES, PairAsked, Side, pair_id

Body = Mapping[str, Any]
ORDER = ("disputed", "lacking", "none", "lapsed", "silent", "asking", "town_only", "unit_only", "confirmed")
_PAIRED = ("enterprise", "department")


class Pair(NamedTuple):
    """A town and a unit in it, each with its A contact (None: it has none that can be reached)."""

    town: Unit
    unit: Unit
    town_contact: Contact | None
    unit_contact: Contact | None

    @property
    def id(self) -> str:
        return pair_id(self.town.code, self.unit.code)

    def contact(self, side: Side) -> Contact | None:
        """The A contact of a side."""
        return self.town_contact if side == "town" else self.unit_contact

    def other(self, side: Side) -> tuple[Unit, Contact | None]:
        """Whom a side is asked about."""
        return (self.unit, self.unit_contact) if side == "town" else (self.town, self.town_contact)


def town_of(unit: Unit, directory: Directory) -> Unit | None:
    """The town a unit belongs to: the unit above it, else where it lies. None for what belongs to no town (a city's department)."""
    if unit.kind not in _PAIRED:
        return None
    found = (directory.unit_by_code.get(code) for code in (unit.parent, unit.division) if code)
    return next((one for one in found if one and one.kind == "town"), None)


def pair_of(unit: Unit, directory: Directory) -> Pair | None:
    """A unit's pair with its town."""
    town = town_of(unit, directory)
    return Pair(town, unit, _first(town, directory), _first(unit, directory)) if town else None


def pairs(directory: Directory, scope: str = "") -> list[Pair]:
    """All pairs whose unit lies within a division prefix."""
    found = (pair_of(unit, directory) for unit in directory.units if unit.division.startswith(scope))
    return [one for one in found if one]


def pairs_of(code: str, directory: Directory) -> list[Pair]:
    """The pairs of one unit, whichever side it is."""
    unit = directory.unit_by_code.get(code)
    if unit is None:
        return []
    if unit.kind != "town":
        return [pair] if (pair := pair_of(unit, directory)) else []
    found = (pair_of(one, directory) for one in directory.units_under.get(code, ()))
    return [one for one in found if one and one.town.code == code]


def _first(unit: Unit, directory: Directory) -> Contact | None:
    found = next((c for c in directory.contacts_of.get(unit.code, ()) if c.role == "A"), None)
    return found if found and found.phones else None


def holds(asked: PairAsked, directory: Directory) -> bool:
    """Whether both contacts are still those, with those names and numbers, that the question spoke of."""
    unit = directory.unit_by_code.get(asked.unit)
    pair = pair_of(unit, directory) if unit else None
    if pair is None or pair.town.code != asked.town:
        return False
    return _same(asked.model_dump(), pair.contact(asked.side), pair.other(asked.side)[1])


def due(pair: Pair, side: Side, body: Body | None, at: int, days: int, *, anew: bool = False) -> bool:
    """Whether a side may be asked now: both have a contact, and it has not said, or long ago, or of others. `anew`: disputed too."""
    if pair.town_contact is None or pair.unit_contact is None:
        return False
    if body is None or not _fresh(pair, body):
        return True
    said = body["sides"][side]
    old = said["status"] == "confirmed" and int(said["at"]) <= at - days * DAY
    return old or said["status"] in ("", "missed", "asking") or (anew and said["status"] == "disputed")


def _fresh(pair: Pair, body: Body) -> bool:
    """Whether what stands in the row was said by, and of, the contacts the directory has now."""
    asked = ((side, said) for side in SIDES if (said := body["sides"][side])["contact"])
    return all(_same(said, pair.contact(side), pair.other(side)[1]) for side, said in asked)


def _same(said: Body, own: Contact | None, other: Contact | None) -> bool:
    if own is None or other is None:
        return False
    was = tuple(said[name] for name in ("contact", "number", "other", "name", "other_number"))
    return was == (own.id, own.phones[0], other.id, other.name, other.phones[0])


def standing(pair: Pair, body: Body | None, at: int, days: int) -> tuple[str, int | None, str]:
    """How a pair stands (one of ORDER), since when, and the words of a dispute."""
    if pair.town_contact is None or pair.unit_contact is None:
        return "lacking", None, ""
    if body is None:
        return "none", None, ""
    sides = body["sides"]
    if body["lapsed"] or not _fresh(pair, body):
        return "lapsed", body["at"], ""
    if wrong := [sides[side] for side in SIDES if sides[side]["status"] == "disputed"]:
        return "disputed", int(wrong[0]["at"]), ";".join(one["text"] for one in wrong)
    said = {side: int(sides[side]["at"]) for side in SIDES if sides[side]["status"] == "confirmed"}
    if any(when <= at - days * DAY for when in said.values()):
        return "lapsed", min(said.values()), ""
    if said:
        return ("confirmed" if len(said) == 2 else f"{next(iter(said))}_only"), max(said.values()), ""
    asking = any(sides[side]["status"] == "asking" for side in SIDES)
    return ("asking" if asking else "silent"), body["at"], ""


def lines(directory: Directory, rows: Mapping[str, Body], at: int, days: int, scope: str = "") -> list[dict[str, Any]]:
    """Every pair in scope with how it stands, the worst first."""
    made = [_line(pair, rows.get(pair.id), at, days) for pair in pairs(directory, scope)]
    return sorted(made, key=lambda line: (ORDER.index(line["status"]), line["unit"]))


def _line(pair: Pair, body: Body | None, at: int, days: int) -> dict[str, Any]:
    status, since, text = standing(pair, body, at, days)
    lacks = [pair.contact(side) is None for side in SIDES]
    return {
        "pair": pair.id,
        "unit": pair.unit.code,
        "name": pair.unit.name,
        "town": pair.town.code,
        "town_name": pair.town.name,
        "division": pair.unit.division,
        "status": status,
        "at": since,
        "text": text,
        "lacks": [side for side, missing in zip(SIDES, lacks, strict=True) if missing],
        "asking": [side for side in SIDES if body and body["sides"][side]["status"] == "asking"],
    }


def districts(found: Iterable[Mapping[str, Any]], directory: Directory) -> list[dict[str, Any]]:
    """How many pairs of each district stand how, in the order of their codes."""
    counts: dict[str, Counter[str]] = {}
    for line in found:
        counts.setdefault(str(line["division"])[:6], Counter())[str(line["status"])] += 1
    named = {code: unit.name for code in counts if (unit := directory.unit_by_code.get(code))}
    return [
        {"division": code, "name": named.get(code, code), "pairs": count.total(), "by": dict(count)}
        for code, count in sorted(counts.items())
    ]


def stale(directory: Directory, rows: Mapping[str, Body]) -> list[str]:
    """Pairs of which something was said that the directory has overtaken."""
    known = {pair.id: pair for pair in pairs(directory)}
    asked = [id for id, body in rows.items() if any(body["sides"][side]["contact"] for side in SIDES)]
    return [id for id in asked if id not in known or not _fresh(known[id], rows[id])]


def due_units(directory: Directory, rows: Mapping[str, Body], at: int, days: int) -> list[str]:
    """Units with a pair they may be asked about, those of the pairs longest unsaid first."""
    found = [
        (int(body["at"]) if (body := rows.get(pair.id)) else 0, pair.town.code if side == "town" else pair.unit.code)
        for pair in pairs(directory)
        for side in SIDES
        if due(pair, side, rows.get(pair.id), at, days) and not _asking(rows.get(pair.id), side)
    ]
    return list(dict.fromkeys(code for _at, code in sorted(found)))


def _asking(body: Body | None, side: Side) -> bool:
    return bool(body and body["sides"][side]["status"] == "asking")
