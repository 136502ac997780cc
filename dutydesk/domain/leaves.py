"""Leave and swaps (请销假, 换班), in words: asked for, approved with a stand-in for each duty, begun and ended by the clock."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from dutydesk.domain.deliveries import How
from dutydesk.domain.readings import Value
from dutydesk.domain.rosters import LATEST
from dutydesk.domain.verbs import Command, Event

KIND = Literal["leave", "swap"]


class Need(Value):
    """A duty whose person is to be replaced, and by whom; an empty `stand_in`: nobody was found."""

    month: str
    duty: str
    name: str
    post: str
    starts_at: int
    ends_at: int
    out: str
    stand_in: str = ""


class Told(Value):
    """Somebody whom a decision is told; `how` None: the desk has neither a telephone nor a mail address of theirs."""

    person: str
    how: How | None = None


class RequestLeave(Command):
    """Somebody will be away from one instant to another. For a swap, `duty` is theirs, `other` takes it, and gives `other_duty`."""

    person: str
    kind: KIND = "leave"
    starts_at: int = Field(default=0, ge=0, lt=LATEST)
    ends_at: int = Field(default=0, ge=0, lt=LATEST)
    reason: str = Field(min_length=1, max_length=500)
    duty: str = ""
    other: str = ""
    other_duty: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "swap" and not (self.duty and self.other):
            raise ValueError("换班要写明哪一班、由谁来替")
        if self.kind == "leave" and not 0 < self.starts_at < self.ends_at:
            raise ValueError("请假的起止时间不对")
        return self


class ApproveLeave(Command):
    """A chief agrees. `stand_ins` names who stands in, duty by duty, where the rule found nobody or another is wanted."""

    stand_ins: dict[str, str] = Field(default_factory=dict)
    note: str = ""
    role: str = ""


class RefuseLeave(Command):
    reason: str = Field(min_length=1, max_length=500)


class WithdrawLeave(Command):
    """Taken back before it begins, or back on duty before it ends (销假). Duties already given away stay so."""

    chief: bool = False


class LeaveRequested(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    person: str
    kind: KIND
    starts_at: int
    ends_at: int
    reason: str = ""
    needs: tuple[Need, ...] = ()
    short_notice: bool = False
    notice_days: int = 0
    at: int
    by: str


class LeaveApproved(Event):
    private: ClassVar[frozenset[str]] = frozenset({"note", "addresses", "texts"})
    kind: KIND
    starts_at: int
    ends_at: int
    needs: tuple[Need, ...] = ()
    note: str = ""
    told: tuple[Told, ...] = ()
    addresses: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    at: int
    by: str


class LeaveRefused(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason", "addresses", "texts"})
    reason: str = ""
    told: tuple[Told, ...] = ()
    addresses: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    at: int
    by: str


class LeaveBegan(Event):
    """From now on they are not called. `watch` is the one under way when they sit in it, `stand_in` takes the seat."""

    person: str
    watch: str = ""
    stand_in: str = ""


class LeaveEnded(Event):
    at: int


class LeaveWithdrawn(Event):
    at: int
    by: str
