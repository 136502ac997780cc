"""How an instruction is followed to its end: reminders at half, four fifths and the end, and 销号 only when everybody answered."""

from dataclasses import dataclass, replace
from typing import Any

from dutydesk.clock import to_datetime
from dutydesk.domain.asking import NoteAnswer
from dutydesk.domain.deliveries import How, QueueDelivery
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.instructions import (
    GiveFeedback,
    InstructionAnswered,
    InstructionLogged,
    InstructionPassedOn,
    InstructionRead,
    InstructionReminded,
    InstructionStruckOff,
    LogInstruction,
    NoteRead,
    PassOn,
    StrikeOff,
    Told,
)
from dutydesk.domain.obligation_rules import mark_at
from dutydesk.domain.pages import StartPage
from dutydesk.domain.papers import sent_to
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
    Row,
    SetTimer,
)
from dutydesk.errors import Refused

REMIND_AT = (50, 80, 100)  # percent of the time given; ours


@dataclass(frozen=True, slots=True)
class Instruction:
    logged: InstructionLogged | None = None
    told: tuple[Told, ...] = ()
    read: tuple[tuple[str, int], ...] = ()
    answers: tuple[InstructionAnswered, ...] = ()
    reminders: tuple[tuple[str, int], ...] = ()
    struck: InstructionStruckOff | None = None
    sent: int = 0
    papers: tuple[tuple[str, str], ...] = ()  # the unit and the number of what went over a line, which its answer names


def open_units(state: Instruction) -> list[Told]:
    """Units that have not answered."""
    answered = {answer.unit for answer in state.answers}
    return [told for told in state.told if told.unit not in answered]


def facts(look: Look, _state: Instruction, command: Command) -> str:
    """For a new one: its running number of the year."""
    if not isinstance(command, LogInstruction):
        return ""
    year = to_datetime(look.at).strftime("%Y")
    return f"{year}-{look.count(f'instruction:{year}'):03d}"


def decide(state: Instruction, command: Command, context: Context[str]) -> list[Event]:
    if isinstance(command, LogInstruction):
        return [_logged(state, command, context)]
    if state.logged is None:
        raise Refused("没有这条批示")
    if isinstance(command, NoteAnswer):
        return _by_line(state, command, context)
    if state.struck:
        raise Refused("这条批示已经销号")
    match command:
        case PassOn():
            return [_passed_on(state, state.logged, command, context)]
        case NoteRead() if command.unit not in dict(state.read):
            return [InstructionRead(unit=command.unit, at=context.at)]
        case GiveFeedback():
            return [_answered(state, command, context)]
        case StrikeOff():
            return [_struck(state, command, context)]
        case Fire(name=name) if name.startswith("remind "):
            return _remind(state, state.logged, name.removeprefix("remind "), context)
    return []


def _logged(state: Instruction, command: LogInstruction, context: Context[str]) -> InstructionLogged:
    if state.logged:
        raise Refused("这条批示已经登记")
    leader = context.directory.leader_by_id.get(command.leader)
    if leader is None:
        raise Refused("通讯录里没有这位领导")
    if not command.text.strip():
        raise Refused("批示内容不能为空")
    said = command.model_dump()
    return InstructionLogged(**said, number=context.facts, leader_name=leader.name, logged_at=context.at, by=context.by)


def _passed_on(
    state: Instruction, logged: InstructionLogged, command: PassOn, context: Context[str]
) -> InstructionPassedOn:
    unit = context.directory.unit_by_code.get(command.unit)
    if unit is None:
        raise Refused("通讯录里没有这个单位")
    if command.answer_by <= context.at:
        raise Refused("回复时限已经过去")
    if any(told.unit == command.unit for told in open_units(state)):
        raise Refused("这个单位已经在办")
    told = Told(unit=unit.code, name=unit.name, answer_by=command.answer_by, given_at=context.at)
    peer = context.rules.peer(unit.code)
    by_line = peer is not None and peer.kind == "link" and peer.side == "below"
    how, address = ("link", unit.code) if by_line else _way(unit.phone or "", unit.email or "")
    due = to_datetime(command.answer_by).strftime("%m月%d日%H:%M")
    words = context.rules.phrase("instruction", number=logged.number, text=logged.text, due=due, link="{link}")
    delivery = f"b{logged.number}.{state.sent}"
    if by_line:
        words = _paper(logged, delivery, command.answer_by, context).to_text()
    return InstructionPassedOn(
        to=told,
        next_at=mark_at(context.at, command.answer_by, REMIND_AT[0]),
        how=how,
        address=address,
        words=words,
        delivery=delivery,
        division=unit.division,
        by=context.by,
    )


def _paper(logged: InstructionLogged, number: str, answer_by: int, context: Context[str]) -> Exchange:
    """For a linked desk below: it stands there before everything else, and its answer comes back by the number."""
    rules = context.rules
    return Exchange(
        kind="instruction",
        number=number,
        desk=rules.desk.unit or "desk",
        desk_name=rules.desk.name[:300],
        title=f"{logged.leader_name}批示:{logged.text}"[:300],
        text=logged.text,
        signed_by=logged.leader_name[:300],
        issued_at=context.at,
        answer_by=answer_by,
    )


def _way(phone: str, email: str) -> tuple[How | None, str]:
    if phone:
        return "sms", phone
    return ("mail", email) if email else (None, "")


def _answered(state: Instruction, command: GiveFeedback, context: Context[str]) -> InstructionAnswered:
    waiting = {told.unit: told for told in open_units(state)}
    if command.unit not in waiting:
        raise Refused("没有把这条批示交给这个单位,或它已经回复")
    if not command.text.strip():
        raise Refused("办理情况不能为空")
    late = max(0, context.at - waiting[command.unit].answer_by)
    return InstructionAnswered(unit=command.unit, text=command.text, at=context.at, late_by=late, by=context.by)


def _by_line(state: Instruction, command: NoteAnswer, context: Context[str]) -> list[Event]:
    """What a linked desk answers; also a second answer, one that sends it back, and one after the end: none is lost."""
    told = next((one for one in reversed(state.told) if one.unit == command.asked), None)
    if told is None:
        return []
    late = max(0, context.at - told.answer_by)
    return [InstructionAnswered(unit=told.unit, text=command.text, at=context.at, late_by=late, by=context.by)]


def _struck(state: Instruction, command: StrikeOff, context: Context[str]) -> InstructionStruckOff:
    if left := open_units(state):
        raise Refused(f"还有单位没有回复,不能销号:{'、'.join(told.name for told in left)}")
    if not state.told and not command.reason.strip():
        raise Refused("没有转办过,销号要写明理由")
    return InstructionStruckOff(reason=command.reason, by=context.by, at=context.at)


def _remind(state: Instruction, logged: InstructionLogged, code: str, context: Context[str]) -> list[Event]:
    told = next((t for t in open_units(state) if t.unit == code), None)
    if told is None:
        return []
    marks = [(p, mark_at(told.given_at, told.answer_by, p)) for p in REMIND_AT]
    percent = max((p for p, at in marks if at <= context.at), default=REMIND_AT[0])
    following = next((at for _p, at in marks if at > context.at), None)
    unit = context.directory.unit_by_code.get(code)
    how, address = _way(unit.phone or "", unit.email or "") if unit else (None, "")
    words = context.rules.phrase("instruction_reminder", number=logged.number, percent=percent, link="{link}")
    overdue = percent == 100 and bool(context.rules.page_on_clock)
    subject = context.rules.phrase("instruction_overdue", number=logged.number, name=told.name)
    return [
        InstructionReminded(
            unit=code,
            percent=percent,
            next_at=following,
            how=how,
            address=address,
            words=words,
            delivery=f"b{logged.number}.{state.sent}",
            page=f"b{logged.number}-{state.sent}" if overdue else "",
            policy=context.rules.page_on_clock,
            subject=subject,
            division=unit.division if unit else "",
        )
    ]


def evolve(state: Instruction, event: Event) -> Instruction:
    match event:
        case InstructionLogged():
            return replace(state, logged=event)
        case InstructionPassedOn():
            paper = ((event.to.unit, event.delivery),) if event.how == "link" else ()
            state = replace(state, told=(*state.told, event.to), sent=state.sent + 1)
            return replace(state, papers=(*state.papers, *paper))
        case InstructionRead():
            return replace(state, read=(*state.read, (event.unit, event.at)))
        case InstructionAnswered():
            return replace(state, answers=(*state.answers, event))
        case InstructionReminded():
            return replace(state, reminders=(*state.reminders, (event.unit, event.percent)), sent=state.sent + 1)
        case InstructionStruckOff():
            return replace(state, struck=event)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case InstructionPassedOn():
            timer = SetTimer(f"remind {event.to.unit}", event.next_at, Priority.WORK)
            return [timer, *_send(id, event, event.to.unit)]
        case InstructionReminded():
            acts: list[Act] = _send(id, event, event.unit)
            if event.next_at is not None:
                acts.append(SetTimer(f"remind {event.unit}", event.next_at, Priority.WORK))
            if event.page:
                page = StartPage(policy=event.policy, subject=event.subject, division=event.division)
                acts.append(Ask(f"page/{event.page}", page))
            return acts
        case InstructionAnswered():
            return [CancelTimer(f"remind {event.unit}")]
    return []


def _send(id: str, event: InstructionPassedOn | InstructionReminded, unit: str) -> list[Act]:
    if event.how is None:
        return []
    queue = QueueDelivery(
        how=event.how,
        to=event.address,
        text=event.words,
        purpose="instruction",
        about=f"instruction/{id}",
        promise=Promise.REPEATABLE,
        subject="批示转办",
        callee=f"unit:{unit}",
        division=event.division,
    )
    return [Ask(f"delivery/{event.delivery}", queue)]


def project(_id: str, state: Instruction) -> Row | None:
    logged = state.logged
    if logged is None:
        return None
    answers = {told.unit: [a for a in state.answers if a.unit == told.unit] for told in state.told}
    read = dict(state.read)
    units = [_line(told, answers[told.unit], read.get(told.unit)) for told in state.told]
    body: dict[str, Any] = {
        "number": logged.number,
        "text": logged.text,
        "leader": logged.leader,
        "leader_name": logged.leader_name,
        "said_at": logged.said_at,
        "logged_at": logged.logged_at,
        "incident": logged.incident,
        "original": logged.original,
        "status": "struck_off" if state.struck else "waiting" if state.told else "logged",
        "units": units,
        "answer_by": min((u.answer_by for u in open_units(state)), default=None),
        "struck_by": state.struck.by if state.struck else "",
        "struck_at": state.struck.at if state.struck else None,
        "reason": state.struck.reason if state.struck else "",
    }
    about = (("about", f"incident/{logged.incident}"),) if logged.incident else ()
    return Row(body, open=state.struck is None, refs=(*about, *(sent_to(*paper) for paper in state.papers)))


def _line(told: Told, answers: list[InstructionAnswered], read_at: int | None) -> dict[str, Any]:
    """The first answer says how late it was, whatever was said after it."""
    answer = answers[0] if answers else None
    return {
        "unit": told.unit,
        "name": told.name,
        "given_at": told.given_at,
        "answer_by": told.answer_by,
        "read_at": read_at,
        "answer": "\n".join(one.text for one in answers) if answers else None,
        "answered_at": answer.at if answer else None,
        "late_by": answer.late_by if answer else None,
    }


book = Book(
    kind="instruction",
    blank=Instruction(),
    events=(
        InstructionLogged,
        InstructionPassedOn,
        InstructionRead,
        InstructionAnswered,
        InstructionReminded,
        InstructionStruckOff,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
