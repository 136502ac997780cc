"""Twilio out: the official client against the simulated company, and what every answer is taken to mean."""

from urllib.parse import parse_qs, urlsplit

import pytest

from dutydesk.channels import twiml
from dutydesk.channels.twilio import TwilioChannel, status_url
from dutydesk.channels.twilio_errors import REMEDY
from dutydesk.clock import SECOND
from dutydesk.domain.outcomes import Accepted, Busy, Rejected, Unknown
from dutydesk.errors import Unavailable
from tests.channels.desk import ABROAD, MAINLAND, outgoing, patience_for, rejected


@pytest.fixture
async def channel(settings, telco):
    channel = TwilioChannel("twilio", settings, (telco.account.number,), patience=5.0)
    yield channel
    await channel.close()


@pytest.fixture
def sender(desk):
    return desk.sender("twilio")


async def test_a_text_goes_out_and_its_fate_comes_back(channel, desk, telco, sender):
    await desk.queue("p/1.a b", text="山洪 & <撤离> 😀")
    outcome = await channel.send(outgoing(sender, ABROAD, "山洪 & <撤离> 😀", key="p/1.a b"))
    assert isinstance(outcome, Accepted)
    assert outcome.status == "queued"
    assert outcome.provider_id.startswith("SM")
    sms = await telco.phone(ABROAD).expect_sms("山洪 & <撤离> 😀")
    assert sms.callback == "https://desk.example/duty/hooks/twilio/status?d=p%2F1.a%20b#rc=5&rp=all"
    await telco.settle()
    row = (await desk.rows("delivery"))["p/1.a b"]
    assert (row["status"], row["provider_id"]) == ("delivered", outcome.provider_id)
    telco.assert_nothing_unexpected()


async def test_the_validity_and_a_messaging_service(channel, telco, sender):
    (service,) = telco.account.services
    by_service = sender.model_copy(update={"numbers": (service, telco.account.number), "validity_s": 90})
    outcome = await channel.send(outgoing(by_service, ABROAD))
    assert outcome.status == "accepted"
    assert telco.network.texts[outcome.provider_id].service == service
    await telco.phone(ABROAD).expect_sms("请签收")


async def test_without_a_number_another_sender_is_asked(channel, sender, telco):
    bare = sender.model_copy(update={"numbers": ()})
    assert (await channel.send(outgoing(bare, ABROAD))).remedy == "other_sender"
    only_service = sender.model_copy(update={"numbers": tuple(telco.account.services)})
    assert (await channel.send(outgoing(only_service, ABROAD, how="voice"))).code == "no_number"


async def test_the_api_key_signs_in_and_a_wrong_one_stops_the_channel(settings, telco, sender):
    account = telco.account
    outcomes = []
    for secret in (account.api_secret, "wrong"):
        changed = {**settings.model_dump(), "twilio_api_key": account.api_key, "twilio_api_secret": secret}
        channel = TwilioChannel("twilio", type(settings)(**changed))
        outcomes.append(await channel.send(outgoing(sender, ABROAD)))
        await channel.close()
    assert isinstance(outcomes[0], Accepted)
    assert rejected(outcomes[1]) == ("20003", "stop_channel")
    await telco.phone(ABROAD).expect_sms("请签收")


@pytest.mark.parametrize(("code", "remedy"), sorted(REMEDY.items()))
async def test_every_code_of_the_table(channel, telco, sender, code, remedy):
    telco.faults.add("refuse", at="twilio.sms", code=int(code))
    outcome = await channel.send(outgoing(sender, ABROAD))
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.remedy) == (code, remedy)
    assert telco.phone(ABROAD).texts == []


@pytest.mark.parametrize(
    ("codes", "remedy"),
    [
        ("20003", "stop_channel"),
        ("21211 21614 21217 21408 21610 21617 30005 30006", "give_up"),
        ("21606 21659 21612 21611 30001 30036 30004 30007", "other_sender"),
        ("30003 30008", "retry"),
    ],
)
def test_the_table_says_what_the_research_says(codes, remedy):
    assert {REMEDY[code] for code in codes.split()} == {remedy}


async def test_an_unknown_refusal_is_for_good_and_names_no_number(channel, telco, sender):
    telco.faults.add("refuse", at="twilio.sms", code=21999)
    assert (await channel.send(outgoing(sender, ABROAD))).remedy == "give_up"
    outcome = await channel.send(outgoing(sender, "+15005550001"))
    assert outcome.code == "21211"
    assert "5005550001" not in outcome.detail


async def test_too_many_requests_was_no_attempt(channel, telco, sender):
    telco.faults.add("refuse", at="twilio.*", code=20429, times=2)
    assert await channel.send(outgoing(sender, ABROAD)) == Busy(retry_after=1 * SECOND)
    with pytest.raises(Unavailable):
        await channel.find(outgoing(sender, ABROAD))


@pytest.mark.parametrize("kind", ["error_after", "reset_after", "hang_after"])
async def test_a_lost_answer_is_unknown_and_found(settings, telco, sender, clock, kind):
    channel = TwilioChannel("twilio", settings, patience=patience_for(kind))
    telco.faults.add(kind, at="twilio.sms")
    wanted = outgoing(sender, ABROAD, since=clock.now())
    assert isinstance(await channel.send(wanted), Unknown)
    sms = await telco.phone(ABROAD).expect_sms("请签收")
    found = await channel.find(wanted)
    assert isinstance(found, Accepted)
    assert found.provider_id == sms.sid
    await channel.close()
    telco.assert_nothing_unexpected()


@pytest.mark.parametrize("kind", ["reset_before", "hang_before"])
async def test_a_request_that_never_arrived_is_unknown_and_not_found(settings, telco, sender, clock, kind):
    channel = TwilioChannel("twilio", settings, patience=patience_for(kind))
    telco.faults.add(kind, at="twilio.sms")
    wanted = outgoing(sender, ABROAD, since=clock.now())
    assert isinstance(await channel.send(wanted), Unknown)
    assert await channel.find(wanted) is None
    await channel.close()


async def test_the_look_up_takes_nobody_elses_message(channel, telco, sender, clock):
    await channel.send(outgoing(sender, ABROAD))
    await channel.send(outgoing(sender, MAINLAND))
    clock.advance(60 * SECOND)
    now = outgoing(sender, ABROAD, since=clock.now())
    assert await channel.find(now) is None, "the same text, but a minute before the first attempt"
    await channel.send(outgoing(sender, ABROAD, "另一条"))
    assert await channel.find(now) is None, "in time, but another text"
    await telco.phone(ABROAD).send("请签收")
    assert await channel.find(now) is None, "in time, but towards us"
    await channel.send(now)
    assert await channel.find(now) is not None


async def test_what_ended_badly_is_no_trace(channel, telco, sender, clock):
    telco.phone(ABROAD).switch_off()
    wanted = outgoing(sender, ABROAD, since=clock.now())
    await channel.send(wanted)
    await telco.settle()
    assert await channel.find(wanted) is None


async def test_a_failing_look_up_is_unavailable(channel, telco, sender):
    for fault in ("reset_before", "refuse"):
        planted = telco.faults.add(fault, at="twilio.read", code=20500, times=2)  # a reset read is tried again
        with pytest.raises(Unavailable):
            await channel.find(outgoing(sender, ABROAD))
        planted.lift()
    telco.faults.add("down")
    with pytest.raises(Unavailable):
        await channel.inbound_since(0)


async def test_no_connection_is_no_attempt(settings, sender, unused_tcp_port):
    elsewhere = settings.model_copy(update={"twilio_api_url": f"http://127.0.0.1:{unused_tcp_port}"})
    channel = TwilioChannel("twilio", elsewhere)
    assert isinstance(await channel.send(outgoing(sender, ABROAD)), Busy)
    await channel.close()


async def test_the_environment_cannot_send_us_elsewhere(settings, sender, telco, monkeypatch):
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "9" * 32)
    channel = TwilioChannel("twilio", settings)
    assert isinstance(await channel.send(outgoing(sender, ABROAD)), Accepted)
    await channel.close()
    await telco.phone(ABROAD).expect_sms()


async def test_next_pages_come_from_our_address_too(channel, telco, sender):
    for n in range(5):
        await channel.send(outgoing(sender, ABROAD, f"第{n}条"))
    records = await channel._client().messages.list_async(page_size=2)
    assert sorted(record.body for record in records) == [f"第{n}条" for n in range(5)]


async def test_the_sweep_lists_what_came_in(channel, telco, desk, clock, sender):
    telco.faults.add("mute")
    await telco.phone(ABROAD).send("仓库着火")
    clock.advance(600 * SECOND)
    start = clock.now()
    await channel.send(outgoing(sender, ABROAD))
    sms = await telco.phone(ABROAD).send("火已扑灭 😀", media=[("image/jpeg", b"x"), ("image/png", b"y")])
    (found,) = await channel.inbound_since(start)
    assert (found.key, found.via, found.sender) == (f"twilio:{sms.sid}", "twilio", ABROAD)
    assert (found.recipient, found.text, found.sent_at) == (telco.account.number, "火已扑灭 😀", start)
    assert [m.media_type for m in found.media] == ["image/jpeg", "image/png"]
    assert all(m.url.startswith(f"{telco.url}/2010-04-01/Accounts/") for m in found.media)
    assert [m.text for m in await channel.inbound_since(0)] == ["火已扑灭 😀", "仓库着火"]


async def test_a_call_is_placed_with_our_words_and_addresses(channel, telco, desk, sender):
    await desk.queue("v1", how="voice")
    outcome = await channel.send(outgoing(sender, ABROAD, "山洪 & <撤离>", how="voice", key="v1"))
    assert outcome.provider_id.startswith("CA")
    live = await telco.phone(ABROAD).expect_call("山洪 & <撤离>")
    assert live.said.count("撤离") == 1
    assert (await live.stay_silent()).count("撤离") == 1, "it is read out twice"
    assert "没有收到按键" in await live.stay_silent()
    await telco.settle()
    assert (await desk.rows("delivery"))["v1"]["status"] == "completed"
    telco.assert_nothing_unexpected()


async def test_a_lost_answer_to_a_call_is_found(channel, telco, desk, sender, clock):
    telco.faults.add("error_after", at="twilio.call")
    wanted = outgoing(sender, ABROAD, how="voice", since=clock.now())
    assert isinstance(await channel.send(wanted), Unknown)
    ringing = await telco.phone(ABROAD).expect_ring()
    assert (await channel.find(wanted)).provider_id == ringing.call.sid
    await ringing.let_ring_out()
    assert await channel.find(wanted) is None, "nobody picked up: calling again is what is wanted"


def test_a_document_is_never_too_long_and_says_what_it_left_out():
    short = twiml.asking("请签收", "https://desk.example/k?d=1&n=1")
    assert short.count("请签收") == twiml.TIMES
    assert 'action="https://desk.example/k?d=1&amp;n=1"' in short
    for text in ("山" * 5_000, "<&>" * 5_000, "\0\x0b坏字符"):
        document = twiml.asking(text, "https://desk.example/k")
        assert len(document) <= twiml.LONGEST
        assert ("以下从略" in document) == (len(text) > 100)
        assert "\0" not in document


def test_a_delivery_comes_back_as_it_was_given():
    query = urlsplit(status_url("https://desk.example/", "p/1.0&x=+ 山")).query
    assert parse_qs(query) == {"d": ["p/1.0&x=+ 山"]}
