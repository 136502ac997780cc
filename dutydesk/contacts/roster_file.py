"""A roster out of a file that an office made: xlsx, csv or a calendar. Every mistake is said by file, row and column, all at once.

A table has a column 日期, a column 班次 where there are several shifts a day, and a column for each post by its name. An empty date
repeats the one above, as merged cells do. Nothing here touches the journal.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from dutydesk.clock import from_datetime, to_datetime
from dutydesk.contacts import cells
from dutydesk.contacts.roster_calendar import Entry, entries
from dutydesk.contacts.spreadsheet import Row, sheets_of
from dutydesk.domain.roster_policy import Post
from dutydesk.domain.rosters import Duty, Seat, month_of
from dutydesk.domain.rotation import Absence
from dutydesk.domain.rules import Rules
from dutydesk.domain.shifts import blank_month
from dutydesk.errors import ConfigError, Refused

DATE, SHIFT = ("日期", "时间", "值班日期"), ("班次", "班")
MOST_MONTHS = 24
UNREAD = frozenset({"星期", "备注", "序号", "电话", ""})


@dataclass(frozen=True, slots=True)
class Known:
    """What a file is read against: the rules, the people in service (user name → name), and who is away."""

    rules: Rules
    people: Mapping[str, str]
    away: tuple[Absence, ...] = ()


@dataclass(slots=True)
class _Draft:
    """Duties found so far by their start, with where each seat stands, and what is wrong."""

    file: str
    known: Known
    problems: list[str] = field(default_factory=list)
    duties: dict[int, Duty] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    months: dict[str, dict[int, Duty]] = field(default_factory=dict)

    def say(self, where: str, words: str) -> None:
        self.problems.append(f"{self.file} {where}".rstrip() + f": {words}")

    def shifts(self, at: int) -> dict[int, Duty]:
        """The shifts of the month an instant lies in, by their start."""
        month = month_of(at)
        if month not in self.months and len(self.months) >= MOST_MONTHS:
            raise Refused(f"一个文件最多 {MOST_MONTHS} 个月,请拆开")
        if month not in self.months:
            self.months[month] = {duty.starts_at: duty for duty in blank_month(self.known.rules.shifts, month)}
        return self.months[month]


def read_roster(name: str, data: bytes, known: Known) -> dict[str, tuple[Duty, ...]]:
    """Duties by month. ConfigError with every mistake of the file."""
    draft = _Draft(Path(name).name, known)
    try:
        if data.lstrip()[:15].upper() == b"BEGIN:VCALENDAR" or name.lower().endswith(".ics"):
            _calendar(draft, data)
        else:
            for sheet, rows in sheets_of(Path(name), data).items():
                _table(draft, sheet, rows)
    except Refused as refusal:
        draft.say("", str(refusal))
    if not draft.duties and not draft.problems:
        draft.say("", "没有找到一个班:第一行要有「日期」和岗位名称")
    if draft.problems:
        raise ConfigError(draft.problems)
    ordered = sorted(draft.duties.values(), key=lambda duty: duty.starts_at)
    return {month: tuple(found) for month, found in groupby(ordered, key=lambda duty: month_of(duty.starts_at))}


# -- a table


def _table(draft: _Draft, sheet: str, rows: tuple[Row, ...]) -> None:
    if not rows:
        return
    head = [cell.strip() for cell in rows[0].cells]
    on = next((index for index, cell in enumerate(head) if cell in DATE), None)
    if on is None:
        draft.say(f"「{sheet}」第{rows[0].line}行", "没有「日期」这一列")
        return
    shift = next((index for index, cell in enumerate(head) if cell in SHIFT), None)
    columns = dict(_columns(draft, rows[0].line, head))
    day: date | None = None
    for row in rows[1:]:
        day = _date(draft, row, _cell(row, on), day)
        start = _start(draft, row, day, _cell(row, shift)) if day else None
        if start is not None:
            _fill(draft, row, start, columns)


def _columns(draft: _Draft, line: int, head: list[str]) -> Iterator[tuple[int, Post]]:
    posts = {key: post for post in draft.known.rules.roster.posts for key in (post.id, post.name)}
    for index, cell in enumerate(head):
        if cell in posts:
            yield index, posts[cell]
        elif cell not in (*DATE, *SHIFT, *UNREAD):
            draft.say(f"第{line}行", f"不认识的列「{cell}」,岗位有:{'、'.join(p.name for p in set(posts.values()))}")


def _cell(row: Row, index: int | None) -> str:
    return row.cells[index].strip() if index is not None and index < len(row.cells) else ""


def _date(draft: _Draft, row: Row, cell: str, before: date | None) -> date | None:
    """An empty cell repeats the date above."""
    if not cell:
        if before is None:
            draft.say(f"第{row.line}行 日期 列", "没有日期")
        return before
    try:
        return date.fromisoformat(cells.iso_date(cell))
    except cells.Wrong as wrong:
        draft.say(f"第{row.line}行 日期 列", str(wrong))
        return None


def _start(draft: _Draft, row: Row, day: date, shift: str) -> int | None:
    """When the shift of a row begins."""
    noon = from_datetime(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001  from_datetime takes it for Beijing's
    found = [d for d in draft.shifts(noon).values() if to_datetime(d.starts_at).date() == day and shift in ("", d.name)]
    if len(found) == 1:
        return found[0].starts_at
    names = "、".join(dict.fromkeys(s.name for s in draft.known.rules.shifts))
    words = f"这一天没有「{shift}」,班次有:{names}" if shift else f"这一天有几个班,要写班次:{names}"
    draft.say(f"第{row.line}行 班次 列", words)
    return None


def _fill(draft: _Draft, row: Row, start: int, columns: Mapping[int, Post]) -> None:
    if start in draft.duties:
        draft.say(f"第{row.line}行", f"与第{draft.lines[start]}行是同一个班")
        return
    duty = draft.shifts(start)[start]
    draft.duties[start], draft.lines[start] = duty, row.line
    for index, post in columns.items():
        for name in filter(str.strip, cells.SEPARATORS.split(_cell(row, index))):
            _seat(draft, start, post, name.strip(), f"第{row.line}行 {post.name} 列")


def _seat(draft: _Draft, start: int, post: Post, name: str, where: str) -> None:
    """Put somebody at a post, or say why not."""
    duty = draft.duties[start]
    person = _person(draft, name, where)
    if not person:
        return
    if person in duty.people():
        draft.say(where, f"「{name}」在这一班已经有岗位,重复了")
    elif any(
        a.person == person and a.starts_at < duty.ends_at and duty.starts_at < a.ends_at for a in draft.known.away
    ):
        draft.say(where, f"「{name}」那时正在请假")
    else:
        draft.duties[start] = duty.model_copy(update={"seats": (*duty.seats, Seat(post=post.id, person=person))})


def _person(draft: _Draft, name: str, where: str) -> str:
    people = draft.known.people
    if name in people:
        return name
    called = [username for username, known in people.items() if known == name]
    if len(called) == 1:
        return called[0]
    words = "不是在册的值班人员" if not called else f"有 {len(called)} 个人叫这个名字,请写用户名:{'、'.join(called)}"
    draft.say(where, f"「{name[:20]}」{words}")
    return ""


# -- a calendar


def _calendar(draft: _Draft, data: bytes) -> None:
    for entry in entries(data):
        where = f"第{entry.number}项「{entry.summary[:30]}」"
        if entry.wrong:
            draft.say(where, entry.wrong)
        else:
            _entry(draft, entry, where)


def _entry(draft: _Draft, entry: Entry, where: str) -> None:
    duty = draft.shifts(entry.starts_at).get(entry.starts_at)
    posts = sorted(draft.known.rules.roster.posts, key=lambda post: -len(post.name))
    post = next((post for post in posts if post.name in entry.summary), None)
    if duty is None:
        draft.say(where, f"{to_datetime(entry.starts_at):%m月%d日 %H:%M} 不是任何一班的开始(北京时间)")
    elif post is None:
        draft.say(where, f"没有写岗位,岗位有:{'、'.join(p.name for p in posts)}")
    else:
        draft.duties.setdefault(duty.starts_at, duty)
        for name in _names(entry.summary.partition(post.name)[2]):
            _seat(draft, duty.starts_at, post, name, where)


def _names(text: str) -> Iterable[str]:
    return (word for part in cells.SEPARATORS.split(text.replace(":", " ").replace(":", " ")) for word in part.split())
