"""What is to go wrong, when, and how often. Planted by tests, by `POST /faults` or by a seeded storm; it never acts
by itself.

A fault is taken at a named point: `twilio.sms` `twilio.call` `twilio.read` `mainland.send` `mainland.read` `smtp`
(requests to us),
`delivery.twilio` `delivery.mainland` (the last mile), `webhook.twilio.sms|status|voice|call-status`,
`webhook.mainland.sms|status`.
"""

import random
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, TypedDict, Unpack

from pydantic import BaseModel, ConfigDict, Field

from dutydesk.clock import SECOND, Clock

Kind = Literal[
    "refuse", "error_after", "reset_before", "reset_after", "hang_before", "hang_after", "slow",
    "undeliver", "stick", "drop", "double", "late", "reorder", "bad_signature", "mute", "down",
]  # fmt: skip
REQUEST_KINDS: frozenset[Kind] = frozenset(
    {"refuse", "error_after", "reset_before", "reset_after", "hang_before", "hang_after", "slow"}
)
DELIVERY_KINDS: frozenset[Kind] = frozenset({"undeliver", "stick", "late"})
WEBHOOK_KINDS: frozenset[Kind] = frozenset({"drop", "double", "late", "reorder", "bad_signature"})


class Fault(BaseModel):
    """One thing to go wrong.

    `refuse` answers `code` before accepting (a Twilio code, or an HTTP status); `error_after` accepts, then answers
    `code` (20500);
    `reset_*` and `hang_*` break or hold the connection before or after accepting; `slow` answers after `seconds` of
    real time;
    `undeliver` ends a text with error `code` (30003), `stick` leaves it at `sent`; webhooks are dropped, doubled,
    late by
    `seconds`, reordered with the next one, or wrongly signed; `mute` sends no webhook at all, `down` is away entirely.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    at: str = Field("*", description="pattern of points, as a file name pattern")
    times: int | None = Field(1, ge=1, description="how often; null: until lifted. Means nothing for mute and down")
    chance: float = Field(1.0, ge=0, le=1)
    code: int | None = None
    seconds: float = Field(0.0, ge=0)
    number: str | None = Field(None, description="only for this phone")
    after: float = Field(0.0, ge=0, description="seconds from planting until it may happen")
    lasting: float | None = Field(None, gt=0, description="seconds from then until it is over by itself")


class FaultFields(TypedDict, total=False):
    """The fields of `Fault` besides its kind, for planting in one line."""

    at: str
    times: int | None
    chance: float
    code: int | None
    seconds: float
    number: str | None
    after: float
    lasting: float | None


@dataclass(slots=True)
class Planted:
    """A fault in the ground; `used` counts how often it happened."""

    fault: Fault
    since: int
    used: int = 0
    lifted: bool = False

    def lift(self) -> None:
        """It happens no more."""
        self.lifted = True

    def live(self, now: int) -> bool:
        """Whether it may happen at this instant, by its window alone."""
        start = self.since + round(self.fault.after * SECOND)
        over = self.fault.lasting is not None and now >= start + round(self.fault.lasting * SECOND)
        return not self.lifted and now >= start and not over


class Faults:
    """All planted faults. The same seed, the same plants and the same order at each point give the same mishaps."""

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        self._clock = clock
        self.seed = seed
        self.planted: list[Planted] = []
        self._visits: Counter[str] = Counter()

    def plant(self, fault: Fault) -> Planted:
        """Puts it in the ground; its windows count from now."""
        planted = Planted(fault, self._clock.now())
        self.planted.append(planted)
        return planted

    def add(self, kind: Kind, **fields: Unpack[FaultFields]) -> Planted:
        """`plant` with the fields written out."""
        return self.plant(Fault(kind=kind, **fields))

    def clear(self) -> None:
        """Everything is well again."""
        for planted in self.planted:
            planted.lift()
        self.planted = []

    def active(self, kind: Literal["mute", "down"]) -> bool:
        """Whether the whole company is mute or down just now."""
        now = self._clock.now()
        return any(p.fault.kind == kind and p.live(now) for p in self.planted)

    def take(self, point: str, kinds: frozenset[Kind], number: str | None = None) -> Fault | None:
        """The first planted fault that strikes here and now, counted as used; None when all goes well."""
        self._visits[point] += 1
        for index, planted in enumerate(self.planted):
            if self._fits(planted, point, kinds, number) and self._strikes(index, point, planted.fault.chance):
                planted.used += 1
                return planted.fault
        return None

    def _fits(self, planted: Planted, point: str, kinds: frozenset[Kind], number: str | None) -> bool:
        fault = planted.fault
        left = fault.times is None or planted.used < fault.times
        mine = fault.number is None or fault.number == number
        return (
            fault.kind in kinds and left and mine and fnmatchcase(point, fault.at) and planted.live(self._clock.now())
        )

    def _strikes(self, index: int, point: str, chance: float) -> bool:
        if chance >= 1:
            return True
        return random.Random(f"{self.seed}:{index}:{point}:{self._visits[point]}").random() < chance


def storm(seed: int, *, rate: float = 0.1, seconds: float = 600.0) -> list[Fault]:
    """A bad night as a list of faults: every kind of mishap by chance `rate` in all, and short spells of being mute
    or away.

    The same arguments give the same list. `seconds` is the length of the night by the company's clock.
    """
    dice = random.Random(seed)
    requests = [_chancy(kind, "*", rate / 6, dice) for kind in ("refuse", "error_after", "reset_before", "reset_after")]
    hooks = [_chancy(kind, "webhook.*", rate / 3, dice) for kind in ("drop", "double", "late", "reorder")]
    miles = [_chancy("undeliver", "delivery.*", rate / 2, dice), _chancy("stick", "delivery.*", rate / 4, dice)]
    spells = [_spell(kind, seconds, dice) for kind in ("mute", "down") for _ in range(max(1, round(seconds / 300)))]
    return [f.model_copy(update={"lasting": f.lasting or seconds}) for f in (*requests, *hooks, *miles, *spells)]


def _chancy(kind: Kind, at: str, chance: float, dice: random.Random) -> Fault:
    code = {"refuse": dice.choice((20429, 20500)), "undeliver": dice.choice((30003, 30008, 30005))}.get(kind)
    return Fault(kind=kind, at=at, times=None, chance=chance, code=code, seconds=round(dice.uniform(1, 40), 1))


def _spell(kind: Kind, seconds: float, dice: random.Random) -> Fault:
    lasting = round(min(30.0, seconds * dice.uniform(0.03, 0.1)), 1)
    return Fault(kind=kind, after=round(dice.uniform(0, seconds * 0.8), 1), lasting=lasting)
