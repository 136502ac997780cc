"""What a called person's key does, and what a caller hears. Only a key acknowledges: a call that was merely picked up did not."""

import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from dutydesk.channels import twiml
from dutydesk.channels.inbound import key_of
from dutydesk.channels.port import Inbound
from dutydesk.channels.twilio import SOURCE, voice_url
from dutydesk.clock import Clock
from dutydesk.config import Settings
from dutydesk.domain.asking import KEYS, Asks
from dutydesk.domain.pages import AcknowledgePage, AskMoreTime
from dutydesk.domain.submissions import NoteReceipt
from dutydesk.errors import Refused, Unavailable
from dutydesk.hub import Hub
from dutydesk.web.hooks_intake import as_twiml, board_row, keep, record
from dutydesk.web.hooks_twilio import Form, signed_body

log = logging.getLogger("dutydesk.hooks")

MORE_MINUTES = 10
MOST_TURNS = 10  # documents of one call: a phone that repeats for ever is hung up on
THANKS = {
    "PageAcknowledged": "已签收,谢谢。再见。",
    "PageExtended": "已延时十分钟,请尽快处理。再见。",
    "PageAnsweredLate": "这次呼叫已经结束,您的答复已登记。谢谢,再见。",
}
_NOTED = "已登记,谢谢。再见。"
_AGAIN = "系统暂时没有登记上,请再按一次。"
_NO_CALL = "没有这次呼叫。再见。"
_TURNS_OVER = "没有收到签收。再见。"
_CALLER = "这里是值班室自动电话,您的来电已登记。请发短信报告,或者拨打值班室电话。再见。"


class VoiceHooks:
    """POST /hooks/twilio/voice: with `d` a key was pressed (turn `n`) in a call of ours, without it somebody calls us."""

    def __init__(self, hub: Hub, settings: Settings, clock: Clock) -> None:
        self._hub = hub
        self._settings = settings
        self._clock = clock

    async def voice(self, request: web.Request) -> web.StreamResponse:
        """Answers in TwiML only after what the key means is durable; while it cannot be, asks to press again."""
        body = await signed_body(request, self._settings)
        form, delivery = Form(body), request.query.get("d", "")
        if not delivery:
            return await self._called(form, body)
        turn, digit = _number(request.query.get("n", "1")), form.get("Digits", "")[:1]
        key = f"{key_of(SOURCE, form.get('CallSid', ''), body)}/{digit}/{turn}"
        try:
            await keep(self._hub, self._clock, SOURCE, key, body)
            return await self._pressed(delivery, digit, key, turn)
        except Unavailable as error:
            log.warning("key not recorded: %s", error)
            return self._ask(_AGAIN, delivery, turn)

    async def _called(self, form: Form, body: bytes) -> web.StreamResponse:
        sid = form.get("CallSid", "")
        key = key_of(SOURCE, sid, body)
        sender, to = form.get("From", ""), form.get("To", "")
        await record(self._hub, Inbound(key, SOURCE, sender, to, "电话呼入(自动应答)", (), None, sid, "voice"), SOURCE)
        return as_twiml(twiml.last_word(_CALLER))

    async def _pressed(self, delivery: str, digit: str, key: str, turn: int) -> web.StreamResponse:
        row = await board_row(self._hub, "delivery", delivery)
        if row is None:
            return as_twiml(twiml.last_word(_NO_CALL))
        command = _meant(digit, row, await self._asks(str(row["about"])), delivery)
        if command is None:
            return self._ask(str(row["text"]), delivery, turn)
        if not str(row["about"]).startswith(("page/", "submission/")):
            return as_twiml(twiml.last_word(_NOTED))
        try:
            made = await self._hub.handle(str(row["about"]), command, key=key, by=SOURCE)
        except Refused as refusal:
            return self._ask(f"{refusal}。{row['text']}", delivery, turn)
        words = next((THANKS[entry.type] for entry in made if entry.type in THANKS), _NOTED)
        said = getattr(command, "answer", "")
        return as_twiml(twiml.last_word(f"您的答复是:{said}。{_NOTED}" if said else words))

    async def _asks(self, about: str) -> Asks:
        """What the page of a call asks for."""
        page = await board_row(self._hub, "page", about.partition("/")[2]) if about.startswith("page/") else None
        return page.get("asks", "sign") if page else "sign"

    def _ask(self, text: str, delivery: str, turn: int) -> web.StreamResponse:
        if turn >= MOST_TURNS:
            return as_twiml(twiml.last_word(_TURNS_OVER))
        return as_twiml(twiml.asking(text, voice_url(self._settings.public_url, delivery, turn + 1)))


def _meant(
    digit: str, row: Mapping[str, Any], asks: Asks, delivery: str
) -> AcknowledgePage | AskMoreTime | NoteReceipt | None:
    """A question has keys of its own, each an answer in words; a report that was read out is receipted by 1."""
    if str(row["about"]).startswith("submission/"):
        receipt = NoteReceipt(addressee=delivery.rpartition(".")[2], who=str(row["callee"]), how="voice")
        return receipt if digit == "1" else None
    if asks != "sign":
        said = KEYS[asks].get(digit)
        return AcknowledgePage(who=str(row["callee"]), how="voice", answer=said) if said else None
    if digit == "1":
        return AcknowledgePage(who=str(row["callee"]), how="voice")
    if digit == "3":
        return AskMoreTime(who=str(row["callee"]), how="voice", minutes=MORE_MINUTES)
    return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else MOST_TURNS
