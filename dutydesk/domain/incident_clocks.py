"""Which legal clocks an incident starts, and from when they run. Lowering a level takes none away.

A higher level than ever before computes the clocks anew, from the instant at which it became reportable (regulations section 8,
rule 4): one that ran at the lower level runs on, and a second of its kind begins beside it.
"""

from datetime import datetime

from dutydesk.clock import from_datetime
from dutydesk.domain.clocks import LEVELS, ClockRule
from dutydesk.domain.incident_state import Incident, fact
from dutydesk.domain.incidents import ClockStarted, IncidentOpened
from dutydesk.domain.rules import Rules
from dutydesk.domain.submission_policy import higher

_AGAIN = {
    "一般": "ordinary",
    "较大": "larger",
    "重大": "major",
    "特别重大": "grave",
}  # part of the id of a second clock


def clocks_started(before: Incident, state: Incident, rules: Rules, at: int) -> list[ClockStarted]:
    """The clocks whose rule holds now and that it has not started yet. Lowering a level takes none away."""
    opened = state.opened
    if opened is None or state.status != "open":
        return []
    level, code = fact(state, "level"), fact(state, "code")
    why = "opened" if before.opened is None else "level" if level != fact(before, "level") else "flags"
    held = [r for r in rules.clocks if r.holds(rules.desk.tier, level, state.flags, code, at)]
    known = (*state.clocks, *state.guests)
    new = [rule for rule in held if rule.id not in known]
    if before.opened and before.upward.peak in LEVELS and higher(level, before.upward.peak):
        new += [_again(rule, level) for rule in held if rule.id in known and rule.start == "became_reportable"]
    return [_clock(rule, state, opened, why, at) for rule in new]


def _again(rule: ClockRule, level: str) -> ClockRule:
    """The clock of a rule for a level it has risen to."""
    return rule.model_copy(update={"id": f"{rule.id}-{_AGAIN[level]}", "title": f"{rule.title}({level})"})


def _clock(rule: ClockRule, state: Incident, opened: IncidentOpened, why: str, at: int) -> ClockStarted:
    start, assumed = _start(rule, state, opened, why, at)
    return ClockStarted(
        rule=rule,
        start_at=start,
        assumed=assumed,
        subject=f"{opened.number} {fact(state, 'title')}",
        division=opened.division,
        why=why,
        level=fact(state, "level"),
    )


def _start(rule: ClockRule, state: Incident, opened: IncidentOpened, why: str, at: int) -> tuple[int, bool]:
    """When the clock began, and whether that is assumed because nobody has said it."""
    if rule.start == "occurred":
        said = _instant(fact(state, "occurred_at"))
        return (said, False) if said and said <= at else (opened.received_at, True)
    if rule.start == "discovered":
        said = _instant(fact(state, "discovered_at"))
        return (said, False) if said and said <= at else (opened.received_at, True)
    if rule.start in ("became_reportable", "received") and why != "opened":
        return at, False
    return opened.received_at, False


def occurred(state: Incident, opened: IncidentOpened, at: int) -> int:
    """The instant it happened, as said; before anybody said it, the instant it was received."""
    said = _instant(fact(state, "occurred_at"))
    return said if said and said <= at else opened.received_at


def _instant(said: str) -> int | None:
    try:
        return from_datetime(datetime.fromisoformat(said)) if len(said) > 10 else None
    except ValueError:
        return None


def is_moment(said: str) -> bool:
    """Whether it is a date or an instant as readings write them (ISO 8601)."""
    try:
        datetime.fromisoformat(said)
    except ValueError:
        return False
    return True
