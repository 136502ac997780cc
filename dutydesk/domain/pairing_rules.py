"""One question to one unit's contact about all its pairs that are due (互建): asked within the load, answered whole or line by line.

It yields: a contact who is being called about something else is left alone, and a unit is never asked more often than spot checks and
these together may (checks.load). A question about somebody the directory has replaced meanwhile is called off.
"""

from typing import Any, NamedTuple

from dutydesk.clock import HOUR, MINUTE, day
from dutydesk.domain.asking import NoteAnswer, NoteSilence, NoteStopped
from dutydesk.domain.check_state import free_at, had
from dutydesk.domain.directory import Contact, Unit
from dutydesk.domain.pages import AcknowledgePage, CancelPage, StartPage
from dutydesk.domain.pair_lists import Pair, due, pairs_of
from dutydesk.domain.pairs import (
    RIGHT,
    AnswerPair,
    AskPairs,
    HearPair,
    Line,
    Missed,
    MissPair,
    Named,
    NoteMarked,
    NotePairAsked,
    PairsAnswered,
    PairsAsked,
    PairsHeard,
    PairsMissed,
    PairsPutOff,
    Said,
    Side,
    StrayAnswered,
    heard,
)
from dutydesk.domain.proofs import NoteReached
from dutydesk.domain.verbs import Act, Ask, Book, CancelTimer, Command, Context, Event, Fire, Look, Row, SetTimer
from dutydesk.errors import Refused

LATER = HOUR  # ours: when whoever is being called about something else is tried again
REST = 5 * MINUTE  # ours: what did not fit into a question is tried so long after it; the load decides when it goes out
KEPT = 60  # instants of former questions that the load looks at


class Facts(NamedTuple):
    """How the unit's pairs stand, when it was asked or checked lately, and whether its contact is being called about something else."""

    rows: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - never changed
    had_at: tuple[int, ...] = ()
    busy: bool = False


class State(NamedTuple):
    asked: PairsAsked | None = None
    asks: int = 0
    times: tuple[int, ...] = ()
    answered: frozenset[str] = frozenset()
    over: bool = True
    strays: tuple[StrayAnswered, ...] = ()
    put_off: PairsPutOff | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.asked.lines if self.asked and not isinstance(self.asked.lines, str) else ()

    @property
    def waiting(self) -> tuple[str, ...]:
        """Pairs that the open question still waits for."""
        return () if self.over else tuple(line.pair for line in self.lines if line.pair not in self.answered)


def facts(look: Look, state: State, command: Command) -> Facts:
    if not isinstance(command, (AskPairs, Fire)):
        return Facts()
    unit = command.unit if isinstance(command, AskPairs) else _unit(state)
    found = pairs_of(unit, look.directory)
    rows = {pair.id: row.body for pair in found if (row := look.row("pair", pair.id))}
    own = _own(found, unit)
    pages = look.by_ref("page.address", own.phones[0], 5) if own else []
    busy = any(page.body["status"] == "open" and page.body["asker"] != f"pairing/{unit}" for page in pages)
    return Facts(rows, tuple(had(look, unit, look.rules.checks.load.days)), busy)


def _unit(state: State) -> str:
    return state.put_off.unit if state.put_off else state.asked.unit if state.asked else ""


def _side(unit: Unit) -> Side:
    return "town" if unit.kind == "town" else "unit"


def _own(found: list[Pair], code: str) -> Contact | None:
    return next((pair.contact("town" if pair.town.code == code else "unit") for pair in found), None)


def decide(state: State, command: Command, context: Context[Facts]) -> list[Event]:
    match command:
        case AskPairs():
            return _wished(state, command, context)
        case Fire(name="again"):
            return _wished(state, AskPairs(unit=_unit(state), quiet=True), context)
        case AnswerPair():
            return [_line_answered(state, command, context)]
        case NoteAnswer() if state.asked and state.lines:
            return _answered(state, state.asked, command, context)
        case NoteMarked() if state.asked and command.pair in state.waiting:
            last = state.waiting == (command.pair,)
            page = state.asked.page if last else ""
            return [PairsHeard(pair=command.pair, by=command.by, over=last, page=page, at=context.at)]
        case NoteSilence() if state.waiting:
            return [_missed(state, "no_answer", context.at, page=command.page)]
        case NoteStopped() if state.waiting:
            return [_missed(state, "called_off", context.at)]
    return []


def _wished(state: State, command: AskPairs, context: Context[Facts]) -> list[Event]:
    unit = context.directory.unit_by_code.get(command.unit)
    if unit is None:
        return _no(command, "通讯录里没有这个单位")
    found = pairs_of(unit.code, context.directory)
    own = _own(found, unit.code)
    if stale := _stale(state, found, own):
        return [_missed(state, "replaced", context.at, page=stale)]
    if state.waiting:
        return _no(command, "已经在问这个单位")
    if own is None:
        return _no(command, "这个单位没有所属镇街、辖区内没有单位,或没有甲角联络员")
    wanted = _due(found, unit, context, anew=not command.quiet)
    if not wanted:
        return _no(command, "没有要核对的:都已确认、有误待改,或对方没有甲角联络员")
    if later := _later(command, unit, context):
        return later
    return [_asked(state, unit, own, wanted, context)]


def _no(command: AskPairs, why: str) -> list[Event]:
    if command.quiet:
        return []
    raise Refused(why)


def _stale(state: State, found: list[Pair], own: Contact | None) -> str:
    """The page of an open question that speaks to, or of, somebody the directory has replaced; empty: none does."""
    asked = state.asked
    if asked is None or not state.waiting:
        return ""
    same = own is not None and (own.id, own.phones[0]) == (asked.contact, asked.number)
    known = {pair.id: pair.other(asked.side)[1] for pair in found}
    told = [line for line in state.lines if line.pair in state.waiting]
    return "" if same and all(_speaks_of(line, known.get(line.pair)) for line in told) else asked.page


def _speaks_of(line: Line, other: Contact | None) -> bool:
    return other is not None and (line.contact, line.name, line.number) == (other.id, other.name, other.phones[0])


def _due(found: list[Pair], unit: Unit, context: Context[Facts], *, anew: bool) -> list[Pair]:
    """Those to ask about, the longest unsaid first. `anew` (an officer's wish): disputed ones too."""
    days, rows, side = context.rules.checks.pairing.every_days, context.facts.rows, _side(unit)
    open_ones = [pair for pair in found if due(pair, side, rows.get(pair.id), context.at, days, anew=anew)]
    return sorted(open_ones, key=lambda pair: (rows[pair.id]["at"] if pair.id in rows else 0, pair.id))


def _later(command: AskPairs, unit: Unit, context: Context[Facts]) -> list[Event]:
    load, times = context.rules.checks.load, list(context.facts.had_at)
    free = free_at(times, load.most, load.days, context.at)
    at = free if free > context.at else context.at + LATER if context.facts.busy else 0
    if at and not command.quiet:
        full = f"这个单位{load.days}天内已抽查、核对{len(times)}次,到了上限"
        raise Refused(full if free > context.at else "这位联络员正有别的呼叫没有答复,请稍后再问")
    return [PairsPutOff(unit=unit.code, division=unit.division, next_at=at)] if at else []


def _asked(state: State, unit: Unit, own: Contact, wanted: list[Pair], context: Context[Facts]) -> PairsAsked:
    rules, side = context.rules, _side(unit)
    chosen = tuple(_line(pair, side) for pair in wanted[: rules.checks.pairing.most])
    if not rules.checks.pairing.policy:
        raise Refused("没有配置互建核对的呼叫办法(checks.toml)")
    listed = ";".join(
        rules.phrase("pair_line", unit=line.other_name, name=line.name, number=line.number) for line in chosen
    )
    return PairsAsked(
        unit=unit.code,
        name=unit.name,
        contact=own.id,
        number=own.phones[0],
        side=side,
        lines=chosen,
        more=len(wanted) > len(chosen),
        page=f"p{unit.code}-{state.asks + 1}",
        policy=rules.checks.pairing.policy,
        subject=rules.phrase("pair_question", name=own.name, lines=listed),
        division=unit.division,
        at=context.at,
    )


def _line(pair: Pair, side: Side) -> Line:
    other, contact = pair.other(side)
    assert contact is not None
    return Line(
        pair=pair.id,
        town=pair.town.code,
        unit=pair.unit.code,
        other_name=other.name,
        contact=contact.id,
        name=contact.name,
        number=contact.phones[0],
    )


def _line_answered(state: State, command: AnswerPair, context: Context[Facts]) -> Event:
    asked = state.asked
    if asked is None or command.pair not in {line.pair for line in state.lines}:
        raise Refused("没有问过这一对")
    if command.callee != f"contact:{asked.contact}":
        raise Refused("问的不是您,请由被问的联络员答复")
    if not command.right and not command.text.strip():
        raise Refused("请写明哪里不对、应改成什么")
    said = Said(pair=command.pair, right=command.right, text=command.text.strip())
    last = state.waiting == (command.pair,)
    how = {"how": "link", "by": command.callee, "over": state.over or last, "page": asked.page if last else ""}
    return _said(asked, (said,), context.at, how)


def _answered(state: State, asked: PairsAsked, command: NoteAnswer, context: Context[Facts]) -> list[Event]:
    """An answer to the page: of whoever was asked, or as an officer heard it. All said already by link: it adds nothing."""
    if command.asked != asked.contact or (state.over and not command.late):
        return []
    if not command.who.startswith("user:") and command.who != f"contact:{asked.contact}":
        return [StrayAnswered(who=command.who, how=command.how, text=command.text, at=context.at)]
    said = heard(command.text, tuple(_named(asked.side, line, context) for line in state.lines))
    told = {one.pair for one in said}
    unsaid = tuple(pair for pair in state.waiting if pair not in told)
    return [_said(asked, said, context.at, {"how": command.how, "by": command.who, "over": True, "unsaid": unsaid})]


def _named(side: Side, line: Line, context: Context[Facts]) -> Named:
    other = context.directory.unit_by_code.get(line.unit if side == "town" else line.town)
    short = other.short_names if other else ()
    return Named(line.pair, (line.other_name, line.name, *short))


def _said(asked: PairsAsked, said: tuple[Said, ...], at: int, how: dict[str, Any]) -> PairsAnswered:
    who = {"contact": asked.contact, "number": asked.number, "side": asked.side}
    return PairsAnswered.model_validate(who | how | {"said": said, "at": at})


def _missed(state: State, reason: Missed, at: int, page: str = "") -> PairsMissed:
    asked = state.asked
    assert asked is not None
    return PairsMissed(contact=asked.contact, side=asked.side, pairs=state.waiting, reason=reason, page=page, at=at)


def evolve(state: State, event: Event) -> State:
    match event:
        case PairsAsked():
            times = (*state.times, event.at)[-KEPT:]
            return State(event, state.asks + 1, times, over=False, strays=state.strays)
        case PairsAnswered():
            said = () if isinstance(event.said, str) else event.said
            answered = state.answered | {one.pair for one in said}
            return state._replace(answered=answered, over=event.over)
        case PairsHeard():
            return state._replace(answered=state.answered | {event.pair}, over=event.over)
        case PairsMissed():
            return state._replace(over=True)
        case StrayAnswered():
            return state._replace(strays=(*state.strays, event))
        case PairsPutOff():
            return state._replace(put_off=event)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case PairsAsked():
            return _ask(id, event)
        case PairsAnswered():
            return _pass_on(event)
        case PairsHeard():
            return _done(event.page, event.by, "console")
        case PairsMissed():
            missed = {"side": event.side, "contact": event.contact, "reason": event.reason}
            told: list[Act] = [Ask(f"pair/{pair}", MissPair.model_validate(missed)) for pair in event.pairs]
            off: list[Act] = [Ask(f"page/{event.page}", CancelPage(reason=event.reason))] if event.page else []
            anew: list[Act] = [SetTimer("again", event.at)] if event.reason == "replaced" else []
            return [*told, *off, *anew]
        case PairsPutOff():
            return [SetTimer("again", event.next_at)]
    return []


def _ask(id: str, event: PairsAsked) -> list[Act]:
    page = StartPage(
        **event.model_dump(include={"policy", "subject", "unit", "division"}),
        asks="pair",
        asker=f"pairing/{id}",
        asked=event.contact,
    )
    lines = () if isinstance(event.lines, str) else event.lines
    who = event.model_dump(include={"side", "contact", "number", "division"}) | {"own_name": event.name}
    noted = [Ask(f"pair/{line.pair}", NotePairAsked.model_validate(who | {"line": line})) for line in lines]
    rest: Act = SetTimer("again", event.at + REST) if event.more else CancelTimer("again")
    return [*noted, Ask(f"page/{event.page}", page), rest]


def _pass_on(event: PairsAnswered) -> list[Act]:
    """Each pair hears its line, the page is over with the last, and an SMS proves the number it came from."""
    who = {"side": event.side, "contact": event.contact}
    said = () if isinstance(event.said, str) else event.said
    acts: list[Act] = [
        Ask(
            f"pair/{one.pair}",
            HearPair.model_validate(who | {"right": one.right, "text": one.text, "how": event.how, "who": event.by}),
        )
        for one in said
    ]
    missed = MissPair.model_validate(who | {"reason": "not_said"})
    acts += [Ask(f"pair/{pair}", missed) for pair in event.unsaid]
    acts += _done(event.page, event.by, event.how)
    if event.how == "sms" and event.by == f"contact:{event.contact}":
        proven = NoteReached(contact=event.contact, number=event.number, how="sms", who=event.by)
        acts.append(Ask(f"proof/{event.contact}", proven))
    return acts


def _done(page: str, by: str, how: str) -> list[Act]:
    return [Ask(f"page/{page}", AcknowledgePage(who=by, how=how, answer=RIGHT, quiet=True))] if page else []


def project(_id: str, state: State) -> Row | None:
    asked, put_off = state.asked, state.put_off
    if asked is None and put_off is None:
        return None
    body: dict[str, Any] = {
        "unit": _unit(state),
        "side": asked.side if asked else "",
        "contact": asked.contact if asked else "",
        "page": asked.page if asked else "",
        "lines": [line.model_dump() for line in state.lines],
        "answered": sorted(state.answered),
        "waiting": list(state.waiting),
        "at": asked.at if asked else 0,
        "times": list(state.times),
        "next_at": put_off.next_at if put_off else None,
        "strays": [one.model_dump(include={"who", "how", "text", "at"}) for one in state.strays],
    }
    division = asked.division if asked else put_off.division if put_off else ""
    refs = dict.fromkeys(("check.unit", f"{body['unit']}|{day(at)}") for at in state.times)
    return Row(body, open=bool(state.waiting), division=division, refs=tuple(refs))


book = Book(
    kind="pairing",
    blank=State(),
    events=(PairsAsked, PairsAnswered, PairsHeard, StrayAnswered, PairsMissed, PairsPutOff),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
