"""班次 at the screen: the month with its gaps in words, walked by arrows; leave; and a handover confirmed by two people at one console."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import watch_samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_feed import opened


async def test_two_people_confirm_a_handover_at_one_console(page: Page, desk: StandIn, complaints: Complaints):
    await desk.board(watch_samples.evening(desk.clock.now()))
    await opened(page, desk)
    await page.keyboard.press("g")
    await page.keyboard.press("r")
    screen = page.get_by_test_id("handover")
    await expect(screen).to_contain_text("20261123-001 仓库爆炸")
    await expect(screen).to_contain_text("数字有争议")
    await expect(screen.locator(".kept.late")).to_have_count(1)
    await expect(page.get_by_test_id("end-watch")).to_have_count(0)
    await page.keyboard.press("x")
    await expect(page.get_by_test_id("dialog")).to_contain_text("未了事项 5 项")
    await page.get_by_test_id("field-note").fill("胶州盯退水")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("done")).to_be_visible()
    coming = page.get_by_test_id("in-person-incoming")
    await coming.locator("input[name=username]").fill("wang")
    await coming.locator("input[name=password]").fill("wrong")
    await page.keyboard.press("Enter")
    await expect(coming.get_by_role("alert")).to_have_text("用户名或密码不对")
    assert await coming.locator("input[name=password]").input_value() == ""
    await coming.locator("input[name=username]").fill("wang")
    await coming.locator("input[name=password]").fill("right")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("side-incoming")).to_contain_text("王强")
    await expect(page.get_by_test_id("side-incoming").locator(".confirmed")).to_be_visible()
    assert desk.calls == [
        ("handover/20261123-1/ConfirmHandover", {"side": "outgoing", "note": "胶州盯退水"}),
        ("handover/20261123-1/in-person", {"username": "wang", "side": "incoming"}),
    ]
    assert complaints.beside_the_line() == []


async def test_refusing_says_why(page: Page, desk: StandIn):
    await desk.board(watch_samples.evening(desk.clock.now()))
    await opened(page, desk, "/#/watches")
    await page.get_by_test_id("refuse-outgoing").click()
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("dialog").get_by_role("alert")).to_be_visible()
    await page.get_by_test_id("field-reason").fill("传真机坏了")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("done")).to_be_visible()
    assert desk.calls == [("handover/20261123-1/RefuseHandover", {"side": "outgoing", "reason": "传真机坏了"})]


async def test_the_month_is_walked_by_arrows_and_a_gap_has_words(page: Page, desk: StandIn):
    await desk.board(watch_samples.evening(desk.clock.now()))
    await opened(page, desk, "/#/watches")
    roster = page.get_by_test_id("roster")
    await expect(page.get_by_test_id("roster-wrong")).to_contain_text("1 个班有问题")
    await expect(roster.locator(".duty-wrong")).to_have_text(["副班无人", "在岗人数不够"])
    gap = roster.locator(".gap").locator("xpath=ancestor::button")
    await gap.focus()
    await page.keyboard.press("ArrowUp")
    focused = page.locator(":focus")
    await expect(focused).to_contain_text("主班")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("dialog")).to_contain_text("副班")
    await page.get_by_test_id("check-zhao").check()
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("done")).to_be_visible()
    ((path, said),) = desk.calls
    assert path.endswith("/SetDuty")
    assert (said["post"], said["people"]) == ("deputy", ["zhao"])


async def test_a_leave_is_approved_with_its_stand_in(page: Page, desk: StandIn):
    await desk.board(watch_samples.evening(desk.clock.now()))
    await opened(page, desk, "/#/watches")
    asked = page.get_by_test_id("leave-l1")
    await expect(asked).to_contain_text("没有按规定提前")
    await expect(asked).to_contain_text("由王强替")
    await page.get_by_test_id("approve-l1").click()
    await page.get_by_test_id("field-note").fill("同意,急事")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("done")).to_be_visible()
    assert desk.calls == [("leave/l1/ApproveLeave", {"note": "同意,急事", "stand_ins": {"d1": "wang"}})]


async def test_a_decided_leave_says_who_was_told_and_who_has_to_be_told_by_mouth(page: Page, desk: StandIn):
    now = desk.clock.now()
    await desk.board(watch_samples.evening(now) | {"leave": [watch_samples.decided(now)]})
    await opened(page, desk, "/#/watches")
    one = page.get_by_test_id("leave-l2")
    await expect(one).to_contain_text("已发通知:李")
    await expect(one).to_contain_text("请当面告知:王强")


async def test_a_file_with_a_mistake_says_row_and_column(page: Page, desk: StandIn):
    await desk.board(watch_samples.evening(desk.clock.now()))
    await opened(page, desk, "/#/watches")
    await page.get_by_test_id("roster-file").set_input_files(
        {"name": "12月.xlsx", "mimeType": "application/octet-stream", "buffer": b"x"}
    )
    await expect(page.get_by_test_id("upload-said")).to_contain_text("第3行 主班 列")


async def test_which_units_have_not_given_their_holiday_roster(page: Page, desk: StandIn):
    await desk.board(watch_samples.evening(desk.clock.now()))
    await opened(page, desk, "/#/watches")
    holiday = page.get_by_test_id("holiday-20261210")
    await expect(holiday).to_contain_text("报出时有 2 个班有问题")
    await holiday.get_by_text("1 个单位还没有报来").click()
    await expect(holiday.locator("details li")).to_have_text("市南区 逾期未报")
    await page.get_by_test_id("send-20261210").click()
    await expect(page.get_by_test_id("done")).to_be_visible()
    assert desk.calls == [("holiday/20261210/SendRoster", {})]


@pytest.mark.parametrize("width", [1440, 1024, 390])
async def test_it_fits(page: Page, desk: StandIn, width: int):
    await desk.board(watch_samples.evening(desk.clock.now()))
    await page.set_viewport_size({"width": width, "height": 844})
    for language in ("zh", "en"):
        await opened(page, desk, "/#/watches") if language == "zh" else await page.reload()
        await expect(page.get_by_test_id("handover")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.evaluate("localStorage.setItem('dutydesk.language', 'en')")
