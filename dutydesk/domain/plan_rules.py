"""How a plan runs: a clock for every step, a page when one runs out, ticks that say when and how late; ended with what was left open."""

from dataclasses import dataclass, replace
from typing import Any

from dutydesk.clock import MINUTE
from dutydesk.domain.pages import CancelPage, StartPage
from dutydesk.domain.plan_policy import PlanStep
from dutydesk.domain.plans import (
    EndPlan,
    PlanEnded,
    PlanStarted,
    SkipStep,
    StartPlan,
    StepOverdue,
    StepSkipped,
    StepTicked,
    TickStep,
)
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Event,
    Fire,
    Found,
    Look,
    Priority,
    Row,
    SetTimer,
)
from dutydesk.errors import Refused


@dataclass(frozen=True, slots=True)
class RunningPlan:
    started: PlanStarted | None = None
    ticked: tuple[StepTicked, ...] = ()
    skipped: tuple[StepSkipped, ...] = ()
    overdue: tuple[StepOverdue, ...] = ()
    ended: PlanEnded | None = None


def facts(look: Look, _state: RunningPlan, command: Command) -> Found | None:
    """For a start: the incident."""
    return look.row("incident", command.incident) if isinstance(command, StartPlan) else None


def decide(state: RunningPlan, command: Command, context: Context[Found | None]) -> list[Event]:
    if isinstance(command, StartPlan):
        return [_started(state, command, context)]
    if state.started is None:
        raise Refused("这个预案没有启动")
    if isinstance(command, Fire):
        return _overdue(state, state.started, command, context)
    if state.ended:
        raise Refused("这个预案已经结束")
    match command:
        case TickStep():
            return [_ticked(state, state.started, command, context)]
        case SkipStep():
            _open_step(state, state.started, command.step)
            if not command.reason.strip():
                raise Refused("不适用要写明理由")
            return [
                StepSkipped(
                    step=command.step,
                    reason=command.reason,
                    at=context.at,
                    by=context.by,
                    page=_page(state, command.step),
                )
            ]
        case EndPlan():
            return [_ended(state, state.started, command, context)]
    return []


def _started(state: RunningPlan, command: StartPlan, context: Context[Found | None]) -> PlanStarted:
    plan = next((one for one in context.rules.plans if one.id == command.plan), None)
    incident = context.facts
    if state.started:
        raise Refused("这个预案已经启动过")
    if plan is None:
        raise Refused("没有这个预案(config/plans.toml)")
    if incident is None or not incident.open:
        raise Refused("没有这个未了事件")
    if incident.drill != context.drill:
        raise Refused("演练的预案只能用于演练的事件")
    return PlanStarted(
        plan=plan,
        incident=command.incident,
        number=incident.body["number"],
        subject=incident.body["title"],
        division=str(incident.body.get("division", "")),
        due=tuple(context.at + round(step.minutes * MINUTE) for step in plan.steps),
        started_at=context.at,
        by=context.by,
    )


def _steps(started: PlanStarted) -> list[tuple[PlanStep, int]]:
    return list(zip(started.plan.steps, started.due, strict=True))


def open_steps(state: RunningPlan) -> list[tuple[PlanStep, int]]:
    """Steps neither ticked nor skipped, with when each is due."""
    if state.started is None:
        return []
    done = {event.step for event in state.ticked} | {event.step for event in state.skipped}
    return [(step, due) for step, due in _steps(state.started) if step.id not in done]


def _open_step(state: RunningPlan, started: PlanStarted, id: str) -> int:
    due = next((due for step, due in open_steps(state) if step.id == id), None)
    if due is None:
        raise Refused("这一步已经办完,或没有这一步")
    return due


def _ticked(state: RunningPlan, started: PlanStarted, command: TickStep, context: Context[Found | None]) -> StepTicked:
    late = max(0, context.at - _open_step(state, started, command.step))
    page = _page(state, command.step)
    return StepTicked(step=command.step, note=command.note, at=context.at, late_by=late, by=context.by, page=page)


def _page(state: RunningPlan, step: str) -> str:
    """The call that was started when this step's time was over."""
    return next((event.page for event in state.overdue if event.step == step), "")


def _overdue(state: RunningPlan, started: PlanStarted, fire: Fire, context: Context[Found | None]) -> list[Event]:
    id = fire.name.removeprefix("step ")
    step = next((step for step, _due in open_steps(state) if step.id == id), None)
    if step is None or state.ended:
        return []
    policy = context.rules.page_on_clock
    subject = context.rules.phrase("plan_overdue", plan=started.plan.name, number=started.number, what=step.what)
    page = f"{started.incident}-plan-{started.plan.id}-{id}"
    return [
        StepOverdue(
            step=id,
            due_at=fire.due_at,
            noticed_late_by=max(0, context.at - fire.due_at),
            page=page if policy else "",
            policy=policy,
            subject=subject,
            incident=started.incident,
            division=started.division,
        )
    ]


def _ended(state: RunningPlan, started: PlanStarted, command: EndPlan, context: Context[Found | None]) -> PlanEnded:
    left = tuple(step.what for step, _due in open_steps(state))
    if left and not command.reason.strip():
        raise Refused(f"还有{len(left)}步没有办,结束要写明理由:{'、'.join(left[:3])}")
    open_ids = tuple(step.id for step, _due in open_steps(state))
    pages = tuple(event.page for event in state.overdue if event.page and event.step in open_ids)
    return PlanEnded(reason=command.reason, open_steps=open_ids, pages=pages, at=context.at, by=context.by)


def evolve(state: RunningPlan, event: Event) -> RunningPlan:
    match event:
        case PlanStarted():
            return replace(state, started=event)
        case StepTicked():
            return replace(state, ticked=(*state.ticked, event))
        case StepSkipped():
            return replace(state, skipped=(*state.skipped, event))
        case StepOverdue():
            return replace(state, overdue=(*state.overdue, event))
        case PlanEnded():
            return replace(state, ended=event)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case PlanStarted():
            return [
                act
                for step, due in _steps(event)
                for act in (SetTimer(f"step {step.id}", due, Priority.WORK), *_call(id, event, step))
            ]
        case StepTicked() | StepSkipped():
            return [CancelTimer(f"step {event.step}"), *_stop(event.page)]
        case StepOverdue() if event.page:
            said = event.model_dump(include={"policy", "subject", "incident", "division"})
            return [Ask(f"page/{event.page}", StartPage(**said, signs=False, shared=True))]
        case PlanEnded():
            cancel = [CancelTimer(f"step {step}") for step in event.open_steps]
            return [*cancel, *(Ask(f"page/{page}", CancelPage(reason="plan_ended")) for page in event.pages)]
    return []


def _call(id: str, started: PlanStarted, step: PlanStep) -> list[Act]:
    if not step.call:
        return []
    subject = f"{started.plan.name}:{step.what}({started.number})"
    page = StartPage(
        policy=step.call, subject=subject, incident=started.incident, division=started.division, signs=False
    )
    return [Ask(f"page/{id}-{step.id}", page)]


def _stop(page: str) -> list[Act]:
    return [Ask(f"page/{page}", CancelPage(reason="plan_step_done"))] if page else []


def project(_id: str, state: RunningPlan) -> Row | None:
    started = state.started
    if started is None:
        return None
    left = open_steps(state)
    body: dict[str, Any] = {
        "plan": started.plan.id,
        "name": started.plan.name,
        "law": started.plan.law,
        "confirmed": started.plan.confirmed,
        "incident": started.incident,
        "started_at": started.started_at,
        "started_by": started.by,
        "steps": [_line(state, step, due) for step, due in _steps(started)],
        "left": len(left),
        "next_due": min((due for _step, due in left), default=None),
        "status": "ended" if state.ended else "running",
        "reason": state.ended.reason if state.ended else "",
    }
    about = (("about", f"incident/{started.incident}"),)
    return Row(body, open=state.ended is None, division=started.division, refs=about)


def _line(state: RunningPlan, step: PlanStep, due: int) -> dict[str, Any]:
    ticked = next((event for event in state.ticked if event.step == step.id), None)
    skipped = next((event for event in state.skipped if event.step == step.id), None)
    return {
        "id": step.id,
        "what": step.what,
        "who": step.who,
        "due_at": due,
        "ticked_at": ticked.at if ticked else None,
        "late_by": ticked.late_by if ticked else None,
        "note": ticked.note if ticked else "",
        "skipped": skipped.reason if skipped else "",
        "by": ticked.by if ticked else skipped.by if skipped else "",
    }


book = Book(
    kind="plan",
    blank=RunningPlan(),
    events=(PlanStarted, StepTicked, StepSkipped, StepOverdue, PlanEnded),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
