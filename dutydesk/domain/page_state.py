"""A page as it stands, and its row."""

from typing import Any, NamedTuple

from dutydesk.clock import day
from dutydesk.domain.pages import (
    Call,
    PageAcknowledged,
    PageAnsweredLate,
    PageCallFailed,
    PageCancelled,
    PageExhausted,
    PageExtended,
    PageStarted,
    PageStepStarted,
    callees,
)
from dutydesk.domain.papers import sent_to
from dutydesk.domain.verbs import (
    Event,
    Row,
)


class Page(NamedTuple):  # copied at every event, four times cheaper than by dataclasses.replace
    started: PageStarted | None = None
    status: str = "open"
    step: int = 0
    round: int = 0
    steps_begun: int = 0
    answer_by: int | None = None
    step_started_at: int = 0
    calls: tuple[Call, ...] = ()
    step_calls: tuple[Call, ...] = ()
    addresses: tuple[str, ...] = ()
    failed: tuple[PageCallFailed, ...] = ()
    answered_by: str = ""
    answered_how: str = ""
    answer: str = ""
    after: int = 0
    late: tuple[tuple[str, str, str], ...] = ()
    extensions: int = 0
    reason: str = ""


def evolve(state: Page, event: Event) -> Page:
    match event:
        case PageStarted():
            return state._replace(started=event)
        case PageStepStarted():
            return state._replace(
                calls=(*state.calls, *event.calls),
                step_calls=event.calls,
                addresses=(*state.addresses, *event.addresses),
                answer_by=event.answer_by,
                step_started_at=event.begun_at,
                step=event.step,
                round=event.round,
                steps_begun=state.steps_begun + 1,
            )
        case PageAcknowledged():
            state = state._replace(status="acknowledged", answered_by=event.who, answered_how=event.how)
            return state._replace(answer=event.answer, after=event.after, answer_by=None)
        case PageAnsweredLate():
            return state._replace(late=(*state.late, (event.who, event.how, event.answer)))
        case PageExtended():
            return state._replace(answer_by=event.answer_by, extensions=state.extensions + 1)
        case PageCallFailed():
            return state._replace(failed=(*state.failed, event))
        case PageExhausted():
            return state._replace(status="exhausted", answer_by=None)
        case PageCancelled():
            return state._replace(status="cancelled", reason=event.reason, answer_by=None)
    return state


def project(id: str, state: Page) -> Row | None:
    started = state.started
    if started is None:
        return None
    policy = started.policy
    body: dict[str, Any] = {
        "subject": started.subject,
        "incident": started.incident,
        "signs": started.signs,
        "asks": started.asks,
        "asker": started.asker,
        "asked": started.asked,
        "message": started.message,
        "policy": policy.name,
        "status": state.status,
        "step": state.step,
        "steps": len(policy.steps),
        "who": list(policy.steps[state.step].who),
        "how": list(policy.steps[state.step].how),
        "round": state.round,
        "answer_by": state.answer_by,
        "step_started_at": state.step_started_at,
        "started_at": started.started_at,
        "calls": [call.model_dump() for call in state.step_calls],
        "failed": [one.delivery for one in state.failed],
        "unreached": callees(state.failed, unanswered=False),
        "unanswered": callees(state.failed, unanswered=True),
        "answered_by": state.answered_by,
        "answered_how": state.answered_how,
        "answer": state.answer,
        "after": state.after,
        "late": [list(answer) for answer in state.late],
        "extensions": state.extensions,
        "reason": state.reason,
    }
    is_open = state.status in ("open", "exhausted")
    called = dict.fromkeys(a for a in state.addresses if a)
    word, suffix = ("page.address", "") if is_open else ("page.over", f"|{day(started.started_at)}")
    refs = [(word, f"{address}{suffix}") for address in called]
    about = [("about", f"{k}/{v}") for k, v in (("incident", started.incident), ("message", started.message)) if v]
    asker = [("about", started.asker)] if started.asker else []
    asker += [sent_to(call.callee.removeprefix("unit:"), id) for call in state.calls if call.how == "link"]
    return Row(body, open=is_open, division=started.division, refs=(*refs, *about, *asker))
