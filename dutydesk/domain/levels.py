"""Which level figures reach: the bands of config/levels.toml as a value, and how to apply them to one text or to a whole incident.

The missing count with the dead but stay a field of their own. It must never propose from an unknown figure.
"""

from typing import Literal

from dutydesk.domain.clocks import LEVELS
from dutydesk.domain.readings import Level, Reading, Value, lowest

Measure = Literal[
    "deaths", "seriously_injured", "injured", "ill", "direct_loss_cny", "evacuated", "trapped", "affected"
]


class Band(Value):
    """One measure of one class of event: the least figure of each level; each band is `>= low, < next` (493号 art. 3)."""

    measure: Measure
    general: int | None = None
    larger: int | None = None
    major: int | None = None
    grave: int | None = None
    with_missing: bool = False
    with_trapped: bool = False
    confirmed: bool = True  # False: a band of a confirmed rule that stands in no law that was read

    @property
    def lows(self) -> tuple[int | None, ...]:
        return (self.general, self.larger, self.major, self.grave)


class Rule(Value):
    """The bands for the codes that begin with any of `codes`; `confirmed` False where the law itself was not read."""

    name: str
    codes: tuple[str, ...]
    source: str
    confirmed: bool
    note: str = ""
    bands: tuple[Band, ...]


class LevelTable(Value):
    """All rules; the one with the longest matching code prefix applies."""

    version: str = ""
    rules: tuple[Rule, ...] = ()

    def rule_for(self, code: str | None) -> Rule | None:
        """The rule for a code; None when no rule knows it."""
        if not code:
            return None
        fitting = [(len(prefix), rule) for rule in self.rules for prefix in rule.codes if code.startswith(prefix)]
        return max(fitting, key=lambda found: found[0])[1] if fitting else None

    def propose(self, reading: Reading) -> Level | None:
        """The highest level that any figure reaches by a confirmed rule; None when none does or nothing is known."""
        return self._propose(reading, missing=True, unconfirmed=False)

    def propose_without_missing(self, reading: Reading) -> Level | None:
        """The level from the certain dead alone, to show beside `propose`: "would be 重大 if the missing are lost"."""
        return self._propose(reading, missing=False, unconfirmed=False)

    def hint(self, reading: Reading) -> Level | None:
        """As `propose`, but also by rules that the office has not confirmed: to be shown as a hint, marked so."""
        return self._propose(reading, missing=True, unconfirmed=True)

    def _propose(self, reading: Reading, *, missing: bool, unconfirmed: bool) -> Level | None:
        rule = self.rule_for(reading.code)
        if rule is None or not (rule.confirmed or unconfirmed):
            return None
        bands = [band for band in rule.bands if band.confirmed or unconfirmed]
        reached = [place for band in bands if (place := _reached(band, reading, missing=missing)) is not None]
        return LEVELS[max(reached)] if reached else None


def _reached(band: Band, reading: Reading, *, missing: bool) -> int | None:
    count = lowest(getattr(reading, band.measure))
    if band.with_missing and missing:
        count += lowest(reading.missing)
    if band.with_trapped:
        count += lowest(reading.trapped)
    places = [place for place, low in enumerate(band.lows) if low is not None and count >= low]
    return max(places) if places and count > 0 else None
