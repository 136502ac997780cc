"""How silence is found: when word is due, what was heard since is looked up; if nothing, the contact is asked and the ladder climbed."""

from typing import Any, NamedTuple

from dutydesk.clock import HOUR, MINUTE
from dutydesk.domain.asking import NoteAnswer, NoteSilence, NoteStopped
from dutydesk.domain.checkins import (
    CheckInEnded,
    CheckInResumed,
    CheckInStarted,
    EndCheckIn,
    ExpectFollowUps,
    ResumeFollowUps,
    SilenceFound,
    SilenceGoesOn,
    SilenceLasted,
    StartCheckIn,
    WordHeard,
)
from dutydesk.domain.hearing import last_word
from dutydesk.domain.pages import CancelPage, StartPage
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Event,
    Fire,
    Found,
    Look,
    Priority,
    Row,
    SetTimer,
)
from dutydesk.errors import Refused

WHILE_ASKING = 5 * MINUTE  # word may come another way than as an answer to the page
LOOK_AGAIN = HOUR  # at the latest: a level raised meanwhile makes word due sooner


class CheckIn(NamedTuple):
    started: CheckInStarted | None = None
    heard_at: int = 0
    how: str = ""
    next_at: int = 0
    silent: SilenceFound | None = None
    found: int = 0
    lasted: bool = False
    ended: CheckInEnded | None = None


class CheckInFacts(NamedTuple):
    """The incident as it stands, and when the contact was last heard of."""

    incident: Found | None = None
    heard_at: int = 0


def facts(look: Look, state: CheckIn, command: Command) -> CheckInFacts:
    if isinstance(command, StartCheckIn):
        return CheckInFacts(look.row("incident", command.incident))
    started = state.started
    if started is None or not isinstance(command, (Fire, NoteAnswer, NoteSilence, ResumeFollowUps)):
        return CheckInFacts()
    incident = look.row("incident", started.incident)
    if not started.contact:
        return CheckInFacts(incident, int(incident.body["last_report_at"]) if incident else 0)
    contact = look.directory.contact_by_id.get(started.contact)
    return CheckInFacts(incident, last_word(look, contact.phones if contact else ()))


def decide(state: CheckIn, command: Command, context: Context[CheckInFacts]) -> list[Event]:
    match command:
        case StartCheckIn():
            return [_started(state, command, context)]
        case ExpectFollowUps():
            return _expected(state, command, context)
    started = state.started
    if started is None:
        if isinstance(command, EndCheckIn):
            raise Refused("没有这项报平安")
        return []
    if state.ended:
        resumed = CheckInResumed(next_at=context.at + LOOK_AGAIN)
        return [resumed] if isinstance(command, ResumeFollowUps) else []
    match command:
        case Fire(name="due"):
            return [_looked(state, started, max(0, context.at - command.due_at), context)]
        case NoteAnswer():
            return [WordHeard(heard_at=context.at, how=command.how, next_at=_next(started, context.at, context))]
        case NoteSilence():
            return [SilenceLasted(page=command.page, next_at=_next(started, context.at, context))]
        case NoteStopped(reason="closed"):
            return [CheckInEnded(reason="closed", by=context.by, at=context.at)]
        case EndCheckIn():
            return [CheckInEnded(reason=command.reason, by=context.by, at=context.at)]
    return []


def _started(state: CheckIn, command: StartCheckIn, context: Context[CheckInFacts]) -> CheckInStarted:
    contact = context.directory.contact_by_id.get(command.contact)
    unit = context.directory.unit_by_code.get(contact.unit) if contact else None
    if state.started:
        raise Refused("这位联络员已经在报平安")
    if contact is None or unit is None:
        raise Refused("通讯录里没有这位联络员")
    incident = context.facts.incident
    if incident is None or not incident.open:
        raise Refused("没有这个未了事件")
    if incident.drill != context.drill:
        raise Refused("演练与真实事件不能混在一起")
    hearing = context.rules.asking.check_in
    minutes = command.every_minutes or hearing.minutes(str(incident.body.get("level") or ""))
    if not minutes or not hearing.policy:
        raise Refused("没有为这个级别配置报平安的间隔,请写明几分钟一次")
    return CheckInStarted(
        incident=incident.id,
        contact=contact.id,
        unit=unit.code,
        name=contact.name,
        every_minutes=command.every_minutes,
        next_at=context.at + minutes * MINUTE,
        at=context.at,
        division=unit.division,
        by=context.by,
    )


def _expected(state: CheckIn, command: ExpectFollowUps, context: Context[CheckInFacts]) -> list[Event]:
    """Nothing is expected where the city has set no interval."""
    hearing = context.rules.asking.follow_up
    if state.started or not hearing.policy or not hearing.every:
        return []
    next_at = context.at + min(LOOK_AGAIN, min(one.minutes for one in hearing.every) * MINUTE)
    return [CheckInStarted(**command.said(), every_minutes=None, next_at=next_at, at=context.at, by=context.by)]


def _minutes(started: CheckInStarted, context: Context[CheckInFacts]) -> int | None:
    if started.every_minutes:
        return started.every_minutes
    hearing = context.rules.asking.check_in if started.contact else context.rules.asking.follow_up
    incident = context.facts.incident
    return hearing.minutes(str(incident.body.get("level") or "") if incident else "")


def _next(started: CheckInStarted, heard_at: int, context: Context[CheckInFacts]) -> int:
    minutes = _minutes(started, context)
    due = heard_at + minutes * MINUTE if minutes else context.at + LOOK_AGAIN
    soonest = context.at + MINUTE
    return max(soonest, due if started.every_minutes else min(due, context.at + LOOK_AGAIN))


def _looked(state: CheckIn, started: CheckInStarted, late_by: int, context: Context[CheckInFacts]) -> Event:
    incident, at = context.facts.incident, context.at
    if incident is None or not incident.open:
        return CheckInEnded(reason="closed", by=context.by, at=at)
    heard, minutes = max(context.facts.heard_at, state.heard_at, started.at), _minutes(started, context)
    if not minutes or at - heard < minutes * MINUTE or (state.silent and heard > state.silent.since):
        stops = state.silent.page if state.silent else ""
        return WordHeard(heard_at=heard, how="", next_at=_next(started, heard, context), stops=stops)
    if state.silent and not state.lasted:
        return SilenceGoesOn(next_at=at + WHILE_ASKING)
    quiet = (at - heard) // MINUTE
    number, title = str(incident.body["number"]), str(incident.body["title"])
    hearing = context.rules.asking.check_in if started.contact else context.rules.asking.follow_up
    return SilenceFound(
        since=heard,
        minutes=quiet,
        late_by=late_by,
        page=f"q{number}-{started.contact or 'all'}-{state.found + 1}",
        policy=hearing.policy,
        subject=context.rules.phrase("silence", number=number, title=title, minutes=quiet),
        incident=incident.id,
        unit=started.unit,
        division=started.division,
        contact=started.contact,
        next_at=at + WHILE_ASKING,
    )


def evolve(state: CheckIn, event: Event) -> CheckIn:
    match event:
        case CheckInStarted():
            return state._replace(started=event, heard_at=event.at, next_at=event.next_at)
        case WordHeard():
            how = event.how or state.how
            return state._replace(heard_at=event.heard_at, how=how, next_at=event.next_at, silent=None, lasted=False)
        case SilenceFound():
            return state._replace(silent=event, found=state.found + 1, lasted=False, next_at=event.next_at)
        case SilenceGoesOn():
            return state._replace(next_at=event.next_at)
        case SilenceLasted():
            return state._replace(lasted=True, next_at=event.next_at)
        case CheckInEnded():
            return state._replace(ended=event)
        case CheckInResumed():
            return state._replace(ended=None, silent=None, next_at=event.next_at)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case WordHeard() if event.stops:
            over = Ask(f"page/{event.stops}", CancelPage(reason="heard"))
            return [SetTimer("due", event.next_at, Priority.WORK), over]
        case CheckInStarted() | WordHeard() | SilenceGoesOn() | SilenceLasted() | CheckInResumed():
            return [SetTimer("due", event.next_at, Priority.WORK)]
        case SilenceFound():
            page = StartPage(
                **event.model_dump(include={"policy", "subject", "incident", "unit", "division"}),
                asks="presence",
                asker=f"checkin/{id}",
                asked=event.contact,
            )
            return [SetTimer("due", event.next_at, Priority.WORK), Ask(f"page/{event.page}", page)]
        case CheckInEnded():
            return [CancelTimer("due")]
    return []


def project(_id: str, state: CheckIn) -> Row | None:
    started = state.started
    if started is None:
        return None
    body: dict[str, Any] = {
        **started.model_dump(include={"incident", "contact", "unit", "name", "every_minutes", "by"}),
        "started_at": started.at,
        "heard_at": state.heard_at,
        "how": state.how,
        "next_at": None if state.ended else state.next_at,
        "status": "ended" if state.ended else "lost" if state.lasted else "silent" if state.silent else "heard",
        "minutes": state.silent.minutes if state.silent else 0,
        "page": state.silent.page if state.silent else "",
        "reason": state.ended.reason if state.ended else "",
    }
    about = (("about", f"incident/{started.incident}"),)
    return Row(body, open=state.ended is None, division=started.division, refs=about)


book = Book(
    kind="checkin",
    blank=CheckIn(),
    events=(CheckInStarted, WordHeard, SilenceFound, SilenceGoesOn, SilenceLasted, CheckInEnded, CheckInResumed),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
