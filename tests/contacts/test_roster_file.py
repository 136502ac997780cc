"""A roster out of an office's file: every mistake by row and column, all at once; time zones with daylight time done right."""

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from icalendar import Calendar
from openpyxl import Workbook

from dutydesk.clock import BEIJING, HOUR, from_datetime
from dutydesk.contacts.roster_calendar import entries, feed
from dutydesk.contacts.roster_file import Known, read_roster
from dutydesk.domain.rotation import Absence
from dutydesk.errors import ConfigError
from tests.domain.test_rosters import ROSTER, at
from tests.kit import rules

PEOPLE = {"chief": "陈立新", "officer": "李文静", "zhang": "张建国", "li": "李强", "li2": "李强"}
KNOWN = Known(rules(roster=ROSTER), PEOPLE, (Absence("zhang", at(20, 0), at(22, 0)),))


def table(*lines: str) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(line.split("|") for line in lines)
    return out.getvalue().encode("utf-8-sig")


def wrong(data: bytes, name: str = "12月.csv") -> list[str]:
    with pytest.raises(ConfigError) as error:
        read_roster(name, data, KNOWN)
    return error.value.problems


def test_a_table_as_offices_write_it_names_or_user_names_empty_dates_repeat() -> None:
    made = read_roster(
        "12月.csv",
        table(
            "日期|星期|班次|带班领导|主班|副班", "2026-12-03|四|白班|陈立新|李文静|张建国", "||夜班|chief|zhang|officer"
        ),
        KNOWN,
    )
    day, night = made["2026-12"]
    assert (day.id, [s.person for s in day.seats]) == ("20261203-1", ["chief", "officer", "zhang"])
    assert (night.starts_at, night.ends_at) == (at(3, 17), at(4, 8, 30))


def test_xlsx_and_two_leaders_in_a_cell() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["日期", "班次", "带班领导", "主班"])
    sheet.append([datetime(2026, 12, 3, tzinfo=None), "白班", "陈立新、officer", "张建国"])  # noqa: DTZ001  as Excel keeps a date
    out = io.BytesIO()
    book.save(out)
    ((duty,),) = read_roster("12月.xlsx", out.getvalue(), KNOWN).values()
    assert [(s.post, s.person) for s in duty.seats] == [("leader", "chief"), ("leader", "officer"), ("main", "zhang")]


def test_every_mistake_is_said_by_row_and_column() -> None:
    found = wrong(
        table(
            "日期|班次|带班领导|主班|厨师",
            "2026-12-03|白班|陈立新|张山|",
            "2026-12-03|中班|陈立新|李文静|",
            "2026-13-03|白班||李文静|",
            "2026-12-04|白班|李文静|李文静|",
            "2026-12-21|白班||张建国|",
            "2026-12-05|白班||李强|",
            "2026-12-05|白班||李文静|",
            "2026-12-06||陈立新||",
        )
    )
    assert [problem.split(":")[0] for problem in found] == [
        "12月.csv 第1行", "12月.csv 第2行 主班 列", "12月.csv 第3行 班次 列", "12月.csv 第4行 日期 列", "12月.csv 第5行 主班 列",
        "12月.csv 第6行 主班 列", "12月.csv 第7行 主班 列", "12月.csv 第8行", "12月.csv 第9行 班次 列",
    ]  # fmt: skip
    for problem, words in zip(
        found, ("厨师", "张山", "中班", "日期", "重复", "请假", "li、li2", "第7行是同一个班", "要写班次"), strict=True
    ):
        assert words in problem


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.csv", "没有找到一个班"),
        (table("姓名|电话", "a|b"), "a.csv", "没有「日期」"),
        (b"PK\x03\x04broken", "a.xlsx", "不是完好的 xlsx"),
        (b"nonsense", "a.ics", "日历"),
        (table("日期|主班", "|李文静"), "a.csv", "没有日期"),
        (table("日期|主班", "0026-12-03|李文静"), "a.csv", "不是一个日期"),
        (
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:00261203T083000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "a.ics",
            "26 年",
        ),
        (table("日期|主班", *(f"{2000 + n}-12-03|李文静" for n in range(30))), "a.csv", "最多 24 个月"),
    ],
)
def test_what_is_no_roster_says_so(data: bytes, name: str, words: str) -> None:
    assert words in "\n".join(wrong(data, name))


def event(start: str, summary: str, more: str = "") -> str:
    return f"BEGIN:VEVENT\r\nUID:{start}\r\n{start}\r\nSUMMARY:{summary}\r\n{more}END:VEVENT\r\n"


def calendar(*events: str) -> bytes:
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + "".join(events) + "END:VCALENDAR\r\n").encode()


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART:20261203T003000Z",
        "DTSTART:20261203T083000",
        "DTSTART;TZID=Asia/Shanghai:20261203T083000",
        "DTSTART;TZID=America/New_York:20261202T193000",
        "DTSTART;TZID=Eastern Standard Time:20261202T193000",
        "DTSTART;TZID=Europe/Berlin:20261203T013000",
    ],
)
def test_one_instant_in_any_zone_is_one_shift(start: str) -> None:
    ((duty,),) = read_roster("a.ics", calendar(event(start, "白班 主班 李文静")), KNOWN).values()
    assert (duty.id, duty.seats[0].person) == ("20261203-1", "officer")


def test_daylight_time_moves_a_zone_and_a_skipped_hour_is_no_guess() -> None:
    summer = event("DTSTART;TZID=America/New_York:20260701T083000", "x")
    winter = event("DTSTART;TZID=America/New_York:20261201T083000", "x")
    skipped = event("DTSTART;TZID=America/New_York:20260308T023000", "x")
    twice = event("DTSTART;TZID=America/New_York:20261101T013000", "x")
    found = list(entries(calendar(summer, winter, skipped, twice)))
    assert found[0].starts_at == from_datetime(datetime(2026, 7, 1, 20, 30, tzinfo=BEIJING))
    assert found[1].starts_at == from_datetime(datetime(2026, 12, 1, 21, 30, tzinfo=BEIJING))
    assert "夏令时" in found[2].wrong
    assert found[3].starts_at == from_datetime(datetime(2026, 11, 1, 13, 30, tzinfo=BEIJING)), "the first of the two"


def test_a_calendars_mistakes_are_said_by_their_place() -> None:
    start = "DTSTART;TZID=Asia/Shanghai:20261203T083000"
    found = wrong(
        calendar(
            event("DTSTART;TZID=Asia/Shanghai:20261203T093000", "主班 李文静"),
            event(start, "李文静"),
            event(start, "主班 张山"),
            event(start, "主班 李文静", "RRULE:FREQ=DAILY\r\n"),
            event("DTSTART;VALUE=DATE:20261203", "主班 李文静"),
        ),
        "a.ics",
    )
    assert [problem.split("「")[0] for problem in found] == [f"a.ics 第{n}项" for n in (1, 2, 3, 4, 5)]
    for problem, words in zip(found, ("不是任何一班", "没有写岗位", "张山", "重复", "全天"), strict=True):
        assert words in problem


def test_a_feed_says_ones_duties_in_utc() -> None:
    ((duty,),) = read_roster("a.csv", table("日期|班次|主班", "2026-12-03|白班|李文静"), KNOWN).values()
    read: Any = Calendar.from_ical(feed("李文静", "值班室", [(duty, "主班")], at(1)))
    (found,) = read.walk("VEVENT")
    assert from_datetime(found["DTSTART"].dt) == duty.starts_at
    assert from_datetime(found["DTEND"].dt) - from_datetime(found["DTSTART"].dt) == 8 * HOUR + HOUR // 2
    assert str(found["SUMMARY"]) == "白班 主班"
