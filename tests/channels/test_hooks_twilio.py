"""Twilio's webhooks on a real server with a real hub: what comes in is kept once, what is forged is not, whatever the bytes."""

import asyncio
import base64
import hashlib
import hmac
import logging
from urllib.parse import urlencode

import pytest

from dutydesk.channels import twiml
from dutydesk.channels.inbound import as_command, stream_of
from dutydesk.channels.twilio import TwilioChannel
from dutydesk.domain.outcomes import Accepted
from dutydesk.simulator.signatures import sign_twilio
from tests.channels.desk import ABROAD, FORM, MAINLAND, outgoing, together

SMS, STATUS = "/hooks/twilio/sms", "/hooks/twilio/status"


def text(sid="SM1", body="仓库着火", **more):
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "From": ABROAD,
        "To": "+15005550006",
        "Body": body,
        "NumMedia": "0",
    } | more


async def test_a_text_from_a_phone_is_recorded_and_answered_with_nothing(desk, telco):
    sms = await telco.phone(ABROAD).send("开发区仓库着火 😀𠮷", media=[("image/jpeg", b"x"), ("audio/amr", b"y")])
    await telco.settle()
    (message,) = await desk.recorded()
    assert (message.text, message.channel, message.via) == ("开发区仓库着火 😀𠮷", "sms", "twilio")
    assert (message.sender, message.recipient) == (ABROAD, telco.account.number)
    assert [m.media_type for m in message.media] == ["image/jpeg", "audio/amr"]
    assert message.media[0].url.startswith(f"{telco.url}/2010-04-01/Accounts/")
    key = f"twilio:{sms.sid}"
    assert list(await desk.rows("message")) == [hashlib.sha256(key.encode()).hexdigest()[:16]]
    assert stream_of(key) == f"message/{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    telco.assert_nothing_unexpected()


async def test_the_answer_is_empty_twiml(desk):
    status, answer, headers = await desk.twilio(SMS, text())
    assert (status, answer) == (200, twiml.EMPTY)
    assert headers["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize("length", [0, 1, 1_000_000])
async def test_every_length_is_kept_whole(desk, length):
    body = "a" * length
    assert (await desk.twilio(SMS, text(body=body)))[0] == 200
    assert (await desk.messages())[0]["text"] == body


async def test_a_body_over_one_mebibyte_is_refused_before_anything(desk):
    assert (await desk.twilio(SMS, text(body="a" * (1 << 20))))[0] == 413
    assert (await desk.twilio(SMS, text(body="火" * 200_000)))[0] == 413
    assert await desk.messages() == []


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b"%00", "␀"),
        (b"a%00b", "a␀b"),
        (b"%D6%D0", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"),
        (b"\xff", "\N{REPLACEMENT CHARACTER}"),
        (b"%ED%A0%BD", "\N{REPLACEMENT CHARACTER}" * 3),
        (b"%F0%9F%98%80+%F0%A0%AE%B7", "😀 𠮷"),
        ("火".encode(), "火"),
        (b"1%2B1", "1+1"),
        (b"line%0D%0Atwo%09", "line\r\ntwo\t"),
    ],
)
async def test_no_bytes_lose_a_signed_message(desk, raw, kept):
    bodies = {b"%00": b"\0", b"a%00b": b"a\0b", b"%D6%D0": b"\xd6\xd0", b"%ED%A0%BD": b"\xed\xa0\xbd"}
    bodies |= {b"1%2B1": b"1+1", b"line%0D%0Atwo%09": b"line\r\ntwo\t", b"%F0%9F%98%80+%F0%A0%AE%B7": "😀 𠮷".encode()}
    url = (desk.settings.public_url + SMS).encode()
    signed = url + b"Body" + bodies.get(raw, raw) + b"MessageSidSM1"
    token = desk.settings.twilio_auth_token.get_secret_value().encode()
    signature = base64.b64encode(hmac.new(token, signed, hashlib.sha1).digest()).decode()
    headers = {"Content-Type": FORM, "X-Twilio-Signature": signature}
    assert (await desk.post(SMS, b"MessageSid=SM1&Body=" + raw, headers))[0] == 200
    assert (await desk.messages())[0]["text"] == kept


@pytest.mark.parametrize("path", [SMS, STATUS, "/hooks/twilio/voice"])
async def test_forged_unsigned_and_truncated_webhooks_are_refused(desk, path):
    form = text(CallSid="CA1", MessageStatus="sent", Digits="1")
    raw = urlencode(form).encode()
    right = sign_twilio(
        desk.settings.twilio_auth_token.get_secret_value(), desk.settings.public_url + path, list(form.items())
    )
    for signature in ("", "0" * 28, right[:-2] + "A="):
        headers = {"Content-Type": FORM, "X-Twilio-Signature": signature}
        assert (await desk.post(path, raw, headers))[0] == 403
    headers = {"Content-Type": FORM, "X-Twilio-Signature": right}
    assert (await desk.post(path, raw[:-9], headers))[0] == 403
    assert (await desk.post(path, raw, {**headers, "Content-Type": "application/json"}))[0] == 403
    assert (await desk.post(path + "?d=x", raw, headers))[0] == 403
    assert (await desk.twilio(path, form, token="another"))[0] == 403
    assert await desk.messages() == []
    assert desk.callbacks() == []


async def test_a_connection_that_breaks_off_records_nothing(desk):
    form = text()
    signature = sign_twilio(
        desk.settings.twilio_auth_token.get_secret_value(), desk.settings.public_url + SMS, list(form.items())
    )
    raw = urlencode(form).encode()
    host, port = desk.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {SMS} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nX-Twilio-Signature: {signature}\r\n"
    writer.write(head.encode() + f"Content-Length: {len(raw)}\r\n\r\n".encode() + raw[:-3])
    writer.write_eof()
    await reader.read()
    writer.close()
    await writer.wait_closed()
    assert await desk.messages() == []
    assert (await desk.twilio(SMS, form))[0] == 200, "and the provider's second try is taken"
    assert len(await desk.messages()) == 1


async def test_doubles_and_replays_are_one_message(desk, telco):
    telco.faults.add("double", at="webhook.twilio.sms")
    await telco.phone(ABROAD).send("仓库着火")
    await telco.settle()
    form = text()
    first, second = await together(desk.twilio(SMS, form), desk.twilio(SMS, form))
    third = await desk.twilio(SMS, form)
    assert first[:2] == second[:2] == third[:2] == (200, twiml.EMPTY)
    names = [message.provider_id for message in await desk.recorded()]
    assert len(names) == 2
    assert names[1] == "SM1"


async def test_the_sweep_and_the_webhook_meet_in_one_message(desk, telco, settings):
    channel = TwilioChannel("twilio", settings, (telco.account.number,))
    await telco.phone(ABROAD).send("仓库着火")
    telco.faults.add("drop", at="webhook.twilio.sms")
    await telco.phone(ABROAD).send("火势扩大")
    await telco.settle()
    assert len(await desk.messages()) == 1
    for inbound in await channel.inbound_since(0):
        await desk.hub.handle(stream_of(inbound.key), as_command(inbound), key=inbound.key, by="sweep")
    await channel.close()
    assert sorted(m["text"] for m in await desk.messages()) == ["仓库着火", "火势扩大"]


async def test_while_the_store_is_away_the_provider_is_told_to_come_again(desk, telco):
    desk.door.away = True
    status, _, headers = await desk.twilio(SMS, text())
    assert (status, headers["Retry-After"]) == (503, "1")
    assert (await desk.twilio(STATUS, {"MessageSid": "SM1", "MessageStatus": "sent"}))[0] == 503
    assert desk.door.refused == 2
    desk.door.away = False
    assert await desk.messages() == []
    assert (await desk.twilio(SMS, text()))[0] == 200
    assert [m["text"] for m in await desk.messages()] == ["仓库着火"]


async def test_a_status_brought_while_the_store_was_away_comes_again_by_itself(desk, telco, settings):
    await desk.queue("d1")
    desk.door.away, desk.door.most = True, 6
    channel = TwilioChannel("twilio", settings)
    await channel.send(outgoing(desk.sender("twilio"), ABROAD))
    await channel.close()
    await telco.phone(ABROAD).expect_sms("请签收")
    await telco.settle()
    assert desk.door.refused == 6
    assert (await desk.rows("delivery"))["d1"]["status"] == "delivered"
    assert len(desk.callbacks()) == 3, "sending, sent, delivered: none was lost"


async def test_our_own_number_is_refused_and_its_name_stays_out_of_the_log(desk, telco, caplog):
    caplog.set_level(logging.INFO)
    status, answer, _ = await desk.twilio(SMS, text(From=telco.account.number))
    assert (status, answer) == (200, twiml.EMPTY)
    assert await desk.messages() == []
    assert "not recorded (twilio:SM1)" in caplog.text
    assert telco.account.number not in caplog.text


@pytest.mark.parametrize("word", ["STOP", "START", "HELP"])
async def test_opt_out_words_are_recorded_and_not_answered_in_the_reply(desk, telco, word):
    await telco.phone(ABROAD).send(word)
    await telco.settle()
    assert [m["text"] for m in await desk.messages()] == [word]
    assert telco.phone(ABROAD).texts == []


async def test_a_signed_text_without_an_id_is_kept_by_its_content(desk):
    form = {"From": ABROAD, "Body": "没有编号"}
    for _ in range(2):
        assert (await desk.twilio(SMS, form))[0] == 200
    assert [m["text"] for m in await desk.messages()] == ["没有编号"]


async def test_new_parameters_and_a_wrong_count_of_media_harm_nothing(desk):
    form = text(NumMedia="many", MediaUrl0="https://m.example/0", MediaContentType0="image/png", Brandnew="x", Empty="")
    assert (await desk.twilio(SMS, form))[0] == 200
    assert (await desk.messages())[0]["media"] == [
        {"url": "https://m.example/0", "media_type": "image/png", "digest": ""}
    ]


async def test_statuses_come_in_any_order_and_twice_and_every_one_is_kept(desk, clock):
    await desk.queue("d1")
    await desk.note("d1", Accepted(provider_id="SM9", status="queued"))
    for word in ("delivered", "sent", "sending", "delivered"):
        form = {"MessageSid": "SM9", "MessageStatus": word}
        assert (await desk.twilio(f"{STATUS}?d=d1", form))[0] == 200
        clock.advance(1_000_000)
    assert (await desk.rows("delivery"))["d1"]["status"] == "delivered"
    kept = desk.callbacks()
    assert [id.rpartition(":")[0] for id, _ in kept] == [f"twilio:SM9/{w}" for w in ("delivered", "sent", "sending")]
    assert kept[0][1] == "MessageSid=SM9&MessageStatus=delivered"


async def test_a_status_heals_a_delivery_whose_answer_was_lost(desk):
    await desk.queue("d1")
    await desk.twilio(f"{STATUS}?d=d1", {"MessageSid": "SM9", "MessageStatus": "sent"})
    row = (await desk.rows("delivery"))["d1"]
    assert (row["status"], row["provider_id"]) == ("sent", "SM9")


async def test_an_undelivered_text_says_why(desk, telco, settings):
    await desk.queue("d1", to=MAINLAND)
    channel = TwilioChannel("twilio", settings)
    with_link = "请签收 https://desk.example/l/x"
    outcome = await channel.send(outgoing(desk.sender("twilio"), MAINLAND, with_link))
    await channel.close()
    assert isinstance(outcome, Accepted), "Twilio takes a link to the mainland, and loses it there"
    await telco.settle()
    row = (await desk.rows("delivery"))["d1"]
    assert (row["status"], row["code"]) == ("undelivered", "30007")


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("", {"MessageSid": "SM9", "MessageStatus": "sent"}),
        ("?d=nobody", {"MessageSid": "SM9", "MessageStatus": "sent"}),
        ("?d=d1", {"MessageSid": "SM9"}),
        ("?d=d1", {"MessageStatus": "delivered"}),
        ("?d=d1", {"MessageSid": "SM9", "MessageStatus": "unheard-of"}),
        ("?d=d1", {}),
    ],
)
async def test_a_status_that_fits_nothing_is_kept_and_changes_nothing(desk, query, form):
    await desk.queue("d1")
    assert (await desk.twilio(STATUS + query, form))[0] == 200
    assert (await desk.rows("delivery"))["d1"]["status"] == "queued"
    assert set(await desk.rows("delivery")) == {"d1"}
    assert [body for _, body in desk.callbacks()] == [urlencode(form)]
