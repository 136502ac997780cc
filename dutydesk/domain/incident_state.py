"""How an incident looks after its events: figures with their sources, what was fixed by hand, and the row that consoles see."""

from typing import Any, NamedTuple

from dutydesk.domain import ledger
from dutydesk.domain.clocks import ARISING, LEVELS
from dutydesk.domain.incidents import (
    Claim,
    ClockStarted,
    FactFixed,
    FigureFixed,
    FlagsSet,
    IncidentAssigned,
    IncidentClosed,
    IncidentGaveBack,
    IncidentMerged,
    IncidentNoted,
    IncidentOpened,
    IncidentReopened,
    IncidentSigned,
    IncidentSplit,
    IncidentTookOver,
    LevelProposed,
    PageCalled,
    ReportAdded,
    ReportRemoved,
    VerificationNoted,
)
from dutydesk.domain.readings import Reading
from dutydesk.domain.reporting import Lowered, Rise, Upward, grown, shown
from dutydesk.domain.submission_policy import higher
from dutydesk.domain.verbs import Event, Row


class Incident(NamedTuple):  # copied at every event, four times cheaper than by dataclasses.replace
    opened: IncidentOpened | None = None
    status: str = "open"
    signed_by: str = ""
    signed_at_how: str = ""
    assigned_to: str = ""
    messages: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    maybe: tuple[str, ...] = ()
    last_report_at: int = 0
    last_word: str = ""
    merged_into: str = ""
    outcome: str = ""
    pages: int = 0
    policies: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    figures_fixed: tuple[tuple[str, FigureFixed], ...] = ()
    clocks: tuple[str, ...] = ()
    truth: str = "unverified"
    upward: Upward = Upward()
    proposed: LevelProposed | None = None
    guests: tuple[str, ...] = ()  # rules whose clocks came along with merged incidents


def fact(state: Incident, name: str) -> str:
    fixed = dict(state.fixed)
    if name in fixed:
        return fixed[name]
    if name == "title" and state.opened:
        return state.opened.title
    return dict(state.facts).get(name, "")


def _read_facts(state: Incident, reading: Reading) -> tuple[tuple[str, str], ...]:
    known = dict(state.facts)
    less = _classes_less(reading, known.get("code", ""))
    for name in ("category", "level", "place_text", "occurred_at") if less else _FACTS:
        value = getattr(reading, name)
        if value and not _says_less(name, str(value), known.get(name, ""), reading):
            known[name] = str(value)
    return tuple(known.items())


_FACTS = ("category", "code", "subtype", "level", "place_text", "occurred_at")


def _says_less(name: str, value: str, known: str, reading: Reading) -> bool:
    """A later text takes no knowledge away: fewer figures lower no level, and a wider place stands for none that is known closer."""
    if name == "place_text":
        return bool(known) and not reading.correction and (_wider(value, reading) or _picked_from(known, value))
    return name == "level" and _lower(value, known)


def _wider(place: str, reading: Reading) -> bool:
    """No more than a district or a town, with or without the last word of its name."""
    return place == reading.county or any(p.code.isdigit() and p.name.startswith(place) for p in reading.places)


def _picked_from(known: str, value: str) -> bool:
    """Whether `value` is pieces of `known` in their order, each of two characters or more: 港前大道澜渚石化 of 港前大道88号澜渚石化2号."""
    while value:
        size = next((n for n in range(len(value), 1, -1) if value[:n] in known), 0)
        if not size:
            return False
        known, value = known.partition(value[:size])[2], value[size:]
    return True


def _classes_less(reading: Reading, known: str) -> bool:
    """A class that says 其他 (GB/T 35561: 12G99, 12Y00) does not take the place of a named one of the same category."""
    code = reading.code or ""
    return not reading.correction and code[:2] == known[:2] and _closeness(code) < _closeness(known)


def _closeness(code: str) -> int:
    return 0 if code.endswith("Y00") else 1 if code.endswith("99") else 2


def _raised(state: Incident, level: str) -> tuple[tuple[str, str], ...]:
    """The facts with the level of a merged incident or of the figures, where that is higher."""
    known = dict(state.facts)
    if level in LEVELS and not _lower(level, known.get("level", "")):
        known["level"] = level
    return tuple(known.items())


def _lower(level: str, known: str) -> bool:
    """A later text with fewer figures does not lower a level; only a person does."""
    return known in LEVELS and LEVELS.index(level) < LEVELS.index(known)


_LEVELLING = (IncidentOpened, ReportAdded, IncidentTookOver, LevelProposed, FactFixed)  # what may raise the level


def evolve(state: Incident, event: Event) -> Incident:
    state = _evolve(state, event)
    if not isinstance(event, _LEVELLING):
        return state
    level = fact(state, "level")
    if higher(level, state.upward.peak):
        return state._replace(upward=state.upward._replace(peak=level))
    return state


def _evolve(state: Incident, event: Event) -> Incident:
    match event:
        case IncidentOpened():
            state = state._replace(opened=event, maybe=event.maybe)
            return _with_report(state, event.message, event.summary, event.reading, event.received_at)
        case ReportAdded():
            return _with_report(state, event.message, event.summary, event.reading, event.received_at)
        case ReportRemoved():
            return _without(state, (event.message,))
        case IncidentSigned():
            return state._replace(signed_by=event.by, signed_at_how=event.how)
        case IncidentAssigned():
            return state._replace(assigned_to=event.to)
        case IncidentNoted():
            return state._replace(last_word=event.text[:80])
        case FactFixed():
            kept_facts = tuple((n, v) for n, v in state.fixed if n != event.name)
            return _lowered(state, event)._replace(fixed=(*kept_facts, (event.name, event.value)))
        case IncidentMerged():
            return state._replace(status="merged", merged_into=event.into)
        case IncidentTookOver():
            state = state._replace(messages=(*state.messages, *event.messages), claims=(*state.claims, *event.claims))
            state = state._replace(guests=(*state.guests, *event.clocks), facts=_raised(state, event.level))
            return state._replace(maybe=tuple(m for m in state.maybe if m != event.incident))
        case IncidentGaveBack():
            return _without(state, event.messages)
        case IncidentSplit():
            return state._replace(status="open", merged_into="")
        case IncidentClosed():
            return state._replace(status="closed", outcome=event.outcome)
        case IncidentReopened():
            return state._replace(status="open", outcome="")
        case FigureFixed():
            kept = tuple(pair for pair in state.figures_fixed if pair[0] != event.name)
            return state._replace(figures_fixed=(*kept, (event.name, event)))
        case LevelProposed():
            return state._replace(proposed=event, facts=_raised(state, event.level or ""))
        case FlagsSet():
            return state._replace(flags=event.flags)
        case VerificationNoted():
            return state._replace(truth=event.truth)
        case ClockStarted():
            return _risen(state, event)._replace(clocks=(*state.clocks, event.rule.id))
        case PageCalled():
            return state._replace(pages=state.pages + 1, policies=(*state.policies, event.policy))
    return state._replace(upward=grown(state.upward, event))


def _lowered(state: Incident, event: FactFixed) -> Incident:
    """A level set lower than it ever was is remembered with its author and reason."""
    upward = state.upward
    if event.name != "level" or not higher(upward.peak, event.value):
        return state
    attempt = Lowered(upward.peak, event.value, event.by, event.at, event.reason)
    return state._replace(upward=upward._replace(lowered=(*upward.lowered, attempt)))


def _risen(state: Incident, event: ClockStarted) -> Incident:
    """The instants at which it became reportable, as its clocks say them."""
    rise, upward = Rise(event.start_at, event.why, event.level), state.upward
    if event.rule.start in ARISING or rise in upward.rises:
        return state
    if event.rule.start != "became_reportable" and event.why == "opened":
        return state
    return state._replace(upward=upward._replace(rises=(*upward.rises, rise)))


def _with_report(state: Incident, message: str, summary: str, reading: Reading, at: int) -> Incident:
    return state._replace(
        facts=_read_facts(state, reading),
        claims=(*state.claims, *ledger.claims_of(message, reading, at)),
        messages=(*state.messages, message),
        last_report_at=at,
        last_word=summary[:80],
    )


def _without(state: Incident, messages: tuple[str, ...]) -> Incident:
    kept = tuple(m for m in state.messages if m not in messages)
    return state._replace(messages=kept, claims=tuple(c for c in state.claims if c.message not in messages))


def project(id: str, state: Incident) -> Row | None:
    opened = state.opened
    if opened is None:
        return None
    body: dict[str, Any] = {
        "number": opened.number,
        "event": opened.event,
        "title": fact(state, "title"),
        "status": state.status,
        "signed_by": state.signed_by,
        "signed_how": state.signed_at_how,
        "assigned_to": state.assigned_to,
        "unit": opened.unit,
        "unit_name": opened.unit_name,
        "messages": list(state.messages),
        "figures": ledger.shown(state.claims, dict(state.figures_fixed)),
        "received_at": opened.received_at,
        "last_report_at": state.last_report_at,
        "last_word": state.last_word,
        "maybe": list(state.maybe),
        "flags": list(state.flags),
        "proposed": state.proposed.model_dump(mode="json") if state.proposed else None,
        "truth": state.truth,
        "merged_into": state.merged_into,
        "outcome": state.outcome,
        "category": "",
        "fixed": [name for name, _value in state.fixed],
        **shown(state.upward),
        **dict(state.facts),
        **dict(state.fixed),
    }
    refs = (("incident.unit", opened.unit),) if opened.unit else ()
    town = (("incident.town", opened.division),) if len(opened.division) > 6 else ()
    event = (("incident.event", opened.event),) if opened.event else ()
    is_open = state.status == "open"
    return Row(body, open=is_open, division=opened.division, refs=(*event, *refs, *town) if is_open else event)
