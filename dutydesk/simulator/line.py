"""One call from the first ring to the last word: status callbacks in order, TwiML fetched and spoken, keys gathered.

It tells the desk exactly what Twilio would; it decides nothing for the person, who acts through `exchange.py`.
"""

import asyncio
from dataclasses import dataclass
from email.utils import format_datetime
from urllib.parse import urljoin

from multidict import MultiDict

from dutydesk.clock import SECOND, to_datetime
from dutydesk.simulator.network import Network
from dutydesk.simulator.records import Call, Card
from dutydesk.simulator.twilio_errors import TwilioError
from dutydesk.simulator.twiml import Document, Gather, Hangup, Redirect, Speech, read_twiml
from dutydesk.simulator.webhooks import Courier, Errand, twilio_errand

Fields = list[tuple[str, str]]
# A script that leads in a circle ends here.
_MOST_DOCUMENTS = 100
_SIP = {"busy": "486", "no-answer": "480", "failed": "404", "canceled": "487"}


@dataclass(frozen=True, slots=True)
class Script:
    """What the desk asked for when it placed the call. `events` None: only the end is reported."""

    url: str = ""
    twiml: str = ""
    method: str = "POST"
    fallback: str = ""
    callback: str = ""
    callback_method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})
    timeout: float = 60.0
    detect: bool = False

    @classmethod
    def of(cls, form: MultiDict[str]) -> "Script":
        """From the parameters of POST Calls, already checked. Twiml wins over Url, as at Twilio."""
        return cls(
            url=form.get("Url", ""),
            twiml=form.get("Twiml", ""),
            method=form.get("Method", "POST"),
            fallback=form.get("FallbackUrl", ""),
            callback=form.get("StatusCallback", ""),
            callback_method=form.get("StatusCallbackMethod", "POST"),
            events=frozenset(form.getall("StatusCallbackEvent", ["completed"])),
            timeout=float(form.get("Timeout", "60")),
            detect="MachineDetection" in form,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """Where the conversation goes on, and what it brings along."""

    url: str
    method: str
    fields: tuple[tuple[str, str], ...] = ()


class Line:
    """The running side of one call; `waiting` while it listens for a key, `over` set when it ended."""

    def __init__(self, network: Network, courier: Courier, call: Call, script: Script) -> None:
        self.call = call
        self.waiting = False
        self.over = asyncio.Event()
        self._network = network
        self._courier = courier
        self._script = script
        loop = asyncio.get_running_loop()
        self._pickup: asyncio.Future[str] = loop.create_future()
        self._change: asyncio.Queue[Script | None] = asyncio.Queue()
        self._key: asyncio.Future[str] = loop.create_future()
        self._pressed = ""
        self._told = asyncio.Lock()

    async def run(self, card: Card) -> None:
        """Rings, talks, ends; returns when the call is over."""
        try:
            outcome = "answered" if self.call.direction == "inbound" else await self._ring(card)
            if outcome in ("answered", "machine"):
                outcome = await self._converse(machine=outcome == "machine")
            self._finish(outcome)
        finally:
            self.over.set()

    def pick_up(self, outcome: str) -> None:
        """Ends the ringing with this outcome."""
        if not self._pickup.done():
            self._pickup.set_result(outcome)

    def press(self, keys: str) -> None:
        """Hands keys to a waiting Gather; no keys at all means it hears silence."""
        if self.waiting and not self._key.done():
            self.waiting = False
            self._pressed = keys[1:]
            self.call.digits += keys
            self._key.set_result(keys[:1])

    def end(self) -> None:
        """Hangs up; a call that still rings is canceled."""
        self.pick_up("canceled")
        self._change.put_nowait(None)

    def redirect(self, script: Script) -> None:
        """Goes on with another document at once."""
        self._change.put_nowait(script)

    async def _ring(self, card: Card) -> str:
        self._report("initiated", "initiated")
        self._report("ringing", "ringing")
        answering = card.answering if card.switched_on else "no-answer"
        if answering != "ring":
            return answering
        self._network.agenda.after(self._script.timeout, lambda: self.pick_up("no-answer"))
        async with self._network.parked():
            return await self._pickup

    async def _converse(self, *, machine: bool) -> str:
        self.call.started = self._network.clock.now()
        if self._script.detect:
            self.call.answered_by = "machine_start" if machine else "human"
        self._report("answered", "in-progress")
        script: Script | None = self._script
        while script is not None:
            script = await self._talk_until_changed(script, machine=machine)
        return "completed"

    async def _talk_until_changed(self, script: Script, *, machine: bool) -> Script | None:
        """The script the desk put in place of this one; None when the call is to end."""
        talk = asyncio.create_task(self._talk(script, machine=machine))
        change = asyncio.ensure_future(self._change.get())
        try:
            await asyncio.wait((talk, change), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (talk, change):
                task.cancel()
            await asyncio.gather(talk, change, return_exceptions=True)
        if change.done() and not change.cancelled():
            return change.result()
        talk.result()
        return None

    async def _talk(self, script: Script, *, machine: bool) -> None:
        first = Step(script.url, script.method)
        document = self._read(script.twiml, "") if script.twiml else await self._get(first, script.fallback)
        for _ in range(_MOST_DOCUMENTS):
            if document is None:
                return
            step = await self._perform(document, machine=machine)
            if step is None:
                return
            document = await self._get(step, script.fallback)
        self._network.problems.append(f"call {self.call.sid} ran in a circle")

    async def _get(self, step: Step, fallback: str) -> Document | None:
        document = await self._fetch(step)
        if document is None and fallback:
            document = await self._fetch(Step(fallback, "POST", (("ErrorCode", "11200"), ("ErrorUrl", step.url))))
        if document is None:
            self._say(Speech("[application error]"))
        return document

    async def _fetch(self, step: Step) -> Document | None:
        form = [*self._fields(self.call.status), *step.fields]
        if self.call.answered_by:
            form.append(("AnsweredBy", self.call.answered_by))
        errand = twilio_errand(self._network, "webhook.twilio.voice", (step.url, step.method), form, self.call.person)
        answer = await self._courier.fetch(errand)
        if answer is None or answer.status >= 400:
            return None
        return self._read(answer.text, step.url)

    def _read(self, text: str, url: str) -> Document | None:
        try:
            document = read_twiml(text, url)
        except TwilioError as error:
            self._network.problems.append(f"TwiML from {url or 'the request'}: {error.code} {error.detail}")
            return None
        self._network.problems += [f"TwiML from {url or 'the request'}: {fault}" for fault in document.faults]
        return document

    async def _perform(self, document: Document, *, machine: bool) -> Step | None:
        for verb in document.verbs:
            match verb:
                case Speech():
                    await self._network.pause(self._say(verb) + verb.pause)
                case Gather():
                    keys = await self._gather(verb, machine=machine)
                    if keys or verb.even_when_empty:
                        return Step(urljoin(document.url, verb.action), verb.method, (("Digits", keys),))
                case Redirect():
                    return Step(urljoin(document.url, verb.url), verb.method)
                case Hangup():
                    return None
        return None

    def _say(self, speech: Speech) -> float:
        """Speaks, and says how many seconds that takes."""
        if speech.text:
            self.call.said.append(speech.text)
            self._network.touch()
        rate = self._network.speech_rate
        return len(speech.text) / rate if rate else 0.0

    async def _gather(self, gather: Gather, *, machine: bool) -> str:
        patience = gather.timeout + sum(self._say(prompt) + prompt.pause for prompt in gather.prompts)
        keys = self._pressed = ""
        while not machine:
            key = await self._next_key(patience)
            if key in ("", gather.finish):
                break
            keys += key
            patience = gather.timeout
            if gather.digits is not None and len(keys) >= gather.digits:
                break
        return keys

    async def _next_key(self, patience: float) -> str:
        if self._pressed:
            key, self._pressed = self._pressed[0], self._pressed[1:]
            return key
        self._key = asyncio.get_running_loop().create_future()
        mine = self._key
        self._network.agenda.after(patience, lambda: None if mine.done() else mine.set_result(""))
        self.waiting = True
        try:
            async with self._network.parked():
                return await mine
        finally:
            self.waiting = False

    def _finish(self, status: str) -> None:
        self.call.ended = self._network.clock.now()
        self._report("completed", status)

    def _report(self, event: str, status: str) -> None:
        self.call.status = status
        self.call.updated = self._network.clock.now()
        sequence, self.call.sequence = self.call.sequence, self.call.sequence + 1
        self._network.touch()
        if self._script.callback and event in self._script.events:
            address = (self._script.callback, self._script.callback_method)
            form = self._fields(status) + self._progress_fields(sequence, status)
            point = "webhook.twilio.call-status"
            self._network.spawn(self._tell(twilio_errand(self._network, point, address, form, self.call.person)))

    async def _tell(self, errand: Errand) -> None:
        async with self._told:
            await self._courier.notify(errand)

    def _progress_fields(self, sequence: int, status: str) -> Fields:
        call = self.call
        fields = [("CallbackSource", "call-progress-events"), ("SequenceNumber", str(sequence))]
        fields.append(("Timestamp", format_datetime(to_datetime(call.updated))))
        if call.over:
            seconds = (call.ended - call.started) // SECOND if call.ended and call.started else 0
            fields += [("CallDuration", str(seconds)), ("Duration", str(-(-seconds // 60)))]
        if status in _SIP:
            fields.append(("SipResponseCode", _SIP[status]))
        return fields

    def _fields(self, status: str) -> Fields:
        call = self.call
        parties = [("From", call.sender), ("Caller", call.sender), ("To", call.to), ("Called", call.to)]
        account = [("AccountSid", self._network.account.sid), ("ApiVersion", "2010-04-01")]
        return [("CallSid", call.sid), *account, *parties, ("CallStatus", status), ("Direction", call.direction)]
