"""The phone verbs, with a desk that works only when it is pumped."""

import json

import pytest

from dutydesk.simulator import Telco
from tests.simulator.conftest import ABROAD, MAINLAND


async def test_a_conversation_moves_by_the_pump(telco, desk):
    phone = telco.phone(MAINLAND)
    telco.pump = desk.settle

    async def ask():
        await desk.gateway("POST", "/gateway/mainland/send", {"to": MAINLAND, "text": "1 着火 2 漏气？", "ref": "q"})

    desk.todo.append(ask)
    await phone.expect_sms("着火", "漏气")
    answer = await phone.reply("1")
    await telco.settle()
    assert desk.seen("mainland-sms", "text") == ["1"]
    assert answer.to == telco.account.mainland_number
    telco.assert_nothing_unexpected()


async def test_a_double_is_caught(telco, desk):
    await desk.sms(ABROAD, "同一条")
    await desk.sms(ABROAD, "同一条")
    await telco.phone(ABROAD).expect_sms("同一条")
    await telco.settle()
    with pytest.raises(AssertionError, match="同一条"):
        telco.assert_nothing_unexpected()


async def test_an_unexpected_call_and_mail_are_caught(telco, desk):
    await desk.call(ABROAD, twiml="<Response><Say>喂</Say></Response>")
    await telco.settle()
    with pytest.raises(AssertionError, match="call to"):
        telco.assert_nothing_unexpected()


async def test_a_text_that_never_comes_fails_with_what_came(desk):
    async with Telco(timeout=0.1) as telco:
        telco.connect(desk.url)
        phone = telco.phone(ABROAD)
        with pytest.raises(AssertionError, match="did not get an SMS with '着火'"):
            await phone.expect_sms("着火")
        with pytest.raises(AssertionError, match="to reject"):
            await phone.reject_sms("着火")
        with pytest.raises(AssertionError, match="not rejected after all"):
            telco.assert_nothing_unexpected()


async def test_a_phone_switched_off(telco, desk):
    phone = telco.phone(ABROAD)
    phone.switch_off()
    sent = await desk.sms(ABROAD, "x")
    await telco.settle()
    assert telco.network.texts[sent.sid].error == 30003
    phone.switch_on()
    await desk.sms(ABROAD, "http://127.0.0.1/r/abc 请点")
    sms = await phone.expect_sms("请点")
    assert sms.link() == "http://127.0.0.1/r/abc"


async def test_links_do_not_reach_the_mainland_by_twilio(telco, desk):
    sent = await desk.sms(MAINLAND, "请点 http://127.0.0.1/r/abc")
    await desk.sms(MAINLAND, "无链接")
    await telco.phone(MAINLAND).expect_sms("无链接")
    await telco.settle()
    assert telco.network.texts[sent.sid].error == 30007
    telco.assert_nothing_unexpected()


async def test_inbound_fields_are_twilios(telco, desk):
    sms = await telco.phone(ABROAD).send("化工园 𠮷 起火" * 10)
    await telco.settle()
    (_, form) = desk.hooks[0]
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == sms.sid
    assert (form["From"], form["To"], form["FromCountry"]) == (ABROAD, telco.account.number, "HK")
    assert (form["NumMedia"], form["NumSegments"], form["ApiVersion"]) == ("0", "2", "2010-04-01")


async def test_webhooks_are_signed_for_the_public_address(telco, desk):
    reach, desk.url = desk.url, "https://desk.example.test/zb"
    telco.connect(reach, public=desk.url)
    telco.network.desk = reach
    await desk.sms(ABROAD, "x", status_callback="https://desk.example.test/zb/hooks/twilio/status")
    await telco.phone(ABROAD).expect_sms("x")
    await telco.phone(ABROAD).send("y")
    await telco.settle()
    assert desk.forged == []
    assert desk.seen("sms", "Body") == ["y"]
    assert desk.seen("status", "MessageStatus")[-1] == "delivered"


async def test_a_restart_continues(tmp_path, desk, clock):
    file = tmp_path / "telephones.json"
    async with await Telco(clock=clock).start(state_file=file) as first:
        desk.telco = first
        phone = first.phone(ABROAD)
        phone.card.name = "李主任"
        await phone.send("图", media=[("image/png", b"\x00\xff")])
        first.faults.add("stick", at="delivery.*")
        sent = await desk.sms(ABROAD, "在路上")
        first.network.texts[sent.sid].status = "queued"
    assert json.loads(file.read_text("utf-8"))["phones"][0]["name"] == "李主任"
    async with await Telco(clock=clock).start(state_file=file) as second:
        phone = second.phone(ABROAD)
        await phone.expect_sms("在路上")
        kept = [s for s in second.network.texts.values() if s.media]
        assert phone.card.name == "李主任"
        assert kept[0].media[0].content == b"\x00\xff"
        second.assert_nothing_unexpected()
