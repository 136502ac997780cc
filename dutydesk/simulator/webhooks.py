"""Brings webhooks to the desk: signs, posts, retries as the provider does, and lets the planted faults spoil it.

It never looks inside what it carries, and it never raises for what the desk answers.
"""

import asyncio
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urldefrag, urlencode

import aiohttp
from yarl import URL

from dutydesk.simulator.faults import WEBHOOK_KINDS, Fault
from dutydesk.simulator.network import Network
from dutydesk.simulator.records import new_sid
from dutydesk.simulator.signatures import Form, sign_mainland, sign_twilio

# A reordered webhook for which no second one comes goes out by itself after this.
_REORDER_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk answered."""

    status: int
    text: str


@dataclass(frozen=True, slots=True)
class Retries:
    """How a provider tries again: `count` times more, `waits` seconds apart, after a failure named in `on`."""

    count: int = 1
    on: frozenset[str] = frozenset({"ct"})
    waits: tuple[float, ...] = (0.0,)
    timeout: float = 15.0


@dataclass(frozen=True, slots=True)
class Errand:
    """One webhook to bring: where faults may strike, where it goes, what it carries, whose phone it is about."""

    point: str
    url: str
    body: bytes
    headers: dict[str, str]
    number: str
    method: str = "POST"
    retries: Retries = field(default_factory=Retries)


def twilio_errand(network: Network, point: str, address: tuple[str, str], form: Form, number: str) -> Errand:
    """A signed Twilio webhook for (url, method); the fragment's overrides (rc, rp, rt) are obeyed and not sent."""
    url, fragment = urldefrag(address[0])
    method = address[1].upper()
    if method == "GET":
        url, form = f"{url}{'&' if '?' in url else '?'}{urlencode(form)}", ()
    signature = sign_twilio(network.account.auth_token, url, form)
    headers = {"X-Twilio-Signature": signature, "I-Twilio-Idempotency-Token": new_sid("")}
    if method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
    return Errand(point, url, urlencode(form).encode(), headers, number, method, _overrides(fragment))


def mainland_errand(network: Network, point: str, path: str, body: bytes, number: str) -> Errand:
    """A signed webhook of the mainland gateway: tried three times, 5 and 30 seconds apart, after anything but a 2xx."""
    stamp = str(network.clock.now() // 1_000_000)
    headers = {"X-Timestamp": stamp, "X-Signature": sign_mainland(network.account.mainland_secret, stamp, body)}
    headers["Content-Type"] = "application/json"
    retries = Retries(2, frozenset({"all"}), (5.0, 30.0))
    return Errand(point, network.public + path, body, headers, number, retries=retries)


def _overrides(fragment: str) -> Retries:
    asked = {name: values[0] for name, values in parse_qs(fragment).items()}
    on = frozenset(asked.get("rp", "ct").split(","))
    timeout = min(15000, int(asked.get("rt", 15000))) / 1000
    return Retries(min(5, int(asked.get("rc", 1))), on, timeout=timeout)


class Courier:
    """Brings errands, one connection pool for all of them."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._session: aiohttp.ClientSession | None = None
        self._held: list[Errand] = []

    async def open(self) -> None:
        """Makes the connection pool."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(connect=5.0))

    async def close(self) -> None:
        """Closes the connection pool."""
        if self._session:
            await self._session.close()

    async def notify(self, errand: Errand) -> Answer | None:
        """Brings a one-way webhook, or lets a fault lose, double, delay, swap or spoil it. None: nothing arrived
        now."""
        if self._silent():
            return None
        match self._network.faults.take(errand.point, WEBHOOK_KINDS, errand.number):
            case None:
                answer = await self._bring(errand)
                await self._release_swapped(errand.point)
                return answer
            case Fault(kind="late", seconds=seconds):
                self._put_off(errand, seconds)
            case Fault(kind="reorder"):
                self._hold(errand)
            case Fault(kind="double"):
                await self._bring(errand)
                return await self._bring(errand)
            case Fault(kind="bad_signature"):
                return await self._bring(_spoiled(errand))
        return None

    async def fetch(self, errand: Errand) -> Answer | None:
        """Brings a webhook whose answer is needed (TwiML): late waits, double asks twice and uses the first answer."""
        if self._silent():
            return None
        match self._network.faults.take(errand.point, WEBHOOK_KINDS - {"reorder"}, errand.number):
            case Fault(kind="drop"):
                return None
            case Fault(kind="late", seconds=seconds):
                await self._network.pause(seconds)
            case Fault(kind="bad_signature"):
                return await self._bring(_spoiled(errand))
            case Fault(kind="double"):
                first = await self._bring(errand)
                await self._bring(errand)
                return first
        return await self._bring(errand)

    async def release(self) -> None:
        """Brings now whatever was held back to be reordered."""
        held, self._held = self._held, []
        for errand in held:
            await self._bring(errand)

    def _silent(self) -> bool:
        return self._network.faults.active("mute") or self._network.faults.active("down")

    def _put_off(self, errand: Errand, seconds: float) -> None:
        self._network.agenda.after(seconds, lambda: self._network.spawn(self._bring_quietly(errand)))

    def _hold(self, errand: Errand) -> None:
        self._held.append(errand)
        self._network.agenda.after(_REORDER_PATIENCE_S, lambda: self._network.spawn(self._bring_if_held(errand)))

    async def _release_swapped(self, point: str) -> None:
        for errand in [e for e in self._held if e.point == point]:
            await self._bring_if_held(errand)

    async def _bring_if_held(self, errand: Errand) -> None:
        if errand in self._held:
            self._held.remove(errand)
            await self._bring(errand)

    async def _bring_quietly(self, errand: Errand) -> None:
        await self._bring(errand)

    async def _bring(self, errand: Errand) -> Answer | None:
        retries = errand.retries
        answer, failure = await self._post(errand)
        for attempt in range(retries.count):
            if failure is None or not retries.on & {failure, "all"}:
                break
            await self._network.pause(retries.waits[min(attempt, len(retries.waits) - 1)])
            answer, failure = await self._post(errand)
        return answer

    async def _post(self, errand: Errand) -> tuple[Answer | None, str | None]:
        """The answer if any, and the failure in Twilio's words: ct (no connection), rt (no answer), 4xx, 5xx."""
        if self._session is None:
            raise RuntimeError("the courier is not open")
        data = errand.body if errand.method == "POST" else None
        try:
            async with asyncio.timeout(errand.retries.timeout):
                target = URL(self._network.reach(errand.url), encoded=True)
                async with self._session.request(errand.method, target, data=data, headers=errand.headers) as response:
                    return _judged(Answer(response.status, await response.text(errors="replace")))
        except TimeoutError:
            return None, "rt"
        except aiohttp.ClientError:
            return None, "ct"


def _judged(answer: Answer) -> tuple[Answer, str | None]:
    return answer, None if answer.status < 400 else f"{answer.status // 100}xx"


def _spoiled(errand: Errand) -> Errand:
    names = {"X-Twilio-Signature", "X-Signature"} & errand.headers.keys()
    return replace(errand, headers={**errand.headers, **dict.fromkeys(names, "0" * 40)})
