"""What the desk found of a unit, as its own pages list it."""

from typing import Any

import orjson

from dutydesk.store.connection import Connection
from dutydesk.web.screen_words import word
from dutydesk.web.words import CATALOGUE

MOST_LISTED = 10
_OPEN_TO_APPEAL = frozenset({"failed", "stands"})


def listed(connection: Connection, unit: str, lang: str) -> list[tuple[str, str, str]]:
    """Verdicts on a unit that it may still object to, as (kind, id, what), the newest first."""
    rows = connection.all("rows_by_ref", "verdict.unit", unit, MOST_LISTED)
    found = ((row[0], row[1], orjson.loads(row[4])) for row in rows)
    return [(kind, id, named(kind, body, lang)) for kind, id, body in found if body["status"] in _OPEN_TO_APPEAL]


def named(kind: str, body: dict[str, Any], lang: str) -> str:
    """What a verdict is called."""
    return (
        f"{CATALOGUE[lang]['verdict_check']} {body['number']}" if kind == "check" else word("fault", body["kind"], lang)
    )
