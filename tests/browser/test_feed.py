"""The line: exact catch-up, what is done while away, and nothing done twice."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn

OPEN = (
    "import(new URL('store.js', document.querySelector('script[type=module]').src)).then((store) => store.openRows())"
)
FRAMES = "async (n) => (await import(new URL('feed.js', document.querySelector('script[type=module]').src))).frames.value >= n"


async def opened(page: Page, desk: StandIn, where: str = "/") -> None:
    await page.goto(desk.url + where)
    await expect(page.get_by_test_id("health")).to_contain_text("已连接")


async def back(page: Page, desk: StandIn) -> None:
    desk.back()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.get_by_test_id("banner-offline")).to_have_count(0)


async def test_a_resume_equals_a_fresh_board(page: Page, desk: StandIn):
    now = desk.clock.now()
    await desk.board(samples.standing(now) | {"incident": [samples.incident(n, now) for n in range(5)]})
    await opened(page, desk)
    await desk.cut()
    await expect(page.get_by_test_id("banner-offline")).to_be_visible()
    head = f"{desk.seq}:abcd1234"
    await desk.put("incident", samples.incident(1, now, status="closed", open=False, outcome="handled"))
    await desk.put("incident", samples.incident(2, now, signed_by="user:li", signed_how="console"))
    await desk.put("incident", samples.incident(9, now))
    await desk.put("message", samples.message(3, now))
    await back(page, desk)
    await expect(page.get_by_test_id("incident-20261123-009")).to_be_visible()
    resumed = await page.evaluate(OPEN)
    assert desk.since[-1] == head
    await page.reload()
    await expect(page.get_by_test_id("incident-20261123-009")).to_be_visible()
    assert desk.since[-1] == "0"
    assert await page.evaluate(OPEN) == resumed
    assert len(resumed["incident"]) == 5


async def test_a_reload_frame_forgets_everything(page: Page, desk: StandIn):
    now = desk.clock.now()
    await desk.put("incident", samples.incident(1, now))
    await opened(page, desk)
    await expect(page.get_by_test_id("incident-20261123-001")).to_be_visible()
    desk.rows.clear()
    for line in desk.lines:
        await line.send_json({"reload": True})
        desk.lines[line] = 0
    await desk.put("incident", samples.incident(2, now))
    await expect(page.get_by_test_id("incident-20261123-002")).to_be_visible()
    await expect(page.get_by_test_id("incident-20261123-001")).to_have_count(0)


async def test_a_row_that_is_gone_leaves(page: Page, desk: StandIn):
    await desk.put("incident", samples.incident(1, desk.clock.now()))
    await opened(page, desk)
    await expect(page.get_by_test_id("incident-20261123-001")).to_be_visible()
    await desk.put("incident", {"id": "20261123-001", "gone": True, "open": False})
    await expect(page.get_by_test_id("incident-20261123-001")).to_have_count(0)


async def test_who_comes_back_while_a_line_is_on_its_way_leaves_no_second_one_open(page: Page, desk: StandIn):
    await opened(page, desk)
    await page.evaluate(
        """async () => {
          (await import(new URL('feed.js', document.querySelector('script[type=module]').src))).cut();
          for (let n = 0; n < 3; n += 1) {
            dispatchEvent(new Event('online'));
            await new Promise((go) => setTimeout(go, 0));
          }
        }"""
    )
    await expect(page.get_by_test_id("banner-offline")).to_have_count(0)
    async with asyncio.timeout(5):
        while len(desk.lines) != 1:  # noqa: ASYNC110  # what the browser shut must first be heard here
            await asyncio.sleep(0)
    await desk.put("incident", samples.incident(1, desk.clock.now()))
    await expect(page.get_by_test_id("incident-20261123-001")).to_be_visible()


async def test_rights_that_changed_are_asked_for_anew(page: Page, desk: StandIn):
    await opened(page, desk)
    before = desk.asked_me
    for line in list(desk.lines):
        await line.close(code=4403)
    await expect(page.get_by_test_id("health")).to_contain_text("已连接")
    async with asyncio.timeout(10):
        while desk.asked_me == before:  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_a_browser_that_keeps_nothing_still_acts(page: Page, desk: StandIn):
    full = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    await page.add_init_script(full + "localStorage['dutydesk.act.spoiled'] = '{';")
    await desk.put("incident", samples.incident(1, desk.clock.now()))
    await opened(page, desk, "/#/desk/20261123-001")
    await expect(page.get_by_test_id("sign-for")).to_be_visible()
    await page.keyboard.press("a")
    await expect(page.get_by_test_id("incident-20261123-001")).to_contain_text("已签收")


async def test_an_act_that_makes_the_desk_fall_over_holds_up_no_other(page: Page, desk: StandIn):
    await desk.put("incident", samples.incident(1, desk.clock.now()))
    await opened(page, desk, "/#/desk/20261123-001")
    desk.breaks = "NoteIncident"
    await page.evaluate(
        """async () => (await import(new URL('actions.js', document.querySelector('script[type=module]').src)))
          .act('incident/20261123-001/NoteIncident', { text: 'x' }, { title: '记一笔' }) && null"""
    )
    await expect(page.get_by_test_id("act-refused")).to_contain_text("内部出错")
    await page.keyboard.press("a")
    await expect(page.get_by_test_id("incident-20261123-001")).to_contain_text("已签收")


async def test_what_is_done_while_away_is_sent_once_when_the_line_is_back(
    page: Page, desk: StandIn, complaints: Complaints
):
    await desk.put("incident", samples.incident(1, desk.clock.now()))
    await opened(page, desk, "/#/desk/20261123-001")
    await desk.cut()
    await expect(page.get_by_test_id("banner-offline")).to_be_visible()
    await page.keyboard.press("a")
    await expect(page.get_by_test_id("act-unsent")).to_contain_text("未发出")
    await expect(page.get_by_test_id("incident-20261123-001")).to_contain_text("未发出")
    await expect(page.get_by_test_id("sign-for")).to_be_disabled()
    assert desk.calls == []
    await back(page, desk)
    await expect(page.get_by_test_id("incident-20261123-001")).to_contain_text("已签收")
    await expect(page.get_by_test_id("unsent")).to_have_count(0)
    assert desk.calls == [("incident/20261123-001/SignForIncident", {})]
    assert complaints.beside_the_line() == []


async def test_it_survives_a_reload_while_away(page: Page, desk: StandIn):
    await desk.put("incident", samples.incident(1, desk.clock.now()))
    await opened(page, desk, "/#/desk/20261123-001")
    await desk.cut()
    await expect(page.get_by_test_id("banner-offline")).to_be_visible()
    await page.keyboard.press("a")
    await expect(page.get_by_test_id("act-unsent")).to_be_visible()
    await page.reload()
    await expect(page.get_by_test_id("act-unsent")).to_contain_text("签收")
    await back(page, desk)
    await expect(page.get_by_test_id("incident-20261123-001")).to_contain_text("已签收")
    assert len(desk.calls) == 1


async def test_a_lost_answer_is_asked_for_with_the_same_key(page: Page, desk: StandIn):
    await desk.put("incident", samples.incident(1, desk.clock.now()))
    await opened(page, desk, "/#/desk/20261123-001")
    await expect(page.get_by_test_id("sign-for")).to_be_visible()
    desk.lose_answers = 1
    await page.keyboard.press("a")
    await expect(page.get_by_test_id("done")).to_be_visible()
    await expect(page.get_by_test_id("unsent")).to_have_count(0)
    assert len(desk.calls) == 1
    assert desk.tries == 2


async def test_a_refusal_says_the_desks_words_and_stays_until_read(page: Page, desk: StandIn):
    await desk.put("incident", samples.incident(1, desk.clock.now()))
    await opened(page, desk, "/#/desk/20261123-001")
    desk.refuse = "这个事件已经了结"
    await expect(page.get_by_test_id("assign-me")).to_be_visible()
    await page.keyboard.press("t")
    refused = page.get_by_test_id("act-refused")
    await expect(refused).to_contain_text("这个事件已经了结")
    await refused.get_by_role("button").click()
    await expect(page.get_by_test_id("unsent")).to_have_count(0)


async def test_a_store_that_takes_no_writes_is_said(page: Page, desk: StandIn):
    await opened(page, desk)
    desk.store_away = True
    await desk.tell()
    await expect(page.get_by_test_id("banner-store")).to_contain_text("暂时不能写入")
    desk.store_away = False
    await desk.tell()
    await expect(page.get_by_test_id("banner-store")).to_have_count(0)


@pytest.mark.parametrize("seconds", [-3600, 5400])
async def test_countdowns_go_by_the_hubs_clock(page: Page, desk: StandIn, seconds: int):
    desk.shift = seconds * 1_000_000
    now = desk.clock.now() + desk.shift
    one = samples.incident(1, now)
    await desk.put("incident", one)
    await desk.put("page", samples.page(one, now, 4.5, 5))
    await opened(page, desk)
    await expect(page.get_by_test_id("incident-20261123-001").get_by_role("timer")).to_contain_text("4:2")


async def test_a_refused_call_goes_back_into_its_box(page: Page, desk: StandIn):
    await opened(page, desk)
    desk.refuse = "「110」不是一个可拨打的号码"
    await page.get_by_test_id("call-box").fill("香港中路冒烟")
    await page.get_by_test_id("call-sender").fill("110")
    await page.get_by_test_id("call-box").press("Control+Enter")
    refused = page.get_by_test_id("act-refused")
    await expect(refused).to_contain_text("「110」不是一个可拨打的号码")
    await refused.get_by_role("button").click()
    await expect(page.get_by_test_id("call-box")).to_have_value("香港中路冒烟")
    await expect(page.get_by_test_id("call-sender")).to_have_value("110")
    await expect(page.get_by_test_id("unsent")).to_have_count(0)
