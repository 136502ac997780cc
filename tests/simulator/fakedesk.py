"""A desk of a few lines: checks signatures with the official validator, remembers every webhook, answers by script."""

import asyncio
import hashlib
import hmac
import json
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from dutydesk.simulator import Telco


class Redirected(TwilioHttpClient):  # type: ignore[misc]
    """The official client's transport with another base address."""

    def __init__(self, base, timeout=30.0):
        super().__init__(timeout=timeout)
        self.base = base

    def request(self, method, url, **rest):
        return super().request(method, url.replace("https://api.twilio.com", self.base), **rest)


@dataclass
class FakeDesk:
    telco: Telco
    hooks: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)
    statuses: deque[int] = field(default_factory=deque)
    scripts: dict[str, str] = field(default_factory=dict)
    todo: deque[Callable[[], Awaitable[object]]] = field(default_factory=deque)
    url: str = ""

    def app(self):
        app = web.Application()
        app.router.add_route("*", "/hooks/twilio/{kind}", self.twilio)
        app.router.add_post("/hooks/gateway/mainland/{kind}", self.mainland)
        return app

    async def twilio(self, request):
        kind = request.match_info["kind"]
        form = await request.post() if request.method == "POST" else request.query
        signed = form if request.method == "POST" else {}
        url = self.url + request.raw_path
        if not RequestValidator(self.telco.account.auth_token).validate(
            url, signed, request.headers["X-Twilio-Signature"]
        ):
            self.forged.append(kind)
            return web.Response(status=403)
        return self.keep(kind, dict(form), request.headers["I-Twilio-Idempotency-Token"], request.query.get("step", ""))

    def keep(self, kind, form, token, step=""):
        self.hooks.append((kind, form))
        self.tokens.append(token)
        status = self.statuses.popleft() if self.statuses else 200
        script = self.scripts.get(step + form.get("Digits", ""), "") if kind == "voice" else ""
        if kind == "voice" and not script:
            status = 404
        return web.Response(status=status, text=f"<Response>{script}</Response>", content_type="text/xml")

    async def mainland(self, request):
        raw = await request.read()
        text = request.headers["X-Timestamp"].encode() + b"." + raw
        right = hmac.new(self.telco.account.mainland_secret.encode(), text, hashlib.sha256).hexdigest()
        if request.headers["X-Signature"] != right:
            self.forged.append("mainland")
            return web.Response(status=401)
        return self.keep("mainland-" + request.match_info["kind"], json.loads(raw), "")

    def seen(self, kind, name):
        return [form.get(name) for k, form in self.hooks if k == kind]

    async def settle(self):
        """What a real desk's outbox does: sends whatever is to be sent."""
        while self.todo:
            await self.todo.popleft()()

    def client(self, **options):
        account = self.telco.account
        return Client(account.sid, account.auth_token, http_client=Redirected(self.telco.url, **options))

    async def in_thread(self, work, /, *args, **kwargs):
        return await run_in_thread(work, *args, **kwargs)

    async def sms(self, to, body, **more):
        """By Twilio, with the official client."""
        client = self.client()
        sender = {} if "messaging_service_sid" in more else {"from_": self.telco.account.number}
        return await run_in_thread(client.messages.create, to=to, body=body, **sender, **more)

    async def call(self, to, **more):
        client = self.client()
        more = more or {"url": f"{self.url}/hooks/twilio/voice"}
        return await run_in_thread(client.calls.create, to=to, from_=self.telco.account.number, **more)

    async def gateway(self, method, path, body=None, secret=None):
        raw = json.dumps(body).encode() if body is not None else b""
        stamp = str(self.telco.clock.now() // 1_000_000)
        payload = raw if method == "POST" else path.encode()
        key = (secret or self.telco.account.mainland_secret).encode()
        signature = hmac.new(key, stamp.encode() + b"." + payload, hashlib.sha256).hexdigest()
        headers = {"X-Timestamp": stamp, "X-Signature": signature}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.telco.url + path, data=raw, headers=headers) as answer,
        ):
            return answer.status, await answer.json()


async def run_in_thread(work, /, *args, **kwargs):
    """The official client blocks; a thread that is joined leaves no warning behind."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def run():
        try:
            outcome, failure = work(*args, **kwargs), None
        except Exception as error:
            outcome, failure = None, error
        loop.call_soon_threadsafe(lambda: future.set_exception(failure) if failure else future.set_result(outcome))

    threading.Thread(target=run, daemon=True).start()
    return await future
