"""Two officers at the real desk: who else is here, who has it in hand, and taking it over in sight of both."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from dutydesk.domain.directory import Unit
from dutydesk.domain.policies import AdoptRules, ListUnit
from dutydesk.domain.rules import Security
from dutydesk.store.store import head as head_of
from dutydesk.web.auth import set_password
from tests.browser.conftest import LISTEN, SIZE
from tests.web.city import RULES, City, city


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


async def test_left_alone_it_locks_goes_on_showing_and_the_first_act_asks_for_the_password(
    browser: Browser, here: City
):
    rules = RULES.model_copy(update={"security": Security(idle_minutes=15)})
    await here.hub.handle("rules/main", AdoptRules(rules=rules, digest="y"), key="", by="test")
    await set_password(here.hub, "officer", "correct horse")
    incident = await here.incident("仓库着火了")
    async with seated(browser, here, "officer", f"desk/{incident}") as (page, _):
        await page.evaluate("const before = Date.now; Date.now = () => before() + 16 * 60000")
        await expect(page.get_by_test_id("locked")).to_be_visible()
        another = await here.incident("桥塌了", sender="+8612000000202")
        await here.parts.live.tick()
        await expect(page.get_by_test_id(f"incident-{another}")).to_be_visible()
        await page.get_by_test_id("sign-for").click()
        await page.get_by_test_id("field-password").fill("wrong one")
        await page.get_by_test_id("dialog-submit").click()
        await expect(page.get_by_test_id("dialog")).to_contain_text("密码不对")
        await page.get_by_test_id("field-password").fill("correct horse")
        await page.get_by_test_id("dialog-submit").click()
        await expect(page.get_by_test_id("locked")).to_be_hidden()
        await expect(page.get_by_test_id("detail")).to_contain_text("officer名 签收")
        assert (await here.row("incident", incident))["signed_by"] == "user:officer"


async def test_the_journal_is_proved_from_the_screen(browser: Browser, here: City):
    async with seated(browser, here, "auditor", "audit") as (page, wrong):
        await page.get_by_test_id("verify-journal").click()
        await expect(page.get_by_test_id("verdict")).to_contain_text("完整")
        head = await here.hub.read(head_of)
        await page.get_by_test_id("checkpoint").fill(json.dumps({"seq": head.seq, "hash": head.hash}))
        await page.get_by_test_id("compare").click()
        await expect(page.get_by_test_id("compared")).to_contain_text("对得上")
        await page.get_by_test_id("checkpoint").fill(f"{head.seq}:{'0' * 64}")
        await page.get_by_test_id("compare").click()
        await expect(page.get_by_test_id("compared")).to_contain_text("对不上")
        assert wrong == []


async def test_an_administrator_adds_and_removes_a_user_by_the_keyboard(browser: Browser, here: City):
    async with seated(browser, here, "administrator") as (page, wrong):
        await page.keyboard.press("g")
        await page.keyboard.press("a")
        await page.keyboard.press("n")
        for name, value in (("username", "qian"), ("name", "钱进"), ("password", "correct horse")):
            await page.get_by_test_id(f"field-{name}").fill(value)
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_test_id("dialog")).to_be_hidden()
        await here.parts.live.tick()
        await expect(page.get_by_test_id("user-qian")).to_contain_text("钱进")
        await page.get_by_test_id("remove-qian").click()
        await page.get_by_test_id("dialog-submit").click()
        await here.parts.live.tick()
        await expect(page.get_by_test_id("user-qian")).to_contain_text("已停用")
        assert wrong == []


@asynccontextmanager
async def awaiting(
    view: str, key: str, browser: Browser, here: City, username: str = "administrator"
) -> AsyncIterator[tuple[Page, asyncio.Event]]:
    """A console one of whose views comes when the event is set; it has been asked for by the keyboard."""
    arrive = asyncio.Event()

    async def late(route: Route) -> None:
        await arrive.wait()
        await route.continue_()

    async with seated(browser, here, username) as (page, wrong):
        await page.route(f"**/app/views/{view}.js", late)
        await page.reload()
        await expect(page.get_by_test_id("health")).to_contain_text("已连接")
        await page.keyboard.press("g")
        await page.keyboard.press(key)
        await expect(page.locator("main[aria-busy]")).to_be_attached()
        yield page, arrive
        arrive.set()
        assert wrong == []


async def test_what_is_typed_while_a_view_is_on_its_way_is_done_in_it(browser: Browser, here: City):
    async with awaiting("admin", "a", browser, here) as (page, arrive):
        await page.keyboard.press("n")
        await page.keyboard.press("n")  # would be typed into what the first opens
        arrive.set()
        await expect(page.get_by_test_id("field-username")).to_be_focused()
        await expect(page.get_by_test_id("field-username")).to_have_value("")


async def test_a_call_is_typed_at_once_while_a_view_is_on_its_way(browser: Browser, here: City):
    async with awaiting("admin", "a", browser, here) as (page, arrive):
        await page.keyboard.press("n")
        await page.keyboard.type("/north")
        await expect(page.get_by_test_id("call-box")).to_have_value("north")
        arrive.set()
        await expect(page.get_by_test_id("add-user")).to_be_visible()
        await page.keyboard.type("ern")
        await expect(page.get_by_test_id("call-box")).to_have_value("northern")
        await expect(page.get_by_test_id("dialog")).to_have_count(0)


async def test_what_was_typed_for_a_view_is_not_done_in_another(browser: Browser, here: City):
    incident = await here.incident("仓库着火了")
    async with awaiting("checks", "k", browser, here, "officer") as (page, _):
        await page.keyboard.press("a")  # at an incident it signs for it
        await page.evaluate("(id) => { location.hash = `#/desk/${id}` }", incident)
        await expect(page.get_by_test_id("sign-for")).to_be_visible()
        await page.keyboard.press("?")
        await expect(page.get_by_test_id("keys-sheet")).to_be_visible()
        assert (await here.row("incident", incident))["signed_by"] == ""


async def test_views_of_administration_are_not_offered_to_an_officer(browser: Browser, here: City):
    async with seated(browser, here, "officer") as (page, _):
        await expect(page.get_by_test_id("view-map")).to_be_visible()
        await expect(page.get_by_test_id("view-admin")).to_have_count(0)
        await expect(page.get_by_test_id("view-audit")).to_have_count(0)
