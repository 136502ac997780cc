"""What a run was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from scripts.benchmarks.measure import await_quiet
from scripts.benchmarks.places import Engines

PATIENCE = 20.0  # seconds that a round waits for others to leave the machine alone


@dataclass(frozen=True, slots=True)
class Options:
    """How often and how much; the engines at hand."""

    engines: Engines
    rounds: int = 5
    quick: bool = False

    def turns(self, most: int = 1_000) -> Iterator[int]:
        """The rounds, at most so many; before each, a quiet moment is waited for, within bounds."""
        for turn in range(min(self.rounds, most)):
            await_quiet(0 if self.quick else PATIENCE)
            yield turn

    @property
    def reports(self) -> int:
        """Reports of one sample."""
        return 600 if self.quick else 2_000

    @property
    def consoles(self) -> int:
        return 200 if self.quick else 1_000
