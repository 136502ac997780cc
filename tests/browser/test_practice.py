"""跟班练习: begun and ended at the screen; everything says 演练, only the one who practises is called, and their answer times stand."""

from pathlib import Path

from playwright.async_api import Browser, expect

from dutydesk import contacts
from dutydesk.reading.levels import load_levels
from dutydesk.reading.worker import ReaderPool, Setup
from tests.browser.conftest import Complaints
from tests.browser.test_newcomer import console
from tests.desk.town import OFFICER, ROOT, town


async def test_a_newcomer_practises_and_nobody_else_is_reached(
    browser: Browser, tmp_path: Path, complaints: Complaints
) -> None:
    setup = Setup(contacts.load(ROOT / "contacts"), load_levels(ROOT / "config" / "levels.toml"))
    reader = ReaderPool(setup, budget=2.0, spares=0)
    try:
        async with town(tmp_path, reader) as here:
            page = await console(browser, here.url, "leader", complaints)
            await page.get_by_test_id("view-watches").click()
            await page.get_by_test_id("begin-practice").click()
            await page.get_by_test_id("field-who").select_option("officer")
            await page.get_by_test_id("dialog-submit").click()
            trainee = await console(browser, here.url, "officer", complaints)
            await expect(trainee.locator("html[data-drill]")).to_have_count(1)
            await expect(page.locator("header .drill-tag")).to_contain_text("跟班练习")
            await expect(page.locator("html[data-drill]")).to_have_count(0)
            await here.advance(7)  # two lines of the shipped scenario; the officer lets the first minute pass
            call = await here.telco.phone(OFFICER).expect_call("演练")
            await call.press("1")
            await here.telco.settle()
            await page.get_by_test_id("view-desk").click()
            await expect(page.get_by_test_id("strips").locator(".strip.drill").first).to_be_visible()
            assert {row["drill"] for row in await here.rows("incident")} == {True}
            await page.get_by_test_id("view-watches").click()
            await expect(page.get_by_test_id("practice")).to_contain_text("2/4")
            await expect(page.locator(".rail-late")).to_have_text("")  # what another practises does not count here
            await page.get_by_test_id("end-practice").click()
            await expect(trainee.locator("html[data-drill]")).to_have_count(0)
            there = page.get_by_test_id("done-there")
            await page.goto(here.url + str(await there.get_attribute("href")))
            await expect(page.locator("body")).to_contain_text("应答中位")
            told = here.telco.network
            reached = {text.to for text in told.texts.values()} | {call.to for call in told.calls.values()}
            assert reached == {OFFICER}
            assert all("演练" in text.body for text in told.texts.values())
            await here.whole()
            assert complaints.beside_the_line() == []
            await trainee.context.close()
            await page.context.close()
    finally:
        reader.close()
