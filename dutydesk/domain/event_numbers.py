"""Event numbers of 31 characters: unit code (14) `_` yyyymmddhhmmss in Beijing `_` serial 0 to 9.

The pattern is that of the emergency information exchange standard (GB/T 35965, its part on warnings): the unit code is a division code of
six, a sector of three (GB/T 4657), a unit of three and an extension of two, by default zeros; the serial counts what one unit entered
in one second, from 0. That a drill's numbers carry the extension 99, so that they can never be taken for real ones, is our own rule.
"""

from datetime import datetime
from functools import lru_cache

from dutydesk.clock import BEIJING, HOUR, SECOND, from_datetime, to_datetime
from dutydesk.domain.rules import Desk
from dutydesk.domain.verbs import Look

DRILL = "99"
_PER_SECOND = 10


def unit_code(desk: Desk) -> str:
    """The fourteen digits of a desk."""
    return desk.event_unit or desk.division[:6].ljust(6, "0") + "0" * 8


def free(look: Look) -> str:
    """The next free number at this instant; what is entered past the tenth of a second takes the next second that has room.

    Seconds fill one after the other, so the last one begun has room or is followed by one that has: a thousand incidents of one instant
    cost a few questions each. Only after the clock went back by more than an hour are they tried one by one.
    """
    code = unit_code(look.rules.desk)

    def full(at: int) -> bool:
        return look.count(_series(code, _stamp(at))) > _PER_SECOND

    at = look.at
    if full(at):
        begun = _instant(look.latest(_series(code, "0" * 14), _series(code, "9" * 14))[-14:])
        at = begun if at < begun <= at + HOUR else at + SECOND
        while full(at):
            at += SECOND
    stamp = _stamp(at)
    return f"{code}_{stamp}_{look.count(_series(code, stamp)) - 1}"


def as_drill(number: str) -> str:
    """The same number as one of a drill."""
    return number[:12] + DRILL + number[14:]


def is_drill(number: str) -> bool:
    """Whether a number is one of a drill."""
    return number[12:14] == DRILL


def series(number: str) -> str:
    """The running series that a number is taken from, drill or real; empty for no number."""
    code, _, rest = number.partition("_")
    return _series(code, rest.partition("_")[0]) if rest else ""


def _series(code: str, stamp: str) -> str:
    return f"event:{code[:12]}_{stamp}"


def _stamp(at: int) -> str:
    return _stamp_of_second(at // SECOND)


@lru_cache(maxsize=64)
def _stamp_of_second(second: int) -> str:
    return to_datetime(second * SECOND).strftime("%Y%m%d%H%M%S")


@lru_cache(maxsize=16)
def _instant(stamp: str) -> int:
    return from_datetime(datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=BEIJING))
