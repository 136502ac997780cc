"""The lines to other duty rooms, where the channels are: who is there, what stopped and why, what came that nobody could take in."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_barriers import barriers
from tests.browser.test_feed import opened


async def filled(desk: StandIn) -> None:
    now = desk.clock.now()
    await desk.board(samples.small(now) | samples.links(now))


async def test_a_stopped_link_says_why_and_is_resumed_with_a_reason(
    page: Page, desk: StandIn, complaints: Complaints
) -> None:
    await filled(desk)
    await opened(page, desk)
    await page.evaluate("location.hash = '#/channels'")
    up, forked = page.get_by_test_id("peer-province"), page.get_by_test_id("peer-shinan")
    await expect(up).to_contain_text("已连通")
    await expect(up).to_contain_text("时钟相差 90 秒")
    await expect(forked).to_contain_text("市南区")
    await expect(forked.get_by_role("alert")).to_contain_text("第 7 条的编号收到两份不同的内容")
    await page.get_by_test_id("resume-shinan").click()
    await page.get_by_test_id("field-reason").fill("已电话核对")
    await page.get_by_test_id("dialog-submit").click()
    await expect(forked).to_contain_text("已连通")
    assert desk.calls == [("peer/shinan/ResumePeer", {"reason": "已电话核对"})]
    assert complaints == []


async def test_a_refused_paper_is_shown_and_dealt_with(page: Page, desk: StandIn, complaints: Complaints) -> None:
    await filled(desk)
    await opened(page, desk)
    await page.evaluate("location.hash = '#/channels'")
    frame = page.get_by_test_id("frame-shinan.7")
    await expect(frame).to_contain_text("不是对方自己的报告")
    await page.get_by_test_id("settle-shinan.7").click()
    await page.get_by_test_id("field-note").fill("已请对方自己上报")
    await page.get_by_test_id("dialog-submit").click()
    await expect(frame).to_have_count(0)
    assert complaints == []


@pytest.mark.parametrize(("language", "theme"), [("zh", "night"), ("en", "day")])
async def test_it_has_no_barriers(page: Page, desk: StandIn, language: str, theme: str) -> None:
    await filled(desk)
    await page.goto(desk.url)
    await page.evaluate(f"localStorage.setItem('dutydesk.language', '{language}')")
    await page.evaluate(f"localStorage.setItem('dutydesk.theme', '{theme}')")
    await page.reload()
    await page.evaluate("location.hash = '#/channels'")
    await expect(page.get_by_test_id("links")).to_be_visible()
    assert await barriers(page) == []
