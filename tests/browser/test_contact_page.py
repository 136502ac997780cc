"""The contact's page on a phone, against the real desk: without a script, over a network that goes away, with photos, with one thumb."""

import random
import re
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import LISTEN
from tests.browser.test_barriers import barriers
from tests.web.city import City, city
from tests.web.test_pairs import paired

PHONE: ViewportSize = {"width": 360, "height": 640}


@pytest_asyncio.fixture(loop_scope="session")
async def here(tmp_path: Path) -> AsyncIterator[City]:
    async with city(tmp_path) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True)
    await context.add_init_script(LISTEN)
    yield context
    await context.close()


async def opened(context: BrowserContext, here: City) -> tuple[Page, list[str]]:
    page, complaints = await context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(here.origin + here.link("report", "", "contact:C1"))
    return page, complaints


async def texts(here: City) -> list[str]:
    rows = (await (await here.get("/api/message")).json())["rows"]
    return [row["text"] for row in reversed(rows)]


async def test_a_phone_without_scripts_reports_and_answers(browser: Browser, here: City):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(here.origin + here.link("report", "", "contact:C1"))
    await page.locator("summary").click()
    await expect(page.get_by_label("什么地点")).to_be_visible()
    await expect(page.locator("#locate")).to_be_hidden()  # without a script it can find nothing
    await page.get_by_label("发生了什么").fill("仓库冒烟")
    await page.get_by_role("button", name="上报").first.click()
    await expect(page.get_by_role("status").first).to_contain_text(re.compile(r"来报号\s*\d"))
    assert await texts(here) == ["仓库冒烟"]
    await here.incident("仓库着火了")
    await page.goto(page.url)
    await page.get_by_role("button", name="签收").first.click()
    await expect(page.get_by_role("status").first).to_contain_text("已签收")
    await context.close()


async def test_keys_are_large_nothing_overflows_and_there_are_no_barriers(phone: BrowserContext, here: City):
    await here.incident("仓库着火了,火势很大,请求支援" * 6)
    page, complaints = await opened(phone, here)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for button in await page.locator("button:visible, summary:visible").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    assert await barriers(page) == []
    assert complaints == []


async def test_what_is_written_without_a_network_is_kept_over_a_restart_and_sent_once(
    phone: BrowserContext, here: City
):
    page, _ = await opened(phone, here)
    await page.evaluate("navigator.serviceWorker.ready")
    await page.reload()  # now by the worker, which keeps what it fetches
    await page.wait_for_function("navigator.serviceWorker.controller !== null")
    await phone.set_offline(True)
    await page.reload()
    await page.get_by_label("发生了什么").fill("没有信号,山体滑坡")
    await page.get_by_role("button", name="上报").first.click()
    await expect(page.locator("#kept")).to_contain_text("已存在手机里")
    await page.close()
    again = await phone.new_page()
    await again.goto(here.origin + here.link("report", "", "contact:C1"))
    await expect(again.locator("#kept")).to_contain_text("山体滑坡")
    assert await texts(here) == []
    await phone.set_offline(False)
    await again.evaluate("dispatchEvent(new Event('online'))")
    await expect(again.locator("#kept")).to_contain_text(re.compile(r"来报号 \d"))
    assert await texts(here) == ["没有信号,山体滑坡"]


async def test_a_half_written_report_survives_the_page(phone: BrowserContext, here: City):
    page, _ = await opened(phone, here)
    await page.get_by_label("发生了什么").fill("写到一半")
    await page.reload()
    await expect(page.get_by_label("发生了什么")).to_have_value("写到一半")


async def test_a_large_photo_is_made_small_on_the_phone(phone: BrowserContext, here: City):
    page, complaints = await opened(phone, here)
    await page.get_by_text("还知道的话").click()
    large = noise(2400, 1200)
    assert len(large) > 1_000_000
    await page.get_by_label("照片").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": large})
    await page.get_by_role("button", name="上报").first.click()
    await expect(page.locator("#kept")).to_contain_text("来报号")
    media = (await (await here.get("/api/message")).json())["rows"][0]["media"]
    kept = await here.one("blob", media[0]["digest"])
    assert kept[0] == "image/jpeg"
    assert len(kept[1]) < len(large) / 2
    assert complaints == []


async def test_where_the_phone_stands_comes_along_only_when_asked(browser: Browser, here: City):
    context = await browser.new_context(
        viewport=PHONE, geolocation={"latitude": 36.0671, "longitude": 120.3826, "accuracy": 12}
    )
    await context.grant_permissions(["geolocation"])
    page, _ = await opened(context, here)
    await page.get_by_text("还知道的话").click()
    await page.get_by_role("button", name="附上我的位置").click()
    await expect(page.locator("#locate")).to_contain_text("12 m")
    await page.get_by_label("发生了什么").fill("在这里")
    await page.get_by_role("button", name="上报").first.click()
    await expect(page.locator("#kept")).to_contain_text("来报号")
    row = (await (await here.get("/api/message")).json())["rows"][0]
    assert row["form"]["position"] == "36.06710,120.38260,12"
    await context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_question_is_answered_in_the_same_page(browser: Browser, here: City, theme):
    context = await browser.new_context(viewport=PHONE, color_scheme=theme)
    incident = await here.incident("仓库着火了")
    page, _ = await opened(context, here)
    assert await barriers(page) == []
    await page.get_by_text("写几句再签收").first.click()
    await page.locator(".question textarea").fill("无人员伤亡")
    await page.get_by_role("button", name="签收并发送").click()
    await expect(page.locator("#kept")).to_contain_text("已签收")
    assert (await here.row("page", f"{incident}-1"))["answer"] == "无人员伤亡"
    await context.close()


def noise(width: int, height: int) -> bytes:
    """A picture that no coder makes small by itself."""
    chance, rows = random.Random(1), bytearray()
    for _ in range(height):
        rows += b"\0" + chance.randbytes(width // 5) * 15
    packed = zlib.compress(bytes(rows), 0)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


async def test_a_question_about_pairs_has_two_large_keys_a_pair_and_no_barriers(phone: BrowserContext, here: City):
    await paired(here)
    assert (await here.post("/api/pairing/370281001/AskPairs", {"unit": "370281001"})).status == 200
    page = await phone.new_page()
    await page.goto(here.origin + here.link("page", "p370281001-1", "contact:C1"))
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert await barriers(page) == []
    await page.get_by_role("button", name="不对,要改").click()
    await expect(page.get_by_role("alert")).to_contain_text("请写明")
    await page.get_by_label("不对的,写明怎么改").fill("王1换成李工")
    await page.get_by_role("button", name="不对,要改").click()
    await expect(page.get_by_role("status")).to_contain_text("已收到")
    await expect(page.get_by_text("您说不对:")).to_contain_text("李工")
