"""Silence as an alarm, in words: from a contact at the scene, or about an incident, word is expected every so many minutes."""

from typing import ClassVar

from pydantic import Field

from dutydesk.domain.verbs import Command, Event


class StartCheckIn(Command):
    """A named contact at the scene gives a sign of life every so often; without minutes the level of the incident says how often."""

    incident: str
    contact: str
    every_minutes: int | None = Field(default=None, ge=5, le=1440)

    def begins(self) -> bool:
        return True


class ExpectFollowUps(Command):
    """An incident was opened: follow-ups are expected by its level."""

    incident: str
    unit: str | None
    division: str

    def begins(self) -> bool:
        return True


class ResumeFollowUps(Command):
    """The incident was opened again."""


class EndCheckIn(Command):
    reason: str = ""


class CheckInStarted(Event):
    """`contact` empty: any report about the incident is word enough. `every_minutes` None: by the incident's level."""

    private: ClassVar[frozenset[str]] = frozenset({"name"})
    incident: str
    contact: str = ""
    unit: str | None
    name: str = ""
    every_minutes: int | None
    next_at: int
    at: int
    division: str
    by: str


class WordHeard(Event):
    """There was word (or it is not due yet): when, by which way, and when it is due next."""

    heard_at: int
    how: str
    next_at: int
    stops: str = ""  # the page that asked and need not any more


class SilenceFound(Event):
    """Nothing was heard for so many minutes: the contact is asked, and after them whoever stands on the ladder."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    since: int
    minutes: int
    late_by: int
    page: str
    policy: str
    subject: str
    incident: str
    unit: str | None
    division: str
    contact: str = ""
    next_at: int


class SilenceGoesOn(Event):
    """Looked again while the page climbs: still nothing."""

    next_at: int


class SilenceLasted(Event):
    """The whole ladder was climbed; it is asked again at `next_at`."""

    page: str
    next_at: int


class CheckInEnded(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason: str
    by: str
    at: int


class CheckInResumed(Event):
    next_at: int
