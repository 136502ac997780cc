"""How long whoever is asked has, along which ladder silence climbs, and how often word is expected: policy as data (config/asking.toml).

`confirmed` false: no rule with a number was found; the value is ours, and `dutydesk check` and every screen say so.
"""

from typing import Literal

from pydantic import Field

from dutydesk.domain.readings import Value

InwardKind = Literal["document", "telegram", "question", "instruction", "warning", "request"]  # request: 下级请示


class Sourced(Value):
    """A value with where it comes from."""

    law: str = ""
    confirmed: bool = False


class Verifying(Sourced):
    """核报: the ladder of one addressee, minutes for a word by telephone and in writing, and who is called when some stay silent."""

    policy: str = ""
    phone_minutes: int = Field(default=15, ge=1, le=1440)
    written_minutes: int = Field(default=30, ge=1, le=1440)
    overdue_policy: str = ""


class Dispatching(Sourced):
    """调度: the ladder of one addressee in a round (reminder, then page), and minutes before a round's answers are late."""

    policy: str = ""
    answer_minutes: int = Field(default=60, ge=5, le=1440)


class Interval(Value):
    """Minutes between two signs of life, for incidents of these levels ("" stands for a level not known)."""

    levels: tuple[str, ...] = Field(min_length=1)
    minutes: int = Field(ge=5, le=2880)


class Hearing(Sourced):
    """Silence as an alarm: along which ladder, and after how many minutes by level."""

    policy: str = ""
    every: tuple[Interval, ...] = ()

    def minutes(self, level: str) -> int | None:
        """None: no word is expected at this level."""
        return next((one.minutes for one in self.every if level in one.levels), None)


class Period(Sourced):
    """A marked period (a storm): minutes after which a listed unit is quiet, and after which a district is, while neighbours report."""

    policy: str = ""
    unit_minutes: int = Field(default=120, ge=10, le=2880)
    district_minutes: int = Field(default=180, ge=10, le=2880)
    # so many other districts must have reported for silence to be strange
    neighbours: int = Field(default=3, ge=1, le=100)


class InwardClock(Sourced):
    """上级文电: minutes within which one of a kind is dealt with."""

    kind: InwardKind
    minutes: int = Field(ge=1, le=20_160)


class Descending(Sourced):
    """下发: minutes a linked desk below has to answer, the ladder of its duty room at four fifths, and who is called at the end."""

    policy: str = ""
    overdue_policy: str = ""
    minutes: int = Field(default=60, ge=1, le=20_160)


class Raising(Sourced):
    """请示: minutes the duty room above has to answer a question of ours, by which ladder it is asked, who is called when it is silent."""

    policy: str = ""
    overdue_policy: str = ""
    minutes: int = Field(default=30, ge=1, le=20_160)


class Asking(Value):
    """All of it."""

    verification: Verifying = Verifying()
    dispatch: Dispatching = Dispatching()
    check_in: Hearing = Hearing()
    follow_up: Hearing = Hearing()
    period: Period = Period()
    downward: Descending = Descending()
    upward: Raising = Raising()
    inward_policy: str = ""
    inward: tuple[InwardClock, ...] = ()

    def policies(self) -> tuple[str, ...]:
        """Every escalation policy it names."""
        verify = self.verification
        own = (verify.policy, verify.overdue_policy, self.dispatch.policy, self.check_in.policy, self.follow_up.policy)
        lines = (self.downward.policy, self.downward.overdue_policy, self.upward.policy, self.upward.overdue_policy)
        return (*own, *lines, self.period.policy, self.inward_policy)

    def unconfirmed(self) -> tuple[str, ...]:
        """What nobody could confirm, in words."""
        parts = {
            "核报": self.verification,
            "调度": self.dispatch,
            "报平安": self.check_in,
            "续报间隔": self.follow_up,
            "重点时段": self.period,
            "下发": self.downward,
            "请示": self.upward,
            **{f"上级文电({one.kind})": one for one in self.inward},
        }
        return tuple(f"{name}:{part.law}" for name, part in parts.items() if part.law and not part.confirmed)

    def of(self, asks: str) -> Verifying | Dispatching | Raising:
        """How the units of a question are asked, by what it asks for."""
        own: dict[str, Dispatching | Raising] = {"report": self.dispatch, "guidance": self.upward}
        return own.get(asks, self.verification)

    def clock_of(self, kind: str) -> InwardClock | None:
        """The clock of what came from above."""
        return next((one for one in self.inward if one.kind == kind), None)
