"""HTTP gateways as config/gateways.toml describes them: how to sign, send, look up and read what they post, all of it data.

Addresses and secrets come from the environment by the names given there; no secret stands in the file. A gateway that is not enabled
is checked for its shape and otherwise left out.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, JsonValue, SecretStr, ValidationError, model_validator

from dutydesk.config.environment import environment as process_environment
from dutydesk.config.tables import tables
from dutydesk.domain.deliveries import RANK
from dutydesk.domain.outcomes import Remedy
from dutydesk.domain.rules import Part, Rules
from dutydesk.errors import ConfigError

FILE = "gateways.toml"
Encoding = Literal["json", "form"]
_IN_PAYLOAD = frozenset({"timestamp", "body", "target"})
_CALL_WORDS = {"ringing": "电话呼入", "answered": "电话呼入(已接听)"}
_IN_SENDING = frozenset({"to", "to_local", "text", "ref", "from", "account"})


class Signature(Part):
    """HMAC-SHA256 of `payload` (`payload_get` for requests without a body), both ways. {target} is the path with its query."""

    signature_header: str = "X-Signature"
    timestamp_header: str = "X-Timestamp"
    payload: str = "{timestamp}.{body}"
    payload_get: str = "{timestamp}.{target}"
    encoding: Literal["hex", "base64"] = "hex"
    unit: Literal["s", "ms"] = "s"
    window_s: int = Field(default=300, ge=1, le=3600)  # an older or newer timestamp is a replay or a wrong clock

    @model_validator(mode="after")
    def _known_places(self) -> Self:
        for template in (self.payload, self.payload_get):
            _only_known(template, _IN_PAYLOAD)
            if "timestamp" not in places(template):
                raise ValueError("签名内容里必须有 {timestamp},否则挡不住重放")
        if "body" not in places(self.payload):
            raise ValueError("payload 里必须有 {body},否则内容可以被改")
        return self


class Answer(Part):
    """One answer of the gateway and what it means; the first that fits counts. `field` is a dotted path into the answer."""

    status: tuple[int, ...] = ()
    field: str = ""
    values: tuple[str, ...] = ()
    means: Literal["accepted", "busy", "rejected", "unknown"]
    remedy: Remedy = "give_up"
    retry_after_s: float = Field(default=5.0, gt=0, le=600)


class Sending(Part):
    """How to send one SMS. `id` and `code` are dotted paths into the answer; an empty `id`: it names none."""

    path: str = ""
    encoding: Encoding = "json"
    headers: dict[str, str] = Field(default_factory=dict)
    body: dict[str, JsonValue]
    id: str = "id"
    code: str = ""
    answers: tuple[Answer, ...] = ()

    @model_validator(mode="after")
    def _known_places(self) -> Self:
        for template in (*self.headers.values(), *texts_in(self.body)):
            _only_known(template, _IN_SENDING)
        if not any("text" in places(t) for t in texts_in(self.body)):
            raise ValueError("body 里没有 {text}")
        return self


class Fields(Part):
    """Where one item stands in what the gateway posts or lists. `items` is the path to a list; empty: the body is the item."""

    encoding: Encoding = "json"
    items: str = ""
    id: str = "id"
    sender: str = "from"
    recipient: str = "to"
    text: str = "text"
    time: str = "time"
    time_format: str = "iso"  # iso, s, ms, or a strptime pattern in Beijing time


class Status(Part):
    """Delivery reports. `words` turns the gateway's words into ours (domain/deliveries.RANK)."""

    encoding: Encoding = "json"
    items: str = ""
    ref: str = "ref"
    id: str = "id"
    status: str = "status"
    code: str = "error"
    words: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _our_words(self) -> Self:
        if strange := sorted(set(self.words.values()) - RANK.keys()):
            raise ValueError(f"不认识的状态 {strange},可用 {sorted(RANK)}")
        return self


class LookUp(Part):
    """How to ask for a message by our reference: GET `path` with {ref}."""

    path: str
    items: str = "messages"
    ref: str = "ref"
    id: str = "id"
    status: str = "status"

    @model_validator(mode="after")
    def _asks_for_it(self) -> Self:
        _only_known(self.path, frozenset({"ref", "account"}))
        if "ref" not in places(self.path):
            raise ValueError("path 里没有 {ref}")
        return self


class InboundList(Part):
    """How to ask what came in since an instant: GET `path` with {since} (ISO 8601) or {since_s}."""

    path: str
    items: str = "messages"

    @model_validator(mode="after")
    def _known_places(self) -> Self:
        _only_known(self.path, frozenset({"since", "since_s", "account"}))
        return self


class Calls(Part):
    """Events of a telephone exchange. `words`: the event's word → what the duty officer reads; other events are only kept."""

    encoding: Encoding = "json"
    id: str = "id"
    sender: str = "from"
    recipient: str = "to"
    event: str = "event"
    time: str = "time"
    time_format: str = "iso"
    words: dict[str, str] = Field(default_factory=lambda: dict(_CALL_WORDS))


class Gateway(Part):
    """One gateway. `url`, `secret`, `account` are filled from the environment variables that the `_env` keys name."""

    name: str
    enabled: bool = True
    url_env: str = ""
    secret_env: str = Field(min_length=1)
    account_env: str = ""
    url: str = ""
    secret: SecretStr = SecretStr("")
    account: str = ""
    country: str = Field(default="", pattern=r"^(\+\d{1,3})?$")  # put before numbers that come without it
    reply: str = "{}"  # the body of our 200 to its webhooks
    reply_type: str = "application/json"
    signature: Signature = Field(default_factory=Signature)
    sending: Sending | None = None
    inbound: Fields | None = None
    status: Status | None = None
    look_up: LookUp | None = None
    inbound_list: InboundList | None = None
    calls: Calls | None = None

    @model_validator(mode="after")
    def _needs_an_address(self) -> Self:
        if (self.sending or self.look_up or self.inbound_list) and not self.url_env:
            raise ValueError("会主动访问网关,必须写 url_env")
        if self.inbound_list and not self.inbound:
            raise ValueError("inbound_list 用 inbound 的字段,必须同时写 inbound")
        return self


def load_gateways(folder: Path, environment: Mapping[str, str] | None = None) -> dict[str, Gateway]:
    """The enabled gateways of a folder by name; none without the file. Raises ConfigError with every problem found.

    Addresses and secrets are read from `environment`, by default the process's own.
    """
    environment = process_environment(environment)
    problems: list[str] = []
    found = [_gateway(name, table, environment, problems) for name, table in _tables(folder / FILE, problems)]
    if problems:
        raise ConfigError([f"{FILE}: {problem}" for problem in problems])
    return {gateway.name: gateway for gateway in found if gateway is not None and gateway.enabled}


def missing_gateways(rules: Rules, gateways: Mapping[str, Gateway]) -> list[str]:
    """Senders of channels.toml whose gateway is not there, as problems to show."""
    wanted = [sender.name for sender in rules.senders if sender.kind == "gateway"]
    return [
        f"channels.toml: senders: {name} 是网关,但 {FILE} 里没有启用 [gateways.{name}] 或它没有 sending"
        for name in wanted
        if name not in gateways or gateways[name].sending is None
    ]


def _tables(path: Path, problems: list[str]) -> Iterator[tuple[str, object]]:
    try:
        read = tables(path)
    except FileNotFoundError:
        return
    except ConfigError as error:
        problems += [problem.removeprefix(f"{FILE}: ") for problem in error.problems]
        return
    problems += [f"{key}: 不认识这个键,网关写在 [gateways.名称] 下" for key in sorted(read.keys() - {"gateways"})]
    gateways = read.get("gateways", {})
    if not isinstance(gateways, dict):
        problems.append("gateways: 应当是 [gateways.名称] 这样的表")
        return
    yield from gateways.items()


def _gateway(name: str, table: object, environment: Mapping[str, str], problems: list[str]) -> Gateway | None:
    if not isinstance(table, dict):
        problems.append(f"gateways.{name}: 应当是一张表")
        return None
    from_outside = sorted({"name", "url", "secret", "account"} & table.keys())
    problems += [f"gateways.{name}.{key}: 不写在文件里,用 {key}_env 指环境变量" for key in from_outside]
    wanted = {key: str(table.get(f"{key}_env") or "") for key in ("url", "secret", "account")}
    values = {key: environment.get(variable, "") for key, variable in wanted.items() if variable}
    if table.get("enabled", True) is not False:
        problems += _unset(name, wanted, values)
    try:
        return Gateway.model_validate({**table, **values, "name": name})
    except ValidationError as error:
        problems += [
            f"{'.'.join(map(str, ('gateways', name, *e['loc'])))}: {_said(e['type'], e['msg'])}" for e in error.errors()
        ]
        return None


def _unset(name: str, wanted: dict[str, str], values: dict[str, str]) -> Iterator[str]:
    for key, variable in wanted.items():
        if variable and not values[key]:
            yield f"gateways.{name}: 环境变量 {variable} 没有设置"
    url = values.get("url", "")
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        yield f"gateways.{name}: {wanted['url']} 不是 http(s) 地址"


def _said(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "不认识这个键,是不是写错了?"
    return "缺少这个键" if kind == "missing" else message.removeprefix("Value error, ")


def places(template: str) -> set[str]:
    """The names in braces. Raises ValueError for unbalanced braces."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def texts_in(value: JsonValue) -> Iterator[str]:
    """Every string in a template, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)


def _only_known(template: str, known: frozenset[str]) -> None:
    if strange := sorted(places(template) - known):
        raise ValueError(f"不认识的占位 {strange},可用 {sorted(known)}")
