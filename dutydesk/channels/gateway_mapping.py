"""From what a configured gateway posts, lists or answers to our own values. Whatever was signed and cannot be read is kept as text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dutydesk.channels.inbound import clean, key_of, text_of
from dutydesk.channels.port import Inbound
from dutydesk.channels.wire import pairs_of
from dutydesk.clock import SECOND, from_datetime
from dutydesk.config.gateways import Calls, Encoding, Fields, Gateway
from dutydesk.domain.deliveries import NoteStatus
from dutydesk.errors import Invalid

_LATEST = 1 << 52  # microseconds; a later instant is nonsense


@dataclass(frozen=True, slots=True)
class Report:
    """One delivery report: for which delivery, under which key, and what it says; no `note` for a word we do not know."""

    delivery: str
    key: str
    note: NoteStatus | None


def parsed(raw: bytes, encoding: Encoding) -> object:
    """The body as data; bytes that are not UTF-8 become U+FFFD. Raises Invalid when it is not in this encoding."""
    if encoding == "form":
        return {text_of(name): text_of(value) for name, value in reversed(pairs_of(raw))}
    try:
        read: object = json.loads(raw.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"不是 JSON:{type(error).__name__}") from None
    return read


def dig(data: object, path: str) -> str:
    """The value at a dotted path as text, "" when there is none; list places are numbers."""
    found = _value(data, path)
    if found is None or isinstance(found, dict | list):
        return ""
    return clean(json.dumps(found) if isinstance(found, bool) else str(found))


def _value(data: object, path: str) -> object:
    for step in path.split(".") if path else []:
        if isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


def items_of(data: object, path: str) -> list[object]:
    """The items at a path; a single one counts as a list of one."""
    for step in path.split(".") if path else []:
        data = data.get(step) if isinstance(data, dict) else None
    return data if isinstance(data, list) else [data] if isinstance(data, dict) else []


def inbounds_of(gateway: Gateway, raw: bytes) -> list[Inbound]:
    """Every message in a signed post; one that cannot be read is a message with the raw text."""
    fields = gateway.inbound or Fields()
    try:
        found = [listed(gateway, item) for item in items_of(parsed(raw, fields.encoding), fields.items)]
    except Invalid:
        found = []
    return found or [Inbound(key_of(f"gateway:{gateway.name}", "", raw), gateway.name, "", "", text_of(raw))]


def listed(gateway: Gateway, item: object) -> Inbound:
    """One message of a post or of a list. Without an id of its own it is named by its content; without a text where the configuration
    looks for one, all of it is its text: a gateway that renamed a field loses nobody's words."""
    fields = gateway.inbound or Fields()
    name = dig(item, fields.id)
    content = json.dumps(item, sort_keys=True, default=str).encode()
    return Inbound(
        key=key_of(f"gateway:{gateway.name}", name, content),
        via=gateway.name,
        sender=number_of(gateway, dig(item, fields.sender)),
        recipient=number_of(gateway, dig(item, fields.recipient)),
        text=dig(item, fields.text) or _all_of(item, fields.text),
        sent_at=instant_of(dig(item, fields.time), fields.time_format),
        provider_id=name,
    )


def _all_of(item: object, path: str) -> str:
    return "" if _value(item, path) == "" else clean(json.dumps(item, ensure_ascii=False))


def reports_of(gateway: Gateway, raw: bytes) -> Iterator[Report]:
    """Every delivery report in a signed post that names a delivery. Raises Invalid when the post cannot be read."""
    status = gateway.status
    if status is None:
        return
    for item in items_of(parsed(raw, status.encoding), status.items):
        name, said, delivery = dig(item, status.id), dig(item, status.status), dig(item, status.ref)
        word = status.words.get(said)
        note = NoteStatus(status=word, code=dig(item, status.code), provider_id=name) if word else None
        if delivery:
            yield Report(delivery, f"gateway:{gateway.name}:{name or delivery}/{said}", note)


def call_of(gateway: Gateway, raw: bytes) -> Inbound | None:
    """A telephone call that an exchange reports, as a message with the caller's number; None for an event of no interest.

    All events of one call share a key, so that a call is one message.
    """
    calls = gateway.calls or Calls()
    try:
        item = parsed(raw, calls.encoding)
    except Invalid:
        return Inbound(key_of(f"pbx:{gateway.name}", "", raw), gateway.name, "", "", text_of(raw), channel="voice")
    words = calls.words.get(dig(item, calls.event))
    if words is None:
        return None
    return Inbound(
        key=key_of(f"pbx:{gateway.name}", dig(item, calls.id), raw),
        via=gateway.name,
        sender=number_of(gateway, dig(item, calls.sender)),
        recipient=number_of(gateway, dig(item, calls.recipient)),
        text=words,
        sent_at=instant_of(dig(item, calls.time), calls.time_format),
        provider_id=dig(item, calls.id),
        channel="voice",
    )


def number_of(gateway: Gateway, said: str) -> str:
    """A number with the gateway's country in front when it came without one; what is no number stays as it is."""
    said, country = said.strip(), gateway.country
    if not country or said.startswith("+") or not (said.isascii() and said.isdigit()):
        return said
    bare = said.removeprefix("00")
    inside = country[1:]
    return f"+{bare}" if bare.startswith(inside) and len(bare) >= 11 + len(inside) else country + said


def instant_of(said: str, time_format: str) -> int | None:
    """A gateway's time as an instant; without a zone it is Beijing time. None when it says none that can be read."""
    try:
        if time_format in ("s", "ms"):
            at = int(said) * (SECOND if time_format == "s" else SECOND // 1000)
        elif time_format == "iso":
            at = from_datetime(datetime.fromisoformat(said))
        else:
            at = from_datetime(datetime.strptime(said, time_format))  # noqa: DTZ007  # from_datetime takes it as Beijing's
    except (ValueError, OverflowError):
        return None
    return at if 0 <= at < _LATEST else None
