"""Requests for the doors that no person uses: webhooks, contacts' pages, uploads, and bytes that are no HTTP at all.

The hooks are signed after they were spoiled, as a provider signs whatever it carries.
"""

import base64
import gzip
import hmac
import time
import zlib
from collections.abc import Callable
from urllib.parse import quote

from dutydesk.channels.gateway_mapping import inbounds_of
from dutydesk.channels.gateway_signature import signature_headers
from dutydesk.channels.inbound import clean, text_of
from dutydesk.channels.wire import pairs_of
from dutydesk.clock import SystemClock
from dutydesk.links import Claim, Signer
from tests.fuzz.described import BAD_HEADER, HEADERS, Asked, Maker, raw
from tests.fuzz.mutation import spoiled
from tests.fuzz.parsers import CALENDAR, CALL, CSV, FORM, GATEWAYS, POST, STATUS, STATUSES, TEXTS, TWILIO, workbook
from tests.fuzz.served import SECRET

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
KINDS = (
    "page",
    "report",
    "circular",
    "instruction",
    "submission",
    "transfer",
    "check",
    "fault",
    "lateness",
    "holiday",
    "unitroster",
)
STATUS_FORM = b"MessageSid=SM1&MessageStatus=delivered&ErrorCode=30003&To=%2B8612000001000"
VOICE_FORM = b"CallSid=CA1&CallStatus=in-progress&Digits=1&From=%2B8612000001000&SpeechResult=" + quote("着火").encode()
GATEWAY = {one.name: one for one in GATEWAYS}


class Doors:
    """One way to make each kind of request."""

    def __init__(self, maker: Maker) -> None:
        self._maker, self._dice, self._made = maker, maker.dice, 0
        self._book = workbook()

    def all(self) -> dict[str, Callable[[], Asked]]:
        """By the name of the door."""
        gateways = {
            f"gateway {name}": (lambda one=name: self._gateway(one)) for name in GATEWAY if GATEWAY[name].inbound
        }
        return {
            "twilio sms": self._sms,
            "twilio status": lambda: self._twilio("/hooks/twilio/status", STATUS_FORM),
            "twilio voice": lambda: self._twilio("/hooks/twilio/voice", VOICE_FORM),
            **gateways,
            "gateway status": self._gateway_status,
            "exchange": self._exchange,
            "unsigned hooks": self._unsigned,
            "contact pages": self._contact_form,
            "contact uploads": self._contact_upload,
            "files": self._files,
            "roster files": self._roster,
            "bytes": self._bytes,
            "packed bodies": self._packed,
        }

    # -- providers

    def _sms(self) -> Asked:
        self._made += 1
        body = self._spoil(TWILIO.replace(b"00000001&", f"{self._made:08d}&".encode()))
        words = text_of(dict(reversed(pairs_of(body))).get(b"Body", b""))
        return self._twilio("/hooks/twilio/sms", body, spoil=False, keeps=(clean(words),))

    def _twilio(self, path: str, body: bytes, spoil: bool = True, keeps: tuple[str, ...] = ()) -> Asked:
        body = self._spoil(body) if spoil else body
        delivery = self._dice.choice(self._maker.ids.get("delivery") or ["x"])
        target = path + self._dice.choice(
            ("", f"?d={quote(delivery)}", "?d=%ff", f"?d={quote(delivery)}&n=2", "?n=x&d=")
        )
        fields = b"".join(name + value for name, value in sorted(set(pairs_of(body))))
        address = f"http://{self._maker.host}{target}".encode()
        said = base64.b64encode(hmac.digest(SECRET.encode(), address + fields, "sha1"))
        headers = [*self._plain(), (b"X-Twilio-Signature", said)]
        beside = text_of(body) if path.endswith("status") else ""
        return Asked(path, raw("POST", target, headers, body), "", keeps, beside)

    def _gateway(self, name: str) -> Asked:
        gateway = GATEWAY[name]
        form = gateway.inbound is not None and gateway.inbound.encoding == "form"
        body = self._spoil(FORM if form else POST)
        keeps = tuple(clean(one.text) for one in inbounds_of(gateway, body))
        return self._signed(name, f"/hooks/gateway/{name}/sms", body, keeps)

    def _gateway_status(self) -> Asked:
        name = self._dice.choice([name for name in GATEWAY if GATEWAY[name].status])
        return self._signed(
            name, f"/hooks/gateway/{name}/status", self._spoil(self._dice.choice((STATUS, STATUSES))), kept=True
        )

    def _exchange(self) -> Asked:
        return self._signed("office", "/hooks/pbx/office", self._spoil(CALL), kept=True)

    def _signed(self, name: str, target: str, body: bytes, keeps: tuple[str, ...] = (), kept: bool = False) -> Asked:
        made = signature_headers(GATEWAY[name], target, body, SystemClock().now())
        headers = [*self._plain(), *((key.encode(), value.encode()) for key, value in made.items())]
        return Asked(
            target, raw("POST", target, headers, body), "", keeps if body else (), text_of(body) if kept else ""
        )

    def _unsigned(self) -> Asked:
        target = self._dice.choice(
            ("/hooks/twilio/sms", "/hooks/gateway/mainland/sms", "/hooks/pbx/office", "/hooks/gateway/%ff/sms")
        )
        headers = [
            *self._plain(),
            (b"X-Twilio-Signature", self._dice.choice(BAD_HEADER)),
            (b"X-Signature", self._dice.choice(BAD_HEADER)),
        ]
        headers += [(b"X-Timestamp", self._dice.choice((b"\xff", b"9" * 16, b"-1", b"1e9", "٣".encode())))]
        return Asked("unsigned hooks", raw("POST", target, headers, self._spoil(TWILIO)))

    # -- people without an account

    def link(self) -> str:
        kind = self._dice.choice(KINDS)
        of = {"report": "contact", "lateness": "circular", "transfer": "incident"}.get(kind, kind)
        id = self._dice.choice(self._maker.ids.get(of) or ["x"])
        callee = self._dice.choice(("contact:C-370202-A", "unit:370202", "leader:L-01", "contact:nobody", "x"))
        token = Signer(SECRET).make(
            Claim(kind, "C-370202-A" if kind == "report" else id, callee, int(time.monotonic()) + 4_000_000_000)
        )
        return "/r/" + (token if self._dice.random() < 0.9 else token[:-2] + "%ff")

    def _contact_form(self) -> Asked:
        target = self.link()
        if self._dice.random() < 0.2:
            return Asked("GET /r", raw("GET", target, self._plain(), b""))
        self._made += 1
        words = f"{self._dice.choice(TEXTS)} 网页{self._made}"
        fields = {
            "text": words,
            "form": "f",
            "act": self._dice.choice(("ack", "write", "more", "answer", "")),
            "minutes": "10",
        }
        fields |= {"answer": "1", "incident": "", "how_many": "", "note": "x", "key": "1"}
        body = "&".join(
            f"{name}={quote(value)}" for name, value in fields.items() if value or self._dice.random() < 0.5
        ).encode()
        if self._dice.random() < 0.6:
            body = self._spoil(body)
        headers = [*self._plain(), (b"Origin", f"http://{self._maker.host}".encode())]
        if self._dice.random() < 0.5:
            headers += [(b"Accept", b"application/json")]
        return Asked("POST /r", raw("POST", target, headers, body))

    def _contact_upload(self) -> Asked:
        body, kind = self._multipart({"text": f"{TEXTS[0]} 照片", "form": "f"})
        headers = [*self._plain(kind), (b"Origin", f"http://{self._maker.host}".encode())]
        return Asked("POST /r with photos", raw("POST", self.link(), headers, body))

    # -- files of people who are signed in

    def _files(self) -> Asked:
        body, kind = self._multipart({"note": "x"})
        id = self._dice.choice(self._maker.ids.get("incident") or ["x"])
        return Asked(
            "POST /api/files/{id}", raw("POST", f"/api/files/{id}", self._as("officer", kind), body), "officer"
        )

    def _roster(self) -> Asked:
        name, good = self._dice.choice(
            (("x.csv", CSV), ("x.ics", CALENDAR), ("x.xlsx", self._book), ("x", CSV), ("%ff.csv", CSV))
        )
        body = next(spoiled((good,), self._dice))
        headers = self._as("shift_leader", b"application/octet-stream")
        return Asked(
            "POST /api/roster-file", raw("POST", f"/api/roster-file?name={name}", headers, body), "shift_leader"
        )

    def _multipart(self, fields: dict[str, str]) -> tuple[bytes, bytes]:
        parts = [
            f'--b1\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        for number in range(self._dice.choice((0, 1, 2, 7))):
            content = self._dice.choice((PNG, PDF, b"MZ\x90", b"<svg/>", self._dice.randbytes(300)))
            head = f'--b1\r\nContent-Disposition: form-data; name="photo"; filename="{number}.png"\r\nContent-Type: image/png\r\n\r\n'
            parts.append(head.encode() + content + b"\r\n")
        body = b"".join(parts) + b"--b1--\r\n"
        kind = self._dice.choice(
            (b"multipart/form-data; boundary=b1",) * 6 + (b"multipart/form-data", b"multipart/form-data; boundary=b2")
        )
        return (self._spoil(body) if self._dice.random() < 0.7 else body), kind

    def _as(self, who: str, kind: bytes) -> list[tuple[bytes, bytes]]:
        one = self._maker.people[who][0]
        return [
            *self._plain(kind),
            (b"Origin", f"http://{self._maker.host}".encode()),
            (b"Cookie", f"dutydesk={one.token}".encode()),
            (b"X-CSRF", one.csrf.encode()),
        ]

    # -- no HTTP

    def _bytes(self) -> Asked:
        upgrade = [(b"Upgrade", b"websocket"), (b"Connection", b"upgrade"), (b"Sec-WebSocket-Version", b"13")]
        key, odd = (
            (b"Sec-WebSocket-Key", b"AAAAAAAAAAAAAAAAAAAAAA=="),
            (self._dice.choice(HEADERS), self._dice.choice(BAD_HEADER)),
        )
        chunked = [*self._plain(), (b"Transfer-Encoding", b"chunked")]
        good = (
            raw("GET", "/healthz", self._plain(), b""),
            raw("POST", "/hooks/twilio/sms", chunked, b"5\r\nBody=\r\n0\r\n\r\n"),
            raw("GET", "/live?since=0", [*self._as("officer", b"x"), *upgrade, (b"Sec-WebSocket-Key", b"x")], b""),
            raw("GET", "/link", [*self._plain(), *upgrade, key], b"\x81\x7f\xff"),
            raw("GET", "/static/app/main.js", [*self._plain(), odd], b""),
        )
        return Asked("bytes", next(spoiled(good, self._dice)), whole=False)

    def _packed(self) -> Asked:
        """A small body that unpacks to megabytes, or to nothing."""
        big = gzip.compress(b"Body=" + b"a" * self._dice.choice((10, 2_000_000, 30_000_000)), 1)
        body, kind = self._dice.choice(
            (
                (big, b"gzip"),
                (big[:-5], b"gzip"),
                (zlib.compress(b"{}" * 10), b"deflate"),
                (b"x", b"br"),
                (big, b"zstd"),
            )
        )
        target = self._dice.choice(("/hooks/twilio/sms", "/api/reports", "/sign-in", self.link()))
        return Asked(
            "packed bodies",
            raw("POST", target, [*self._plain(), (b"Content-Encoding", kind), (b"Authorization", b"Bearer x")], body),
        )

    def _plain(self, kind: bytes = b"application/x-www-form-urlencoded") -> list[tuple[bytes, bytes]]:
        return [(b"Host", self._maker.host.encode()), (b"Connection", b"close"), (b"Content-Type", kind)]

    def _spoil(self, body: bytes) -> bytes:
        return next(spoiled((body,), self._dice)) if self._dice.random() < 0.8 else body
