"""How an incident grows: reports, figures with their sources, signing for, merging and undoing it, closing."""

from dataclasses import dataclass, replace
from typing import Any

from dutydesk.clock import to_datetime
from dutydesk.domain.incidents import (
    AddReport,
    AssignIncident,
    CallFor,
    Claim,
    CloseIncident,
    FactFixed,
    FixFact,
    GiveBack,
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
    MergeIncident,
    NoteIncident,
    NoteSigned,
    OpenIncident,
    PageCalled,
    RemoveReport,
    ReopenIncident,
    ReportAdded,
    ReportRemoved,
    SignForIncident,
    SplitIncident,
    TakeOver,
)
from dutydesk.domain.pages import AcknowledgePage, CancelPage, StartPage
from dutydesk.domain.readings import FIGURES, Reading
from dutydesk.domain.verbs import Act, Ask, Book, Command, Context, Event, Found, Look, Row
from dutydesk.errors import Refused

FIXABLE = ("title", "category", "code", "level", "place_text", "occurred_at")


@dataclass(frozen=True, slots=True)
class Incident:
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


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """Pages still open about it, and the other incident of a merge."""

    pages: tuple[str, ...] = ()
    other: Found | None = None


def facts(look: Look, state: Incident, command: Command) -> IncidentFacts:
    number = state.opened.number if state.opened else ""
    match command:
        case MergeIncident():
            return IncidentFacts(_open_pages(look, number), look.row("incident", command.into))
        case SignForIncident() | CloseIncident():
            return IncidentFacts(_open_pages(look, number))
    return IncidentFacts()


def _open_pages(look: Look, number: str) -> tuple[str, ...]:
    found = look.by_ref("about", f"incident/{number}", 200)
    return tuple(f.id for f in found if f.kind == "page" and f.open)


def decide(state: Incident, command: Command, context: Context[IncidentFacts]) -> list[Event]:
    if isinstance(command, OpenIncident):
        return _open(state, command, context)
    if state.opened is None:
        raise Refused("没有这个事件")
    match command:
        case AddReport():
            said = command.model_dump(exclude={"reading"})
            return [ReportAdded(**said, reading=command.reading, passed_to=state.merged_into)]
        case RemoveReport() if command.message in state.messages:
            return [ReportRemoved(message=command.message, passed_to=state.merged_into)]
        case SignForIncident():
            return [IncidentSigned(by=context.by, how="console", pages=context.facts.pages)]
        case NoteSigned() if not state.signed_by:
            return [IncidentSigned(by=command.who, how=command.how)]
        case AssignIncident():
            return [IncidentAssigned(to=command.to, by=context.by)]
        case NoteIncident():
            return [IncidentNoted(text=command.text, by=context.by)]
        case FixFact():
            return [_fix(command, context)]
        case CallFor():
            return [_call(state, state.opened, command.policy, context)]
    return _decide_ends(state, state.opened, command, context)


def _decide_ends(
    state: Incident, opened: IncidentOpened, command: Command, context: Context[IncidentFacts]
) -> list[Event]:
    match command:
        case MergeIncident():
            return [_merge(state, opened, command, context)]
        case TakeOver():
            return [IncidentTookOver(incident=command.incident, claims=command.claims, messages=command.messages)]
        case GiveBack():
            into = state.merged_into
            return [IncidentGaveBack(incident=command.incident, messages=command.messages, passed_to=into)]
        case SplitIncident() if state.status == "merged":
            former, by = state.merged_into, context.by
            return [IncidentSplit(former=former, reason=command.reason, by=by, messages=state.messages)]
        case CloseIncident():
            if state.status != "open":
                raise Refused("这个事件已经了结")
            reason, by = command.reason, context.by
            return [IncidentClosed(outcome=command.outcome, reason=reason, by=by, pages=context.facts.pages)]
        case ReopenIncident() if state.status == "closed":
            return [IncidentReopened(reason=command.reason, by=context.by)]
    return []


def _open(state: Incident, command: OpenIncident, context: Context[IncidentFacts]) -> list[Event]:
    if state.opened:
        raise Refused("这个事件已经立过")
    opened = IncidentOpened(**command.model_dump(exclude={"reading", "signed_by"}), reading=command.reading)
    if command.signed_by:
        return [opened, IncidentSigned(by=command.signed_by, how="typed")]
    policy = context.rules.page_on_incident
    state = replace(state, opened=opened)
    return [opened, *([_call(state, opened, policy, context)] if policy else [])]


def _call(state: Incident, opened: IncidentOpened, policy: str, context: Context[IncidentFacts]) -> PageCalled:
    if policy not in context.rules.policies:
        raise Refused(f"没有名为{policy}的呼叫办法")
    time = to_datetime(opened.received_at).strftime("%H:%M")
    subject = context.rules.phrase("incident_subject", number=opened.number, title=_fact(state, "title"), time=time)
    page = f"{opened.number}-{state.pages + 1}"
    return PageCalled(page=page, policy=policy, subject=subject, unit=opened.unit, division=opened.division)


def _fix(command: FixFact, context: Context[IncidentFacts]) -> FactFixed:
    if command.name not in FIXABLE:
        raise Refused(f"要素{command.name}不能直接改")
    return FactFixed(name=command.name, value=command.value, reason=command.reason, by=context.by)


def _merge(
    state: Incident, opened: IncidentOpened, command: MergeIncident, context: Context[IncidentFacts]
) -> IncidentMerged:
    other = context.facts.other
    if other is None or not other.open or command.into == opened.number:
        raise Refused("没有这个未了事件,不能并入")
    if other.drill != context.drill:
        raise Refused("演练与真实事件不能并在一起")
    if state.status != "open":
        raise Refused("这个事件已经了结或并出")
    return IncidentMerged(
        into=command.into,
        reason=command.reason,
        by=context.by,
        claims=state.claims,
        messages=state.messages,
        pages=context.facts.pages,
    )


def claims_of(message: str, reading: Reading, at: int) -> tuple[Claim, ...]:
    """The figures a reading gives; silence gives none."""
    said = ((name, getattr(reading, name)) for name in FIGURES)
    return tuple(Claim(name=n, value=v, message=message, at=at, as_of=reading.as_of) for n, v in said if v is not None)


def standing(claims: tuple[Claim, ...]) -> dict[str, Claim]:
    """The newest figure of each name, by the time it came."""
    newest: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda c: c.at):
        newest[claim.name] = claim
    return newest


def _fact(state: Incident, name: str) -> str:
    fixed = dict(state.fixed)
    if name in fixed:
        return fixed[name]
    if name == "title" and state.opened:
        return state.opened.title
    return dict(state.facts).get(name, "")


def _read_facts(state: Incident, reading: Reading) -> tuple[tuple[str, str], ...]:
    known = dict(state.facts)
    for name in ("category", "code", "subtype", "level", "place_text", "occurred_at"):
        if value := getattr(reading, name):
            known[name] = str(value)
    return tuple(known.items())


def evolve(state: Incident, event: Event) -> Incident:
    match event:
        case IncidentOpened():
            state = replace(state, opened=event, maybe=event.maybe)
            return _with_report(state, event.message, event.summary, event.reading, event.received_at)
        case ReportAdded():
            return _with_report(state, event.message, event.summary, event.reading, event.received_at)
        case ReportRemoved():
            return _without(state, (event.message,))
        case IncidentSigned():
            return replace(state, signed_by=event.by, signed_at_how=event.how)
        case IncidentAssigned():
            return replace(state, assigned_to=event.to)
        case IncidentNoted():
            return replace(state, last_word=event.text[:80])
        case FactFixed():
            return replace(
                state, fixed=(*((n, v) for n, v in state.fixed if n != event.name), (event.name, event.value))
            )
        case IncidentMerged():
            return replace(state, status="merged", merged_into=event.into)
        case IncidentTookOver():
            state = replace(state, messages=(*state.messages, *event.messages), claims=(*state.claims, *event.claims))
            return replace(state, maybe=tuple(m for m in state.maybe if m != event.incident))
        case IncidentGaveBack():
            return _without(state, event.messages)
        case IncidentSplit():
            return replace(state, status="open", merged_into="")
        case IncidentClosed():
            return replace(state, status="closed", outcome=event.outcome)
        case IncidentReopened():
            return replace(state, status="open", outcome="")
        case PageCalled():
            return replace(state, pages=state.pages + 1, policies=(*state.policies, event.policy))
    return state


def _with_report(state: Incident, message: str, summary: str, reading: Reading, at: int) -> Incident:
    state = replace(state, facts=_read_facts(state, reading), claims=(*state.claims, *claims_of(message, reading, at)))
    return replace(state, messages=(*state.messages, message), last_report_at=at, last_word=summary[:80])


def _without(state: Incident, messages: tuple[str, ...]) -> Incident:
    kept = tuple(m for m in state.messages if m not in messages)
    return replace(state, messages=kept, claims=tuple(c for c in state.claims if c.message not in messages))


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case PageCalled():
            page = StartPage(
                policy=event.policy, subject=event.subject, incident=id, unit=event.unit, division=event.division
            )
            return [Ask(f"page/{event.page}", page)]
        case IncidentSigned():
            answer = AcknowledgePage(who=event.by, how="console", answer="", quiet=True)
            return [Ask(f"page/{page}", answer) for page in event.pages]
        case IncidentMerged():
            over = TakeOver(incident=id, claims=event.claims, messages=event.messages)
            return [*_stop(event.pages, "merged"), Ask(f"incident/{event.into}", over)]
        case IncidentSplit():
            return [Ask(f"incident/{event.former}", GiveBack(incident=id, messages=event.messages))]
        case IncidentGaveBack(passed_to=into) if into:
            return [Ask(f"incident/{into}", GiveBack(incident=event.incident, messages=event.messages))]
        case ReportRemoved(passed_to=into) if into:
            return [Ask(f"incident/{into}", RemoveReport(message=event.message))]
        case ReportAdded(passed_to=into) if into:
            return [
                Ask(
                    f"incident/{into}",
                    AddReport(**event.model_dump(exclude={"passed_to", "reading"}), reading=event.reading),
                )
            ]
        case IncidentClosed():
            return _stop(event.pages, "closed")
    return []


def _stop(pages: tuple[str, ...], reason: str) -> list[Act]:
    return [Ask(f"page/{page}", CancelPage(reason=reason)) for page in pages]


def project(id: str, state: Incident) -> Row | None:
    opened = state.opened
    if opened is None:
        return None
    body: dict[str, Any] = {
        "number": opened.number,
        "title": _fact(state, "title"),
        "status": state.status,
        "signed_by": state.signed_by,
        "signed_how": state.signed_at_how,
        "assigned_to": state.assigned_to,
        "unit": opened.unit,
        "unit_name": opened.unit_name,
        "messages": list(state.messages),
        "figures": {n: c.model_dump(mode="json") for n, c in standing(state.claims).items()},
        "received_at": opened.received_at,
        "last_report_at": state.last_report_at,
        "last_word": state.last_word,
        "maybe": list(state.maybe),
        "merged_into": state.merged_into,
        "outcome": state.outcome,
        "category": "",
        **dict(state.facts),
        **dict(state.fixed),
    }
    refs = (("incident.unit", opened.unit),) if opened.unit else ()
    town = (("incident.town", opened.division),) if len(opened.division) > 6 else ()
    is_open = state.status == "open"
    return Row(body, open=is_open, division=opened.division, refs=(*refs, *town) if is_open else ())


book = Book(
    kind="incident",
    blank=Incident(),
    events=(
        IncidentOpened,
        ReportAdded,
        ReportRemoved,
        IncidentSigned,
        IncidentAssigned,
        IncidentNoted,
        FactFixed,
        IncidentMerged,
        IncidentTookOver,
        IncidentGaveBack,
        IncidentSplit,
        IncidentClosed,
        IncidentReopened,
        PageCalled,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
