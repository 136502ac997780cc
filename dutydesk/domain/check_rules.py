"""How a spot check is made: one page carries the question, a key or a person gives the result, a failure is checked again.

Rule 20 (regulations 8): within three rings; who, which leader; fixed reasons; failed ones are checked again; counts feed the circular.
What never reached the unit says nothing about it, and no unit is checked more often than the configured load.
"""

from typing import NamedTuple

from dutydesk.clock import MINUTE, to_datetime
from dutydesk.domain.asking import KEYS, NoteAnswer, NoteSilence, NoteStopped
from dutydesk.domain.check_policy import Target, Way
from dutydesk.domain.check_state import Check, Heard, evolve, free_at, had, heard, project
from dutydesk.domain.checks import (
    AppealCheck,
    AppealDismissed,
    AppealUpheld,
    BeginCheck,
    CheckAnswered,
    CheckAppealed,
    CheckFailed,
    CheckPassed,
    CheckStarted,
    CheckVoided,
    DecideCheckAppeal,
    JudgeCheck,
    Reason,
    RecheckDue,
    RecheckPutOff,
    StartCheck,
)
from dutydesk.domain.directory import Directory, Unit
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
    SetTimer,
)
from dutydesk.domain.verdicts import tell, told
from dutydesk.errors import Refused

_MEANT: dict[str, Reason | None] = dict(
    zip(KEYS["check"].values(), (None, "leader_unreachable", "not_rostered", "forwarded"), strict=True)
)
_ARRIVED = frozenset({"sent", "delivered", "read", "ringing", "in-progress", "completed", "busy", "no-answer"})
_TAKEN_UP = frozenset({"in-progress", "completed"})


class Facts(NamedTuple):
    """The number of a new one, when the unit was checked lately, and what the lines say of the calls."""

    number: str = ""
    had_at: tuple[int, ...] = ()
    heard: Heard = Heard(None, ())


def facts(look: Look, state: Check, command: Command) -> Facts:
    load = look.rules.checks.load
    match command:
        case StartCheck():
            year = to_datetime(look.at).strftime("%Y")
            number = f"{year}-{look.count(f'check:{year}'):04d}"
            return Facts(number, tuple(had(look, command.unit, load.days)))
        case Fire() if state.started:
            return Facts(had_at=tuple(had(look, state.started.unit, load.days)))
        case NoteAnswer() | NoteSilence() if state.started:
            sent = look.by_ref("about", f"page/{state.started.page}")
            deliveries = [one for one in sent if one.kind == "delivery"]
            return Facts(heard=heard(deliveries, state.started.ring_seconds))
    return Facts()


def decide(state: Check, command: Command, context: Context[Facts]) -> list[Event]:
    if isinstance(command, StartCheck):
        return _start(state, command, context)
    started = state.started
    if started is None:
        raise Refused("没有这次抽查")
    match command:
        case NoteAnswer():
            return _answered(state, started, command, context)
        case NoteSilence() if state.result is None:
            return [_silent(started, context)]
        case NoteStopped() if state.result is None:
            return [CheckVoided(reason="called_off", at=context.at)]
        case JudgeCheck():
            return [_judged(state, started, command, context)]
        case AppealCheck():
            return [_appealed(state, command, context)]
        case DecideCheckAppeal():
            return [_decided(state, started, command, context)]
        case Fire(name="recheck") if state.status == "failed":
            return [_again(started, context)]
    return []


def _start(state: Check, command: StartCheck, context: Context[Facts]) -> list[Event]:
    quiet = isinstance(command, BeginCheck)
    load = context.rules.checks.load
    full = free_at(list(context.facts.had_at), load.most, load.days, context.at) > context.at
    if quiet and (state.started or full):
        return []
    if state.started:
        raise Refused("这次抽查已经开始")
    if full:
        raise Refused(f"这个单位{load.days}天内已抽查、核对{len(context.facts.had_at)}次,到了上限")
    unit = context.directory.unit_by_code.get(command.unit)
    if unit is None or not _reachable(unit, command.target, command.way, context.directory):
        if quiet:
            return []
        raise Refused("通讯录里没有这个单位" if unit is None else "通讯录里没有能用这种方式抽查的号码")
    return [_started(unit, command, context)]


def _reachable(unit: Unit, target: Target, way: Way, directory: Directory) -> bool:
    if target == "unit":
        return bool(unit.phone or (way == "link" and unit.email))
    role = "A" if target == "contact" else "B"
    person = next((c for c in directory.contacts_of.get(unit.code, ()) if c.role == role), None)
    return bool(person and (person.phones or (way == "link" and person.email)))


def _started(unit: Unit, command: StartCheck, context: Context[Facts]) -> CheckStarted:
    rules, number = context.rules.checks, context.facts.number
    policy = rules.ladder(command.target, command.way)
    if not policy:
        raise Refused("没有配置这种抽查的呼叫办法(checks.toml)")
    own = isinstance(command, BeginCheck)
    return CheckStarted(
        **command.model_dump(include={"unit", "target", "way", "of", "nth"}),
        origin=command.origin if isinstance(command, BeginCheck) else "ordered",
        number=number,
        name=unit.name,
        policy=policy,
        page=f"k{number}",
        subject=context.rules.phrase("check_question", number=number, name=unit.name),
        rings=rules.rings,
        ring_seconds=rules.ring_seconds,
        at=context.at,
        division=unit.division,
        by="" if own else context.by,
    )


def _answered(state: Check, started: CheckStarted, command: NoteAnswer, context: Context[Facts]) -> list[Event]:
    """A key gives the result at once; words wait for a person. What comes after the result is kept and changes nothing."""
    rings = context.facts.heard.rings if command.how == "voice" else None
    answer = CheckAnswered(
        **command.model_dump(include={"who", "how", "text", "message"}),
        name=_name(command.who, context.directory),
        rings=rings,
        at=context.at,
    )
    if state.result or command.text not in _MEANT:
        return [answer]
    reason = _MEANT[command.text]
    if reason is None and rings is not None and rings > started.rings:
        reason = "no_answer"
    return [answer, _result(started, reason, rings, context)]


def _name(who: str, directory: Directory) -> str:
    kind, _, id = who.partition(":")
    if kind == "contact" and (contact := directory.contact_by_id.get(id)):
        return contact.name
    unit = directory.unit_by_code.get(id) if kind == "unit" else None
    return unit.name if unit else id or who


def _silent(started: CheckStarted, context: Context[Facts]) -> Event:
    """Nobody answered: why, as far as the lines say."""
    said, rules = context.facts.heard, context.rules.checks
    if any(code in rules.wrong_number_codes for _status, code in said.ends):
        return _result(started, "wrong_number", said.rings, context)
    if not any(status in _ARRIVED for status, _code in said.ends):
        return CheckVoided(reason="not_carried", at=context.at)
    taken = any(status in _TAKEN_UP for status, _code in said.ends)
    return _result(started, "cannot_state" if taken else "no_answer", said.rings, context)


def _result(
    started: CheckStarted, reason: Reason | None, rings: int | None, context: Context[Facts], **said: object
) -> CheckPassed | CheckFailed:
    result = {"unit": started.unit, "rings": rings, "at": context.at, "by": context.by} | said
    if reason is None:
        return CheckPassed.model_validate(result)
    rules = context.rules.checks
    again = context.at + rules.recheck_minutes * MINUTE if started.nth < rules.rechecks else None
    heard = _told(started, reason, context)
    return CheckFailed.model_validate(result | {"reason": reason, "recheck_at": again} | heard)


def _told(started: CheckStarted, reason: Reason, context: Context[Facts]) -> dict[str, object]:
    """What the unit hears of a failure; not by the number that was wrong."""
    unit, wrong = context.directory.unit_by_code.get(started.unit), ""
    if reason == "wrong_number" and started.target == "unit" and unit:
        wrong = unit.phone or ""
    words = context.rules.phrase("check_failed", number=started.number, name=started.name, link="{link}")
    return told(started.unit, words, context.directory, wrong=wrong)


def _judged(state: Check, started: CheckStarted, command: JudgeCheck, context: Context[Facts]) -> Event:
    """A person's result stands; one that a key gave may be put right by a person."""
    result = state.result
    if isinstance(result, CheckVoided) or state.recheck or state.appeal:
        raise Refused("这次抽查已经了结,不能再改结果")
    if result and result.judged:
        raise Refused("结果已由人认定,单位有异议请走申诉")
    if result and not command.note.strip():
        raise Refused("改结果要写明依据")
    rings = next((answer.rings for answer in state.answers if answer.rings is not None), None)
    page = started.page if result is None and not state.answers else ""
    said = {"note": command.note.strip(), "page": page, "judged": True}
    return _result(started, command.reason or None, rings, context, **said)


def _appealed(state: Check, command: AppealCheck, context: Context[Facts]) -> CheckAppealed:
    if state.status != "failed" or state.decided:
        raise Refused("只有未通过、没有申诉过的抽查可以申诉")
    if not command.text.strip():
        raise Refused("申诉理由不能为空")
    return CheckAppealed(text=command.text.strip(), files=command.files, by=context.by, at=context.at)


def _decided(state: Check, started: CheckStarted, command: DecideCheckAppeal, context: Context[Facts]) -> Event:
    if state.status != "appealed":
        raise Refused("没有待定的申诉")
    if not command.reason.strip():
        raise Refused("复核理由不能为空")
    decided, reason = AppealUpheld if command.upheld else AppealDismissed, command.reason.strip()
    result = "成立,该次未通过不计" if command.upheld else "不成立"
    words = context.rules.phrase(
        "appeal_decided", what=f"值班抽查{started.number}", result=result, reason=reason, link="{link}"
    )
    heard = told(started.unit, words, context.directory)
    return decided(unit=started.unit, reason=reason, by=context.by, at=context.at, **heard)


def _again(started: CheckStarted, context: Context[Facts]) -> Event:
    load = context.rules.checks.load
    free = free_at(list(context.facts.had_at), load.most, load.days, context.at)
    if free > context.at:
        return RecheckPutOff(next_at=free)
    first = started.of or started.number
    return RecheckDue(
        **started.model_dump(include={"unit", "target", "way"}),
        check=f"{first}-r{started.nth + 1}",
        of=first,
        nth=started.nth + 1,
    )


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case CheckStarted():
            page = StartPage(
                **event.model_dump(include={"policy", "subject", "unit", "division"}),
                asks="check",
                asker=f"check/{id}",
                asked=event.unit,
            )
            return [Ask(f"page/{event.page}", page)]
        case CheckFailed() | CheckPassed():
            again = event.recheck_at if isinstance(event, CheckFailed) else None
            stopped: list[Act] = [Ask(f"page/{event.page}", CancelPage(reason="judged"))] if event.page else []
            heard = tell("check", id, "failed", event) if isinstance(event, CheckFailed) else []
            return [*stopped, *heard, SetTimer("recheck", again) if again else CancelTimer("recheck")]
        case RecheckPutOff():
            return [SetTimer("recheck", event.next_at, Priority.REMINDER)]
        case RecheckDue():
            wish = BeginCheck(**event.model_dump(exclude={"check"}), origin="recheck")
            return [Ask(f"check/{event.check}", wish)]
        case AppealUpheld():
            return [CancelTimer("recheck"), *tell("check", id, "decided", event)]
        case AppealDismissed():
            return tell("check", id, "decided", event)
    return []


book = Book(
    kind="check",
    blank=Check(),
    events=(
        CheckStarted,
        CheckAnswered,
        CheckPassed,
        CheckFailed,
        CheckVoided,
        RecheckDue,
        RecheckPutOff,
        CheckAppealed,
        AppealUpheld,
        AppealDismissed,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
