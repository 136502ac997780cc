"""互建 at the screen: what is missing first, a round begun, a side asked, one heard by telephone; whole and without barriers."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_barriers import barriers, both_themes
from tests.browser.test_desk_screen import wearing

CONTRAST = ["color-contrast"]


async def shown(page: Page, desk: StandIn) -> None:
    await desk.board(samples.small(desk.clock.now()))
    await page.goto(desk.url)
    await page.evaluate("location.hash = '#/directory'")
    await expect(page.get_by_test_id("pairs")).to_be_visible()


async def test_the_missing_are_shown_and_a_round_a_question_and_a_call_are_sent(
    page: Page, desk: StandIn, complaints: Complaints
):
    await shown(page, desk)
    pairs = page.get_by_test_id("pairs")
    await expect(pairs).to_contain_text("5 对,1 对双方都已确认")
    await expect(pairs).to_contain_text("联络员换成李工")
    await expect(page.get_by_test_id("pair-E-5")).to_have_count(0)
    await page.get_by_test_id("pairs-show").select_option("confirmed")
    await expect(page.get_by_test_id("pair-E-5")).to_contain_text("双方已确认 2026-11-2")
    await expect(page.get_by_test_id("pair-E-1")).to_have_count(0)
    await page.get_by_test_id("pairs-show").select_option("missing")
    await page.get_by_test_id("ask-unit-E-3").click()
    await page.get_by_test_id("mark-E-4").click()
    await page.get_by_test_id("field-side").select_option("unit")
    await page.get_by_test_id("dialog-submit").click()
    await page.get_by_test_id("start-pairs").click()
    await page.get_by_test_id("field-division").select_option("370211")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("dialog")).to_have_count(0)
    asked, marked, begun = await desk.heard(3)
    assert asked == ("pairing/E-3/AskPairs", {"unit": "E-3"})
    assert marked == (
        "pair/370211103-E-4/MarkPair",
        {"town": "370211103", "unit": "E-4", "side": "unit", "right": True, "text": ""},
    )
    assert (begun[0].split("/")[2], begun[1]) == ("StartPairRound", {"division": "370211"})


async def test_the_list_follows_what_happens_elsewhere(page: Page, desk: StandIn):
    await shown(page, desk)
    await expect(page.get_by_test_id("pair-E-3")).to_contain_text("未建")
    for unit in ("E-3", "E-4"):
        row = {"id": f"370211103-{unit}", "unit": unit, "open": False, "drill": False, "division": "370211103"}
        await desk.put("pair", row)
    await expect(page.get_by_test_id("pair-E-3")).to_have_count(0)
    await expect(page.get_by_test_id("pairs")).to_contain_text("5 对,3 对双方都已确认")


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 1024), ("zh", 390)])
async def test_it_is_whole_and_without_barriers(
    page: Page, desk: StandIn, complaints: Complaints, language: str, width: int
):
    await page.set_viewport_size({"width": width, "height": 844})
    await wearing(page, language, "night")
    await shown(page, desk)
    await expect(page.get_by_test_id("pair-districts")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {width}"
    assert (await both_themes(page) if (language, width) == ("zh", 1440) else await barriers(page, CONTRAST)) == []
    assert complaints.beside_the_line() == []


async def test_the_log_says_in_words_which_side_was_asked(page: Page, desk: StandIn):
    await shown(page, desk)
    said = await page.evaluate("""async () => {
      const { sentence } = await import('/static/app/parts/timeline.js');
      return sentence({ type: 'PairAsked', body: { side: 'town', name: '王1' }, by: 'desk', stream: 'pair/T1-E-1' });
    }""")
    assert said == "问镇街:对方联络员 王1"


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 1024), ("zh", 390)])
async def test_the_months_circular_shows_them_by_district_and_opens_to_the_entries(
    page: Page, desk: StandIn, complaints: Complaints, language: str, width: int
):
    await page.set_viewport_size({"width": width, "height": 844})
    await wearing(page, language, "night")
    now = desk.clock.now()
    await desk.board(samples.small(now) | {"circular": [samples.monthly(now)]})
    await page.goto(desk.url)
    await page.evaluate("location.hash = '#/circulars/month-20261101'")
    await page.get_by_test_id("tally-coverage").click()
    table = page.get_by_test_id("tally")
    await expect(table.locator("tbody tr")).to_have_count(3)
    await expect(table.locator("tbody tr").last).to_contain_text({"zh": "合计", "en": "All"}[language])
    await table.locator("tbody tr").nth(1).get_by_role("button").last.click()
    named = {"zh": "黄岛区 有误", "en": "黄岛区 Disputed"}[language]
    await expect(page.get_by_test_id("drawer")).to_contain_text(named)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {width}"
    assert await barriers(page, CONTRAST) == []
    assert complaints.beside_the_line() == []
