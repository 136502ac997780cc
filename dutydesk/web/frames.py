"""What a console is sent, as text: board rows spliced into JSON without decoding them, and who may see which.

Pure. The audience decides what is sent for a changed row, never whether: a row not for it goes as `{"id", "gone": true}`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from dutydesk.store.connection import Params

BOARD = (
    "message",
    "incident",
    "page",
    "obligation",
    "instruction",
    "verification",
    "dispatch",
    "checkin",
    "check",
    "checkround",
    "proof",
    "pair",
    "pairing",
    "pairround",
    "linetest",
    "period",
    "inward",
    "downward",
    "submission",
    "delivery",
    "watch",
    "handover",
    "roster",
    "leave",
    "holiday",
    "unitroster",
    "circular",
    "tally",
    "calendar",
    "fault",
    "use",
    "plan",
    "user",
    "drill",
    "peer",
    "frame",
    "desk",
)
CHUNK = 256_000  # characters of rows in one frame: with what may still wait it stays far below the bound of 1 MB
ROW_LIMIT = 48_000  # characters of one body; a longer one goes with its texts shortened
_SHORT = 2_000
PLACED = frozenset(
    {
        "message",
        "incident",
        "page",
        "obligation",
        "submission",
        "verification",
        "frame",
        "dispatch",
        "checkin",
        "check",
        "proof",
        "pair",
        "pairing",
        "pairround",
        "unitroster",
        "fault",
        "use",
        "plan",
    }
)  # of a place, which their first entry says: seen only within one's own division
WHERE_THE_CAUSE_IS = frozenset({"delivery"})  # a delivery lies where what it is about lies
# of no place, and about the whole desk: whoever has a scope does not see them
WHOLE_DESK = frozenset(
    {"circular", "tally", "calendar", "handover", "inward", "downward", "period", "linetest", "checkround"}
)
# of no place, and needed by everybody at work: who is on watch, names, lines, practice
EVERYBODYS = frozenset({"instruction", "watch", "roster", "leave", "holiday", "drill", "peer", "desk", "user"})
# who may sign in, the policy and the directory have views of their own: in the log on wish, for whoever sees the whole desk
ON_WISH = frozenset({"user", "rules", "unit", "contact", "leader"})
_SCOPED = PLACED | WHERE_THE_CAUSE_IS
_OWN_DIVISION = frozenset({"user"})  # their body says `division` itself
_EVERYTHING = frozenset(BOARD)
_KINDS = {
    "leader": _EVERYTHING - {"delivery"},
    "unit": frozenset({"message", "incident", "page", "obligation", "watch", "drill", "desk"}),
}
MASKED = frozenset({"reader", "auditor", "unit"})
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\+\d{8,15}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8})")
_REFERENCES = frozenset(
    {"id", "message", "messages", "incident", "page", "pages", "delivery", "about", "stream", "provider_id", "calls"}
)


class Audience(NamedTuple):
    """Consoles that are sent the same: which kinds, within which division prefix ("" all), with numbers masked or not."""

    kinds: frozenset[str]
    division: str
    masked: bool

    def sees(self, kind: str, division: str) -> bool:
        """Whether a row of this kind and division is for it. A scoped audience sees no row of a place that says no place."""
        return kind in self.kinds and (kind not in _SCOPED or division.startswith(self.division))


@lru_cache(maxsize=512)
def audience(role: str, division: str) -> Audience:
    """The audience of a role with a scope. Circulars, handovers are about the whole desk: whoever has a scope does not see them."""
    kinds = _KINDS.get(role, _EVERYTHING)
    return Audience(kinds - WHOLE_DESK if division else kinds, prefix(division), role in MASKED)


def prefix(division: str) -> str:
    """A scope as a prefix: GB/T 2260 writes a province as 370000 and a city as 370200, meaning all that lies in them."""
    if len(division) != 6:
        return division
    return re.sub(r"(?:0000|00)$", "", division)


def mask(text: str) -> str:
    """Telephone numbers with their middle hidden; the length stays, so that spans still fit."""
    return _NUMBER.sub(lambda found: _starred(found[0]), text)


def _starred(number: str) -> str:
    shown = 3 if len(number) > 8 else 1
    return number[:shown] + "*" * (len(number) - shown - 2) + number[-2:]


def masked(value: Any) -> Any:
    """A JSON value with the numbers in all its texts masked; what names another row stays as it is."""
    match value:
        case str():
            return mask(value)
        case list():
            return [masked(item) for item in value]
        case dict():
            return {key: item if key in _REFERENCES else masked(item) for key, item in value.items()}
    return value


def masked_json(text: str) -> str:
    """The same for JSON text."""
    return orjson.dumps(masked(orjson.loads(text))).decode()


def shortened(body: str) -> str:
    """A body too long for the feed: its texts and lists cut, and marked `"cut": true`."""
    value = {key: _cut(item) for key, item in orjson.loads(body).items()} | {"cut": True}
    short = orjson.dumps(value).decode()
    if len(short) <= ROW_LIMIT:
        return short
    return orjson.dumps({key: item for key, item in value.items() if not isinstance(item, list | dict)}).decode()


def _cut(value: Any) -> Any:
    match value:
        case str():
            return value[:_SHORT]
        case list():
            return [_cut(item) for item in value[:200]]
        case dict():
            return {key: _cut(item) for key, item in value.items()}
    return value


def row_text(record: Params, *, hide: bool, whole: bool = False) -> str:
    """A row (kind, id, seq, open, drill, division, body) as JSON text: the body spliced behind what the row itself says."""
    kind, id, seq, open_, drill, division, body = record
    if len(body) > ROW_LIMIT and not whole:
        body = shortened(body)
    if hide:
        body = masked_json(body)
    where = "" if kind in _OWN_DIVISION else f',"division":{_json(division)}'
    opened, practice = ("true" if open_ else "false"), ("true" if drill else "false")
    head = f'{{"id":{_json(id)},"seq":{seq},"open":{opened},"drill":{practice}{where}'
    return f"{head}}}" if body == "{}" else f"{head},{body[1:]}"


def _json(text: str) -> str:
    return orjson.dumps(text).decode()


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a console has been brought: up to `seq`; closed rows up to `fresh_to` are left out of what it is still owed."""

    seq: int = 0
    fresh_to: int = 0


class Texts:
    """Row texts of one round, made once for each way of showing them."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str, bool], str] = {}

    def of(self, record: Params, hide: bool) -> str:
        key = (record[0], record[1], hide)
        if key not in self._made:
            self._made[key] = row_text(record, hide=hide)
        return self._made[key]


class Part(NamedTuple):
    """Rows of one frame: their text, the seq it brings a console to, and whether that is all there is."""

    rows: str
    seq: int
    complete: bool


def part(records: Iterable[Params], cursor: Cursor, whom: Audience, texts: Texts, limit: int | None = CHUNK) -> Part:
    """The rows after a cursor for an audience, in order of seq, up to about `limit` characters (None: all)."""
    kinds: dict[str, list[str]] = {}
    size, seq = 0, cursor.seq
    for record in records:
        if limit is not None and size > limit and record[2] > seq:
            return Part(_rows(kinds), seq, False)
        text = _shown(record, cursor, whom, texts)
        seq = record[2]
        if text:
            kinds.setdefault(record[0], []).append(text)
            size += len(text)
    return Part(_rows(kinds), seq, True)


def _shown(record: Params, cursor: Cursor, whom: Audience, texts: Texts) -> str:
    kind, id, seq, open_, _drill, division, _body = record
    if seq <= cursor.seq or kind not in whom.kinds:
        return ""
    fresh = seq <= cursor.fresh_to
    if whom.sees(kind, division):
        return "" if fresh and not open_ else texts.of(record, whom.masked)
    return "" if fresh else f'{{"id":{_json(id)},"gone":true}}'


def _rows(kinds: dict[str, list[str]]) -> str:
    return "{" + ",".join(f'"{kind}":[{",".join(rows)}]' for kind, rows in kinds.items()) + "}"


def frame(head: str, now: int, writable: bool, rows: str = "{}") -> str:
    """One frame as JSON text. `head` is the token up to which it brings a console."""
    return f'{{"head":"{head}","now":{now},"writable":{"true" if writable else "false"},"rows":{rows}}}'


RELOAD = '{"reload":true}'


def parse_token(token: str) -> tuple[int, str]:
    """`seq:hash8` as its parts; anything else, and nothing, is (0, "")."""
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{8})", token)
    return (int(found[1]), found[2]) if found else (0, "")


def websocket_frame(text: str) -> bytes:
    """A whole unmasked text frame (RFC 6455 section 5.2), made once and written to many."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def by_seq(*parts: Iterable[Params]) -> Iterator[Params]:
    """Rows of several answers of one snapshot, each ordered, as one."""
    for records in parts:
        yield from records
