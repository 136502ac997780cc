"""A plan (预案) at work on an incident, in words: started, each step ticked or skipped, overdue, ended."""

from typing import ClassVar

from dutydesk.domain.plan_policy import Plan
from dutydesk.domain.verbs import Command, Event


class StartPlan(Command):
    """Start the card `plan` for an incident; the card is frozen as it stands now."""

    plan: str
    incident: str


class TickStep(Command):
    """A step is done; `note` says how."""

    step: str
    note: str = ""


class SkipStep(Command):
    """A step does not apply here, with the reason."""

    step: str
    reason: str


class EndPlan(Command):
    """The plan is over. Refused while steps are open, unless a reason is given."""

    reason: str = ""


class PlanStarted(Event):
    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    plan: Plan
    incident: str
    number: str
    subject: str
    division: str = ""
    due: tuple[int, ...]
    started_at: int
    by: str


class StepTicked(Event):
    private: ClassVar[frozenset[str]] = frozenset({"note"})
    step: str
    note: str = ""
    at: int
    late_by: int
    by: str
    page: str = ""  # the call about it that is over now


class StepSkipped(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    step: str
    reason: str
    at: int
    by: str
    page: str = ""


class StepOverdue(Event):
    """The time of a step is over and nobody ticked it: the watch is called."""

    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    step: str
    due_at: int
    noticed_late_by: int
    page: str = ""
    policy: str = ""
    subject: str = ""
    incident: str = ""
    division: str = ""


class PlanEnded(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason: str
    open_steps: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    at: int
    by: str
