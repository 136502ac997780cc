"""Spot checks over the simulated telephones: three rings, silence and its recheck, the load; the lines tested; a number proves itself."""

import re
import shutil
from pathlib import Path

import aiohttp
import pytest

from dutydesk.clock import HOUR, MINUTE, SECOND
from dutydesk.reading.worker import ReaderPool
from dutydesk.workers.spot_checks import SpotChecks
from tests.desk.town import CONTACT, OFFICER, Town, daily, town
from tests.desk.town import ROOT as SHIPPED

TOWN, TOWN_DUTY = "370202001", "+8612000000014"


async def _status(here: Town, origin: str = "ordered") -> tuple[str, str]:
    row = next(row for row in await here.rows("check") if row["origin"] == origin)
    return row["status"], row["reason"]


async def _later(here: Town, minutes: float) -> None:
    here.clock.advance(int(minutes * MINUTE))
    await here.telco.settle()


async def test_a_telephone_taken_up_within_three_rings_and_answered_by_key_passes(here: Town) -> None:
    await here.sign_in()
    await here.post("/api/check/c1/StartCheck", {"unit": TOWN})
    duty = here.telco.phone(TOWN_DUTY)
    call = await duty.expect_ring()
    here.clock.advance(11 * SECOND)
    await call.answer()
    await call.hear("值班抽查", "联系得上带班领导请按 1")
    await call.press("1")
    await here.telco.settle()
    row = await here.one("check")
    assert (row["status"], row["rings"], row["answers"][0]["text"]) == ("passed", 3, "在岗,能联系带班领导")
    assert row["open"] is False


async def test_nobody_answers_it_fails_and_is_checked_again_and_then_the_load_refuses_more(here: Town) -> None:
    await here.sign_in()
    await here.post("/api/check/c1/StartCheck", {"unit": TOWN})
    duty = here.telco.phone(TOWN_DUTY)
    await duty.expect_ring()
    await here.advance(3.5)
    assert await _status(here) == ("failed", "no_answer")
    await _later(here, 30)
    call = await duty.expect_call("值班抽查")
    await call.press("2")
    await here.telco.settle()
    assert await _status(here, "recheck") == ("failed", "leader_unreachable")
    await duty.expect_sms("0001", "未通过")
    await duty.expect_sms("0002", "未通过")
    said = await here.post("/api/check/c9/StartCheck", {"unit": TOWN}, expect=409)
    assert "到了上限" in said["error"]
    await here.post("/api/check/c1/AppealCheck", {"text": "当时在接警"})
    await here.sign_in("leader")
    await here.post("/api/check/c1/DecideCheckAppeal", {"upheld": True, "reason": "调取记录属实"})
    assert await _status(here) == ("withdrawn", "no_answer")
    await duty.expect_sms("申诉成立", "调取记录属实")


async def test_the_unit_objects_on_its_own_page_with_a_picture_and_is_told_the_decision(here: Town) -> None:
    await here.sign_in()
    await here.post("/api/check/c1/StartCheck", {"unit": TOWN})
    duty = here.telco.phone(TOWN_DUTY)
    call = await duty.expect_call("值班抽查")
    await call.press("4")
    await here.telco.settle()
    path = "/r/" + re.search(r"/r/(\S+)", (await duty.expect_sms("未通过")).body)[1]  # type: ignore[index]
    async with aiohttp.ClientSession() as unit:
        async with unit.get(here.url + path) as page:
            assert "呼叫转移" in await page.text()
        form = aiohttp.FormData({"form": "1", "text": "电话没有转接,见照片"})
        form.add_field("photos", b"\xff\xd8\xff\xe0", filename="a.jpg", content_type="image/jpeg")
        async with unit.post(here.url + path, data=form) as page:
            assert "已收到申诉" in await page.text()
        async with unit.post(here.url + path, data={"form": "2", "text": "再说一次"}) as page:
            assert page.status == 409
            assert "申诉" in await page.text()
    row = next(row for row in await here.rows("check") if row["id"] == "c1")
    assert (row["status"], row["appeal"], row["appealed_by"]) == ("appealed", "电话没有转接,见照片", f"unit:{TOWN}")
    assert (await here.http.get(f"{here.url}/blobs/{row['appeal_files'][0]['digest']}")).status == 200  # type: ignore[union-attr]
    await here.sign_in("leader")
    await here.post("/api/check/c1/DecideCheckAppeal", {"upheld": True, "reason": "照片属实"})
    await duty.expect_sms("申诉成立", "照片属实")


async def test_an_sms_is_answered_in_words_and_an_officer_judges(here: Town) -> None:
    await here.sign_in()
    await here.post("/api/check/c1/StartCheck", {"unit": TOWN, "target": "contact", "way": "sms"})
    phone = here.telco.phone(CONTACT)
    await phone.expect_sms("值班抽查", "姓名")
    await phone.reply("我是值班员王五,带班领导李四")
    await here.telco.settle()
    assert await _status(here) == ("answered", "")
    await here.post("/api/check/c1/JudgeCheck", {"note": "与值班表一致"})
    assert (await here.one("check"))["status"] == "passed"
    for sms in phone.texts:
        sms.expected = True


@pytest.fixture
def own_phones(tmp_path: Path) -> Path:
    """The shipped configuration with a telephone of the desk's own for line tests, and a round of one check at any minute."""
    shutil.copytree(SHIPPED / "config", tmp_path / "config")
    shutil.copytree(SHIPPED / "contacts", tmp_path / "contacts")
    (tmp_path / "config" / "security.toml").write_text("second_factor = []\n")
    checks = tmp_path / "config" / "checks.toml"
    text = re.sub(r'(?m)^(sms|voice) = ""$', rf'\1 = "{OFFICER}"', checks.read_text())
    round_ = '[[rounds]]\nname = "noon"\nat = "5 12 * * *"\nwithin_minutes = 20\nunits = ["370202001"]\ncount = 1\n'
    checks.write_text(text + round_)
    return tmp_path


async def test_the_lines_are_tested_by_button_and_a_drawn_check_falls_within_its_window(
    own_phones: Path, reader: ReaderPool
) -> None:
    async with town(own_phones, reader) as here:
        await here.sign_in()
        officer = here.telco.phone(OFFICER)
        await here.post("/api/linetest/x/TestLines", {"why": "ordered"})
        for _line in ("twilio", "mainland"):
            await officer.expect_sms("线路测试")
        call = await officer.expect_call("线路测试")
        await call.hang_up()
        await here.telco.settle()
        row = await here.one("linetest")
        assert {line["how"]: line["verdict"] for line in row["lines"] if line["verdict"] != "no_loop"} == {
            "sms": "passed",
            "voice": "passed",
        }, row
        assert (row["status"], row["open"]) == ("passed", False)
        await _later(here, 5.5)
        [drawn] = await here.rows("checkround")
        assert drawn["checks"] == 1
        await _later(here, 20)
        [check] = await here.rows("check")
        assert (check["origin"], check["unit"]) == ("random", TOWN)
        for call_ in here.telco.phone(TOWN_DUTY).calls:
            call_.expected = True
        await here.check()


async def test_a_number_proves_itself_by_its_reply_and_coverage_knows(here: Town) -> None:
    await here.sign_in()
    contact = "C-370202001-A"
    await here.post(f"/api/proof/{contact}/AskProof", {"contact": contact})
    phone = here.telco.phone(CONTACT)
    await phone.expect_sms("号码核验")
    await phone.reply("1")
    await here.telco.settle()
    assert (await here.one("proof"))["status"] == "proven"
    told = await here.get("/api/coverage")
    assert told["units"] > 100
    lacks = {line["unit"]: [one["role"] for one in line["lacks"]] for line in told["lines"]}
    assert "A" not in lacks.get(TOWN, [])
    await here.post(f"/api/proof/{contact}/MarkProven", {"contact": "C-370203-A"}, expect=422)
    for sms in phone.texts:
        sms.expected = True


async def test_two_hubs_together_have_no_more_numbers_prove_themselves_in_a_day_than_one_may(here: Town) -> None:
    await daily(here, "proving")
    hubs = [SpotChecks(here.desk.hub, here.clock) for _ in range(2)]
    here.clock.advance(3 * HOUR + MINUTE)
    for hub in hubs:
        await hub.run_once()
    asked = await here.rows("proof")
    assert len(asked) == 2, asked
    await here.telco.settle()
    for sms in here.telco.network.texts.values():
        sms.expected = True
