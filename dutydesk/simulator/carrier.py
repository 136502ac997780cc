"""The last mile of texts, both routes: takes what the desk sent to a phone and what a phone wrote to the desk, and
tells the desk.

Whether a text arrives is decided here alone: phone switched off, sender refused by the person, links to the mainland,
planted faults.
"""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlparse
from xml.etree import ElementTree

from dutydesk.clock import to_datetime
from dutydesk.simulator.faults import DELIVERY_KINDS, Fault
from dutydesk.simulator.network import Network
from dutydesk.simulator.records import TEXT_FINAL, Card, Media, Sms, new_sid, route_of
from dutydesk.simulator.segments import segments
from dutydesk.simulator.twilio_errors import message_of
from dutydesk.simulator.webhooks import Courier, Errand, mainland_errand, twilio_errand

HANDSET_OFF = 30003
LANDLINE = 30006
FILTERED = 30007
_EXPIRED = frozenset({30001, 30036})
_OPT_OUT = {
    "STOP": "STOP",
    "UNSUBSCRIBE": "STOP",
    "CANCEL": "STOP",
    "START": "START",
    "UNSTOP": "START",
    "HELP": "HELP",
}
_COUNTRIES = (("+86", "CN"), ("+852", "HK"), ("+853", "MO"), ("+1", "US"))


@dataclass(slots=True)
class Rejection:
    """The next text to `number` with all `words` will not arrive but end with error `code`."""

    number: str
    words: tuple[str, ...]
    code: int
    caught: asyncio.Future[Sms] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Carrier:
    """Moves texts. Outbound ones walk through Twilio's states; inbound ones go to the desk's webhook."""

    def __init__(self, network: Network, courier: Courier) -> None:
        self._network = network
        self._courier = courier
        self._in_order: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.rejections: list[Rejection] = []

    def accept(self, sms: Sms) -> Sms:
        """Takes over a text from the desk; it travels by itself from here."""
        self._network.texts[sms.sid] = sms
        self._network.card(sms.to)
        self._network.touch()
        self._network.spawn(self._travel(sms))
        return sms

    def resume(self) -> None:
        """Texts a restart caught on their way go on."""
        for sms in self._network.texts.values():
            if sms.direction != "inbound" and sms.status not in TEXT_FINAL | {"sent"}:
                self._network.spawn(self._travel(sms))

    def send(self, card: Card, to: str, body: str, media: list[Media]) -> Sms:
        """A person writes from this phone; the desk hears of it by webhook."""
        now = self._network.clock.now()
        route = route_of(card.number)
        sid = new_sid("SM" if route == "twilio" else "in-")
        sms = Sms(
            sid, route, "inbound", card.number, to, body, "received", now, now, sent=now, media=media, expected=True
        )
        self._network.texts[sid] = sms
        self._network.touch()
        self._network.spawn(self._bring_inbound(sms, card))
        return sms

    async def _travel(self, sms: Sms) -> None:
        for status in ("queued", "sending", "sent"):
            if sms.status == "accepted" or status != "queued":
                await self._network.pause(self._network.status_delay)
                self._move(sms, status)
        await self._network.pause(self._network.status_delay)
        fault = self._network.faults.take(f"delivery.{sms.route}", DELIVERY_KINDS, sms.to)
        if fault and fault.kind == "late":
            await self._network.pause(fault.seconds)
        if not (fault and fault.kind == "stick"):
            self._finish(sms, self._obstacle(sms, fault))

    def _finish(self, sms: Sms, code: int | None) -> None:
        sms.error = code
        sms.arrived = code is None
        self._move(sms, "undelivered" if code else "delivered")

    def _obstacle(self, sms: Sms, fault: Fault | None) -> int | None:
        card = self._network.card(sms.to)
        for rejection in self.rejections:
            if (
                rejection.number == sms.to
                and not rejection.caught.done()
                and all(w in sms.body for w in rejection.words)
            ):
                rejection.caught.set_result(sms)
                return rejection.code
        if fault and fault.kind == "undeliver":
            return fault.code or HANDSET_OFF
        if not card.switched_on:
            return HANDSET_OFF
        if card.landline:
            return LANDLINE
        # Twilio's guideline for China: texts with addresses in them are filtered.
        abroad = self._network.strict_china and sms.route == "twilio" and sms.to.startswith("+86")
        return FILTERED if abroad and sms.links else None

    def _move(self, sms: Sms, status: str) -> None:
        sms.status = status
        sms.updated = self._network.clock.now()
        if status == "sending":
            sms.sent = sms.updated
        self._network.touch()
        errand = self._status_errand(sms)
        if errand:
            self._network.spawn(self._tell(sms.sid, errand))

    async def _tell(self, sid: str, errand: Errand) -> None:
        async with self._in_order[sid]:
            await self._courier.notify(errand)

    def _status_errand(self, sms: Sms) -> Errand | None:
        network = self._network
        if sms.route == "twilio":
            if not sms.callback:
                return None
            form = _twilio_status_form(network.account.sid, sms)
            return twilio_errand(network, "webhook.twilio.status", (sms.callback, "POST"), form, sms.to)
        if sms.status not in TEXT_FINAL or not network.desk:
            return None
        report = {"id": sms.sid, "ref": sms.ref or "", "status": mainland_status(sms), "error": str(sms.error or "")}
        body = json.dumps(report).encode()
        return mainland_errand(network, "webhook.mainland.status", "/hooks/gateway/mainland/status", body, sms.to)

    async def _bring_inbound(self, sms: Sms, card: Card) -> None:
        network = self._network
        if not network.desk:
            return
        if sms.route == "mainland":
            body = json.dumps(inbound_shape(sms), ensure_ascii=False).encode("utf-8", "surrogatepass")
            await self._courier.notify(
                mainland_errand(network, "webhook.mainland.sms", "/hooks/gateway/mainland/sms", body, sms.sender)
            )
            return
        form = _twilio_inbound_form(network, sms, _OPT_OUT.get(sms.body.strip().upper()))
        card.stopped = {"STOP": True, "START": False}.get(dict(form).get("OptOutType", ""), card.stopped)
        address = (network.public + "/hooks/twilio/sms", "POST")
        answer = await self._courier.notify(twilio_errand(network, "webhook.twilio.sms", address, form, sms.sender))
        if answer and answer.status < 300:
            self._reply_by_twiml(sms, answer.text)

    def _reply_by_twiml(self, sms: Sms, text: str) -> None:
        try:
            replies = ElementTree.fromstring(text).findall("Message") if text.strip() else []
        except ElementTree.ParseError:
            self._network.problems.append(f"the answer to an inbound SMS is not TwiML: {text[:200]!r}")
            return
        now = self._network.clock.now()
        for reply in replies:
            body = "".join(reply.itertext())
            sid = new_sid("SM")
            self.accept(Sms(sid, "twilio", "outbound-reply", sms.to, sms.sender, body, "queued", now, now))


def mainland_status(sms: Sms) -> str:
    """The gateway's word for a text's state."""
    if sms.status == "delivered":
        return "DELIVRD"
    if sms.status not in TEXT_FINAL:
        return "ACCEPTD"
    return "EXPIRED" if sms.error in _EXPIRED else "UNDELIV"


def inbound_shape(sms: Sms) -> dict[str, str]:
    """A text from a phone as the mainland gateway tells it, by webhook or in its list."""
    time = to_datetime(sms.created).isoformat()
    return {"id": sms.sid, "from": sms.sender, "to": sms.to, "text": sms.body, "time": time}


def country_of(number: str) -> str:
    """ISO 3166 code by prefix, as far as the sample needs; empty when unknown."""
    return next((code for prefix, code in sorted(_COUNTRIES, reverse=True) if number.startswith(prefix)), "")


def _twilio_status_form(account_sid: str, sms: Sms) -> list[tuple[str, str]]:
    form = [("SmsSid", sms.sid), ("SmsStatus", sms.status), ("MessageSid", sms.sid), ("MessageStatus", sms.status)]
    form += [("To", sms.to), ("From", sms.sender), ("AccountSid", account_sid), ("ApiVersion", "2010-04-01")]
    if sms.service:
        form.append(("MessagingServiceSid", sms.service))
    if sms.error:
        form += [("ErrorCode", str(sms.error)), ("ErrorMessage", message_of(sms.error))]
    if sms.status in ("delivered", "undelivered"):
        form.append(("RawDlrDoneDate", to_datetime(sms.updated).strftime("%y%m%d%H%M")))
    return form


def _twilio_inbound_form(network: Network, sms: Sms, opt_out: str | None) -> list[tuple[str, str]]:
    form = [("ToCountry", country_of(sms.to)), ("ToState", ""), ("ToCity", ""), ("ToZip", "")]
    form += [("FromCountry", country_of(sms.sender)), ("FromState", ""), ("FromCity", ""), ("FromZip", "")]
    form += [("SmsMessageSid", sms.sid), ("SmsSid", sms.sid), ("MessageSid", sms.sid), ("SmsStatus", "received")]
    form += [("AccountSid", network.account.sid), ("ApiVersion", "2010-04-01"), ("From", sms.sender), ("To", sms.to)]
    form += [("Body", sms.body), ("NumSegments", str(segments(sms.body))), ("NumMedia", str(len(sms.media)))]
    for index, media in enumerate(sms.media):
        path = f"/2010-04-01/Accounts/{network.account.sid}/Messages/{sms.sid}/Media/{media.sid}"
        form += [(f"MediaUrl{index}", network.base + path), (f"MediaContentType{index}", media.content_type)]
    if opt_out:
        form.append(("OptOutType", opt_out))
    return form


def is_http(url: str) -> bool:
    """Whether a callback address is one a provider would accept."""
    parts = urlparse(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)
