"""How fast messages may leave: a sender's segments a second, a recipient's messages a minute, and when the next may be tried."""

from dutydesk.clock import MINUTE, SECOND, ManualClock
from dutydesk.domain.rules import Sender
from dutydesk.workers.throttle import Throttle
from tests.kit import NOON, phone

SENDER = Sender(name="main", kind="gateway", sms=True, segments_per_second=2.0, per_recipient_per_minute=3)


def test_a_recipient_gets_so_many_a_minute_and_others_are_not_held_up() -> None:
    clock = ManualClock(NOON)
    throttle = Throttle(clock)
    taken = []
    for _ in range(4):
        taken.append(throttle.take(SENDER, phone(1), 1))
        clock.advance(SECOND)
    assert taken == [True, True, True, False]
    assert throttle.next_free == NOON + MINUTE
    assert throttle.take(SENDER, phone(2), 1)
    clock.advance(MINUTE - 4 * SECOND)
    assert throttle.take(SENDER, phone(1), 1)
    assert not throttle.take(SENDER, phone(1), 1), "the second of them still counts"


def test_a_sender_gives_two_seconds_at_once_and_then_goes_by_its_rate() -> None:
    clock = ManualClock(NOON)
    throttle = Throttle(clock)
    sent = [throttle.take(SENDER, phone(n, role), 1) for n in range(1, 4) for role in ("A", "B")]
    assert sent == [True] * 5 + [False]
    assert throttle.next_free == NOON + SECOND // 2
    clock.at = type(clock.at)(throttle.next_free)
    assert throttle.take(SENDER, phone(3, "B"), 1)


def test_a_long_text_counts_by_its_segments() -> None:
    clock = ManualClock(NOON)
    throttle = Throttle(clock)
    assert throttle.take(SENDER, phone(1), 10)
    assert not throttle.take(SENDER, phone(2), 1)
    assert throttle.next_free == NOON + 3 * SECOND
