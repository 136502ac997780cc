"""The load generator, a process of its own: keep-alive senders on raw sockets post signed Twilio webhooks as fast as they are answered.

Signatures are made before the clock starts, by the description of the provider, not by the code that checks them.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from scripts.benchmarks import children
from scripts.benchmarks.measure import percentile

PATH = "/hooks/twilio/sms"
WARM_UP = 200  # answers before the clock starts
_TEXTS = (
    "我处{n}号仓库{h}时{m}分左右突发火灾,现场有2人受伤已送医,消防正在扑救,后续情况续报。",
    "{h}时{m}分,辖区{n}号路口发生车辆追尾,3人受伤,道路中断,交警已到场。",
    "{n}号厂房{h}时{m}分燃气泄漏,已疏散周边群众120人,无人员伤亡,正在处置。",
)


@dataclass(frozen=True, slots=True)
class Job:
    """What to send where. `many` distinct requests are made; `again` sends them over and over, otherwise each once."""

    port: int
    public_url: str
    token: str
    numbers: list[str]
    first: int
    many: int
    senders: int = 32
    seconds: float = 3.0
    again: bool = False


def requests(job: Job) -> list[bytes]:
    """Signed webhooks, each with a MessageSid of its own, from known numbers in turn."""
    chance = random.Random(job.first)
    return [_request(job, job.first + index, chance) for index in range(job.many)]


def _request(job: Job, index: int, chance: random.Random) -> bytes:
    words = chance.choice(_TEXTS).format(n=index, h=chance.randrange(24), m=chance.randrange(60))
    return request(job.public_url, job.token, f"SM{index:032x}", job.numbers[index % len(job.numbers)], words)


def request(public_url: str, token: str, name: str, sender: str, text: str) -> bytes:
    """One webhook as Twilio posts it, HTTP/1.1, keep-alive."""
    form = {
        "MessageSid": name, "SmsSid": name, "SmsMessageSid": name, "AccountSid": "AC" + "0" * 32, "NumMedia": "0",
        "NumSegments": "1", "ApiVersion": "2010-04-01", "SmsStatus": "received", "From": sender, "To": "+15005550006",
        "FromCountry": "CN", "ToCountry": "US", "Body": text,
    }  # fmt: skip
    signed = public_url + PATH + "".join(key + form[key] for key in sorted(form))
    signature = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    body = urlencode(form).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Twilio-Signature: {signature}\r\nUser-Agent: TwilioProxy/1.1\r\n"
        f"Accept: */*\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass(slots=True)
class Tally:
    """What came back, once the warm-up is over."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    answered: int = 0
    since: float = 0.0
    last: float = 0.0
    warm_up: int = WARM_UP

    def note(self, status: int, sent: float) -> None:
        self.last = time.perf_counter()
        self.answered += 1
        self.statuses[status] += 1
        if self.answered == self.warm_up:
            self.since = self.last
        elif self.answered > self.warm_up:
            self.latencies.append(self.last - sent)

    def result(self) -> dict[str, Any]:
        counted = len(self.latencies)
        return {
            "per_second": counted / (self.last - self.since),
            "p50_ms": percentile(self.latencies, 0.5) * 1e3,
            "p99_ms": percentile(self.latencies, 0.99) * 1e3,
            "answered": self.answered,
            "statuses": {str(status): count for status, count in self.statuses.items()},
        }


class Sender(asyncio.Protocol):
    """One keep-alive connection: the next request leaves when the last one was answered."""

    def __init__(self, work: Iterator[bytes], tally: Tally, until: float) -> None:
        self._work, self._tally, self._until = work, tally, until
        self._heard, self._sent = b"", 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, mark, body = self._heard.partition(b"\r\n\r\n")
        if not mark or len(body) < _length(head):
            return
        self._tally.note(int(head[9:12]), self._sent)
        self._heard = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("closed by the server"))

    def _next(self) -> None:
        request = next(self._work, None) if time.perf_counter() < self._until else None
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if rest else 0


async def run(job: Job) -> dict[str, Any]:
    """Send until the work or the time is up. Raises ConnectionError when the server closes a connection."""
    return await drive(requests(job), job.port, job.senders, job.seconds, again=job.again)


async def drive(
    made: list[bytes], port: int, senders: int, seconds: float, *, again: bool = False, warm_up: int = WARM_UP
) -> dict[str, Any]:
    """The same with requests that are made already."""
    work, tally, loop = cycle(made) if again else iter(made), Tally(warm_up=warm_up), asyncio.get_running_loop()
    until = time.perf_counter() + seconds
    lines = [
        (await loop.create_connection(lambda: Sender(work, tally, until), "127.0.0.1", port))[1] for _ in range(senders)
    ]
    await asyncio.gather(*(line.done for line in lines))
    return tally.result()


def main() -> None:
    for line in sys.stdin:
        children.say(**asyncio.run(run(Job(**json.loads(line)))))


if __name__ == "__main__":
    main()
