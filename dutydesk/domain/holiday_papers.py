"""A holiday's roster as a paper for the line to the duty room above, and such a paper as what a unit gives: one day a line, by date,
leader, officers, telephone. It answers what the desk above asked its units for; what was not asked for waits for a person.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.holiday_rosters import Line
from dutydesk.domain.rosters import Duty, leaders_of
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import Found, Look

MOST_DAYS = 60
_CUT = re.compile("[,,]")


def goes_up(unit: str, rules: Rules) -> bool:
    """Whether the roster of this desk reaches a unit over a line."""
    peer = rules.peer(unit)
    return peer is not None and peer.kind == "link" and peer.side == "above"


def ours(look: Look, duties: Iterable[tuple[str, Duty]], rules: Rules) -> tuple[Line, ...]:
    """Our duties day by day, everybody of a day once and by name."""
    days: dict[str, list[Duty]] = {}
    for _month, duty in duties:
        days.setdefault(f"{duty.id[:4]}-{duty.id[4:6]}-{duty.id[6:8]}", []).append(duty)
    return tuple(_line(look, day, found, rules) for day, found in sorted(days.items()))


def _line(look: Look, day: str, duties: list[Duty], rules: Rules) -> Line:
    leading = dict.fromkeys(person for duty in duties for person in leaders_of(duty.seats, rules.roster))
    others = dict.fromkeys(person for duty in duties for person in duty.people() if person not in leading)
    return Line(date=day, leader=_names(look, leading), officers=_names(look, others), phone=rules.desk.phone or "")


def _names(look: Look, people: Iterable[str]) -> str:
    rows = (look.row("user", person) for person in people)
    return "、".join(_plain(row.body["name"]) for row in rows if row)


def _plain(name: str) -> str:
    return _CUT.sub(" ", name)


def paper(number: str, name: str, lines: tuple[Line, ...], at: int, rules: Rules) -> Exchange:
    """Ours, to go up."""
    text = "\n".join(",".join((line.date, line.leader, line.officers, line.phone)) for line in lines)
    return Exchange(
        kind="roster",
        number=number,
        desk=rules.desk.unit or "desk",
        desk_name=rules.desk.name[:300],
        title=f"{name}值班表"[:300],
        text=text,
        issued_at=at,
    )


def asked_for(look: Look, unit: str, given: Exchange) -> tuple[str, tuple[Line, ...]]:
    """The holiday for which a unit was asked and whose days a paper of its fills, with those days; empty when it is none."""
    lines = tuple(_read(given.text))
    for row in look.by_ref("unitroster.unit", unit, 20):
        days = _within(row, lines)
        if any(line.leader and line.officers for line in days):
            return row.id, days
    return "", ()


def _within(row: Found, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(line for line in lines if row.body["first"] <= line.date <= row.body["last"])[:MOST_DAYS]


def _read(text: str) -> Iterator[Line]:
    for row in text.splitlines()[: 10 * MOST_DAYS]:
        day, leader, officers, phone = (*(cell.strip() for cell in _CUT.split(row)), "", "", "", "")[:4]
        try:
            on = date.fromisoformat(day).isoformat()
        except ValueError:
            continue
        yield Line(date=on, leader=leader[:200], officers=officers[:500], phone=phone[:60])
