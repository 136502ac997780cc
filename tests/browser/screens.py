"""Takes the pictures in docs/screens of a believable evening: `scripts/screens [folder]`. Needs Chromium and a Chinese font."""

import asyncio
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser import palette
from tests.browser.evening import evening
from tests.desk.town import PASSWORD, ROOT, Town
from tests.services import CHROMIUM_ARGS

WIDE, PHONE = (1440, 900), (390, 844)
LARGEST = 250_000  # bytes of a picture


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: of which view (with `{id}` for the incident), in which theme and language, how large."""

    name: str
    where: str
    theme: str = "night"
    language: str = "zh"
    size: tuple[int, int] = WIDE


SHOTS = (
    Shot("desk", "desk/{id}"),
    Shot("messages", "messages", "day"),
    Shot("incidents", "incidents/{id}", "day", "en"),
    Shot("circulars", "circulars/{circular}", "day"),
    Shot("watches", "watches"),
    Shot("channels", "channels", "day", "en"),
    Shot("directory", "directory"),
    Shot("phone", "desk", size=PHONE),
)


async def _sign_in(page: Page, here: Town) -> None:
    await page.goto(here.url)
    await page.locator("input[name=username]").fill("leader")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.locator("button[type=submit]").click()
    await expect(page.get_by_test_id("health")).to_contain_text("已连接")


async def _take(page: Page, here: Town, shot: Shot, ids: dict[str, str], folder: Path) -> None:
    await page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
    kept = f"localStorage.setItem('dutydesk.theme', '{shot.theme}'); localStorage.setItem('dutydesk.language', '{shot.language}')"
    await page.evaluate(kept)
    await page.goto(f"{here.url}/#/{shot.where.format(**ids)}")
    await page.reload()
    await expect(page.get_by_test_id("health")).to_be_visible()
    if shot.where == "directory":
        await page.get_by_test_id("directory-search").fill("黄岛")
        await expect(page.locator(".directory")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    await page.evaluate("document.fonts.ready")
    await page.keyboard.press("Shift")  # the touch that a browser wants before it sounds
    path = folder / f"{shot.name}.png"
    path.write_bytes(palette.smaller(await page.screenshot()))
    print(f"{path.name} {path.stat().st_size // 1000} kB")
    if path.stat().st_size > LARGEST:
        sys.exit(f"{path.name} is larger than {LARGEST // 1000} kB")


async def _pictures(browser: Browser, here: Town, incident: str, folder: Path) -> None:
    context = await browser.new_context(locale="zh-CN")
    await context.grant_permissions(["notifications"])
    page = await context.new_page()
    await _sign_in(page, here)
    ids = {"id": incident, "circular": (await here.rows("circular"))[-1]["id"]}
    for shot in SHOTS:
        await _take(page, here, shot, ids, folder)
    await context.close()


async def main(folder: Path) -> None:
    """Tell the evening, and take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        async with evening(Path(data)) as (here, incident), async_playwright() as player:
            browser = await player.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS)
            await _pictures(browser, here, incident, folder)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screens"))
