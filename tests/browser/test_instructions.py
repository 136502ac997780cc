"""Leaders' instructions at the screen: logged, passed on by a deadline, answered, struck off; what is late stands first and solid."""

import re

import pytest
from playwright.async_api import Page, expect

from dutydesk.clock import HOUR, MINUTE
from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_feed import opened


async def filled(desk: StandIn) -> None:
    now = desk.clock.now()
    await desk.board(samples.small(now) | {"instruction": samples.instructions(now)})


async def test_from_the_leaders_word_to_its_end(page: Page, desk: StandIn, complaints: Complaints):
    await desk.board(samples.standing(desk.clock.now()))
    await opened(page, desk)
    await page.keyboard.press("g")
    await page.keyboard.press("b")
    await expect(page.locator("main")).to_contain_text("按 i 登记")
    await page.keyboard.press("i")
    await page.get_by_test_id("field-text").fill("全力搜救被困人员")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("dialog").get_by_role("alert")).to_have_text("请填写哪位领导")
    await page.get_by_test_id("field-leader").fill("姜静晨")
    await expect(page.get_by_test_id("choose-L-03")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("instruction")).to_contain_text("还没有转给任何单位")
    ((path, said),) = desk.calls
    assert re.fullmatch(r"instruction/\w+/LogInstruction", path)
    assert abs(said.pop("said_at") - desk.clock.now()) < MINUTE
    assert said == {"text": "全力搜救被困人员", "leader": "L-03", "incident": None}

    await page.keyboard.press("w")
    for words, unit in (("消防", "D-XF"), ("市南区", "370202")):
        await page.get_by_test_id("field-unit").fill(words)
        await page.get_by_test_id(f"choose-{unit}").click()
    await page.get_by_test_id("due-2h").click()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("unit-370202")).to_contain_text("未阅")
    given = [fields for path, fields in desk.calls if path.endswith("PassOn")]
    assert [one["unit"] for one in given] == ["D-XF", "370202"]
    assert all(abs(one["answer_by"] - desk.clock.now() - 2 * HOUR) <= MINUTE for one in given)
    await expect(page.get_by_test_id("instructions").get_by_role("timer")).to_have_class(re.compile("calm"))

    await page.get_by_test_id("strike-off").click()
    await expect(page.get_by_test_id("dialog")).to_contain_text("还没有回复:市消防救援支队、市南区")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("act-refused")).to_contain_text(
        re.compile(r"销号\s*2026-090 .*还有单位没有回复,不能销号")
    )
    await page.get_by_test_id("act-refused").get_by_role("button", name="知道了").click()
    for unit in ("D-XF", "370202"):
        await page.get_by_test_id(f"feedback-{unit}").click()
        await expect(page.get_by_test_id("field-unit")).to_have_value(unit)
        await page.get_by_test_id("field-text").fill("已救出2人")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_test_id(f"unit-{unit}")).to_contain_text("已救出2人")
        await expect(page.get_by_test_id(f"unit-{unit}")).to_contain_text("按时")

    await page.keyboard.press("e")
    await expect(page.get_by_test_id("field-reason")).to_be_focused()
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("done")).to_contain_text("已销号")
    await expect(page.get_by_test_id("instructions").get_by_role("listitem")).to_have_count(0)
    await expect(page.get_by_test_id("struck-off")).to_contain_text("全力搜救被困人员")
    await expect(page.get_by_test_id("instructions-count")).to_have_count(0)
    assert complaints.beside_the_line() == []


async def test_due_first_on_top_and_late_is_said(page: Page, desk: StandIn, complaints: Complaints):
    await filled(desk)
    await opened(page, desk, "/#/instructions/b12")
    items = page.get_by_test_id("instructions").get_by_role("listitem").get_by_role("link")
    await expect(items).to_have_count(4)
    order = [await item.get_attribute("data-testid") for item in await items.all()]
    assert order == [f"instruction-b{n}" for n in (12, 13, 14, 11)]
    await expect(items.nth(0).get_by_role("timer")).to_have_class(re.compile("late"))
    await expect(items.nth(0)).to_contain_text(re.compile(r"超\s*12:"))
    await expect(items.nth(0)).to_contain_text("1/2 已回复")
    await expect(items.nth(2)).to_contain_text("待转办")
    await expect(items.nth(3)).to_contain_text("都已回复,待销号")
    await expect(page.get_by_test_id("instructions-count")).to_have_attribute("aria-label", "1 件逾期,共 4 件未销号")
    await expect(page.get_by_test_id("unit-370202")).to_contain_text("晚 6 分")
    await expect(page.get_by_test_id("struck-off").get_by_role("link")).to_be_hidden()
    await page.get_by_test_id("struck-off").locator("summary").click()
    await expect(page.get_by_test_id("instruction-b9")).to_be_visible()
    assert complaints == []


async def test_a_unit_that_has_it_is_not_given_it_twice_and_no_deadline_lies_behind(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, "/#/instructions/b12")
    await page.get_by_test_id("pass-on").click()
    await page.get_by_test_id("field-unit").fill("消防")
    await expect(page.get_by_test_id("choose-D-XF")).to_contain_text("已在办")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("choose-D-XF")).to_have_count(0)
    await page.get_by_test_id("field-answer_by").fill("2020-01-01T00:00")
    await page.get_by_test_id("dialog-submit").click()
    alerts = page.get_by_test_id("dialog").get_by_role("alert")
    await expect(alerts).to_have_text(["请填写承办单位", "时限要在现在以后"])
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("dialog")).to_have_count(0)
    assert desk.calls == []


async def test_an_incident_lists_what_was_said_about_it(page: Page, desk: StandIn, complaints: Complaints):
    await filled(desk)
    now = desk.clock.now()
    about = {
        "number": "2026-008",
        "text": "尽快查清",
        "leader_name": "姜静晨",
        "said_at": now,
        "incident": "20261123-001",
    }
    given = {"to": samples.told("D-XF", "市消防救援支队", now, now + HOUR), "by": "user:li"}
    entry = {"at": now, "stream": "instruction/b8", "by": "user:li", "drill": False}
    desk.timelines["incident/20261123-001"] = [
        entry | {"seq": 1, "type": "InstructionLogged", "body": about},
        entry | {"seq": 2, "type": "InstructionPassedOn", "body": given},
        entry | {"seq": 3, "type": "InstructionAnswered", "body": {"unit": "D-XF", "text": "已查清", "late_by": HOUR + MINUTE}},
    ]  # fmt: skip
    await opened(page, desk, "/#/desk/20261123-001")
    section = page.get_by_test_id("instructions-of")
    await expect(section.get_by_role("listitem")).to_have_count(2)
    await expect(section).to_contain_text("已销号")
    timeline = page.get_by_test_id("timeline")
    await expect(timeline).to_contain_text("李文静 转 市消防救援支队 办理")
    await expect(timeline).to_contain_text("市消防救援支队 反馈(晚 1 小时 1 分):已查清")
    await page.keyboard.press("i")
    await page.get_by_test_id("field-text").fill("尽快恢复供水")
    await page.get_by_test_id("field-leader").fill("姜")
    await page.get_by_test_id("choose-L-03").click()
    await page.get_by_test_id("dialog-submit").click()
    await expect(section.get_by_role("listitem")).to_have_count(3)
    ((_, fields),) = desk.calls
    assert fields["incident"] == "20261123-001"
    assert complaints == []


@pytest.mark.parametrize(("language", "theme"), [("zh", "night"), ("en", "day")])
@pytest.mark.parametrize("width", [1440, 1024, 390])
async def test_the_view_is_whole(
    page: Page, desk: StandIn, complaints: Complaints, language: str, theme: str, width: int
):
    await filled(desk)
    await page.set_viewport_size({"width": width, "height": 844})
    kept = f"localStorage['dutydesk.language'] = '{language}'; localStorage['dutydesk.theme'] = '{theme}'"
    await page.add_init_script(kept)
    for where in ("/#/instructions", "/#/instructions/b12", "/#/desk/20261123-001"):
        await page.goto(desk.url + where)
        await page.reload()
        await expect(page.get_by_test_id("instruction-b12" if where.endswith("s") else "timeline")).to_be_visible()
        text = await page.locator("body").inner_text()
        assert re.findall(r"\b(?:act|view|instruction|units|empty|due|strike_off)\.[a-z_]+\b", text) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
    assert complaints.beside_the_line() == []
