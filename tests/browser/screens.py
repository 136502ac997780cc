"""Takes the pictures in docs/screens of a believable evening: `scripts/screens [folder]`. Needs Chromium and a Chinese font."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from dutydesk.clock import SECOND
from dutydesk.links import Claim
from tests.browser import palette
from tests.browser.evening import evening
from tests.desk.town import PASSWORD, ROOT, Town
from tests.services import CHROMIUM_ARGS

WIDE, PHONE = (1440, 900), (390, 844)
ALL = 8_000_000  # bytes of all of them
LARGEST = 250_000  # bytes of a picture


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: of which view (with `{id}` for the incident), in which theme and language, how large."""

    name: str
    where: str
    theme: str = "night"
    language: str = "zh"
    size: tuple[int, int] = WIDE


OPENS = {
    "desk": "desk/{id}",
    "incidents": "incidents/{id}",
    "circulars": "circulars/{circular}",
    "map": "map/370211103",
    "submissions": "submissions/{report}",
    "instructions": "instructions/b1",
}
CHIEFLY = frozenset({"audit", "admin"})  # views that an administrator sees


def shots(views: list[str]) -> list[Shot]:
    """Every view in Chinese by night and in English by day, the desk in all four, and what a phone shows."""
    found = []
    for view in views:
        where = OPENS.get(view, view)
        found += [Shot(view, where), Shot(f"{view}-en", where, "day", "en")]
    four = [Shot("desk-day", OPENS["desk"], "day"), Shot("desk-en-night", OPENS["desk"], "night", "en")]
    return [*found, *four, Shot("phone", "desk", size=PHONE), Shot("phone-map", "map", "day", size=PHONE)]


async def _sign_in(page: Page, here: Town, username: str) -> None:
    await page.goto(here.url)
    await page.locator("input[name=username]").fill(username)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.locator("button[type=submit]").click()
    await expect(page.get_by_test_id("health")).to_contain_text("已连接")


async def _take(page: Page, here: Town, shot: Shot, ids: dict[str, str]) -> bytes:
    await page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
    kept = f"localStorage.setItem('dutydesk.theme', '{shot.theme}'); localStorage.setItem('dutydesk.language', '{shot.language}')"
    await page.evaluate(kept)
    await page.goto(f"{here.url}/#/{shot.where.format(**ids)}")
    await page.reload()
    await expect(page.locator("main")).to_be_visible()
    if shot.where == "directory":
        await page.get_by_test_id("directory-search").fill("黄岛")
        await expect(page.locator(".directory")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    await page.evaluate("document.fonts.ready")
    await page.keyboard.press("Shift")  # the touch that a browser wants before it sounds
    return await page.screenshot()


async def _pictures(browser: Browser, here: Town, incident: str) -> AsyncIterator[tuple[str, bytes]]:
    """Each picture by its name, as the browser takes it."""
    context = await browser.new_context(locale="zh-CN")
    await context.grant_permissions(["notifications"])
    page = await context.new_page()
    await _paperwork(here, incident)
    report = (await here.rows("submission"))[-1]["id"]
    ids = {"id": incident, "circular": (await here.rows("circular"))[-1]["id"], "report": report}
    await _sign_in(page, here, "leader")
    all_shots = shots(await page.evaluate("import('/static/app/route.js').then((route) => route.VIEWS)"))
    for shot in all_shots:
        if shot.where not in CHIEFLY:
            yield shot.name, await _take(page, here, shot, ids)
    await context.clear_cookies()
    await _sign_in(page, here, "admin")
    for shot in all_shots:
        if shot.where in CHIEFLY:
            yield shot.name, await _take(page, here, shot, ids)
    await context.close()
    async for name, picture in _contact(browser, here):
        yield name, picture


async def _paperwork(here: Town, incident: str) -> None:
    """A plan at work, a report drafted, a leader's word passed on, the month's roster: so that no view is empty."""
    await here.sign_in("leader")
    for kind, id, command, fields in (
        ("incident", incident, "FixFact", {"name": "code", "value": "12D01", "reason": "现场确认为危险化学品爆炸"}),
        ("plan", f"{incident}-chemical", "StartPlan", {"plan": "chemical", "incident": incident}),
        ("plan", f"{incident}-chemical", "TickStep", {"step": "what", "note": "二甲苯约八吨,储罐已喷淋降温"}),
        ("incident", incident, "DraftSubmission", {"kind": "首报"}),
        ("instruction", "b1", "LogInstruction", _instruction(here, incident)),
        ("instruction", "b1", "PassOn", {"unit": "D-XF", "answer_by": here.clock.now() + 3_600 * SECOND}),
        ("roster", "2026-12", "PlanRoster", {"month": "2026-12"}),
    ):
        await here.post(f"/api/{kind}/{id}/{command}", fields)


def _instruction(here: Town, incident: str) -> dict[str, Any]:
    said = "全力搜救失联人员,严防次生灾害,每小时报告一次。"
    return {"text": said, "leader": "L-01", "said_at": here.clock.now(), "incident": incident}


async def _contact(browser: Browser, here: Town) -> AsyncIterator[tuple[str, bytes]]:
    """What a contact's phone shows."""
    contact = here.desk.hub.folds.directory.contacts_of["370202001"][0]
    claim = Claim("report", "", f"contact:{contact.id}", here.clock.now() // SECOND + 3_600)
    sizes = ViewportSize(width=PHONE[0], height=PHONE[1])
    for name, scheme in (("contact", "light"), ("contact-night", "dark")):
        context = await browser.new_context(viewport=sizes, color_scheme=scheme)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(f"{here.url}/r/{here.desk.signer.make(claim)}")
        yield name, await page.screenshot()
        await context.close()


async def main(folder: Path) -> None:
    """Tell the evening, and take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    count = 0
    async for name, picture in _all():
        path = folder / f"{name}.png"
        path.write_bytes(picture)
        count += 1
        print(f"{path.name} {len(picture) // 1000} kB", flush=True)
        if len(picture) > LARGEST:
            sys.exit(f"{path.name} is larger than {LARGEST // 1000} kB")
    total = sum(path.stat().st_size for path in folder.glob("*.png"))
    print(f"{count} pictures, {total / 1e6:.1f} MB")
    if total > ALL:
        sys.exit(f"together they are larger than {ALL // 1_000_000} MB")


async def _all() -> AsyncIterator[tuple[str, bytes]]:
    """Every picture of the evening."""
    with tempfile.TemporaryDirectory() as data:
        async with evening(Path(data)) as (here, incident), async_playwright() as player:
            browser = await player.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS)
            aside = await browser.new_page()
            async for name, picture in _pictures(browser, here, incident):
                yield name, await palette.smaller(aside, picture)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screens"))
