"""How an office makes its roster, as data: posts and who rotates through them, how many, which days are special, who is told."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from dutydesk.domain.readings import Value

UnitKinds = Literal["district", "town", "department", "enterprise"]


class Post(Value):
    """A post of every shift (带班领导, 主班, 副班). `people` rotate through it in this order; `changes` says how long one keeps it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")
    name: str = Field(min_length=1, max_length=20)
    people: tuple[str, ...] = ()
    leads: bool = False
    changes: Literal["shift", "day", "week"] = "shift"


class Period(Value):
    """A marked period (重大活动, 汛期): two leaders each shift, as on holidays."""

    name: str = Field(min_length=1, max_length=40)
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("last 早于 first")
        return self


class MarkedDay(Value):
    """A day the office knows better than the calendar."""

    date: date
    kind: Literal["holiday", "workday"]
    name: str = ""


class RosterRules(Value):
    """Section 4 of the duty-room rules, as this office keeps them. Days are calendar days before the duty or the holiday."""

    posts: tuple[Post, ...] = ()
    on_duty: Literal[1, 2, 4] = 2  # people on duty beside the leader
    double_leaders: bool = True  # on holidays and in marked periods
    rest_hours: float = Field(default=8, ge=0, le=72)  # between two duties of one person
    leave_days: int = Field(default=1, ge=0, le=30)
    leave_days_holiday: int = Field(default=2, ge=0, le=30)
    handover_minutes: int = Field(default=10, ge=1, le=120)
    ask_days: int = Field(default=10, ge=1, le=60)  # units are asked for their holiday rosters
    send_days: int = Field(default=5, ge=0, le=60)  # ours is sent, and theirs is due
    collect: tuple[UnitKinds, ...] = ()
    send_to: tuple[str, ...] = ()  # codes of units, the superior's duty room among them
    periods: tuple[Period, ...] = ()
    days: tuple[MarkedDay, ...] = ()

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        ids = [post.id for post in self.posts]
        if len(set(ids)) < len(ids):
            raise ValueError("岗位 id 重复")
        if self.ask_days < self.send_days:
            raise ValueError("ask_days 不能少于 send_days")
        return self

    def post(self, id: str) -> Post | None:
        """The post of an id."""
        return next((post for post in self.posts if post.id == id), None)
