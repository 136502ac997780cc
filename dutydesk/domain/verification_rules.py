"""How a question to many is kept: one page a unit carries it up the ladder, answers stand side by side, only a person concludes."""

from dataclasses import dataclass

from dutydesk.clock import MINUTE, to_datetime
from dutydesk.domain.asking import NoteAnswer, NoteArrival, NoteSilence, NoteStopped, truth_of
from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.guidance_rules import goes_up, word_taken
from dutydesk.domain.ledger import claims_of
from dutydesk.domain.papers import going_along
from dutydesk.domain.readings import Figure, Reading
from dutydesk.domain.settlements import Settlement, settlement
from dutydesk.domain.verbs import (
    Book,
    Command,
    Context,
    Event,
    Fire,
    Found,
    Look,
)
from dutydesk.domain.verification_consequences import follow_up
from dutydesk.domain.verification_state import Verification, evolve, project, silent
from dutydesk.domain.verifications import (
    AskMore,
    AskUnits,
    Conclude,
    EndRound,
    Form,
    Line,
    VerificationAnswered,
    VerificationAsked,
    VerificationCarried,
    VerificationConcluded,
    VerificationOverdue,
    VerificationUnheard,
    VerificationWidened,
)
from dutydesk.errors import Refused

BY_WORD = frozenset({"voice", "console", "call"})  # answered by telephone; anything else is in writing


@dataclass(frozen=True, slots=True)
class VerificationFacts:
    """`number` for a new one; the incident as it stands (a message may have become one meanwhile); an answer's message; the files."""

    number: str = ""
    incident: Found | None = None
    message: Found | None = None
    files: tuple[ExchangeFile, ...] = ()


def facts(look: Look, state: Verification, command: Command) -> VerificationFacts:
    match command:
        case AskUnits():
            year = to_datetime(look.at).strftime("%Y")
            number = f"{year}-{look.count(f'verification:{year}'):04d}"
            incident = _incident(look, command.incident, command.message)
            files = going_along(look, incident, command.files, attach=command.attach)
            return VerificationFacts(number, incident, files=files)
        case NoteAnswer():
            return VerificationFacts(message=look.row("message", command.message) if command.message else None)
        case Conclude() | Fire() | NoteStopped() if state.asked:
            return VerificationFacts(incident=_incident(look, state.asked.incident, state.asked.message))
    return VerificationFacts()


def _incident(look: Look, incident: str | None, message: str | None) -> Found | None:
    lead = look.row("message", message) if message and not incident else None
    incident = incident or (str(lead.body["incident"] or "") if lead else "")
    return look.row("incident", incident) if incident else None


def decide(state: Verification, command: Command, context: Context[VerificationFacts]) -> list[Event]:
    if isinstance(command, AskUnits):
        return [_asked(state, command, context)]
    asked = state.asked
    if asked is None:
        raise Refused("没有这次核报")
    match command:
        case NoteAnswer():
            return [_answered(state, asked, command, context)]
        case NoteArrival():
            turn = command.model_dump(include={"status", "receipt"})
            return [VerificationCarried(unit=command.asked, **turn, at=context.at)]
        case NoteSilence():
            return [VerificationUnheard(unit=command.asked, page=command.page, at=context.at)]
    if state.ended:
        return _after_the_end(command)
    match command:
        case AskMore():
            return [_widened(state, asked, command, context)]
        case Conclude():
            return [_concluded(state, asked, command, context)]
        case EndRound():
            return [_ended(state, "round_over", context)]
        case NoteStopped(reason="closed"):
            return [_ended(state, "closed", context)]
        case Fire(name="phone" | "written"):
            return _overdue(state, asked, command, context)
    return []


def _after_the_end(command: Command) -> list[Event]:
    if isinstance(command, (AskMore, Conclude)):
        raise Refused("这次核报已经有了结论")
    return []


def _asked(state: Verification, command: AskUnits, context: Context[VerificationFacts]) -> VerificationAsked:
    if state.asked:
        raise Refused("这次核报已经发出")
    incident = context.facts.incident
    if incident is not None and incident.drill != context.drill:
        raise Refused("演练与真实事件不能混在一起核报")
    policy = context.rules.asking.of(command.asks)
    if not policy.policy or not command.text.strip():
        raise Refused("没有配置核报的呼叫办法(asking.toml)" if command.text.strip() else "请写明要核实什么")
    if command.asks == "guidance":
        goes_up(command, context.facts.files, context)
    number = context.facts.number
    word, written = _minutes(command.asks, context)
    lines = _lines(command.units, command.whys, number, 0, context)
    return VerificationAsked(
        **command.model_dump(include={"text", "asks", "message", "dispatch", "round"}),
        incident=incident.id if incident else command.incident,
        event=str(incident.body.get("event") or "") if incident else "",
        number=number,
        lines=lines,
        policy=policy.policy,
        asked_at=context.at,
        phone_by=context.at + word * MINUTE,
        written_by=context.at + written * MINUTE,
        confirmed=policy.confirmed,
        law=policy.law,
        files=context.facts.files,
        division=_where(lines) or context.rules.desk.division,
        by=context.by,
    )


def _where(lines: tuple[Line, ...]) -> str:
    """The smallest town or district that all who are asked lie in; empty when they share none."""
    first = lines[0].division
    shared = (
        size for size in (9, 6) if all(len(x.division) >= size and x.division[:size] == first[:size] for x in lines)
    )
    return first[: next(shared, 0)]


def _minutes(asks: Form, context: Context[VerificationFacts]) -> tuple[int, int]:
    known = context.rules.asking
    if asks == "report":
        return known.dispatch.answer_minutes, known.dispatch.answer_minutes
    if asks == "guidance":
        return known.upward.minutes, known.upward.minutes
    return known.verification.phone_minutes, known.verification.written_minutes


def _lines(
    units: tuple[str, ...], whys: dict[str, str], number: str, had: int, context: Context[VerificationFacts]
) -> tuple[Line, ...]:
    known = context.directory.unit_by_code
    if not units:
        raise Refused("请至少选一个单位")
    if strange := [code for code in units if code not in known]:
        raise Refused(f"通讯录里没有这个单位:{'、'.join(strange)}")
    return tuple(
        Line(
            unit=code,
            name=known[code].name,
            why=whys.get(code, "chosen"),
            page=f"v{number}-{n}",
            asked_at=context.at,
            division=known[code].division,
        )
        for n, code in enumerate(dict.fromkeys(units), had + 1)
    )


def _widened(
    state: Verification, asked: VerificationAsked, command: AskMore, context: Context[VerificationFacts]
) -> VerificationWidened:
    had = {line.unit for line in state.lines}
    fresh = tuple(unit for unit in command.units if unit not in had)
    if not fresh:
        raise Refused("这些单位已经问过")
    lines = _lines(fresh, command.whys, asked.number, len(state.lines), context)
    more = asked.model_dump(include={"text", "policy", "asks", "incident", "message", "event", "files"})
    return VerificationWidened(**more, lines=lines, by=context.by)


def _answered(
    state: Verification, asked: VerificationAsked, command: NoteAnswer, context: Context[VerificationFacts]
) -> VerificationAnswered:
    limit = asked.phone_by if command.how in BY_WORD else asked.written_by
    said = context.facts.message
    told_by_line = command.how == "line" or any(a.unit == command.asked and a.how == "line" for a in state.answers)
    return VerificationAnswered(
        **command.model_dump(include={"who", "how", "text", "message"}),
        unit=command.asked,
        name=_name(command.who, context),
        truth=truth_of(command.text) if asked.asks == "truth" else None,
        figures=_figures((said.body["reading"] if said else None) or {}),
        at=context.at,
        late_by=max(0, context.at - limit),
        settled=None if told_by_line else _settlement(state, command.asked, context),
    )


def _settlement(state: Verification, unit: str, context: Context[VerificationFacts]) -> Settlement | None:
    page = next((line.page for line in state.lines if line.unit == unit), "")
    return settlement(unit, page, context.rules) if page else None


def _figures(reading: dict[str, object]) -> dict[str, Figure]:
    """The figures a reading gives; silence gives none."""
    return {claim.name: claim.value for claim in claims_of("", Reading.model_validate(reading), 0)}


def _name(who: str, context: Context[VerificationFacts]) -> str:
    kind, _, id = who.partition(":")
    directory = context.directory
    if kind == "contact" and (contact := directory.contact_by_id.get(id)):
        return contact.name
    unit = directory.unit_by_code.get(id) if kind == "unit" else None
    return unit.name if unit else id or who


def _overdue(
    state: Verification, asked: VerificationAsked, command: Fire, context: Context[VerificationFacts]
) -> list[Event]:
    left = silent(state)
    incident = context.facts.incident
    if incident is not None and not incident.open:
        return [_ended(state, "closed", context)]
    if not left:
        return []
    known = context.rules.asking
    policy = {"truth": known.verification.overdue_policy, "guidance": known.upward.overdue_policy}.get(asked.asks, "")
    names = "、".join(line.name for line in left)
    phrase = "guidance_overdue" if asked.asks == "guidance" else "verification_overdue"
    subject = context.rules.phrase(phrase, number=asked.number, names=names[:60]) if policy else ""
    return [
        VerificationOverdue(
            limit="phone" if command.name == "phone" else "written",
            asks=asked.asks,
            silent=tuple(line.unit for line in left),
            late_by=max(0, context.at - command.due_at),
            page=f"v{asked.number}-{command.name}" if policy else "",
            policy=policy,
            subject=subject,
            division=asked.division,
        )
    ]


def _concluded(
    state: Verification, asked: VerificationAsked, command: Conclude, context: Context[VerificationFacts]
) -> VerificationConcluded:
    if asked.asks == "guidance":
        return word_taken(state, command, _unheard(state, context), context)
    if asked.asks != "truth":
        raise Refused("调度没有属实与否的结论")
    if command.truth is None or not command.reason.strip():
        raise Refused("结论要写明依据")
    if command.close and command.truth != "false":
        raise Refused("只有核实为不实,才能以不实了结")
    if command.truth == "false" and not any(answer.truth == "false" for answer in state.answers):
        raise Refused("还没有任何单位答复不属实,不能认定不实")
    incident = context.facts.incident
    told = incident.id if incident and incident.open else None
    return VerificationConcluded(
        **command.model_dump(include={"truth", "reason", "close"}),
        pages=tuple(line.page for line in silent(state)),
        incident=told,
        message=asked.message if command.close and incident is None else None,
        at=context.at,
        by=context.by,
        settled=_unheard(state, context),
    )


def _unheard(state: Verification, context: Context[VerificationFacts]) -> tuple[Settlement, ...]:
    """Linked desks that have not answered and need not any more."""
    found = (settlement(line.unit, line.page, context.rules) for line in silent(state))
    return tuple(one for one in found if one)


def _ended(state: Verification, why: str, context: Context[VerificationFacts]) -> VerificationConcluded:
    pages = tuple(line.page for line in silent(state)) if why == "round_over" else ()
    settled = _unheard(state, context)
    return VerificationConcluded(truth=None, reason=why, pages=pages, at=context.at, by=context.by, settled=settled)


book = Book(
    kind="verification",
    blank=Verification(),
    events=(
        VerificationAsked,
        VerificationWidened,
        VerificationAnswered,
        VerificationCarried,
        VerificationUnheard,
        VerificationOverdue,
        VerificationConcluded,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
