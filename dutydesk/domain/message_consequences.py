"""What an event of a message sets off: timers, the page's answer, the incident's report, the receipt."""

from dutydesk.domain.asking import NoteAnswer
from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.incidents import AddReport, OpenIncident, RemoveReport
from dutydesk.domain.messages import (
    ChoiceAsked,
    ChoiceMade,
    Choose,
    HeldTooLong,
    MessageAnswered,
    MessageAttached,
    MessageDismissed,
    MessageHeld,
    MessageOpened,
    MessageRead,
    MessageReceipted,
    MessageRecorded,
    ReadingFailed,
)
from dutydesk.domain.pages import AcknowledgePage, AskMoreTime, CancelPage, StartPage
from dutydesk.domain.verbs import (
    Act,
    Ask,
    CancelTimer,
    Event,
    Lane,
    Priority,
    Promise,
    SetTimer,
)


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case MessageRecorded() if not event.repeat_of:
            return [SetTimer("read", event.received_at, Priority.WORK, Lane.READ)]
        case ReadingFailed():
            return [SetTimer("read", event.retry_at, Priority.WORK, Lane.READ)]
        case MessageRead():
            return [CancelTimer("read")]
        case MessageOpened():
            return [*_settled(event.stops), Ask(f"incident/{event.incident}", _opening(id, event))]
        case MessageAttached():
            report = AddReport(message=id, summary=event.summary, reading=event.reading, received_at=event.received_at)
            return [*_settled(event.stops), *_leave(id, event.former), Ask(f"incident/{event.incident}", report)]
        case MessageAnswered(link=True):
            return _settled()
        case MessageAnswered(asker=asker) if asker:
            said = event.model_dump(include={"who", "how", "text", "declined"})
            return [*_settled(), Ask(asker, NoteAnswer(asked=event.unit, message=id, **said))]
        case MessageAnswered(minutes=None):
            answer = AcknowledgePage(who=event.who, how=event.how, answer=event.text, message=id)
            return [*_settled(), Ask(f"page/{event.page}", answer)]
        case MessageAnswered():
            wish = AskMoreTime(who=event.who, how=event.how, minutes=event.minutes or 0, reason=event.text)
            return [*_settled(), Ask(f"page/{event.page}", wish)]
        case ChoiceAsked():
            return [SetTimer("choice", event.until)]
        case ChoiceMade():
            return [Ask(f"message/{event.message}", Choose(choice=event.choice))]
        case MessageHeld():
            return [CancelTimer("choice"), SetTimer("held", event.until, Priority.PAGE)]
        case HeldTooLong():
            page = StartPage(policy=event.policy, subject=event.subject, message=id, division=event.division)
            return [Ask(f"page/{event.page}", page)]
        case MessageDismissed():
            return [*_settled(event.stops), *_leave(id, event.former)]
        case MessageReceipted():
            text = QueueDelivery(
                how="sms",
                to=event.to,
                text=event.text,
                purpose="link" if event.callee else "receipt",
                about=f"message/{id}",
                callee=event.callee,
                promise=Promise.REPEATABLE,
                division=event.division,
            )
            return [Ask(f"delivery/{event.delivery}", text)]
    return []


def _settled(stops: str = "") -> list[Act]:
    over: list[Act] = [Ask(f"page/{stops}", CancelPage(reason="settled"))] if stops else []
    return [CancelTimer("read"), CancelTimer("choice"), CancelTimer("held"), *over]


def _leave(id: str, former: str | None) -> list[Act]:
    return [Ask(f"incident/{former}", RemoveReport(message=id))] if former else []


def _opening(id: str, event: MessageOpened) -> OpenIncident:
    return OpenIncident(
        number=event.number,
        title=event.title,
        unit=event.unit,
        unit_name=event.unit_name,
        division=event.division,
        maybe=event.maybe,
        message=id,
        summary=event.summary,
        reading=event.reading,
        received_at=event.received_at,
        signed_by=event.by if event.by.startswith("user:") else "",
    )
