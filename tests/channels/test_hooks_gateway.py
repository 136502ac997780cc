"""Gateways and exchanges coming in: signed, fresh, mapped by configuration, and never lost for being odd."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from urllib.parse import urlencode

import aiohttp
import pytest

from dutydesk.channels.gateway_mapping import instant_of, number_of
from dutydesk.clock import SECOND, from_datetime
from dutydesk.config.gateways import load_gateways
from tests.channels.desk import FORM, MAINLAND, ROOT, Desk

SMS, STATUS = "/hooks/gateway/mainland/sms", "/hooks/gateway/mainland/status"


def body(**more):
    given = {
        "id": "in-1",
        "from": MAINLAND,
        "to": "+8612000009000",
        "text": "仓库着火",
        "time": "2026-11-03T09:00:00+08:00",
    }
    return json.dumps(given | more, ensure_ascii=False).encode()


async def test_a_text_from_a_mainland_phone_is_recorded(desk, telco, clock):
    sms = await telco.phone(MAINLAND).send("开发区仓库着火 😀𠮷")
    await telco.settle()
    (message,) = await desk.recorded()
    assert (message.text, message.channel, message.via) == ("开发区仓库着火 😀𠮷", "sms", "mainland")
    assert (message.sender, message.recipient) == (MAINLAND, telco.account.mainland_number)
    assert (message.provider_id, message.sent_at) == (sms.sid, clock.now())


async def test_the_answer_is_the_configured_one(desk):
    status, answer, headers = await desk.gateway(SMS, body())
    assert (status, answer) == (200, "{}")
    assert headers["Content-Type"].startswith("application/json")


async def test_forged_and_truncated_posts_are_refused(desk, telco):
    assert (await desk.gateway(SMS, body(), secret="wrong"))[0] == 403
    assert (await desk.post(SMS, body(), {}))[0] == 403
    stamp = str(desk.clock.now() // SECOND)
    secret = telco.account.mainland_secret.encode()
    right = hmac.new(secret, stamp.encode() + b"." + body(), hashlib.sha256).hexdigest()
    for raw, headers in (
        (body()[:-1], {"X-Timestamp": stamp, "X-Signature": right}),
        (body(), {"X-Timestamp": stamp + "0", "X-Signature": right}),
        (body(), {"X-Timestamp": "-1", "X-Signature": right}),
        (body(), {"X-Timestamp": "1" * 400, "X-Signature": right}),
        (body(), {"X-Timestamp": "\u0661", "X-Signature": right}),
        (body(), {"X-Timestamp": stamp, "X-Signature": "é"}),
    ):
        assert (await desk.post(SMS, raw, headers))[0] == 403
    assert (await desk.gateway("/hooks/gateway/nobody/sms", body()))[0] == 404
    assert await desk.messages() == []


async def test_an_old_signature_is_a_replay(desk, clock):
    sent = clock.now()
    for seconds, status in ((300, 200), (301, 403), (-301, 403), (-300, 200)):
        assert (await desk.gateway(SMS, body(), at=sent - seconds * SECOND))[0] == status, seconds
    assert len(await desk.messages()) == 1, "and a replay inside the window is the same message"


async def test_while_the_store_is_away_the_gateway_comes_again(desk, telco):
    desk.door.away = True
    await telco.phone(MAINLAND).send("仓库着火")
    await telco.settle()
    assert desk.door.refused == 1
    assert await desk.messages() == []
    desk.door.away = False
    await telco.release()
    assert [m["text"] for m in await desk.messages()] == ["仓库着火"]


@pytest.mark.parametrize("length", [0, 1, 1_000_000])
async def test_every_length_is_kept_whole(desk, length):
    assert (await desk.gateway(SMS, body(text="a" * length)))[0] == 200
    assert (await desk.messages())[0]["text"] == "a" * length


async def test_too_much_is_refused_also_in_chunks(desk):
    async def chunks():
        for _ in range(33):
            yield b"a" * (1 << 15)

    assert (await desk.gateway(SMS, b"a" * (1 << 20) + b"a"))[0] == 413
    async with aiohttp.ClientSession() as session, session.post(desk.url + SMS, data=chunks()) as answer:
        assert answer.status == 413


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b'{"id":"1","text":"a\x00b\\u0000c"}', "a␀b␀c"),
        (b'{"id":"1","text":"\\ud83d\\ude00 \\ud83d!"}', "😀 \N{REPLACEMENT CHARACTER}!"),
        (b'{"id":"1","text":"\xd6\xd0"}', "\N{REPLACEMENT CHARACTER}" * 2),
        (b'{"id":"1","text":"a\nb"}', "a\nb"),
        (b'{"id":1,"text":12}', "12"),
        (b'{"id":"1"}', '{"id": "1"}'),
        (b"not json", "not json"),
        (b"[" * 100_000, "[" * 100_000),
        (b"[]", "[]"),
        (b"7", "7"),
        (b"", ""),
        (b"\xff\x00", "\N{REPLACEMENT CHARACTER}␀"),
    ],
)
async def test_no_bytes_lose_a_signed_message(desk, raw, kept):
    if not raw:
        stamp = str(desk.clock.now() // SECOND)
        secret = desk.gateways["mainland"].secret.get_secret_value().encode()
        right = hmac.new(secret, f"{stamp}.{SMS}".encode(), hashlib.sha256).hexdigest()
        assert (await desk.post(SMS, b"", {"X-Timestamp": stamp, "X-Signature": right}))[0] == 200
    else:
        assert (await desk.gateway(SMS, raw))[0] == 200
    assert [m["text"] for m in await desk.messages()] == [kept]


async def test_our_own_number_is_refused(desk, telco):
    own = body(**{"from": telco.account.mainland_number})
    assert (await desk.gateway(SMS, own))[0] == 200
    assert await desk.messages() == []


async def test_reports_are_kept_and_told_in_any_order(desk, clock):
    await desk.queue("d1", to=MAINLAND)
    for word in ("DELIVRD", "ACCEPTD", "UNHEARD"):
        raw = json.dumps({"id": "out-1", "ref": "d1", "status": word, "error": ""}).encode()
        for _ in range(2):
            assert (await desk.gateway(STATUS, raw))[0] == 200
    row = (await desk.rows("delivery"))["d1"]
    assert (row["status"], row["provider_id"]) == ("delivered", "out-1")
    assert len(desk.callbacks()) == 3


@pytest.mark.parametrize("raw", [b"", b"x", b"{}", b'{"ref":"nobody","status":"DELIVRD"}', b'{"ref":{},"status":[]}'])
async def test_a_report_that_fits_nothing_is_kept_and_changes_nothing(desk, raw):
    if raw:
        assert (await desk.gateway(STATUS, raw))[0] == 200
        assert [kept for _, kept in desk.callbacks()] == [raw.decode()]
    assert await desk.rows("delivery") == {}


@pytest.fixture
async def other(desk, tmp_path):
    """The other shipped examples, enabled, on the same desk's handlers."""
    text = (ROOT / "config" / "gateways.toml").read_text("utf-8").replace("enabled = false", "enabled = true")
    (tmp_path / "gateways.toml").write_text(text, "utf-8")
    names = ["GATEWAY_MAINLAND_URL", "GATEWAY_MAINLAND_SECRET", "GATEWAY_FORM_URL", "GATEWAY_FORM_ACCOUNT"]
    environment = {f"DUTYDESK_{name}": "http://127.0.0.1/x" for name in names}
    environment |= {"DUTYDESK_GATEWAY_FORM_SECRET": "form-secret", "DUTYDESK_PBX_OFFICE_SECRET": "pbx-secret"}
    desk.gateways.update(load_gateways(tmp_path, environment))
    return desk


async def form_post(desk: Desk, path: str, raw: bytes, content_type=FORM):
    stamp = str(desk.clock.now() // 1000)
    right = hmac.new(b"form-secret", stamp.encode() + b"\n" + raw, hashlib.sha256).digest()
    headers = {"X-Time": stamp, "X-Sign": base64.b64encode(right).decode(), "Content-Type": content_type}
    return await desk.post(path, raw, headers)


async def test_the_form_style_comes_in(other):
    fields = {
        "msgid": "m1",
        "mobile": "1200000101",
        "sp": "106900",
        "content": "仓库着火+1",
        "recvtime": "20261103090000",
    }
    raw = urlencode(fields).encode()
    assert (await form_post(other, "/hooks/gateway/form_example/sms", raw))[:2] == (200, "success")
    (message,) = await other.recorded()
    assert (message.sender, message.text, message.via) == (MAINLAND, "仓库着火+1", "form_example")
    assert message.sent_at == other.clock.now()


async def test_a_batch_of_reports_is_told_one_by_one(other):
    for id in ("d1", "d2"):
        await other.queue(id, to=MAINLAND)
    reports = [
        {"custom": "d1", "msgid": "a", "stat": "DELIVRD"},
        {"custom": "d2", "msgid": "b", "stat": "MK", "err": "7"},
    ]
    raw = json.dumps({"reports": [*reports, "odd", None]}).encode()
    assert (await form_post(other, "/hooks/gateway/form_example/status", raw, "application/json"))[0] == 200
    rows = await other.rows("delivery")
    assert [(rows[d]["status"], rows[d]["code"]) for d in ("d1", "d2")] == [("delivered", ""), ("undelivered", "7")]


async def pbx(desk, **event):
    raw = json.dumps(
        {"call_id": "c1", "caller": MAINLAND, "callee": "8000", "time": "2026-11-03T09:00:00"} | event
    ).encode()
    return await desk.gateway("/hooks/pbx/office", raw, name="office")


async def test_a_call_at_the_exchange_is_one_message_with_the_callers_number(other):
    for event in ("ringing", "answered", "hangup"):
        assert (await pbx(other, event=event))[0] == 200
    (message,) = await other.recorded()
    assert (message.channel, message.sender, message.text) == ("voice", MAINLAND, "电话呼入")
    assert (message.via, message.provider_id, message.sent_at) == ("office", "c1", other.clock.now())
    assert len(other.callbacks()) == 3
    await pbx(other, call_id="c2", event="answered")
    assert [m.text for m in await other.recorded()] == ["电话呼入", "电话呼入(已接听)"]


async def test_a_forged_call_is_refused(other):
    raw = json.dumps({"call_id": "c1", "caller": MAINLAND, "event": "ringing"}).encode()
    assert (await other.gateway("/hooks/pbx/office", raw, name="office", secret="wrong"))[0] == 403
    assert await other.messages() == []


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1200000101", "+861200000101"),
        ("8612000000101", "+8612000000101"),
        ("008612000000101", "+8612000000101"),
        ("+85200000101", "+85200000101"),
        ("12345", "+8612345"),
        (" 1200000101 ", "+861200000101"),
        ("office", "office"),
        ("", ""),
    ],
)
def test_numbers_without_their_country(gateways, said, number):
    chinese = gateways["mainland"].model_copy(update={"country": "+86"})
    assert number_of(chinese, said) == number
    assert number_of(gateways["mainland"], said) == said.strip()


@pytest.mark.parametrize(
    ("said", "time_format", "iso"),
    [
        ("2026-11-03T09:00:00+08:00", "iso", "2026-11-03T01:00:00+00:00"),
        ("2026-11-03 09:00:00", "iso", "2026-11-03T01:00:00+00:00"),
        ("1793667600", "s", "2026-11-03T01:00:00+00:00"),
        ("1793667600000", "ms", "2026-11-03T01:00:00+00:00"),
        ("20261103090000", "%Y%m%d%H%M%S", "2026-11-03T01:00:00+00:00"),
        ("9" * 40, "s", None),
        ("-5", "s", None),
        ("yesterday", "iso", None),
        ("", "%Y", None),
    ],
)
def test_times_in_every_configured_style(said, time_format, iso):
    assert instant_of(said, time_format) == (from_datetime(datetime.fromisoformat(iso)) if iso else None)


async def test_a_gateway_that_gives_one_name_to_two_texts_loses_neither(desk):
    """A modem counts from 1 again after it was switched off."""
    for text, sender in (("仓库着火", MAINLAND), ("桥塌了", MAINLAND), ("仓库着火", "+8612000005555")):
        for _ in range(2):
            assert (await desk.gateway(SMS, body(text=text, **{"from": sender})))[0] == 200
    assert [one.text for one in await desk.recorded()] == ["仓库着火", "桥塌了", "仓库着火"]


async def test_a_text_listed_with_other_blanks_is_the_same(desk):
    await desk.gateway(SMS, body(text="仓库着火 2人受伤"))
    await desk.gateway(SMS, body(text=" 仓库着火  2人受伤\n"))
    assert len(await desk.recorded()) == 1
