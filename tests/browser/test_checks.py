"""抽查 at the screen: begun by name, judged by an officer; whole and without barriers; the lines and the coverage beside it."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from dutydesk.clock import HOUR, MINUTE
from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_barriers import ALL, barriers
from tests.browser.test_feed import opened


def check(now: int, id: str, **changed: Any) -> dict[str, Any]:
    said = {"who": "unit:370202", "name": "市南区", "how": "sms", "text": "我是王五,带班领导李四", "rings": None}
    return {
        "id": id, "seq": 900, "open": True, "drill": False, "division": "370202", "number": "2026-0003",
        "unit": "370202", "name": "市南区", "target": "unit", "way": "voice", "origin": "ordered", "of": "", "nth": 0,
        "page": "k1", "at": now - HOUR, "by": "user:officer", "limit": 3, "status": "answered", "reason": "",
        "note": "", "rings": None, "judged_by": "", "judged_at": None, "recheck_at": None, "recheck": "",
        "answers": [said | {"message": None, "at": now - 55 * MINUTE}], "appeal": "", "appealed_at": None,
        "decision": "", "decided_by": "",
    } | changed  # fmt: skip


def lines(now: int) -> dict[str, Any]:
    tried = [
        {"sender": "twilio", "how": "sms", "verdict": "passed", "code": "", "at": now},
        {"sender": "mainland", "how": "voice", "verdict": "failed", "code": "busy", "at": now},
    ]
    row = {"id": "x", "seq": 902, "open": True, "drill": False, "division": "", "title": "", "why": "handover"}
    return row | {"status": "failed", "lines": tried, "at": now, "ends_at": now, "by": "desk", "superseded": False}


async def filled(desk: StandIn) -> None:
    now = desk.clock.now()
    failed = {"status": "failed", "reason": "no_answer", "rings": 5, "judged_at": now, "recheck_at": now + HOUR}
    rows = [check(now, "c1"), check(now, "c2", name="崂山区", number="2026-0002", seq=901, **failed)]
    await desk.board(samples.small(now) | {"check": rows, "linetest": [lines(now)]})


async def test_a_check_is_begun_by_name_and_judged(page: Page, desk: StandIn, complaints: Complaints):
    await filled(desk)
    await opened(page, desk)
    await page.keyboard.press("g")
    await page.keyboard.press("k")
    await expect(page.get_by_test_id("checks")).to_contain_text("三声内无人接听")
    await page.get_by_test_id("check-c1").click()
    await page.get_by_test_id("judge-check").click()
    await page.get_by_test_id("field-reason").select_option("no_record")
    await page.get_by_test_id("dialog-submit").click()
    await page.get_by_test_id("start-check").click()
    await page.get_by_test_id("field-unit").fill("市南")
    await page.get_by_test_id("choose-370202").click()
    await page.get_by_test_id("field-way").select_option("sms")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("dialog")).to_have_count(0)
    judged, begun = await desk.heard(2)
    assert judged == ("check/c1/JudgeCheck", {"reason": "no_record", "note": ""})
    assert begun[1] == {"unit": "370202", "target": "unit", "way": "sms"}


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 1024), ("zh", 390)])
async def test_it_is_whole_and_without_barriers(
    page: Page, desk: StandIn, complaints: Complaints, language: str, width: int
):
    await filled(desk)
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto(desk.url)
    await page.evaluate(f"localStorage.setItem('dutydesk.language', '{language}')")
    await page.reload()
    for place, seen in (("checks/c2", "check"), ("channels", "line-tests"), ("directory", "coverage")):
        await page.evaluate(f"location.hash = '#/{place}'")
        await expect(page.get_by_test_id(seen)).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{place} wider than {width}"
        if width == 1440:
            assert await barriers(page, ALL if language == "zh" else ["color-contrast"]) == [], place
    assert complaints.beside_the_line() == []


async def test_whoever_was_reached_by_telephone_is_proven_by_a_button(page: Page, desk: StandIn):
    await desk.board(samples.small(desk.clock.now()))
    await page.goto(f"{desk.url}/#/directory")
    await page.get_by_test_id("reached-C-370202-A").click()
    await expect(page.get_by_test_id("dialog")).to_contain_text("已打通 康仁刚")
    await page.get_by_test_id("dialog-submit").click()
    assert await desk.heard(1) == [("proof/C-370202-A/MarkProven", {"contact": "C-370202-A"})]
