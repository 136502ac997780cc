"""How a legal clock runs: warned at half and four fifths, met, or late for ever; no act takes a passed deadline away."""

from dataclasses import dataclass, replace
from typing import Any

from dutydesk.clock import MINUTE, time_of_day
from dutydesk.domain.obligations import (
    FollowIncident,
    LiftObligation,
    MeetObligation,
    MoveObligation,
    ObligationFollowed,
    ObligationLifted,
    ObligationMet,
    ObligationMissed,
    ObligationMoved,
    ObligationOpened,
    ObligationReopened,
    ObligationWarned,
    OpenObligation,
    ReopenObligation,
)
from dutydesk.domain.pages import CancelPage, StartPage
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Event,
    Fire,
    Look,
    Priority,
    Row,
    SetTimer,
)
from dutydesk.errors import Refused

MARKS = (50, 80, 100)  # percent of the limit at which it warns; ours


@dataclass(frozen=True, slots=True)
class Obligation:
    opened: ObligationOpened | None = None
    status: str = "running"
    start_at: int = 0
    due_at: int = 0
    warned: int = 0
    missed_at: int | None = None
    met: ObligationMet | None = None
    reason: str = ""
    pages: tuple[str, ...] = ()
    moves: int = 0
    incident: str = ""


def mark_at(start_at: int, due_at: int, percent: int) -> int:
    """The instant at which so many percent of a limit are used."""
    return start_at + (due_at - start_at) * percent // 100


def _next_mark(start_at: int, due_at: int, at: int) -> int:
    """The first mark not yet past; the deadline itself when all are."""
    return next((m for p in MARKS if (m := mark_at(start_at, due_at, p)) > at), due_at)


def facts(look: Look, state: Obligation, command: Command) -> tuple[str, ...]:
    """Titles of the incident's other running clocks that are due at the same instant: they share one page."""
    if state.opened is None or isinstance(command, (OpenObligation, MoveObligation)):
        return ()
    found = look.by_ref("about", f"incident/{state.incident}", 200)
    same = (f.body for f in found if f.kind == "obligation" and f.body["due_at"] == state.due_at)
    own = state.opened.rule.id
    return tuple(sorted(str(b["title"]) for b in same if b["rule"] != own and b["status"] in ("running", "missed")))


def decide(state: Obligation, command: Command, context: Context[tuple[str, ...]]) -> list[Event]:
    if isinstance(command, OpenObligation):
        return [] if state.opened else [_open(command, context.at)]
    if state.opened is None:
        raise Refused("没有这个时限")
    match command:
        case MeetObligation():
            return [_met(state, command, context)]
        case MoveObligation():
            return [_moved(state, command, context)]
        case LiftObligation():
            if state.status != "running" or context.at >= state.due_at:
                if command.quiet:
                    return []
                raise Refused("时限已经到期或已经办结,不能撤销")
            return [ObligationLifted(reason=command.reason, by=context.by, pages=_alone(state, context))]
        case FollowIncident() if command.incident != state.incident:
            return [ObligationFollowed(incident=command.incident)]
        case ReopenObligation() if state.status == "lifted":
            return [ObligationReopened(next_mark_at=_next_mark(state.start_at, state.due_at, context.at))]
        case Fire(name="mark") if state.status == "running":
            return [_marked(state, state.opened, command.due_at, context)]
    return []


def _open(command: OpenObligation, at: int) -> ObligationOpened:
    due = command.rule.due(command.start_at)
    return ObligationOpened(
        incident=command.incident,
        subject=command.subject,
        division=command.division,
        rule=command.rule,
        start_at=command.start_at,
        due_at=due,
        next_mark_at=_next_mark(command.start_at, due, at),
        assumed=command.assumed,
        late_start=at >= due,
    )


def _marked(
    state: Obligation, opened: ObligationOpened, mark: int, context: Context[tuple[str, ...]]
) -> ObligationWarned | ObligationMissed:
    call = _call(state, opened, context)
    if context.at >= state.due_at:
        return ObligationMissed(due_at=state.due_at, noticed_late_by=context.at - state.due_at, **call)
    following = _next_mark(state.start_at, state.due_at, context.at)
    percent = _percent(state, max(mark, context.at))
    return ObligationWarned(
        percent=percent, due_at=state.due_at, next_mark_at=following, **(call if percent >= 80 else {})
    )


def _percent(state: Obligation, mark: int) -> int:
    reached = [p for p in MARKS if mark_at(state.start_at, state.due_at, p) <= mark]
    return reached[-1] if reached else MARKS[0]


def _alone(state: Obligation, context: Context[tuple[str, ...]]) -> tuple[str, ...]:
    """The pages that end with this clock: those no other running clock shares."""
    return () if context.facts else state.pages


def _call(state: Obligation, opened: ObligationOpened, context: Context[tuple[str, ...]]) -> dict[str, Any]:
    """The page that a mark starts, when the office names a policy for it."""
    policy = context.rules.page_on_clock
    if not policy:
        return {}
    due = time_of_day(state.due_at)
    left = max(0, (state.due_at - context.at) // MINUTE)
    phrase = "clock_late" if context.at >= state.due_at else "clock_near"
    titles = "、".join(sorted((opened.rule.title, *context.facts)))
    subject = context.rules.phrase(phrase, title=titles, subject=opened.subject, due=due, left=left)
    mark = "late" if context.at >= state.due_at else "near"
    return {
        "page": f"{state.incident}-{mark}-{state.due_at // MINUTE}",
        "policy": policy,
        "subject": subject,
        "incident": state.incident,
        "division": opened.division,
    }


def _met(state: Obligation, command: MeetObligation, context: Context[tuple[str, ...]]) -> ObligationMet:
    if state.met:
        raise Refused("这个时限已经办结")
    if command.told_at > context.at + MINUTE or command.told_at < state.start_at - 60 * MINUTE:
        raise Refused("报告时间不对:晚于现在,或早于起算时间")
    if not command.whom.strip():
        raise Refused("要写明报告给了谁")
    return ObligationMet(
        told_at=command.told_at,
        recorded_at=context.at,
        whom=command.whom,
        note=command.note,
        late_by=max(0, command.told_at - state.due_at),
        by=context.by,
        pages=_alone(state, context),
    )


def _moved(state: Obligation, command: MoveObligation, context: Context[tuple[str, ...]]) -> ObligationMoved:
    opened = state.opened
    assert opened is not None
    if state.status != "running" or context.at >= state.due_at:  # also before its timer has said so
        raise Refused("时限已经到期或已经办结,只能另行说明,不能改起算时间")
    if not command.reason.strip():
        raise Refused("改起算时间要写明理由")
    due = opened.rule.due(command.start_at)
    following = _next_mark(command.start_at, due, context.at)
    return ObligationMoved(
        start_at=command.start_at,
        due_at=due,
        next_mark_at=following,
        reason=command.reason,
        by=context.by,
        was_due_at=state.due_at,
    )


def evolve(state: Obligation, event: Event) -> Obligation:
    match event:
        case ObligationOpened():
            return replace(state, opened=event, start_at=event.start_at, due_at=event.due_at, incident=event.incident)
        case ObligationFollowed():
            return replace(state, incident=event.incident)
        case ObligationReopened():
            return replace(state, status="running", reason="")
        case ObligationWarned():
            pages = (*state.pages, event.page) if event.page else state.pages
            return replace(state, warned=event.percent, pages=pages)
        case ObligationMissed():
            pages = (*state.pages, event.page) if event.page else state.pages
            return replace(state, status="missed", warned=100, missed_at=event.due_at, pages=pages)
        case ObligationMet():
            return replace(state, status="met", met=event)
        case ObligationMoved():
            return replace(
                state, start_at=event.start_at, due_at=event.due_at, moves=state.moves + 1, reason=event.reason
            )
        case ObligationLifted():
            return replace(state, status="lifted", reason=event.reason)
    return state


def follow_up(_id: str, event: Event) -> list[Act]:
    match event:
        case ObligationOpened() | ObligationMoved(next_mark_at=int()):
            return [SetTimer("mark", event.next_mark_at or event.due_at, Priority.LEGAL)]
        case ObligationReopened():
            return [SetTimer("mark", event.next_mark_at, Priority.LEGAL)]
        case ObligationWarned():
            return [SetTimer("mark", event.next_mark_at, Priority.LEGAL), *_pages(event)]
        case ObligationMissed():
            return [CancelTimer("mark"), *_pages(event)]
        case ObligationMet() | ObligationLifted():
            stop = [Ask(f"page/{page}", CancelPage(reason="clock_met")) for page in event.pages]
            return [CancelTimer("mark"), *stop]
    return []


def _pages(event: ObligationWarned | ObligationMissed) -> list[Act]:
    if not event.page:
        return []
    page = StartPage(
        policy=event.policy,
        subject=event.subject,
        incident=event.incident,
        division=event.division,
        signs=False,
        shared=True,
    )
    return [Ask(f"page/{event.page}", page)]


def project(_id: str, state: Obligation) -> Row | None:
    opened = state.opened
    if opened is None:
        return None
    rule = opened.rule
    body: dict[str, Any] = {
        "incident": state.incident,
        "rule": rule.id,
        "title": rule.title,
        "sender": rule.sender,
        "receiver": rule.receiver,
        "line": rule.line,
        "channel": rule.channel,
        "start": rule.start,
        "law": rule.law,
        "confirmed": rule.confirmed,
        "status": state.status,
        "start_at": state.start_at,
        "due_at": state.due_at,
        "assumed": opened.assumed,
        "warned": state.warned,
        "told_at": state.met.told_at if state.met else None,
        "whom": state.met.whom if state.met else "",
        "late_by": state.met.late_by if state.met else None,
        "by": state.met.by if state.met else "",
        "reason": state.reason,
        "moves": state.moves,
    }
    is_open = state.status in ("running", "missed")
    about = f"incident/{state.incident}"
    owed = (("owed", about),) if is_open else ()
    return Row(body, open=is_open, division=opened.division, refs=(("about", about), *owed))


book = Book(
    kind="obligation",
    blank=Obligation(),
    events=(
        ObligationOpened,
        ObligationWarned,
        ObligationMissed,
        ObligationMet,
        ObligationMoved,
        ObligationLifted,
        ObligationFollowed,
        ObligationReopened,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
