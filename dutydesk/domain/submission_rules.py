"""How a report goes up: Draft → check → sign-off → send → receipt → confirmed by telephone (regulations section 8, rule 16).

Nothing that is missing holds it up (rule 11). A signature counts for the version it was given to; a changed draft must be read
again. An addressee gets a report once: its delivery is named by incident, ordinal and addressee, and promised ONCE.
"""

from typing import Any

from dutydesk.clock import MINUTE
from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.obligations import MeetObligation
from dutydesk.domain.pages import StartPage
from dutydesk.domain.papers import with_attached
from dutydesk.domain.reporting import NoteSubmitted, NoteWithdrawn
from dutydesk.domain.submission_answers import afterwards
from dutydesk.domain.submission_facts import Facts, facts
from dutydesk.domain.submission_policy import WATCH_LEADER
from dutydesk.domain.submission_routing import Issue, line_to, parcels, plan, skipped
from dutydesk.domain.submission_state import Submission, evolve, project
from dutydesk.domain.submission_words import changes, draft_of, in_words, moment_at, snapshot_of
from dutydesk.domain.submissions import (
    BeginSubmission,
    CheckSubmission,
    Draft,
    Line,
    LineNoted,
    Parcel,
    ReceiptsMissing,
    RefreshDraft,
    Said,
    SendSubmission,
    Signer,
    SignSubmission,
    SubmissionChecked,
    SubmissionConfirmed,
    SubmissionDrafted,
    SubmissionOutdated,
    SubmissionReceipted,
    SubmissionRedrafted,
    SubmissionSent,
    SubmissionSigned,
    SubmissionWithdrawn,
    WithdrawSubmission,
    WriteDraft,
)
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Event,
    Priority,
    Promise,
    SetTimer,
)
from dutydesk.errors import Refused

CHIEFS = frozenset({"shift_leader", "administrator"})


def decide(state: Submission, command: Command, context: Context[Facts]) -> list[Event]:
    if isinstance(command, BeginSubmission):
        return _begun(state, command, context)
    begun, draft = state.begun, state.draft
    if begun is None or draft is None:
        raise Refused("没有这份报告")
    match command:
        case RefreshDraft():
            return _refreshed(state, begun, draft, context)
        case WriteDraft():
            return [_written(state, begun, draft, command, context)]
        case CheckSubmission():
            return [_checked(state, begun, draft, command, context)]
        case SignSubmission():
            return [_signed(state, draft, command, context)]
        case SendSubmission():
            return [_sent(state, begun, draft, command, context)]
        case WithdrawSubmission():
            return _withdrawn(state, begun, command, context)
    return afterwards(state, begun, command, context)


# -- the draft


def _begun(state: Submission, command: BeginSubmission, context: Context[Facts]) -> list[Event]:
    if state.begun and state.status != "withdrawn":
        return []
    draft, where = _drawn(command.kind, command.ordinal, (), context)
    wanted = command.model_dump()
    return [SubmissionDrafted(**wanted, draft=draft, plan=where, at=context.at, by=context.by)]


def _drawn(kind: Any, ordinal: int, said: tuple[Said, ...], context: Context[Facts]) -> tuple[Draft, Any]:
    found = context.facts.incident
    if found is None:
        raise Refused("没有这个事件")
    labels = {flag.id: flag.label for flag in context.rules.flags}
    body = found.body | {"flags": [labels.get(flag, flag) for flag in found.body["flags"]]}
    now = snapshot_of(body, context.facts.source, context.facts.rounds)
    draft = draft_of(now, context.facts.last, kind, ordinal, said, context.at)
    return draft, plan(now, context.rules, context.directory)


def _refreshed(state: Submission, begun: SubmissionDrafted, draft: Draft, context: Context[Facts]) -> list[Event]:
    fresh, where = _drawn(begun.kind, begun.ordinal, draft.said, context)
    told = changes(draft.snapshot, fresh.snapshot)
    if fresh.version == draft.version:
        return []
    if state.status in ("draft", "checked"):
        wanted = {"draft": fresh, "plan": where, "changes": told}
        return [SubmissionRedrafted(**wanted, why="facts", at=context.at, by=context.by)]
    return [SubmissionOutdated(changes=told)] if state.status == "signed" and told else []


def _written(
    state: Submission, begun: SubmissionDrafted, draft: Draft, command: WriteDraft, context: Context[Facts]
) -> SubmissionRedrafted:
    _still_a_draft(state)
    _as_read(state, draft, command.version)
    if len(command.text) > 5_000:
        raise Refused("太长,最多五千字")
    kept = tuple(one for one in draft.said if one.name != command.name)
    added = (Said(name=command.name, text=command.text.strip()),) if command.text.strip() else ()
    fresh, where = _drawn(begun.kind, begun.ordinal, (*kept, *added), context)
    told = changes(draft.snapshot, fresh.snapshot)
    wanted = {"draft": fresh, "plan": where, "changes": told}
    return SubmissionRedrafted(**wanted, why="words", at=context.at, by=context.by)


def _still_a_draft(state: Submission) -> None:
    if state.signed:
        raise Refused(f"已由{state.signed.name}于{moment_at(state.signed.at)}签发,不能再改")
    if state.status == "withdrawn":
        raise Refused("这份报告已撤回")


def _as_read(state: Submission, draft: Draft, version: str) -> None:
    """Refused, with what changed, when another version was read than the one that stands."""
    if version == draft.version:
        return
    read = next((one for one in state.former if one.version == version), None)
    told = in_words(changes(read.snapshot, draft.snapshot)) if read else ""
    raise Refused(f"您看过之后草稿已更新:{told or '文字有改动'}。请看过新稿再办")


def _checked(
    state: Submission, begun: SubmissionDrafted, draft: Draft, command: CheckSubmission, context: Context[Facts]
) -> SubmissionChecked:
    _still_a_draft(state)
    _as_read(state, draft, command.version)
    return SubmissionChecked(
        version=draft.version,
        title=draft.title,
        division=begun.division,
        asks=tuple(_asks(state, begun, draft, context)),
        at=context.at,
        by=context.by,
    )


def _asks(state: Submission, begun: SubmissionDrafted, draft: Draft, context: Context[Facts]) -> list[Parcel]:
    """A text to the first who may sign: the three lines and a link to read, sign or instruct. None to whoever checked it and may sign."""
    signer = next(iter(state.plan.signers), None)
    key, phone = _reached(signer, context) if signer else ("", "")
    if signer is None or not phone or key == context.by:
        return []
    line = Line(addressee="sign", label=signer.label, callee=key, how="sms", address=phone)
    text = context.rules.phrase("sign_sms", title=draft.title, text="".join(draft.brief), link="{link}")
    name = f"s{begun.incident}-{begun.ordinal}.sign-{draft.version}"
    return [Parcel(line=line, delivery=name, text=text)]


def _reached(signer: Signer, context: Context[Facts]) -> tuple[str, str]:
    """The key and the number of whoever may sign; the leader of the watch is whoever leads it now."""
    if signer.key == WATCH_LEADER:
        chief = context.facts.leader
        return (chief.key, chief.phone) if chief else ("", "")
    leader = context.directory.leader_by_id.get(signer.key.partition(":")[2])
    return signer.key, leader.phones[0] if leader and leader.phones else ""


# -- the signature and the sending


def _signed(state: Submission, draft: Draft, command: SignSubmission, context: Context[Facts]) -> SubmissionSigned:
    _still_a_draft(state)
    _as_read(state, draft, command.version)
    if state.status != "checked":
        raise Refused("先核对,再签发")
    key, name = _signer(state, command, context)
    how = "phone" if command.leader else command.how
    return SubmissionSigned(version=draft.version, key=key, name=name, how=how, at=context.at, by=context.by)


def _signer(state: Submission, command: SignSubmission, context: Context[Facts]) -> tuple[str, str]:
    """Whose signature it is, when they may give it. Raises Refused naming who may."""
    who = context.facts
    phone_leader = context.directory.leader_by_phone.get(who.phone) if who.role == "leader" else None
    key = command.who
    if command.leader:
        if who.role not in CHIEFS:
            raise Refused("电话签发由带班领导登记")
        key = f"leader:{command.leader}"
    elif phone_leader:
        key = f"leader:{phone_leader.id}"
    allowed = {signer.key for signer in state.plan.signers}
    if key.startswith("leader:") and key in allowed:
        leader = context.directory.leader_by_id.get(key.partition(":")[2])
        return key, leader.name if leader else key
    if WATCH_LEADER in allowed and key == command.who and who.role in CHIEFS:
        return key, who.name
    labels = "、".join(signer.label for signer in state.plan.signers) or "config/submissions.toml 里没有签发人"
    raise Refused(f"这一级别由下列人员签发:{labels}")


def _sent(
    state: Submission, begun: SubmissionDrafted, draft: Draft, command: SendSubmission, context: Context[Facts]
) -> SubmissionSent:
    signed = state.signed
    if signed is None or state.status == "withdrawn":
        raise Refused("还没有签发,不能发出")
    _as_read(state, draft, command.version)
    lines = _lines_to_send(state, command, draft, context)
    id = f"{begun.incident}-{begun.ordinal}"
    known = context.facts
    files = with_attached(known.files, draft.snapshot.files)
    issue = Issue(id, begun.kind, begun.ordinal, signed.name, context.drill, files, known.earlier)
    told = [one.line.tier for one in state.tracks] + [line.tier for line in lines]
    return SubmissionSent(
        incident=begun.incident,
        ordinal=begun.ordinal,
        kind=begun.kind,
        title=draft.title,
        division=begun.division,
        parcels=tuple(parcels(id, draft, lines, issue, context.rules)),
        skipped=skipped(told, context.rules.desk.tier),
        outdated=bool(state.outdated),
        receipts_by=context.at + context.rules.submissions.receipt.minutes * MINUTE,
        at=context.at,
        by=context.by,
    )


def _lines_to_send(state: Submission, command: SendSubmission, draft: Draft, context: Context[Facts]) -> list[Line]:
    """The planned lines, or those named (any addressee of the configuration), without those that have it."""
    had = {one.line.addressee for one in state.tracks}
    planned = {line.addressee: line for line in state.plan.lines}
    policy = context.rules.submissions
    known = {
        name: planned.get(name) or line_to(policy.addressee(name), draft.snapshot, context.rules, context.directory)
        for name in command.to or planned
    }
    if strange := [name for name, line in known.items() if line is None]:
        raise Refused(f"没有这个报送对象:{'、'.join(strange)}")
    left = [line for name, line in known.items() if line and name not in had]
    if not left:
        raise Refused("都已经发过,不会再发")
    return left


def _withdrawn(
    state: Submission, begun: SubmissionDrafted, command: WithdrawSubmission, context: Context[Facts]
) -> list[Event]:
    if state.sent or state.status == "withdrawn":
        if command.quiet:
            return []
        raise Refused("已经发出,不能撤回" if state.sent else "已经撤回")
    if not command.reason.strip():
        raise Refused("撤回要写明理由")
    wanted: dict[str, Any] = {"incident": begun.incident, "ordinal": begun.ordinal, "reason": command.reason}
    return [SubmissionWithdrawn(**wanted, at=context.at, by=context.by)]


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case SubmissionChecked():
            return [_post(id, parcel, event, "sign") for parcel in event.asks]
        case SubmissionSent():
            told = NoteSubmitted(**event.model_dump(include={"ordinal", "kind", "skipped", "outdated"}))
            sends = [_post(id, parcel, event, "submission") for parcel in event.parcels]
            timer = SetTimer("receipts", event.receipts_by, Priority.WORK)
            return [*sends, Ask(f"incident/{event.incident}", told), timer]
        case LineNoted(status="arrived" | "sent"):
            return _meet(event, event.at)
        case SubmissionReceipted():
            return [*_meet(event, event.at), *_settled(event)]
        case SubmissionConfirmed():
            return [*_meet(event, event.told_at), *_settled(event)]
        case SubmissionWithdrawn():
            return [Ask(f"incident/{event.incident}", NoteWithdrawn(ordinal=event.ordinal))]
        case ReceiptsMissing() if event.page:
            page = StartPage(
                policy=event.policy,
                subject=event.subject,
                incident=event.incident,
                division=event.division,
                shared=True,
            )
            return [Ask(f"page/{event.page}", page)]
    return []


def _meet(event: LineNoted | SubmissionReceipted | SubmissionConfirmed, told_at: int) -> list[Act]:
    wish = MeetObligation(told_at=told_at, whom=event.told, note=event.note)
    return [Ask(f"obligation/{obligation}", wish) for obligation in event.obligations]


def _settled(event: SubmissionReceipted | SubmissionConfirmed) -> list[Act]:
    return [CancelTimer("receipts")] if event.settled else []


def _post(id: str, parcel: Parcel, event: SubmissionChecked | SubmissionSent, purpose: Any) -> Act:
    queue = QueueDelivery(
        how=parcel.line.how,
        to=parcel.line.address,
        text=parcel.text,
        purpose=purpose,
        about=f"submission/{id}",
        promise=Promise.ONCE if purpose == "submission" else Promise.REPEATABLE,
        subject=event.title,
        callee=parcel.line.callee,
        division=event.division,
    )
    return Ask(f"delivery/{parcel.delivery}", queue)


book = Book(
    kind="submission",
    blank=Submission(),
    events=(
        SubmissionDrafted,
        SubmissionRedrafted,
        SubmissionChecked,
        SubmissionSigned,
        SubmissionOutdated,
        SubmissionSent,
        LineNoted,
        SubmissionReceipted,
        SubmissionConfirmed,
        ReceiptsMissing,
        SubmissionWithdrawn,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
