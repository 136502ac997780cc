"""Takes the pictures in docs/screens of a believable evening: `scripts/screens [folder]`. Needs Chromium and a Chinese font."""

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from dutydesk.clock import MINUTE, SECOND
from dutydesk.links import Claim
from tests.browser import palette
from tests.browser.evening import evening
from tests.desk.town import PASSWORD, ROOT, Town
from tests.services import CHROMIUM_ARGS

WIDE, PHONE = (1440, 900), (390, 844)
ALL = 12_000_000  # bytes of all of them
LARGEST = 250_000  # bytes of a picture
FACES = (("night", "zh"), ("day", "zh"), ("day", "en"), ("night", "en"))
USUAL = {("night", "zh"): "", ("day", "zh"): "-day", ("day", "en"): "-en", ("night", "en"): "-en-night"}


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name before the face, which address (with `{id}` for the incident), how large."""

    name: str
    where: str
    size: tuple[int, int] = WIDE


OPENS = {
    "desk": "desk/{id}",
    "incidents": "incidents/{id}",
    "circulars": "circulars/{circular}",
    "map": "map/370211103",
    "submissions": "submissions/{report}",
    "instructions": "instructions/b1",
    "dispatches": "dispatches/{dispatch}",
    "checks": "checks/c1",
}
CHIEFLY = frozenset({"audit", "admin"})  # views that an administrator sees
ON_A_PHONE = ("desk", "messages", "submissions/{report}", "map")
SIGNED_OUT = (Shot("page-sign-in", "/sign-in"), Shot("page-wrong-link", "/r/broken", PHONE))
SIGNED_IN = (
    Shot("page-account", "/account"),
    Shot("page-circular", "/circulars/{circular}"),
    Shot("page-submission", "/submissions/{report}"),
    Shot("page-proof", "/documents/proof/{id}"),
)


def shots(views: list[str]) -> list[Shot]:
    """Every view of the console, and some of them on a phone."""
    phones = [Shot(f"phone-{where.split('/')[0]}", where, PHONE) for where in ON_A_PHONE]
    return [*(Shot(view, OPENS.get(view, view)) for view in views), *phones]


async def sign_in(page: Page, here: Town, username: str) -> None:
    await page.goto(here.url)
    await page.locator("input[name=username]").fill(username)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.locator("button[type=submit]").click()
    await expect(page.get_by_test_id("health")).to_contain_text(re.compile("已连接|Connected"))


async def _wear(page: Page, theme: str, language: str) -> None:
    kept = f"localStorage.setItem('dutydesk.theme', '{theme}'); localStorage.setItem('dutydesk.language', '{language}')"
    await page.evaluate(kept)
    await page.reload()
    await page.keyboard.press("Shift")  # the touch that a browser wants before it sounds


async def _take(page: Page, shot: Shot, ids: dict[str, str]) -> bytes:
    await page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
    await page.evaluate("(where) => { location.hash = where }", f"#/{shot.where.format(**ids)}")
    view = shot.where.partition("/")[0]
    await expect(page.locator(f"[data-testid=view-{view}][aria-current], .wall").first).to_be_attached()
    await expect(page.locator("main:empty")).to_have_count(0)
    if shot.where == "directory":
        await page.get_by_test_id("directory-search").fill("黄岛")
        await expect(page.locator(".directory")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    await page.evaluate("document.fonts.ready")
    await page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))")
    return await page.screenshot()


async def _pictures(browser: Browser, here: Town, incident: str) -> AsyncIterator[tuple[str, bytes]]:
    """Each picture by its name, as the browser takes it."""
    context = await browser.new_context(locale="zh-CN")
    await context.grant_permissions(["notifications"])
    page = await context.new_page()
    ids = await papers(here, incident)
    for username, chiefly in (("leader", False), ("admin", True)):
        await context.clear_cookies()
        await sign_in(page, here, username)
        wanted = shots(
            await page.evaluate(
                "import(new URL('route.js', document.querySelector('script[type=module]').src)).then((route) => route.VIEWS)"
            )
        )
        for face in FACES:
            await _wear(page, *face)
            for shot in (one for one in wanted if (one.where in CHIEFLY) is chiefly):
                yield shot.name + USUAL[face], await _take(page, shot, ids)
    async for name, picture in _served(browser, context, here, ids, await page_links(here)):
        yield name, picture
    await context.close()


async def _served(
    browser: Browser, signed: BrowserContext, here: Town, ids: dict[str, str], links: list[Shot]
) -> AsyncIterator[tuple[str, bytes]]:
    """Pages that the desk itself draws: to sign in, to print, and what is opened by a link."""
    plain = await browser.new_context()
    for theme, language in FACES:
        for context, wanted in ((plain, [*SIGNED_OUT, *links]), (signed, SIGNED_IN)):
            page = await context.new_page()
            await page.emulate_media(color_scheme="dark" if theme == "night" else "light")
            for shot in wanted:
                await page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
                await page.goto(f"{here.url}{shot.where.format(**ids)}?lang={language}")
                await page.evaluate(f"localStorage.setItem('dutydesk.theme', '{theme}')")
                if shot.where == "/sign-in":
                    await page.reload()
                yield shot.name + USUAL[(theme, language)], await page.screenshot(full_page=shot.size == PHONE)
            await page.close()
    await plain.close()


async def page_links(here: Town) -> list[Shot]:
    """What phones open: a contact's report, a call to answer, a circular, a leader's word, a report to sign."""
    report = (await here.rows("submission"))[-1]
    contact = f"contact:{here.desk.hub.folds.directory.contacts_of['370202001'][0].id}"
    signer = next(one["key"] for one in report["plan"]["signers"] if one["key"].startswith("leader:"))
    page = next(one["id"] for one in await here.rows("page") if one["open"])
    until = here.clock.now() // SECOND + 3_600
    claims = {
        "contact": Claim("report", "", contact, until),
        "call": Claim("page", page, "user:officer", until),
        "circular": Claim("circular", (await here.rows("circular"))[-1]["id"], contact, until),
        "instruction": Claim("instruction", "b1", "unit:D-XF", until),
        "leader": Claim("submission", report["id"], signer, until),
        "verdict": Claim("fault", "f1", contact, until),
    }
    return [Shot(f"link-{name}", f"/r/{here.desk.signer.make(claim)}", PHONE) for name, claim in claims.items()]


async def papers(here: Town, incident: str) -> dict[str, str]:
    """A plan at work, a report waiting for its signature, a leader's word passed on, a dispatch, the month's roster: no view is empty.

    What addresses name: the incident, a circular, the report, the dispatch.
    """
    await here.sign_in("leader")
    for kind, id, command, fields in (
        ("incident", incident, "FixFact", {"name": "code", "value": "12D01", "reason": "现场确认为危险化学品爆炸"}),
        ("plan", f"{incident}-chemical", "StartPlan", {"plan": "chemical", "incident": incident}),
        ("plan", f"{incident}-chemical", "TickStep", {"step": "what", "note": "二甲苯约八吨,储罐已喷淋降温"}),
        ("incident", incident, "DraftSubmission", {"kind": "首报"}),
        ("fault", "f1", "RecordFault", _fault(here, incident)),
        ("instruction", "b1", "LogInstruction", _instruction(here, incident)),
        ("instruction", "b1", "PassOn", {"unit": "D-XF", "answer_by": here.clock.now() + 3_600 * SECOND}),
        ("dispatch", "d1", "StartDispatch", DISPATCH),
        ("roster", "2026-11", "PlanRoster", {"month": "2026-11"}),
        ("check", "c1", "StartCheck", {"unit": "370212002"}),
    ):
        await here.post(f"/api/{kind}/{id}/{command}", fields)
    report = (await here.rows("submission"))[-1]
    await here.post(f"/api/submission/{report['id']}/CheckSubmission", {"version": report["draft"]["version"]})
    ids = {name: (await here.rows(name))[-1]["id"] for name in ("circular", "dispatch")}
    return {"id": incident, "report": report["id"], **ids}


DISPATCH = {"text": "各区市低温雨雪防范情况", "units": ["370202", "370203", "370211"], "every_minutes": 60}


def _instruction(here: Town, incident: str) -> dict[str, Any]:
    said = "全力搜救失联人员,严防次生灾害,每小时报告一次。"
    return {"text": said, "leader": "L-01", "said_at": here.clock.now(), "incident": incident}


def _fault(here: Town, incident: str) -> dict[str, Any]:
    said = {"kind": "missed", "unit": "370202001", "grounds": "群众16时20分已向12345反映,街道未报"}
    return said | {"incident": incident, "happened_at": here.clock.now() - MINUTE}


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
            browser = await player.chromium.launch(
                executable_path=shutil.which("chromium"), args=[*CHROMIUM_ARGS, "--lang=zh-CN"]
            )
            aside = await browser.new_page()
            async for name, picture in _pictures(browser, here, incident):
                yield name, await palette.smaller(aside, picture)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screens"))
