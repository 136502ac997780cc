"""The legal clocks as data: who must tell whom, by which channel, within how many minutes, counted from when, under which article.

config/clocks.toml is how an office writes them. Which clocks an incident starts is arithmetic on its level, flags and code.
"""

from typing import Literal

from pydantic import Field

from dutydesk.clock import MINUTE, day
from dutydesk.domain.readings import Level, Value

# The last three are no rules of a profile: duties that arise on the way (changed figures, a fixed hour, a tier that was skipped).
Start = Literal["occurred", "discovered", "received", "became_reportable", "changed", "fixed", "skipped"]
ARISING: frozenset[Start] = frozenset({"changed", "fixed", "skipped"})
Channel = Literal["phone", "written"]
LEVELS: tuple[Level, ...] = ("一般", "较大", "重大", "特别重大")


class Flag(Value):
    """A circumstance that sends an incident up whatever its level (regulations 2.4)."""

    id: str
    label: str
    basis: str = ""


class ClockRule(Value):
    """One clock. It holds for a level in `levels`, or for any flag where `flags` is true; `codes` are GB/T 35561 prefixes (empty: all).

    `sender` and `receiver` are tiers or named offices. `confirmed` false: the article was not read, and every screen says so.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    sender: str
    receiver: str
    line: Literal["government", "department"] = "government"
    channel: Channel
    start: Start
    minutes: int = Field(gt=0, le=60 * 24 * 40)
    levels: tuple[Literal["一般", "较大", "重大", "特别重大"], ...] = ()
    flags: bool = False
    always: bool = False  # whatever the level, also while it is unknown: unknown is not zero
    codes: tuple[str, ...] = ()
    law: str
    confirmed: bool = False
    valid_from: str = "00000000"  # yyyymmdd
    valid_to: str = "99999999"

    def holds(self, tier: str, level: str, flags: tuple[str, ...], code: str, at: int) -> bool:
        """Whether an incident of this desk starts the clock at an instant."""
        if self.sender != tier or (self.codes and not code.startswith(self.codes)):
            return False
        reached = self.always or level in self.levels or (self.flags and bool(flags))
        return reached and self.valid_from <= day(at) <= self.valid_to

    def due(self, start_at: int) -> int:
        """The instant by which it must be done."""
        return start_at + self.minutes * MINUTE
