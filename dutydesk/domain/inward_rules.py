"""How what comes from above is kept before everything else: its clock runs from receipt, and only an answer or a closing stops it."""

from typing import Any, NamedTuple

from dutydesk.clock import MINUTE, time_of_day, to_datetime
from dutydesk.domain.inward_replies import Reply, reply, sent
from dutydesk.domain.inwards import (
    AnswerInward,
    CloseInward,
    InwardAnswered,
    InwardClosed,
    InwardLogged,
    InwardMarked,
    InwardReplyNoted,
    InwardTaken,
    LogInward,
    SettleInward,
    TakeInward,
)
from dutydesk.domain.messages import DismissMessage
from dutydesk.domain.obligation_rules import MARKS, mark_at
from dutydesk.domain.pages import CancelPage, StartPage
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
    Row,
    SetTimer,
)
from dutydesk.errors import Refused

CALLS_FROM = 80  # percent of the time at which the watch is called, and again at the end
NEED_ANSWER = frozenset({"question", "instruction", "request"})


class Inward(NamedTuple):
    logged: InwardLogged | None = None
    taken: InwardTaken | None = None
    marked: int = 0
    pages: tuple[str, ...] = ()
    answers: tuple[InwardAnswered, ...] = ()
    replies: tuple[InwardReplyNoted, ...] = ()
    closed: InwardClosed | None = None


def facts(look: Look, _state: Inward, command: Command) -> str:
    """For a new one: its running number of the year."""
    if not isinstance(command, LogInward):
        return ""
    year = to_datetime(look.at).strftime("%Y")
    return f"{year}-{look.count(f'inward:{year}'):04d}"


def decide(state: Inward, command: Command, context: Context[str]) -> list[Event]:
    if isinstance(command, LogInward):
        return [_logged(state, command, context)]
    logged = state.logged
    if logged is None:
        raise Refused("没有这件上级文电")
    if isinstance(command, NoteLine):
        said = command.model_dump(include={"delivery", "status", "receipt"})
        return [InwardReplyNoted(**said, at=context.at)]
    if isinstance(command, SettleInward):
        return _settled(state, logged, command, context)
    if state.closed:
        if isinstance(command, Fire):
            return []
        raise Refused("这件上级文电已经办结")
    match command:
        case TakeInward():
            return [InwardTaken(by=context.by, at=context.at, settles=_settles(state, logged))]
        case AnswerInward():
            return [_answered(state, logged, command, context)]
        case CloseInward():
            return [_closed(state, logged, command, context)]
        case Fire(name="due") if not state.answers:
            return [_marked(state, logged, context)]
    return []


def _logged(state: Inward, command: LogInward, context: Context[str]) -> InwardLogged:
    if state.logged:
        raise Refused("这件已经登记")
    if not command.title.strip():
        raise Refused("请写明标题或要点")
    clock = context.rules.asking.clock_of(command.kind)
    if clock is None:
        raise Refused("没有为这一类上级文电配置时限(asking.toml)")
    due = context.at + clock.minutes * MINUTE
    said = command.answer_by
    due = said if said and (said > context.at or command.late_too) else due
    return InwardLogged(
        **command.model_dump(exclude={"law", "confirmed", "late_too"}),
        number=context.facts,
        received_at=context.at,
        due_at=due,
        next_at=max(context.at, mark_at(context.at, due, MARKS[0])),
        law=command.law or clock.law,
        confirmed=command.confirmed if command.law else clock.confirmed,
        by=context.by,
    )


def _marked(state: Inward, logged: InwardLogged, context: Context[str]) -> InwardMarked:
    marks = [(percent, mark_at(logged.received_at, logged.due_at, percent)) for percent in MARKS]
    percent = max((p for p, at in marks if at <= context.at), default=MARKS[0])
    policy = context.rules.asking.inward_policy if percent >= CALLS_FROM else ""
    due = time_of_day(logged.due_at)
    phrase = "request_due" if logged.kind == "request" else "inward_due"
    subject = context.rules.phrase(phrase, number=logged.number, title=logged.title[:40], due=due)
    return InwardMarked(
        percent=percent,
        next_at=next((at for _p, at in marks if at > context.at), None),
        page=f"u{logged.number}-{percent}" if policy else "",
        policy=policy,
        subject=subject,
    )


def _answered(state: Inward, logged: InwardLogged, command: AnswerInward, context: Context[str]) -> InwardAnswered:
    if not command.text.strip():
        raise Refused("请写明怎样答复的")
    back, n = Reply(), len(state.answers) + 1
    if command.how == "line":
        back = reply(logged, command.text, n, context.at, context.rules, declined=command.declined)
    late = max(0, context.at - logged.due_at)
    ended = {"late_by": late, "pages": state.pages, "by": context.by, "at": context.at, **back._asdict()}
    return InwardAnswered.model_validate(command.model_dump() | ended | {"settles": _settles(state, logged)})


def _settles(state: Inward, logged: InwardLogged) -> str:
    """The message it came as, once: at the first of taking, answering and closing it."""
    return "" if state.taken or state.answers else logged.message or ""


def _settled(state: Inward, logged: InwardLogged, command: SettleInward, context: Context[str]) -> list[Event]:
    """Closed by whoever asked, with what they hold as the answer; what was answered over the line crossed it on the way and stays."""
    if state.closed or any(answer.how == "line" for answer in state.answers):
        return []
    late = state.answers[0].late_by if state.answers else max(0, context.at - logged.due_at)
    ended = {"late_by": late, "pages": state.pages, "by": context.by, "at": context.at}
    return [InwardClosed.model_validate(ended | {"reason": command.text, "settles": _settles(state, logged)})]


def _closed(state: Inward, logged: InwardLogged, command: CloseInward, context: Context[str]) -> InwardClosed:
    if logged.kind in NEED_ANSWER and not state.answers:
        raise Refused("上级的询问、指示和下级的请示要先答复,才能办结")
    if not state.answers and not command.reason.strip():
        raise Refused("请写明办理情况")
    late = state.answers[0].late_by if state.answers else max(0, context.at - logged.due_at)
    told = not state.answers and context.rules.peer(logged.reply_to) is not None
    back = reply(logged, command.reason, 1, context.at, context.rules) if told else Reply()
    ended = back._asdict() | {"late_by": late, "pages": state.pages, "by": context.by, "at": context.at}
    return InwardClosed.model_validate(ended | {"reason": command.reason, "settles": _settles(state, logged)})


def evolve(state: Inward, event: Event) -> Inward:
    match event:
        case InwardLogged():
            return state._replace(logged=event)
        case InwardTaken():
            return state._replace(taken=event)
        case InwardMarked():
            pages = (*state.pages, event.page) if event.page else state.pages
            return state._replace(marked=event.percent, pages=pages)
        case InwardAnswered():
            return state._replace(answers=(*state.answers, event), pages=())
        case InwardReplyNoted():
            return state._replace(replies=(*state.replies, event))
        case InwardClosed():
            return state._replace(closed=event, pages=())
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case InwardLogged():
            return [SetTimer("due", event.next_at, Priority.LEGAL)]
        case InwardMarked():
            page = StartPage(policy=event.policy, subject=event.subject)
            acts: list[Act] = [Ask(f"page/{event.page}", page)] if event.page else []
            return [*acts, *([SetTimer("due", event.next_at, Priority.LEGAL)] if event.next_at else [])]
        case InwardTaken():
            return _message_settled(event.settles)
        case InwardAnswered() | InwardClosed():
            over = CancelPage(reason="settled")
            stopped = (Ask(f"page/{page}", over) for page in event.pages)
            return [CancelTimer("due"), *stopped, *_message_settled(event.settles), *sent(id, event)]
    return []


def _message_settled(message: str) -> list[Act]:
    return [Ask(f"message/{message}", DismissMessage(reason="上级文电已承办"))] if message else []


def project(_id: str, state: Inward) -> Row | None:
    logged = state.logged
    if logged is None:
        return None
    late = [event.late_by for event in (*state.answers[:1], state.closed) if event]
    body: dict[str, Any] = {
        **logged.model_dump(exclude={"next_at", "original"}),
        "original": logged.original,
        "taken_by": state.taken.by if state.taken else "",
        "marked": state.marked,
        "answers": [_shown(answer, state) for answer in state.answers],
        "told": _turn(state.closed.delivery, state) if state.closed else None,
        "status": "closed" if state.closed else "answered" if state.answers else "waiting",
        "late_by": late[0] if late else None,
        "reason": state.closed.reason if state.closed else "",
        "closed_by": state.closed.by if state.closed else "",
        "closed_at": state.closed.at if state.closed else None,
    }
    about = [("about", f"{k}/{v}") for k, v in (("incident", logged.incident), ("message", logged.message)) if v]
    return Row(body, open=state.closed is None, refs=tuple(about))


def _shown(answer: InwardAnswered, state: Inward) -> dict[str, Any]:
    said = answer.model_dump(include={"text", "how", "by", "at", "late_by", "declined"})
    return said | {"reply": _turn(answer.delivery, state)}


def _turn(delivery: str, state: Inward) -> dict[str, Any] | None:
    """How far an answer came that went over a link; None where none did."""
    if not delivery:
        return None
    turns = [noted for noted in state.replies if noted.delivery == delivery]
    blank = {"status": "waiting", "receipt": "", "at": None}
    return turns[-1].model_dump(include={"status", "receipt", "at"}) if turns else blank


book = Book(
    kind="inward",
    blank=Inward(),
    events=(InwardLogged, InwardTaken, InwardMarked, InwardAnswered, InwardReplyNoted, InwardClosed),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
