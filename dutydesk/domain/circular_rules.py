"""How a circular goes its way: requested, drafted outside the pen, edited, corrected, issued to its recipients, opened by them."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from dutydesk.clock import to_datetime
from dutydesk.domain.circulars import (
    Addressee,
    AskEventCircular,
    CircularCorrected,
    CircularDrafted,
    CircularEdited,
    CircularIssued,
    CircularOpened,
    CircularRequested,
    CorrectCircular,
    DraftCircular,
    EditCircular,
    Figure,
    IssueCircular,
    Item,
    OpenCircular,
    RequestCircular,
)
from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.directory import Directory
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Event,
    Found,
    Lane,
    Look,
    Priority,
    Promise,
    Row,
    SetTimer,
)
from dutydesk.errors import Refused

TITLES = {
    "watch": "{name}值班情况通报",
    "day": "{name}值班情况通报",
    "month": "{name}值班工作情况通报",
    "quarter": "{name}值班工作情况通报",
    "year": "{name}值班工作情况通报",
    "brief": "每日要情({name})",
    "event": "{name}",
}


class Recipient(NamedTuple):
    """One of those an issue goes to; an empty address is nobody."""

    who: str
    name: str
    how: str
    address: str


class CircularFacts(NamedTuple):
    """For an issue: recipients, and the next document number of the year. For an event: the incident."""

    recipients: tuple[Recipient, ...] = ()
    number: int = 0
    incident: Found | None = None


@dataclass(frozen=True, slots=True)
class Circular:
    requested: CircularRequested | None = None
    drafted: CircularDrafted | None = None
    figures: tuple[Figure, ...] = ()
    items: tuple[Item, ...] = ()
    summary: str = ""
    edited_by: str = ""
    corrections: tuple[CircularCorrected, ...] = ()
    issued: tuple[CircularIssued, ...] = ()
    changed_since_issue: bool = False
    opened: tuple[tuple[str, int], ...] = ()


def facts(look: Look, state: Circular, command: Command) -> CircularFacts:
    match command:
        case IssueCircular():
            reached = tuple(Recipient(one.who, *_address(look, one.who, one.how)) for one in look.rules.circular_to)
            return CircularFacts(
                (*reached, *_whose(look, state.requested, reached)), look.count(f"document:{to_datetime(look.at):%Y}")
            )
        case AskEventCircular():
            return CircularFacts(incident=look.row("incident", command.incident))
    return CircularFacts()


def _whose(look: Look, asked: CircularRequested | None, reached: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    """The unit that a circular on one event is about reads it too, and may object there."""
    unit = look.directory.unit_by_code.get(asked.unit) if asked and asked.kind == "event" else None
    key = f"unit:{unit.code}" if unit else ""
    if unit is None or key in {one.who for one in reached}:
        return ()
    return (Recipient(key, *_address(look, key, "sms" if unit.phone else "mail")),)


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


def decide(state: Circular, command: Command, context: Context[CircularFacts]) -> list[Event]:
    match command:
        case RequestCircular() if state.requested is None:
            return [CircularRequested(**command.model_dump(), due_at=context.at)]
        case AskEventCircular():
            return [_about_event(state, command, context)]
        case DraftCircular() if state.requested and state.drafted is None:
            return [CircularDrafted(figures=command.figures, items=command.items, summary=command.summary)]
        case EditCircular():
            return [_edit(state, command, context.by)]
        case CorrectCircular():
            return [_correct(state, command, context.by)]
        case IssueCircular():
            return [_issue(state, context)]
        case OpenCircular() if command.callee not in dict(state.opened):
            return [CircularOpened(callee=command.callee, at=context.at)]
    return []


def _about_event(state: Circular, command: AskEventCircular, context: Context[CircularFacts]) -> CircularRequested:
    unit, incident = context.directory.unit_by_code.get(command.unit), context.facts.incident
    if state.requested:
        raise Refused("这份通报已经有了")
    if unit is None or incident is None:
        raise Refused("没有这个单位,或没有这个事件")
    return CircularRequested(
        watch="",
        name=f"关于{unit.name}报告“{incident.body['title']}”情况的通报",
        starts_at=incident.body["received_at"],
        ends_at=context.at,
        due_at=context.at,
        kind="event",
        incident=command.incident,
        unit=unit.code,
        unit_name=unit.name,
    )


def _edit(state: Circular, command: EditCircular, by: str) -> CircularEdited:
    if state.drafted is None:
        raise Refused("通报还没有写成")
    if state.issued:
        raise Refused("已经印发的通报请用更正")
    if not command.summary.strip():
        raise Refused("摘要不能为空")
    return CircularEdited(items=command.items, summary=command.summary, by=by)


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


def _issue(state: Circular, context: Context[CircularFacts]) -> CircularIssued:
    if state.requested is None or state.drafted is None:
        raise Refused("通报还没有写成")
    if state.issued and not state.changed_since_issue:
        raise Refused("这份通报已经印发,没有更正不重复印发")
    reached = [one for one in context.facts.recipients if one.address]
    issue, replaces = len(state.issued) + 1, state.issued[-1].document_number if state.issued else ""
    to = tuple(
        Addressee(callee=one.who, how="mail" if one.how == "mail" else "sms", delivery=f"{issue}.{n}")
        for n, one in enumerate(reached)
    )
    name = title(state.requested) + (f"(更正{replaces})" if replaces else "")
    return CircularIssued(
        issue=issue,
        by=context.by,
        to=to,
        addresses=tuple(one.address for one in reached),
        names=tuple(one.name for one in reached),
        missing=tuple(one.who for one in context.facts.recipients if not one.address),
        subject=_subject(state.requested, issue, context.rules),
        text=context.rules.phrase(
            "circular", name=_called(state.requested, name), summary=state.summary, link="{link}"
        ),
        document_number=_number(state.requested, context),
        replaces=replaces,
        issued_at=context.at,
    )


def title(requested: CircularRequested) -> str:
    """What it is called."""
    return TITLES[requested.kind].format(name=requested.name)


def _called(requested: CircularRequested, name: str) -> str:
    return requested.name if requested.kind == "watch" else name


def _number(requested: CircularRequested, context: Context[CircularFacts]) -> str:
    """发文字号 (GB/T 9704-2012, 7.2.5): letters of the issuer, year, running number without zeros. A watch's summary has none."""
    if requested.kind == "watch":
        return ""
    year = to_datetime(context.at).strftime("%Y")
    return f"{context.rules.circulars.issuer}〔{year}〕{context.facts.number}号"


def _subject(requested: CircularRequested, issue: int, rules: Rules) -> str:
    suffix = "" if issue == 1 else f"(更正{issue - 1})"
    return f"{rules.desk.name}{title(requested)}{suffix}"


def evolve(state: Circular, event: Event) -> Circular:
    match event:
        case CircularRequested():
            return replace(state, requested=event)
        case CircularDrafted():
            return replace(state, drafted=event, figures=event.figures, items=event.items, summary=event.summary)
        case CircularEdited():
            return replace(state, items=event.items, summary=event.summary, edited_by=event.by)
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


_ISSUE = {"issue", "by", "to", "names", "missing", "document_number", "replaces", "issued_at"}


def project(id: str, state: Circular) -> Row | None:
    asked = state.requested
    if asked is None:
        return None
    body = {
        "watch": asked.watch,
        "kind": asked.kind,
        "title": title(asked),
        "scheme": asked.scheme,
        "incident": asked.incident,
        "unit": asked.unit,
        "unit_name": asked.unit_name,
        "document_number": state.issued[-1].document_number if state.issued else "",
        "edited_by": state.edited_by,
        "name": asked.name,
        "starts_at": asked.starts_at,
        "ends_at": asked.ends_at,
        "note": asked.note,
        "status": "issued" if state.issued else "drafted" if state.drafted else "requested",
        "figures": [f.model_dump(mode="json") for f in state.figures],
        "items": [i.model_dump(mode="json") for i in state.items],
        "summary": state.summary,
        "corrections": [c.model_dump(mode="json") for c in state.corrections],
        "issues": [i.model_dump(mode="json", include=_ISSUE) for i in state.issued],
        "changed_since_issue": state.changed_since_issue,
        "opened": [list(o) for o in state.opened],
    }
    about = (("about", f"incident/{asked.incident}"),) if asked.incident else ()
    return Row(body, open=not state.issued or state.changed_since_issue, refs=about)


book = Book(
    kind="circular",
    blank=Circular(),
    events=(CircularRequested, CircularDrafted, CircularEdited, CircularCorrected, CircularIssued, CircularOpened),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
