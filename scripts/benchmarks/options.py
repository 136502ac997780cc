"""What a run was asked for."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from scripts.benchmarks.measure import await_quiet
from scripts.benchmarks.places import Engines

PATIENCE = 20.0  # seconds that a round waits for others to leave the machine alone


@dataclass(frozen=True, slots=True)
class Options:
    """How often and how much; the engines at hand. `until`: when rounds must end, by the monotonic clock (0: whenever)."""

    engines: Engines
    rounds: int = 5
    quick: bool = False
    until: float = 0.0

    def within(self, share: float) -> Self:
        """The same with a share of the time that is left."""
        now = time.monotonic()
        return replace(self, until=now + max(0.0, self.until - now) * share) if self.until else self

    def turns(self, most: int = 1_000) -> Iterator[int]:
        """The rounds, at most so many, at least one, none begun that would not end in time; a quiet moment is waited for before each."""
        longest = 0.0
        for turn in range(min(self.rounds, most)):
            since = time.monotonic()
            if turn and self.until and since + longest > self.until:
                return
            await_quiet(0 if self.quick else PATIENCE)
            yield turn
            longest = max(longest, time.monotonic() - since)

    @property
    def reports(self) -> int:
        """Reports of one sample."""
        return 600 if self.quick else 2_000

    @property
    def consoles(self) -> int:
        return 200 if self.quick else 1_000
