"""Two officers at the real desk: who else is here, who has it in hand, and taking it over in sight of both."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

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
