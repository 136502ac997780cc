"""One outgoing message: two promises, statuses that never go back, and an unknown end that is never hidden."""

from itertools import permutations
from typing import Any

import pytest

from dutydesk.clock import SECOND
from dutydesk.domain.deliveries import (
    CancelDelivery,
    ConfirmDelivery,
    DeliveryQueued,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryStatusChanged,
    DeliveryUncertain,
    MarkUncertain,
    NoteOutcome,
    NoteStatus,
    QueueDelivery,
    ResendDelivery,
    StartDelivery,
    advances,
)
from dutydesk.domain.outcomes import Accepted, Busy, Rejected, Unknown
from dutydesk.domain.rules import Sender
from dutydesk.domain.verbs import Promise
from tests.kit import World, only, phone, refused, world

D = "delivery/d"


def queued(promise: Promise = Promise.REPEATABLE, **changed: Any) -> World:
    w = world(**changed)
    w.handle(D, QueueDelivery(how="sms", to=phone(1), text="喂", purpose="page", about="x/1", promise=promise))
    return w


def outcome(w: World, value: Any, attempt: int = 1) -> list[Any]:
    return w.handle(D, NoteOutcome(outcome=value, attempt=attempt), by="outbox")


def test_accepted_leaves_the_outbox() -> None:
    w = queued()
    assert w.outbox[D].promise is Promise.REPEATABLE
    outcome(w, Accepted(provider_id="SM1"))
    assert w.outbox == {}
    assert w.row(D)["provider_id"] == "SM1"


def test_the_same_message_is_not_queued_twice() -> None:
    w = queued()
    outcome(w, Accepted(provider_id="SM1"))
    again = QueueDelivery(how="sms", to=phone(1), text="喂", purpose="page", about="x/1", promise=Promise.REPEATABLE)
    assert w.handle(D, again) == []
    assert w.outbox == {}


def test_never_processed_is_no_attempt() -> None:
    w = queued()
    assert outcome(w, Busy()) == []
    assert D in w.outbox


def test_repeatable_with_an_unknown_end_is_looked_up_later_and_ever_more_patiently() -> None:
    w = queued()
    waits = [only(outcome(w, Unknown(detail="reset"), n), DeliveryUncertain).retry_at - w.at for n in (1, 2, 5, 11)]
    assert waits == [10 * SECOND, 20 * SECOND, 50 * SECOND, 110 * SECOND]
    assert w.row(D)["uncertain"]
    outcome(w, Accepted(provider_id="SM1"), 12)
    assert not w.row(D)["uncertain"]


def test_once_with_an_unknown_end_asks_and_is_not_sent_again() -> None:
    w = queued(Promise.ONCE)
    w.handle(D, StartDelivery())
    assert only(outcome(w, Unknown(detail="reset")), DeliveryUncertain).retry_at is None
    assert w.outbox == {}
    assert w.is_open(D)
    with refused("不会自行再发"):
        w.handle(D, StartDelivery())


def test_once_started_and_orphaned_asks() -> None:
    w = queued(Promise.ONCE)
    w.handle(D, StartDelivery())
    with refused():
        w.handle(D, StartDelivery())
    w.handle(D, MarkUncertain(detail="the hub died"))
    assert w.outbox == {}
    assert (w.row(D)["uncertain"], w.is_open(D)) == (True, True)
    w.handle(D, ResendDelivery(note="对方未收到"))
    assert w.outbox[D].promise is Promise.ONCE
    w.handle(D, StartDelivery())
    outcome(w, Accepted(provider_id="SM2"), 1)
    assert (w.outbox, w.row(D)["attempts"], w.is_open(D)) == ({}, 2, False)


def test_a_frozen_hub_that_wakes_up_heals_the_uncertainty() -> None:
    w = queued(Promise.ONCE)
    w.handle(D, StartDelivery())
    w.handle(D, MarkUncertain())
    outcome(w, Accepted(provider_id="SM1"))
    assert (w.row(D)["uncertain"], w.row(D)["provider_id"]) == (False, "SM1")


def test_a_person_may_settle_an_uncertain_one() -> None:
    w = queued(Promise.ONCE)
    w.handle(D, StartDelivery())
    w.handle(D, MarkUncertain())
    w.handle(D, ConfirmDelivery(arrived=True, note="电话核实"))
    assert (w.row(D)["status"], w.is_open(D), w.row(D)["confirmed_by"]) == ("delivered", False, "user:officer")


def test_only_failed_or_uncertain_ones_are_sent_again() -> None:
    w = queued()
    outcome(w, Accepted(provider_id="SM1"))
    with refused("不需要重发"):
        w.handle(D, ResendDelivery())
    w.handle(D, NoteStatus(status="undelivered", provider_id="SM1"))
    w.handle(D, ResendDelivery())
    assert D in w.outbox


def test_a_late_callback_of_the_first_send_does_not_take_the_resend_away() -> None:
    w = queued()
    outcome(w, Accepted(provider_id="SM1"))
    w.handle(D, NoteStatus(status="undelivered", provider_id="SM1"))
    w.handle(D, ResendDelivery())
    assert w.handle(D, NoteStatus(status="sent", provider_id="SM1")) == []
    assert D in w.outbox
    w.handle(D, NoteStatus(status="delivered", provider_id="SM1"))  # but good news is news
    assert w.outbox == {}


def test_a_passing_refusal_is_tried_three_times_then_it_is_for_good() -> None:
    w = queued()
    refusal = Rejected(code="30001", remedy="retry")
    waits = [only(outcome(w, refusal, n), DeliveryRejected).retry_at for n in (1, 2, 3)]
    assert waits == [w.at + 15 * SECOND, w.at + 30 * SECOND, None]
    assert w.outbox == {}
    assert (w.row(D)["status"], w.is_open(D)) == ("failed", True)


@pytest.mark.parametrize("remedy", ["other_sender", "stop_channel"])
def test_another_sender_takes_over_and_is_the_last_word(remedy: str) -> None:
    w = queued()
    assert w.outbox[D].channel == "main:sms"
    first = only(outcome(w, Rejected.model_validate({"code": "21612", "remedy": remedy})), DeliveryRejected)
    assert (first.via, w.outbox[D].channel) == ("spare", "spare:sms")
    last = only(outcome(w, Rejected.model_validate({"code": "21612", "remedy": remedy}), 2), DeliveryRejected)
    assert (last.via, last.retry_at, w.outbox) == (None, None, {})


def test_a_refusal_for_good_is_told_to_the_page() -> None:
    w = world()
    from dutydesk.domain.pages import StartPage

    w.handle("page/P", StartPage(policy="ask", subject="x", unit="T1"))
    made = w.handle("delivery/P.0.0", NoteOutcome(outcome=Rejected(code="21211"), attempt=1))
    assert [type(e).__name__ for s, e in made if s == "page/P"] == ["PageCallFailed", "PageStepStarted"]


def test_no_sender_is_said_not_hidden() -> None:
    w = world(senders=(Sender(name="abroad", kind="twilio", sms=True, serves=("+1",)),))
    command = QueueDelivery(how="sms", to=phone(1), text="x", purpose="page", about="x/1", promise=Promise.ONCE)
    assert only(w.handle(D, command), DeliveryRefused).reason == "no_sender"
    assert w.is_open(D)
    assert w.outbox == {}


def test_the_longest_prefix_serves_and_the_first_of_equals() -> None:
    both = (
        Sender(name="a", kind="gateway", sms=True, serves=("+86",)),
        Sender(name="z", kind="gateway", sms=True, serves=("+86",)),
        Sender(name="world", kind="twilio", sms=True, serves=("",)),
    )
    assert only(_queue(world(senders=both)), DeliveryQueued).via == "a"


def _queue(w: World) -> list[Any]:
    command = QueueDelivery(how="sms", to=phone(1), text="x", purpose="page", about="x/1", promise=Promise.ONCE)
    return w.handle(D, command)


def test_a_cancelled_one_is_not_sent() -> None:
    w = queued()
    w.handle(D, CancelDelivery(reason="answered"))
    assert (w.outbox, w.row(D)["status"], w.is_open(D)) == ({}, "canceled", False)


def test_a_once_message_under_way_is_not_called_cancelled() -> None:
    w = queued(Promise.ONCE)
    w.handle(D, StartDelivery())
    assert w.handle(D, CancelDelivery(reason="x")) == []


@pytest.mark.parametrize("order", list(permutations(("queued", "sent", "delivered"))))
def test_statuses_in_any_order_end_delivered(order: tuple[str, ...]) -> None:
    w = queued()
    outcome(w, Accepted(provider_id="SM1"))
    for status in order:
        w.handle(D, NoteStatus(status=status, provider_id="SM1"))
    assert w.row(D)["status"] == "delivered"


def test_statuses_never_go_back_but_for_late_good_news() -> None:
    assert not advances("delivered", "undelivered")
    assert not advances("undelivered", "sent")
    assert not advances("sent", "queued")
    assert not advances("sent", "nonsense")
    assert advances("undelivered", "delivered")
    assert advances("failed", "read")
    assert advances("delivered", "read")


def test_undelivered_then_delivered_heals() -> None:
    w = queued()
    outcome(w, Accepted(provider_id="SM1"))
    assert only(w.handle(D, NoteStatus(status="undelivered", code="30005")), DeliveryStatusChanged).code == "30005"
    assert w.is_open(D)
    w.handle(D, NoteStatus(status="delivered"))
    assert (w.row(D)["status"], w.is_open(D)) == ("delivered", False)


def test_a_callback_before_the_reply_heals_a_lost_reply() -> None:
    w = queued()
    outcome(w, Unknown())
    w.handle(D, NoteStatus(status="sent", provider_id="SM1"))
    assert (w.outbox, w.row(D)["provider_id"], w.row(D)["uncertain"]) == ({}, "SM1", False)


@pytest.mark.parametrize(
    "command", [ConfirmDelivery(arrived=True), ResendDelivery(), MarkUncertain(), NoteStatus(status="sent")]
)
def test_what_was_never_queued_makes_no_entry(command: Any) -> None:
    assert world().handle(D, command) == []


def test_after_a_dozen_unknown_ends_a_person_is_asked_and_nothing_is_sent_by_itself() -> None:
    w = queued()
    asked = only(outcome(w, Unknown(detail="reset"), 12), DeliveryUncertain)
    assert asked.retry_at is None
    assert D not in w.outbox
    assert w.row(D)["uncertain"]
