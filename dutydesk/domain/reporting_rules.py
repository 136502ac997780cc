"""When an incident has to go up, and that it does not end before it did: numbers of reports, the supplement watch, fixed hours,
telephone reports, and handing it to whoever it belongs to (regulations section 8, rules 4 to 7 and 14)."""

from typing import Any

from dutydesk.clock import MINUTE
from dutydesk.domain import ledger
from dutydesk.domain.deliveries import How, QueueDelivery
from dutydesk.domain.incident_clocks import occurred
from dutydesk.domain.incident_state import Incident, fact
from dutydesk.domain.incidents import ClockStarted, IncidentOpened
from dutydesk.domain.obligations import MeetObligation
from dutydesk.domain.pages import StartPage
from dutydesk.domain.papers import MOST_FILES
from dutydesk.domain.readings import Kind
from dutydesk.domain.reporting import (
    AttachFiles,
    DetachFile,
    DraftDropped,
    DraftOutdated,
    DraftSubmission,
    FileDetached,
    FilesAttached,
    FixedReportSet,
    IncidentSubmitted,
    IncidentTransferred,
    NoteSubmitted,
    NoteTransferReceipt,
    NoteWithdrawn,
    PhoneReported,
    ReportByPhone,
    SubmissionBegun,
    SubmissionGivenUp,
    TransferIncident,
    TransferReceipted,
    TransferSilent,
)
from dutydesk.domain.rules import Rules
from dutydesk.domain.submission_policy import Duty, duty_clock
from dutydesk.domain.submission_words import CASUALTIES
from dutydesk.domain.submissions import BeginSubmission, RefreshDraft, WithdrawSubmission
from dutydesk.domain.verbs import Act, Ask, Command, Context, Event, Fire, Found, Priority, Promise, SetTimer
from dutydesk.errors import Refused

COMMANDS = (
    DraftSubmission,
    NoteSubmitted,
    NoteWithdrawn,
    ReportByPhone,
    AttachFiles,
    DetachFile,
    TransferIncident,
    NoteTransferReceipt,
    Fire,
)
RECEIVERS = {"city": "市领导", "province": "province", "state": "state"}  # of a reach, as the clocks name them


def decide(
    state: Incident, opened: IncidentOpened, command: Command, context: Context[Any], running: tuple[Found, ...]
) -> list[Event]:
    """What a command about the way upward makes of an incident. `running`: its clocks neither met nor lifted."""
    match command:
        case DraftSubmission():
            return [_begun(state, opened, command, context.by)]
        case NoteSubmitted():
            return _submitted(state, opened, command, context)
        case NoteWithdrawn() if state.upward.drafting == command.ordinal:
            return [SubmissionGivenUp(ordinal=command.ordinal)]
        case ReportByPhone():
            return [_told(opened, command, context, running)]
        case AttachFiles():
            return _attached(state, command, context.by)
        case DetachFile():
            return [_detached(state, command, context.by)]
        case TransferIncident():
            return [_transferred(state, opened, command, context)]
        case NoteTransferReceipt():
            return [_receipted(state, command, context)]
        case Fire(name="fixed report"):
            return fixed_reports(state, opened, context.rules, context.at)
        case Fire(name=name) if name.startswith("transfer "):
            return _silent(state, opened, name.removeprefix("transfer "), context)
    return []


def arising(before: Incident, state: Incident, context: Context[Any]) -> list[Event]:
    """What the change from one state to another makes due: a draft to renew or to drop, a report of changed casualties, a fixed hour."""
    opened, upward = state.opened, state.upward
    if opened is None or before.opened is None or before.upward.drafting != upward.drafting:
        return _first_fixed(state, context)
    if upward.drafting and state.status != "open" and before.status == "open":
        return [DraftDropped(ordinal=upward.drafting, reason=state.outcome or state.status)]
    events: list[Event] = []
    if _facts(before) != _facts(state):
        if upward.drafting:
            events.append(DraftOutdated(ordinal=upward.drafting))
        elif upward.sent and state.status != "merged" and casualties(before) != casualties(state):
            events += supplement(state, opened, context.rules, context.at)
    return [*events, *_first_fixed(state, context)]


def _facts(state: Incident) -> tuple[Any, ...]:
    """Everything a report tells, as it stands; equal when nothing has to be told anew."""
    own = (state.facts, state.fixed, state.claims, state.figures_fixed, state.flags, state.upward.files)
    return (*own, getattr(state, "truth", ""))


def casualties(state: Incident) -> list[Any]:
    """The figures of people hurt, as they stand."""
    figures = ledger.shown(state.claims, dict(state.figures_fixed))
    return [figures[name]["value"] if name in figures else None for name in CASUALTIES]


# -- numbers of reports


def _begun(state: Incident, opened: IncidentOpened, command: DraftSubmission, by: str) -> SubmissionBegun:
    upward = state.upward
    if state.status == "merged":
        raise Refused("这个事件已并入别的事件,请在那里上报")
    if upward.drafting:
        raise Refused(f"{dict(upward.begun)[upward.drafting]}正在起草,还没有发出")
    wanted: Kind = command.kind
    if (wanted == "首报") != (not upward.sent):
        raise Refused("还没有首报" if not upward.sent else "首报已经发出,请用续报或终报")
    if state.status == "closed":
        raise Refused("事件已经了结;伤亡有变化时会自动起草续报")
    return SubmissionBegun(ordinal=len(upward.sent) + 1, kind=wanted, why="ordered", division=opened.division, by=by)


def _submitted(state: Incident, opened: IncidentOpened, command: NoteSubmitted, context: Context[Any]) -> list[Event]:
    """A report went out. A tier that was skipped is owed it; what changed after the signature goes into the next one."""
    known = any(sent.ordinal == command.ordinal for sent in state.upward.sent)
    made: list[Event] = []
    if not known:
        made.append(IncidentSubmitted(ordinal=command.ordinal, kind=command.kind, at=context.at))
    for tier in command.skipped:
        id = f"backfill-{tier}-{command.ordinal}"
        if id not in state.clocks:
            made.append(
                _duty(
                    id,
                    f"越级后补报{_tier(tier)}",
                    context.rules.submissions.backfill,
                    tier,
                    state,
                    opened,
                    context,
                    "skipped",
                )
            )
    if command.outdated and not known:
        after = state._replace(upward=state.upward._replace(drafting=0, sent=(*state.upward.sent, made[0])))  # type: ignore[arg-type]
        made += supplement(after, opened, context.rules, context.at)
    return made


def _tier(tier: str) -> str:
    return {"district": "区市", "city": "市", "province": "省政府总值班室"}.get(tier, tier)


def supplement(state: Incident, opened: IncidentOpened, rules: Rules, at: int) -> list[Event]:
    """Changed casualties inside the supplement watch: a 续报 is drafted by itself, and its own clock runs (493号 art. 13)."""
    upward, watch = state.upward, rules.supplement
    if not upward.sent or not watch.covers(fact(state, "code"), occurred(state, opened, at), at):
        return []
    ordinal = len(upward.sent) + 1
    begun = SubmissionBegun(ordinal=ordinal, kind="续报", why="casualties", division=opened.division, by="desk")
    route = rules.submissions.route(upward.peak, bool(state.flags))
    receiver = RECEIVERS[route.reach] if route else "province"
    rule = duty_clock(
        f"supplement-{ordinal}", "伤亡变化补报", watch, rules.desk.tier, receiver, watch.minutes, "changed"
    )
    return [begun, _clock(rule, at, state, opened, "casualties")]


def _duty(
    id: str,
    title: str,
    duty: Duty,
    receiver: str,
    state: Incident,
    opened: IncidentOpened,
    context: Context[Any],
    start: str,
) -> ClockStarted:
    rule = duty_clock(id, title, duty, context.rules.desk.tier, receiver, duty.minutes, start)
    return _clock(rule, context.at, state, opened, start)


def _clock(rule: Any, start_at: int, state: Incident, opened: IncidentOpened, why: str) -> ClockStarted:
    return ClockStarted(
        rule=rule,
        start_at=start_at,
        assumed=False,
        subject=f"{opened.number} {fact(state, 'title')}",
        division=opened.division,
        why=why,
    )


# -- fixed hours


def _first_fixed(state: Incident, context: Context[Any]) -> list[Event]:
    """The first time its level is one of those reported on at fixed hours."""
    upward = state.upward
    if state.opened is None or state.status != "open" or upward.peak not in context.rules.fixed_reports.levels:
        return []
    return [] if upward.fixed_at else fixed_reports(state, state.opened, context.rules, context.at)


def fixed_reports(state: Incident, opened: IncidentOpened, rules: Rules, at: int) -> list[Event]:
    """The next fixed hour and its clock; none once it is closed or its final report went out."""
    policy, upward = rules.fixed_reports, state.upward
    due = policy.next_after(at)
    if due is None or state.status != "open" or upward.final or upward.peak not in policy.levels:
        return []
    route = rules.submissions.route(upward.peak, bool(state.flags))
    receiver = RECEIVERS[route.reach] if route else "province"
    minutes = max(1, (due - at) // MINUTE)
    rule = duty_clock(f"fixed-{due // MINUTE}", "定时续报", policy, rules.desk.tier, receiver, minutes, "fixed")
    return [FixedReportSet(due_at=due), _clock(rule, due - minutes * MINUTE, state, opened, "fixed")]


# -- by telephone


def _told(
    opened: IncidentOpened, command: ReportByPhone, context: Context[Any], running: tuple[Found, ...]
) -> PhoneReported:
    addressee = context.rules.submissions.addressee(command.addressee)
    if addressee is None:
        raise Refused("没有这个报送对象")
    if not command.whom.strip():
        raise Refused("要写明报告给了谁")
    if command.told_at > context.at + MINUTE or command.told_at < opened.received_at - 60 * MINUTE:
        raise Refused("报告时间不对:晚于现在,或早于接报时间")
    met = tuple(
        f.id
        for f in running
        if addressee.receiver
        and (f.body["receiver"], f.body["channel"]) == (addressee.receiver, "phone")
        and f.body["start_at"] <= command.told_at
    )
    wanted = command.model_dump()
    return PhoneReported(**wanted, label=addressee.label, recorded_at=context.at, obligations=met, by=context.by)


# -- what goes with it


def _attached(state: Incident, command: AttachFiles, by: str) -> list[Event]:
    if state.status == "merged":
        raise Refused("这个事件已并入别的事件,请附在那里")
    had = {file.digest for file in state.upward.files}
    fresh = {file.digest: file for file in command.files if file.digest not in had}
    if len(had) + len(fresh) > MOST_FILES:
        raise Refused(f"一个事件最多附 {MOST_FILES} 个文件")
    return [FilesAttached(files=tuple(fresh.values()), by=by)] if fresh else []


def _detached(state: Incident, command: DetachFile, by: str) -> FileDetached:
    if all(file.digest != command.digest for file in state.upward.files):
        raise Refused("没有附过这个文件")
    if not command.reason.strip():
        raise Refused("请写明为什么撤下")
    return FileDetached(**command.model_dump(), by=by)


# -- to whom it belongs


def _transferred(
    state: Incident, opened: IncidentOpened, command: TransferIncident, context: Context[Any]
) -> IncidentTransferred:
    unit = context.directory.unit_by_code.get(command.unit)
    if unit is None:
        raise Refused("通讯录里没有这个单位")
    if state.status != "open":
        raise Refused("这个事件已经了结或并出")
    if any(handed.unit == unit.code for handed in state.upward.transfers):
        raise Refused("已经移交给这个单位")
    how: How | None = "sms" if unit.phone else "mail" if unit.email else None
    title = fact(state, "title")
    text = "".join(filter(None, (fact(state, "place_text"), state.last_word and f" {state.last_word}")))
    words = context.rules.phrase("transfer", number=opened.number, title=title, text=text, link="{link}")
    return IncidentTransferred(
        unit=unit.code,
        name=unit.name,
        reason=command.reason,
        at=context.at,
        receipt_by=context.at + context.rules.submissions.transfer.minutes * MINUTE,
        how=how,
        address=unit.phone or unit.email or "",
        words=words,
        delivery=f"h{opened.number}.{len(state.upward.transfers)}",
        division=opened.division,
        by=context.by,
    )


def _receipted(state: Incident, command: NoteTransferReceipt, context: Context[Any]) -> TransferReceipted:
    handed = next((one for one in state.upward.transfers if one.unit == command.unit), None)
    if handed is None:
        raise Refused("没有移交给这个单位")
    if any(receipt.unit == command.unit for receipt in state.upward.receipts):
        raise Refused("这个单位已经签收")
    late = max(0, context.at - handed.receipt_by)
    return TransferReceipted(**command.model_dump(), at=context.at, late_by=late, by=context.by)


def _silent(state: Incident, opened: IncidentOpened, unit: str, context: Context[Any]) -> list[Event]:
    handed = next((one for one in state.upward.transfers if one.unit == unit), None)
    if handed is None or any(receipt.unit == unit for receipt in state.upward.receipts):
        return []
    policy = context.rules.page_on_clock
    if not policy:
        return [TransferSilent(unit=unit)]
    title = fact(state, "title")
    subject = context.rules.phrase("transfer_silent", number=opened.number, title=title, name=handed.name)
    page = f"{opened.number}-transfer-{len(state.upward.transfers)}"
    return [TransferSilent(unit=unit, page=page, policy=policy, subject=subject, division=opened.division)]


def follow_up(id: str, event: Event) -> list[Act]:
    """The consequences of the events of this side."""
    match event:
        case SubmissionBegun():
            begin = BeginSubmission(incident=id, **event.model_dump(exclude={"by"}))
            return [Ask(f"submission/{id}-{event.ordinal}", begin)]
        case DraftOutdated():
            return [Ask(f"submission/{id}-{event.ordinal}", RefreshDraft())]
        case DraftDropped():
            return [Ask(f"submission/{id}-{event.ordinal}", WithdrawSubmission(reason=event.reason, quiet=True))]
        case PhoneReported():
            wish = MeetObligation(told_at=event.told_at, whom=f"{event.label} {event.whom}", note=event.note)
            return [Ask(f"obligation/{obligation}", wish) for obligation in event.obligations]
        case FixedReportSet():
            return [SetTimer("fixed report", event.due_at, Priority.WORK)]
        case IncidentTransferred():
            return [SetTimer(f"transfer {event.unit}", event.receipt_by, Priority.WORK), *_send(id, event)]
        case TransferSilent() if event.page:
            page = StartPage(
                policy=event.policy, subject=event.subject, incident=id, division=event.division, shared=True
            )
            return [Ask(f"page/{event.page}", page)]
    return []


def _send(id: str, event: IncidentTransferred) -> list[Act]:
    if event.how is None:
        return []
    queue = QueueDelivery(
        how=event.how,
        to=event.address,
        text=event.words,
        purpose="transfer",
        about=f"incident/{id}",
        promise=Promise.REPEATABLE,
        subject="事件移交",
        callee=f"unit:{event.unit}",
        division=event.division,
    )
    return [Ask(f"delivery/{event.delivery}", queue)]


def final_missing(state: Incident, rules: Rules) -> bool:
    """Whether it may not end as handled yet: something went up, or its level asks for it, and there is no final report (rule 7)."""
    upward = state.upward
    owed = bool(upward.sent or upward.told) or upward.peak in rules.submissions.final_levels
    return owed and bool(rules.submissions.routes) and not upward.final
