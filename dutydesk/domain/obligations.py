"""One legal clock of one incident, in words: from whom to whom, phone or written, due when, under which article."""

from typing import ClassVar

from dutydesk.domain.clocks import ClockRule
from dutydesk.domain.verbs import Command, Event


class OpenObligation(Command):
    """Start the clock `rule` for an incident. `assumed`: the true start is not known and the first receipt stands for it."""

    incident: str
    subject: str
    division: str
    rule: ClockRule
    start_at: int
    assumed: bool = False


class MeetObligation(Command):
    """It was done: when, who was told, by what name or number. Recorded as said; lateness is computed."""

    told_at: int
    whom: str
    note: str = ""


class MoveObligation(Command):
    """The start was wrong: correct it with a reason. A deadline that has passed stays passed."""

    start_at: int
    reason: str


class LiftObligation(Command):
    """It does not apply after all, with the reason; refused once the deadline has passed."""

    reason: str
    quiet: bool = False  # no complaint when it is too late to lift: the missed deadline simply stays


class FollowIncident(Command):
    """Its incident was merged into another, or split off again: the clock goes along and runs on, untouched."""

    incident: str


class ReopenObligation(Command):
    """What lifted it was undone: it runs again from its own start."""


class ObligationOpened(Event):
    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    incident: str
    subject: str
    division: str
    rule: ClockRule
    start_at: int
    due_at: int
    next_mark_at: int
    assumed: bool = False
    late_start: bool = False


class ObligationWarned(Event):
    """A mark of the limit was reached: 50 or 80 percent."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    percent: int
    due_at: int
    next_mark_at: int
    page: str = ""
    policy: str = ""
    subject: str = ""
    incident: str = ""
    division: str = ""


class ObligationMissed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    due_at: int
    noticed_late_by: int
    page: str = ""
    policy: str = ""
    subject: str = ""
    incident: str = ""
    division: str = ""


class ObligationMet(Event):
    private: ClassVar[frozenset[str]] = frozenset({"whom", "note"})
    told_at: int
    recorded_at: int
    whom: str
    note: str
    late_by: int
    by: str
    pages: tuple[str, ...] = ()


class ObligationMoved(Event):
    start_at: int
    due_at: int
    next_mark_at: int | None
    reason: str
    by: str
    was_due_at: int


class ObligationLifted(Event):
    reason: str
    by: str
    pages: tuple[str, ...] = ()


class ObligationFollowed(Event):
    incident: str


class ObligationReopened(Event):
    next_mark_at: int
