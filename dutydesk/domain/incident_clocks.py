"""Which legal clocks an incident starts, and from when they run. Lowering a level takes none away."""

from datetime import datetime

from dutydesk.clock import from_datetime
from dutydesk.domain.clocks import ClockRule
from dutydesk.domain.incident_state import Incident, fact
from dutydesk.domain.incidents import ClockStarted, IncidentOpened
from dutydesk.domain.rules import Rules


def clocks_started(before: Incident, state: Incident, rules: Rules, at: int) -> list[ClockStarted]:
    """The clocks whose rule holds now and that it has not started yet. Lowering a level takes none away."""
    opened = state.opened
    if opened is None or state.status != "open":
        return []
    level, code = fact(state, "level"), fact(state, "code")
    why = "opened" if before.opened is None else "level" if level != fact(before, "level") else "flags"
    held = [r for r in rules.clocks if r.holds(rules.desk.tier, level, state.flags, code, at)]
    return [_clock(rule, state, opened, why, at) for rule in held if rule.id not in (*state.clocks, *state.guests)]


def _clock(rule: ClockRule, state: Incident, opened: IncidentOpened, why: str, at: int) -> ClockStarted:
    start, assumed = _start(rule, state, opened, why, at)
    return ClockStarted(
        rule=rule,
        start_at=start,
        assumed=assumed,
        subject=f"{opened.number} {fact(state, 'title')}",
        division=opened.division,
        why=why,
    )


def _start(rule: ClockRule, state: Incident, opened: IncidentOpened, why: str, at: int) -> tuple[int, bool]:
    """When the clock began, and whether that is assumed because nobody has said it."""
    if rule.start == "occurred":
        said = _instant(fact(state, "occurred_at"))
        return (said, False) if said and said <= at else (opened.received_at, True)
    if rule.start == "became_reportable" and why != "opened":
        return at, False
    return opened.received_at, rule.start == "discovered"


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
