"""Who is told of an incident, who signs, and what must still be reported afterwards: policy as data.

config/submissions.toml names addressees and routes; a profile of config/clocks/ the supplement watch, the fixed hours and the
daily report of holidays. `confirmed` false: the article was not read, and every screen says so.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from dutydesk.clock import MINUTE, from_datetime, to_datetime
from dutydesk.domain.clocks import LEVELS, ClockRule
from dutydesk.domain.readings import Value

Way = Literal["mail", "voice", "sms", "paper", "link"]
Reach = Literal["city", "province", "state"]
RouteLevel = Literal["", "一般", "较大", "重大", "特别重大"]
REACHES: tuple[Reach, ...] = ("city", "province", "state")
WATCH_LEADER = "watch_leader"  # a signer: the leader of the watch
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Sourced(Value):
    """A rule with its article."""

    law: str = ""
    confirmed: bool = False


class Addressee(Value):
    """Somebody a report goes to: a unit of the directory, or one of some leaders. `how`: the ways in the order they are tried.

    `receiver` is the name under which the legal clocks know this line: what is sent here meets theirs. `codes` are GB/T 35561
    prefixes it is told of (empty: all). `tier` is set where it is a duty room above.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$", max_length=30)
    label: str = Field(min_length=1)
    unit: str = ""
    leaders: tuple[str, ...] = ()
    by_duty: bool = False  # of the leaders, the one whose duties name the code; the first when none does
    how: tuple[Way, ...] = Field(default=("paper",), min_length=1)
    receiver: str = ""
    tier: Literal["", "district", "city", "province", "state"] = ""
    codes: tuple[str, ...] = ()


class Route(Sourced):
    """Whom the incidents of some levels go to, how far up, and who signs (addressees who are leaders, or watch_leader)."""

    levels: tuple[RouteLevel, ...] = Field(min_length=1)
    reach: Reach
    to: tuple[str, ...] = Field(min_length=1)
    copies: tuple[str, ...] = ()
    signers: tuple[str, ...] = Field(min_length=1)


class Duty(Sourced):
    """Something to be done within minutes."""

    minutes: int = Field(default=30, ge=1, le=14_400)


class Submissions(Value):
    """config/submissions.toml as a whole. `flags_lift`: any sensitive circumstance takes the route of the next tier."""

    addressees: tuple[Addressee, ...] = ()
    routes: tuple[Route, ...] = ()
    flags_lift: bool = True
    # incidents of these levels need a final report before they end as handled
    final_levels: tuple[RouteLevel, ...] = ()
    backfill: Duty = Duty()
    receipt: Duty = Duty()
    transfer: Duty = Duty(minutes=15)

    @model_validator(mode="after")
    def _addressees_exist(self) -> Self:
        known = {addressee.id for addressee in self.addressees}
        if len(known) != len(self.addressees):
            raise ValueError("two addressees have one id")
        for route in self.routes:
            for name in {*route.to, *route.copies, *route.signers} - known - {WATCH_LEADER}:
                raise ValueError(f"there is no addressee {name!r}")
        return self

    def addressee(self, id: str) -> Addressee | None:
        return next((one for one in self.addressees if one.id == id), None)

    def route(self, level: str, flagged: bool) -> Route | None:
        """The route of a level; with a flag the first one that reaches further up."""
        plain = next((route for route in self.routes if level in route.levels), None)
        if plain is None or not (flagged and self.flags_lift):
            return plain
        further = (r for r in self.routes if REACHES.index(r.reach) > REACHES.index(plain.reach))
        return min(further, key=lambda r: REACHES.index(r.reach), default=plain)


class CodeDays(Value):
    """Days for some kinds of event."""

    codes: tuple[str, ...] = Field(min_length=1)
    days: int = Field(ge=1, le=366)


class Supplement(Sourced):
    """Changed casualties are reported again for so many days from the day of the event; 0: no such watch."""

    days: int = Field(default=0, ge=0, le=366)
    kinds: tuple[CodeDays, ...] = ()
    minutes: int = Field(default=60, ge=1, le=14_400)

    def lasts(self, code: str) -> int:
        """Days for an event of a code; the longest prefix holds."""
        fitting = [(len(c), kind.days) for kind in self.kinds for c in kind.codes if code.startswith(c)]
        return max(fitting)[1] if fitting else self.days

    def covers(self, code: str, begun_at: int, at: int) -> bool:
        """Whether an instant lies inside the watch; the day of the event is day 0."""
        passed = (to_datetime(at).date() - to_datetime(begun_at).date()).days
        return self.days > 0 and passed <= self.lasts(code)


class FixedReports(Sourced):
    """Hours of the day at which an open incident of some levels is reported on. `least_lead` minutes: a nearer hour is left out."""

    levels: tuple[RouteLevel, ...] = ()
    hours: tuple[str, ...] = ()
    least_lead: int = Field(default=60, ge=0, le=720)

    @model_validator(mode="after")
    def _hours_are_hours(self) -> Self:
        _are_hours(self.hours)
        return self

    def next_after(self, at: int) -> int | None:
        """The next such hour that is not too near; None when there are none."""
        return next_hour(self.hours, at + self.least_lead * MINUTE)


class Period(Value):
    """Marked days, both included (yyyymmdd)."""

    name: str
    first: str = Field(pattern=r"^\d{8}$")
    last: str = Field(pattern=r"^\d{8}$")


class ZeroReport(Sourced):
    """In marked periods a report goes up every day, also when there is nothing (零报告), by the hours of `by`.

    `holidays`: on public holidays and the roster's marked periods too. It is asked for `ask_minutes` ahead.
    """

    periods: tuple[Period, ...] = ()
    holidays: bool = False
    ask_minutes: int = Field(default=120, ge=10, le=720)
    by: tuple[str, ...] = ()
    receiver: str = "province"

    @model_validator(mode="after")
    def _hours_are_hours(self) -> Self:
        _are_hours(self.by)
        return self

    def due(self, at: int, special: str = "") -> tuple[str, int] | None:
        """The period's name and the instant by which the day's next report is due; None outside, and after the last hour.

        `special`: the name of the holiday that the day lies in.
        """
        today = to_datetime(at).strftime("%Y%m%d")
        name = next((p.name for p in self.periods if p.first <= today <= p.last), special)
        following = next_hour(self.by, at)
        if not name or following is None or to_datetime(following).strftime("%Y%m%d") != today:
            return None
        return name, following


def _are_hours(hours: Iterable[str]) -> None:
    for hour in hours:
        if not _HOUR.fullmatch(hour):
            raise ValueError(f"{hour!r} is not an hour like 08:00")


def next_hour(hours: Iterable[str], after: int) -> int | None:
    """The first instant strictly after another at which a clock in Beijing shows one of some hours (HH:MM)."""
    today = to_datetime(after).replace(hour=0, minute=0, second=0, microsecond=0)
    moments = [
        from_datetime(today + timedelta(days=d, hours=int(h[:2]), minutes=int(h[3:]))) for d in (0, 1) for h in hours
    ]
    return min((m for m in moments if m > after), default=None)


def higher(level: str, than: str) -> bool:
    """Whether a level stands above another; an unknown one stands above nothing and below all."""
    return level in LEVELS and (than not in LEVELS or LEVELS.index(level) > LEVELS.index(than))


def duty_clock(id: str, title: str, duty: Sourced, tier: str, receiver: str, minutes: int, start: str) -> ClockRule:
    """A duty that arises on the way as a clock like any other."""
    return ClockRule.model_validate(
        {
            "id": id,
            "title": title,
            "sender": tier,
            "receiver": receiver,
            "channel": "written",
            "start": start,
            "minutes": minutes,
            "law": duty.law,
            "confirmed": duty.confirmed,
        }
    )
