"""Which towns and enterprises lack an A and a B contact whose number has proven itself lately. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from dutydesk.clock import BEIJING, DAY, from_datetime
from dutydesk.domain.directory import Contact, Directory, Unit

COVERED = ("town", "enterprise")
ROLES = ("A", "B")


class Proven(NamedTuple):
    """When a contact's number answered last, which number that was, and whether it is being asked now."""

    at: int | None
    number: str = ""
    asking: bool = False


def proven(rows: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, Proven]:
    """By contact, from the rows of `proof`."""
    return {id: Proven(body["proven_at"], body["number"], body["status"] == "asking") for id, body in rows}


def proven_at(contact: Contact, known: Mapping[str, Proven]) -> int | None:
    """The last proof of the number the contact has now: by the desk, or as the directory says. None: never."""
    found = known.get(contact.id)
    by_desk = found.at if found and found.at and contact.phones[:1] == (found.number,) else None
    listed = _instant(contact.verified_on)
    return max((at for at in (by_desk, listed) if at is not None), default=None)


def _instant(day: str | None) -> int | None:
    if not day:
        return None
    return from_datetime(datetime.combine(date.fromisoformat(day), datetime.min.time(), BEIJING))


def stands(contact: Contact, known: Mapping[str, Proven], now: int, days: int) -> bool:
    """Whether the number has proven itself within the days."""
    at = proven_at(contact, known)
    return at is not None and at > now - days * DAY and bool(contact.phones)


def owing(directory: Directory, known: Mapping[str, Proven], now: int, days: int) -> list[str]:
    """Contacts whose proof is due, the longest unproven first; those being asked are left out."""
    due = [
        contact
        for found in directory.contacts_of.values()
        for contact in first_two(found)
        if contact.phones and not stands(contact, known, now, days) and not _asking(contact, known)
    ]
    return [c.id for c in sorted(due, key=lambda c: (proven_at(c, known) or 0, c.id))]


def _asking(contact: Contact, known: Mapping[str, Proven]) -> bool:
    found = known.get(contact.id)
    return bool(found and found.asking)


def first_two(contacts: tuple[Contact, ...]) -> list[Contact]:
    """The first A and the first B: whom a page means."""
    return [found for role in ROLES if (found := next((c for c in contacts if c.role == role), None))]


class Held(NamedTuple):
    """Who holds a role at a unit (None: nobody), when the number proved itself last, and whether that still holds."""

    contact: Contact | None = None
    at: int | None = None
    stands: bool = False


def held(
    directory: Directory, known: Mapping[str, Proven], now: int, days: int, scope: str = ""
) -> list[tuple[Unit, tuple[Held, Held]]]:
    """Every town and enterprise with its A and its B, in the order of their divisions."""
    units = [unit for unit in directory.units if unit.kind in COVERED and unit.division.startswith(scope)]
    return [(unit, _held(unit, directory, known, now, days)) for unit in sorted(units, key=lambda u: u.division)]


def _held(unit: Unit, directory: Directory, known: Mapping[str, Proven], now: int, days: int) -> tuple[Held, Held]:
    people: dict[str, Contact] = {c.role: c for c in first_two(directory.contacts_of.get(unit.code, ()))}
    a, b = (
        Held(one, proven_at(one, known), stands(one, known, now, days)) if (one := people.get(role)) else Held()
        for role in ROLES
    )
    return a, b


def lacking(
    directory: Directory, known: Mapping[str, Proven], now: int, days: int, scope: str = ""
) -> tuple[list[dict[str, Any]], int]:
    """Towns and enterprises without a proven A and B contact, with what they lack, and how many there are in all."""
    units = [unit for unit in directory.units if unit.kind in COVERED and unit.division.startswith(scope)]
    lines = [_line(unit, directory, known, now, days) for unit in units]
    return [line for line in lines if line["lacks"]], len(units)


def _line(unit: Unit, directory: Directory, known: Mapping[str, Proven], now: int, days: int) -> dict[str, Any]:
    people = {contact.role: contact for contact in reversed(first_two(directory.contacts_of.get(unit.code, ())))}
    lacks = [
        {
            "role": role,
            "contact": people[role].id if role in people else "",
            "name": people[role].name if role in people else "",
            "proven_at": proven_at(people[role], known) if role in people else None,
            "asking": role in people and _asking(people[role], known),
        }
        for role in ROLES
        if role not in people or not stands(people[role], known, now, days)
    ]
    return {"unit": unit.code, "name": unit.name, "kind": unit.kind, "division": unit.division, "lacks": lacks}
