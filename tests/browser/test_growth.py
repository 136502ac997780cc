"""Five hundred open incidents and five thousand messages: a screen that draws what is seen, loses nothing, and stays quick to load."""

import gzip
import re

from playwright.async_api import Page, Response, expect

from dutydesk.clock import MINUTE, SECOND
from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_feed import opened

SCREEN = 300_000  # bytes after gzip, all that the desk screen loads; measured beside the other figures by scripts/benchmarks/screen.py


async def grown(desk: StandIn) -> None:
    now = desk.clock.now()
    incidents = [samples.incident(n, now - n * MINUTE) for n in range(500)]
    for kind, rows in {
        "incident": incidents,
        "page": [samples.page(one, now, 1 + n / 11) for n, one in enumerate(incidents)],
        "message": [samples.message(n, now - n * SECOND) for n in range(5_000)],
    }.items():
        for row in rows:
            desk.seq += 1
            desk.rows[(kind, row["id"])] = row | {"seq": desk.seq}


async def test_only_what_is_seen_is_drawn_and_everything_can_be_reached(
    page: Page, desk: StandIn, complaints: Complaints
):
    await grown(desk)
    await opened(page, desk)
    strips = page.locator("[data-testid=strips] .strip")
    await expect(strips.first).to_be_visible()
    assert await strips.count() < 100
    await expect(page.locator("#strips-title + .count")).to_have_text("500")
    await page.get_by_test_id("strips").evaluate("(box) => { box.scrollTop = box.scrollHeight }")
    await expect(page.get_by_test_id("incident-20261123-499")).to_be_in_viewport()
    assert await strips.count() < 100
    await page.get_by_test_id("strips").evaluate("(box) => { box.scrollTop = 0 }")
    await expect(page.get_by_test_id("incident-20261123-000")).to_be_in_viewport()
    for _ in range(45):
        await page.keyboard.press("j")
    focused = await page.evaluate("document.activeElement.dataset.testid")
    assert int(focused.rpartition("-")[2]) >= 40
    await page.evaluate("location.hash = '#/messages'")
    await expect(page.locator("#list-title + .count")).to_have_text("5000")
    assert await page.locator("main .message").count() < 100
    assert complaints == []


async def test_a_fast_typist_finds_one_of_five_hundred_and_walks_on_from_it(page: Page, desk: StandIn):
    """No breath between the keys: what is typed goes into the palette at once, and what stands first in it is what was typed."""
    await grown(desk)
    await opened(page, desk)
    await expect(page.get_by_test_id("incident-20261123-000")).to_be_visible()
    for id in ("20261123-321", "20261123-007", "20261123-499", "20261123-250"):
        await page.keyboard.press(".")
        await page.keyboard.insert_text(id)
        await page.keyboard.press("Enter")
        await page.keyboard.press("k")
        await expect(page).to_have_url(re.compile(f"/desk/20261123-{int(id[-3:]) - 1:03d}$"))
        await expect(page.get_by_test_id(f"incident-20261123-{int(id[-3:]) - 1:03d}")).to_be_focused()
        await page.keyboard.press("ArrowLeft")
    assert desk.calls == []


async def test_a_row_that_changes_is_drawn_where_it_stands(page: Page, desk: StandIn):
    await grown(desk)
    await opened(page, desk)
    await expect(page.get_by_test_id("incident-20261123-003")).to_be_visible()
    changed = desk.rows[("incident", "20261123-003")] | {"title": "改了名的事件"}
    await desk.put("incident", changed)
    await expect(page.get_by_test_id("incident-20261123-003")).to_contain_text("改了名的事件")


async def test_all_that_the_screen_loads_is_under_300_kb(page: Page, desk: StandIn):
    sent: dict[str, int] = {}

    async def weigh(answer: Response) -> None:
        if "/static/" in answer.url:
            sent[answer.url] = len(gzip.compress(await answer.body(), 6))

    page.on("response", weigh)
    await opened(page, desk)
    await page.wait_for_load_state("networkidle")
    assert len(sent) > 40
    assert sum(sent.values()) < SCREEN
