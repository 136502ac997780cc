"""What a run was asked for."""

from dataclasses import dataclass

from scripts.benchmarks.places import Engines


@dataclass(frozen=True, slots=True)
class Options:
    """How often and how much; the engines at hand."""

    engines: Engines
    rounds: int = 5
    quick: bool = False

    @property
    def reports(self) -> int:
        """Reports of one sample."""
        return 600 if self.quick else 2_000

    @property
    def consoles(self) -> int:
        return 200 if self.quick else 1_000
