"""A rumour verified false in 25 minutes, over the real interfaces: signed SMS webhooks, a link without script, a key on the telephone."""

import re
from typing import Any

import aiohttp

from dutydesk import contacts
from dutydesk.clock import MINUTE
from dutydesk.domain.dispatch_table import annex
from tests.desk.town import CONTACT, LEADER, OFFICER, Town

RUMOUR = "网传香港中路8号写字楼起火,2人死亡"
TOWN_B = "+8612000001021"  # the B contact of 香港中路街道
TOWN_DUTY, DISTRICT_DUTY = "+8612000000014", "+8612000000004"
DISTRICT_A, DISTRICT_B = "+8612000001000", "+8612000001001"
FIRE_DUTY, FIRE_A, FIRE_B = "+8612000000157", "+8612000001303", "+8612000001304"


async def _incident(here: Town) -> str:
    """A citizen's call, typed in by the officer, who has it already: nobody else needs to be called."""
    await here.sign_in()
    await here.post("/api/calls", {"text": RUMOUR, "sender": "13900001111"}, expect=201)
    return str((await here.one("incident"))["id"])


async def _ask(here: Town, incident: str, *units: str) -> None:
    proposal = await here.get(f"/api/proposals/incident/{incident}")
    offered = [one["unit"] for one in proposal["candidates"] if one["ticked"]]
    assert set(units) <= set(offered), offered
    asked = {"text": proposal["text"], "units": list(units), "incident": incident}
    await here.post("/api/verification/v1/AskUnits", asked)


async def _lines(here: Town) -> dict[str, dict[str, Any]]:
    return {line["unit"]: line for line in (await here.one("verification"))["lines"]}


async def _nobody_home(here: Town, *numbers: str) -> None:
    """Everything that rang or arrived there and that nobody took up."""
    for phone in map(here.telco.phone, numbers):
        for sms in phone.texts:
            sms.expected = True
        for call in phone.calls:
            call.expected = True


async def _tap(link: str, act: str, text: str = "") -> str:
    async with aiohttp.ClientSession() as http:
        async with http.get(link) as page:
            html = await page.text()
            assert "<script" not in html, "it works without JavaScript"
        form = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html)) | {"act": act, "text": text}
        async with http.post(link, data=form) as done:
            assert done.status == 200, await done.text()
            return await done.text()


async def test_a_rumour_is_verified_false_in_25_minutes(here: Town) -> None:
    incident = await _incident(here)
    start = here.clock.now()
    await _ask(here, incident, "370202001", "370202", "D-XF")
    assert (await here.one("incident"))["truth"] == "asking"
    town, district = here.telco.phone(CONTACT), here.telco.phone(DISTRICT_A)

    sms = await town.expect_sms("核报", "不属实回2")
    call = await town.expect_call("不属实请按 2")
    await call.press("9")  # once more
    await here.telco.settle()
    await town.reply("收到")  # proves that it was read, not that it is so
    await here.telco.settle()
    assert (await _lines(here))["370202001"]["answers"] == []

    sms_district = await district.expect_sms("核报")
    await district.expect_ring()
    assert "已收到您的答复" in await _tap(sms_district.link(), "false", "消防演练的烟,无人伤亡")
    await here.telco.settle()

    await here.advance(5.5)  # nobody at the fire brigade's contact: its duty telephone rings
    duty = here.telco.phone(FIRE_DUTY)
    await duty.expect_sms("核报")
    call = await duty.expect_call("不属实请按 2")
    await call.press("2")
    await here.telco.settle()

    await town.reply("不属实,现场查看为消防演练")
    await here.telco.settle()
    await here.advance(15)
    lines = await _lines(here)
    said = {unit: [(a["truth"], a["how"]) for a in line["answers"]] for unit, line in lines.items()}
    assert said == {"370202001": [("false", "sms")], "370202": [("false", "web")], "D-XF": [("false", "voice")]}
    assert lines["370202"]["answers"][0]["figures"], "the reader read 无人伤亡"
    assert sms.link()

    proof = "镇街、区、消防三方到场:消防演练"
    await here.post("/api/verification/v1/Conclude", {"truth": "false", "reason": proof, "close": True})
    done = await here.one("incident")
    assert (done["truth"], done["outcome"], done["open"]) == ("false", "false", False)
    assert here.clock.now() - start <= 25 * MINUTE
    assert not here.telco.phone(TOWN_B).texts, "the deputy was not needed"
    await _nobody_home(here, FIRE_A, FIRE_B)


async def test_answers_that_differ_stand_side_by_side_also_one_typed_in_from_a_telephone_call(here: Town) -> None:
    incident = await _incident(here)
    await _ask(here, incident, "370202001", "370202")
    pages = {line["unit"]: line["page"] for line in (await _lines(here)).values()}
    for number in (CONTACT, DISTRICT_A):
        await here.telco.phone(number).expect_sms("核报")
        await here.telco.phone(number).expect_ring()
    typed = {"text": "属实,3人受伤,已送医", "unit": "370202001", "page": pages["370202001"]}
    await here.post("/api/calls", typed, expect=201)
    await here.telco.phone(DISTRICT_A).reply("不属实")
    await here.telco.settle()
    row = await here.one("verification")
    answers = {line["unit"]: line["answers"][0] for line in row["lines"]}
    assert (answers["370202001"]["truth"], answers["370202001"]["how"]) == ("true", "call")
    assert (answers["370202"]["truth"], row["differ"], row["truth"]) == ("false", True, None)
    assert answers["370202001"]["figures"]["injured"] == 3
    injured = (await here.one("incident"))["figures"]["injured"]
    assert (injured["value"], injured["message"]) == (3, answers["370202001"]["message"])


async def test_silence_climbs_to_the_district_room_and_an_answer_after_the_deadline_is_recorded(here: Town) -> None:
    incident = await _incident(here)
    await _ask(here, incident, "370202001")
    town, deputy = here.telco.phone(CONTACT), here.telco.phone(TOWN_B)
    for phone in (town, deputy, here.telco.phone(TOWN_DUTY), here.telco.phone(DISTRICT_DUTY)):
        phone.when_called("no-answer")
    await here.advance(5.5)
    await deputy.expect_sms("核报")
    await here.advance(10)
    await here.telco.phone(DISTRICT_DUTY).expect_sms("核报")
    await here.advance(20)
    row = await here.one("verification")
    assert row["lines"][0]["unheard"]
    assert row["overdue"] == ["phone", "written"]
    watch = [p for p in await here.rows("page") if "到时未答" in p["subject"]]
    assert len(watch) == 2
    await town.reply("不属实")
    await here.telco.settle()
    answer = (await here.one("verification"))["lines"][0]["answers"][0]
    assert answer["truth"] == "false"
    assert answer["late_by"] > 0, "late is never hidden"
    await _nobody_home(here, CONTACT, TOWN_B, TOWN_DUTY, DISTRICT_DUTY, OFFICER, LEADER)


DISTRICTS = ("370202", "370203", "370211", "370212", "370213", "370214", "370215", "370281", "370283", "370285")


async def test_a_dispatch_over_ten_districts_two_rounds(here: Town) -> None:
    """SMS out to ten contacts, answers by SMS and by link, the silent one reminded, a second table after the interval."""
    await here.sign_in()
    said = {"text": "各地转移人数和险情", "units": list(DISTRICTS), "every_minutes": 30}
    await here.post("/api/dispatch/d1/StartDispatch", said)
    listed = contacts.load(here.desk.settings.contacts).contacts
    first = {c.unit: c for c in listed if c.unit in DISTRICTS and c.role == "A"}
    phones = {unit: here.telco.phone(contact.phones[0]) for unit, contact in first.items()}
    for n, phone in enumerate(phones.values()):
        sms = await phone.expect_sms("调度", "第1次")
        if n == 0:
            await _tap(sms.link(), "say", "已转移12人")
        elif n < 9:
            await phone.reply(f"转移{n}人" if n > 1 else "1")
    await here.telco.settle()
    silent = list(phones)[9]
    await here.advance(20.5)
    await phones[silent].expect_sms("调度", "第1次")  # reminded
    await here.advance(10)
    for phone in phones.values():
        await phone.expect_sms("第2次")
    await phones["370203"].reply("转移40人,一处积水")
    await here.telco.settle()
    rounds = {row["round"]: row for row in await here.rows("verification")}
    assert (rounds[1]["open"], rounds[1]["answered"]) == (False, 9)
    assert [line["unit"] for line in rounds[1]["lines"] if not line["answers"]] == [silent]
    assert (rounds[2]["open"], rounds[2]["answered"]) == (True, 1)
    table = annex(rounds[1], here.clock.now())
    assert table.rows[0].figures == {"evacuated": 12}
    assert table.rows[1].text == "无情况"
    await here.post("/api/dispatch/d1/EndDispatch", {"reason": "险情解除"})
    await here.advance(35)  # nobody is asked any more


async def _checkin(here: Town) -> dict[str, Any]:
    return next(row for row in await here.rows("checkin") if row["contact"])


async def test_a_contact_at_the_scene_who_falls_silent_is_asked_and_the_watch_is_called(here: Town) -> None:
    incident = await _incident(here)
    wanted = {"incident": incident, "contact": "C-370202-A", "every_minutes": 15}
    await here.post("/api/checkin/c1/StartCheckIn", wanted)
    contact = here.telco.phone(DISTRICT_A)
    await here.advance(10)
    await contact.send(f"{incident}火势已控制,现场正在清理")
    await here.telco.settle()
    await contact.expect_sms("来报号")
    await here.advance(14.5)
    assert (await _checkin(here))["status"] == "heard", "a report is word enough"
    await here.advance(1)
    await contact.expect_sms("没有消息")
    call = await contact.expect_call("正常请按 1")
    await call.press("1")
    await here.telco.settle()
    checkin = await _checkin(here)
    assert (checkin["status"], checkin["how"]) == ("heard", "voice")
    contact.when_called("no-answer")
    await here.advance(25.1)
    await _nobody_home(here, DISTRICT_A, DISTRICT_B, DISTRICT_DUTY)
    officer = await here.telco.phone(OFFICER).expect_call("没有消息")
    await officer.press("1")
    await here.telco.settle()
