"""Rules and directory as the journal has them now, kept until its policy changes; finding people by name, number or initials."""

import asyncio
from dataclasses import dataclass
from typing import Any

from dutydesk.domain.directory import Contact, Directory, Leader, Unit
from dutydesk.domain.rules import Rules
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.store.store import head
from dutydesk.store.tx import Folds, read_policy
from dutydesk.web.frames import Audience, mask
from dutydesk.web.initials import initials

MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class Listed:
    """One unit, contact or leader: what is shown, where it lies (None: seen by the whole desk only), and the words it is found by."""

    shown: dict[str, Any]
    division: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules and the directory as of journal entry `seq`."""

    seq: int
    rules: Rules
    directory: Directory
    listed: tuple[Listed, ...]


class Policies:
    """One per hub; asks the journal's head each time and reads the rest only when it changed."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._now: Policy | None = None
        self._lock = asyncio.Lock()

    async def now(self) -> Policy:
        """Raises Unavailable."""
        async with self._lock:
            seq = await self._hub.glance(lambda connection: head(connection).policy)
            if self._now is None or self._now.seq != seq:
                self._now = await self._hub.read(_read)
        return self._now


def _read(connection: Connection) -> Policy:
    seq = head(connection).policy
    into = Folds()
    read_policy(connection, into)
    return Policy(seq, into.rules, into.directory, _index(into.directory))


def _index(directory: Directory) -> tuple[Listed, ...]:
    units = [_unit(unit) for unit in directory.units]
    contacts = [_contact(contact, directory) for contact in directory.contacts]
    return (*units, *contacts, *(_leader(leader) for leader in directory.leaders))


def _unit(unit: Unit) -> Listed:
    shown = {"kind": "unit", "id": unit.code, "name": unit.name, "unit": unit.code, "unit_name": unit.name}
    shown |= {"division": unit.division, "role": unit.kind, "phone": unit.phone or "", "post": ""}
    return Listed(shown, unit.division, _words(unit.code, unit.name, *unit.short_names, unit.phone))


def _contact(contact: Contact, directory: Directory) -> Listed:
    unit = directory.unit_by_code.get(contact.unit)
    division = unit.division if unit else ""
    shown = {"kind": "contact", "id": contact.id, "name": contact.name, "unit": contact.unit}
    shown |= {"unit_name": unit.name if unit else "", "division": division, "role": contact.role}
    shown |= {"phone": contact.phones[0] if contact.phones else "", "post": ""}
    return Listed(shown, division, _words(contact.name, unit.name if unit else "", *contact.phones))


def _leader(leader: Leader) -> Listed:
    shown = {"kind": "leader", "id": leader.id, "name": leader.name, "unit": "", "unit_name": "", "division": ""}
    shown |= {"role": "", "phone": leader.phones[0] if leader.phones else "", "post": leader.post}
    return Listed(shown, None, _words(leader.name, leader.post, *leader.phones))


def _words(*words: str | None) -> str:
    given = [word.lower() for word in words if word]
    return "\n".join([*given, *map(initials, given)])


def find(policy: Policy, wanted: str, whom: Audience) -> list[dict[str, Any]]:
    """Who is meant, best first: those whose name or initials begin with it, then those that contain it."""
    word = wanted.strip().lower()
    if not word:
        return []
    visible = [one for one in policy.listed if _in_sight(one, whom) and word in one.words]
    visible.sort(key=lambda one: not any(line.startswith(word) for line in one.words.split("\n")))
    return [_shown(one.shown, whom) for one in visible[:MOST_FOUND]]


def _in_sight(one: Listed, whom: Audience) -> bool:
    if one.division is None:
        return not whom.division and not whom.masked
    return one.division.startswith(whom.division)


def _shown(shown: dict[str, Any], whom: Audience) -> dict[str, Any]:
    return shown | {"phone": mask(shown["phone"])} if whom.masked else shown
