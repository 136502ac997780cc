"""Rosters of a holiday or marked period, in words: ours sent to units and upward in time, theirs asked for, given and chased.

One stream a holiday (`holiday/20270101`), one a unit and holiday (`unitroster/20270101.370202`).
"""

from typing import ClassVar, Literal

from pydantic import Field

from dutydesk.domain.deliveries import How
from dutydesk.domain.readings import Value
from dutydesk.domain.verbs import Command, Event


class Line(Value):
    """One day of a unit's roster, as it gives it."""

    date: str  # ISO
    leader: str = ""
    officers: str = ""
    phone: str = ""


class Recipient(Value):
    """A unit that gets ours; `how` None: it has neither telephone nor mail."""

    unit: str
    how: How | None
    delivery: str


class ForeseeHoliday(Command):
    """The calendar shows a holiday or marked period coming. Dates are ISO."""

    name: str
    first: str
    last: str
    kind: Literal["holiday", "period"]


class SendRoster(Command):
    """Send ours now, before its time or once more."""


class AskRoster(Command):
    """Ask a unit for its roster of a holiday."""

    unit: str
    name: str
    first: str
    last: str
    due_at: int


class GiveRoster(Command):
    """What a unit gives, by its link or as a file; given again, it replaces what was given."""

    lines: tuple[Line, ...] = Field(min_length=1, max_length=60)


class HolidayForeseen(Event):
    name: str
    first: str
    last: str
    kind: Literal["holiday", "period"]
    ask_at: int
    send_at: int
    over_at: int


class UnitsAsked(Event):
    units: tuple[str, ...]
    name: str
    first: str
    last: str
    due_at: int


class RosterSent(Event):
    """Ours went out; `gaps` of its duties had something wrong when it did, `planned` says whether there was any."""

    private: ClassVar[frozenset[str]] = frozenset({"addresses", "text", "paper"})
    to: tuple[Recipient, ...]
    addresses: tuple[str, ...] = ()
    text: str = ""
    paper: str = ""  # what goes to the duty room above over its line
    planned: bool = True
    gaps: int = 0
    by: str


class HolidayOver(Event):
    pass


class RosterAsked(Event):
    private: ClassVar[frozenset[str]] = frozenset({"address", "words"})
    unit: str
    unit_name: str
    division: str = ""
    name: str
    first: str
    last: str
    due_at: int
    chase_at: int | None
    how: How | None
    address: str = ""
    words: str = ""
    at: int


class RosterChased(Event):
    private: ClassVar[frozenset[str]] = frozenset({"address", "words"})
    times: int
    overdue: bool
    next_at: int | None
    how: How | None
    address: str = ""
    words: str = ""
    division: str = ""


class RosterGiven(Event):
    private: ClassVar[frozenset[str]] = frozenset({"lines"})
    lines: tuple[Line, ...] = ()
    missing: tuple[str, ...] = ()  # days of the holiday nobody is named for
    late_by: int = 0
    at: int
    by: str
