"""Rosters as iCalendar (RFC 5545): one person's duties as a feed, and a calendar's entries read with their time zones.

A zone with daylight time is honoured, also under the names Outlook uses; a local time that the change skipped is an error and not a
guess; of a local time that comes twice the first is meant. A time without a zone is Beijing's.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from dutydesk.clock import BEIJING, from_datetime, to_datetime
from dutydesk.contacts.cells import YEARS
from dutydesk.domain.rosters import Duty
from dutydesk.errors import Refused

MOST = 5_000  # entries of one calendar


class Entry(NamedTuple):
    """One entry: its place in the file, when it begins, what it says; `wrong` says why it cannot be taken."""

    number: int
    summary: str
    starts_at: int = 0
    wrong: str = ""


def entries(data: bytes) -> Iterator[Entry]:
    """The entries of a calendar in their order. Refused when it is no calendar."""
    from icalendar import Calendar  # 2 MB, and the desk starts without it

    try:
        found = Calendar.from_ical(data).walk("VEVENT")
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Refused(f"不是完好的日历文件({type(error).__name__})") from None
    if len(found) > MOST:
        raise Refused(f"有 {len(found)} 项,最多 {MOST} 项")
    for number, event in enumerate(found, start=1):
        yield _entry(number, event)


def _entry(number: int, event: Any) -> Entry:
    summary = str(event.get("SUMMARY", ""))
    if event.get("RRULE") or event.get("RDATE"):
        return Entry(number, summary, wrong="是重复事项,请展开成一班一项再导入")
    moment = _start(event)
    if not isinstance(moment, datetime):
        return Entry(number, summary, wrong="没有开始时间" if moment is None else "是全天事项,没有开始的钟点")
    local = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
    if local.year not in YEARS:
        return Entry(number, summary, wrong=f"{local.year} 年不在日历之内")
    real = local.astimezone(UTC).astimezone(local.tzinfo)
    if real.replace(tzinfo=None) != local.replace(tzinfo=None):
        return Entry(number, summary, wrong=f"{local:%m月%d日 %H:%M} 这个钟点不存在(夏令时拨快的那一小时)")
    return Entry(number, summary, int(from_datetime(local)))


def _start(event: Any) -> Any:
    """When it begins, as the library read it; None where there is nothing that it could read."""
    from icalendar.error import BrokenCalendarProperty

    try:
        return getattr(event.get("DTSTART"), "dt", None)
    except BrokenCalendarProperty:
        return None


def feed(who: str, desk: str, duties: Iterable[tuple[Duty, str]], now: int) -> bytes:
    """One person's duties, each with what their post is called, as a calendar; times in UTC, so that no reader can shift them."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    for name, value in (("prodid", "-//DutyDesk//"), ("version", "2.0"), ("x-wr-calname", f"{desk} {who}")):
        calendar.add(name, value)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    for duty, post in duties:
        event = Event()
        event.add("uid", f"{duty.id}.{post}@dutydesk")
        event.add("dtstamp", to_datetime(now).astimezone(UTC))
        event.add("dtstart", to_datetime(duty.starts_at).astimezone(UTC))
        event.add("dtend", to_datetime(duty.ends_at).astimezone(UTC))
        event.add("summary", f"{duty.name} {post}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
