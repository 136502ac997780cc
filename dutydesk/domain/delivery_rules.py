"""How one outgoing message is kept: two promises, retries where they help, another sender, and never a silent loss."""

from typing import NamedTuple

from dutydesk.clock import SECOND
from dutydesk.domain.deliveries import (
    BAD_ENDS,
    CancelDelivery,
    ConfirmDelivery,
    DeliveryAccepted,
    DeliveryCancelled,
    DeliveryConfirmed,
    DeliveryQueued,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryResent,
    DeliveryStarted,
    DeliveryStatusChanged,
    DeliveryUncertain,
    MarkUncertain,
    NoteOutcome,
    NoteStatus,
    QueueDelivery,
    ResendDelivery,
    StartDelivery,
    advances,
    sent_series,
)
from dutydesk.domain.delivery_state import Delivery, evolve, project
from dutydesk.domain.delivery_turns import ended, told_of, told_page
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.outcomes import Accepted, Busy, Rejected, Unknown
from dutydesk.domain.segments import count
from dutydesk.domain.verbs import Act, Book, Command, Context, Event, Look, Priority, Promise, Send, Withdraw
from dutydesk.errors import Refused

RETRIES = 3  # attempts that the provider refused for a passing reason, then the next way is taken
RETRY_AFTER = 15 * SECOND
MOST_LOOK_UPS = 12  # after so many answers that left it open (about ten minutes) a person is asked
LOOK_UP_AFTER = 10 * SECOND  # a lost create-reply: the provider's list needs a moment to show the message
TOLD = frozenset({"submission", "linetest", "reply", "downward", "question"})  # whose streams hear of every turn
MOST_PATIENT = 30  # times as long at most: a provider away for a day must not write an entry every ten seconds


class DeliveryFacts(NamedTuple):
    """For a queued message: whether a drill under way lists its address, and its number on the link that takes it."""

    in_drill: bool = False
    n: int = 0


def facts(look: Look, _state: Delivery, command: Command) -> DeliveryFacts:
    if not isinstance(command, QueueDelivery):
        return DeliveryFacts()
    listed = any(found.open for found in look.by_ref("drill.address", command.to))
    peer = look.rules.peer(command.to) if command.how == "link" else None
    return DeliveryFacts(listed, look.count(sent_series(peer.name)) if peer and peer.kind == "link" else 0)


def decide(state: Delivery, command: Command, context: Context[DeliveryFacts]) -> list[Event]:
    match command:
        case QueueDelivery() if state.queued is None and state.refused is None:
            return [_queue(command, context)]
        case StartDelivery():
            if state.queued and state.started and not state.closed and state.queued.safe_twice:
                return []  # the far side knows our key: asking again does no harm
            if state.queued is None or state.started or state.closed:
                raise Refused("这条已经发出过,不会自行再发")
            return [DeliveryStarted(attempt=state.attempts + 1)]
        case NoteOutcome():
            return _outcome(state, command, context)
        case NoteStatus():
            return _status(state, command, context.at)
        case MarkUncertain() if state.queued and not state.closed:
            return [_uncertain(state, command.detail, None)]
        case ConfirmDelivery() if state.queued:
            about = _told(state.queued)
            return [DeliveryConfirmed(arrived=command.arrived, note=command.note, by=context.by, about=about)]
        case ResendDelivery() if state.queued:
            return [_resend(state, state.queued, command, context)]
        case CancelDelivery() if state.queued and not state.started and not state.closed:
            return [DeliveryCancelled(reason=command.reason)]
    return []


def _queue(command: QueueDelivery, context: Context[DeliveryFacts]) -> Event:
    wanted = command.said(but=("text", "promise", "subject", "via"))
    text = _text(command, context)
    if context.drill and not context.facts.in_drill:
        return DeliveryRefused(**wanted, text=text, reason="not_in_drill")
    chosen = context.rules.sender(command.via) if command.via else None
    sender = chosen or context.rules.sender_for(command.to, command.how)
    via = "paper" if command.how == "paper" else sender.name if sender else ""
    if not via:
        return DeliveryRefused(**wanted, text=text, reason="no_sender")
    return DeliveryQueued(
        **wanted,
        text=text,
        via=via,
        promise=command.promise,
        subject=command.subject,
        segments=count(text) if command.how == "sms" else 1,
        n=context.facts.n,
        safe_twice=bool(command.how == "link" and (peer := context.rules.peer(command.to)) and peer.safe_twice),
        queued_at=context.at,
        priority=Priority.PAGE if command.purpose in ("page", "alarm", "question") else Priority.REMINDER,
    )


def _text(command: QueueDelivery, context: Context[DeliveryFacts]) -> str:
    """What goes out, marked when it is a drill's. Raises Invalid when a link is to carry what is no paper."""
    prefix = context.rules.phrase("drill_prefix") if context.drill else ""
    if command.how != "link":
        return prefix + command.text
    paper = Exchange.from_text(command.text)
    marked = {"drill": context.drill, "title": prefix + paper.title, "text": prefix + paper.text}
    return paper.model_copy(update=marked).to_text()


def _outcome(state: Delivery, command: NoteOutcome, context: Context[DeliveryFacts]) -> list[Event]:
    if state.queued is None or (state.closed and not _heals(state, command)):
        return []
    match command.outcome:
        case Accepted(provider_id=name, status=status):
            about = _told(state.queued)
            return [DeliveryAccepted(provider_id=name, status=status, attempt=command.attempt, about=about)]
        case Rejected() as rejected:
            return [_rejected(state, state.queued, rejected, command.attempt, context)]
        case Unknown(detail=detail):
            wait = LOOK_UP_AFTER * min(command.attempt, MOST_PATIENT)
            asks = state.queued.promise is Promise.ONCE or command.attempt >= MOST_LOOK_UPS
            asks = asks and not state.queued.safe_twice
            retry = None if asks else context.at + wait
            return [_uncertain(state._replace(attempts=command.attempt), detail, retry)]
        case Busy(retry_after=wait) if state.started:
            return [
                _put_off(state, state.queued, max(wait, LOOK_UP_AFTER * min(command.attempt, MOST_PATIENT)), context)
            ]
    return []


def _put_off(state: Delivery, queued: DeliveryQueued, wait: int, context: Context[DeliveryFacts]) -> DeliveryRejected:
    """Never processed, so a ONCE message may be started again: nothing of it is anywhere."""
    again = {"retry_at": context.at + wait, "via": state.via, "attempt": state.attempts}
    wanted = queued.model_dump(include={"how", "to", "promise", "priority", "about", "callee"})
    return DeliveryRejected.model_validate({"code": "busy", "detail": ""} | again | wanted)


def _heals(state: Delivery, command: NoteOutcome) -> bool:
    """The provider took what we thought cancelled or uncertain: the call was under way meanwhile."""
    doubtful = state.uncertain or (state.status == "canceled" and not state.provider_id)
    return doubtful and isinstance(command.outcome, Accepted)


def _rejected(
    state: Delivery, queued: DeliveryQueued, rejected: Rejected, attempt: int, context: Context[DeliveryFacts]
) -> DeliveryRejected:
    retry_at, via = None, None
    if rejected.remedy == "retry" and attempt < RETRIES:
        retry_at, via = context.at + RETRY_AFTER * attempt, state.via
    elif rejected.remedy in ("other_sender", "stop_channel") and queued.purpose != "linetest":
        other = context.rules.sender_for(queued.to, queued.how, (*state.tried, state.via))
        via, retry_at = (other.name, context.at) if other else (None, None)
    return DeliveryRejected(
        code=rejected.code,
        detail=rejected.detail[:300],
        attempt=attempt,
        retry_at=retry_at,
        via=via,
        how=queued.how,
        to=queued.to,
        promise=queued.promise,
        priority=queued.priority,
        about=queued.about,
        callee=queued.callee,
    )


def _uncertain(state: Delivery, detail: str, retry_at: int | None) -> DeliveryUncertain:
    queued = state.queued
    assert queued is not None
    return DeliveryUncertain(
        detail=detail[:300],
        attempt=state.attempts,
        retry_at=retry_at,
        via=state.via,
        how=queued.how,
        to=queued.to,
        promise=queued.promise,
        priority=queued.priority,
        about=_told(queued),
    )


def _status(state: Delivery, command: NoteStatus, at: int) -> list[Event]:
    if state.queued is None or not advances(state.status, command.status):
        return []
    if command.provider_id in state.former and command.status not in ("delivered", "read"):
        return []
    return [
        DeliveryStatusChanged(
            status=command.status,
            code=command.code,
            provider_id=command.provider_id or state.provider_id,
            about=state.queued.about,
            callee=state.queued.callee,
            at=at if state.queued.how == "voice" else 0,
        )
    ]


def _resend(
    state: Delivery, queued: DeliveryQueued, command: ResendDelivery, context: Context[DeliveryFacts]
) -> DeliveryResent:
    if not (state.uncertain or state.status in BAD_ENDS):
        raise Refused("这条没有失败,也没有存疑,不需要重发")
    sender = context.rules.sender_for(queued.to, queued.how)
    via = sender.name if sender else state.via
    return DeliveryResent(
        note=command.note,
        by=context.by,
        via=via,
        how=queued.how,
        to=queued.to,
        promise=queued.promise,
        priority=queued.priority,
    )


def _told(queued: DeliveryQueued) -> str:
    """Which stream hears of every turn: a report upward, whose clocks depend on it, what goes over a link, and a line test."""
    return queued.about if queued.purpose in TOLD else ""


def follow_up(id: str, event: Event) -> list[Act]:
    return [*_sends(id, event), *told_of(id, event)]


def _sends(_id: str, event: Event) -> list[Act]:
    match event:
        case DeliveryQueued(how="paper"):
            return []
        case DeliveryQueued():
            not_before = event.queued_at if event.n else 0  # by link: in the order of their numbers
            return [Send(event.promise, f"{event.via}:{event.how}", event.to, Priority(event.priority), not_before)]
        case DeliveryRefused():
            return told_page(_id, event.about, event.callee, event.reason)
        case DeliveryAccepted() | DeliveryCancelled() | DeliveryConfirmed():
            return [Withdraw()]
        case DeliveryRejected(retry_at=None):
            return [Withdraw(), *told_page(_id, event.about, event.callee, event.code)]
        case DeliveryRejected():
            channel = f"{event.via}:{event.how}"
            return [Send(event.promise, channel, event.to, Priority(event.priority), event.retry_at or 0)]
        case DeliveryUncertain(retry_at=None):
            return [Withdraw()]
        case DeliveryUncertain():
            channel = f"{event.via}:{event.how}"
            return [Send(event.promise, channel, event.to, Priority(event.priority), event.retry_at or 0)]
        case DeliveryStatusChanged() if event.status in BAD_ENDS:
            return [Withdraw(), *told_page(_id, event.about, event.callee, *ended(event))]
        case DeliveryStatusChanged():
            return [Withdraw()]
        case DeliveryResent():
            return [Send(event.promise, f"{event.via}:{event.how}", event.to, Priority(event.priority))]
    return []


book = Book(
    kind="delivery",
    blank=Delivery(),
    events=(
        DeliveryQueued,
        DeliveryRefused,
        DeliveryStarted,
        DeliveryAccepted,
        DeliveryRejected,
        DeliveryUncertain,
        DeliveryStatusChanged,
        DeliveryConfirmed,
        DeliveryResent,
        DeliveryCancelled,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
