"""核报 by one key, the answers' table, dispatches, and what came from above in front of everything."""

import re

import pytest
from playwright.async_api import Page, expect

from dutydesk.clock import MINUTE
from tests.browser import asking_samples, samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_barriers import ALL, barriers
from tests.browser.test_feed import opened

BLAST = "20261123-001"


async def filled(desk: StandIn) -> None:
    now = desk.clock.now()
    asked = {
        "verification": asking_samples.answered(now, BLAST),
        "checkin": [asking_samples.checkin(now, BLAST)],
        "inward": asking_samples.inwards(now),
        "period": [asking_samples.period(now)],
    }
    await desk.board(samples.small(now) | asked)
    await desk.board(asking_samples.dispatch(now))


async def test_v_opens_the_proposal_and_one_enter_asks_all(page: Page, desk: StandIn, complaints: Complaints):
    await desk.board(samples.small(desk.clock.now()))
    await opened(page, desk, f"/#/desk/{BLAST}")
    await expect(page.get_by_test_id("questions")).to_contain_text("首报不等核报")
    await page.keyboard.press("v")
    dialog = page.get_by_test_id("dialog")
    await expect(dialog.get_by_test_id("ask-370202001")).to_be_checked()
    await expect(dialog.get_by_test_id("ask-E-1")).not_to_be_checked()
    await expect(dialog).to_contain_text("电话 15 分钟、书面 30 分钟")
    await expect(dialog).to_contain_text("待核实")
    assert await barriers(page) == []
    await expect(page.get_by_test_id("dialog-submit")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("line-D-XF")).to_contain_text("没有答复")
    ((path, said),) = desk.calls
    assert re.fullmatch(r"verification/\w+/AskUnits", path)
    assert said["units"] == ["370202001", "370202", "D-XF"]
    assert said["whys"]["D-XF"] == "duty"
    assert said["incident"] == BLAST
    assert complaints == []


async def test_a_tick_taken_away_and_another_unit_added(page: Page, desk: StandIn):
    await desk.board(samples.small(desk.clock.now()))
    await opened(page, desk, f"/#/desk/{BLAST}")
    await page.keyboard.press("v")
    for unit in ("370202001", "370202", "D-XF"):
        await page.get_by_test_id(f"ask-{unit}").uncheck()
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("dialog").get_by_role("alert")).to_have_text("请至少选一个单位")
    await page.get_by_test_id("field-unit").fill("消防")
    await page.get_by_test_id("choose-D-XF").click()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("dialog")).to_have_count(0)
    ((_, said),) = await desk.heard(1)
    assert (said["units"], said["whys"]) == (["D-XF"], {"D-XF": "chosen"})


async def test_answers_that_differ_stand_side_by_side_and_a_person_concludes(
    page: Page, desk: StandIn, complaints: Complaints
):
    await filled(desk)
    await opened(page, desk, f"/#/desk/{BLAST}")
    section = page.get_by_test_id("questions")
    await expect(section).to_contain_text("说法不一")
    await expect(page.get_by_test_id("line-370202001")).to_contain_text("不属实")
    await expect(page.get_by_test_id("line-370202")).to_contain_text(re.compile("属实.*2人受伤已送医.*伤 2"))
    await expect(page.get_by_test_id("line-D-XF")).to_contain_text("晚 3 分")
    await expect(page.get_by_test_id("line-E-1")).to_contain_text("逐级问过,无人答复")
    await page.get_by_test_id("type-E-1").click()
    await page.get_by_test_id("field-text").fill("没有看到烟")
    await page.get_by_test_id("field-truth").select_option("false")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("done")).to_contain_text("已代记")
    path, said = desk.calls[-1]
    assert (path, said) == ("calls", {"text": "不属实。没有看到烟", "unit": "E-1", "page": "p"})
    await page.keyboard.press("c")
    await expect(page.get_by_test_id("dialog")).to_contain_text("各家说法不一")
    await page.get_by_test_id("field-truth").select_option("false")
    await page.get_by_test_id("field-reason").fill("三方到场:消防演练")
    await page.get_by_test_id("check-close").check()
    await page.keyboard.press("Control+Enter")
    await expect(section).to_contain_text("结论:不实。三方到场")
    assert desk.calls[-1][1] == {"truth": "false", "reason": "三方到场:消防演练", "close": True}
    assert complaints == []


async def test_what_came_from_above_stands_in_front_and_is_answered(page: Page, desk: StandIn, complaints: Complaints):
    await filled(desk)
    await opened(page, desk)
    items = page.get_by_test_id("inwards").get_by_role("listitem")
    assert [await item.get_attribute("data-testid") for item in await items.all()] == [
        "inward-n1",
        "inward-n2",
        "inward-n3",
    ]
    box, strips = (
        await page.get_by_test_id("inwards").bounding_box(),
        await page.get_by_test_id("strips").bounding_box(),
    )
    assert box is not None
    assert strips is not None
    assert box["y"] + box["height"] <= strips["y"]
    await page.keyboard.press("q")
    await page.get_by_test_id("field-text").fill("已电话报告:消防演练")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("inward-n1")).to_contain_text("已答复,待办结")
    assert desk.calls[-1] == (
        "inward/n1/AnswerInward",
        {"how": "line", "text": "已电话报告:消防演练", "declined": False},
    )
    await page.get_by_test_id("inward-n1").locator("summary").click()
    await expect(page.get_by_test_id("inward-n1")).to_contain_text("对方已收")
    await expect(page.get_by_test_id("inward-n1")).to_contain_text("对方编号 1123-007")
    await page.keyboard.press("y")
    await page.get_by_test_id("field-kind").select_option("warning")
    await page.get_by_test_id("field-title").fill("大风蓝色预警")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("inwards")).to_contain_text("大风蓝色预警")
    assert complaints == []


async def test_a_dispatch_is_started_with_all_districts_and_its_rounds_stand_in_one_table(
    page: Page, desk: StandIn, complaints: Complaints
):
    await filled(desk)
    await opened(page, desk)
    await page.keyboard.press("g")
    await page.keyboard.press("y")
    await expect(page.get_by_test_id("period-p1")).to_contain_text("黄岛区 没有消息")
    await page.get_by_test_id("dispatch-d1").click()
    await expect(page.get_by_test_id("dispatch")).to_contain_text("本轮 4 家,1 家没有答复")
    await expect(page.get_by_test_id("line-370212")).to_contain_text("没有答复")
    await expect(page.get_by_test_id("line-370202")).to_contain_text("转移35人,无险情")
    await page.keyboard.press("i")
    await page.get_by_test_id("field-text").fill("在建工地停工情况")
    await page.get_by_test_id("all-districts").click()
    await expect(page.get_by_test_id("dialog")).to_contain_text("崂山区")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("dialog")).to_have_count(0)
    path, said = (await desk.heard(1))[-1]
    assert re.fullmatch(r"dispatch/\w+/StartDispatch", path)
    assert said == {
        "text": "在建工地停工情况",
        "units": ["370202", "370203", "370211", "370212"],
        "every_minutes": 120,
        "incident": None,
    }
    await expect(page.get_by_test_id("dispatches")).to_contain_text("在建工地停工情况")
    assert complaints == []


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_it_is_whole_and_without_barriers(
    page: Page, desk: StandIn, complaints: Complaints, language: str, width: int
):
    await filled(desk)
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto(desk.url)
    await page.evaluate(f"localStorage.setItem('dutydesk.language', '{language}')")
    await page.reload()
    for place in ("desk", f"desk/{BLAST}", "dispatches/d1"):
        await page.evaluate(f"location.hash = '#/{place}'")
        await expect(
            page.get_by_test_id({"desk": "inwards"}.get(place, "detail" if "desk" in place else "dispatch"))
        ).to_be_visible()
        await expect(page.get_by_test_id("health")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{place} wider than {width}"
        if width == 1440:
            assert await barriers(page, ALL if language == "zh" else ["color-contrast"]) == [], place
    assert complaints.beside_the_line() == []


async def test_v_on_a_message_asks_before_it_is_an_incident(page: Page, desk: StandIn, complaints: Complaints):
    now = desk.clock.now()
    await desk.board(samples.small(now))
    await opened(page, desk)
    first = page.get_by_test_id("waiting").get_by_role("listitem").first
    id = await first.get_attribute("data-id")
    await first.focus()
    await page.keyboard.press("v")
    await expect(page.get_by_test_id("dialog-submit")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("dialog")).to_have_count(0)
    ((_, said),) = await desk.heard(1)
    assert (said["message"], len(said["units"])) == (id, 3)
    asked = asking_samples.answered(now, None)[0] | {"message": id, "incident": None}
    await desk.board({"verification": [asked]})
    await expect(first).to_contain_text("已答 3/4")
    assert complaints == []


async def test_d_sends_a_question_down_a_line_and_its_receipt_and_answer_are_shown(
    page: Page, desk: StandIn, complaints: Complaints
):
    now = desk.clock.now()
    peer = {
        "id": "shinan",
        "open": True,
        "drill": False,
        "division": "",
        "unit": "370202",
        "unit_name": "市南区",
        "side": "below",
    }
    peer |= {"status": "up", "up": True, "since": now, "stopped": "", "stopped_n": 0, "stopped_at": 0}
    await desk.board(samples.small(now) | {"peer": [peer]})
    await opened(page, desk, "/#/dispatches")
    await expect(page.get_by_test_id("downwards")).to_contain_text("没有下发中的件")
    await page.keyboard.press("d")
    await expect(page.get_by_test_id("check-370202")).to_be_checked()
    await page.get_by_test_id("field-title").fill("香港中路是否起火")
    await page.get_by_test_id("field-due").select_option("30")
    assert await barriers(page) == []
    await page.keyboard.press("Control+Enter")
    line = page.get_by_test_id("downwards").get_by_role("listitem")
    await expect(line).to_contain_text("下发对方已收")
    await expect(line).to_contain_text("对方编号 1123-004")
    ((path, said),) = desk.calls
    assert re.fullmatch(r"downward/\w+/SendDown", path)
    assert (said["unit"], said["kind"], said["incident"]) == ("370202", "question", None)
    assert said["attach"] is False
    assert said["answer_by"] - desk.clock.now() == pytest.approx(30 * MINUTE, abs=MINUTE)
    await line.locator("summary").click()
    await expect(line).to_contain_text("待核实")
    await desk.board({"downward": [asking_samples.downward(now, status="answered", answers=[ANSWER])]})
    await page.keyboard.press("g")
    await page.keyboard.press("d")
    front = page.get_by_test_id("inwards")
    await expect(front).to_contain_text("不属实,是锅炉排汽")
    await expect(front).to_contain_text("晚 5 分")
    assert await barriers(page) == []
    assert complaints == []


ANSWER = {"who": "unit:370202", "how": "line", "text": "不属实,是锅炉排汽", "declined": False, "message": "l-shinan-2"}
ANSWER |= {"at": 0, "late_by": 5 * MINUTE}


async def test_h_asks_the_duty_room_above_and_its_receipt_answer_and_end_are_shown(
    page: Page, desk: StandIn, complaints: Complaints
):
    now = desk.clock.now()
    await desk.board(samples.small(now))
    await opened(page, desk, f"/#/desk/{BLAST}")
    await page.keyboard.press("h")
    dialog = page.get_by_test_id("dialog")
    await expect(dialog).to_contain_text("满 30 分钟叫本室当班")
    await expect(dialog).to_contain_text("待核实")
    await expect(page.get_by_test_id("field-unit")).to_have_value("U-370000")
    await page.get_by_test_id("field-text").fill("拟转移群众800人,可否")
    assert await barriers(page) == []
    await page.keyboard.press("Control+Enter")
    section = page.get_by_test_id("questions")
    await expect(section).to_contain_text("经直连对方已收")
    await expect(section).to_contain_text("对方编号 1123-009")
    ((path, said),) = desk.calls
    assert re.fullmatch(r"verification/\w+/AskUnits", path)
    assert (said["asks"], said["units"], said["incident"]) == ("guidance", ["U-370000"], BLAST)
    asked = next(row for (kind, _), row in desk.rows.items() if kind == "verification")
    word = asking_samples.said(now, None, "同意,注意安全", "山东省政府总值班室", "line")
    line = asked["lines"][0] | {"answers": [word]}
    await desk.board({"verification": [asked | {"lines": [line], "answered": 1}]})
    await expect(section).to_contain_text("同意,注意安全")
    await expect(section.get_by_text("下结论")).to_have_count(0)
    await page.get_by_test_id(f"end-{asked['id']}").click()
    await expect(page.get_by_test_id("field-reason")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await expect(section).to_contain_text("已结束")
    assert desk.calls[-1][1] == {"reason": ""}
    assert await barriers(page) == []
    assert complaints == []


async def test_the_units_of_a_dispatch_are_changed_from_the_next_round_on(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, "/#/dispatches/d1")
    await page.get_by_test_id("dispatch-units").click()
    await expect(page.get_by_test_id("dialog")).to_contain_text("从下一轮起")
    assert await barriers(page) == []
    await page.get_by_test_id("all-districts").click()
    await expect(page.get_by_test_id("dialog")).to_contain_text("崂山区")
    await page.get_by_test_id("dialog-submit").click()
    ((path, said),) = await desk.heard(1)
    assert path == "dispatch/d1/SetUnits"
    assert {"370202", "370212"} <= set(said["units"])


async def test_a_question_about_no_incident_is_asked_in_dispatches_and_its_answer_stands_on_the_desk_screen(
    page: Page, desk: StandIn, complaints: Complaints
):
    now = desk.clock.now()
    await desk.board(samples.small(now))
    await opened(page, desk, "/#/dispatches")
    await expect(page.get_by_test_id("raised")).to_contain_text("没有未了的请示")
    await page.keyboard.press("h")
    await expect(page.get_by_test_id("dialog")).to_contain_text("与事件无关")
    await page.get_by_test_id("field-text").fill("国庆值班可否改为双岗")
    assert await barriers(page) == []
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("raised")).to_contain_text("国庆值班可否改为双岗")
    ((_, said),) = desk.calls
    assert (said["asks"], said["incident"]) == ("guidance", None)
    asked = next(row for (kind, _), row in desk.rows.items() if kind == "verification")
    await page.evaluate("location.hash = '#/desk'")
    await expect(page.get_by_test_id("strips")).to_be_visible()
    await expect(page.get_by_test_id(f"raised-{asked['id']}")).to_have_count(0)
    word = asking_samples.said(now, None, "同意,自10月1日起", "山东省政府总值班室", "line")
    line = asked["lines"][0] | {"answers": [word]}
    await desk.put("verification", asked | {"lines": [line], "answered": 1})
    await expect(page.get_by_test_id(f"raised-{asked['id']}")).to_contain_text("同意,自10月1日起")
    assert await barriers(page) == []
    await page.get_by_test_id(f"raised-{asked['id']}").get_by_role("link").click()
    await page.get_by_test_id(f"end-{asked['id']}").click()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id(f"question-{asked['id']}")).to_have_count(0)
    assert complaints == []


async def test_what_a_desk_below_asks_stands_in_front_as_such(page: Page, desk: StandIn, complaints: Complaints):
    now = desk.clock.now()
    (request, *_) = asking_samples.inwards(now)
    request |= {"kind": "request", "sender": "市南区值班室", "title": "拟转移群众800人,可否", "reply_to": "370202"}
    await desk.board(samples.small(now) | {"inward": [request]})
    await opened(page, desk)
    front = page.get_by_test_id("inwards")
    await expect(front.get_by_role("heading")).to_have_text("下级请示 1")
    await page.keyboard.press("q")
    await page.get_by_test_id("field-text").fill("同意")
    await page.keyboard.press("Control+Enter")
    assert (await desk.heard(1))[-1][1]["how"] == "line"
    assert complaints == []
