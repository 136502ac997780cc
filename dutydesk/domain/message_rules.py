"""How a message is taken in, routed to a page, a question, an incident or a person, and answered."""

from dataclasses import dataclass

from dutydesk.clock import HOUR, MINUTE, SECOND, day
from dutydesk.domain import nearby, routes, routing, secrecy, senders
from dutydesk.domain.ledger import claims_of
from dutydesk.domain.message_consequences import follow_up
from dutydesk.domain.message_receipts import link, question, receipt, recorded_of
from dutydesk.domain.message_state import Message, evolve, project, words
from dutydesk.domain.messages import (
    AttachMessage,
    ChoiceAsked,
    ChoiceMade,
    Choose,
    DismissMessage,
    HeldTooLong,
    InterpretMessage,
    MessageAnswered,
    MessageAttached,
    MessageDismissed,
    MessageHeld,
    MessageOpened,
    MessageRead,
    MessageReceipted,
    MessageRecorded,
    OpenFromMessage,
    ReadingFailed,
    RecordMessage,
    ReportReadingFailure,
    RestoreMessage,
)
from dutydesk.domain.readings import Reading
from dutydesk.domain.verbs import (
    Book,
    Command,
    Context,
    Event,
    Fire,
    Found,
    Look,
)
from dutydesk.errors import Refused

BACKOFF = (
    2 * SECOND,
    10 * SECOND,
    MINUTE,
    10 * MINUTE,
)  # a message our own bug cannot read is tried again, then hourly
TYPED = frozenset({"web", "call", "api"})  # who sends so still has the text, and is told at once
HELD_TOO_LONG = 5 * MINUTE  # our own default: a held message nobody looked at pages the watch


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """`near` is what routing needs; `number` the message's own, where one is to be taken."""

    near: nearby.Near
    number: str = ""
    incident_number: str = ""
    target: Found | None = None


def facts(look: Look, state: Message, command: Command) -> MessageFacts:
    match command:
        case RecordMessage():
            near = nearby.near_arrival(look, command.sender, command.text)
            return MessageFacts(near, number=f"{day(look.at)[4:]}-{look.count(f'message:{day(look.at)}'):03d}")
        case InterpretMessage() if state.recorded:
            near = nearby.near(look, state.recorded, command.reading, command.proposals)
            return MessageFacts(near, incident_number=_next_incident(look))
        case OpenFromMessage():
            return MessageFacts(nearby.NOBODY, incident_number=_next_incident(look))
        case Choose() if state.recorded:
            near = nearby.near_options(look, state.recorded, state.options)
            return MessageFacts(near, incident_number=_next_incident(look))
        case AttachMessage():
            return MessageFacts(nearby.NOBODY, target=look.row("incident", command.incident))
    return MessageFacts(nearby.NOBODY)


def _next_incident(look: Look) -> str:
    return f"{day(look.at)}-{look.count(f'incident:{day(look.at)}'):03d}"


def decide(state: Message, command: Command, context: Context[MessageFacts]) -> list[Event]:
    match command:
        case RecordMessage():
            return _record(state, command, context)
        case InterpretMessage():
            return _interpret(state, command, context)
        case ReportReadingFailure():
            if state.recorded is None or state.status not in ("recorded", "failed"):
                return []  # an officer has settled it meanwhile
            wait = BACKOFF[state.failures] if state.failures < len(BACKOFF) else HOUR
            return [ReadingFailed(error=command.error, failures=state.failures + 1, retry_at=context.at + wait)]
        case Choose():
            return _chosen(state, command.choice, context)
        case AttachMessage():
            return _attach(state, command, context)
        case OpenFromMessage():
            if state.incident:
                raise Refused("这条来报已经归入一个事件")
            return [_opened(state, context, maybe=())]
        case RestoreMessage() if state.status == "dismissed":
            return [MessageHeld(reason="restored", until=context.at + HELD_TOO_LONG)]
        case DismissMessage():
            recorded_of(state)
            former, stops = state.incident, state.held_page
            return [MessageDismissed(reason=command.reason, by=context.by, former=former, stops=stops)]
        case Fire(name="choice") if state.status == "asked":
            return [MessageHeld(reason="choice_unanswered", until=context.at + HELD_TOO_LONG)]
        case Fire(name="held") if state.status == "held" and context.rules.page_on_held:
            return [_held_too_long(state, context)]
    return []


def _record(state: Message, command: RecordMessage, context: Context[MessageFacts]) -> list[Event]:
    if state.recorded:
        raise Refused("这条来报已经登记")
    own = {number for sender in context.rules.senders for number in sender.numbers}
    if command.sender and command.sender in own:
        raise Refused("来自本值班室自己的号码,不予登记")
    found = secrecy.mark(command.text, context.rules.security.classified)
    if found and command.channel in TYPED:
        raise Refused(f"疑似涉密(密级标志“{found}”),没有登记。涉密信息不得通过本系统,请走机要渠道")
    who = senders.identify(command, context.facts.near.user, context.directory, context.rules.desk.unit)
    near = nearby.NOBODY if command.page else context.facts.near  # the same words to another question are no repeat
    same = routing.repeated(near, command.text, command.sender, context)
    return [
        MessageRecorded(
            **command.said(but=("contact", "unit")),
            number=context.facts.number,
            received_at=context.at,
            sender_name=who.name,
            contact=who.contact,
            unit=who.unit,
            unit_name=who.unit_name,
            division=who.division or context.rules.desk.division,
            by=context.by,
            repeat_of=same.id if same else None,
            repeats=int(same.body["repeats"]) + 1 if same else 0,
            classified=found,
        )
    ]


def _interpret(state: Message, command: InterpretMessage, context: Context[MessageFacts]) -> list[Event]:
    recorded = state.recorded
    if recorded is None or state.status not in ("recorded", "failed"):
        return []
    reading = recorded.exchange.over(command.reading) if recorded.exchange else command.reading
    read: list[Event] = [MessageRead(reading=reading)]
    state = state._replace(reading=reading)
    known = (context.facts.near, context.rules, context.at)
    match routing.route(recorded, reading, context.facts.near, context):
        case routes.ToPage() as answer:
            return [*read, _answered(recorded, answer), *_figures_of(state, answer.incident, context)]
        case routes.ToAsker() as answer:
            return [*read, _told_asker(recorded, answer), *_figures_of(state, answer.incident, context)]
        case routes.WantsLink():
            return [
                *read,
                MessageAnswered(page="", who=senders.author(recorded), how="sms", text="", link=True),
                *link(state, *known),
            ]
        case routes.ToQuestion(message, choice):
            return [*read, ChoiceMade(message=message, choice=choice)]
        case routes.ToIncident(incident, why):
            report = _attached(state, incident, why, context)
            also = _answers_about(recorded, incident, context)
            return [*read, *also, report, *receipt(state, "receipt_more", *known)]
        case routes.AskBack(options):
            until = context.at + context.rules.intake.choice_window_s * SECOND
            return [*read, ChoiceAsked(options=options, until=until), *question(state, options, *known)]
        case routes.ToPerson(reason):
            wait = 0 if reason in ("from_above", "from_below") else HELD_TOO_LONG
            held = MessageHeld(reason=reason, until=context.at + wait)
            return [*read, held, *receipt(state, "receipt", *known)]
        case routes.ToNew(maybe):
            also = _answers_about(recorded, "", context)
            return [*read, *also, _opened(state, context, maybe), *receipt(state, "receipt_new", *known)]


def _figures_of(state: Message, about: str, context: Context[MessageFacts]) -> list[Event]:
    """An answer to a question that gives figures enters the incident's ledger as a report, with its source, and is receipted as one."""
    incident = next((f for f in context.facts.near.incidents if f.id == about and f.open), None)
    recorded = recorded_of(state)
    if incident is None or not claims_of("", state.reading or Reading(), recorded.received_at):
        return []
    told = receipt(state, "receipt_more", context.facts.near, context.rules, context.at)
    return [_attached(state, incident.id, "answers_question", context), *told]


def _answers_about(recorded: MessageRecorded, incident: str, context: Context[MessageFacts]) -> list[Event]:
    """A report from somebody who was called about that very incident answers the call too; any word is a sign of life, and news
    from somebody who was asked for a report is their answer as well.
    """
    around = context.facts.near.side(context.drill)
    any_word = ("presence", "report")
    asked = [p for p in around.pages if p.body["incident"] == incident or p.body.get("asks", "sign") in any_word]
    return [_answered(recorded, routing.answer_page(recorded, p.id, around)) for p in asked]


def _chosen(state: Message, choice: int, context: Context[MessageFacts]) -> list[Event]:
    if state.status != "asked" or not 1 <= choice <= len(state.options):
        return []
    option = state.options[choice - 1]
    if option.kind == "incident":
        return [_attached(state, option.id, "chosen", context)]
    if option.kind == "page" and state.recorded:
        return [_answered(state.recorded, routing.answer_page(state.recorded, option.id, context.facts.near))]
    return [_opened(state, context, maybe=())]


def _answered(recorded: MessageRecorded, answer: routes.ToPage) -> MessageAnswered:
    return MessageAnswered(
        page=answer.page,
        who=answer.who,
        how=senders.way(recorded),
        text=answer.text,
        minutes=answer.minutes,
    )


def _told_asker(recorded: MessageRecorded, answer: routes.ToAsker) -> MessageAnswered:
    return MessageAnswered(
        page="",
        who=answer.who,
        how=senders.way(recorded),
        text=answer.text,
        asker=answer.asker,
        unit=recorded.unit or "",
        declined=bool(recorded.exchange and recorded.exchange.declined),
    )


def _attach(state: Message, command: AttachMessage, context: Context[MessageFacts]) -> list[Event]:
    target = context.facts.target
    if target is None or not target.open:
        raise Refused("没有这个未了事件,不能并入")
    if target.drill != context.drill:
        raise Refused("演练与真实事件不能并在一起")
    if state.incident == command.incident:
        return []
    return [_attached(state, command.incident, command.reason or "officer", context)]


def _attached(state: Message, incident: str, why: str, context: Context[MessageFacts]) -> MessageAttached:
    recorded = recorded_of(state)
    return MessageAttached(
        incident=incident,
        why=why,
        summary=recorded.text[:500],
        reading=state.reading or Reading(),
        received_at=recorded.received_at,
        former=state.incident,
        by=context.by,
        stops=state.held_page,
    )


def _opened(state: Message, context: Context[MessageFacts], maybe: tuple[str, ...]) -> MessageOpened:
    recorded, reading = recorded_of(state), state.reading or Reading()
    place = senders.place(recorded, reading, context.directory)
    return MessageOpened(
        incident=context.facts.incident_number,
        number=context.facts.incident_number,
        title=recorded.exchange.title[:60] if recorded.exchange else senders.title(recorded, reading, place),
        summary=recorded.text[:500],
        unit=place.unit,
        unit_name=place.name,
        division=place.division or recorded.division,
        reading=reading,
        received_at=recorded.received_at,
        maybe=maybe,
        by=recorded.by if context.by == "reader" and recorded.channel == "call" else context.by,
        stops=state.held_page,
    )


def _held_too_long(state: Message, context: Context[MessageFacts]) -> HeldTooLong:
    recorded = recorded_of(state)
    subject = context.rules.phrase("held_subject", number=recorded.number)
    policy = context.rules.page_on_held
    page = f"m{day(recorded.received_at)[:4]}{recorded.number}"
    return HeldTooLong(page=page, policy=policy, subject=subject, division=recorded.division)


book = Book(
    kind="message",
    blank=Message(),
    events=(
        MessageRecorded,
        MessageRead,
        ReadingFailed,
        MessageOpened,
        MessageAttached,
        MessageAnswered,
        ChoiceAsked,
        ChoiceMade,
        MessageHeld,
        HeldTooLong,
        MessageDismissed,
        MessageReceipted,
    ),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
    words=words,
)
