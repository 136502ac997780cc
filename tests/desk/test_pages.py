"""Escalation over the real telephones: four equal ways to answer, time that runs out, answers that come late."""

import re

import aiohttp
import pytest

from tests.desk.town import CONTACT, LEADER, OFFICER, Town

CITY_LEADERS = ("+8612000009008", "+8612000009009")  # who see to fires
FIRE = "香港中路8号写字楼起火,2人被困"


async def _reported(here: Town, text: str = FIRE) -> None:
    phone = here.telco.phone(CONTACT)
    await phone.send(text)
    await here.telco.settle()
    await phone.expect_sms("已收到")


async def _officer_called(here: Town) -> None:
    await here.advance(1.1)


async def test_an_sms_reply_acknowledges(here: Town) -> None:
    await _reported(here)
    await _officer_called(here)
    officer = here.telco.phone(OFFICER)
    await officer.expect_sms("回复1签收")
    await officer.expect_ring()
    await officer.reply("1")
    await here.telco.settle()
    page = await here.one("page")
    assert (page["status"], page["answered_by"], page["answered_how"]) == ("acknowledged", "user:officer", "sms")


async def test_a_signed_link_acknowledges_only_when_pressed(here: Town) -> None:
    await _reported(here)
    await _officer_called(here)
    officer = here.telco.phone(OFFICER)
    sms = await officer.expect_sms("回复1签收")
    await officer.expect_ring()
    async with aiohttp.ClientSession(headers={"Origin": here.url}) as http:
        async with http.get(sms.link()) as seen:
            html = await seen.text()
            assert seen.status == 200
        assert (await here.one("page"))["status"] == "open", "a mail scanner that opens links must not answer"
        form = dict(_inputs(html)) | {"act": "ack"}
        async with http.post(sms.link(), data=form) as done:
            assert done.status == 200, await done.text()
    await here.telco.settle()
    page = await here.one("page")
    assert (page["status"], page["answered_how"]) == ("acknowledged", "link")


async def test_the_console_acknowledges_by_signing_for_the_incident(here: Town) -> None:
    await _reported(here)
    await here.sign_in()
    incident = await here.one("incident")
    await here.post(f"/api/incident/{incident['id']}/SignForIncident", {})
    page = await here.one("page")
    assert (page["status"], page["answered_how"], page["step"]) == ("acknowledged", "console", 0)
    await here.advance(20)


async def test_it_climbs_to_the_leader_and_a_late_answer_is_kept(here: Town) -> None:
    await _reported(here)
    officer, leader = here.telco.phone(OFFICER), here.telco.phone(LEADER)
    officer.when_called("no-answer")
    await here.advance(1.1)
    await officer.expect_sms("回复1签收")
    await officer.expect_missed_call()
    await here.advance(3.1)
    await leader.expect_sms("回复1签收")
    call = await leader.expect_call("签收请按 1")
    await call.press("1")
    await here.telco.settle()
    assert (await here.one("page"))["answered_by"] == "user:leader"
    await officer.reply("1")
    await here.telco.settle()
    page = await here.one("page")
    assert (page["answered_by"], page["status"]) == ("user:leader", "acknowledged")
    assert page["late"] == [["user:officer", "sms", "1"]]


async def test_more_time_moves_the_clock_and_keeps_the_reason(here: Town) -> None:
    await _reported(here)
    await _officer_called(here)
    officer = here.telco.phone(OFFICER)
    await officer.expect_sms("延时")
    await officer.expect_ring()
    await officer.reply("延时10 正在接另一个电话")
    await here.telco.settle()
    page = await here.one("page")
    assert (page["status"], page["extensions"], page["step"]) == ("open", 1, 1)
    extended = [e for e in await here.types("page/" + page["id"]) if e == "PageExtended"]
    assert len(extended) == 1
    await here.advance(9)
    assert (await here.one("page"))["step"] == 1


@pytest.mark.parametrize("digit", ["2", "9"])
async def test_another_key_repeats_and_does_not_acknowledge(here: Town, digit: str) -> None:
    await _reported(here)
    await _officer_called(here)
    officer = here.telco.phone(OFFICER)
    await officer.expect_sms("回复1签收")
    call = await officer.expect_call("签收请按 1")
    await call.press(digit)
    await here.telco.settle()
    assert (await here.one("page"))["status"] == "open"
    await call.press("1")
    await here.telco.settle()
    assert (await here.one("page"))["status"] == "acknowledged"


async def test_who_was_not_reached_is_told_apart_from_who_did_not_answer(here: Town) -> None:
    """An officer who does not pick up, then a leader whose number takes no texts: only the second is undelivered, in every count."""
    await _reported(here)
    officer, leader = here.telco.phone(OFFICER), here.telco.phone(LEADER)
    officer.when_called("no-answer")
    leader.when_called("busy")
    refused = leader.reject_sms("签收")
    await here.advance(1.1)
    await officer.expect_sms("回复1签收")
    await officer.expect_missed_call()
    await here.advance(3.1)
    await leader.expect_missed_call()
    await refused
    await here.telco.settle()
    for higher in map(here.telco.phone, CITY_LEADERS):  # nobody of the step is left to wait for
        await higher.expect_sms("回复1签收")
        await higher.expect_ring()
    page = await here.one("page")
    assert (page["unanswered"], page["unreached"]) == (["user:officer", "user:leader"], ["user:leader"])
    sends = {(one["callee"], one["how"]): (one["status"], one["open"]) for one in await here.rows("delivery")}
    assert sends["user:officer", "voice"] == ("no-answer", False)
    assert sends["user:leader", "voice"] == ("busy", False)
    assert sends["user:leader", "sms"] == ("undelivered", True)
    await here.sign_in("leader")
    watch = next(one for one in await here.rows("watch") if one["open"])
    await here.post(f"/api/watch/{watch['id']}/BeginHandover", {})
    card = await here.one("handover")
    assert [one["state"] for one in card["items"] if one["kind"] == "delivery"] == ["undelivered"]
    await here.post(f"/api/watch/{watch['id']}/EndWatch", {"note": "换班"})
    counted = {one["name"]: one["value"] for one in (await here.one("circular"))["figures"]}
    assert counted["undelivered"] == 1


def _inputs(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html)
