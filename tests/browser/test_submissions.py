"""A report from the draft to the sending, at the screen of a real desk: by keys alone, the draft following the facts meanwhile."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from dutydesk import contacts
from dutydesk.reading.levels import load_levels
from dutydesk.reading.worker import ReaderPool, Setup
from tests.browser.conftest import SIZE, Complaints
from tests.desk.town import PASSWORD, ROOT, Town, town

BLAST = "泊里镇港前大道88号澜渚石化2号反应釜爆炸,1人死亡,5人受伤"


@pytest_asyncio.fixture(loop_scope="session")
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """The sample city with mail, and one explosion signed for."""
    reader = ReaderPool(
        Setup(contacts.load(ROOT / "contacts"), load_levels(ROOT / "config" / "levels.toml")), budget=2.0, spares=0
    )
    try:
        async with town(tmp_path, reader, mail=True) as made:
            phone = made.desk.hub.folds.directory.contacts_of["E-370211103-01"][0].phones[0]
            await made.telco.phone(phone).send(BLAST)
            await made.telco.settle()
            incident = (await made.one("incident"))["id"]
            await made.sign_in("leader")
            await made.post(f"/api/incident/{incident}/SignForIncident", {})
            yield made
    finally:
        reader.close()


async def signed_in(browser: Browser, here: Town, complaints: Complaints, address: str = "/") -> Page:
    context = await browser.new_context(viewport=SIZE, locale="zh-CN")
    page = await context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{here.url}/sign-in")
    await page.locator("[name=username]").fill("leader")
    await page.locator("[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("view-submissions")).to_be_visible()
    await page.goto(f"{here.url}{address}")
    return page


async def test_drafted_checked_signed_and_sent_by_keys(browser: Browser, here: Town, complaints: Complaints) -> None:
    incident = (await here.one("incident"))["id"]
    page = await signed_in(browser, here, complaints, f"/#/incidents/{incident}")
    await expect(page.get_by_test_id("submissions-of")).to_contain_text("还没有上报")
    await page.keyboard.press("d")
    shown = page.get_by_test_id("submission")
    await expect(shown).to_contain_text("(首报)")
    await expect(shown).to_contain_text("死亡:1人(未核实)")
    await expect(page.get_by_test_id("step-draft")).to_have_class("was")

    await page.get_by_test_id("write-measures").click()
    await page.get_by_test_id("field-text").fill("消防、应急已到场")
    await page.keyboard.press("Control+Enter")
    await expect(shown).to_contain_text("已采取措施:消防、应急已到场")
    await here.post(f"/api/incident/{incident}/FixFigure", {"name": "deaths", "value": 2, "reason": "医院核实"})
    await expect(shown).to_contain_text("死亡:2人。")

    await page.keyboard.press("s")
    await expect(page.get_by_test_id("step-check")).to_have_class("was")
    await page.keyboard.press("s")
    await expect(page.get_by_test_id("dialog")).to_contain_text("签发的是刚才看过的这一稿")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("step-sign")).to_contain_text("带班领导乙")
    await page.keyboard.press("s")
    await expect(page.get_by_test_id("check-office")).to_be_checked()
    await expect(page.get_by_test_id("check-state")).not_to_be_checked()
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("line-office")).to_be_visible()
    first = await page.locator(".lines, .draft-beside").first.get_attribute("class")
    assert first == "units lines"  # once it is out, whom it reached is what one looks for
    await here.telco.settle()
    await here.telco.phone("+8612000009010").expect_sms("首报", "死亡2人")
    await expect(page.get_by_test_id("line-province-safety")).to_contain_text("已发出")
    await expect(page.get_by_test_id("line-province-safety")).to_contain_text("还没有签收")
    await here.advance(21)
    await expect(page.get_by_test_id("line-province-safety")).to_contain_text("到时未签收,请电话确认")

    await page.get_by_test_id("receipt-province-safety").click()
    await page.get_by_test_id("field-who").fill("省安委办周")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("line-province-safety")).to_contain_text("省安委办周")
    await page.goto(f"{here.url}/#/incidents/{incident}")
    await page.reload()  # a fresh board leaves finished reports out; the incident still shows them
    await expect(page.get_by_test_id(f"submission-{incident}-1")).to_contain_text("已办结")
    await page.get_by_test_id("times").locator("summary").click()
    await expect(page.get_by_test_id("times")).to_contain_text(re.compile("书面发出.*省安委会办公室"))
    await page.goto(f"{here.url}/submissions/{incident}-1")
    await expect(page.locator("article")).to_contain_text("签发:带班领导乙")
    assert complaints.beside_the_line() == []
    await page.context.close()


async def test_a_report_by_telephone_reads_its_script_and_names_who_was_told(
    browser: Browser, here: Town, complaints: Complaints
) -> None:
    incident = (await here.one("incident"))["id"]
    page = await signed_in(browser, here, complaints, f"/#/incidents/{incident}")
    await page.get_by_test_id("tell-by-phone").click()
    await expect(page.get_by_test_id("dialog")).to_contain_text("请复述并告知您的姓名")
    await page.get_by_test_id("field-addressee").select_option("province-safety")
    await page.get_by_test_id("field-whom").fill("省安委办周")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id(f"obligation-{incident}-safety-phone")).to_contain_text("省安委办周")
    await page.get_by_test_id("transfer").click()
    await page.get_by_test_id("field-unit").fill("消防救援")
    await page.get_by_test_id("field-reason").fill("属消防处置")
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("transfers")).to_contain_text("未签收")
    await here.sign_in("leader")
    await here.post(f"/api/incident/{incident}/CloseIncident", {"outcome": "elsewhere", "reason": "已由消防处置"})
    await expect(page.get_by_test_id("transfers")).to_contain_text("事件已了结,对方始终未签收")
    assert complaints.beside_the_line() == []
    await page.context.close()
