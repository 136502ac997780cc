"""The mainland gateway: signed both ways, looked up by reference."""

import pytest

from tests.simulator.conftest import MAINLAND

SEND = "/gateway/mainland/send"


async def test_send_status_and_look_up(telco, desk):
    status, sent = await desk.gateway("POST", SEND, {"to": MAINLAND, "text": "请回复1", "ref": "key-1"})
    assert status == 200
    assert sent["id"]
    await telco.phone(MAINLAND).expect_sms("请回复1")
    await telco.settle()
    assert desk.hooks == [("mainland-status", {"id": sent["id"], "ref": "key-1", "status": "DELIVRD", "error": ""})]
    status, found = await desk.gateway("GET", "/gateway/mainland/messages?ref=key-1")
    assert found == {"messages": [{"id": sent["id"], "ref": "key-1", "to": MAINLAND, "status": "DELIVRD"}]}
    assert (await desk.gateway("GET", "/gateway/mainland/messages?ref=other"))[1] == {"messages": []}
    telco.assert_nothing_unexpected()


@pytest.mark.parametrize(("code", "word"), [(30003, "UNDELIV"), (30036, "EXPIRED")])
async def test_a_text_that_does_not_arrive(telco, desk, code, word):
    refused = telco.phone(MAINLAND).reject_sms("山洪", code=code)
    await desk.gateway("POST", SEND, {"to": MAINLAND, "text": "山洪预警", "ref": "r"})
    assert (await refused).body == "山洪预警"
    await telco.settle()
    assert desk.hooks[-1][1]["status"] == word
    assert desk.hooks[-1][1]["error"] == str(code)
    telco.assert_nothing_unexpected()


async def test_the_wrong_secret_and_an_old_signature_are_refused(telco, desk, clock):
    body = {"to": MAINLAND, "text": "x"}
    assert (await desk.gateway("POST", SEND, body, secret="wrong"))[0] == 401
    assert (await desk.gateway("GET", "/gateway/mainland/inbound?since=2026-01-01", secret="wrong"))[0] == 401
    telco.network.clock.advance(0)
    clock_of_the_desk, telco.clock = telco.clock, type(clock)(clock.now() - 301_000_000)
    assert (await desk.gateway("POST", SEND, body))[0] == 401
    telco.clock = clock_of_the_desk
    assert (await desk.gateway("POST", SEND, body))[0] == 200


@pytest.mark.parametrize("body", [{}, {"to": "+85200000101", "text": "x"}, {"to": MAINLAND, "text": "x", "reff": "1"}])
async def test_a_wrong_body_is_refused(desk, body):
    assert (await desk.gateway("POST", SEND, body))[0] == 400


async def test_a_phone_writes_and_replies(telco, desk):
    phone = telco.phone(MAINLAND)
    sms = await phone.send("𠮷村桥垮了")
    await telco.settle()
    (_, told) = desk.hooks[0]
    assert told == {
        "id": sms.sid,
        "from": MAINLAND,
        "to": telco.account.mainland_number,
        "text": "𠮷村桥垮了",
        "time": "2026-11-03T09:00:00+08:00",
    }
