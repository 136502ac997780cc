"""What a drill showed: how long each call waited for its answer, and from each line of the script to the officer's signature. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

from dutydesk.clock import SECOND
from dutydesk.domain.verbs import Event

TYPES = frozenset(
    {
        "DrillLineSaid",
        "MessageRecorded",
        "MessageOpened",
        "MessageAttached",
        "IncidentSigned",
        "PageStarted",
        "PageStepStarted",
        "PageAcknowledged",
        "PageExhausted",
        "PageCancelled",
        "ObligationMissed",
        "ObligationMet",
        "StepTicked",
        "StepOverdue",
    }
)


class Line(NamedTuple):
    """One journal entry."""

    seq: int
    at: int
    stream: str
    drill: bool
    event: Event


class Call(NamedTuple):
    """One page of the drill: what about, when it began, who answered how and after how many seconds (None: nobody)."""

    subject: str
    started_at: int
    who: str
    how: str
    after_s: int | None
    steps: int


class DrillReport(NamedTuple):
    """Calls in order; median and slowest answer in seconds (None: none was answered); what was missed."""

    calls: tuple[Call, ...]
    median_s: int | None
    slowest_s: int | None
    unanswered: int
    received: int
    signed_after_s: tuple[int, ...]
    clocks_met: int
    clocks_missed: int
    steps_done: int
    steps_overdue: int


@dataclass(slots=True)
class _Page:
    subject: str
    started_at: int
    steps: int = 0
    answer: Any = None
    cancelled: bool = False


@dataclass(slots=True)
class _Seen:
    pages: dict[str, _Page] = field(default_factory=dict)
    first_word: dict[str, int] = field(default_factory=dict)
    received_at: dict[str, int] = field(default_factory=dict)
    signed: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def report(lines: Iterable[Line]) -> DrillReport:
    """Make the report of the drill entries given; entries that are not of a drill are left out."""
    seen = _Seen()
    for line in lines:
        if line.drill:
            _take(seen, line, line.event, type(line.event).__name__)
    calls = tuple(_call(page) for page in seen.pages.values() if page.answer or not page.cancelled)
    answered = [call.after_s for call in calls if call.after_s is not None]
    return DrillReport(
        calls=calls,
        median_s=round(median(answered)) if answered else None,
        slowest_s=max(answered, default=None),
        unanswered=sum(1 for call in calls if call.after_s is None),
        received=seen.counts.get("MessageRecorded", 0),
        signed_after_s=tuple(seen.signed),
        clocks_met=seen.counts.get("ObligationMet", 0),
        clocks_missed=seen.counts.get("ObligationMissed", 0),
        steps_done=seen.counts.get("StepTicked", 0),
        steps_overdue=seen.counts.get("StepOverdue", 0),
    )


def _take(seen: _Seen, line: Line, event: Any, name: str) -> None:
    seen.counts[name] = seen.counts.get(name, 0) + 1
    id = line.stream.partition("/")[2]
    match name:
        case "PageStarted":
            seen.pages[id] = _Page(event.subject, event.started_at)
        case "PageStepStarted" if id in seen.pages:
            seen.pages[id].steps = max(seen.pages[id].steps, event.step + 1)
        case "PageAcknowledged" if id in seen.pages:
            seen.pages[id].answer = event
        case "PageCancelled" if id in seen.pages:
            seen.pages[id].cancelled = True
        case "MessageRecorded":
            seen.received_at[id] = event.received_at
        case "MessageOpened":
            seen.first_word.setdefault(event.incident, seen.received_at.get(id, line.at))
        case "IncidentSigned" if id in seen.first_word:
            seen.signed.append(round((line.at - seen.first_word.pop(id)) / SECOND))


def _call(page: _Page) -> Call:
    answer = page.answer
    after = round(answer.after / SECOND) if answer else None
    return Call(
        page.subject, page.started_at, answer.who if answer else "", answer.how if answer else "", after, page.steps
    )
