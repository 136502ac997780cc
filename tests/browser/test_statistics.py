"""Statistics on the screen: every bar says its figure and the former one, opens to its entries, and is reached by keyboard."""

import re

from playwright.async_api import Page, expect

from dutydesk.clock import DAY
from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_barriers import barriers
from tests.browser.test_feed import opened


async def test_bars_stand_beside_the_period_before_and_open_to_their_entries(
    page: Page, desk: StandIn, complaints: Complaints
):
    await desk.board(samples.small(desk.clock.now()))
    await opened(page, desk)
    await page.keyboard.press("g")
    await page.keyboard.press("s")
    kinds = page.get_by_test_id("chart-kinds")
    await expect(kinds.get_by_role("button", name="高层建筑火灾 3 上期 1")).to_be_visible()
    await expect(page.locator(".totals")).to_contain_text(re.compile(r"签收用时中位.*42 秒.*上期 不详"))
    await kinds.get_by_role("button").first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("drawer")).to_contain_text("已电话核实")
    assert await barriers(page) == []
    share = await kinds.locator(".bar-now").first.evaluate(
        "e => e.getBoundingClientRect().width / e.parentElement.clientWidth"
    )
    assert abs(share - 3 / 10) < 0.02
    await page.get_by_test_id("span-30").click()
    await expect(page.get_by_test_id("span-30")).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_test_id("xlsx")).to_have_attribute(
        "href", re.compile(r"^/statistics.xlsx\?from=\d{4}-\d\d-\d\d&to=")
    )
    assert complaints == []


async def test_a_time_without_anything_says_so(page: Page, desk: StandIn):
    await opened(page, desk)
    await page.evaluate("location.hash = '#/statistics'")
    await expect(page.get_by_test_id("statistics")).to_contain_text("来报")
    await page.get_by_test_id("period-from").fill("2020-01-01")
    await page.get_by_test_id("period-from").press("Enter")
    await expect(page.get_by_test_id("statistics")).to_contain_text("这段时间没有可数的")


async def test_a_day_being_typed_stays_while_the_period_moves_on(page: Page, desk: StandIn):
    await opened(page, desk)
    await page.evaluate("location.hash = '#/statistics'")
    since, until = page.get_by_test_id("period-from"), page.get_by_test_id("period-to")
    await expect(page.get_by_test_id("statistics")).to_contain_text("来报")
    shown = await until.input_value()
    await since.focus()
    await since.press_sequentially("2020-01-0")
    desk.shift += DAY
    await desk.tell()
    await expect(until).not_to_have_value(shown)
    await expect(since).to_have_value("2020-01-0")
    await since.press_sequentially("1")
    await since.press("Enter")
    await expect(page.get_by_test_id("statistics")).to_contain_text("这段时间没有可数的")
