"""Files put beside an incident: chosen, sent, listed with what proves them, refused in words, taken back with a reason."""

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_asking import BLAST
from tests.browser.test_barriers import ALL, barriers
from tests.browser.test_feed import opened

PHOTO: FilePayload = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0" + bytes(400_000)}

PROGRAM: FilePayload = {"name": "a.exe", "mimeType": "image/jpeg", "buffer": b"MZ"}


@pytest.mark.parametrize("width", [1440, 390])
async def test_a_photo_is_attached_listed_and_taken_back(
    page: Page, desk: StandIn, complaints: Complaints, width: int
) -> None:
    await desk.board(samples.small(desk.clock.now()))
    await page.set_viewport_size({"width": width, "height": 900})
    await opened(page, desk, f"/#/desk/{BLAST}")
    section = page.get_by_test_id("attached")
    await expect(section).to_contain_text("随下一份上报送出")
    await page.get_by_test_id("attach").set_input_files([PHOTO])
    await expect(section.get_by_role("link", name="现场.jpg")).to_have_attribute("href", f"/blobs/{'1' * 64}")
    await expect(section).to_contain_text("JPEG · 400 KB · 111111111111")
    path, said = desk.calls[-1]
    assert (path, said["names"]) == (f"files/{BLAST}", ["现场.jpg"])
    assert await barriers(page, ALL) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await section.get_by_role("button", name="撤下").click()
    await page.get_by_test_id("field-reason").fill("附错了")
    await page.keyboard.press("Control+Enter")
    await expect(section.get_by_role("listitem")).to_have_count(0)
    assert desk.calls[-1] == (f"incident/{BLAST}/DetachFile", {"digest": "1" * 64, "reason": "附错了"})
    assert complaints == []


async def test_what_the_desk_refuses_is_said_beside_the_button(page: Page, desk: StandIn) -> None:
    await desk.board(samples.small(desk.clock.now()))
    await opened(page, desk, f"/#/desk/{BLAST}")
    await page.get_by_test_id("attach").set_input_files([PROGRAM])
    await expect(page.get_by_test_id("attached").get_by_role("alert")).to_have_text("只能附照片和 PDF")
    await page.get_by_test_id("attach").set_input_files([PHOTO])
    await expect(page.get_by_test_id("attached").get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
async def test_files_go_with_a_question_to_above_and_what_is_refused_leaves_the_dialog_as_it_was(
    page: Page, desk: StandIn, complaints: Complaints, width: int
) -> None:
    await desk.board(samples.small(desk.clock.now()))
    await page.set_viewport_size({"width": width, "height": 900})
    await opened(page, desk, f"/#/desk/{BLAST}")
    await page.get_by_test_id("ask-above").click()
    await page.get_by_test_id("field-text").fill("可否启用市级安置点")
    await page.get_by_test_id("field-files").set_input_files([PROGRAM])
    assert await barriers(page, ALL) == []
    await page.get_by_test_id("dialog-submit").click()
    await expect(page.get_by_test_id("dialog").get_by_role("alert")).to_have_text("只能附照片和 PDF")
    await expect(page.get_by_test_id("field-text")).to_have_value("可否启用市级安置点")
    await page.get_by_test_id("field-files").set_input_files([PHOTO])
    await page.get_by_test_id("check-attach").check()
    await page.get_by_test_id("dialog-submit").click()
    path, said = (await desk.heard(3))[-1]
    assert path.endswith("/AskUnits")
    assert (said["attach"], [file["name"] for file in said["files"]]) == (True, ["现场.jpg"])
    along = page.get_by_test_id("questions").get_by_test_id("along")
    await expect(along.get_by_role("link", name="现场.jpg")).to_have_attribute("href", f"/blobs/{'7' * 64}")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == [] or all("400" in one for one in complaints)
