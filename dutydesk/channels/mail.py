"""E-mail by SMTP. Each mail carries the delivery's id in its Message-ID. It reads no mailbox and never guesses at a lost answer."""

import re
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from dutydesk.channels.inbound import clean
from dutydesk.channels.port import Inbound, Outgoing
from dutydesk.clock import Clock, SystemClock, to_datetime
from dutydesk.config import Settings
from dutydesk.domain.outcomes import Accepted, Busy, Outcome, Rejected, Unknown

PATIENCE = 10.0  # seconds for each step of the conversation
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]")
_BREAKS = re.compile(r"[\r\n\t]+")


class MailChannel:
    """One SMTP relay, a fresh connection for each mail."""

    def __init__(
        self, name: str, settings: Settings, clock: Clock | None = None, *, patience: float = PATIENCE
    ) -> None:
        self.name = name
        self._url = urlsplit(settings.smtp_url.get_secret_value())
        self._from = settings.mail_from
        self._clock = clock or SystemClock()
        self._patience = patience

    async def send(self, outgoing: Outgoing) -> Outcome:
        """One mail; see `Channel.send`. Accepted means the relay has it, which is all that SMTP says."""
        if not self._url.hostname or not self._from:
            return Rejected(code="not_configured", detail="没有配置邮件服务器或发件地址", remedy="stop_channel")
        try:
            message = self._message(outgoing)
        except ValueError as error:
            return Rejected(code="bad_address", detail=type(error).__name__)
        return await self._hand_over(message)

    async def _hand_over(self, message: EmailMessage) -> Outcome:
        client = self._client()
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            return Rejected(code=str(error.code), detail="邮件服务器不认用户名或密码", remedy="stop_channel")
        except (aiosmtplib.SMTPException, OSError):
            return Busy()  # not one byte of the mail was sent
        try:
            await client.send_message(message)
        except (aiosmtplib.SMTPException, OSError) as error:
            return _outcome_of(error)
        finally:
            client.close()
        return Accepted(provider_id=str(message["Message-ID"]), status="sent")

    def _client(self) -> aiosmtplib.SMTP:
        secure = self._url.scheme == "smtps"
        return aiosmtplib.SMTP(
            hostname=self._url.hostname,
            port=self._url.port or (465 if secure else 25),
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
            use_tls=secure,
            timeout=self._patience,
        )

    def _message(self, outgoing: Outgoing) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._from
        message["To"] = outgoing.to
        message["Subject"] = _BREAKS.sub(" ", clean(outgoing.subject or outgoing.text[:60]))
        message["Date"] = format_datetime(to_datetime(self._clock.now()))
        message["Message-ID"] = message_id(outgoing.key, self._from)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: answering machines stay silent
        message.set_content(clean(outgoing.text))
        return message

    async def find(self, outgoing: Outgoing) -> Accepted | None:
        """SMTP cannot be asked: never a trace. A second copy carries the same Message-ID, so that mailboxes can tell."""
        return None

    async def inbound_since(self, instant: int) -> list[Inbound]:
        """This channel only sends."""
        return []

    async def close(self) -> None:
        return None


def message_id(key: str, mail_from: str) -> str:
    """The Message-ID of a delivery (RFC 5322, 3.6.4), the same for every attempt."""
    domain = mail_from.rpartition("@")[2].rstrip(">").strip() or "localhost"
    return f"<{_NOT_IN_AN_ID.sub('-', key)}@{domain}>"


def _outcome_of(error: Exception) -> Outcome:
    match error:
        case aiosmtplib.SMTPRecipientsRefused():
            return _refusal(error.recipients[0].code)
        case aiosmtplib.SMTPServerDisconnected() | aiosmtplib.SMTPTimeoutError():
            return Unknown(detail=type(error).__name__)
        case aiosmtplib.SMTPResponseException():
            return _refusal(error.code)
        case aiosmtplib.SMTPNotSupported():
            return Rejected(code="not_supported", detail="邮件服务器不支持这个地址")
        case _:
            return Unknown(detail=type(error).__name__)


def _refusal(code: int) -> Outcome:
    """RFC 5321, 4.2.1: 4yz may pass by itself, 5yz will not."""
    if code in (530, 534, 535):
        return Rejected(code=str(code), remedy="stop_channel")
    return Rejected(code=str(code), remedy="retry" if code < 500 else "give_up")
