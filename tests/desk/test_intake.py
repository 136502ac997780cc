"""Ways in: a webhook that never came, a stranger, two pages at once, a hotline by API, a typed call, a drill."""

import asyncio
import re
import uuid

import aiohttp

from dutydesk.domain.drills import OpenDrill
from tests.desk.town import CONTACT, OFFICER, Town

FIRE = "香港中路8号写字楼起火,2人被困"


async def test_what_a_webhook_lost_the_sweep_finds_once(here: Town) -> None:
    here.telco.faults.add("drop", at="webhook.mainland.sms", times=None)
    await here.telco.phone(CONTACT).send(FIRE)
    await here.telco.settle()
    here.telco.faults.clear()
    assert await here.rows("message") == [], "the webhook was lost"
    await here.advance(3.2)
    (message,) = await here.rows("message")
    assert message["text"] == FIRE
    await here.telco.phone(CONTACT).expect_sms("已收到")
    await here.advance(0.6)
    assert len(await here.rows("message")) == 1, "the sweep comes again and changes nothing"


async def test_a_stranger_is_answered_once_and_waits_for_a_person(here: Town) -> None:
    stranger = here.telco.phone("+861200007777")
    await stranger.send("李沧区某小区有人跳楼")
    await here.telco.settle()
    message = await here.one("message")
    assert (message["status"], message["reason"]) == ("held", "unknown_sender")
    await stranger.expect_sms("已收到")
    await stranger.send("快来人啊")
    await here.telco.settle()  # no second receipt within the hour: the town's check would fail on it

    await here.sign_in()
    await here.post(f"/api/message/{message['id']}/OpenFromMessage", {})
    incident = await here.one("incident")
    assert (incident["signed_by"], incident["title"] != "") == ("user:officer", True)


async def test_two_pages_at_one_number_are_asked_back_with_numbers(here: Town) -> None:
    officer = here.telco.phone(OFFICER)
    await here.telco.phone(CONTACT).send(FIRE)
    await here.telco.phone("+8612000001022").send("江苏路9号仓库爆炸,伤亡不明")
    await here.telco.settle()
    for number in (CONTACT, "+8612000001022"):
        await here.telco.phone(number).expect_sms("已收到")
    await here.advance(1.1)
    for _ in range(2):
        await officer.expect_sms("回复1签收")
        await officer.expect_ring()
    await officer.reply("1")
    await here.telco.settle()
    question = await officer.expect_sms("请回数字")
    assert question.body.count("\n") == 2
    await officer.reply("2")
    await here.telco.settle()
    states = sorted(page["status"] for page in await here.rows("page"))
    assert states == ["acknowledged", "open"]
    await officer.reply("收到")
    await here.telco.settle()
    assert {page["status"] for page in await here.rows("page")} == {"acknowledged"}


async def test_sixteen_first_reports_of_one_key_make_one_message(here: Town) -> None:
    await here.sign_in()
    assert here.http is not None
    token = "a token of the hotline"
    from dutydesk.web.sessions import digest

    await here.desk.hub.beside(lambda c: c.run("put_token", digest(token), "12345", here.clock.now()))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
    body = {"text": "市民反映崂山区北宅街道山林起火", "unit": "D-RX"}

    async def post() -> tuple[int, str]:
        assert here.http is not None
        async with here.http.post(f"{here.url}/api/reports", json=body, headers=headers) as answer:
            return answer.status, (await answer.json())["number"]

    answers = await asyncio.gather(*(post() for _ in range(16)))
    assert sorted(status for status, _ in answers) == [200] * 15 + [201]
    assert len({number for _, number in answers}) == 1
    await here.telco.settle()
    assert len(await here.rows("message")) == len(await here.rows("incident")) == 1


async def test_a_drill_reaches_only_its_list_and_is_marked_everywhere(here: Town) -> None:
    officer, contact = here.telco.phone(OFFICER), here.telco.phone(CONTACT)
    drill = OpenDrill(name="高层火灾演练", participants=("contact:C-370202001-A", "user:officer"))
    await here.desk.hub.handle("drill/d1", drill, key="", by="user:leader", drill=True)
    await here.sign_in()
    call = {"text": "香港中路8号高层起火,3人死亡", "drill": True, "sender": CONTACT}
    await here.post("/api/calls", call, expect=201)
    (incident,) = await here.rows("incident")
    assert incident["drill"]
    await here.post(f"/api/incident/{incident['id']}/CallFor", {"policy": "verify"})
    sms = await contact.expect_sms("【演练】")
    assert sms.body.startswith("【演练】")
    await contact.expect_ring()
    await contact.reply("1")
    await here.telco.settle()
    page = (await here.rows("page"))[-1]
    assert (page["status"], page["drill"]) == ("acknowledged", True)
    await here.advance(40)  # its clocks run too: only listed people may be called, a leader never
    refused = [d for d in await here.rows("delivery") if d["code"] == "not_in_drill"]
    called = {d["to"] for d in await here.rows("delivery") if d["code"] != "not_in_drill"}
    assert called <= {CONTACT, OFFICER}
    assert refused, "the ladder of the clocks would have gone to the shift leader, who is not on the list"
    while officer.unexpected:
        if officer.unexpected[0].startswith("call"):
            await officer.expect_missed_call()
        else:
            await officer.expect_sms("【演练】")


async def test_a_contact_asks_for_the_page_by_one_word_and_reports_on_it_without_a_script(here: Town) -> None:
    phone = here.telco.phone(CONTACT)
    await phone.send("链接")
    await here.telco.settle()
    sms = await phone.expect_sms("网上报告页")
    assert (await here.one("message"))["open"] is False, "it is no report and waits for nobody"
    async with aiohttp.ClientSession() as http:
        async with http.get(sms.link()) as page:
            html = await page.text()
            assert page.status == 200
            assert len(html) < 30_000
        form = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html))
        report = form | {"text": "香港中路地铁站口有人晕倒", "how_many": "1人"}
        async with http.post(sms.link(), data=report) as done:
            assert done.status == 200
            assert "1123-" in await done.text(), "the receipt with its number stands on the page"
    await here.telco.settle()
    written = (await here.rows("message"))[-1]
    assert (written["channel"], written["contact"]) == ("web", "C-370202001-A")
