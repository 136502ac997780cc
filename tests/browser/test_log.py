"""The duty log on the screen: read, filtered, searched from its box and from the palette, each line opened to its entry."""

import re

from playwright.async_api import Page, expect

from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_barriers import barriers
from tests.browser.test_feed import opened


async def filled(desk: StandIn) -> None:
    now = desk.clock.now()
    await desk.board(samples.small(now))
    told = (("MessageRecorded", "message/m1", {"number": "R-1", "text": "化工园区爆炸,3人受伤", "unit_name": "市南区", "sender": "",
             "channel": "sms", "received_at": now, "media": []}),
            ("IncidentNoted", "incident/20261123-001", {"text": "已派车", "by": "user:zhang"}),
            ("WatchStarted", "watch/20261123-1", {"term": {"name": "白班"}}))  # fmt: skip
    desk.timelines["log"] = [
        {"seq": n, "at": now - n * 1_000_000, "stream": stream, "type": type_, "by": "user:zhang", "drill": n == 3, "body": body}
        for n, (type_, stream, body) in enumerate(told, 1)
    ]  # fmt: skip


async def test_the_log_is_read_searched_and_opened_to_its_entries(page: Page, desk: StandIn, complaints: Complaints):
    await filled(desk)
    await opened(page, desk)
    await page.keyboard.press("g")
    await page.keyboard.press("o")
    lines = page.locator(".log-lines li")
    await expect(lines).to_have_count(3)
    await expect(page.get_by_test_id("log-1")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    await expect(page.get_by_test_id("log-3")).to_contain_text("演练")
    await page.get_by_test_id("log-2").click()
    await expect(page.get_by_test_id("log-entry")).to_contain_text("ab" * 32)
    await expect(page.get_by_test_id("log-entry").locator("pre")).to_contain_text("已派车")
    assert await barriers(page) == []
    await page.get_by_test_id("log-search").fill("爆炸")
    await expect(lines).to_have_count(1)
    await expect(lines.locator("mark")).to_have_text("爆炸")
    await expect(page.get_by_test_id("log-count")).to_have_text("找到 1 条")
    await page.get_by_test_id("log-search").fill("没有的词")
    await expect(page.locator("main")).to_contain_text("没有找到")
    assert complaints == []


async def test_the_palette_looks_for_words_in_the_log(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk)
    await page.keyboard.press(".")
    await page.get_by_test_id("palette").get_by_role("combobox").fill("派车")
    await page.get_by_test_id("palette").get_by_role("option", name="在日志里找「派车」").click()
    await expect(page.locator(".log-lines li")).to_have_count(1)
    await expect(page.get_by_test_id("log-search")).to_have_value("派车")
    await expect(page.get_by_test_id("log-count")).to_have_text("至少 1 条,没有再往下数")


async def test_a_filter_asks_the_desk_and_the_printed_log_carries_it(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk)
    await page.evaluate("location.hash = '#/log'")
    await page.get_by_test_id("log-kind").select_option("watch")
    await expect(page.locator(".log-lines li")).to_have_count(1)
    await page.get_by_test_id("log-from").fill("2026-11-01T08:00")
    await page.get_by_test_id("log-from").press("Enter")
    await expect(page.get_by_test_id("log-print")).to_have_attribute(
        "href", re.compile(r"from=2026-11-01T08%3A00&kind=watch")
    )


async def test_each_line_names_the_incident_it_is_about(page: Page, desk: StandIn):
    now = desk.clock.now()
    await desk.board(samples.small(now))
    told = (
        ("SubmissionChecked", "submission/20261123-001-1", {"version": "ab"}),
        ("PageAcknowledged", "page/20261123-002-1", {"who": "user:zhang", "how": "console"}),
        ("InstructionLogged", "instruction/b1", {"text": "全力搜救", "incident": "20261123-003"}),
        ("WatchStarted", "watch/20261123-1", {"term": {"name": "白班"}}),
    )
    desk.timelines["log"] = [
        {"seq": n, "at": now, "stream": stream, "type": type_, "by": "user:zhang", "drill": False, "body": body}
        for n, (type_, stream, body) in enumerate(told, 1)
    ]
    await opened(page, desk, "/#/log")
    for n in (1, 2, 3):
        await expect(page.get_by_test_id(f"log-{n}").locator(".number")).to_have_text(f"20261123-00{n}")
    await expect(page.get_by_test_id("log-4").locator(".number")).to_have_count(0)
