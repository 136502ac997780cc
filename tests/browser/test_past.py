"""The desk as of a moment at the screen: as it was, with a banner, without a button, and the live desk goes on beside it."""

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.evening import evening
from tests.desk.town import PASSWORD


async def test_the_desk_as_it_was_is_looked_at_and_cannot_be_touched(browser: Browser, tmp_path: Path) -> None:
    async with evening(tmp_path) as (here, incident):
        context = await browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        page = await context.new_page()
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        await page.goto(f"{here.url}/sign-in")
        await page.fill("[name=username]", "officer")
        await page.fill("[name=password]", PASSWORD)
        await page.locator("[data-testid=sign-in] button").click()
        await expect(page.get_by_test_id("strips")).to_be_visible()
        opened = (await here.get(f"/api/incident/{incident}"))["row"]["received_at"]
        await expect(page.get_by_test_id("strips").locator("[data-row]")).not_to_have_count(0)
        now = await page.get_by_test_id("strips").locator("[data-row]").count()

        await page.goto(f"{here.url}/?at={opened}#/incidents/{incident}")
        await expect(page.get_by_test_id("banner-past")).to_contain_text("只能看")
        await expect(page.get_by_test_id("detail")).to_be_visible()
        await expect(page.get_by_test_id("sign-for")).to_have_count(0)
        await expect(page.get_by_test_id("call-box")).to_have_count(0)
        await page.goto(f"{here.url}/?at={opened}#/desk")
        await expect(page.get_by_test_id(f"incident-{incident}")).to_be_visible()
        assert await page.get_by_test_id("strips").locator("[data-row]").count() < now
        await expect(page.locator(".detail.nothing")).to_contain_text("当时知道的")
        await expect(page.locator("main")).not_to_contain_text("登记")
        await expect(page.get_by_test_id("mute")).to_have_count(0)

        await page.goto(f"{here.url}/#/desk")
        await page.reload()
        await page.keyboard.press(".")
        await page.get_by_test_id("palette").get_by_role("combobox").fill("某一时刻")
        async with context.expect_page() as beside:
            await page.keyboard.press("Enter")
            await page.get_by_test_id("dialog-submit").click()
        await expect((await beside.value).get_by_test_id("banner-past")).to_be_visible()
        assert not wrong
        await context.close()
