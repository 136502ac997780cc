"""The official client, version as installed, against the simulated REST API."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.simulator.conftest import ABROAD
from tests.simulator.fakedesk import Redirected


def key_of(account):
    return {"Authorization": aiohttp.encode_basic_auth(account.sid, account.auth_token)}


async def test_a_text_is_created_and_fetched_as_the_client_expects(telco, desk):
    sent = await desk.sms(
        ABROAD, "请速回电", status_callback=f"{desk.url}/hooks/twilio/status?key=k", validity_period=60
    )
    assert (sent.status, sent.direction, sent.num_segments, sent.num_media) == ("queued", "outbound-api", "1", "0")
    assert sent.sid.startswith("SM")
    assert len(sent.sid) == 34
    await telco.phone(ABROAD).expect_sms("回电")
    await telco.settle()
    again = await desk.in_thread(desk.client().messages(sent.sid).fetch)
    assert (again.status, again.error_code, again.body) == ("delivered", None, "请速回电")
    assert again.date_sent == datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
    assert desk.seen("status", "MessageStatus") == ["sending", "sent", "delivered"]
    telco.assert_nothing_unexpected()


async def test_a_messaging_service_starts_at_accepted(telco, desk):
    service = next(iter(telco.account.services))
    sent = await desk.sms(ABROAD, "x", messaging_service_sid=service, status_callback=f"{desk.url}/hooks/twilio/status")
    assert (sent.status, sent.num_segments) == ("accepted", "0")
    await telco.settle()
    assert desk.seen("status", "MessageStatus") == ["queued", "sending", "sent", "delivered"]


async def test_lists_filter_and_page(telco, desk, clock):
    for number in range(7):
        await desk.sms(ABROAD, f"第{number}条")
        await telco.settle()
        clock.advance(60_000_000)
    await desk.sms("+85200000102", "别处")
    client = desk.client()
    rows = await desk.in_thread(client.messages.list, to=ABROAD, page_size=2)
    assert [m.body for m in rows] == [f"第{n}条" for n in (6, 5, 4, 3, 2, 1, 0)]
    start = datetime(2026, 11, 3, 1, 2, tzinfo=UTC)
    late = await desk.in_thread(
        client.messages.list, to=ABROAD, date_sent_after=start, date_sent_before=start + timedelta(minutes=2)
    )
    assert [m.body for m in late] == ["第4条", "第3条", "第2条"]
    assert len(await desk.in_thread(client.messages.list, to=ABROAD, limit=3, page_size=2)) == 3
    assert await desk.in_thread(client.messages.list, date_sent=datetime(2026, 11, 2, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    ("wrong", "code", "status"),
    [
        ({"to": "12"}, 21211, 400),
        ({"body": "x" * 1601}, 21617, 400),
        ({"body": ""}, 21602, 400),
        ({"from_": "+15005550099"}, 21606, 400),
        ({"validity_period": 36001}, 90007, 400),
        ({"validity_period": 0}, 90007, 400),
        ({"status_callback": "ftp://x"}, 21609, 400),
        ({"to": "+15005550009"}, 21614, 400),
    ],
)
async def test_what_twilio_refuses_is_refused(telco, desk, wrong, code, status):
    asked = {"to": ABROAD, "from_": telco.account.number, "body": "x"} | wrong
    with pytest.raises(TwilioRestException) as refusal:
        await desk.in_thread(desk.client().messages.create, **asked)
    assert (refusal.value.code, refusal.value.status) == (code, status)
    assert not telco.network.texts


async def test_a_body_of_1600_characters_is_taken(telco, desk):
    sent = await desk.sms(ABROAD, "汛" * 1600)
    assert sent.num_segments == "24"


async def test_stop_and_landline_are_remembered(telco, desk):
    phone = telco.phone(ABROAD)
    await phone.send("STOP")
    await telco.settle()
    assert desk.seen("sms", "OptOutType") == ["STOP"]
    with pytest.raises(TwilioRestException, match="opted out") as refusal:
        await desk.sms(ABROAD, "x")
    assert refusal.value.code == 21610
    await phone.send("START")
    await telco.settle()
    phone.card.landline = True
    with pytest.raises(TwilioRestException) as refusal:
        await desk.sms(ABROAD, "x")
    assert refusal.value.code == 21614


async def test_wrong_keys_and_strange_sids(telco, desk):
    bad = Client(telco.account.sid, "wrong", http_client=Redirected(telco.url))
    with pytest.raises(TwilioRestException) as refusal:
        await desk.in_thread(bad.messages("SM" + "f" * 32).fetch)
    assert (refusal.value.code, refusal.value.status) == (20003, 401)
    with pytest.raises(TwilioRestException) as refusal:
        await desk.in_thread(desk.client().messages("SM" + "f" * 32).fetch)
    assert (refusal.value.code, refusal.value.status) == (20404, 404)
    account = telco.account
    key = Client(account.api_key, account.api_secret, account.sid, http_client=Redirected(telco.url))
    assert await desk.in_thread(key.messages.list) == []


async def test_a_misspelt_parameter_is_an_error(telco):
    account = telco.account
    form = {"To": ABROAD, "From": account.number, "Body": "x", "StatusCallBack": "http://127.0.0.1/"}
    url = f"{telco.url}/2010-04-01/Accounts/{account.sid}/Messages.json"
    async with aiohttp.ClientSession(headers=key_of(account)) as session, session.post(url, data=form) as answer:
        error = await answer.json()
        assert (answer.status, error["code"], error["status"]) == (400, 20001, 400)
        assert "StatusCallBack" in error["message"]
        assert error["more_info"].endswith("20001")
    assert not telco.network.texts


async def test_media_need_the_account(telco, desk):
    await telco.phone(ABROAD).send("见图", media=[("image/png", b"\x89PNG")])
    await telco.settle()
    (kind, form) = desk.hooks[0]
    assert (kind, form["NumMedia"], form["MediaContentType0"]) == ("sms", "1", "image/png")
    account = telco.account
    async with aiohttp.ClientSession() as session:
        async with session.get(form["MediaUrl0"]) as answer:
            assert answer.status == 401
        async with session.get(form["MediaUrl0"], headers=key_of(account)) as answer:
            assert await answer.read() == b"\x89PNG"
    media = await desk.in_thread(desk.client().messages(form["MessageSid"]).media.list)
    assert [m.content_type for m in media] == ["image/png"]
