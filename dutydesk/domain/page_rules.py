"""How a page climbs: step by step, each with its own clock, until somebody answers or the policy is used up."""

from dutydesk.clock import MINUTE
from dutydesk.domain import calling
from dutydesk.domain.asking import NoteAnswer, NoteArrival, NoteSilence, NoteStopped, meant
from dutydesk.domain.deliveries import CancelDelivery, QueueDelivery
from dutydesk.domain.incidents import NoteSigned
from dutydesk.domain.page_state import Page, evolve, project
from dutydesk.domain.pages import (
    AcknowledgePage,
    AskMoreTime,
    CancelPage,
    Escalate,
    NoteUndelivered,
    PageAcknowledged,
    PageAnsweredLate,
    PageCallFailed,
    PageCancelled,
    PageCarried,
    PageExhausted,
    PageExtended,
    PageStarted,
    PageStepStarted,
    StartPage,
)
from dutydesk.domain.submissions import NoteLine
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
    Promise,
    SetTimer,
)
from dutydesk.errors import Refused

MOST_EXTENSIONS = 3  # ours: a page cannot be put off for ever
LONGEST_EXTENSION = 60  # minutes
RECEIVED_WAIT = 5  # minutes, ours: a question that was only acknowledged waits once so long before it climbs on
Facts = calling.Desk | None


def facts(look: Look, state: Page, command: Command) -> Facts:
    if isinstance(command, (StartPage, Fire, Escalate, NoteUndelivered)):
        return calling.desk(look)
    return None


def decide(state: Page, command: Command, context: Context[Facts]) -> list[Event]:
    if isinstance(command, StartPage):
        return _start(state, command, context)
    if state.started is None:
        raise Refused("没有这次呼叫")
    if isinstance(command, NoteLine):
        said = command.model_dump(include={"delivery", "status", "receipt"}) | _told(state)
        return [PageCarried.model_validate(said | {"at": context.at})]
    if state.status == "exhausted" and isinstance(command, (AcknowledgePage, CancelPage)):
        pass  # nobody answered in time, and now somebody does
    elif state.status != "open":
        return _after_the_end(state, command)
    match command:
        case AcknowledgePage():
            return _answered(state, state.started, command, context)
        case AskMoreTime():
            return [_extended(state, command, context)]
        case NoteUndelivered():
            return _undelivered(state, command, context)
        case Escalate():
            return _next(state, context, "ordered", 0)
        case CancelPage():
            return [PageCancelled(reason=command.reason, unsent=_unsent(state), **_told(state))]
        case Fire(name="answer"):
            return _next(state, context, "no_answer", max(0, context.at - command.due_at))
    return []


def _start(state: Page, command: StartPage, context: Context[Facts]) -> list[Event]:
    if state.started and command.shared:
        return []
    if state.started:
        raise Refused("这次呼叫已经开始")
    policy = context.rules.policies.get(command.policy)
    if policy is None:
        raise Refused(f"没有名为{command.policy}的呼叫办法")
    started = PageStarted(policy=policy, started_at=context.at, **command.said(but=("policy", "shared")))
    return [started, *_begin(state._replace(started=started), 0, 0, context, ("started", 0))]


def _begin(state: Page, step: int, round: int, context: Context[Facts], why: tuple[str, int]) -> list[Event]:
    """Start a step; one that reaches nobody is recorded and the next begins at once."""
    started, desk = state.started, context.facts
    assert started is not None
    assert desk is not None
    events: list[Event] = []
    for index in range(step, len(started.policy.steps)):
        chosen = started.policy.steps[index]
        called = calling.resolve(chosen, started, desk, context)
        called = called if state.steps_begun or index else calling.by_link(called, started, context)
        reached = called.people or "console" in chosen.how
        wait = int(chosen.answer_within * MINUTE) if reached else 0
        place = calling.Place(index, round, context.at, context.at + wait, *why)
        prefix = f"{state.steps_begun + len(events)}"
        events.append(calling.step_started(called, started, context.rules, prefix, place))
        if reached:
            return events
        why = ("nobody_there", 0)
    return [*events, _exhausted(started, len(started.policy.steps) - 1)]


def _next(state: Page, context: Context[Facts], why: str, late_by: int) -> list[Event]:
    started = state.started
    assert started is not None
    policy = started.policy
    if state.round < policy.steps[state.step].repeat and why == "no_answer":
        return _begin(state, state.step, state.round + 1, context, (why, late_by))
    if state.step + 1 < len(policy.steps):
        return _begin(state, state.step + 1, 0, context, (why, late_by))
    if policy.at_top == "repeat" and state.round + 1 < policy.top_rounds:
        return _begin(state, state.step, state.round + 1, context, (why, late_by))
    return [_exhausted(started, state.step, late_by)]


def _exhausted(started: PageStarted, step: int, late_by: int = 0) -> PageExhausted:
    return PageExhausted(step=step, late_by=late_by, asker=started.asker, asked=started.asked)


def _told(state: Page) -> dict[str, str]:
    """Who asked, and under which line they want to hear of it."""
    started = state.started
    return {"asker": started.asker, "asked": started.asked} if started else {}


def _answered(state: Page, started: PageStarted, command: AcknowledgePage, context: Context[Facts]) -> list[Event]:
    """A question is over only with an answer to it; a bare 收到 earns one short wait."""
    said = meant(started.asks, command.answer)
    if said is not None:
        return [_acknowledged(state, started, command.model_copy(update={"answer": said}), context)]
    if command.how == "console":
        raise Refused("请写明答复,只签收不算答复")
    if state.extensions or state.status != "open":
        return []
    wish = AskMoreTime(who=command.who, how=command.how, minutes=RECEIVED_WAIT, reason=command.answer or "收到")
    return [_extended(state, wish, context)]


def _acknowledged(
    state: Page, started: PageStarted, command: AcknowledgePage, context: Context[Facts]
) -> PageAcknowledged:
    asked = [index for index, call in enumerate(state.calls) if call.callee == command.who]
    return PageAcknowledged(
        who=command.who,
        how=command.how,
        answer=command.answer,
        step=state.step,
        asked_in_step=asked[0] if asked else None,
        after=context.at - started.started_at,
        incident=started.incident if started.signs else None,
        unsent=_unsent(state),
        message=command.message,
        **_told(state),
    )


def _unsent(state: Page) -> tuple[str, ...]:
    return tuple(call.delivery for call in state.calls)


def _extended(state: Page, command: AskMoreTime, context: Context[Facts]) -> PageExtended:
    if state.extensions >= MOST_EXTENSIONS:
        raise Refused("已经延时三次,不能再延")
    minutes = min(max(command.minutes, 1), LONGEST_EXTENSION)
    until = max(state.answer_by or context.at, context.at) + minutes * MINUTE
    return PageExtended(who=command.who, how=command.how, minutes=minutes, reason=command.reason, answer_by=until)


def _undelivered(state: Page, command: NoteUndelivered, context: Context[Facts]) -> list[Event]:
    started, failed = state.started, _failed(command)
    assert started is not None
    step, of_step = started.policy.steps[state.step], {call.delivery for call in state.step_calls}
    ended = [one for one in (*state.failed, failed) if one.delivery in of_step]
    hopeless = of_step == {one.delivery for one in ended} and "console" not in step.how
    if failed.delivery not in of_step or not hopeless or _at_top(state, started):
        return [failed]
    if not all(one.unanswered for one in ended):
        return [failed, *_next(state, context, "undelivered", 0)]
    if state.round < step.repeat:
        return [failed]  # the clock has them called once more
    return [failed, *_next(state, context, "unanswered", 0)]


def _failed(command: NoteUndelivered) -> PageCallFailed:
    said = command.model_dump(include={"callee", "code", "unanswered"})
    return PageCallFailed(delivery=command.delivery.partition(".")[2], **said)


def _at_top(state: Page, started: PageStarted) -> bool:
    """At the last step a failed delivery waits for the clock, or a dead provider would turn the page into a hot loop."""
    return state.step + 1 >= len(started.policy.steps)


def _after_the_end(state: Page, command: Command) -> list[Event]:
    if isinstance(command, AcknowledgePage) and not command.quiet:
        said = meant(state.started.asks, command.answer) if state.started else None
        answer = command.answer if said is None else said
        asked = _told(state) if said is not None else {}
        return [PageAnsweredLate(**command.model_dump(include={"who", "how", "message"}), answer=answer, **asked)]
    if isinstance(command, AskMoreTime):
        return [PageAnsweredLate(who=command.who, how=command.how, answer=command.reason or "延时")]
    if isinstance(command, NoteUndelivered):
        return [_failed(command)]
    return []


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case PageStepStarted():
            return [SetTimer("answer", event.answer_by, Priority.PAGE), *_calls(id, event)]
        case PageExtended():
            return [SetTimer("answer", event.answer_by, Priority.PAGE)]
        case PageAcknowledged():
            signed = NoteSigned(page=id, who=event.who, how=event.how)
            tell: list[Act] = [Ask(f"incident/{event.incident}", signed)] if event.incident else []
            return [CancelTimer("answer"), *_withdraw(id, event.unsent, "answered"), *tell, *_pass_on(event)]
        case PageAnsweredLate():
            return _pass_on(event)
        case PageCarried() if event.asker:
            came = NoteArrival(asked=event.asked, status=event.status, receipt=event.receipt)
            return [Ask(event.asker, came)]
        case PageExhausted():
            silent = NoteSilence(asked=event.asked, page=id)
            return [CancelTimer("answer"), *([Ask(event.asker, silent)] if event.asker else [])]
        case PageCancelled():
            stopped = NoteStopped(asked=event.asked, reason=event.reason)
            tell = [Ask(event.asker, stopped)] if event.asker else []
            return [CancelTimer("answer"), *_withdraw(id, event.unsent, event.reason), *tell]
    return []


def _pass_on(event: PageAcknowledged | PageAnsweredLate) -> list[Act]:
    """Whoever asked hears the answer."""
    if not event.asker:
        return []
    said = event.model_dump(include={"asked", "who", "how", "message"})
    late = isinstance(event, PageAnsweredLate)
    return [Ask(event.asker, NoteAnswer(**said, text=event.answer, late=late))]


def _calls(id: str, event: PageStepStarted) -> list[Act]:
    return [
        Ask(
            f"delivery/{id}.{call.delivery}",
            QueueDelivery(
                how=call.how,
                to=to,
                text=calling.numbered(text, id) if call.how == "link" else text,
                purpose="question" if call.how == "link" else "page",
                about=f"page/{id}",
                promise=Promise.REPEATABLE,
                callee=call.callee,
                division=event.division,
            ),
        )
        for call, to, text in zip(event.calls, event.addresses, event.texts, strict=True)
    ]


def _withdraw(id: str, deliveries: tuple[str, ...], reason: str) -> list[Act]:
    return [Ask(f"delivery/{id}.{delivery}", CancelDelivery(reason=reason)) for delivery in deliveries]


book = Book(
    kind="page",
    blank=Page(),
    events=(
        PageStarted,
        PageStepStarted,
        PageAcknowledged,
        PageAnsweredLate,
        PageExtended,
        PageCallFailed,
        PageCarried,
        PageExhausted,
        PageCancelled,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
