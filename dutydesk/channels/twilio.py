"""Twilio: SMS and calls out by the official client, look-ups of lost answers, and the sweep of what came in.

Nothing here receives webhooks or decides what an error means; it never calls any host but the configured one.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from twilio.base import values
from twilio.rest import Client

from dutydesk.channels import twiml
from dutydesk.channels.inbound import clean, key_of
from dutydesk.channels.port import Inbound, Outgoing
from dutydesk.channels.twilio_errors import FAILURES, outcome_of
from dutydesk.channels.twilio_transport import PATIENCE, Transport
from dutydesk.clock import SECOND, from_datetime, to_datetime
from dutydesk.config import Settings
from dutydesk.config.settings import TWILIO_API
from dutydesk.domain.deliveries import BAD_ENDS
from dutydesk.domain.messages import Media
from dutydesk.domain.outcomes import Accepted, Outcome, Rejected, Unknown
from dutydesk.errors import Unavailable

SOURCE = "twilio"  # of keys, and the name of whoever acts by its webhooks
CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
# Five times, after any failure: by itself it would not after a 503.
# https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
TRY_AGAIN = "#rc=5&rp=all"
SKEW = 5 * SECOND  # between our clock and Twilio's; its stamps are whole seconds
_MOST_LOOKED_AT = 200  # newest messages or calls to one number


class TwilioChannel:
    """`numbers` are ours that can receive (E.164), to narrow the sweep; none means: sweep the whole account."""

    def __init__(
        self, name: str, settings: Settings, numbers: tuple[str, ...] = (), *, patience: float = PATIENCE
    ) -> None:
        self.name = name
        self._settings = settings
        self._base = settings.twilio_api_url.rstrip("/") or TWILIO_API
        self._numbers = tuple(n for n in numbers if n.startswith("+"))
        self._patience = patience
        self._rest: Any = None

    async def send(self, outgoing: Outgoing) -> Outcome:
        """One SMS or one call; see `Channel.send`."""
        from_ = sender_of(outgoing)
        if from_ is None:
            return Rejected(code="no_number", detail="没有可用的主叫号码", remedy="other_sender")
        try:
            made = await (self._call(outgoing, from_) if outgoing.how == "voice" else self._text(outgoing, from_))
        except FAILURES as error:
            return outcome_of(error)
        return Accepted(provider_id=made.sid, status=str(made.status)) if made.sid else Unknown(detail="no sid")

    async def _text(self, outgoing: Outgoing, from_: str) -> Any:
        service = from_.startswith("MG")
        return await self._client().messages.create_async(
            to=outgoing.to,
            body=outgoing.text,
            from_=values.unset if service else from_,
            messaging_service_sid=from_ if service else values.unset,
            status_callback=status_url(self._settings.public_url, outgoing.key),
            validity_period=outgoing.sender.validity_s,
        )

    async def _call(self, outgoing: Outgoing, from_: str) -> Any:
        public = self._settings.public_url
        return await self._client().calls.create_async(
            to=outgoing.to,
            from_=from_,
            twiml=twiml.asking(outgoing.text, voice_url(public, outgoing.key, 1)),
            status_callback=status_url(public, outgoing.key),
            status_callback_event=CALL_EVENTS,
        )

    async def find(self, outgoing: Outgoing) -> Accepted | None:
        """By recipient, time and text (a call: sender instead of text), since Twilio keeps no reference of ours.

        What ended badly counts as no trace: another try is then what is wanted.
        """
        try:
            records = await self._sent_to(outgoing)
        except FAILURES as error:
            raise Unavailable(f"查不到 Twilio 的发送记录:{type(error).__name__}") from error
        floor = outgoing.since - outgoing.since % SECOND - SKEW
        for record in records:
            ours = record.direction.startswith("outbound") and str(record.status) not in BAD_ENDS
            if ours and from_datetime(record.date_created) >= floor:
                return Accepted(provider_id=record.sid, status=str(record.status))
        return None

    async def _sent_to(self, outgoing: Outgoing) -> list[Any]:
        client = self._client()
        if outgoing.how == "voice":
            calls = await client.calls.list_async(to=outgoing.to, limit=_MOST_LOOKED_AT)
            return [call for call in calls if call._from in outgoing.sender.numbers]
        texts = await client.messages.list_async(to=outgoing.to, limit=_MOST_LOOKED_AT)
        return [text for text in texts if (text.body or "").strip() == outgoing.text.strip()]

    async def inbound_since(self, instant: int) -> list[Inbound]:
        """The account's list of received SMS and MMS since then. Calls in are not listed: a missed one left no text."""
        after = to_datetime(max(0, instant - SKEW)).astimezone(UTC)
        try:
            return [one for number in self._numbers or (None,) for one in await self._received(number, after)]
        except FAILURES as error:
            raise Unavailable(f"取不到 Twilio 的来信清单:{type(error).__name__}") from error

    async def _received(self, number: str | None, after: datetime) -> list[Inbound]:
        wanted = {"date_sent_after": after, "page_size": 1000, **({"to": number} if number else {})}
        records = await self._client().messages.list_async(**wanted)
        return [await self._inbound(record) for record in records if record.direction == "inbound"]

    async def _inbound(self, record: Any) -> Inbound:
        media = await self._media(record) if int(record.num_media or 0) else ()
        return Inbound(
            key=key_of(SOURCE, record.sid, b""),
            via=SOURCE,
            sender=clean(record.from_ or ""),
            recipient=clean(record.to or ""),
            text=clean(record.body or ""),
            media=media,
            sent_at=from_datetime(record.date_created) if record.date_created else None,
            provider_id=record.sid,
        )

    async def _media(self, record: Any) -> tuple[Media, ...]:
        found = await self._client().messages(record.sid).media.list_async()
        folder = f"{self._base}/2010-04-01/Accounts/{self._settings.twilio_account_sid}/Messages/{record.sid}/Media"
        return tuple(Media(url=f"{folder}/{one.sid}", media_type=one.content_type or "") for one in found)

    def _client(self) -> Any:
        if self._rest is None:
            user, password = _credentials(self._settings)
            account = self._settings.twilio_account_sid
            transport = Transport(self._base, self._patience)
            self._rest = Client(user, password, account, http_client=transport)
        return self._rest

    async def close(self) -> None:
        if self._rest is not None:
            await self._rest.http_client.close()
            self._rest = None


def sender_of(outgoing: Outgoing) -> str | None:
    """The number or messaging service to send from; a service ("MG…") cannot call."""
    numbers = [n for n in outgoing.sender.numbers if outgoing.how == "sms" or not n.startswith("MG")]
    return numbers[0] if numbers else None


def status_url(public_url: str, delivery: str) -> str:
    """Where Twilio reports how a delivery goes, and (in the fragment, which it neither sends nor signs) how to try again."""
    return f"{public_url.rstrip('/')}/hooks/twilio/status?d={quote(delivery, safe='')}{TRY_AGAIN}"


def voice_url(public_url: str, delivery: str, turn: int) -> str:
    """Where Twilio posts the key pressed; `turn` counts the documents of one call from 1."""
    return f"{public_url.rstrip('/')}/hooks/twilio/voice?d={quote(delivery, safe='')}&n={turn}"


def _credentials(settings: Settings) -> tuple[str, str]:
    """The API key where there is one: the token then only checks signatures."""
    if settings.twilio_api_key:
        return settings.twilio_api_key, settings.twilio_api_secret.get_secret_value()
    return settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value()
