"""A stand-in desk on a free port, and a page that remembers whatever a browser complains about."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, ViewportSize

from tests.browser.stand_in import StandIn
from tests.services import free_port

SIZE: ViewportSize = {"width": 1440, "height": 900}
LISTEN = """
addEventListener("securitypolicyviolation", (event) => console.error("CSP " + event.violatedDirective + " " + event.blockedURI));
"""


@pytest.fixture
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


@pytest.fixture
async def page(browser: Browser, desk: StandIn, complaints: Complaints) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=SIZE, locale="zh-CN")
    await context.add_init_script(LISTEN)
    made = await context.new_page()
    made.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    await context.close()
