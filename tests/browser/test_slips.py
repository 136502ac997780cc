"""What keeps an officer at three in the morning from a slip, and what is urgent under the eye: on the desk and on a phone."""

import re

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.browser import samples
from tests.browser.stand_in import StandIn
from tests.browser.test_feed import opened

PHONE: ViewportSize = {"width": 390, "height": 844}


async def two(desk: StandIn, **more: object) -> tuple[dict, dict]:
    """Two open incidents, both signed for, and a message that waits."""
    now = desk.clock.now()
    made = [samples.incident(n, now, signed_by="user:officer", **more) for n in (1, 2)]
    await desk.board(samples.standing(now))
    await desk.put("incident", *made)
    await desk.put("message", samples.message(1, now))
    return made[0], made[1]


async def test_nothing_is_merged_that_nobody_chose(page: Page, desk: StandIn):
    one, other = await two(desk)
    await opened(page, desk, f"/#/desk/{one['id']}")
    await expect(page.get_by_test_id("detail")).to_be_visible()
    await page.keyboard.press("m")
    await expect(page.get_by_test_id("field-into")).to_have_value("")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("dialog").get_by_role("alert")).to_have_text("请填写并入哪一件")
    assert desk.calls == []
    await page.get_by_test_id("field-into").select_option(other["id"])
    await page.keyboard.press("Control+Enter")
    assert await desk.heard(1) == [(f"incident/{one['id']}/MergeIncident", {"into": other["id"], "reason": ""})]


async def test_the_incident_that_may_be_the_same_is_offered_and_named_as_such(page: Page, desk: StandIn):
    one, other = await two(desk)
    await desk.put("incident", one | {"maybe": [other["id"]]})
    await opened(page, desk, f"/#/desk/{one['id']}")
    await expect(page.get_by_test_id("detail")).to_be_visible()
    await page.keyboard.press("m")
    await expect(page.get_by_test_id("field-into")).to_have_value(other["id"])
    await expect(page.get_by_test_id("field-into")).to_contain_text("可能是同一件")


async def test_a_message_joins_no_incident_that_nobody_chose(page: Page, desk: StandIn):
    one, _other = await two(desk)
    await opened(page, desk)
    await page.get_by_test_id("attach-m1").click()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("dialog").get_by_role("alert")).to_have_text("请填写事件")
    await page.get_by_test_id("field-incident").select_option(one["id"])
    await page.keyboard.press("Control+Enter")
    assert await desk.heard(1) == [("message/m1/AttachMessage", {"incident": one["id"], "reason": ""})]


async def test_walking_a_list_shows_what_one_walks_to(page: Page, desk: StandIn):
    now = desk.clock.now()
    await desk.board(samples.small(now) | {"instruction": samples.instructions(now)})
    await opened(page, desk, "/#/instructions")
    rows = page.get_by_test_id("instructions").locator("[data-row]")
    for key, at in (("j", 0), ("j", 1), ("k", 0)):
        await page.keyboard.press(key)
        await expect(rows.nth(at)).to_have_attribute("aria-current", "true")
        await expect(page.get_by_test_id("instruction")).to_be_visible()
    await page.set_viewport_size({"width": 1024, "height": 768})
    await page.evaluate("location.hash = '#/instructions'")
    await expect(page.get_by_test_id("instruction")).to_have_count(0)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await expect(rows.nth(1)).to_be_focused()
    await expect(page.get_by_test_id("instruction")).to_have_count(0)  # there it would cover the list


async def test_on_a_phone_what_cries_stands_before_the_messages(page: Page, desk: StandIn):
    now = desk.clock.now()
    grave = samples.incident(1, now, level="较大")
    await desk.board(samples.standing(now))
    await desk.put("incident", grave)
    await desk.put("page", samples.page(grave, now, 9, 10))
    await page.set_viewport_size(PHONE)
    await opened(page, desk)
    row = page.get_by_test_id(f"late-{grave['id']}")
    await expect(row).to_contain_text(grave["title"])
    await expect(row.get_by_role("timer")).not_to_have_class(re.compile("late"))
    await expect(page.locator("#late-title")).to_contain_text("最急的")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_on_a_phone_the_top_is_one_line_while_all_is_well(page: Page, desk: StandIn, language: str):
    await desk.board(samples.standing(desk.clock.now()))
    await page.set_viewport_size(PHONE)
    await page.add_init_script(f"localStorage.setItem('dutydesk.language', '{language}')")
    await page.goto(desk.url)
    await expect(page.get_by_test_id("health")).to_contain_text("正常" if language == "zh" else "OK")
    await page.keyboard.press("Shift")
    box = await page.locator(".top").bounding_box()
    assert box is not None
    assert box["height"] < 60


async def test_what_was_typed_as_the_session_ended_says_that_it_waits_for_the_sign_in(page: Page, desk: StandIn):
    await desk.board(samples.standing(desk.clock.now()))
    await opened(page, desk)
    await page.route("**/api/calls", lambda route: route.fulfill(status=401, json={"error": "请先登录"}))
    await page.get_by_test_id("call-box").fill("李沧区九水东路工地塌方")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("unsent")).to_contain_text("李沧区九水东路工地塌方")
    await expect(page.get_by_test_id("unsent")).to_contain_text("登录已失效,已存在本机,登录后自动发出")


async def test_a_figure_that_grew_is_no_dispute(page: Page, desk: StandIn):
    now = desk.clock.now()
    one = samples.incident(2, now, messages=["m1", "m2"])
    await desk.put("incident", one)
    early = samples.message(1, now - 3_600_000_000, unit="D-1")
    said = [("m1", early, {"injured": 5}), ("m2", samples.message(2, now, unit="D-2"), {"injured": 7})]
    desk.timelines[f"incident/{one['id']}"] = [
        {"seq": n, "at": now, "by": "", "drill": False, "stream": f"message/{id}", "type": name, "body": body}
        for n, (id, row, reading) in enumerate(said)
        for name, body in (("MessageRecorded", row), ("MessageRead", {"reading": reading}))
    ]
    await page.goto(f"{desk.url}/#/desk/{one['id']}")
    await page.get_by_test_id("figure-injured").click()
    await expect(page.locator(".sources li")).to_have_count(2)
    await expect(page.get_by_test_id("figure-injured")).not_to_contain_text("说法不一")


async def test_a_doubtful_figure_is_marked_on_the_strip(page: Page, desk: StandIn):
    now = desk.clock.now()
    one = samples.incident(2, now)
    one["figures"]["injured"] = {
        "name": "injured",
        "value": 7,
        "message": "m1",
        "at": now,
        "as_of": None,
        "doubts": ["fell"],
    }
    await desk.board(samples.standing(now))
    await desk.put("incident", one)
    await opened(page, desk)
    await expect(page.locator(".strip [data-figure=injured]")).to_have_class(re.compile("is-doubtful"))
    await expect(page.locator(".strip [data-figure=injured]")).to_have_attribute("title", re.compile("\\S"))


async def test_a_call_that_was_sent_does_not_come_back_into_the_box(page: Page, desk: StandIn):
    await desk.board(samples.standing(desk.clock.now()))
    await opened(page, desk)
    await page.route(
        "**/api/drafts/call", lambda route: route.abort() if route.request.method == "DELETE" else route.continue_()
    )
    await page.get_by_test_id("call-box").fill("四方路夜市煤气罐着火")
    await expect(page.locator(".preview")).to_contain_text("草稿已存到值班台")
    await page.get_by_test_id("call-box").press("Control+Enter")
    await expect(page.get_by_test_id("done")).to_be_visible()
    assert desk.drafts  # the desk has not heard that it is done with
    await page.unroute("**/api/drafts/call")
    async with page.expect_response(lambda answer: "drafts/call" in answer.url and answer.request.method == "DELETE"):
        await page.reload()
    await expect(page.get_by_test_id("health")).to_contain_text("已连接")
    await expect(page.get_by_test_id("call-box")).to_have_value("")
    assert desk.drafts == {}


async def test_a_call_that_was_sent_is_gone_from_the_desk_also_where_the_browser_keeps_nothing(
    page: Page, desk: StandIn
):
    full = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    await page.add_init_script(full)
    await desk.board(samples.standing(desk.clock.now()))
    await opened(page, desk)
    await page.get_by_test_id("call-box").fill("四方路夜市煤气罐着火")
    await expect(page.locator(".preview")).to_contain_text("草稿已存到值班台")
    async with page.expect_response(lambda answer: "drafts/call" in answer.url and answer.request.method == "DELETE"):
        await page.get_by_test_id("call-box").press("Control+Enter")
    assert desk.drafts == {}


async def test_what_was_not_delivered_says_to_whom_what_and_when(page: Page, desk: StandIn):
    now = desk.clock.now()
    told = samples.message(1, now, unit_name="香港中路街道", sender_name="戴慧竹")
    receipt = {
        "callee": "",
        "purpose": "receipt",
        "text": "【值班室】已收到,来报号1123-001",
        "uncertain": True,
        "status": "sending",
    }
    await desk.board(samples.standing(now))
    await desk.put("message", told)
    await desk.put("delivery", samples.delivery("r1", "message/m1", now, **receipt))
    await opened(page, desk, "/#/channels")
    line = page.get_by_test_id("delivery-r1")
    await expect(line).to_contain_text("香港中路街道 戴慧竹")
    await expect(line).to_contain_text("已收到,来报号1123-001")
    await expect(line).to_contain_text(re.compile(r"\d\d:\d\d"))


OVER = """() => [...document.querySelectorAll('.strip-clocks .countdown > *')].filter(
  (part) => part.getBoundingClientRect().right > part.closest('.strip-clocks').getBoundingClientRect().right + 1).length"""


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 1440), ("zh", 1280)])
async def test_a_clock_hours_late_stays_in_its_column(page: Page, desk: StandIn, language: str, width: int):
    now = desk.clock.now()
    one = samples.incident(1, now, signed_by="user:officer")
    pair = [samples.clock(one, now, left, confirmed=False) | {"id": f"c{n}"} for n, left in enumerate((-132, 20))]
    await desk.board(samples.standing(now))
    await desk.put("incident", one)
    await desk.put("obligation", *pair)
    await page.set_viewport_size({"width": width, "height": 900})
    await page.add_init_script(f"localStorage.setItem('dutydesk.language', '{language}')")
    await page.goto(desk.url)
    await expect(page.locator(".strip-clocks .countdown").first).to_be_visible()
    assert await page.evaluate(OVER) == 0
