"""A stand-in desk on a free port, and a page that remembers whatever a browser complains about."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.browser.stand_in import StandIn
from tests.services import CHROMIUM_ARGS, free_port

SIZE: ViewportSize = {"width": 1440, "height": 900}
expect.set_options(timeout=25_000)  # milliseconds; machines are shared, and a screen that never comes still fails
LISTEN = """
addEventListener("securitypolicyviolation", (event) => console.error("CSP " + event.violatedDirective + " " + event.blockedURI));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all of this folder, because one browser serves all: starting one for each test takes longer than the tests."""
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in filter(pytest_asyncio.is_async_test, ours):
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium; each test has a context of its own in it."""
    path = shutil.which("chromium") or pytest.skip("chromium is not installed")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk() -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    runner = web.AppRunner(stand_in.app())
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    stand_in.url = f"http://127.0.0.1:{port}"
    yield stand_in
    await runner.cleanup()


class Complaints(list[str]):
    """What the browser complained about; an officer's lost line is expected where a test cuts it."""

    def beside_the_line(self) -> list[str]:
        return [text for text in self if "WebSocket" not in text and "Failed to load resource" not in text]


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, desk: StandIn, complaints: Complaints) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=SIZE, locale="zh-CN")
    await context.add_init_script(LISTEN)
    made = await context.new_page()
    made.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    await context.close()
