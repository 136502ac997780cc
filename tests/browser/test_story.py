"""The README's steps in a real browser, with `scripts/run` and the real clock: a phone, a desk, a page that expires, a shift's end."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio
from playwright.async_api import APIResponse, Browser, BrowserContext, Error, Page, expect

from tests.services import free_port

ROOT = Path(__file__).parents[2]
PHONE = "+8612000001020"
OFFICER = "+8612000009101"
REPORT = "香港中路8号写字楼冒烟,2人被困"
STEP = 60  # seconds of the shipped policy's first step


@dataclass
class Running:
    """Both programs as scripts/run starts them, from the outside."""

    desk: str
    phones: str
    password: str


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    port = free_port()
    data = tmp_path / "data"
    process = await asyncio.create_subprocess_exec(
        str(ROOT / "scripts" / "run"),
        f"--port={port}",
        f"--data={data}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={name: value for name, value in os.environ.items() if name != "CI"},
        start_new_session=True,
    )
    try:
        yield await _started(process, port)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 60)


async def _started(process: asyncio.subprocess.Process, port: int) -> Running:
    assert process.stdout is not None
    said, password = "", ""
    async with asyncio.timeout(120):
        while line := (await process.stdout.readline()).decode("utf-8", "replace"):
            said += line
            if "password: " in line:
                password = line.split("password: ")[1].strip()
            if "DutyDesk http" in line:
                return Running(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}", password)
    raise AssertionError(f"scripts/run ended: {said}")


async def _ready(context: BrowserContext, url: str) -> APIResponse:
    """The first answer: the address is said a moment before it listens."""
    async with asyncio.timeout(60):
        while True:
            with suppress(Error):
                return await context.request.get(url)


async def test_the_readme_steps_work_in_a_browser(running: Running, browser: Browser) -> None:
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    desk, phones = await context.new_page(), await context.new_page()
    wrong: list[str] = []
    desk.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    desk.on("pageerror", lambda e: wrong.append(str(e)))

    ready = await _ready(context, f"{running.desk}/readyz")
    assert ready.ok, await ready.text()
    await _sign_in(desk, running)
    await phones.goto(running.phones)
    await _choose(phones, PHONE)
    await phones.get_by_test_id("sms-input").fill(REPORT)
    await phones.get_by_test_id("sms-send").click()
    strip = desk.locator("[data-testid^='incident-']").first
    await expect(strip).to_be_visible()
    await expect(strip).to_contain_text("香港中路")
    await expect(phones.get_by_test_id("sms-thread")).to_contain_text("已收到")

    await _choose(phones, OFFICER)
    await expect(phones.get_by_test_id("call-answer")).to_be_visible(timeout=(STEP + 20) * 1000)
    await phones.get_by_test_id("call-answer").click()
    await expect(phones.get_by_test_id("call-said")).to_contain_text("签收请按")
    await phones.get_by_test_id("key-1").click()
    await strip.click()
    await expect(desk.get_by_test_id("detail")).to_contain_text("值班员甲")

    await _end_the_shift(desk)
    await _read_the_circular(desk)
    assert wrong == []
    await context.close()


async def _sign_in(desk: Page, running: Running) -> None:
    await desk.goto(running.desk)
    await desk.locator("input[name=username]").fill("officer")
    await desk.locator("input[name=password]").fill(running.password)
    await desk.locator("button[type=submit]").click()
    await expect(desk.get_by_test_id("call-box")).to_be_visible()


async def _choose(phones: Page, number: str) -> None:
    await phones.get_by_test_id("phone-filter").fill(number[-4:])
    await phones.get_by_test_id(f"phone-{number}").click()


async def _end_the_shift(desk: Page) -> None:
    await desk.get_by_test_id("view-watches").click()
    await desk.get_by_test_id("end-watch").click()
    await desk.get_by_test_id("dialog-submit").click()


async def _read_the_circular(desk: Page) -> None:
    await desk.get_by_test_id("view-circulars").click()
    first = desk.locator("[data-testid^='circular-']").first
    await first.click()
    figure = desk.get_by_test_id("count-received")
    await expect(figure).to_contain_text("1")
    await figure.click()
    await expect(desk.get_by_test_id("drawer")).to_contain_text(REPORT)
