"""互建 over the simulated telephones: a town and the works in it confirm one another by SMS and by link, and a change asks anew."""

import re
from typing import Any

import aiohttp

from dutydesk.clock import HOUR, MINUTE
from dutydesk.domain.policies import ListContact
from dutydesk.workers.pairings import Pairings
from tests.desk.town import CONTACT, Town, daily

TOWN, WORKS, WORKS_CONTACT = "370202001", "E-370202001-01", "+8612000001379"
PAIR = f"{TOWN}-{WORKS}"


async def _line(here: Town, unit: str = WORKS) -> dict[str, Any]:
    told = await here.get("/api/pairs")
    found: dict[str, Any] = next(line for line in told["lines"] if line["unit"] == unit)
    return found


async def _ask(here: Town, unit: str) -> None:
    await here.post(f"/api/pairing/{unit}/AskPairs", {"unit": unit})


def _path(text: str) -> str:
    found = re.search(r"/r/(\S+)", text)
    assert found, text
    return found[0]


async def test_the_town_confirms_by_sms_the_works_by_link_and_the_pair_stands(here: Town) -> None:
    await here.sign_in()
    assert (await _line(here))["status"] == "none"
    await _ask(here, TOWN)
    phone = here.telco.phone(CONTACT)
    await phone.expect_sms("互建核对", "澄湾", WORKS_CONTACT)
    await phone.reply("1")
    await here.telco.settle()
    assert (await _line(here))["status"] == "town_only"
    assert (await here.one("proof"))["status"] == "proven", "one answer serves both: the number has proven itself"
    await _ask(here, WORKS)
    works = here.telco.phone(WORKS_CONTACT)
    path = _path((await works.expect_sms("互建核对", CONTACT)).body)
    async with aiohttp.ClientSession() as browser:
        async with browser.get(here.url + path) as page:
            text = await page.text()
            assert "号码对,已通话" in text
            assert "不对,要改" in text
            assert CONTACT in text
        async with browser.post(here.url + path, data={"form": "1", "pair": PAIR, "act": "wrong"}) as page:
            assert page.status == 422
            assert "请写明" in await page.text()
        async with browser.post(here.url + path, data={"form": "2", "pair": "x", "act": "right"}) as page:
            assert page.status == 422
        async with browser.post(here.url + path, data={"form": "3", "pair": PAIR, "act": "right"}) as page:
            assert "已收到" in await page.text()
    line = await _line(here)
    assert (line["status"], line["at"] > 0) == ("confirmed", True)
    found = {one["id"]: one.get("pair") for one in (await here.get("/api/directory?q=香港中路"))["found"]}
    assert found[TOWN] == {"pairs": 1, "done": 1}
    [works_found] = (await here.get(f"/api/directory?q={WORKS}"))["found"]
    assert works_found["pair"] == {"status": "confirmed", "at": line["at"]}
    assert await here.rows("incident") == []


async def test_what_is_wrong_is_seen_and_a_mended_directory_asks_both_anew(here: Town) -> None:
    await here.sign_in()
    await _ask(here, TOWN)
    phone = here.telco.phone(CONTACT)
    await phone.expect_sms("互建核对")
    await phone.reply("2 联络员换成李工了")
    await here.telco.settle()
    line = await _line(here)
    assert (line["status"], line["text"]) == ("disputed", "2 联络员换成李工了")
    assert await here.rows("incident") == []
    contact = next(row for row in await here.rows("contact") if row["listed"]["unit"] == WORKS)["listed"]
    mended = ListContact.model_validate({"contact": contact | {"name": "李工"}})
    await here.desk.hub.handle(f"contact/{contact['id']}", mended, key="", by="files")
    assert (await _line(here))["status"] == "lapsed"
    await here.advance(6)
    await phone.expect_sms("李工")
    await here.telco.phone(WORKS_CONTACT).expect_sms("互建核对")
    assert (await _line(here))["asking"] == ["town", "unit"]


async def test_an_emergency_instead_of_an_answer_is_a_report_and_a_strangers_answer_is_only_kept(here: Town) -> None:
    await here.sign_in()
    await _ask(here, TOWN)
    phone = here.telco.phone(CONTACT)
    await phone.expect_sms("互建核对")
    await phone.reply("澄湾地铁站厅冒烟起火,2人受伤,正在疏散")
    await here.telco.settle()
    assert len(await here.rows("incident")) == 1
    assert (await _line(here))["status"] == "asking"
    stranger = here.telco.phone("+8612000008888")
    await stranger.send("1", to=phone.texts[0].sender)
    await here.telco.settle()
    assert (await _line(here))["status"] == "asking"
    held = [row for row in await here.rows("message") if row["status"] == "held"]
    assert [row["sender"] for row in held] == ["+8612000008888"]
    for one in (*phone.texts, *stranger.texts):
        one.expected = True


async def test_a_round_asks_a_district_and_its_counts_stand_in_the_coverage(here: Town) -> None:
    await here.sign_in()
    await here.post("/api/pairround/r1/StartPairRound", {"division": "370202"})
    await here.telco.settle()
    await here.advance(0.1)
    told = await here.get("/api/pairs")
    by = {one["division"]: one["by"] for one in told["districts"]}
    assert by["370202"] == {"asking": 3}
    assert set(by["370203"]) == {"none"}
    await here.post("/api/pairround/r2/StartPairRound", {"division": "370299"}, expect=409)
    await here.post(f"/api/pairing/{TOWN}/AskPairs", {"unit": WORKS}, expect=422)
    await here.post(f"/api/pair/{PAIR}/MarkPair", {"town": TOWN, "unit": WORKS, "side": "town", "right": True})
    assert (await _line(here))["status"] == "town_only"
    for sms in here.telco.network.texts.values():
        sms.expected = True


async def test_two_hubs_together_ask_no_more_units_in_a_day_than_one_may(here: Town) -> None:
    await daily(here, "pairing")
    hubs = [Pairings(here.desk.hub, here.clock) for _ in range(2)]
    here.clock.advance(3 * HOUR + MINUTE)
    for hub in hubs:
        await hub.run_once()
    asked = [row["unit"] for row in await here.rows("pairing") if row["open"]]
    assert len(asked) == 2, asked
    await here.telco.settle()
    for sms in here.telco.network.texts.values():
        sms.expected = True
