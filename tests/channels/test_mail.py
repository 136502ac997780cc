"""Mail by a real SMTP conversation: what the relay says is what we report."""

from email import message_from_string, policy

import pytest

from dutydesk.channels.mail import MailChannel, message_id
from dutydesk.clock import to_datetime
from dutydesk.domain.outcomes import Accepted, Busy, Rejected, Unknown
from tests.channels.desk import outgoing, patience_for, rejected

TO = "leader@unit.example"


@pytest.fixture
def channel(settings, clock):
    return MailChannel("mail", settings, clock, patience=5.0)


def letter(desk, text="火灾续报:\n第二行 😀", **more):
    return outgoing(
        desk.sender("mail"), more.pop("to", TO), text, **({"how": "mail", "subject": "【续报】仓库火灾"} | more)
    )


async def test_a_mail_goes_out_with_our_key(channel, desk, telco, clock):
    outcome = await channel.send(letter(desk, key="p1.0.2"))
    assert outcome == Accepted(provider_id="<p1.0.2@desk.example>", status="sent")
    mail = await telco.mailbox(TO).expect_mail("仓库火灾", "第二行 😀")
    raw = message_from_string(mail.raw, policy=policy.default)
    assert (raw["Message-ID"], raw["From"], raw["To"]) == ("<p1.0.2@desk.example>", "duty@desk.example", TO)
    assert raw["Date"].datetime == to_datetime(clock.now())
    assert raw["Auto-Submitted"] == "auto-generated"
    telco.assert_nothing_unexpected()


@pytest.mark.parametrize(
    ("code", "remedy"), [(451, "retry"), (421, "retry"), (550, "give_up"), (554, "give_up"), (530, "stop_channel")]
)
async def test_what_the_relay_refuses(channel, desk, telco, code, remedy):
    telco.faults.add("refuse", at="smtp", code=code)
    outcome = await channel.send(letter(desk))
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.remedy) == (str(code), remedy)


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "hang_after"])
async def test_a_lost_answer_is_unknown(settings, desk, telco, clock, kind):
    telco.faults.add(kind, at="smtp")
    channel = MailChannel("mail", settings, clock, patience=patience_for(kind))
    assert isinstance(await channel.send(letter(desk)), Unknown)
    assert await channel.find(letter(desk)) is None
    assert len(telco.mailbox(TO).mails) == (kind != "reset_before")


async def test_a_relay_that_is_away_was_not_asked(settings, desk, clock, telco, unused_tcp_port):
    elsewhere = settings.model_copy(update={"smtp_url": type(settings.smtp_url)(f"smtp://127.0.0.1:{unused_tcp_port}")})
    assert isinstance(await MailChannel("mail", elsewhere, clock).send(letter(desk)), Busy)
    telco.faults.add("down")
    assert isinstance(await MailChannel("mail", settings, clock, patience=1.0).send(letter(desk)), Busy)


@pytest.mark.parametrize("missing", ["smtp_url", "mail_from"])
async def test_without_settings_the_channel_stops(settings, desk, missing):
    bare = settings.model_copy(update={missing: type(getattr(settings, missing))("")})
    assert rejected(await MailChannel("mail", bare).send(letter(desk)))[1] == "stop_channel"


async def test_nothing_can_be_smuggled_into_the_headers(channel, desk, telco):
    assert isinstance(await channel.send(letter(desk, subject="一\r\nBcc: x@evil.example\n\n二")), Accepted)
    raw = message_from_string((await telco.mailbox(TO).expect_mail()).raw, policy=policy.default)
    assert raw["Bcc"] is None
    assert raw["Subject"] == "一 Bcc: x@evil.example 二"
    outcome = await channel.send(letter(desk, to="a@b.example\r\nBcc: x@evil.example"))
    assert (outcome.code, outcome.remedy) == ("bad_address", "give_up")
    assert len(telco.network.mails) == 1


async def test_nothing_comes_in_by_this_way(channel):
    assert await channel.inbound_since(0) == []


def test_the_name_of_a_mail_is_the_same_for_every_attempt():
    assert message_id("p/1 <a>@山", "值班室 <duty@desk.example>") == "<p/1--a---@desk.example>"
    assert message_id("k", "") == "<k@localhost>"
