"""An officer alone in a storm: three hundred messages in ten minutes, the keyboard only, the line cut; nothing lost, nothing doubled."""

import random
from typing import Any

import pytest
from playwright.async_api import Page, expect

from dutydesk.clock import MINUTE, SECOND
from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_feed import opened

MESSAGES, MINUTES = 300, 10
REAL = range(0, MESSAGES, 25)  # of them incidents that nobody has signed for yet
STEP = MESSAGES // MINUTES


async def minute(desk: StandIn, n: int, chance: random.Random) -> None:
    """What a minute of the storm brings: messages, repeats of rows, and now and then an incident with its page."""
    now = desk.clock.now() + desk.shift
    batch = [samples.message(k, now - chance.randrange(60) * SECOND) for k in range(n * STEP, (n + 1) * STEP)]
    await desk.put("message", *batch)
    for k in (k for k in REAL if n * STEP <= k < (n + 1) * STEP):
        incident = samples.incident(k, now)
        await desk.put("incident", incident)
        await desk.put("page", samples.page(incident, now, 3))
    await desk.put("message", *chance.sample(batch, 5))  # rows that changed again


def signed(desk: StandIn) -> dict[str, str]:
    return {id: row["signed_by"] for (kind, id), row in desk.rows.items() if kind == "incident"}


def unsigned(desk: StandIn) -> list[str]:
    return [id for id, by in signed(desk).items() if not by]


async def sign_all(page: Page, desk: StandIn) -> None:
    """By k, j, Enter and a only: to the top, down to what nobody has, and sign for it."""
    for id in unsigned(desk):
        for _ in signed(desk):
            await page.keyboard.press("k")
        for _ in signed(desk):
            if await page.evaluate("document.activeElement.dataset.testid ?? ''") == f"incident-{id}":
                break
            await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("sign-for")).to_be_visible()
        await page.keyboard.press("a")
        await expect(page.get_by_test_id("sign-for")).to_have_count(0)


async def type_a_call(page: Page, n: int) -> str:
    text = f"第{n}通电话:某处积水"
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await page.keyboard.type(text)
    await page.keyboard.press("Control+Enter")
    await page.keyboard.press("Escape")
    return text


@pytest.mark.parametrize("cuts", [(), (3, 7)], ids=["on a good line", "cut twice"])
async def test_an_officer_alone_in_a_storm_by_the_keyboard(
    page: Page, desk: StandIn, complaints: Complaints, cuts: Any
):
    chance, typed = random.Random(7), []
    await opened(page, desk)
    for n in range(MINUTES):
        if n in cuts:
            await desk.cut()
            await expect(page.get_by_test_id("health")).not_to_contain_text("已连接")
        await minute(desk, n, chance)
        typed.append(await type_a_call(page, n))
        if n in cuts:
            await expect(page.get_by_test_id("act-unsent").first).to_be_visible()
            desk.back()
            await page.evaluate("dispatchEvent(new Event('online'))")
            await expect(page.get_by_test_id("health")).to_contain_text("已连接")
        await sign_all(page, desk)
        desk.shift += MINUTE
    await expect(page.get_by_test_id("unsent")).to_be_hidden()
    assert set(signed(desk).values()) == {"user:zhang"}
    calls = [fields["text"] for path, fields in desk.calls if path == "calls"]
    assert sorted(calls) == sorted(typed)
    signs = [path for path, _ in desk.calls if path.endswith("SignForIncident")]
    assert sorted(signs) == sorted(f"incident/{id}/SignForIncident" for id in signed(desk))
    held = await page.evaluate("import('/static/app/store.js').then((store) => store.openRows())")
    fresh = {(kind, row["id"]): row["seq"] for kind, rows in held.items() for row in rows}
    assert fresh == {key: row["seq"] for key, row in desk.rows.items() if row["open"]}
    assert complaints.beside_the_line() == []


async def test_what_was_being_typed_outlives_the_hub(page: Page, desk: StandIn):
    await opened(page, desk)
    await page.keyboard.press("/")
    await page.keyboard.type("写到一半,值班机断电")
    await expect(page.locator(".callbox")).to_contain_text("已存")
    await desk.cut()
    await page.keyboard.type(",接着写")
    desk.back()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.get_by_test_id("health")).to_contain_text("已连接")
    await page.reload()
    await expect(page.get_by_test_id("call-box")).to_have_value("写到一半,值班机断电,接着写")


async def test_the_palette_finds_what_stands_on_the_board_and_people(page: Page, desk: StandIn):
    now = desk.clock.now()
    await desk.put("incident", samples.incident(1, now), samples.incident(2, now))
    await desk.put("message", samples.message(9, now))
    await opened(page, desk)
    await page.keyboard.press(".")
    box = page.get_by_test_id("palette").get_by_role("combobox")
    await box.fill("20261123-002")
    await expect(page.get_by_role("option").first).to_contain_text("20261123-002")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("detail")).to_contain_text("20261123-002")
    await page.keyboard.press(".")
    await box.fill("康仁刚")
    await page.get_by_role("option", name="市南区应急管理局 康仁刚").click()
    await expect(page.get_by_test_id("found-C-370202-A")).to_be_visible()


async def test_a_drill_frames_the_whole_screen_as_nothing_else_does(page: Page, desk: StandIn):
    await opened(page, desk)
    frame = "getComputedStyle(document.body, '::after').borderTopWidth"
    assert await page.evaluate(frame) != "8px"
    drill = {"id": "d1", "open": True, "drill": True, "division": "", "name": "全市拉动", "addresses": []}
    await desk.put("drill", drill)
    await expect(page.locator("html[data-drill]")).to_have_count(1)
    assert await page.evaluate(frame) == "8px"
    await page.keyboard.press("g")
    await page.keyboard.press("w")
    await expect(page.get_by_test_id("wall")).to_contain_text("全市拉动")
    await desk.put("drill", drill | {"open": False})
    await expect(page.locator("html[data-drill]")).to_have_count(0)
