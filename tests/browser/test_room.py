"""Two officers at the real desk: who else is here, who has it in hand, and taking it over in sight of both."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from dutydesk.domain.directory import Unit
from dutydesk.domain.policies import ListUnit
from tests.browser.conftest import LISTEN, SIZE
from tests.web.city import City, city


@pytest_asyncio.fixture(loop_scope="session")
async def here(tmp_path: Path) -> AsyncIterator[City]:
    async with city(tmp_path) as made:
        yield made


@asynccontextmanager
async def seated(browser: Browser, here: City, username: str, where: str = "") -> AsyncIterator[tuple[Page, list[str]]]:
    """A console of a user, signed in, and what the browser complained about."""
    token, _ = await here.sign_in(username)
    context = await browser.new_context(viewport=SIZE, locale="zh-CN")
    await context.add_init_script(LISTEN)
    await context.add_cookies([{"name": "dutydesk", "value": token, "url": here.origin}])
    page, complaints = await context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{here.origin}/#/{where}")
    await expect(page.get_by_test_id("health")).to_contain_text("已连接")
    yield page, complaints
    await context.close()


async def test_two_officers_see_each_other_and_one_takes_over(browser: Browser, here: City):
    incident = await here.incident("仓库着火了")
    async with (
        seated(browser, here, "officer", f"desk/{incident}") as (li, wrong_li),
        seated(browser, here, "shift_leader", f"desk/{incident}") as (chen, wrong_chen),
    ):
        await expect(li.get_by_test_id("present")).to_contain_text("shift_leader名")
        await expect(chen.get_by_test_id("looker").first).to_contain_text("officer名 在看")
        await li.get_by_test_id("note").click()
        await expect(chen.get_by_test_id("held-tag").first).to_contain_text("officer名 在改")
        await chen.get_by_test_id("note").click()
        await expect(chen.get_by_test_id("held")).to_contain_text("officer名 正在改这一件")
        await expect(chen.get_by_test_id("dialog-submit")).to_be_disabled()
        await li.get_by_test_id("field-text").fill("写到一半")
        await chen.get_by_test_id("take-over").click()
        await expect(chen.get_by_test_id("dialog-submit")).to_be_enabled()
        await expect(li.get_by_test_id("held")).to_contain_text("shift_leader名")
        await expect(li.get_by_test_id("field-text")).to_have_value("写到一半")
        await expect(li.get_by_test_id("dialog-submit")).to_be_disabled()
        await chen.keyboard.press("Escape")
        await expect(li.get_by_test_id("dialog-submit")).to_be_enabled()
        assert json.dumps(wrong_li + wrong_chen) == "[]"


async def test_the_wall_shows_clocks_and_strips_asks_nothing_and_stays(browser: Browser, here: City):
    await here.watch()
    incident = await here.incident("仓库着火了")
    async with seated(browser, here, "reader", "wall") as (wall, wrong):
        await expect(wall.get_by_test_id(f"wall-{incident}")).to_contain_text("仓库着火了")
        await expect(wall.locator(".rail")).to_be_hidden()
        await expect(wall.locator(".top")).to_be_hidden()
        assert await wall.locator("main input, main button, main textarea").count() == 0
        size = await wall.evaluate("parseFloat(getComputedStyle(document.querySelector('.wall-line h2')).fontSize)")
        assert size >= SIZE["width"] * 0.024  # 3 cm on a screen 120 cm wide, for six metres
        another = await here.incident("桥塌了", sender="+8612000000202")
        await here.parts.live.tick()
        await expect(wall.get_by_test_id(f"wall-{another}")).to_be_visible()
        await wall.keyboard.press("Escape")
        await expect(wall.get_by_test_id("strips")).to_be_visible()
        assert wrong == []


async def test_an_incident_stands_on_the_map_where_it_happened(browser: Browser, here: City):
    for code, name in (("370281", "胶州市"), ("370283", "平度市")):
        unit = Unit(code=code, name=name, kind="district", division=code)
        await here.hub.handle(f"unit/{code}", ListUnit(unit=unit), key="", by="test")
    incident = await here.incident("仓库着火了")
    async with seated(browser, here, "officer", "map") as (page, wrong):
        spot = page.get_by_test_id("place-370281001")
        await expect(spot).to_have_attribute("aria-label", "阜安街道,未了 1 件")
        await expect(page.get_by_test_id("place-370283002")).to_have_attribute("aria-label", "白沙河街道")
        await spot.click()
        await expect(page.get_by_test_id(f"incident-{incident}")).to_be_visible()
        assert wrong == []
