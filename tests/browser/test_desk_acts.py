"""What an officer does: by keys, by the palette, by typing a call; undone, heard, and handed over."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import samples
from tests.browser.stand_in import StandIn
from tests.browser.test_desk_screen import filled
from tests.browser.test_feed import opened

SOUNDED = "async () => (await import(new URL('sound.js', document.querySelector('script[type=module]').src))).sounded"

FAST = """async (keys) => {
  for (const key of keys) {
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    await new Promise((done) => { const channel = new MessageChannel(); channel.port1.onmessage = done; channel.port2.postMessage(0); });
  }
}"""  # each key a task of its own, as a keyboard's are, and nothing between them


async def test_signing_with_one_key_stops_the_clock(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await expect(page.get_by_test_id("detail")).to_contain_text("20261123-000")
    await page.keyboard.press("a")
    await expect(page.get_by_test_id("incident-20261123-000")).to_contain_text("张建国 已签收")
    assert desk.calls == [("incident/20261123-000/SignForIncident", {})]


async def test_keys(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, "/#/desk/20261123-001")
    await page.keyboard.press("/")
    await expect(page.get_by_test_id("call-box")).to_be_focused()
    await page.keyboard.type("an?")
    await expect(page.get_by_test_id("keys-sheet")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("call-box")).not_to_be_focused()
    await page.keyboard.press("?")
    await expect(page.get_by_test_id("keys-sheet")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("keys-sheet")).to_have_count(0)
    for key, view in (("c", "circulars"), ("m", "messages"), ("r", "watches"), ("d", "desk")):
        await page.keyboard.press("g")
        await page.keyboard.press(key)
        await expect(page.get_by_test_id(f"view-{view}")).to_have_attribute("aria-current", "page")
    assert desk.calls == []


async def test_the_palette_does_what_its_button_does(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, "/#/desk/20261123-000")
    await expect(page.get_by_test_id("sign-for")).to_be_visible()
    await page.keyboard.press(".")
    await page.get_by_test_id("palette").get_by_role("combobox").fill("签收")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("incident-20261123-000")).to_contain_text("张建国 已签收")


async def test_a_call_is_kept_while_it_is_typed_and_sent_by_one_key(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk)
    await page.keyboard.press("/")
    await page.keyboard.type("炼化二厂爆炸,3人死亡")
    await expect(page.locator(".preview mark.strong")).to_have_text("3")
    await page.get_by_test_id("call-sender").fill("1000")
    await expect(page.get_by_test_id("caller-name")).to_contain_text("康仁刚")
    await page.get_by_test_id("call-more").click()
    await page.get_by_test_id("call-caller_post").fill("副局长")
    await expect(page.locator(".preview")).to_contain_text("草稿已存到值班台")
    await page.reload()
    await expect(page.get_by_test_id("call-box")).to_have_value("炼化二厂爆炸,3人死亡")
    await expect(page.get_by_test_id("caller-name")).to_contain_text("康仁刚")
    await page.get_by_test_id("call-box").press("Control+Enter")
    await expect(page.get_by_test_id("call-box")).to_have_value("")
    await expect(page.get_by_test_id("done")).to_contain_text("来电已登记")
    form = {"caller_post": "副局长"}
    fields = {"text": "炼化二厂爆炸,3人死亡", "sender": "+8612000001000", "unit": "370202", "form": form}
    assert desk.calls == [("calls", fields)]
    await expect(page.get_by_test_id("waiting")).to_contain_text("炼化二厂爆炸")
    assert desk.drafts == {}


async def test_a_list_never_jumps_under_the_finger(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk)
    strips = page.locator("[data-testid^='incident-']")
    await expect(strips).to_have_count(3)
    await strips.nth(1).hover()
    await page.mouse.move(600, 260)
    now = desk.clock.now()
    newer = samples.incident(8, now)
    await desk.put("page", samples.page(newer, now, -30))
    await desk.put("incident", newer)
    edge = page.locator(".edge")
    await expect(edge).to_contain_text("1 件新事件")
    await expect(strips).to_have_count(3)
    await page.mouse.move(600, 10)
    await expect(strips).to_have_count(4)
    await expect(strips.first).to_have_attribute("data-testid", "incident-20261123-008")


async def test_closing_asks_for_a_reason_and_can_be_undone(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, "/#/desk/20261123-002")
    await page.keyboard.press("e")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("dialog").get_by_role("alert")).to_contain_text("请填写")
    await page.get_by_test_id("field-reason").fill("水已退")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("incident-20261123-002")).to_have_count(0)
    await page.keyboard.press("u")
    await expect(page.get_by_test_id("incident-20261123-002")).to_be_visible()
    assert [path.rsplit("/", 1)[1] for path, _ in desk.calls] == ["CloseIncident", "ReopenIncident"]


async def test_a_new_report_sounds_and_urgent_stops_when_signed(page: Page, desk: StandIn):
    await opened(page, desk)
    assert await page.evaluate(SOUNDED) == {"normal": 0, "urgent": 0}
    now = desk.clock.now()
    await desk.put("message", samples.message(1, now))
    await expect(page.get_by_test_id("message-m1")).to_be_visible()
    assert (await page.evaluate(SOUNDED))["normal"] == 1
    blast = samples.incident(1, now)
    await desk.put("incident", blast)
    await desk.put("page", samples.page(blast, now, 4, 5))
    await expect(page).to_have_title(re.compile(r"\(2\)"))
    assert (await page.evaluate(SOUNDED))["urgent"] == 1
    await page.clock.install()
    await page.get_by_test_id(f"incident-{blast['id']}").click()
    await page.keyboard.press("a")
    await expect(page.get_by_test_id(f"incident-{blast['id']}")).to_contain_text("已签收")
    await expect(page).to_have_title(re.compile(r"\(1\)"))
    await page.clock.fast_forward(25_000)
    assert (await page.evaluate(SOUNDED))["urgent"] == 1


async def test_urgent_repeats_every_ten_seconds(page: Page, desk: StandIn):
    await page.clock.install()
    now = desk.clock.now()
    blast = samples.incident(1, now)
    await desk.put("incident", blast)
    await desk.put("page", samples.page(blast, now, 4, 5))
    await opened(page, desk)
    assert (await page.evaluate(SOUNDED))["urgent"] == 1
    await page.clock.run_for(10_100)
    assert (await page.evaluate(SOUNDED))["urgent"] == 2


async def test_every_figure_of_a_circular_opens(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, "/#/circulars/20261122-2")
    await expect(page.get_by_test_id("count-answer_slowest")).to_contain_text("不详")
    await expect(page.get_by_test_id("count-pages_exhausted")).to_contain_text("无")
    await page.get_by_test_id("count-received").click()
    await expect(page.get_by_test_id("drawer").locator(".entry")).to_have_count(3)
    await page.get_by_test_id("correct").click()
    await page.get_by_test_id("field-value").fill("")
    await page.get_by_test_id("field-reason").fill("漏计")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("done")).to_be_visible()
    assert desk.calls == [("circular/20261122-2/CorrectCircular", {"name": "received", "value": "", "reason": "漏计"})]


async def test_handing_over(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, "/#/watches")
    await expect(page.get_by_test_id("current-watch")).to_contain_text("未了事件 3 件,其中未签收 1 件")
    await page.keyboard.press("x")
    await expect(page.get_by_test_id("dialog")).to_contain_text(re.compile(r"还没到交接时间.*还有 2 小时"))
    await expect(page.get_by_test_id("dialog")).to_contain_text(re.compile(r"其中 \d 件已超时,请当面讲明"))
    await page.get_by_test_id("field-note").fill("胶州盯退水")
    await page.get_by_test_id("field-note").press("Control+Enter")
    await expect(page.get_by_test_id("dialog")).to_have_count(0)
    await expect(page.get_by_test_id("done")).to_be_visible()
    assert desk.calls == [("watch/20261123-1/EndWatch", {"note": "胶州盯退水"})]


async def test_the_palette_finds_what_stands_on_the_board_and_people(page: Page, desk: StandIn):
    now = desk.clock.now()
    await desk.put("incident", samples.incident(1, now), samples.incident(2, now))
    await desk.put("message", samples.message(9, now))
    await opened(page, desk)
    await page.keyboard.press(".")
    box = page.get_by_test_id("palette").get_by_role("combobox")
    await box.fill("20261123-002")
    await expect(page.get_by_role("option").first).to_contain_text("20261123-002")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("detail")).to_contain_text("20261123-002")
    await page.keyboard.press(".")
    await box.fill("康仁刚")
    await page.get_by_role("option", name="市南区应急管理局 康仁刚").click()
    await expect(page.get_by_test_id("found-C-370202-A")).to_be_visible()


async def test_a_key_after_enter_in_the_palette_acts_on_what_was_chosen(page: Page, desk: StandIn):
    """Sent as fast as a machine can, with no breath between the keys: the one looked at before is never signed for."""
    now = desk.clock.now()
    await desk.put("incident", samples.incident(1, now), samples.incident(2, now))
    await desk.put("message", samples.message(9, now))
    await opened(page, desk, "/#/desk/20261123-001")
    await page.get_by_test_id("incident-20261123-001").focus()
    await page.keyboard.press(".")
    await page.get_by_test_id("palette").get_by_role("combobox").fill("20261123-002")
    await expect(page.get_by_role("option").first).to_contain_text("20261123-002")
    await page.evaluate(FAST, ["Enter", "a"])
    await expect(page.get_by_test_id("incident-20261123-002")).to_contain_text("zhang 已签收")
    assert [path for path, _ in desk.calls] == ["incident/20261123-002/SignForIncident"]
    await page.keyboard.press(".")
    await page.get_by_test_id("palette").get_by_role("combobox").fill("1123-009")
    await expect(page.get_by_role("option").first).to_contain_text("1123-009")
    await page.evaluate(FAST, ["Enter", "z"])
    await expect(page.get_by_test_id("dialog")).to_contain_text("不是报告")


async def test_what_the_palette_opens_stays_open(page: Page, desk: StandIn):
    await opened(page, desk)
    await page.keyboard.press(".")
    await page.get_by_test_id("palette").get_by_role("combobox").fill("我的账号")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("me")).to_be_visible()
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await expect(page.get_by_test_id("me")).to_be_visible()
    await expect(page.get_by_test_id("palette")).to_have_count(0)


async def test_a_drill_frames_the_whole_screen_as_nothing_else_does(page: Page, desk: StandIn):
    await opened(page, desk)
    frame = "getComputedStyle(document.body, '::after').borderTopWidth"
    assert await page.evaluate(frame) != "8px"
    drill = {"id": "d1", "open": True, "drill": True, "division": "", "name": "全市拉动", "addresses": []}
    await desk.put("drill", drill)
    await expect(page.locator("html[data-drill]")).to_have_count(1)
    assert await page.evaluate(frame) == "8px"
    await page.keyboard.press("g")
    await page.keyboard.press("w")
    await expect(page.get_by_test_id("wall")).to_contain_text("全市拉动")
    await desk.put("drill", drill | {"open": False})
    await expect(page.locator("html[data-drill]")).to_have_count(0)


@pytest.mark.parametrize(("language", "said"), [("zh", "名录 · 黄岛"), ("en", "directory · 黄岛")])
async def test_the_audit_of_reads_speaks_in_words(page: Page, desk: StandIn, language: str, said: str):
    await page.add_init_script(f"localStorage.setItem('dutydesk.language', '{language}')")
    await page.goto(desk.url)
    await expect(page.locator(".health.good")).to_be_visible()
    ask = "async (what) => (await import('/static/app/seen.js')).seenAs(what)"
    assert await page.evaluate(ask, "/api/directory?q=%E9%BB%84%E5%B2%9B&limit=50") == said
    assert await page.evaluate(ask, "/api/nobody-knows?x=1") == "/api/nobody-knows?x=1"
