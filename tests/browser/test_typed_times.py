"""A date and time is typed as one says it, whatever the browser's language, and the field says what it read before anything is sent."""

import re
from datetime import datetime

import pytest
from playwright.async_api import Browser, Page, expect

from dutydesk.clock import BEIJING, from_datetime
from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_barriers import barriers
from tests.browser.test_desk_screen import filled
from tests.browser.test_feed import opened
from tests.browser.test_legal import BLAST

NIGHT = from_datetime(datetime(2026, 11, 27, 3, 10, tzinfo=BEIJING))
READ = """async ([cases, now, lean]) => {
  const { readTime } = await import('/static/app/typed_time.js');
  return cases.map((typed) => readTime(typed, now, lean));
}"""
BEHIND = {
    "1420": "11-26 14:20", "0230": "11-27 02:30", "920": "11-26 09:20", "14:20:05": "11-26 14:20:05",
    "14:20": "11-26 14:20", "23.55": "11-26 23:55",
    "11-26 14:20": "11-26 14:20", "11/26 1420": "11-26 14:20", "11.26 1420": "11-26 14:20", "2026-11-26T14:20:05": "11-26 14:20:05",
    "202611261420": "11-26 14:20", "20261126 1420": "11-26 14:20", "2025-12-30 17:00": "2025-12-30 17:00",
    "12-30 17:00": "2025-12-30 17:00",
    "26日14时20分": "11-26 14:20", "31日10:00": "10-31 10:00", "11-26 周四 14:20": "11-26 14:20",
    "11-22 星期日 14:20": "11-22 14:20", "11-26周四14:20": "11-26 14:20", "thursday 14:20": "11-26 14:20",
    "昨晚8点": "11-26 20:00", "昨晚八点半": "11-26 20:30", "昨晚12点": "11-27 00:00", "昨夜1点": "11-27 01:00", "夜里1点": "11-27 01:00",
    "凌晨2点一刻": "11-27 02:15", "下午2点": "11-26 14:00", "中午12点半": "11-26 12:30",
    "今早2点": "11-27 02:00", "大前天 0800": "11-24 08:00",
    "20分钟前": "11-27 02:50", "半小时前": "11-27 02:40", "一个半小时前": "11-27 01:40", "刚才": "11-27 03:10",
    "yesterday 8pm": "11-26 20:00", "20 min ago": "11-27 02:50", "3:15": "11-27 03:15",
    "26日14时20分许": "11-26 14:20",
}  # fmt: skip
AHEAD = {"0900": "11-27 09:00", "0230": "11-28 02:30", "明早9点": "11-28 09:00", "2小时后": "11-27 05:10", "12-1 17:00": "12-01 17:00",
         "1-2 17:00": "2027-01-02 17:00", "5日17:00": "12-05 17:00"}  # fmt: skip
NO_TIME = [
    "",
    "abc",
    "8",
    "25:00",
    "14:70",
    "昨天",
    "11-26",
    "2月30日10:00",
    "前天上午",
    "3人",
    "周三 14:20",
    "11-26 周五 14:20",
    "下周三14:00",
    "2 months ago",
]


def instant(text: str) -> int:
    """Of `[2025-]12-30 17:00[:05]`, this year's where none is said."""
    whole = text if text.startswith("20") else f"2026-{text}"
    return from_datetime(datetime.fromisoformat(whole).replace(tzinfo=BEIJING))


@pytest.mark.parametrize(("lean", "cases"), [("past", BEHIND), ("future", AHEAD)])
async def test_a_time_is_read_as_it_is_said_in_a_duty_room(page: Page, desk: StandIn, lean: str, cases: dict[str, str]):
    await opened(page, desk)
    read = await page.evaluate(READ, [list(cases), NIGHT, lean])
    assert dict(zip(cases, read, strict=True)) == {typed: instant(meant) for typed, meant in cases.items()}


async def test_what_says_no_time_is_not_guessed(page: Page, desk: StandIn):
    await opened(page, desk)
    assert await page.evaluate(READ, [NO_TIME, NIGHT, "past"]) == [None] * len(NO_TIME)


async def test_the_field_says_what_it_read_and_keeps_what_it_cannot(
    browser: Browser, desk: StandIn, complaints: Complaints
):
    await filled(desk)
    context = await browser.new_context(locale="en-US", viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await page.add_init_script("localStorage.setItem('dutydesk.language', 'zh')")
    await opened(page, desk, f"/#/desk/{BLAST}")
    await page.get_by_test_id(f"move-{BLAST}-written").click()
    field, read = page.get_by_test_id("field-start_at"), page.get_by_test_id("field-start_at-read")
    await expect(field).to_have_value(re.compile(r"^\d\d-\d\d \d\d:\d\d(:\d\d)?$"))
    await field.fill("2026-11-22 1420")
    await expect(read).to_contain_text(re.compile(r"^周日 2026-11-22 14:20:00 · .+前$"))
    await field.fill("三点左右吧")
    await page.get_by_test_id("field-reason").fill("电话里说错了")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("dialog").get_by_role("alert")).to_contain_text("看不懂这个时间")
    await expect(field).to_have_value("三点左右吧")
    assert (desk.calls, await barriers(page)) == ([], [])
    await field.fill("2026-11-23 下午2点")
    await field.press("Control+Enter")
    await expect(page.get_by_test_id("dialog")).to_have_count(0)
    assert [fields["start_at"] for _, fields in await desk.heard(1)] == [instant("11-23 14:00")]
    await context.close()


async def test_a_day_alone_bounds_a_filter(page: Page, desk: StandIn):
    await desk.board(samples.small(desk.clock.now()))
    await opened(page, desk)
    await page.evaluate("location.hash = '#/log'")
    field = page.get_by_test_id("log-from")
    await field.fill("2025年3月2日")
    await field.press("Enter")
    await expect(field).to_have_value("2025-03-02")
    await expect(page.get_by_test_id("log-print")).to_have_attribute("href", re.compile(r"from=2025-03-02(&|$)"))
    await field.fill("什么时候")
    await field.press("Tab")
    await expect(field).to_have_attribute("aria-invalid", "true")
