"""No barriers (WCAG 2.2 A and AA, as axe-core can see them) on any view, in both languages and themes."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import watch_samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_desk_screen import VIEWS, filled, shown, wearing

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
THEME = "document.querySelector('[data-testid=theme]').click()"
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (only) => (await axe.run(document, {runOnly: only, resultTypes: ["violations"]}))
    .violations.map((one) => `${one.id}: ${
    one.nodes.map((node) => node.html.slice(0, 160) + " " + node.any.map((a) => a.message)).join(" | ")}`)"""


async def barriers(page: Page, rules: list[str] = ALL) -> list[str]:
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(AXE)
    found: Any = await page.evaluate(RUN, rules)
    return list(found)


async def both_themes(page: Page) -> list[str]:
    """All rules by night; by day those of contrast, for a theme changes colours and nothing else."""
    found = await barriers(page)
    await page.evaluate(THEME)
    assert await page.evaluate("document.documentElement.dataset.theme") == "day"
    found += await barriers(page, ["color-contrast"])
    await page.evaluate(THEME)
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_no_view_has_barriers(page: Page, desk: StandIn, complaints: Complaints, language: str):
    await filled(desk)
    await wearing(page, language, "night")
    await page.goto(desk.url)
    found = {}
    for view in VIEWS:
        await shown(page, view)
        found[view] = await both_themes(page)
    await page.evaluate("location.hash = '#/desk/20261123-001'")
    await expect(page.get_by_test_id("legal")).to_be_visible()
    found["incident"] = await both_themes(page)
    await page.get_by_test_id("set-flags").click()
    found["dialog"] = await both_themes(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    found["keys"] = await both_themes(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press(".")
    found["palette"] = await both_themes(page)
    await page.keyboard.press("Escape")
    await desk.board(watch_samples.evening(desk.clock.now()))
    await page.evaluate("location.hash = '#/watches'")
    await expect(page.get_by_test_id("handover")).to_be_visible()
    found["handover"] = await both_themes(page)
    assert {view: wrong for view, wrong in found.items() if wrong} == {}
    assert complaints == []


async def test_the_sign_in_page_has_no_barriers(page: Page, desk: StandIn):
    await page.goto(f"{desk.url}/sign-in?failed")
    assert await barriers(page) == []


async def test_the_judge_sees_a_barrier(page: Page, desk: StandIn):
    await page.goto(f"{desk.url}/sign-in")
    await page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert [wrong.split(":")[0] for wrong in await barriers(page)] == ["label"]
