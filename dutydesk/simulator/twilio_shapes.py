"""Texts, calls and lists as Twilio's JSON, and the filters and paging of its lists. Shapes only: nothing here changes
anything.

Source: twilio/twilio-oai, spec/json/twilio_api_v2010.json (field names).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from urllib.parse import urlencode

from dutydesk.clock import DAY, SECOND, from_datetime, to_datetime
from dutydesk.simulator.records import Call, Sms
from dutydesk.simulator.segments import segments
from dutydesk.simulator.twilio_errors import TwilioError, message_of

Json = dict[str, object]
VERSION = "2010-04-01"
_MOST_PER_PAGE = 1000
_NEVER_SET = (
    "annotation",
    "caller_name",
    "forwarded_from",
    "group_sid",
    "parent_call_sid",
    "phone_number_sid",
    "trunk_sid",
)


def text_shape(account: str, sms: Sms) -> Json:
    """One message resource."""
    uri = f"/{VERSION}/Accounts/{account}/Messages/{sms.sid}"
    in_service = sms.service is not None and sms.status == "accepted"
    return {
        **_common(account, sms, uri),
        "body": sms.body,
        "date_sent": _stamp(sms.sent),
        "direction": sms.direction,
        "error_code": sms.error,
        "error_message": message_of(sms.error) if sms.error else None,
        "from": sms.sender or None,
        "messaging_service_sid": sms.service,
        "num_media": str(len(sms.media)),
        "num_segments": "0" if in_service else str(segments(sms.body)),
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def call_shape(account: str, call: Call) -> Json:
    """One call resource."""
    uri = f"/{VERSION}/Accounts/{account}/Calls/{call.sid}"
    lasted = (call.ended - call.started) // SECOND if call.started and call.ended else 0
    return {
        **_common(account, call, uri),
        **dict.fromkeys(_NEVER_SET),
        "answered_by": call.answered_by,
        "direction": call.direction,
        "duration": str(lasted) if call.over else None,
        "end_time": _stamp(call.ended),
        "from": call.sender,
        "from_formatted": call.sender,
        "queue_time": "0",
        "start_time": _stamp(call.started),
        "subresource_uris": {},
        "to_formatted": call.to,
    }


def _common(account: str, record: Sms | Call, uri: str) -> Json:
    return {
        "account_sid": account,
        "api_version": VERSION,
        "date_created": _stamp(record.created),
        "date_updated": _stamp(record.updated),
        "price": None,
        "price_unit": "USD",
        "sid": record.sid,
        "status": record.status,
        "to": record.to,
        "uri": f"{uri}.json",
    }


def _stamp(at: int | None) -> str | None:
    return None if at is None else format_datetime(to_datetime(at).astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Span:
    """Instants from `since` to `until`, both included, in whole seconds as Twilio compares them."""

    since: int = 0
    until: int = 1 << 62

    def holds(self, at: int) -> bool:
        """Whether the instant lies inside."""
        return self.since <= at - at % SECOND <= self.until


def span_of(query: dict[str, str], name: str) -> Span:
    """The span asked by `name` (a day, UTC), `name>` and `name<` (from, to; both included)."""
    if name in query:
        start = _instant(query[name][:10])
        return Span(start, start + DAY - 1)
    since = _instant(query[f"{name}>"]) if f"{name}>" in query else 0
    until = _instant(query[f"{name}<"], end=True) if f"{name}<" in query else 1 << 62
    return Span(since, until)


def _instant(text: str, *, end: bool = False) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise TwilioError(20001, f"not a date: {text}") from None
    if end and len(text) == len("2026-01-01"):
        moment = datetime.combine(moment.date(), time()) + timedelta(days=1, seconds=-1)
    return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def page_shape(key: str, path: str, query: dict[str, str], found: Sequence[Json]) -> Json:
    """One page of a list, newest first as given; `Page` counts from 0."""
    size, page = _number(query, "PageSize", 50), _number(query, "Page", 0)
    size = max(1, min(size, _MOST_PER_PAGE))
    start = page * size
    rows = list(found[start : start + size])

    def uri(number: int) -> str:
        rest = {k: v for k, v in query.items() if k not in ("Page", "PageSize", "PageToken")}
        return f"{path}?{urlencode({**rest, 'PageSize': size, 'Page': number})}"

    return {
        "end": start + max(0, len(rows) - 1),
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1) if start + size < len(found) else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": uri(page - 1) if page else None,
        "start": start,
        "uri": uri(page),
        key: rows,
    }


def _number(query: dict[str, str], name: str, default: int) -> int:
    try:
        return int(query.get(name, default))
    except ValueError:
        raise TwilioError(20001, f"{name} is not a number") from None
