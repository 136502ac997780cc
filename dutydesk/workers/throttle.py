"""How fast messages may leave: per sender in SMS segments a second, per recipient in messages a minute. Memory only: a restart forgives."""

from collections import deque

from dutydesk.clock import MINUTE, SECOND, Clock
from dutydesk.domain.rules import Sender

BURST_S = 2.0  # seconds of a sender's rate that may go at once


class Throttle:
    """Token buckets. `next_free` is when the earliest turned-away message may be tried again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._free_at: dict[str, float] = {}
        self._sent: dict[tuple[str, str], deque[int]] = {}
        self.next_free = 0
        self.stopped: set[str] = set()

    def take(self, sender: Sender, to: str, segments: int) -> bool:
        """Whether a message of so many segments may go now; if so it is counted."""
        now = self._clock.now()
        free_at = max(self._free_at.get(sender.name, 0.0), now - BURST_S * SECOND)
        if free_at > now:
            return self._later(int(free_at))
        recent = self._recent(sender.name, to, now)
        if len(recent) >= sender.per_recipient_per_minute:
            return self._later(recent[0] + MINUTE)
        recent.append(now)
        self._free_at[sender.name] = free_at + segments / sender.segments_per_second * SECOND
        return True

    def _recent(self, sender: str, to: str, now: int) -> deque[int]:
        if len(self._sent) > 10_000:
            self._sent = {k: v for k, v in self._sent.items() if v and v[-1] > now - MINUTE}
        recent = self._sent.setdefault((sender, to), deque())
        while recent and recent[0] <= now - MINUTE:
            recent.popleft()
        return recent

    def _later(self, at: int) -> bool:
        now = self._clock.now()
        self.next_free = at if self.next_free <= now else min(self.next_free, at)
        return False
