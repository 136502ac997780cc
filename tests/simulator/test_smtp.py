"""The mail sink, spoken to by the library the desk sends with."""

from email.message import EmailMessage

import aiosmtplib
import pytest


async def send(telco, to="a@example.test", subject="值班快报", text="第一行\n.点开头\n"):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "desk@example.test", to, subject
    mail.set_content(text)
    await aiosmtplib.send(mail, hostname="127.0.0.1", port=telco.smtp_port, timeout=30)


async def test_a_mail_arrives_as_written(telco):
    await send(telco)
    mail = await telco.mailbox("a@example.test").expect_mail("值班快报", ".点开头")
    assert (mail.sender, mail.text) == ("desk@example.test", "第一行\n.点开头\n")
    telco.assert_nothing_unexpected()
    await send(telco)
    with pytest.raises(AssertionError, match="值班快报"):
        telco.assert_nothing_unexpected()


async def test_mail_is_refused_or_lost_as_planted(telco):
    telco.faults.add("refuse", at="smtp", code=550)
    with pytest.raises(aiosmtplib.SMTPDataError) as refusal:
        await send(telco)
    assert refusal.value.code == 550
    assert telco.network.mails == []
    telco.faults.add("reset_after", at="smtp")
    with pytest.raises(aiosmtplib.SMTPException):
        await send(telco)
    assert len(telco.network.mails) == 1
    telco.faults.add("down")
    with pytest.raises(aiosmtplib.SMTPException):
        await send(telco)
