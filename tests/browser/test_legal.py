"""Legal clocks on strips and in the detail, the sensitive circumstances, and figures corrected by hand."""

import re

from playwright.async_api import Page, expect

from dutydesk.clock import MINUTE
from tests.browser import samples
from tests.browser.stand_in import StandIn
from tests.browser.test_desk_screen import filled
from tests.browser.test_feed import opened

BLAST = "20261123-001"


async def test_a_strip_shows_the_next_clock_of_each_kind_and_missed_ones_solid(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk)
    timers = page.get_by_test_id(f"incident-{BLAST}").get_by_role("timer")
    await expect(timers).to_have_count(3)
    await expect(timers.nth(1)).to_contain_text(re.compile("电话.*超.*3:3"))
    await expect(timers.nth(1)).to_have_class(re.compile("late"))
    await expect(timers.nth(2)).to_contain_text(re.compile("书面.*待核实.*(9:00|8:5)"))
    await expect(timers.nth(2)).to_have_class(re.compile("red"))
    await expect(timers.nth(2)).to_have_attribute("title", re.compile("鲁政办字"))
    await expect(timers.nth(2)).to_have_attribute("aria-label", re.compile("鲁政办字"))


async def test_strips_stand_by_the_first_clock_of_either_kind(page: Page, desk: StandIn):
    now = desk.clock.now()
    law, call, none = (samples.incident(n, now) for n in (1, 2, 3))
    await desk.put("incident", none, call, law)
    await desk.put("page", samples.page(call, now, 6, 10))
    await desk.put("obligation", samples.clock(law, now, 5), samples.clock(none, now, 40, 60))
    await opened(page, desk)
    strips = page.locator("[data-testid^='incident-']")
    await expect(strips).to_have_count(3)
    order = [await strip.get_attribute("data-testid") for strip in await strips.all()]
    assert order == [f"incident-20261123-00{n}" for n in (1, 2, 3)]


async def test_the_detail_lists_every_clock_with_law_start_and_end(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, f"/#/desk/{BLAST}")
    missed, running = (
        page.get_by_test_id(f"obligation-{BLAST}-phone"),
        page.get_by_test_id(f"obligation-{BLAST}-written"),
    )
    await expect(missed).to_contain_text("山东省安全生产条例")
    await expect(missed.get_by_role("timer")).to_have_class(re.compile("late"))
    await expect(running).to_contain_text("起算为推定")
    await expect(running).to_contain_text("待核实")
    await expect(running).to_contain_text("达到上报标准")
    await expect(page.get_by_test_id(f"obligation-{BLAST}-leaders")).to_contain_text("晚 3 分 0 秒")
    await expect(page.get_by_test_id(f"obligation-{BLAST}-state")).to_contain_text("已撤销:不到特别重大")
    await expect(page.get_by_test_id(f"move-{BLAST}-phone")).to_have_count(0)
    await expect(page.get_by_test_id(f"move-{BLAST}-written")).to_be_visible()


async def test_reported_is_one_key_and_one_dialog_with_now_in_it(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, f"/#/desk/{BLAST}")
    await expect(page.get_by_test_id(f"met-{BLAST}-phone")).to_be_visible()
    await page.keyboard.press("r")
    await expect(page.get_by_test_id("field-whom")).to_have_value("省安委会办公室")
    await page.get_by_test_id("field-whom").fill("省安委办 老周")
    await page.get_by_test_id("field-whom").press("Control+Enter")
    await expect(page.get_by_test_id(f"obligation-{BLAST}-phone")).to_contain_text("已报 省安委办 老周")
    path, fields = desk.calls[0]
    assert path == f"obligation/{BLAST}-phone/MeetObligation"
    assert (fields["whom"], fields["note"]) == ("省安委办 老周", "")
    assert abs(fields["told_at"] - desk.clock.now()) < MINUTE


async def test_a_corrected_start_is_sent_as_an_instant_by_beijings_clock(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, f"/#/desk/{BLAST}")
    await page.get_by_test_id(f"move-{BLAST}-written").click()
    await page.get_by_test_id("field-start_at").fill("2026-11-23T14:00:00")
    await page.get_by_test_id("field-reason").fill("电话里说错了")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("done")).to_be_visible()
    assert desk.calls == [
        (f"obligation/{BLAST}-written/MoveObligation", {"start_at": 1_795_413_600_000_000, "reason": "电话里说错了"})
    ]


async def test_sensitive_circumstances_are_ticked_and_shown(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, f"/#/desk/{BLAST}")
    await page.get_by_test_id("set-flags").click()
    await page.get_by_test_id("check-school").check()
    await page.get_by_test_id("field-reason").fill("在校学生")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("flags")).to_contain_text("学校、幼儿园")
    await expect(page.get_by_test_id(f"incident-{BLAST}")).to_contain_text("敏感")
    assert desk.calls == [(f"incident/{BLAST}/SetFlags", {"flags": ["school"], "reason": "在校学生"})]


async def test_a_figure_is_corrected_by_one_key_and_unknown_is_not_zero(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, f"/#/desk/{BLAST}")
    for typed, sent in (("0", 0), ("", None), ("12", 12)):
        await page.get_by_test_id("figure-injured").focus()
        await page.keyboard.press("e")
        await page.get_by_test_id("field-value").fill(typed)
        await page.get_by_test_id("field-reason").fill("医院核实")
        await page.get_by_test_id("field-reason").press("Control+Enter")
        await expect(page.get_by_test_id("dialog")).to_have_count(0)
        await expect(page.get_by_test_id("unsent")).to_have_count(0)
        await expect(page.get_by_test_id("done")).to_be_visible()
        await page.evaluate("import('/static/app/actions.js').then((actions) => (actions.done.value = null))")
        assert desk.calls[-1] == (
            f"incident/{BLAST}/FixFigure",
            {"name": "injured", "value": sent, "reason": "医院核实"},
        )


async def test_a_figure_takes_digits_only_and_a_corrected_one_says_so(page: Page, desk: StandIn):
    now = desk.clock.now()
    mended: samples.Row = {
        "value": None,
        "message": "",
        "at": now,
        "as_of": None,
        "fixed_by": "user:li",
        "reason": "医院数字有误",
        "doubts": [],
        "others": [],
    }
    await desk.put("incident", samples.incident(1, now, figures={"deaths": mended}))
    await desk.board(samples.standing(now))
    await opened(page, desk, f"/#/desk/{BLAST}")
    await expect(page.get_by_test_id("figure-deaths")).to_contain_text(re.compile("不详.*已更正"))
    await page.get_by_test_id("figure-deaths").click()
    await expect(page.get_by_test_id("detail")).to_contain_text("李文静 更正:医院数字有误")
    await page.keyboard.press("e")
    await page.get_by_test_id("field-value").fill("三")
    await page.get_by_test_id("field-reason").fill("x")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("dialog").get_by_role("alert")).to_contain_text("只能填数字")
    assert desk.calls == []
