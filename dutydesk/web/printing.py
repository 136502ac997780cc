"""Gathers what a document says from rows and entries, within what its reader may see. Runs in a reader's thread."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from dutydesk.clock import DAY
from dutydesk.documents import official, records
from dutydesk.documents.content import Document
from dutydesk.documents.words import minute
from dutydesk.domain.directory import Directory
from dutydesk.domain.verbs import split
from dutydesk.errors import NotFound
from dutydesk.store.connection import Connection, Params
from dutydesk.store.journal import seq_at
from dutydesk.store.store import entries, head
from dutydesk.web import duty_log, sight
from dutydesk.web.frames import Audience, audience, masked
from dutydesk.web.lines import lines
from dutydesk.web.names import names
from dutydesk.web.period import Period
from dutydesk.web.screen_words import word

MOST_OPEN = 200  # lines of one list of the handover card


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is gathered: what they may see, the desk's name, the directory behind names, the present instant."""

    whom: Audience
    desk: str
    directory: Directory
    now: int


def circular(connection: Connection, reader: Reader, id: str) -> Document:
    """Raises NotFound."""
    seen = _seen(connection, reader, "circular", id)
    return official.circular(reader.desk, _body(seen, reader), word, drill=bool(seen.record[4]))


def phone(connection: Connection, reader: Reader, id: str) -> Document:
    """The phone record of a message that came by telephone. Raises NotFound."""
    seen = _seen(connection, reader, "message", id)
    body = _body(seen, reader)
    if body["channel"] not in ("call", "voice"):
        raise NotFound("这条来报不是电话,没有电话记录")
    recorder = names(connection, reader.directory)(str(seen.entries[0][6]))
    return records.phone(reader.desk, body, recorder, drill=bool(seen.record[4]))


def proof(connection: Connection, reader: Reader, id: str) -> Document:
    """Every entry about an incident that this reader may see, with its hash. Raises NotFound."""
    seen = _seen(connection, reader, "incident", id)
    body = _body(seen, reader)
    found = sight.entries_about(connection, seen, reader.whom)
    listed = list(lines(found, reader.whom, names(connection, reader.directory)))
    return records.proof(reader.desk, f"{body['number']} {body['title']}", listed, _head(connection))


def brief(connection: Connection, reader: Reader, day: int) -> Document:
    """The brief of the day that begins at an instant: every real incident first reported on it."""
    first, last = seq_at(connection, day), seq_at(connection, day + DAY) - 1
    opened = [r for r in connection.all("entries_typed", "IncidentOpened", first, last) if not r[5]]
    bodies = [_incident(connection, reader, str(r[2]).partition("/")[2]) for r in opened]
    instructed: dict[str, int] = {}
    for record in connection.all("rows_of_kind", "instruction"):
        about = orjson.loads(record[6])["incident"]
        if about:
            instructed[about] = instructed.get(about, 0) + 1
    return official.brief(reader.desk, day, [b for b in bodies if b["status"] != "merged"], instructed, word)


def _incident(connection: Connection, reader: Reader, id: str) -> dict[str, Any]:
    return _body(_seen(connection, reader, "incident", id), reader) | {"id": id}


def handover(connection: Connection, reader: Reader, id: str) -> Document:
    """The handover card of a watch: what is open now. Raises NotFound."""
    body, name = _body(_seen(connection, reader, "watch", id), reader), names(connection, reader.directory)
    people = name(body["leader"]) if body["leader"] else "", "、".join(map(name, body["officers"]))
    return records.handover(reader.desk, body, people, _open(connection, reader), _head(connection))


def log(connection: Connection, reader: Reader, when: Period, wanted: duty_log.Filter) -> Document:
    """The duty log of a period, oldest first; what is more than one print holds is said."""
    found, following = duty_log.read(connection, reader.whom, when, wanted, 2**62, duty_log.MOST_PRINTED)
    listed = lines(reversed(found), reader.whom, names(connection, reader.directory))
    return records.log(reader.desk, when.first, min(when.last, reader.now), listed, cut=following is not None)


def whole_log(connection: Connection, directory: Directory, first: int, last: int) -> Iterator[records.Line]:
    """Every line of the log between two entries, for the archive: nobody's view, nothing masked or left out."""
    kept = (r for r in entries(connection, first, last) if split(r[2])[0] in duty_log.KINDS)
    yield from lines(kept, audience("administrator", ""), names(connection, directory))


def circular_ends_at(record: Params) -> int:
    """When the watch of a circular's row ended."""
    return int(orjson.loads(record[6])["ends_at"])


def _open(connection: Connection, reader: Reader) -> records.Open:
    name = names(connection, reader.directory)

    def listed(kind: str, said: Callable[[dict[str, Any]], Any]) -> list[Any]:
        return [said(body) for body in _open_rows(connection, reader, kind)][:MOST_OPEN]

    return records.Open(
        incidents=listed("incident", lambda b: (f"{b['number']} {b['title']}", _holder(b, name), b["last_word"])),
        clocks=listed("obligation", lambda b: (b["title"], minute(b["due_at"]))),
        waiting=listed("message", lambda b: (b["number"], word("state", b["status"]))),
        undelivered=listed("delivery", lambda b: (name(b["callee"]) or b["to"], word("delivery", b["status"]))),
        instructions=listed("instruction", lambda b: (b["text"], "、".join(_due(unit) for unit in b["units"]))),
    )


def _due(unit: dict[str, Any]) -> str:
    return f"{unit['name']} {minute(unit['answer_by'])}" if unit["answered_at"] is None else f"{unit['name']} 已反馈"


def _holder(body: dict[str, Any], name: Callable[[str], str]) -> str:
    held = body["assigned_to"] or body["signed_by"]
    return name(held) if held else "未签收"


def _open_rows(connection: Connection, reader: Reader, kind: str) -> list[dict[str, Any]]:
    if kind not in reader.whom.kinds:
        return []
    found = (r for r in connection.all("rows_of_kind", kind) if r[3] and not r[4] and reader.whom.sees(kind, r[5]))
    bodies = [orjson.loads(r[6]) for r in found]
    return [masked(body) for body in bodies] if reader.whom.masked else bodies


def _head(connection: Connection) -> records.Head:
    now = head(connection)
    return records.Head(now.seq, now.hash, now.at)


def _seen(connection: Connection, reader: Reader, kind: str, id: str) -> sight.Seen:
    found = sight.see(connection, reader.whom, kind, id)
    if found is None:
        raise NotFound("没有这一件,或不在您的范围内")
    return found


def _body(seen: sight.Seen, reader: Reader) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(seen.record[6])
    return masked(body) if reader.whom.masked else body
