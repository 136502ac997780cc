"""The only place that knows the time. Instants are integer microseconds since 1970, UTC.

`Clock` is what everything takes; `SystemClock` is the machine's; `ManualClock` is moved by tests and simulations.
"""

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NewType, Protocol
from zoneinfo import ZoneInfo

Instant = NewType("Instant", int)  # microseconds since the epoch, UTC

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
BEIJING = ZoneInfo("Asia/Shanghai")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Anything that can say the present instant."""

    def now(self) -> Instant: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> Instant:
        return Instant(time.time_ns() // 1_000)


class ManualClock:
    """A clock that stands still until it is moved; it may also be moved back."""

    def __init__(self, at: Instant) -> None:
        self.at = at

    def now(self) -> Instant:
        return self.at

    def advance(self, microseconds: int) -> None:
        self.at = Instant(self.at + microseconds)


def to_datetime(at: int) -> datetime:
    """The instant as an aware datetime in Asia/Shanghai."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(BEIJING)


def from_datetime(moment: datetime) -> Instant:
    """An aware datetime as an instant; a naive one is taken to be Asia/Shanghai."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
    return Instant((aware - _EPOCH) // timedelta(microseconds=1))


def day(at: int) -> str:
    """The day of an instant since 1970 in Asia/Shanghai, as yyyymmdd."""
    return _day_of_minute(at // MINUTE)


def time_of_day(at: int) -> str:
    """The hour and minute of an instant in Asia/Shanghai, as 08:30."""
    return _time_of_minute(at // MINUTE)


@lru_cache(maxsize=1024)
def _time_of_minute(minute: int) -> str:
    return to_datetime(minute * MINUTE).strftime("%H:%M")


@lru_cache(maxsize=1024)
def _day_of_minute(minute: int) -> str:
    return to_datetime(minute * MINUTE).strftime("%Y%m%d")
