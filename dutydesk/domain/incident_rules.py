"""How an incident grows: reports, figures with their sources, signing for, merging and undoing it, closing."""

import re
from dataclasses import dataclass
from functools import reduce

from dutydesk.clock import time_of_day
from dutydesk.domain import event_numbers, reporting, reporting_rules
from dutydesk.domain.clocks import ARISING, LEVELS
from dutydesk.domain.incident_clocks import clocks_started, is_moment
from dutydesk.domain.incident_consequences import follow_up
from dutydesk.domain.incident_levels import level_proposed
from dutydesk.domain.incident_state import Incident, evolve, fact, project
from dutydesk.domain.incidents import (
    AddReport,
    AssignIncident,
    CallFor,
    ClockStarted,
    CloseIncident,
    FactFixed,
    FigureFixed,
    FixFact,
    FixFigure,
    FlagsSet,
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
    LevelProposed,
    MergeIncident,
    NoteIncident,
    NoteSigned,
    NoteVerification,
    OpenIncident,
    PageCalled,
    RemoveReport,
    ReopenIncident,
    ReportAdded,
    ReportRemoved,
    SetFlags,
    SignForIncident,
    SplitIncident,
    TakeOver,
    VerificationNoted,
)
from dutydesk.domain.readings import FIGURES
from dutydesk.domain.verbs import Book, Command, Context, Event, Found, Look
from dutydesk.errors import Refused

FIXABLE = ("title", "category", "code", "level", "place_text", "occurred_at", "discovered_at")


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """Pages still open about it, the other incident of a merge, and the event number that is free."""

    pages: tuple[str, ...] = ()
    other: Found | None = None
    running: tuple[Found, ...] = ()  # its legal clocks that are neither met nor lifted
    event: str = ""


def facts(look: Look, state: Incident, command: Command) -> IncidentFacts:
    number = state.opened.number if state.opened else ""
    match command:
        case reporting.ReportByPhone():
            return IncidentFacts(running=_running(look, number))
        case OpenIncident():
            return IncidentFacts(event=event_numbers.free(look))
        case MergeIncident():
            other = look.row("incident", command.into)
            return IncidentFacts(_open(look, number, "page"), other, _running(look, number))
        case SignForIncident():
            found = look.by_ref("about", f"incident/{number}", 200)
            return IncidentFacts(tuple(f.id for f in found if f.kind == "page" and f.open and f.body["signs"]))
        case CloseIncident():
            return IncidentFacts(_open(look, number, "page"), running=_running(look, number))
    return IncidentFacts()


def _open(look: Look, number: str, kind: str) -> tuple[str, ...]:
    found = look.by_ref("about", f"incident/{number}", 200)
    return tuple(f.id for f in found if f.kind == kind and f.open)


def _running(look: Look, number: str) -> tuple[Found, ...]:
    return tuple(look.by_ref("owed", f"incident/{number}", 200))


def decide(state: Incident, command: Command, context: Context[IncidentFacts]) -> list[Event]:
    """The command's own events, the level that the figures reach by them, the legal clocks they start, the reports they make due."""
    events = _decide(state, command, context)
    after = reduce(evolve, events, state)
    proposed = level_proposed(after, context.rules) if events else []
    after = reduce(evolve, proposed, after)
    started = clocks_started(state, after, context.rules, context.at)
    made = [*events, *proposed, *started]
    return [*made, *reporting_rules.arising(state, reduce(evolve, started, after), context)] if made else made


def _decide(state: Incident, command: Command, context: Context[IncidentFacts]) -> list[Event]:
    if isinstance(command, OpenIncident):
        return _opened(state, command, context)
    if state.opened is None:
        raise Refused("没有这个事件")
    match command:
        case AddReport():
            return [ReportAdded(**command.said(), passed_to=state.merged_into)]
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
        case FixFigure():
            return [_fix_figure(command, context)]
        case SetFlags():
            return [_flags(command, context)]
        case CallFor():
            return [_call(state, state.opened, command.policy, context)]
        case NoteVerification():
            return [VerificationNoted(**command.said(), passed_to=state.merged_into)]
    if isinstance(command, reporting_rules.COMMANDS):
        return reporting_rules.decide(state, state.opened, command, context, context.facts.running)
    return _decide_ends(state, state.opened, command, context)


def _decide_ends(
    state: Incident, opened: IncidentOpened, command: Command, context: Context[IncidentFacts]
) -> list[Event]:
    match command:
        case MergeIncident():
            return [_merge(state, opened, command, context)]
        case TakeOver():
            return [
                IncidentTookOver(
                    incident=command.incident,
                    claims=command.claims,
                    messages=command.messages,
                    level=command.level,
                    clocks=command.clocks,
                )
            ]
        case GiveBack():
            into = state.merged_into
            return [IncidentGaveBack(incident=command.incident, messages=command.messages, passed_to=into)]
        case SplitIncident() if state.status == "merged":
            former, by = state.merged_into, context.by
            return [
                IncidentSplit(
                    former=former,
                    reason=command.reason,
                    by=by,
                    messages=state.messages,
                    obligations=_own_clocks(state, opened),
                )
            ]
        case CloseIncident():
            if state.status != "open":
                raise Refused("这个事件已经了结")
            return [_closed(state, command, context)]
        case ReopenIncident() if state.status == "closed":
            return [IncidentReopened(reason=command.reason, by=context.by, obligations=_own_clocks(state, opened))]
    return []


def _own_clocks(state: Incident, opened: IncidentOpened) -> tuple[str, ...]:
    return tuple(f"{opened.number}-{rule}" for rule in state.clocks)


def _opened(state: Incident, command: OpenIncident, context: Context[IncidentFacts]) -> list[Event]:
    if state.opened:
        raise Refused("这个事件已经立过")
    event = event_numbers.as_drill(context.facts.event) if context.drill else context.facts.event
    opened = IncidentOpened(**command.said(but=("signed_by",)), event=event)
    if command.signed_by:
        return [opened, IncidentSigned(by=command.signed_by, how="typed")]
    policy = context.rules.page_on_incident
    state = state._replace(opened=opened)
    return [opened, *([_call(state, opened, policy, context)] if policy else [])]


def _call(state: Incident, opened: IncidentOpened, policy: str, context: Context[IncidentFacts]) -> PageCalled:
    if policy not in context.rules.policies:
        raise Refused(f"没有名为{policy}的呼叫办法")
    time = time_of_day(opened.received_at)
    subject = context.rules.phrase("incident_subject", number=opened.number, title=fact(state, "title"), time=time)
    page = f"{opened.number}-{state.pages + 1}"
    return PageCalled(
        page=page,
        policy=policy,
        subject=subject,
        unit=opened.unit,
        division=opened.division,
        level=fact(state, "level"),
        signs=context.rules.policies[policy].signs,
    )


def _fix(command: FixFact, context: Context[IncidentFacts]) -> FactFixed:
    if command.name not in FIXABLE:
        raise Refused(f"要素{command.name}不能直接改")
    if not _fits(command.name, command.value):
        raise Refused(f"{command.value!r} 不能作为{command.name}的值")
    return FactFixed(**command.said(), by=context.by, at=context.at)


def _fits(name: str, value: str) -> bool:
    """Whether a fact may have this value; empty always means not known."""
    match name:
        case "level":
            return value in ("", *LEVELS)
        case "category":
            return value in ("", "natural_disaster", "accident", "public_health", "social_security")
        case "code":
            return re.fullmatch(r"1[1-4][A-Z]\d\d|", value) is not None
        case "occurred_at" | "discovered_at":
            return value == "" or is_moment(value)
    return len(value) <= 200


def _fix_figure(command: FixFigure, context: Context[IncidentFacts]) -> FigureFixed:
    if command.name not in FIGURES:
        raise Refused(f"没有{command.name}这个数字")
    if not command.reason.strip():
        raise Refused("更正数字要写明理由")
    return FigureFixed(**command.said(), by=context.by, at=context.at)


def _flags(command: SetFlags, context: Context[IncidentFacts]) -> FlagsSet:
    known = {flag.id for flag in context.rules.flags}
    if strange := set(command.flags) - known:
        raise Refused(f"没有这种敏感情形:{'、'.join(sorted(strange))}")
    return FlagsSet(flags=command.flags, reason=command.reason, by=context.by)


def _closed(state: Incident, command: CloseIncident, context: Context[IncidentFacts]) -> IncidentClosed:
    """An incident that was handled is not closed over a running clock; a false one takes its running clocks along."""
    running = [f for f in context.facts.running if f.body["status"] == "running"]
    blocking = [str(f.body["title"]) for f in running if f.body["start"] not in ARISING]
    if command.outcome == "handled" and blocking:
        raise Refused(f"还有时限没有办结:{'、'.join(blocking)}")
    if command.outcome == "handled" and reporting_rules.final_missing(state, context.rules):
        raise Refused("还没有终报:处置结束要先终报,再了结")
    return IncidentClosed(
        outcome=command.outcome,
        reason=command.reason,
        by=context.by,
        pages=context.facts.pages,
        obligations=tuple(f.id for f in running),
    )


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
        obligations=tuple(f.id for f in context.facts.running),
        level=fact(state, "level"),
        clocks=tuple(str(f.body["rule"]) for f in context.facts.running),
    )


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
        FlagsSet,
        FigureFixed,
        LevelProposed,
        ClockStarted,
        VerificationNoted,
        *reporting.EVENTS,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
