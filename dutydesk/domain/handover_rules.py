"""How a watch passes from one side to the other. Rule 18: open events, running clocks, unsent reports, unanswered instructions and line
tests are listed by themselves; both sides confirm, each for itself; the outgoing watch stays responsible until then.
"""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from dutydesk.clock import to_datetime
from dutydesk.domain.handovers import (
    ConfirmHandover,
    FinishHandover,
    HandoverCompleted,
    HandoverConfirmed,
    HandoverListed,
    HandoverOpened,
    HandoverRefused,
    HandoverUnconfirmed,
    Heap,
    Item,
    NoteUnconfirmed,
    OpenHandover,
    RefuseHandover,
    Side,
)
from dutydesk.domain.open_items import listing
from dutydesk.domain.pages import CancelPage, StartPage
from dutydesk.domain.shifts import Term
from dutydesk.domain.verbs import Act, Ask, Book, Command, Context, Event, Look, Row
from dutydesk.domain.watch_rules import following, staffed
from dutydesk.domain.watches import HandOver
from dutydesk.errors import Refused

SIDES: tuple[Side, Side] = ("outgoing", "incoming")
SIDE = {"outgoing": "交班", "incoming": "接班"}


@dataclass(frozen=True, slots=True)
class Handover:
    opened: HandoverOpened | None = None
    listed: HandoverListed | None = None
    confirmed: tuple[HandoverConfirmed, ...] = ()
    refused: tuple[HandoverRefused, ...] = ()
    unconfirmed: HandoverUnconfirmed | None = None
    pages: tuple[str, ...] = ()
    completed: HandoverCompleted | None = None

    def side(self, side: Side) -> HandoverConfirmed | None:
        return next((c for c in self.confirmed if c.side == side), None)

    def missing(self) -> tuple[Side, ...]:
        return tuple(side for side in SIDES if self.side(side) is None)


class Facts(NamedTuple):
    """What is open now, who sits on the watch now, and who comes by the roster as it is now."""

    items: tuple[Item, ...] = ()
    heaps: tuple[Heap, ...] = ()
    outgoing: tuple[str, ...] = ()
    next: Term | None = None


def facts(look: Look, state: Handover, command: Command) -> Facts:
    if isinstance(command, (OpenHandover, FinishHandover)):
        return Facts(*listing(look, command.term.id))
    if state.opened is None or not isinstance(command, (ConfirmHandover, RefuseHandover)):
        return Facts()
    term = state.opened.term
    row = look.row("watch", term.id)
    people = (row.body["leader"], *row.body.get("leaders", ()), *row.body["officers"]) if row else state.opened.outgoing
    coming, _ = staffed(look, following(look.rules.shifts, term, max(look.at, term.ends_at)))
    return Facts(*listing(look, term.id), tuple(dict.fromkeys(filter(None, people))), coming)


def decide(state: Handover, command: Command, context: Context[Facts]) -> list[Event]:
    match command:
        case OpenHandover() if state.opened is None:
            return [_opened(command, context.at), *_list(state, context.facts)]
        case FinishHandover() if state.completed is None:
            begun = [] if state.opened else [_opened(command, context.at)]
            return [*begun, *_list(state, context.facts), _finished(state, command, context)]
        case ConfirmHandover():
            _open(state)
            return _confirmed(state, command, context)
        case RefuseHandover():
            _open(state)
            return [_refused(state, command, context)]
        case NoteUnconfirmed() if state.opened and not state.completed and state.unconfirmed is None:
            return [_unconfirmed(state, command, context)]
    return []


def _open(state: Handover) -> None:
    if state.opened is None:
        raise Refused("交接还没有开始")
    if state.completed:
        raise Refused("这一班已经交接完毕")


def _opened(command: OpenHandover | FinishHandover, at: int) -> HandoverOpened:
    return HandoverOpened(term=command.term, next=command.next, outgoing=command.outgoing, opened_at=at)


def _list(state: Handover, known: Facts) -> list[Event]:
    fresh = HandoverListed(items=known.items, heaps=known.heaps)
    return [] if fresh == state.listed else [fresh]


def _confirmed(state: Handover, command: ConfirmHandover, context: Context[Facts]) -> list[Event]:
    if state.side(command.side):
        raise Refused(f"{SIDE[command.side]}方已经确认过")
    _may_speak(command.side, command.chief, context)
    other = next((c for c in state.confirmed if c.side != command.side), None)
    if other and other.by == context.by:
        raise Refused("交班、接班要由两个人分别确认")
    mine = HandoverConfirmed(side=command.side, by=context.by, at=context.at, note=command.note.strip())
    events: list[Event] = [*_list(state, context.facts), mine]
    if other:
        events.append(_completed(state, (other, mine), context))
    return events


def _may_speak(side: Side, chief: bool, context: Context[Facts]) -> None:
    """Each side speaks for itself; a chief may stand in for a side. Where nobody was planned to come, whoever comes may."""
    name, known = context.by.removeprefix("user:"), context.facts
    coming = known.next.people() if known.next else ()
    relief = name in coming or (not coming and name not in known.outgoing)
    mine = name in known.outgoing if side == "outgoing" else relief
    if not mine and not chief:
        raise Refused(f"您不在{SIDE[side]}的一方;临时替班请先换班,或由带班领导确认")


def _completed(
    state: Handover, both: tuple[HandoverConfirmed, HandoverConfirmed], context: Context[Facts]
) -> HandoverCompleted:
    assert state.opened is not None
    note = next((c.note for c in both if c.side == "outgoing"), "")
    late = max(0, context.at - state.opened.term.ends_at)
    return HandoverCompleted(how="both", at=context.at, late_by=late, note=note, pages=state.pages, by=context.by)


def _finished(state: Handover, command: FinishHandover, context: Context[Facts]) -> HandoverCompleted:
    late = max(0, context.at - command.term.ends_at)
    return HandoverCompleted(
        how=command.how, at=context.at, late_by=late, note=command.note, pages=state.pages, by=context.by
    )


def _refused(state: Handover, command: RefuseHandover, context: Context[Facts]) -> HandoverRefused:
    if not command.reason.strip():
        raise Refused("不确认要写明理由")
    _may_speak(command.side, command.chief, context)
    assert state.opened is not None
    said = {"name": _name(state.opened), "side": SIDE[command.side], "reason": command.reason.strip()}
    return HandoverRefused(
        side=command.side,
        by=context.by,
        at=context.at,
        reason=command.reason.strip(),
        **_call(state, "handover_refused", said, context),
    )


def _unconfirmed(state: Handover, command: NoteUnconfirmed, context: Context[Facts]) -> HandoverUnconfirmed:
    assert state.opened is not None
    missing = state.missing()
    said = {"name": _name(state.opened), "side": "、".join(SIDE[side] for side in missing), "reason": ""}
    return HandoverUnconfirmed(
        missing=missing, ends_at=command.ends_at, **_call(state, "handover_unconfirmed", said, context)
    )


def _name(opened: HandoverOpened) -> str:
    return f"{to_datetime(opened.term.starts_at):%m月%d日}{opened.term.name}"


def _call(state: Handover, phrase: str, said: dict[str, str], context: Context[Facts]) -> dict[str, Any]:
    """The page to the leader, when config names a policy for it."""
    if not context.rules.page_on_handover:
        return {}
    assert state.opened is not None
    return {
        "page": f"h{state.opened.term.id}.{len(state.pages)}",
        "policy": context.rules.page_on_handover,
        "subject": context.rules.phrase(phrase, **said),
    }


def evolve(state: Handover, event: Event) -> Handover:
    match event:
        case HandoverOpened():
            return replace(state, opened=event)
        case HandoverListed():
            return replace(state, listed=event)
        case HandoverConfirmed():
            return replace(state, confirmed=(*state.confirmed, event))
        case HandoverRefused():
            confirmed = tuple(c for c in state.confirmed if c.side != event.side)
            return replace(state, refused=(*state.refused, event), confirmed=confirmed, pages=_with(state, event.page))
        case HandoverUnconfirmed():
            return replace(state, unconfirmed=event, pages=_with(state, event.page))
        case HandoverCompleted():
            return replace(state, completed=event)
    return state


def _with(state: Handover, page: str) -> tuple[str, ...]:
    return (*state.pages, page) if page else state.pages


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case HandoverRefused() | HandoverUnconfirmed() if event.page:
            return [Ask(f"page/{event.page}", StartPage(policy=event.policy, subject=event.subject))]
        case HandoverCompleted():
            over: list[Act] = [Ask(f"page/{page}", CancelPage(reason="handed_over")) for page in event.pages]
            return [Ask(f"watch/{id}", HandOver(note=event.note)), *over] if event.how == "both" else over
    return []


def project(id: str, state: Handover) -> Row | None:
    opened = state.opened
    if opened is None:
        return None
    listed = state.listed or HandoverListed()
    body = {
        "watch": id,
        "name": opened.term.name,
        "starts_at": opened.term.starts_at,
        "ends_at": opened.term.ends_at,
        "outgoing": list(opened.outgoing),
        "next": {"name": opened.next.name, "people": list(opened.next.people()), "ends_at": opened.next.ends_at},
        "opened_at": opened.opened_at,
        "status": _status(state),
        "items": [item.model_dump(mode="json") for item in listed.items],
        "heaps": [heap.model_dump(mode="json") for heap in listed.heaps],
        "confirmed": {c.side: {"by": c.by, "at": c.at, "note": c.note} for c in state.confirmed},
        "refused": [r.model_dump(mode="json", include={"side", "by", "at", "reason"}) for r in state.refused],
        "late": state.unconfirmed is not None,
        "how": state.completed.how if state.completed else "",
        "completed_at": state.completed.at if state.completed else None,
        "late_by": state.completed.late_by if state.completed else None,
        "note": state.completed.note if state.completed else "",
    }
    return Row(body, open=state.completed is None)


def _status(state: Handover) -> str:
    if state.completed:
        return "completed"
    if state.refused and not {r.side for r in state.refused[-1:]} & {c.side for c in state.confirmed}:
        return "refused"
    return "half" if state.confirmed else "open"


book = Book(
    kind="handover",
    blank=Handover(),
    events=(
        HandoverOpened,
        HandoverListed,
        HandoverConfirmed,
        HandoverRefused,
        HandoverUnconfirmed,
        HandoverCompleted,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
