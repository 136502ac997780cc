"""Twilio's webhooks for texts and for the fate of what we sent. The signature is checked on the raw bytes before anything is parsed."""

import asyncio
import logging

from aiohttp import web

from dutydesk.channels.inbound import key_of, text_of
from dutydesk.channels.port import Inbound
from dutydesk.channels.twilio import SOURCE
from dutydesk.channels.twilio_signature import signed
from dutydesk.channels.wire import pairs_of
from dutydesk.clock import Clock
from dutydesk.config import Settings
from dutydesk.domain.deliveries import NoteStatus
from dutydesk.domain.messages import Media
from dutydesk.hub import Hub
from dutydesk.web.hooks_intake import as_twiml, board_row, body_of, keep, record

log = logging.getLogger("dutydesk.hooks")


class Form:
    """The fields as text that can be kept, made when they are asked for; of a repeated field the first."""

    def __init__(self, body: bytes) -> None:
        self._fields = dict(reversed(pairs_of(body)))

    def get(self, name: str, otherwise: str = "") -> str:
        raw = self._fields.get(name.encode())
        return otherwise if raw is None else text_of(raw)


async def signed_body(request: web.Request, settings: Settings) -> bytes:
    """The raw body of a request that Twilio signed. Raises 403 for any other."""
    body = await body_of(request)
    if not signed(settings, request.raw_path, body, request.headers):
        log.warning("bad Twilio signature on %s", request.path)
        raise web.HTTPForbidden(text="bad signature")
    return body


class TwilioHooks:
    """POST /hooks/twilio/sms and /hooks/twilio/status."""

    def __init__(self, hub: Hub, settings: Settings, clock: Clock) -> None:
        self._hub = hub
        self._settings = settings
        self._clock = clock

    async def sms(self, request: web.Request) -> web.StreamResponse:
        """A text came in. Answered by empty TwiML after it is durable; the receipt goes out by the outbox."""
        body = await signed_body(request, self._settings)
        await record(self._hub, inbound_of(Form(body), body), SOURCE)
        return as_twiml()

    async def status(self, request: web.Request) -> web.StreamResponse:
        """Something happened to a text or call of ours: kept raw, and told to its delivery (`d` in the address)."""
        body = await signed_body(request, self._settings)
        form, delivery = Form(body), request.query.get("d", "")
        name = form.get("MessageSid") or form.get("CallSid") or ""
        word = form.get("MessageStatus") or form.get("CallStatus") or ""
        key = f"{key_of(SOURCE, name, body)}/{word}"
        if not (word and name and delivery and await board_row(self._hub, "delivery", delivery)):
            log.info("status for no delivery of ours: %s", key)
            await keep(self._hub, self._clock, SOURCE, key, body)
            return as_twiml()
        note = NoteStatus(status=word, code=form.get("ErrorCode", ""), provider_id=name)
        kept = keep(self._hub, self._clock, SOURCE, key, body)
        await asyncio.gather(kept, self._hub.handle(f"delivery/{delivery}", note, key=key, by=SOURCE))
        return as_twiml()


def inbound_of(form: Form, body: bytes) -> Inbound:
    """A text as Twilio posts it. An `OptOutType` changes nothing: the text is recorded, and answering STOP is Twilio's affair."""
    return Inbound(
        key=key_of(SOURCE, form.get("MessageSid") or form.get("SmsSid") or "", body),
        via=SOURCE,
        sender=form.get("From", ""),
        recipient=form.get("To", ""),
        text=form.get("Body", ""),
        media=_media(form),
        provider_id=form.get("MessageSid", ""),
    )


def _media(form: Form) -> tuple[Media, ...]:
    """By the addresses that are there, so that a wrong NumMedia loses none."""
    found: list[Media] = []
    while url := form.get(f"MediaUrl{len(found)}"):
        found.append(Media(url=url, media_type=form.get(f"MediaContentType{len(found)}", "")))
    return tuple(found)
