"""What an event of an incident sets off: pages, legal clocks, and what an incident that it was merged into must hear."""

from dutydesk.domain import reporting_rules
from dutydesk.domain.checkins import ExpectFollowUps, ResumeFollowUps
from dutydesk.domain.incidents import (
    AddReport,
    ClockStarted,
    GiveBack,
    IncidentClosed,
    IncidentGaveBack,
    IncidentMerged,
    IncidentOpened,
    IncidentReopened,
    IncidentSigned,
    IncidentSplit,
    NoteVerification,
    PageCalled,
    RemoveReport,
    ReportAdded,
    ReportRemoved,
    TakeOver,
    VerificationNoted,
)
from dutydesk.domain.obligations import FollowIncident, LiftObligation, OpenObligation, ReopenObligation
from dutydesk.domain.pages import AcknowledgePage, CancelPage, StartPage
from dutydesk.domain.verbs import Act, Ask, CancelTimer, Event


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case IncidentOpened():
            expect = ExpectFollowUps(incident=id, unit=event.unit, division=event.division)
            return [Ask(f"checkin/{id}", expect)]
        case PageCalled():
            page = StartPage(
                policy=event.policy,
                subject=event.subject,
                incident=id,
                unit=event.unit,
                division=event.division,
                level=event.level,
                signs=event.signs,
            )
            return [Ask(f"page/{event.page}", page)]
        case IncidentSigned():
            answer = AcknowledgePage(who=event.by, how="console", answer="", quiet=True)
            return [Ask(f"page/{page}", answer) for page in event.pages]
        case IncidentMerged():
            over = TakeOver(
                **event.model_dump(include={"level", "clocks"}),
                incident=id,
                claims=event.claims,
                messages=event.messages,
            )
            return [
                *_stop(event.pages, "merged"),
                *_follow(event.obligations, event.into),
                Ask(f"incident/{event.into}", over),
            ]
        case IncidentSplit():
            back = GiveBack(incident=id, messages=event.messages)
            return [*_follow(event.obligations, id), Ask(f"incident/{event.former}", back)]
        case IncidentReopened():
            reopened = (Ask(f"obligation/{o}", ReopenObligation()) for o in event.obligations)
            return [*reopened, Ask(f"checkin/{id}", ResumeFollowUps())]
        case IncidentGaveBack(passed_to=into) if into:
            return [Ask(f"incident/{into}", GiveBack(incident=event.incident, messages=event.messages))]
        case VerificationNoted(passed_to=into) if into:
            return [Ask(f"incident/{into}", NoteVerification(**event.model_dump(exclude={"passed_to"})))]
        case ReportRemoved(passed_to=into) if into:
            return [Ask(f"incident/{into}", RemoveReport(message=event.message))]
        case ReportAdded(passed_to=into) if into:
            return [
                Ask(
                    f"incident/{into}",
                    AddReport(**event.model_dump(exclude={"passed_to", "reading"}), reading=event.reading),
                )
            ]
        case IncidentClosed():
            stop = [*_stop(event.pages, "closed"), *_lift(event.obligations, event.outcome)]
            return [CancelTimer("fixed report"), *stop]
        case ClockStarted():
            clock = OpenObligation(**event.model_dump(exclude={"why", "rule", "level"}), rule=event.rule, incident=id)
            return [Ask(f"obligation/{id}-{event.rule.id}", clock)]
    return reporting_rules.follow_up(id, event)


def _follow(obligations: tuple[str, ...], incident: str) -> list[Act]:
    """Its running clocks go along with their own starts: merging takes no deadline away."""
    return [Ask(f"obligation/{id}", FollowIncident(incident=incident)) for id in obligations]


def _lift(obligations: tuple[str, ...], reason: str) -> list[Act]:
    return [Ask(f"obligation/{id}", LiftObligation(reason=reason, quiet=True)) for id in obligations]


def _stop(pages: tuple[str, ...], reason: str) -> list[Act]:
    return [Ask(f"page/{page}", CancelPage(reason=reason)) for page in pages]
