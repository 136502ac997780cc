"""Who stands behind a key of the journal: user:zhang, contact:C-…, unit:…, leader:…, a worker of the desk, a number."""

import orjson

from dutydesk.domain.directory import Directory
from dutydesk.store.connection import Connection
from dutydesk.web.screen_words import Name, word

_MACHINE = frozenset({"desk", "hub", "outbox", "reader", "timer", "timers", "system", "channels", "files", ""})


def names(connection: Connection, directory: Directory) -> Name:
    """A function from keys to names, as they are now; a key that names nobody is shown as it is."""
    known: dict[str, str] = {}

    def find(key: str) -> str:
        if key not in known:
            known[key] = _find(connection, directory, key)
        return known[key]

    return find


def _find(connection: Connection, directory: Directory, key: str) -> str:
    kind, colon, id = key.partition(":")
    if not colon:
        kind, id = "user", key
    if id in _MACHINE:
        return "值班台" if key else ""
    match kind:
        case "user":
            row = connection.one("row", "user", id)
            return _named(row[4]) if row else word("who", id)
        case "unit" if unit := directory.unit_by_code.get(id):
            return unit.name
        case "contact" if contact := directory.contact_by_id.get(id):
            unit = directory.unit_by_code.get(contact.unit)
            return f"{unit.name if unit else ''}{contact.name}"
        case "leader" if leader := directory.leader_by_id.get(id):
            return f"{leader.post}{leader.name}"
    return id


def _named(body: str) -> str:
    found = orjson.loads(body)
    return str(found.get("name", ""))
