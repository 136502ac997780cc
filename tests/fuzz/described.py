"""Requests for every operation of our own description: mostly such as are believed, some with a word that no person types.

What a machine invents from a schema alone is refused at the first field; here ids are those of the board, so that the rules are reached.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes

from tests.fuzz.mutation import HOSTILE, spoiled
from tests.fuzz.parsers import TEXTS
from tests.fuzz.served import TOKEN, Signed

Value = Any
ODD: tuple[Value, ...] = (
    None, True, 0, -1, 1.5, 10**18, 2**63, 10**30, "", " ", "\0", "\u202e", "x" * 5_000, "〇", "1e999", [], {}, [[]], {"a": {}},
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-02-30", "NaN", "../..", "%00", "' OR 1=1", "<script>", "😀" * 200,
    [None], ["x"] * 500, "\u2028", "-0", "+8612000000404", 1e308, -(2**62), "\udc80",
)  # fmt: skip
HEADERS = (b"Cookie", b"Origin", b"X-CSRF", b"Idempotency-Key", b"Authorization", b"Content-Type", b"X-Forwarded-For", b"Accept",
           b"Accept-Language", b"Range", b"If-None-Match", b"If-Modified-Since", b"Content-Encoding", b"Expect", b"Referer",
           b"X-Forwarded-Proto", b"Transfer-Encoding", b"Upgrade", b"Sec-WebSocket-Key")  # fmt: skip
NAMES = {
    "units": ["370202", "370203"],
    "unit": ["370202", "370203"],
    "contact": ["C-370202-A", "C-370203-B"],
    "leader": ["L-01"],
    "callee": ["contact:C-370202-A", "unit:370202", "leader:L-01", "user:officer"],
    "who": ["contact:C-370202-A", "unit:370202", "user:officer"],
    "username": ["officer", "shift_leader", "reader-district"],
    "user": ["officer", "shift_leader"],
    "month": ["2026-11", "2026-12"],
    "day": ["2026-11-26", "2026-12-01"],
    "seq": ["1", "20", "400"],
    "incidents": ["20261126-001"],
}
ENDING = (
    b"Transfer-Encoding",
    b"Upgrade",
    b"Expect",
    b"Content-Encoding",
)  # after these the length alone does not say where it ends
BAD_HEADER = (
    b"", b"\xff\xfe", b"http://[", b"http://[::1", b"\xe4\xb8", b"dutydesk=\xff", b'dutydesk="\\377"', b"a" * 7_000,
    b"Bearer \xed\xa0\x80", b"bytes=0-", b"bytes=-1,5-2", b"gzip", b"chunked", b"100-continue", b"multipart/form-data",
    b"multipart/form-data; boundary=\xff", b"application/x-www-form-urlencoded; charset=nonsense", b"text/html; charset=utf-16",
    b"*/*;q=a", b"zh-CN;q=x,en;q=9999", b"Mon, 99 Xxx 2026", b"http://a:99999999/", b"//", b"null", b"websocket", b"1" * 300,
    b";;;=;", b"http://\xe2\x84\x80",
)  # fmt: skip


class Asked(NamedTuple):
    """One request as bytes. `door` names the operation, `who` the person; `keeps` words that must stand in the store if it is taken."""

    door: str
    raw: bytes
    who: str = ""
    keeps: tuple[str, ...] = ()
    beside: str = ""  # a raw callback that must be kept
    whole: bool = True  # whether the server knows where it ends


class Operation(NamedTuple):
    """A method and path of the description with what it takes."""

    method: str
    path: str
    says: dict[str, Any]


@dataclass
class Maker:
    """Makes requests by dice. `ids` are those on the board, by kind; `people` their sessions."""

    dice: random.Random
    people: dict[str, list[Signed]]
    host: str
    ids: dict[str, list[str]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    made: int = 0

    def requests(self, operation: Operation) -> Iterator[Asked]:
        """Requests for one operation without end."""
        while True:
            yield self.request(operation)

    def request(self, operation: Operation) -> Asked:
        who = self._whoever(operation)
        path = re.sub(r"\{(\w+)\}", lambda found: self._place(operation.path, found[1]), operation.path)
        target = path + self._query(operation)
        body, keeps = self._body(operation)
        headers = self._headers(who, operation, body)
        door = f"{operation.method} {operation.path}"
        bent = self._bent(headers)
        whole = not any(name in ENDING for name, _ in bent)
        return Asked(door, raw(operation.method, target, bent, body), who, keeps if whole else (), whole=whole)

    def _whoever(self, operation: Operation) -> str:
        """Mostly somebody who may; often anybody of the fourteen, or nobody."""
        may = [name for name in self.people if name.removesuffix("-district") in operation.says.get("x-roles", ())]
        return self.dice.choice(may if may and self.dice.random() < 0.6 else [*self.people, ""])

    # -- where

    def _place(self, path: str, name: str) -> str:
        kind = path.split("/")[2] if path.startswith("/api/") else path.split("/")[1].removesuffix("s")
        if self.dice.random() < 0.08:
            return quote_from_bytes(self.dice.choice((*HOSTILE[:12], self.dice.randbytes(6)))[:300], safe="") or "x"
        known: dict[str, list[str]] = NAMES | {
            "kind": sorted(self.ids) or ["incident"],
            "token": self.links or ["x"],
            "digest": ["0" * 64],
            "format": ["csv", "xlsx"],
        }
        chosen = known.get(name) or self.ids.get(kind) or self._any_id()
        return self.dice.choice(chosen) if self.dice.random() < 0.9 else self.dice.choice(self._any_id())

    def _any_id(self) -> list[str]:
        return self.ids.get(self.dice.choice(sorted(self.ids)), []) if self.ids else ["x"]

    def _query(self, operation: Operation) -> str:
        names = [one["name"] for one in operation.says.get("parameters", ()) if one["in"] == "query"]
        said = [f"{name}={self._word()}" for name in names if self.dice.random() < 0.7]
        if self.dice.random() < 0.03:
            said += ["%ff=%ff", "a&&=", "x" * 3_000][: self.dice.randint(1, 3)]
        return "?" + "&".join(said) if said else ""

    def _word(self) -> str:
        words = (
            "0",
            "1",
            "-1",
            "5,6,7",
            "9" * 30,
            "2026-11-20",
            "2026-13-99",
            "2026-11-26T12:00:00Z",
            "1795437213000000",
            "火",
            "csv",
            "zh",
        )
        if self.dice.random() < 0.3:
            return quote_from_bytes(self.dice.choice(HOSTILE)[:200] or b"%", safe="")
        return quote_from_bytes(self.dice.choice(words).encode())

    # -- what

    def _body(self, operation: Operation) -> tuple[bytes, tuple[str, ...]]:
        if operation.method not in ("POST", "PUT"):
            return b"", ()
        self.made += 1
        content = operation.says.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            return self._form(), ()
        value = self.value(content["schema"], content["schema"], 0)
        luck = self.dice.random()
        if luck < 0.3 and isinstance(value, dict) and value:
            value[self.dice.choice(list(value))] = self.dice.choice(ODD)
        said = json.dumps(value, ensure_ascii=self.dice.random() < 0.5).encode("utf-8", "surrogatepass")
        if luck > 0.85:
            return next(spoiled((said,), self.dice)), ()
        words = (
            value.get("text") if isinstance(value, dict) and operation.path in ("/api/reports", "/api/calls") else None
        )
        return said, (words,) if isinstance(words, str) else ()

    def _form(self) -> bytes:
        fields = ("name", "text", "username", "password", "code", "label", "id", "next", "factor", "secret", "csrf")
        some = self.dice.sample(fields, self.dice.randint(0, 5))
        if self.dice.random() < 0.5:
            return json.dumps({name: self.dice.choice(ODD) for name in some}).encode()
        return "&".join(f"{name}={self._word()}" for name in some).encode()

    def value(self, schema: dict[str, Any], root: dict[str, Any], depth: int, name: str = "") -> Value:
        """Something that the schema allows, or nearly."""
        if "$ref" in schema:
            return self.value(root["$defs"][schema["$ref"].rpartition("/")[2]], root, depth, name)
        if "const" in schema or "enum" in schema:
            return self.dice.choice(schema.get("enum") or [schema["const"]])
        for of in ("anyOf", "oneOf", "allOf"):
            if of in schema:
                return self.value(self.dice.choice(schema[of]), root, depth, name)
        return self._typed(schema, root, depth, name)

    def _typed(self, schema: dict[str, Any], root: dict[str, Any], depth: int, name: str) -> Value:
        match schema.get("type"):
            case "object":
                needed, known = schema.get("required", ()), schema.get("properties", {})
                chosen = [field for field in known if field in needed or self.dice.random() < 0.5]
                return {field: self._named(field, known[field], root, depth) for field in chosen}
            case "array":
                items = schema.get("items") or (schema.get("prefixItems") or [{}])[0]
                return (
                    [self._named(name, items, root, depth) for _ in range(self.dice.randint(1, 3))] if depth < 5 else []
                )
            case "integer":
                least, most = schema.get("minimum", 0), schema.get("maximum", 90)
                return self.dice.choice(
                    (least, most, self.dice.randint(least, max(least, most)), 1_795_437_213_000_000)
                )
            case "number":
                return self.dice.choice((0.0, 36.06, 120.38, -90, 1e9))
            case "boolean":
                return self.dice.random() < 0.5
            case "null":
                return None
        return self._text(schema, name)

    def _named(self, name: str, schema: dict[str, Any], root: dict[str, Any], depth: int) -> Value:
        """What a field of this name would hold on a real desk, if it is a text."""
        if schema.get("type") == "string" and "enum" not in schema:
            return self._text(schema, name)
        return self.value(schema, root, depth + 1, name)

    def _text(self, schema: dict[str, Any], name: str) -> str:
        if schema.get("format") == "date-time":
            return self.dice.choice(("2026-11-26T20:00:00+08:00", "2026-11-26T12:00:00Z", "1970-01-01T00:00:00Z"))
        if known := self.ids.get(name) or NAMES.get(name):
            return self.dice.choice(known)
        if "text" in name:
            return f"{self.dice.choice(TEXTS)}({self.made})"
        if schema.get("pattern") or name in ("id", "who", "to", "into", "contact", "unit", "username"):
            return self.dice.choice(
                (
                    *self._any_id(),
                    *self.ids.get("user", ["x"]),
                    "370202",
                    "C-370202-A",
                    "contact:C-370202-A",
                    "unit:370202",
                )
            )
        return self.dice.choice(
            (*TEXTS, "同意", "已处置", "138", "2026-11-26", "08:30", "+8612000001000", "370202", "x")
        )

    # -- under whose name

    def _headers(self, who: str, operation: Operation, body: bytes) -> list[tuple[bytes, bytes]]:
        json_ = b"application/json" if body[:1] in (b"{", b"[", b"") else b"application/x-www-form-urlencoded"
        said = [(b"Host", self.host.encode()), (b"Connection", b"close"), (b"Content-Type", json_)]
        said += [
            (b"Origin", f"http://{self.host}".encode()),
            (b"Idempotency-Key", f"k{self.dice.getrandbits(64)}".encode()),
        ]
        if who:
            one = self.people[who][0]
            said += [(b"Cookie", f"dutydesk={one.token}".encode()), (b"X-CSRF", one.csrf.encode())]
        if operation.path == "/api/reports":
            said += [(b"Authorization", f"Bearer {TOKEN}".encode())]
        if self.dice.random() < 0.3:
            said += [(b"Accept", b"text/html"), (b"Accept-Language", b"en")]
        return said

    def _bent(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        if self.dice.random() < 0.12:
            name = self.dice.choice(HEADERS)
            headers = [one for one in headers if one[0] != name]
            value = self.dice.choice(BAD_HEADER)
            if (
                name != b"Expect" or value.isascii()
            ):  # at an address that is not there aiohttp itself trips over it, before us
                headers.append((name, value))
        return headers


def operations(description: dict[str, Any]) -> list[Operation]:
    """All of the description, but the feed's socket, which has a test of its own."""
    found = [
        Operation(method.upper(), path, says)
        for path, ways in description["paths"].items()
        for method, says in ways.items()
    ]
    return [one for one in found if one.path != "/live"]


def raw(method: str, target: str, headers: list[tuple[bytes, bytes]], body: bytes) -> bytes:
    """A request on the wire; nothing in it is checked."""
    lines = [f"{method} {target} HTTP/1.1".encode(), *(name + b": " + value for name, value in headers)]
    if body or method in ("POST", "PUT"):
        lines.append(b"Content-Length: " + str(len(body)).encode())
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def some(maker: Maker, operation: Operation, many: int) -> list[Asked]:
    """So many requests for one operation."""
    return list(islice(maker.requests(operation), many))
