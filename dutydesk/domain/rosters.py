"""The roster (值班表), in words: a month's duties with who stands at which post; drafted by turns, imported, changed one by one.

One stream a month, `roster/2026-11`, so that who is on watch at an instant is one row and a search in it, however many months are kept.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import Field

from dutydesk.clock import from_datetime, to_datetime
from dutydesk.domain.readings import Value
from dutydesk.domain.roster_policy import RosterRules
from dutydesk.domain.verbs import Command, Event, Look

Wrong = Literal["gap", "few", "no_leader", "one_leader", "twice", "away", "unknown", "rest"]


LATEST = 253_370_736_000_000_000  # the year 9999: nothing is planned for a watch that never ends


class Seat(Value):
    """One person (user name) at one post."""

    post: str
    person: str


class Duty(Value):
    """A shift of a date with its people; its id is the watch's (20261123-1)."""

    id: str
    name: str
    starts_at: int
    ends_at: int
    seats: tuple[Seat, ...] = ()
    special: str = ""  # the holiday or marked period its date lies in

    def people(self) -> tuple[str, ...]:
        """Everybody of it, each once."""
        return tuple(dict.fromkeys(seat.person for seat in self.seats))


class Problem(Value):
    """Something that will go wrong at a duty unless it is changed. `person` and `post` where it is about one."""

    wrong: Wrong
    duty: str
    post: str = ""
    person: str = ""


class PlanRoster(Command):
    """Draft the month by rotation: everybody's turn in order, who is away left out. Duties that have begun stay as they were."""

    month: str = Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")


class ImportRoster(Command):
    """The month as a file has it. Duties that have begun stay as they were."""

    duties: tuple[Duty, ...]
    file: str = ""


class SetDuty(Command):
    """Who stands at a post of a duty, from now on; nobody leaves a gap that is shown."""

    duty: str
    post: str
    people: tuple[str, ...]
    reason: str = ""


class ReplaceInDuty(Command):
    """One person takes another's place at a duty; `why` names the leave it follows from."""

    duty: str
    out: str
    into: str
    why: str = ""


class RosterPlanned(Event):
    month: str
    duties: tuple[Duty, ...]
    how: Literal["rotation", "import"]
    file: str = ""
    known: bool = True  # whether the calendar knows the year
    problems: tuple[Problem, ...] = ()
    look_at: int | None = None
    by: str


class DutyChanged(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    duty: str
    seats: tuple[Seat, ...]
    out: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    why: str = "set"
    reason: str = ""
    watch: str = ""  # the watch under way, when this is its duty
    problems: tuple[Problem, ...] = ()
    by: str


class RosterLooked(Event):
    """Its daily look at what is to come: people leave and fall ill after a roster was made."""

    problems: tuple[Problem, ...] = ()
    look_at: int | None = None


def month_of(at: int) -> str:
    """The month an instant lies in, as roster streams are named."""
    return to_datetime(at).strftime("%Y-%m")


def month_before(month: str) -> str:
    """The month before one."""
    year, number = map(int, month.split("-"))
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def first_instant(month: str) -> int:
    """When a month begins. Raises ValueError for what is no month."""
    found = date.fromisoformat(f"{month}-01")
    return from_datetime(to_datetime(0).replace(year=found.year, month=found.month, day=1, hour=0, minute=0))


def month_after(month: str) -> str:
    """The month after one."""
    year, number = map(int, month.split("-"))
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"


def duty_at(duties: Sequence[dict[str, Any]], at: int) -> dict[str, Any] | None:
    """The duty that holds at an instant, of a row's duties in order; None in a gap. They never overlap, so there is one at most."""
    index = bisect_right(duties, at, key=lambda duty: int(duty["starts_at"]))
    found = duties[index - 1] if index else None
    return found if found and at < found["ends_at"] else None


def planned_at(duties_of: Callable[[str], Sequence[dict[str, Any]]], at: int) -> dict[str, Any] | None:
    """Who should be on watch at an instant: two months are looked at, at most, whatever is kept. None where nothing is planned."""
    if at >= LATEST:
        return None
    month = month_of(at)
    for name in (month, month_before(month)):  # the last night of a month ends in the next
        if found := duty_at(duties_of(name), at):
            return found
    return None


def on_watch(look: Look, at: int) -> dict[str, Any] | None:
    """The same, as facts see it."""

    def duties_of(month: str) -> Sequence[dict[str, Any]]:
        row = look.row("roster", month)
        return row.body["duties"] if row else ()

    return planned_at(duties_of, at)


def duties_between(look: Look, starts_at: int, ends_at: int) -> Iterator[tuple[str, Duty]]:
    """Planned duties that touch a stretch of time, with the month they stand in."""
    month, last = month_before(month_of(starts_at)), month_of(ends_at)
    while month <= last:
        row = look.row("roster", month)
        for duty in row.body["duties"] if row else ():
            if duty["starts_at"] < ends_at and starts_at < duty["ends_at"]:
                yield month, Duty.model_validate(duty)
        month = month_after(month)


def leaders_of(seats: Sequence[Seat], rules: RosterRules) -> tuple[str, ...]:
    """The leaders among a duty's people, in order of the posts."""
    leading = {post.id for post in rules.posts if post.leads}
    return tuple(dict.fromkeys(seat.person for seat in seats if seat.post in leading))
