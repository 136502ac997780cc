"""A period as a person asks for it: `from` and `to` in the address, days or minutes of Beijing."""

from datetime import datetime, timedelta
from typing import NamedTuple

from aiohttp import web

from dutydesk.clock import from_datetime, to_datetime
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest


class Period(NamedTuple):
    """From an instant up to another, that one not included."""

    first: int
    last: int


def period(request: web.Request) -> Period:
    """`?from=2026-11-01&to=2026-11-30`: a day as `to` is meant whole. Without them: today. Raises BadRequest."""
    now = to_datetime(request.app[PARTS].clock.now())
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first = _moment(request.query.get("from", ""), "from") or today
    last = _moment(request.query.get("to", ""), "to", whole_day=True) or today + timedelta(days=1)
    if last <= first:
        raise BadRequest("时段的止要在起之后")
    return Period(from_datetime(first), from_datetime(last))


def _moment(text: str, name: str, *, whole_day: bool = False) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text[:25])
    except ValueError:
        found = None
    if found is None or not 1970 < found.year < 9000:
        raise BadRequest(f"{name} 应写成 2026-11-26 或 2026-11-26T08:30")
    if whole_day and len(text) == 10:
        found += timedelta(days=1)
    return to_datetime(from_datetime(found))
