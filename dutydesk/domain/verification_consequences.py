"""What an event of a question to many sets off: a page a unit, the incident that hears of it, the desks that need not answer any more."""

from dutydesk.domain.incidents import CloseIncident, NoteVerification
from dutydesk.domain.messages import DismissMessage
from dutydesk.domain.pages import CancelPage, StartPage
from dutydesk.domain.settlements import NOT_AWAITED, told
from dutydesk.domain.verbs import (
    Act,
    Ask,
    CancelTimer,
    Event,
    Priority,
    SetTimer,
)
from dutydesk.domain.verifications import (
    VerificationAnswered,
    VerificationAsked,
    VerificationConcluded,
    VerificationOverdue,
    VerificationWidened,
)


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case VerificationAsked():
            timers: list[Act] = [SetTimer("phone", event.phone_by, Priority.PAGE)]
            if event.written_by > event.phone_by:
                timers.append(SetTimer("written", event.written_by, Priority.PAGE))
            noted = NoteVerification(verification=id, truth="asking")
            truth = event.asks == "truth" and event.incident
            return [*timers, *_pages(id, event), *([Ask(f"incident/{event.incident}", noted)] if truth else [])]
        case VerificationWidened():
            return _pages(id, event)
        case VerificationAnswered():
            return told(event.settled, f"verification/{id}", event.text, event.at)
        case VerificationOverdue() if event.page:
            call = StartPage(policy=event.policy, subject=event.subject, division=event.division)
            return [Ask(f"page/{event.page}", call)]
        case VerificationConcluded():
            stopped: list[Act] = [Ask(f"page/{page}", CancelPage(reason="concluded")) for page in event.pages]
            over = [act for one in event.settled for act in told(one, f"verification/{id}", NOT_AWAITED, event.at)]
            return [CancelTimer("phone"), CancelTimer("written"), *stopped, *_told(id, event), *over]
    return []


def _pages(id: str, event: VerificationAsked | VerificationWidened) -> list[Act]:
    return [
        Ask(
            f"page/{line.page}",
            StartPage(
                policy=event.policy,
                subject=event.text,
                incident=event.incident,
                message=event.message,
                unit=line.unit,
                division=line.division,
                event=event.event,
                files=event.files,
                asks=event.asks,
                asker=f"verification/{id}",
                asked=line.unit,
            ),
        )
        for line in event.lines
    ]


def _told(id: str, event: VerificationConcluded) -> list[Act]:
    if event.message:
        return [Ask(f"message/{event.message}", DismissMessage(reason=f"核实不实:{event.reason}"))]
    if event.incident is None or event.truth is None:
        return []
    noted = NoteVerification(verification=id, truth=event.truth, reason=event.reason)
    acts: list[Act] = [Ask(f"incident/{event.incident}", noted)]
    if event.close:
        acts.append(Ask(f"incident/{event.incident}", CloseIncident(outcome="false", reason=event.reason)))
    return acts
