"""A leader's word to its end over the real interfaces: logged, passed on by SMS, opened and answered by link, struck off."""

import re

import aiohttp

from tests.desk.town import Town

HOUR = 3_600_000_000
FIRE_PHONE = "+8612000000157"  # 市消防救援支队


async def test_logged_passed_on_read_answered_and_struck_off(here: Town) -> None:
    await here.sign_in("leader")
    said = {"text": "全力搜救被困人员,每小时报告一次", "leader": "L-01", "said_at": here.clock.now()}
    await here.post("/api/instruction/b1/LogInstruction", said)
    due = here.clock.now() + 2 * HOUR
    await here.post("/api/instruction/b1/PassOn", {"unit": "D-XF", "answer_by": due})
    phone = here.telco.phone(FIRE_PHONE)
    sms = await phone.expect_sms("全力搜救", "反馈")

    refused = await here.post("/api/instruction/b1/StrikeOff", {}, expect=409)
    assert "市消防救援支队" in refused["error"]
    await here.advance(61)
    await phone.expect_sms("50%")

    async with aiohttp.ClientSession() as http:
        async with http.get(sms.link()) as page:
            html = await page.text()
            assert "全力搜救被困人员" in html
        (row,) = await here.rows("instruction")
        assert row["units"][0]["read_at"] == here.clock.now(), "opening the link is the receipt"
        form = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html))
        async with http.post(sms.link(), data=form | {"text": "已救出2人,现场搜救继续"}) as done:
            assert done.status == 200
    await here.telco.settle()
    (row,) = await here.rows("instruction")
    assert (row["units"][0]["answer"], row["units"][0]["late_by"]) == ("已救出2人,现场搜救继续", 0)
    await here.post("/api/instruction/b1/StrikeOff", {})
    assert (await here.rows("instruction"))[0]["status"] == "struck_off"
    await here.advance(70)  # nobody is reminded of what is done


async def test_an_overdue_unit_is_called_out_to_the_watch(here: Town) -> None:
    await here.sign_in("leader")
    said = {"text": "查明原因", "leader": "L-01", "said_at": here.clock.now()}
    await here.post("/api/instruction/b1/LogInstruction", said)
    await here.post("/api/instruction/b1/PassOn", {"unit": "D-XF", "answer_by": here.clock.now() + HOUR})
    phone = here.telco.phone(FIRE_PHONE)
    await phone.expect_sms("查明原因")
    await here.advance(60.5)
    for percent in ("50%", "80%", "100%"):
        await phone.expect_sms(percent)
    page = await here.one("page")
    assert "逾期未反馈" in page["subject"]
    call = await here.telco.phone("+8612000009101").expect_call("逾期未反馈")
    await call.press("1")
    await here.telco.settle()
