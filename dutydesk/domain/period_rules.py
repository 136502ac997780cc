"""How quiet is found in a marked period: every sweep asks who was last heard of when, and raises whom the neighbours make strange."""

from typing import Any, NamedTuple

from dutydesk.clock import MINUTE
from dutydesk.domain.asking import NoteAnswer
from dutydesk.domain.hearing import last_word, last_word_of
from dutydesk.domain.pages import CancelPage, StartPage
from dutydesk.domain.periods import (
    EndPeriod,
    MarkPeriod,
    PeriodEnded,
    PeriodMarked,
    PeriodSwept,
    QuietBroken,
    QuietFound,
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
    Look,
    Priority,
    Row,
    SetTimer,
)
from dutydesk.errors import Refused

SWEEP = 15 * MINUTE  # ours


class Period(NamedTuple):
    marked: PeriodMarked | None = None
    next_at: int = 0
    raised: tuple[QuietFound, ...] = ()  # asked and not heard of since
    heard: tuple[tuple[str, int], ...] = ()  # by an answer to a page: no message
    found: int = 0
    ended: PeriodEnded | None = None


def facts(look: Look, state: Period, command: Command) -> dict[str, int]:
    """When each listed unit and district was last heard of."""
    marked = state.marked
    if marked is None or not isinstance(command, Fire):
        return {}
    directory = look.directory
    heard = {district: last_word_of(look, district) for district in marked.districts}
    for code in marked.units:
        unit = directory.unit_by_code.get(code)
        numbers = [number for contact in directory.contacts_of.get(code, ()) for number in contact.phones]
        heard[code] = last_word(look, [*numbers, *([unit.phone] if unit and unit.phone else [])])
    return heard


def decide(state: Period, command: Command, context: Context[dict[str, int]]) -> list[Event]:
    if isinstance(command, MarkPeriod):
        return [_marked(state, command, context)]
    marked = state.marked
    if marked is None:
        raise Refused("没有这个重点时段")
    if state.ended:
        return []
    match command:
        case EndPeriod():
            return [_ended(state, command.reason, context)]
        case NoteAnswer():
            return [QuietBroken(unit=command.asked, how=command.how, at=context.at)]
        case Fire(name="sweep"):
            if marked.until and context.at >= marked.until:
                return [_ended(state, "over", context)]
            return _swept(state, marked, max(0, context.at - command.due_at), context)
    return []


def _marked(state: Period, command: MarkPeriod, context: Context[dict[str, int]]) -> PeriodMarked:
    if state.marked:
        raise Refused("这个重点时段已经开始")
    if not command.name.strip():
        raise Refused("请写明时段名称")
    named = (*command.units, *command.districts)
    if strange := [code for code in named if code not in context.directory.unit_by_code]:
        raise Refused(f"通讯录里没有这个单位:{'、'.join(strange)}")
    if not named:
        raise Refused("请至少选一个单位或区市")
    if not context.rules.asking.period.policy:
        raise Refused("没有配置重点时段的呼叫办法(asking.toml)")
    return PeriodMarked(**command.model_dump(), at=context.at, next_at=context.at + SWEEP, by=context.by)


def _swept(state: Period, marked: PeriodMarked, late_by: int, context: Context[dict[str, int]]) -> list[Event]:
    policy, answered = context.rules.asking.period, dict(state.heard)
    heard = {code: max(at, answered.get(code, 0), marked.at) for code, at in context.facts.items()}
    still = {found.unit: found for found in state.raised if heard[found.unit] <= found.since}
    quiet = [(c, "unit") for c in marked.units if _over(heard[c], policy.unit_minutes, context.at)]
    near = {c for c in marked.districts if context.facts[c] > context.at - policy.district_minutes * MINUTE}
    if len(near) >= policy.neighbours:
        quiet += [(c, "district") for c in marked.districts if _over(heard[c], policy.district_minutes, context.at)]
    fresh = [(code, why) for code, why in dict(quiet).items() if code not in still]
    found = [_found(code, why, heard[code], n, context) for n, (code, why) in enumerate(fresh, state.found + 1)]
    stops = tuple(found.page for found in state.raised if found.unit not in still)
    names = (*still, *(code for code, _ in fresh))
    return [*found, PeriodSwept(quiet=names, next_at=context.at + SWEEP, late_by=late_by, stops=stops)]


def _over(heard: int, minutes: int, at: int) -> bool:
    return at - heard >= minutes * MINUTE


def _found(code: str, why: str, since: int, n: int, context: Context[dict[str, int]]) -> QuietFound:
    unit, minutes = context.directory.unit_by_code.get(code), (context.at - since) // MINUTE
    phrase = "quiet_district" if why == "district" else "quiet_unit"
    name = unit.name if unit else code
    return QuietFound(
        unit=code,
        name=name,
        why="district" if why == "district" else "unit",
        since=since,
        minutes=minutes,
        page=f"w{context.at // MINUTE}-{code}-{n}",
        policy=context.rules.asking.period.policy,
        subject=context.rules.phrase(phrase, name=name, minutes=minutes),
        division=unit.division if unit else "",
    )


def _ended(state: Period, reason: str, context: Context[dict[str, int]]) -> PeriodEnded:
    pages = tuple(found.page for found in state.raised)
    return PeriodEnded(reason=reason, by=context.by, at=context.at, pages=pages)


def evolve(state: Period, event: Event) -> Period:
    match event:
        case PeriodMarked():
            return state._replace(marked=event, next_at=event.next_at)
        case QuietFound():
            kept = tuple(found for found in state.raised if found.unit != event.unit)
            return state._replace(raised=(*kept, event), found=state.found + 1)
        case PeriodSwept():
            raised = tuple(found for found in state.raised if found.unit in event.quiet)
            return state._replace(raised=raised, next_at=event.next_at)
        case QuietBroken():
            kept = tuple(found for found in state.raised if found.unit != event.unit)
            heard = (*((u, at) for u, at in state.heard if u != event.unit), (event.unit, event.at))
            return state._replace(raised=kept, heard=heard)
        case PeriodEnded():
            return state._replace(ended=event)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case PeriodMarked():
            return [SetTimer("sweep", event.next_at, Priority.WORK)]
        case PeriodSwept():
            heard = (Ask(f"page/{page}", CancelPage(reason="heard")) for page in event.stops)
            return [SetTimer("sweep", event.next_at, Priority.WORK), *heard]
        case QuietFound():
            page = StartPage(
                **event.model_dump(include={"policy", "subject", "unit", "division"}),
                asks="presence",
                asker=f"period/{id}",
                asked=event.unit,
            )
            return [Ask(f"page/{event.page}", page)]
        case PeriodEnded():
            return [CancelTimer("sweep"), *(Ask(f"page/{page}", CancelPage(reason="over")) for page in event.pages)]
    return []


def project(_id: str, state: Period) -> Row | None:
    marked = state.marked
    if marked is None:
        return None
    body: dict[str, Any] = {
        **marked.model_dump(include={"name", "units", "districts", "until", "by"}, mode="json"),
        "started_at": marked.at,
        "next_at": None if state.ended else state.next_at,
        "status": "ended" if state.ended else "running",
        "quiet": [found.model_dump(include={"unit", "name", "why", "since", "page"}) for found in state.raised],
        "reason": state.ended.reason if state.ended else "",
    }
    return Row(body, open=state.ended is None)


book = Book(
    kind="period",
    blank=Period(),
    events=(PeriodMarked, QuietFound, PeriodSwept, QuietBroken, PeriodEnded),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
