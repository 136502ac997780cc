"""The circular (通报): figures of a watch, each with the entries it was counted from; corrected with a reason, issued, receipted."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.directory import Directory
from dutydesk.domain.readings import Value
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Event,
    Lane,
    Look,
    Priority,
    Promise,
    Row,
    SetTimer,
)
from dutydesk.errors import Refused


class Figure(Value):
    """One figure: its name, value (None when nothing was measured), unit of measure, and the seqs of its entries."""

    name: str
    value: int | None
    unit: str = ""
    seqs: tuple[int, ...] = ()


class Item(Value):
    """One line about one incident or message, with the stream it opens to."""

    text: str
    stream: str
    state: str = ""


class Addressee(Value):
    callee: str
    how: Literal["sms", "mail"]
    delivery: str


class RequestCircular(Command):
    watch: str
    name: str
    starts_at: int
    ends_at: int
    note: str = ""


class DraftCircular(Command):
    """The figures were counted, outside the pen."""

    figures: tuple[Figure, ...]
    items: tuple[Item, ...]
    summary: str


class CorrectCircular(Command):
    """Change a figure (`name`) or the summary (name "summary") before or after issue, with the reason."""

    name: str
    value: str
    reason: str


class IssueCircular(Command):
    """Send it to its recipients."""


class OpenCircular(Command):
    """A recipient opened the link: the receipt."""

    callee: str


class CircularRequested(Event):
    private: ClassVar[frozenset[str]] = frozenset({"note"})
    watch: str
    name: str
    starts_at: int
    ends_at: int
    note: str = ""
    due_at: int


class CircularDrafted(Event):
    private: ClassVar[frozenset[str]] = frozenset({"items", "summary"})
    figures: tuple[Figure, ...]
    items: tuple[Item, ...] = ()
    summary: str


class CircularCorrected(Event):
    private: ClassVar[frozenset[str]] = frozenset({"former", "value"})
    name: str
    former: str
    value: str
    reason: str
    by: str


class CircularIssued(Event):
    private: ClassVar[frozenset[str]] = frozenset({"addresses", "names", "text"})
    issue: int
    by: str
    to: tuple[Addressee, ...]
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    subject: str
    text: str


class CircularOpened(Event):
    callee: str
    at: int


@dataclass(frozen=True, slots=True)
class Circular:
    requested: CircularRequested | None = None
    drafted: CircularDrafted | None = None
    figures: tuple[Figure, ...] = ()
    summary: str = ""
    corrections: tuple[CircularCorrected, ...] = ()
    issued: tuple[CircularIssued, ...] = ()
    changed_since_issue: bool = False
    opened: tuple[tuple[str, int], ...] = ()


def facts(look: Look, state: Circular, command: Command) -> list[tuple[str, str, str, str]]:
    """For an issue: the recipients by config as (key, name, how, address); an empty address is nobody."""
    if not isinstance(command, IssueCircular):
        return []
    return [(r.who, *_address(look, r.who, r.how)) for r in look.rules.circular_to]


def _address(look: Look, who: str, how: str) -> tuple[str, str, str]:
    kind, _, id = who.partition(":")
    name, phone, email = _reach(look, kind, id)
    return name, how, (email if how == "mail" else phone) or ""


def _reach(look: Look, kind: str, id: str) -> tuple[str, str, str]:
    directory: Directory = look.directory
    if kind == "user" and (found := look.row("user", id)) and found.open:
        return found.body["name"], found.body["phone"] or "", found.body["email"] or ""
    if kind == "leader" and (leader := directory.leader_by_id.get(id)):
        return leader.name, leader.phones[0] if leader.phones else "", leader.email or ""
    if kind == "contact" and (contact := directory.contact_by_id.get(id)):
        return contact.name, contact.phones[0] if contact.phones else "", contact.email or ""
    if kind == "unit" and (unit := directory.unit_by_code.get(id)):
        return unit.name, unit.phone or "", unit.email or ""
    return who_missing(kind, id)


def who_missing(kind: str, id: str) -> tuple[str, str, str]:
    return f"{kind}:{id}", "", ""


def decide(state: Circular, command: Command, context: Context[list[tuple[str, str, str, str]]]) -> list[Event]:
    match command:
        case RequestCircular() if state.requested is None:
            return [CircularRequested(**command.model_dump(), due_at=context.at)]
        case DraftCircular() if state.requested and state.drafted is None:
            return [CircularDrafted(figures=command.figures, items=command.items, summary=command.summary)]
        case CorrectCircular():
            return [_correct(state, command, context.by)]
        case IssueCircular():
            return [_issue(state, context)]
        case OpenCircular() if command.callee not in dict(state.opened):
            return [CircularOpened(callee=command.callee, at=context.at)]
    return []


def _correct(state: Circular, command: CorrectCircular, by: str) -> CircularCorrected:
    if state.drafted is None:
        raise Refused("通报还没有写成")
    if not command.reason.strip():
        raise Refused("更正要写明理由")
    former = _former(state, command)
    return CircularCorrected(name=command.name, former=former, value=command.value, reason=command.reason, by=by)


def _former(state: Circular, command: CorrectCircular) -> str:
    if command.name == "summary":
        return state.summary
    figure = next((f for f in state.figures if f.name == command.name), None)
    if figure is None:
        raise Refused(f"通报里没有{command.name}这个数字")
    if command.value.strip() and not _is_count(command.value):
        raise Refused("数字只能填非负整数,或留空表示不详")
    return "" if figure.value is None else str(figure.value)


def _is_count(text: str) -> bool:
    plain = text.strip()
    return plain.isdecimal() and len(plain) <= 15


def _issue(state: Circular, context: Context[list[tuple[str, str, str, str]]]) -> CircularIssued:
    if state.requested is None or state.drafted is None:
        raise Refused("通报还没有写成")
    if state.issued and not state.changed_since_issue:
        raise Refused("这份通报已经印发,没有更正不重复印发")
    reached = [r for r in context.facts if r[3]]
    issue = len(state.issued) + 1
    made = [
        (Addressee(callee=k, how="mail" if how == "mail" else "sms", delivery=f"{issue}.{n}"), a, name)
        for n, (k, name, how, a) in enumerate(reached)
    ]
    return CircularIssued(
        issue=issue,
        by=context.by,
        to=tuple(m[0] for m in made),
        addresses=tuple(m[1] for m in made),
        names=tuple(m[2] for m in made),
        missing=tuple(r[0] for r in context.facts if not r[3]),
        subject=_subject(state.requested, issue, context.rules),
        text=context.rules.phrase("circular", name=state.requested.name, summary=state.summary, link="{link}"),
    )


def _subject(requested: CircularRequested, issue: int, rules: Rules) -> str:
    suffix = "" if issue == 1 else f"(更正{issue - 1})"
    return f"{rules.desk.name}{requested.name}值班情况通报{suffix}"


def evolve(state: Circular, event: Event) -> Circular:
    match event:
        case CircularRequested():
            return replace(state, requested=event)
        case CircularDrafted():
            return replace(state, drafted=event, figures=event.figures, summary=event.summary)
        case CircularCorrected():
            return _corrected(state, event)
        case CircularIssued():
            return replace(state, issued=(*state.issued, event), changed_since_issue=False)
        case CircularOpened():
            return replace(state, opened=(*state.opened, (event.callee, event.at)))
    return state


def _corrected(state: Circular, event: CircularCorrected) -> Circular:
    state = replace(state, corrections=(*state.corrections, event), changed_since_issue=True)
    if event.name == "summary":
        return replace(state, summary=event.value)
    value = int(event.value) if _is_count(event.value) else None
    changed = tuple(f.model_copy(update={"value": value}) if f.name == event.name else f for f in state.figures)
    return replace(state, figures=changed)


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case CircularRequested():
            return [SetTimer("draft", event.due_at, Priority.WORK, Lane.DRAFT)]
        case CircularDrafted():
            return [CancelTimer("draft")]
        case CircularIssued():
            return [_delivery(id, event, n) for n in range(len(event.to))]
    return []


def _delivery(id: str, event: CircularIssued, n: int) -> Act:
    to = event.to[n]
    queue = QueueDelivery(
        how=to.how,
        to=event.addresses[n],
        text=event.text,
        subject=event.subject,
        purpose="circular",
        about=f"circular/{id}",
        promise=Promise.REPEATABLE,
        callee=to.callee,
    )
    return Ask(f"delivery/c{id}.{to.delivery}", queue)


def project(id: str, state: Circular) -> Row | None:
    asked = state.requested
    if asked is None:
        return None
    body = {
        "watch": asked.watch,
        "name": asked.name,
        "starts_at": asked.starts_at,
        "ends_at": asked.ends_at,
        "note": asked.note,
        "status": "issued" if state.issued else "drafted" if state.drafted else "requested",
        "figures": [f.model_dump(mode="json") for f in state.figures],
        "items": [i.model_dump(mode="json") for i in state.drafted.items] if state.drafted else [],
        "summary": state.summary,
        "corrections": [c.model_dump(mode="json") for c in state.corrections],
        "issues": [i.model_dump(mode="json", include={"issue", "by", "to", "names", "missing"}) for i in state.issued],
        "changed_since_issue": state.changed_since_issue,
        "opened": [list(o) for o in state.opened],
    }
    return Row(body, open=not state.issued or state.changed_since_issue)


book = Book(
    kind="circular",
    blank=Circular(),
    events=(CircularRequested, CircularDrafted, CircularCorrected, CircularIssued, CircularOpened),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
