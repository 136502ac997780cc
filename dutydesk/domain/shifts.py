"""When shifts begin and end, by the cron rules of config/shifts.toml: the shift at an instant, the shifts of a month."""

from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

from dutydesk.clock import DAY, day, from_datetime, to_datetime
from dutydesk.domain.crons import following, trigger
from dutydesk.domain.readings import Value
from dutydesk.domain.rosters import Duty, first_instant, month_after
from dutydesk.domain.rules import Shift
from dutydesk.errors import Refused


class Term(Value):
    """A shift at a date: its stream id, name and bounds (instants). `leaders` has all of them where there are two; `posts` are
    (post, user name) of the roster."""

    id: str
    name: str
    starts_at: int
    ends_at: int
    leader: str = ""
    officers: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    posts: tuple[tuple[str, str], ...] = ()

    def people(self) -> tuple[str, ...]:
        """Everybody of it, each once."""
        return tuple(dict.fromkeys(filter(None, (self.leader, *self.leaders, *self.officers))))


def term_at(shifts: tuple[Shift, ...], at: int) -> Term:
    """The shift that holds at an instant. Raises Refused when none is configured."""
    begun = [(start, shift) for shift in shifts if (start := _last_start(shift.starts, at)) is not None]
    if not begun:
        raise Refused("没有配置班次")
    start, shift = max(begun, key=lambda pair: pair[0])
    return _term(shifts, shift, start)


def blank_month(shifts: tuple[Shift, ...], month: str) -> tuple[Duty, ...]:
    """The shifts that begin in a month, in order, without people. Raises Refused when none is configured."""
    if not shifts:
        raise Refused("没有配置班次")
    first, end = first_instant(month), first_instant(month_after(month))
    begins: dict[int, int] = {}
    for number, shift in enumerate(shifts, start=1):
        for start in _starts(shift.starts, first, end):
            begins.setdefault(start, number)
    marks = sorted(begins.items())
    return tuple(
        Duty(id=f"{day(start)}-{number}", name=shifts[number - 1].name, starts_at=start, ends_at=ends)
        for (start, number), (ends, _) in pairwise(marks)
        if start < end
    )


def covered(shifts: tuple[Shift, ...], at: int) -> bool:
    """Whether any shift holds at an instant."""
    return any(_last_start(shift.starts, at) is not None for shift in shifts)


@lru_cache(maxsize=64)  # months are drawn again and again, and a rule takes 50 µs for each of its instants
def _starts(rule: str, first: int, end: int) -> tuple[int, ...]:
    """The instants of a rule from one on, up to the first that is not before `end`."""
    cron, found = trigger(rule), list[int]()
    moment = cron.get_next_fire_time(None, to_datetime(first))
    while moment:
        found.append(from_datetime(moment))
        if found[-1] >= end:
            break
        moment = cron.get_next_fire_time(moment, moment + timedelta(microseconds=1))
    return tuple(found)


def _term(shifts: tuple[Shift, ...], shift: Shift, start: int) -> Term:
    ends = min(_next_start(other.starts, start) for other in shifts)
    moment = to_datetime(start)
    number = [s.name for s in shifts].index(shift.name) + 1
    return Term(
        id=f"{moment:%Y%m%d}-{number}",
        name=shift.name,
        starts_at=start,
        ends_at=ends,
        leader=shift.leader,
        officers=shift.officers,
    )


_next_start = lru_cache(maxsize=256)(following)


def _last_start(rule: str, at: int) -> int | None:
    """The last instant of a rule not after another, looking back a fortnight (a weekly duty exists)."""
    for today in range(at, at - 16 * DAY, -DAY):
        if begun := [start for start in _starts_of_day(rule, today // DAY) if start <= at]:
            return begun[-1]
    return None


@lru_cache(maxsize=256)
def _starts_of_day(rule: str, number: int) -> tuple[int, ...]:
    """The instants of a rule in a day, counted from 1970 by UTC, and the next one."""
    return _starts(rule, number * DAY, (number + 1) * DAY)
