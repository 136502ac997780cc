"""Every fault, as a desk meets it."""

import aiohttp
import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from dutydesk.clock import SECOND
from tests.simulator.conftest import ABROAD, MAINLAND


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [("refuse", 20429, 429), ("refuse", 20500, 500), ("refuse", 21610, 400), ("refuse", 20003, 401)],
)
async def test_refused_before_accepting(telco, desk, kind, code, status):
    telco.faults.add(kind, at="twilio.sms", code=code)
    with pytest.raises(TwilioRestException) as refusal:
        await desk.sms(ABROAD, "x")
    assert (refusal.value.code, refusal.value.status) == (code, status)
    await telco.settle()
    assert not telco.network.texts
    await desk.sms(ABROAD, "二")
    await telco.phone(ABROAD).expect_sms("二")


async def test_a_server_error_after_accepting_still_reaches_the_phone(telco, desk):
    telco.faults.add("error_after", at="twilio.sms")
    with pytest.raises(TwilioRestException) as refusal:
        await desk.sms(ABROAD, "x")
    assert refusal.value.status == 500
    await telco.phone(ABROAD).expect_sms("x")
    assert len(await desk.in_thread(desk.client().messages.list, to=ABROAD)) == 1


@pytest.mark.parametrize(("kind", "arrives"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_lost_reply(telco, desk, kind, arrives):
    planted = telco.faults.add(kind, at="twilio.sms")
    with pytest.raises(requests.ConnectionError):
        await desk.sms(ABROAD, "x")
    await telco.settle()
    assert (planted.used, len(telco.phone(ABROAD).texts)) == (1, arrives)


@pytest.mark.parametrize(("kind", "arrives"), [("hang_before", 0), ("hang_after", 1)])
async def test_a_hung_answer_times_out(telco, desk, kind, arrives):
    telco.faults.add(kind, at="twilio.sms")
    client = desk.client(timeout=2.0)
    with pytest.raises(requests.ReadTimeout):
        await desk.in_thread(client.messages.create, to=ABROAD, from_=telco.account.number, body="x")
    await telco.settle()
    assert len(telco.phone(ABROAD).texts) == arrives


async def test_slow_is_answered_in_the_end(telco, desk):
    telco.faults.add("slow", at="twilio.*", seconds=0.05)
    assert (await desk.sms(ABROAD, "x")).status == "queued"


async def test_undelivered_with_a_code_and_stuck(telco, desk):
    callback = f"{desk.url}/hooks/twilio/status"
    telco.faults.add("undeliver", at="delivery.twilio", code=30008)
    sent = await desk.sms(ABROAD, "x", status_callback=callback)
    await telco.settle()
    assert desk.hooks[-1][1]["MessageStatus"] == "undelivered"
    assert desk.hooks[-1][1]["ErrorCode"] == "30008"
    fetched = await desk.in_thread(desk.client().messages(sent.sid).fetch)
    assert (fetched.status, fetched.error_code) == ("undelivered", 30008)
    telco.faults.add("stick", at="delivery.*")
    await desk.sms(ABROAD, "y", status_callback=callback)
    await telco.settle()
    assert desk.hooks[-1][1]["MessageStatus"] == "sent"
    assert telco.phone(ABROAD).texts == []


async def test_webhooks_dropped_doubled_and_forged(telco, desk):
    phone = telco.phone(ABROAD)
    for kind in ("drop", "double", "bad_signature"):
        telco.faults.add(kind, at="webhook.twilio.sms")
    await phone.send("丢")
    await telco.settle()
    assert desk.hooks == []
    await phone.send("双")
    await telco.settle()
    assert desk.seen("sms", "Body") == ["双", "双"]
    assert len(set(desk.tokens)) == 1
    await phone.send("假")
    await telco.settle()
    assert desk.forged == ["sms"]
    assert len(desk.hooks) == 2


async def test_late_means_by_the_clock(telco, desk, clock):
    telco.faults.add("late", at="webhook.mainland.sms", seconds=30)
    await telco.phone(MAINLAND).send("晚")
    await telco.settle()
    assert desk.hooks == []
    clock.advance(29 * SECOND)
    await telco.settle()
    assert desk.hooks == []
    clock.advance(SECOND)
    await telco.settle()
    assert desk.seen("mainland-sms", "text") == ["晚"]


async def test_reordered_webhooks_swap(telco, desk):
    telco.faults.add("reorder", at="webhook.twilio.status")
    await desk.sms(ABROAD, "x", status_callback=f"{desk.url}/hooks/twilio/status")
    await telco.settle()
    assert desk.seen("status", "MessageStatus") == ["sent", "sending", "delivered"]
    telco.faults.add("reorder", at="webhook.twilio.sms")
    await telco.phone(ABROAD).send("独")
    await telco.settle()
    assert desk.seen("sms", "Body") == []
    await telco.release()
    assert desk.seen("sms", "Body") == ["独"]


async def test_mute_loses_webhooks_but_the_list_still_has_them(telco, desk):
    muted = telco.faults.add("mute")
    await telco.phone(ABROAD).send("甲")
    await telco.phone(MAINLAND).send("乙")
    await telco.settle()
    assert desk.hooks == []
    muted.lift()
    found = await desk.in_thread(desk.client().messages.list, to=telco.account.number)
    assert [(m.body, m.direction, m.status) for m in found] == [("甲", "inbound", "received")]
    status, came = await desk.gateway("GET", "/gateway/mainland/inbound?since=2026-11-03T01:00:00Z")
    assert (status, [m["text"] for m in came["messages"]]) == (200, ["乙"])


async def test_down_breaks_every_connection_until_it_is_over(telco, desk, clock):
    telco.faults.add("down", lasting=60)
    with pytest.raises(requests.ConnectionError):
        await desk.sms(ABROAD, "x")
    with pytest.raises(aiohttp.ClientError):
        await desk.gateway("POST", "/gateway/mainland/send", {"to": MAINLAND, "text": "x"})
    clock.advance(60 * SECOND)
    await desk.sms(ABROAD, "y")
    await telco.phone(ABROAD).expect_sms("y")
    await telco.settle()
    telco.assert_nothing_unexpected()


async def test_faults_by_http(telco, desk):
    async with aiohttp.ClientSession(telco.url) as session:
        async with session.post("/faults", json={"kind": "refuse", "at": "twilio.sms", "code": 20429}) as answer:
            assert answer.status == 201
        async with session.post("/faults", json={"kind": "drop", "whatever": 1}) as answer:
            assert answer.status == 422
        async with session.post("/faults", data=b'{"kind": "drop"}', headers={"Content-Type": "text/plain"}) as answer:
            assert answer.status == 415
        with pytest.raises(TwilioRestException):
            await desk.sms(ABROAD, "x")
        async with session.get("/faults") as answer:
            (row,) = (await answer.json())["faults"]
            assert (row["kind"], row["used"]) == ("refuse", 1)
        async with session.post("/faults", json={"storm": 3, "rate": 0.5}) as answer:
            assert (await answer.json())["planted"] > 8
        async with session.delete("/faults"):
            assert telco.faults.planted == []


async def test_a_desk_that_answers_badly_gets_one_retry_only_when_asked_for(telco, desk):
    desk.statuses.extend([503, 200])
    callback = f"{desk.url}/hooks/twilio/status#rc=2&rp=5xx"
    telco.faults.add("stick", at="delivery.twilio")
    await desk.sms(ABROAD, "x", status_callback=callback)
    await telco.settle()
    assert desk.seen("status", "MessageStatus") == ["sending", "sending", "sent"]
    assert desk.tokens[0] == desk.tokens[1] != desk.tokens[2]
    desk.statuses.append(503)
    await telco.phone(ABROAD).send("一次")
    await telco.settle()
    assert desk.seen("sms", "Body") == ["一次"]


async def test_the_mainland_gateway_tries_three_times_by_the_clock(telco, desk, clock):
    desk.statuses.extend([503, 503, 200])
    await telco.phone(MAINLAND).send("三")
    for seconds, tries in ((0, 1), (5, 2), (29, 2), (1, 3), (60, 3)):
        clock.advance(seconds * SECOND)
        await telco.settle()
        assert len(desk.hooks) == tries


async def test_an_unreachable_desk_is_tried_once_more(telco, desk):
    telco.connect("http://127.0.0.1:9")
    await telco.phone(ABROAD).send("x")
    await telco.settle()
    assert desk.hooks == []
    assert telco.network.problems == []
