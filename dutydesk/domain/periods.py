"""A marked period (重点时段: a storm, a holiday), in words: who must be heard of in it, and who has gone quiet."""

from typing import ClassVar, Literal

from dutydesk.domain.verbs import Command, Event


class MarkPeriod(Command):
    """From now until an officer ends it, or until `until`: these units are to be heard of, and these districts (6 digits)."""

    name: str
    units: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    until: int | None = None

    def begins(self) -> bool:
        return True


class EndPeriod(Command):
    reason: str = ""


class PeriodMarked(Event):
    name: str
    units: tuple[str, ...]
    districts: tuple[str, ...]
    until: int | None = None
    at: int
    next_at: int
    by: str


class QuietFound(Event):
    """A unit gone quiet, or a district that reports nothing while its neighbours do: it is asked, then the ladder climbed."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    unit: str
    name: str
    why: Literal["unit", "district"]
    since: int
    minutes: int
    page: str
    policy: str
    subject: str
    division: str


class PeriodSwept(Event):
    """Everybody was looked for; `quiet` units are being asked or have not answered yet."""

    quiet: tuple[str, ...]
    next_at: int
    late_by: int = 0
    stops: tuple[str, ...] = ()  # pages of units heard of meanwhile


class QuietBroken(Event):
    unit: str
    how: str
    at: int


class PeriodEnded(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason: str
    by: str
    at: int
    pages: tuple[str, ...] = ()
