"""When holiday rosters go out and come in: units are asked in time, ours is sent five days before (regulations section 4), theirs is due
then; who has not given one is chased a day before, at the end, and each day after, and being late stays.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from dutydesk.clock import DAY, HOUR, from_datetime, to_datetime
from dutydesk.domain import holiday_papers
from dutydesk.domain.deliveries import How, QueueDelivery
from dutydesk.domain.directory import Unit
from dutydesk.domain.holiday_rosters import (
    AskRoster,
    ForeseeHoliday,
    GiveRoster,
    HolidayForeseen,
    HolidayOver,
    Line,
    Recipient,
    RosterAsked,
    RosterChased,
    RosterGiven,
    RosterSent,
    SendRoster,
    UnitsAsked,
)
from dutydesk.domain.rosters import duties_between
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
    Promise,
    Row,
    SetTimer,
)
from dutydesk.errors import Refused

MORNING = 9 * HOUR  # when asking, sending and chasing happen
MOST_CHASES = 5  # ours


@dataclass(frozen=True, slots=True)
class Holiday:
    foreseen: HolidayForeseen | None = None
    asked: UnitsAsked | None = None
    sent: tuple[RosterSent, ...] = ()
    over: bool = False


class Ours(NamedTuple):
    """Our duties in the holiday: how many, how many have something wrong, and who stands them day by day."""

    planned: int = 0
    gaps: int = 0
    lines: tuple[Line, ...] = ()


def holiday_facts(look: Look, state: Holiday, command: Command) -> Ours:
    if state.foreseen is None or not isinstance(command, (Fire, SendRoster)):
        return Ours()
    first = _morning(date.fromisoformat(state.foreseen.first)) - MORNING
    found = list(duties_between(look, first, state.foreseen.over_at))
    rows = (look.row("roster", month) for month in {month for month, _ in found})
    wrong = {problem["duty"] for row in rows if row for problem in row.body["problems"]}
    lines = holiday_papers.ours(look, [(month, duty) for month, duty in found if duty.starts_at >= first], look.rules)
    return Ours(len(found), sum(duty.id in wrong for _month, duty in found), lines)


def _morning(on: date) -> int:
    return from_datetime(to_datetime(0).replace(year=on.year, month=on.month, day=on.day, hour=0)) + MORNING


def decide_holiday(state: Holiday, command: Command, context: Context[Ours]) -> list[Event]:
    if isinstance(command, ForeseeHoliday):
        return [] if state.foreseen else [_foreseen(command, context)]
    known = state.foreseen
    if known is None or state.over:
        return []
    match command:
        case Fire(name="ask") if state.asked is None:
            kinds = set(context.rules.roster.collect)
            units = tuple(unit.code for unit in context.directory.units if unit.kind in kinds)
            about = known.model_dump(include={"name", "first", "last"})
            return [UnitsAsked(units=units, due_at=known.send_at, **about)]
        case Fire(name="send") if not state.sent:
            return [_sent(state, known, context)]
        case SendRoster():
            return [_sent(state, known, context)]
        case Fire(name="over"):
            return [HolidayOver()]
    return []


def _foreseen(command: ForeseeHoliday, context: Context[Ours]) -> HolidayForeseen:
    first, last = date.fromisoformat(command.first), date.fromisoformat(command.last)
    rules = context.rules.roster
    ask_at, send_at = (_morning(first - timedelta(days=days)) for days in (rules.ask_days, rules.send_days))
    over_at = _morning(last + timedelta(days=1)) - MORNING
    return HolidayForeseen(**command.model_dump(), ask_at=ask_at, send_at=send_at, over_at=over_at)


def _sent(state: Holiday, known: HolidayForeseen, context: Context[Ours]) -> RosterSent:
    units = [context.directory.unit_by_code.get(code) for code in context.rules.roster.send_to]
    asked = [context.directory.unit_by_code.get(code) for code in (state.asked.units if state.asked else ())]
    reached = list({unit.code: unit for unit in (*units, *asked) if unit}.values())
    lines = context.facts.lines
    ways = [_way_to(unit, context) for unit in reached]
    number = f"{known.first}/{len(state.sent) + 1}"
    up = holiday_papers.paper(number, known.name, lines, context.at, context.rules).to_text() if lines else ""
    return RosterSent(
        paper=up if any(how == "link" for how, _ in ways) else "",
        to=tuple(
            Recipient(unit=unit.code, how=how, delivery=f"{len(state.sent)}.{n}")
            for n, (unit, (how, _)) in enumerate(zip(reached, ways, strict=True))
        ),
        addresses=tuple(address for _, address in ways),
        text=context.rules.phrase("roster_sent", name=known.name, days=_days(known), link="{link}"),
        planned=context.facts.planned > 0,
        gaps=context.facts.gaps,
        by=context.by,
    )


def _way_to(unit: Unit, context: Context[Ours]) -> tuple[How | None, str]:
    """Over the line to the desk above, when there is something to send; otherwise as to any unit."""
    up = context.facts.lines and holiday_papers.goes_up(unit.code, context.rules)
    return ("link", unit.code) if up else _way(unit)


def _days(known: HolidayForeseen | RosterAsked | AskRoster) -> str:
    return known.first if known.first == known.last else f"{known.first}至{known.last}"


def _way(unit: Unit) -> tuple[How | None, str]:
    if unit.phone:
        return "sms", unit.phone
    return ("mail", unit.email) if unit.email else (None, "")


def evolve_holiday(state: Holiday, event: Event) -> Holiday:
    match event:
        case HolidayForeseen():
            return replace(state, foreseen=event)
        case UnitsAsked():
            return replace(state, asked=event)
        case RosterSent():
            return replace(state, sent=(*state.sent, event))
        case HolidayOver():
            return replace(state, over=True)
    return state


def follow_holiday(id: str, event: Event) -> list[Act]:
    match event:
        case HolidayForeseen():
            times = (("ask", event.ask_at), ("send", event.send_at), ("over", event.over_at))
            asks: list[Act] = [SetTimer(name, at) for name, at in times]
            return asks
        case UnitsAsked():
            about = event.model_dump(include={"name", "first", "last", "due_at"})
            return [Ask(f"unitroster/{id}.{unit}", AskRoster(unit=unit, **about)) for unit in event.units]
        case RosterSent():
            pairs = zip(event.to, event.addresses, strict=True)
            return [
                _queue(f"h{id}.{to.delivery}", f"holiday/{id}", to.how, a, _said(event, to.how), to.unit)
                for to, a in pairs
                if to.how
            ]
        case HolidayOver():
            return [CancelTimer("ask"), CancelTimer("send")]
    return []


def _said(event: RosterSent, how: How) -> str:
    return event.paper if how == "link" else event.text


def _queue(delivery: str, about: str, how: How, address: str, text: str, unit: str, division: str = "") -> Ask:
    queue = QueueDelivery(
        how=how,
        to=address,
        text=text,
        purpose="roster",
        about=about,
        promise=Promise.ONCE if how == "link" else Promise.REPEATABLE,
        subject="值班表",
        callee=f"unit:{unit}",
        division=division,
    )
    return Ask(f"delivery/{delivery}", queue)


def project_holiday(_id: str, state: Holiday) -> Row | None:
    known = state.foreseen
    if known is None:
        return None
    last = state.sent[-1] if state.sent else None
    body: dict[str, Any] = known.model_dump(mode="json") | {
        "asked": list(state.asked.units) if state.asked else [],
        "sent": len(state.sent),
        "to": [recipient.unit for recipient in last.to] if last else [],
        "unreachable": [recipient.unit for recipient in last.to if recipient.how is None] if last else [],
        "planned": last.planned if last else None,
        "gaps": last.gaps if last else None,
    }
    return Row(body, open=not state.over)


@dataclass(frozen=True, slots=True)
class UnitRoster:
    asked: RosterAsked | None = None
    chased: tuple[RosterChased, ...] = ()
    given: tuple[RosterGiven, ...] = ()


def decide_unit(state: UnitRoster, command: Command, context: Context[None]) -> list[Event]:
    match command:
        case AskRoster() if state.asked is None:
            return _asked(command, context)
        case GiveRoster():
            return [_given(state, command, context)]
        case Fire(name="chase") if state.asked and not state.given:
            return [_chased(state, state.asked, context)]
    return []


def _asked(command: AskRoster, context: Context[None]) -> list[Event]:
    unit = context.directory.unit_by_code.get(command.unit)
    if unit is None:
        return []
    how, address = _way(unit)
    due = to_datetime(command.due_at).strftime("%m月%d日%H:%M")
    words = context.rules.phrase("roster_ask", name=command.name, days=_days(command), due=due, link="{link}")
    return [
        RosterAsked(
            **command.model_dump(),
            unit_name=unit.name,
            division=unit.division,
            chase_at=max(command.due_at - DAY, context.at + HOUR),
            how=how,
            address=address,
            words=words,
            at=context.at,
        )
    ]


def _given(state: UnitRoster, command: GiveRoster, context: Context[None]) -> RosterGiven:
    if state.asked is None:
        raise Refused("没有向这个单位要过值班表")
    days = _dates(state.asked)
    if stray := next((line.date for line in command.lines if line.date not in days), ""):
        raise Refused(f"{stray} 不在 {_days(state.asked)} 之内")
    named = {line.date for line in command.lines if line.leader.strip() and line.officers.strip()}
    if not named:
        raise Refused("每天要写明带班领导和值班人员")
    late = max(0, context.at - state.asked.due_at)
    missing = tuple(day for day in days if day not in named)
    return RosterGiven(lines=command.lines, missing=missing, late_by=late, at=context.at, by=context.by)


def _dates(asked: RosterAsked) -> list[str]:
    first, last = date.fromisoformat(asked.first), date.fromisoformat(asked.last)
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _chased(state: UnitRoster, asked: RosterAsked, context: Context[None]) -> RosterChased:
    unit = context.directory.unit_by_code.get(asked.unit)
    how, address = _way(unit) if unit else (None, "")
    overdue, times = context.at >= asked.due_at, len(state.chased) + 1
    phrase = "roster_overdue" if overdue else "roster_chase"
    due = to_datetime(asked.due_at).strftime("%m月%d日%H:%M")
    following = asked.due_at if not overdue else context.at + DAY
    return RosterChased(
        times=times,
        overdue=overdue,
        next_at=following if times < MOST_CHASES else None,
        how=how,
        address=address,
        words=context.rules.phrase(phrase, name=asked.name, due=due, link="{link}"),
        division=asked.division,
    )


def evolve_unit(state: UnitRoster, event: Event) -> UnitRoster:
    match event:
        case RosterAsked():
            return replace(state, asked=event)
        case RosterChased():
            return replace(state, chased=(*state.chased, event))
        case RosterGiven():
            return replace(state, given=(*state.given, event))
    return state


def follow_unit(id: str, event: Event) -> list[Act]:
    unit, about = id.partition(".")[2], f"unitroster/{id}"
    match event:
        case RosterAsked():
            acts: list[Act] = [SetTimer("chase", event.chase_at)] if event.chase_at is not None else []
            if event.how:
                acts.append(_queue(f"r{id}.0", about, event.how, event.address, event.words, unit, event.division))
            return acts
        case RosterChased():
            acts = [SetTimer("chase", event.next_at)] if event.next_at is not None else []
            if event.how:
                number = f"r{id}.{event.times}"
                acts.append(_queue(number, about, event.how, event.address, event.words, unit, event.division))
            return acts
        case RosterGiven():
            return [CancelTimer("chase")]
    return []


def project_unit(_id: str, state: UnitRoster) -> Row | None:
    asked = state.asked
    if asked is None:
        return None
    given = state.given[-1] if state.given else None
    late = bool(state.chased and state.chased[-1].overdue)
    body = asked.model_dump(mode="json", include={"unit", "unit_name", "name", "first", "last", "due_at", "at"}) | {
        "status": "given" if given else "overdue" if late else "asked",
        "chased": len(state.chased),
        "lines": [line.model_dump() for line in given.lines] if given else [],
        "missing": list(given.missing) if given else [],
        "late_by": state.given[0].late_by if given else None,
        "given_at": given.at if given else None,
    }
    return Row(body, open=given is None, division=asked.division, refs=(("unitroster.unit", asked.unit),))


books = (
    Book(
        kind="holiday",
        blank=Holiday(),
        events=(HolidayForeseen, UnitsAsked, RosterSent, HolidayOver),
        decide=decide_holiday,
        evolve=evolve_holiday,
        project=project_holiday,
        follow_up=follow_holiday,
        facts=holiday_facts,
    ),
    Book(
        kind="unitroster",
        blank=UnitRoster(),
        events=(RosterAsked, RosterChased, RosterGiven),
        decide=decide_unit,
        evolve=evolve_unit,
        project=project_unit,
        follow_up=follow_unit,
    ),
)
