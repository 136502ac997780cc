"""How what goes down a line is followed to its end: receipted, chased when silent, every answer kept, ended by a person."""

from typing import Any, NamedTuple

from dutydesk.clock import MINUTE, time_of_day, to_datetime
from dutydesk.domain.asking import NoteAnswer
from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.downwards import (
    DownwardAnswered,
    DownwardEnded,
    DownwardMarked,
    DownwardNoted,
    DownwardSent,
    EndDown,
    SendDown,
    TakeAnswer,
)
from dutydesk.domain.exchanges import Exchange, ExchangeFile
from dutydesk.domain.obligation_rules import MARKS, mark_at
from dutydesk.domain.pages import CancelPage, StartPage
from dutydesk.domain.papers import going_along, sent_to
from dutydesk.domain.secrecy import mark
from dutydesk.domain.settlements import NOT_AWAITED, Settlement, settlement, told
from dutydesk.domain.submissions import NoteLine
from dutydesk.domain.verbs import (
    ERASED,
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
    Promise,
    Row,
    SetTimer,
)
from dutydesk.errors import Refused

CHASE_AT = 80  # percent of the time at which their duty room is called
NEED_ANSWER = frozenset({"question", "instruction"})
MOST_LOOKED = 20  # reports of an incident in which their event number is looked for


class Downward(NamedTuple):
    sent: DownwardSent | None = None
    noted: DownwardNoted | None = None
    answers: tuple[DownwardAnswered, ...] = ()
    marked: int = 0
    pages: tuple[str, ...] = ()
    ended: DownwardEnded | None = None


class DownwardFacts(NamedTuple):
    """For a new one: its number of the year, the incident, and by which event and papers of theirs they know it."""

    number: str = ""
    incident: Found | None = None
    event: str = ""
    references: tuple[str, ...] = ()
    files: tuple[ExchangeFile, ...] = ()


def facts(look: Look, _state: Downward, command: Command) -> DownwardFacts:
    if not isinstance(command, SendDown):
        return DownwardFacts()
    year = to_datetime(look.at).strftime("%Y")
    known = DownwardFacts(f"{year}-{look.count(f'downward:{year}'):04d}")
    incident = look.row("incident", command.incident) if command.incident else None
    known = known._replace(files=going_along(look, incident, command.files, attach=command.attach))
    if incident is None:
        return known
    told = [look.row("message", id) for id in incident.body["messages"][-MOST_LOOKED:]]
    theirs = [m.body["exchange"] for m in told if m and m.body["unit"] == command.unit and m.body.get("exchange")]
    event = next((str(paper["event"]) for paper in reversed(theirs) if paper.get("event")), "")
    return known._replace(incident=incident, event=event, references=tuple(paper["number"] for paper in theirs))


def decide(state: Downward, command: Command, context: Context[DownwardFacts]) -> list[Event]:
    if isinstance(command, SendDown):
        return [_sent(state, command, context)]
    sent = state.sent
    if sent is None:
        raise Refused("没有这件下发")
    match command:
        case NoteLine() if command.delivery == sent.delivery:  # not of the word that it is settled
            return [_noted(state, sent, command, context)]
        case NoteAnswer():
            said = command.model_dump(include={"who", "how", "text", "declined", "message"})
            return [_answered(state, sent, said, context)]
        case TakeAnswer():
            if not command.text.strip():
                raise Refused("请写明对方怎样答复")
            said = {"who": f"unit:{sent.unit}", "how": "call", "text": command.text}
            return [_answered(state, sent, said, context)]
        case EndDown():
            return [_ended(state, sent, command, context)]
        case Fire(name="due") if not state.answers and not state.ended:
            return [_marked(state, sent, context)]
    return []


def _sent(state: Downward, command: SendDown, context: Context[DownwardFacts]) -> DownwardSent:
    if state.sent:
        raise Refused("这件已经下发")
    unit, rules = context.directory.unit_by_code.get(command.unit), context.rules
    peer = rules.peer(command.unit)
    if unit is None or peer is None or peer.kind != "link" or peer.side != "below":
        raise Refused("与这个单位没有下级直连(peers.toml),请改用核报、调度或批示")
    if not command.title.strip() or (command.kind != "document" and not (command.text or command.title).strip()):
        raise Refused("请写明标题或要点")
    if found := mark(
        "\n".join((command.title, command.text, *(file.name for file in context.facts.files))),
        rules.security.classified,
    ):
        raise Refused(f"疑似涉密(密级标志“{found}”),没有发出。涉密信息请走机要渠道")
    incident = context.facts.incident
    if command.incident and incident is None:
        raise Refused("没有这个事件")
    if incident and incident.drill != context.drill:
        raise Refused("演练与真实事件不能混在一起")
    policy, number = rules.asking.downward, context.facts.number
    answer_by = command.answer_by or context.at + policy.minutes * MINUTE
    if answer_by <= context.at:
        raise Refused("答复时限已经过去")
    return DownwardSent(
        **command.model_dump(include={"kind", "unit", "title", "text", "incident"}),
        number=number,
        unit_name=unit.name,
        sent_at=context.at,
        answer_by=answer_by,
        next_at=mark_at(context.at, answer_by, MARKS[0]),
        law="" if command.answer_by else policy.law,
        confirmed=command.answer_by is not None or policy.confirmed,
        delivery=f"d{number}",
        paper=_paper(command, answer_by, context).to_text(),
        files=context.facts.files,
        division=unit.division,
        by=context.by,
    )


def _paper(command: SendDown, answer_by: int, context: Context[DownwardFacts]) -> Exchange:
    rules, known = context.rules, context.facts
    return Exchange(
        kind=command.kind,
        number=f"d{known.number}",
        desk=rules.desk.unit or "desk",
        desk_name=rules.desk.name[:300],
        event=known.event,
        references=known.references,
        title=command.title[:300],
        text=command.text,
        issued_at=context.at,
        answer_by=answer_by,
        files=known.files,
    )


def _noted(state: Downward, sent: DownwardSent, command: NoteLine, context: Context[DownwardFacts]) -> DownwardNoted:
    said = command.model_dump(include={"delivery", "status", "receipt"})
    policy = context.rules.asking.downward.overdue_policy
    if command.status not in ("failed", "uncertain") or state.answers or state.ended or not policy:
        return DownwardNoted(**said, at=context.at)
    subject = context.rules.phrase("downward_failed", **_named(sent))
    return DownwardNoted(**said, at=context.at, page=f"d{sent.number}-x", policy=policy, subject=subject)


def _named(sent: DownwardSent) -> dict[str, str]:
    due = time_of_day(sent.answer_by)
    return {"number": sent.number, "name": sent.unit_name, "title": sent.title[:40], "due": due}


def _answered(
    state: Downward, sent: DownwardSent, said: dict[str, Any], context: Context[DownwardFacts]
) -> DownwardAnswered:
    late = max(0, context.at - sent.answer_by)
    settled = None if said["how"] == "line" else _settlement(state, sent, context)
    more = {"at": context.at, "late_by": late, "pages": state.pages, "settled": settled}
    return DownwardAnswered.model_validate(said | more)


def _settlement(state: Downward, sent: DownwardSent, context: Context[DownwardFacts]) -> Settlement | None:
    """They answered by another way than their line, or need not any more: what stands there of it is to close."""
    by_line = any(answer.how == "line" for answer in state.answers)
    return None if by_line else settlement(sent.unit, sent.delivery, context.rules)


def _marked(state: Downward, sent: DownwardSent, context: Context[DownwardFacts]) -> DownwardMarked:
    marks = [(percent, mark_at(sent.sent_at, sent.answer_by, percent)) for percent in MARKS]
    percent = max((p for p, at in marks if at <= context.at), default=MARKS[0])
    asking = context.rules.asking.downward
    policy = asking.overdue_policy if percent >= MARKS[-1] else asking.policy if percent >= CHASE_AT else ""
    phrase = "downward_overdue" if percent >= MARKS[-1] else "downward_chase"
    return DownwardMarked(
        percent=percent,
        next_at=next((at for _p, at in marks if at > context.at), None),
        late_by=max(0, context.at - sent.answer_by),
        page=f"d{sent.number}-{percent}" if policy else "",
        policy=policy,
        subject=context.rules.phrase(phrase, **_named(sent)) if policy else "",
        unit=sent.unit,
        division=sent.division,
    )


def _ended(state: Downward, sent: DownwardSent, command: EndDown, context: Context[DownwardFacts]) -> DownwardEnded:
    if state.ended:
        raise Refused("这件下发已经办结")
    if sent.kind in NEED_ANSWER and not state.answers and not command.reason.strip():
        raise Refused("对方还没有答复;确实不再等,请写明理由")
    settled = None if state.answers else _settlement(state, sent, context)
    return DownwardEnded(reason=command.reason, pages=state.pages, by=context.by, at=context.at, settled=settled)


def evolve(state: Downward, event: Event) -> Downward:
    match event:
        case DownwardSent():
            return state._replace(sent=event)
        case DownwardNoted():
            return state._replace(noted=event, pages=_paged(state, event.page))
        case DownwardAnswered():
            return state._replace(answers=(*state.answers, event), pages=())
        case DownwardMarked():
            return state._replace(marked=event.percent, pages=_paged(state, event.page))
        case DownwardEnded():
            return state._replace(ended=event, pages=())
    return state


def _paged(state: Downward, page: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*state.pages, page))) if page else state.pages


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case DownwardSent():
            return [SetTimer("due", event.next_at, Priority.WORK), *_deliver(id, event)]
        case DownwardNoted(page=page) if page:
            return [Ask(f"page/{page}", StartPage(policy=event.policy, subject=event.subject, shared=True))]
        case DownwardMarked():
            timer: list[Act] = [SetTimer("due", event.next_at, Priority.WORK)] if event.next_at else []
            called = StartPage(policy=event.policy, subject=event.subject, unit=event.unit, division=event.division)
            return [*timer, *([Ask(f"page/{event.page}", called)] if event.page else [])]
        case DownwardAnswered() | DownwardEnded():
            over = CancelPage(reason="settled")
            word = event.text if isinstance(event, DownwardAnswered) else event.reason or NOT_AWAITED
            stopped = [Ask(f"page/{page}", over) for page in event.pages]
            return [CancelTimer("due"), *stopped, *told(event.settled, f"downward/{id}", word, event.at)]
    return []


def _deliver(id: str, event: DownwardSent) -> list[Act]:
    if event.paper == ERASED:
        return []
    queue = QueueDelivery(
        how="link",
        to=event.unit,
        text=event.paper,
        purpose="downward",
        about=f"downward/{id}",
        promise=Promise.ONCE,
        callee=f"unit:{event.unit}",
        division=event.division,
    )
    return [Ask(f"delivery/{event.delivery}", queue)]


def project(_id: str, state: Downward) -> Row | None:
    sent = state.sent
    if sent is None:
        return None
    first = state.answers[0] if state.answers else None
    settled = "declined" if state.answers and state.answers[-1].declined else "answered"
    turn = state.noted.model_dump(include={"status", "receipt", "at"}) if state.noted else None
    body: dict[str, Any] = {
        **sent.model_dump(exclude={"paper", "next_at", "division"}),
        "turn": turn or {"status": "waiting", "receipt": "", "at": None},
        "marked": state.marked,
        "answers": [answer.model_dump(exclude={"pages"}) for answer in state.answers],
        "status": "ended" if state.ended else settled if first else "waiting",
        "late_by": first.late_by if first else None,
        "reason": state.ended.reason if state.ended else "",
        "ended_by": state.ended.by if state.ended else "",
        "ended_at": state.ended.at if state.ended else None,
    }
    about = (("about", f"incident/{sent.incident}"),) if sent.incident else ()
    return Row(body, open=state.ended is None, refs=(sent_to(sent.unit, sent.delivery), *about))


book = Book(
    kind="downward",
    blank=Downward(),
    events=(DownwardSent, DownwardNoted, DownwardAnswered, DownwardMarked, DownwardEnded),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
