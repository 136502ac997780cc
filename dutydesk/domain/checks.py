"""A spot check (抽查、点名) of a duty room or a contact, in words: who is there, which leader; passed or failed by a fixed reason.

Regulations 4 and 8, rule 20: by telephone within three rings, by SMS or link; a failed one is checked again; a unit may appeal.
"""

from typing import ClassVar, Literal

from pydantic import Field

from dutydesk.domain.check_policy import Target, Way
from dutydesk.domain.verbs import Command, Event
from dutydesk.domain.verdicts import MOST_FILES, Evidence, Verdict

Reason = Literal[
    "no_answer",
    "wrong_number",
    "forwarded",
    "not_rostered",
    "leader_unreachable",
    "cannot_state",
    "no_record",
]
Origin = Literal["ordered", "scheduled", "random", "recheck"]


class StartCheck(Command):
    """Check a unit now."""

    unit: str
    target: Target = "unit"
    way: Way = "voice"

    def begins(self) -> bool:
        return True


class BeginCheck(StartCheck):
    """The same, by the desk itself (a round, a recheck): where the unit has had its load, nothing happens."""

    origin: Origin
    of: str = ""  # the check that is checked again
    nth: int = 0

    def begins(self) -> bool:
        return False


class JudgeCheck(Command):
    """A person says how it came out. `reason` empty: passed."""

    reason: Reason | Literal[""] = ""
    note: str = Field(default="", max_length=500)


class AppealCheck(Command):
    """The unit objects, in its words and with pictures: on its own page, or by an officer who writes down what it says."""

    text: str = Field(max_length=5_000)
    files: tuple[Evidence, ...] = Field(default=(), max_length=MOST_FILES)


class DecideCheckAppeal(Command):
    """Uphold the appeal (the failure falls), or dismiss it, with the reason."""

    upheld: bool
    reason: str


class CheckStarted(Event):
    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    number: str
    unit: str
    name: str
    target: Target
    way: Way
    origin: Origin
    of: str = ""
    nth: int = 0
    policy: str
    page: str
    subject: str
    rings: int
    ring_seconds: int
    at: int
    division: str = ""
    by: str

    def series(self) -> str:
        return f"check:{self.number[:4]}"


class CheckAnswered(Event):
    """What was answered. `rings` before the telephone was taken up; None where the line did not say."""

    private: ClassVar[frozenset[str]] = frozenset({"text", "name"})
    who: str
    name: str
    how: str
    text: str
    rings: int | None = None
    message: str | None = None
    at: int


class CheckPassed(Event):
    """`judged`: by a person, not by a key; `page`: what still asked and need not any more."""

    private: ClassVar[frozenset[str]] = frozenset({"note"})
    unit: str
    note: str = ""
    rings: int | None = None
    page: str = ""
    judged: bool = False
    at: int
    by: str


class CheckFailed(Verdict):
    """`recheck_at`: when it is checked again; None: not again."""

    private: ClassVar[frozenset[str]] = Verdict.private | {"note"}
    unit: str
    reason: Reason
    note: str = ""
    rings: int | None = None
    page: str = ""
    recheck_at: int | None = None
    judged: bool = False
    at: int
    by: str


class CheckVoided(Event):
    """Nothing of it reached the unit (a line of ours, or it was called off): it says nothing about the unit."""

    reason: str
    at: int


class RecheckDue(Event):
    """It is checked again."""

    check: str
    unit: str
    target: Target
    way: Way
    of: str
    nth: int


class RecheckPutOff(Event):
    """The unit has had its load: later."""

    next_at: int


class CheckAppealed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    text: str
    files: tuple[Evidence, ...] = ()
    by: str
    at: int


class AppealUpheld(Verdict):
    """The unit was right: the failure is not counted."""

    private: ClassVar[frozenset[str]] = Verdict.private | {"reason"}
    unit: str
    reason: str
    by: str
    at: int


class AppealDismissed(Verdict):
    private: ClassVar[frozenset[str]] = Verdict.private | {"reason"}
    unit: str
    reason: str
    by: str
    at: int
