"""A newcomer's first report: a call typed in, a second message joined to it, asked about, drafted, signed with a second factor, sent.

Every touch of the keyboard is counted: the way must stay short, whatever the machine's speed.
"""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from dutydesk import contacts
from dutydesk.clock import SECOND
from dutydesk.reading.levels import load_levels
from dutydesk.reading.worker import ReaderPool, Setup
from tests.browser.conftest import LISTEN, SIZE, Complaints
from tests.desk.town import PASSWORD, ROOT, Town, town

SETUP = Setup(contacts.load(ROOT / "contacts"), load_levels(ROOT / "config" / "levels.toml"))
CALL = "香港中路8号写字楼起火,2人被困,消防已到场"
SECOND_SMS = "市南区这边着火了,好大的烟,有人被困在楼里"
STRANGER = "+8612000005551"
OFFICE = "+8612000009010"  # the first whom such a report goes to
MOST = 19  # touches from the telephone's ring to the report sent, the leader's among them
FACTOR = 'second_factor = ["shift_leader"]\nsignature_minutes = 10\n'


class Hands:
    """One person at one console by the keyboard only; a text typed in one go is one touch."""

    touches = 0

    def __init__(self, page: Page) -> None:
        self.page = page

    async def press(self, *keys: str) -> None:
        for key in keys:
            Hands.touches += 1
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        Hands.touches += 1
        await self.page.keyboard.insert_text(text)


@pytest_asyncio.fixture(loop_scope="session")
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """The sample city as it is shipped, with the second factor that signatures ask for."""
    reader = ReaderPool(SETUP, budget=2.0, spares=0)
    for name in ("config", "contacts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "config" / "security.toml").write_text(FACTOR)
    try:
        async with town(tmp_path, reader) as made:
            yield made
            await made.whole()
    finally:
        reader.close()


async def console(browser: Browser, url: str, username: str, complaints: Complaints, password: str = PASSWORD) -> Page:
    """Signed in at a console of one's own."""
    context = await browser.new_context(viewport=SIZE, locale="zh-CN")
    await context.add_init_script(LISTEN)
    page = await context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{url}/sign-in")
    await page.get_by_label("用户名").fill(username)
    await page.get_by_label("密码").fill(password)
    await page.keyboard.press("Enter")
    return page


async def enrolled(page: Page, here: Town) -> pyotp.TOTP:
    """The leader adds an authenticator app, as the desk asks of whoever signs, and goes on to the desk."""
    form = page.get_by_test_id("add-code")
    await form.get_by_label(re.compile("密码")).fill(PASSWORD)
    await form.get_by_role("button").click()
    app = pyotp.TOTP(await page.get_by_test_id("secret").inner_text())
    await page.get_by_test_id("confirm-code").get_by_role("textbox").fill(app.at(here.clock.now() // SECOND))
    await page.keyboard.press("Enter")
    await expect(page.locator(".factors")).to_be_visible()
    await page.goto(here.url)
    return app


async def test_a_newcomer_sends_a_first_report_in_few_touches(
    browser: Browser, here: Town, complaints: Complaints
) -> None:
    Hands.touches = 0
    leaders = await console(browser, here.url, "leader", complaints)
    app = await enrolled(leaders, here)
    await here.advance(11)  # what was proven at the sign-in covers no signature any more
    page = await console(browser, here.url, "officer", complaints)
    await expect(page.get_by_text("没有选中事件")).to_be_visible()
    officer, leader = Hands(page), Hands(leaders)
    await _call_and_second_message(page, officer, here)
    await _asked_and_drafted(page, officer)
    await _signed_and_sent(leaders, leader, here, app)
    assert Hands.touches <= MOST
    await here.telco.settle()
    await here.telco.phone(OFFICE).expect_sms("首报", "被困2人")
    report = await here.one("submission")
    assert report["status"] == "sent"
    assert report["signed_by"] == "带班领导乙"
    assert {line["addressee"] for line in report["lines"]} >= {"office", "duty-head"}
    assert (await here.one("incident"))["place_text"] == "香港中路8号写字楼"
    assert len((await here.one("incident"))["messages"]) == 2
    assert complaints.beside_the_line() == []
    for one in (page, leaders):
        await one.context.close()


async def _call_and_second_message(page: Page, officer: Hands, here: Town) -> None:
    await officer.press("/")
    await officer.type(CALL)
    await expect(page.locator(".preview")).to_contain_text("被困2")
    await officer.press("Control+Enter")
    await expect(page.get_by_test_id("done")).to_contain_text("来电已登记")
    await here.settle()
    detail = page.get_by_test_id("detail")
    # shown without looking for it
    await expect(detail.get_by_role("heading", name="香港中路8号写字楼")).to_be_visible()
    await expect(page.get_by_test_id("done")).to_contain_text("立为")
    await here.telco.phone(STRANGER).send(SECOND_SMS)
    await here.telco.settle()
    await officer.press("Escape", "ArrowLeft")
    await expect(page.get_by_role("listitem").filter(has_text=SECOND_SMS)).to_be_focused()
    await officer.press("b")
    chosen = page.get_by_label("事件", exact=True)
    await expect(chosen.locator("option:checked")).to_contain_text("香港中路8号写字楼")
    await officer.press("Control+Enter")
    await expect(page.get_by_text("没有待处理的来报")).to_be_visible()


async def _asked_and_drafted(page: Page, officer: Hands) -> None:
    await officer.press("v")
    await expect(page.get_by_role("button", name="问这 3 家")).to_be_focused()
    await officer.press("Enter")
    await expect(page.get_by_test_id("truth")).to_have_text("核实中")
    await expect(page.get_by_role("button", name="起草首报")).to_have_class(re.compile("primary"))
    await officer.press("d")
    await expect(page.get_by_role("heading", name="(首报)")).to_be_visible()
    await expect(page.get_by_role("button", name="核对无误")).to_have_class(re.compile("primary"))
    await officer.press("s")
    await expect(page.get_by_test_id("waits-for")).to_contain_text("等待签发:带班领导 带班领导乙。已把链接发到手机")


async def _signed_and_sent(page: Page, leader: Hands, here: Town, app: pyotp.TOTP) -> None:
    strip = page.get_by_role("listitem").filter(has_text="首报 待签发")  # nobody has to look for what waits
    await expect(strip).to_be_visible()
    await leader.press("j", "s")
    await expect(page.get_by_role("button", name="签发")).to_have_class(re.compile("primary"))
    await leader.press("s")
    await expect(page.get_by_role("dialog").get_by_role("button", name="签发")).to_be_focused()
    await leader.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("验证码")
    await leader.type(app.at(here.clock.now() // SECOND))
    await leader.press("Enter")
    await expect(page.get_by_test_id("step-sign")).to_contain_text("带班领导乙")
    await leader.press("s")
    await expect(page.get_by_role("dialog")).to_contain_text("每一方只发一次")
    await leader.press("Control+Enter")
    await expect(page.get_by_test_id("line-office")).to_be_visible()
