"""The generic gateway out: the simulated mainland gateway by its shipped configuration, and another provider's style."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from dutydesk.channels.gateway import GatewayChannel, judged
from dutydesk.clock import SECOND
from dutydesk.config.gateways import load_gateways
from dutydesk.domain.outcomes import Accepted, Busy, Rejected, Unknown
from dutydesk.errors import Unavailable
from tests.channels.desk import ABROAD, MAINLAND, ROOT, outgoing, patience_for, rejected


@pytest.fixture
async def channel(gateways, clock):
    channel = GatewayChannel(gateways["mainland"], clock, patience=5.0)
    yield channel
    await channel.close()


@pytest.fixture
def sender(desk):
    return desk.sender("mainland")


async def test_a_text_goes_out_and_its_fate_comes_back(channel, desk, telco, sender):
    text = '山洪 "撤离" {to} 😀\n第二行'
    await desk.queue("p1.0", to=MAINLAND, text=text)
    outcome = await channel.send(outgoing(sender, MAINLAND, text, key="p1.0"))
    assert isinstance(outcome, Accepted)
    assert (await telco.phone(MAINLAND).expect_sms("山洪")).body == text
    await telco.settle()
    row = (await desk.rows("delivery"))["p1.0"]
    assert (row["status"], row["provider_id"]) == ("delivered", outcome.provider_id)
    telco.assert_nothing_unexpected()


@pytest.mark.parametrize("code", [30003, 30036])
async def test_a_text_that_does_not_arrive(channel, desk, telco, sender, code):
    await desk.queue("d1", to=MAINLAND)
    refusal = telco.phone(MAINLAND).reject_sms("签收", code=code)
    await channel.send(outgoing(sender, MAINLAND))
    await refusal
    await telco.settle()
    row = (await desk.rows("delivery"))["d1"]
    assert (row["status"], row["code"]) == ("undelivered", str(code))


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (429, Busy()),
        (20429, Busy()),
        (21211, Rejected(code="21211", remedy="give_up")),
        (21606, Rejected(code="21606", remedy="other_sender")),
        (30007, Rejected(code="30007", remedy="other_sender")),
        (30008, Rejected(code="30008", remedy="retry")),
        (401, Rejected(code="401", remedy="stop_channel")),
        (500, Unknown(detail="HTTP 500 500")),
        (503, Unknown(detail="HTTP 503 503")),
    ],
)
async def test_what_each_answer_means(channel, telco, sender, code, outcome):
    telco.faults.add("refuse", at="mainland.send", code=code)
    found = await channel.send(outgoing(sender, MAINLAND))
    same = (
        {"detail": ""}
        if isinstance(outcome, Rejected)
        else {"retry_after": found.retry_after}
        if isinstance(outcome, Busy)
        else {}
    )
    assert found.model_copy(update=same) == outcome.model_copy(update=same)
    assert telco.phone(MAINLAND).texts == []


async def test_a_number_it_does_not_serve_is_for_good(channel, sender):
    outcome = await channel.send(outgoing(sender, ABROAD))
    assert (outcome.code, outcome.remedy) == ("HTTP 400", "give_up")
    assert ABROAD not in outcome.detail


async def test_a_wrong_secret_stops_the_channel(gateways, clock, sender):
    wrong = gateways["mainland"].model_copy(update={"secret": type(gateways["mainland"].secret)("wrong")})
    channel = GatewayChannel(wrong, clock)
    assert rejected(await channel.send(outgoing(sender, MAINLAND)))[1] == "stop_channel"
    with pytest.raises(Unavailable):
        await channel.find(outgoing(sender, MAINLAND))
    await channel.close()


async def test_a_call_is_for_another_sender(channel, sender):
    assert (await channel.send(outgoing(sender, MAINLAND, how="voice"))).remedy == "other_sender"


@pytest.mark.parametrize("kind", ["error_after", "reset_after", "hang_after"])
async def test_a_lost_answer_is_unknown_and_found_by_our_reference(gateways, telco, sender, clock, kind):
    channel = GatewayChannel(gateways["mainland"], clock, patience=patience_for(kind))
    telco.faults.add(kind, at="mainland.send")
    key = "p/1&ref=2 山"
    assert isinstance(await channel.send(outgoing(sender, MAINLAND, key=key)), Unknown)
    sms = await telco.phone(MAINLAND).expect_sms("请签收")
    found = await channel.find(outgoing(sender, MAINLAND, key=key))
    assert found is not None
    assert found.provider_id == sms.sid
    assert await channel.find(outgoing(sender, MAINLAND, key="other")) is None
    await channel.close()


async def test_a_failing_look_up_is_unavailable(channel, telco, sender):
    telco.faults.add("refuse", at="mainland.read", code=500)
    with pytest.raises(Unavailable):
        await channel.find(outgoing(sender, MAINLAND))
    telco.faults.add("down")
    with pytest.raises(Unavailable):
        await channel.inbound_since(0)
    assert isinstance(await channel.send(outgoing(sender, MAINLAND)), Unknown)


async def test_no_connection_is_no_attempt(gateways, clock, sender, unused_tcp_port):
    url = f"http://127.0.0.1:{unused_tcp_port}"
    channel = GatewayChannel(gateways["mainland"].model_copy(update={"url": url}), clock)
    assert isinstance(await channel.send(outgoing(sender, MAINLAND)), Busy)
    await channel.close()


async def test_the_sweep_lists_what_came_in(channel, telco, desk, clock):
    telco.faults.add("mute")
    await telco.phone(MAINLAND).send("早先的")
    clock.advance(60 * SECOND)
    sms = await telco.phone(MAINLAND).send("仓库着火 😀")
    (found,) = await channel.inbound_since(clock.now())
    assert (found.key, found.via, found.sender) == (f"gateway:mainland:{sms.sid}", "mainland", MAINLAND)
    assert (found.text, found.sent_at, found.provider_id) == ("仓库着火 😀", clock.now(), sms.sid)
    assert len(await channel.inbound_since(0)) == 2


class Elsewhere:
    """Another provider, of the form-encoded kind; answers what it is told to."""

    def __init__(self):
        self.seen = []
        self.answer = web.Response
        self.url = ""

    async def take(self, request):
        self.seen.append((request.method, request.raw_path, await request.read(), dict(request.headers)))
        return self.answer()


@pytest.fixture
async def elsewhere():
    provider = Elsewhere()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", provider.take)
    server = TestServer(app)
    await server.start_server()
    provider.url = str(server.make_url("/api")).rstrip("/")
    yield provider
    await server.close()


@pytest.fixture
async def form_channel(elsewhere, clock, tmp_path):
    text = (ROOT / "config" / "gateways.toml").read_text("utf-8").replace("enabled = false", "enabled = true")
    (tmp_path / "gateways.toml").write_text(text, "utf-8")
    names = ["MAINLAND_URL", "MAINLAND_SECRET", "FORM_SECRET", "FORM_ACCOUNT"]
    environment = {f"DUTYDESK_GATEWAY_{name}": "http://127.0.0.1/x" for name in names}
    environment |= {"DUTYDESK_GATEWAY_FORM_URL": elsewhere.url, "DUTYDESK_PBX_OFFICE_SECRET": "p"}
    channel = GatewayChannel(load_gateways(tmp_path, environment)["form_example"], clock)
    yield channel
    await channel.close()


async def test_the_form_style_is_sent_as_configured(form_channel, elsewhere, clock, sender):
    elsewhere.answer = lambda: web.json_response({"result": 0, "data": {"msgid": 77}})
    assert await form_channel.send(outgoing(sender, MAINLAND, "山&洪=1", key="k1")) == Accepted(provider_id="77")
    ((method, path, raw, headers),) = elsewhere.seen
    assert (method, path) == ("POST", "/api/v2/sms")
    assert parse_qsl(raw.decode()) == [("mobile", "1200000101"), ("content", "山&洪=1"), ("custom", "k1")]
    stamp = str(clock.now() // 1000)
    right = hmac.new(b"http://127.0.0.1/x", stamp.encode() + b"\n" + raw, hashlib.sha256).digest()
    assert (headers["X-Time"], headers["X-Sign"]) == (stamp, base64.b64encode(right).decode())
    assert headers["X-Account"] == "http://127.0.0.1/x"
    assert headers["Content-Type"].startswith("application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"result": 1015}, Busy(retry_after=10 * SECOND)),
        ({"result": "1001"}, "stop_channel"),
        ({"result": 9999}, "give_up"),
        ({"result": 0}, Unknown(detail="HTTP 200 without an id")),
        ([1], "give_up"),
    ],
)
async def test_the_form_style_answers(form_channel, elsewhere, sender, answer, expected):
    elsewhere.answer = lambda: web.json_response(answer)
    outcome = await form_channel.send(outgoing(sender, MAINLAND))
    assert (outcome.remedy if isinstance(expected, str) else outcome) == expected


async def test_a_redirect_is_never_followed(form_channel, elsewhere, sender):
    elsewhere.answer = lambda: web.Response(status=307, headers={"Location": f"{elsewhere.url}/steal"})
    outcome = await form_channel.send(outgoing(sender, MAINLAND))
    assert (outcome.code, outcome.remedy) == ("HTTP 307", "stop_channel")
    assert len(elsewhere.seen) == 1


async def test_the_text_can_name_no_address(channel, gateways, telco, sender):
    for text in ("http://169.254.169.254/", "{url}", "../../x?y#z", "{to.__class__}"):
        assert isinstance(await channel.send(outgoing(sender, MAINLAND, text)), Accepted)
        assert (await telco.phone(MAINLAND).expect_sms()).body == text


def test_a_gateway_that_names_nothing_is_known_by_our_reference(gateways):
    send = gateways["mainland"].sending.model_copy(update={"id": ""})
    assert judged(send, (200, None, b"ok"), "k1") == Accepted(provider_id="k1")
    named = gateways["mainland"].sending
    assert isinstance(judged(named, (200, None, b"<html>"), "k1"), Unknown)
    assert judged(named, (429, "7", b""), "k1") == Busy(retry_after=7 * SECOND)
    told = json.dumps({"to": MAINLAND}).encode()
    expected = Rejected(code="HTTP 404", detail='{"to": "…"}', remedy="stop_channel")
    assert judged(named, (404, None, told), "k") == expected
