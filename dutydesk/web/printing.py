"""Gathers what a document says from rows and entries, within what its reader may see. Runs in a reader's thread."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from dutydesk.documents import official, records
from dutydesk.documents.content import Document
from dutydesk.domain.directory import Directory
from dutydesk.domain.submission_document import submission_document
from dutydesk.domain.verbs import split
from dutydesk.errors import NotFound
from dutydesk.store.connection import Connection, Params
from dutydesk.store.store import entries, head
from dutydesk.store.tx import read_rules
from dutydesk.web import duty_log, sight
from dutydesk.web.frames import ON_WISH, Audience, audience, masked
from dutydesk.web.lines import lines
from dutydesk.web.names import names
from dutydesk.web.period import Period
from dutydesk.web.screen_words import word
from dutydesk.web.words_zh import ZH


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is gathered: what they may see, the desk's name, the directory behind names, the present instant."""

    whom: Audience
    desk: str
    directory: Directory
    now: int


def circular(connection: Connection, reader: Reader, id: str) -> Document:
    """A circular or a brief, with each unit's figures where they were kept. Raises NotFound."""
    seen, tally = _seen(connection, reader, "circular", id), connection.one("row", "tally", id)
    kept = orjson.loads(tally[4]) if tally else None
    return official.circular(reader.desk, _body(seen, reader), word, drill=bool(seen.record[4]), tally=kept)


def submission(connection: Connection, reader: Reader, id: str) -> Document:
    """A report upward. Raises NotFound."""
    seen = _seen(connection, reader, "submission", id)
    return official.submission(
        reader.desk, submission_document(id, _body(seen, reader)), word, drill=bool(seen.record[4])
    )


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


def handover(connection: Connection, reader: Reader, id: str) -> Document:
    """The card of a handover; its checkpoint is the handover's own last entry. Raises NotFound."""
    seen = _seen(connection, reader, "handover", id)
    last = seen.entries[-1]
    name, point = names(connection, reader.directory), records.Head(last[0], last[12], last[1])
    return records.handover(reader.desk, _body(seen, reader), name, _said, point, drill=bool(seen.record[4]))


def roster(connection: Connection, reader: Reader, id: str) -> Document:
    """A month's roster by name. Raises NotFound where none is planned."""
    body = _body(_seen(connection, reader, "roster", id), reader)
    posts = [(post.id, post.name) for post in read_rules(connection).roster.posts]
    return records.roster(reader.desk, id, body["duties"], posts, names(connection, reader.directory))


def _said(group: str, code: str) -> str:
    return ZH.get(f"{group}_{code}", code)


def log(connection: Connection, reader: Reader, when: Period, wanted: duty_log.Filter) -> Document:
    """The duty log of a period, oldest first; what is more than one print holds is said."""
    found, following = duty_log.read(connection, reader.whom, when, wanted, 2**62, duty_log.MOST_PRINTED)
    listed = lines(reversed(found), reader.whom, names(connection, reader.directory))
    return records.log(reader.desk, when.first, min(when.last, reader.now), listed, cut=following is not None)


def whole_log(connection: Connection, directory: Directory, first: int, last: int) -> Iterator[records.Line]:
    """Every line of the log between two entries, for the archive: nobody's view, nothing masked or left out."""
    kept = (r for r in entries(connection, first, last) if split(r[2])[0] not in ON_WISH)
    yield from lines(kept, audience("administrator", ""), names(connection, directory))


def circular_ends_at(record: Params) -> int:
    """When the watch of a circular's row ended."""
    return int(orjson.loads(record[6])["ends_at"])


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
