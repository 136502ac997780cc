"""What a sender is told, bounded: a receipt with number and time, what is missing, which incident is meant, the reporting page."""

from dutydesk.clock import day, time_of_day
from dutydesk.domain.elements import missing
from dutydesk.domain.message_state import Message
from dutydesk.domain.messages import MessageReceipted, MessageRecorded, Option
from dutydesk.domain.nearby import Near
from dutydesk.domain.readings import Reading
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import Event
from dutydesk.errors import Refused


def receipt(state: Message, phrase: str, near: Near, rules: Rules, at: int) -> list[Event]:
    recorded, intake = recorded_of(state), rules.intake
    bound = intake.receipts_per_hour if recorded.contact else intake.unknown_receipts_per_hour
    if recorded.channel != "sms" or not recorded.sender or near.receipts(at) >= bound:
        return []
    time = time_of_day(recorded.received_at)
    asked = missing(state.reading or Reading(), intake) if phrase == "receipt_new" else ()
    wording = "receipt_ask" if asked else "receipt" if phrase == "receipt_new" else phrase
    text = rules.phrase(wording, number=recorded.number, time=time, missing="、".join(asked))
    return [_answer(recorded, text, at, asked)]


def link(state: Message, near: Near, rules: Rules, at: int) -> list[Event]:
    recorded = recorded_of(state)
    if near.receipts(at) >= rules.intake.receipts_per_hour:
        return []
    text = rules.phrase("report_link", link="{link}")
    return [_answer(recorded, text, at).model_copy(update={"callee": f"contact:{recorded.contact}"})]


def question(state: Message, options: tuple[Option, ...], near: Near, rules: Rules, at: int) -> list[Event]:
    recorded = recorded_of(state)
    near, intake = near, rules.intake
    if recorded.channel != "sms" or near.receipts(at) >= intake.receipts_per_hour:
        return []
    listed = "\n".join(f"{n} {option.label}" for n, option in enumerate(options, 1))
    return [_answer(recorded, rules.phrase("choice", number=recorded.number, options=listed), at)]


def _answer(recorded: MessageRecorded, text: str, at: int, asked: tuple[str, ...] = ()) -> MessageReceipted:
    return MessageReceipted(
        delivery=f"r{day(recorded.received_at)[:4]}{recorded.number}",
        channel=recorded.channel,
        to=recorded.sender,
        text=text,
        at=at,
        division=recorded.division,
        asked=asked,
    )


def recorded_of(state: Message) -> MessageRecorded:
    if state.recorded is None:
        raise Refused("没有这条来报")
    return state.recorded
