"""Dispatch (调度), in words: one question to many units, asked again every so often, until an officer ends it.

Each round is a stream of its own, a `verification` that asks for a report; here stand only when it began and which came before.
"""

from typing import ClassVar

from pydantic import Field

from dutydesk.domain.verbs import Command, Event


class StartDispatch(Command):
    """Ask these units now, and again every so many minutes."""

    text: str
    units: tuple[str, ...]
    every_minutes: int = Field(ge=30, le=2880)
    incident: str | None = None

    def begins(self) -> bool:
        return True


class AskAgain(Command):
    """Do not wait: the next round begins now, and the interval counts from it."""


class SetUnits(Command):
    """Other units from the next round on."""

    units: tuple[str, ...]


class EndDispatch(Command):
    """No further rounds. The last one goes on taking answers as late ones."""

    reason: str = ""


class DispatchStarted(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    number: str
    text: str
    units: tuple[str, ...]
    every_minutes: int
    incident: str | None = None
    started_at: int
    division: str = ""
    by: str

    def series(self) -> str:
        return f"dispatch:{self.number[:4]}"


class DispatchRoundBegun(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    round: int
    verification: str
    former: str = ""
    text: str
    units: tuple[str, ...]
    incident: str | None = None
    at: int
    next_at: int
    late_by: int = 0


class DispatchUnitsSet(Event):
    units: tuple[str, ...]
    by: str


class DispatchEnded(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason: str
    last: str
    by: str
    at: int
