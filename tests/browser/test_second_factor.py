"""A security key in a real browser: Chromium's virtual authenticator is added on one's own page and opens the desk the next time."""

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from dutydesk import contacts
from dutydesk.app import Desk, build
from dutydesk.clock import SystemClock
from dutydesk.domain.users import AddUser
from dutydesk.reading.levels import load_levels
from dutydesk.reading.worker import ReaderPool, Setup
from dutydesk.simulator import Telco
from dutydesk.web.auth import set_password
from tests.desk.town import PASSWORD, ROOT, sample_settings
from tests.services import free_port

SETUP = Setup(contacts.load(ROOT / "contacts"), load_levels(ROOT / "config" / "levels.toml"))


async def test_a_security_key_is_added_and_opens_the_desk(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://localhost:{port}"  # a key belongs to a name, never to a bare address (WebAuthn 3, 5.1.2)
    async with Telco(timeout=30) as telco:
        settings = sample_settings(tmp_path, telco, url, port)
        (tmp_path / "config" / "security.toml").write_text('second_factor = ["officer"]\n')
        desk = build(settings, clock=SystemClock(), environment=_gateway(telco), reader=ReaderPool(SETUP, spares=0))
        await desk.open()
        await desk.serve()
        try:
            await _user(desk)
            context = await browser.new_context(locale="zh-CN")
            page = await context.new_page()
            devtools = await context.new_cdp_session(page)
            await devtools.send("WebAuthn.enable")
            await devtools.send(
                "WebAuthn.addVirtualAuthenticator",
                {
                    "options": {
                        "protocol": "ctap2",
                        "transport": "usb",
                        "hasUserVerification": True,
                        "isUserVerified": True,
                    }
                },
            )
            await _password(page, url)
            await expect(page.get_by_test_id("lacking")).to_be_visible()
            form = page.get_by_test_id("add-key")
            await form.locator("[name=label]").fill("办公室钥匙")
            await form.locator("[name=password]").fill(PASSWORD)
            await form.get_by_role("button").click()
            await expect(page.locator(".factors")).to_contain_text("办公室钥匙")
            await expect(page.get_by_test_id("lacking")).to_have_count(0)

            await context.clear_cookies()
            await _password(page, url)
            await page.get_by_test_id("use-key").click()
            await expect(page.get_by_test_id("view-desk")).to_be_visible()
            await context.close()
        finally:
            await desk.stop()


def _gateway(telco: Telco) -> dict[str, str]:
    return {
        "DUTYDESK_GATEWAY_MAINLAND_URL": f"{telco.url}/gateway/mainland",
        "DUTYDESK_GATEWAY_MAINLAND_SECRET": telco.account.mainland_secret,
    }


async def _user(desk: Desk) -> None:
    await desk.hub.handle("user/officer", AddUser(name="李文静", role="officer"), key="", by="test")
    await set_password(desk.hub, "officer", PASSWORD)


async def _password(page: Page, url: str) -> None:
    await page.goto(f"{url}/sign-in")
    await page.fill("[name=username]", "officer")
    await page.fill("[name=password]", PASSWORD)
    await page.locator("[data-testid=sign-in] button").click()
