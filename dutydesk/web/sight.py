"""What a person may see of the journal: rows and entries by their place, as text. Runs in a reader's thread; writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from dutydesk.domain.verbs import split
from dutydesk.store.chain import NO_PRIVATE
from dutydesk.store.connection import Connection, Params
from dutydesk.store.entries import decode
from dutydesk.store.past import row_then
from dutydesk.web.frames import ON_WISH, PLACED, ROW_LIMIT, Audience, masked_json, row_text, shortened

LATEST = 2**62  # as everything stands now
MOST_ABOUT = 500  # messages, pages and deliveries of one incident that its timeline takes in


@dataclass(frozen=True, slots=True)
class Seen:
    """One row, with where it lies and all entries of its stream."""

    kind: str
    id: str
    record: Params
    entries: list[Params]
    upto: int = LATEST

    def text(self, whom: Audience) -> str:
        return row_text(self.record, hide=whom.masked, whole=True)


def see(connection: Connection, whom: Audience, kind: str, id: str, upto: int = LATEST) -> Seen | None:
    """A row, if it is there and this audience may see it; with `upto`, as it stood at that entry."""
    if kind not in whom.kinds or not id.isprintable():
        return None
    found = connection.one("row", kind, id)
    if found is None:
        return None
    entries = connection.all("entries_of", f"{kind}/{id}", 0)
    if whom.division and not lies_within(connection, whom.division, f"{kind}/{id}"):
        return None
    _, _, open_, drill, body = found
    if upto == LATEST:
        return Seen(kind, id, (kind, id, entries[-1][0], open_, drill, _division(entries[0][8]), body), entries)
    record = row_then(connection, kind, id, upto)
    return Seen(kind, id, record, [entry for entry in entries if entry[0] <= upto], upto) if record else None


def lies_within(connection: Connection, prefix: str, stream: str) -> bool:
    """Whether a stream lies in a division; one that has no place of its own does, a delivery lies where its cause does."""
    kind, id = split(stream)
    if kind == "delivery":
        row = connection.one("row", kind, id)
        about = orjson.loads(row[4])["about"] if row else ""
        return split(about)[0] in PLACED and lies_within(connection, prefix, about)
    if kind not in PLACED:
        return True
    first = connection.one("entry_versioned", stream, 1)
    return first is not None and _division(first[4]).startswith(prefix)


def _division(public: str) -> str:
    """Where a stream lies is said once, in its first entry, and never changes."""
    return str(orjson.loads(public).get("division", ""))


def timeline(connection: Connection, seen: Seen, whom: Audience) -> str:
    """Entries of a row's stream, for an incident with those of its messages, pages and their deliveries, as a JSON array by seq."""
    return entries_text(entries_about(connection, seen, whom), whom)


def entries_about(connection: Connection, seen: Seen, whom: Audience) -> list[Params]:
    """The same as raw entries."""
    records = list(seen.entries)
    for stream in _streams_about(connection, seen):
        if split(stream)[0] in whom.kinds:
            records += [entry for entry in connection.all("entries_of", stream, 0) if entry[0] <= seen.upto]
    return sorted(records, key=lambda record: int(record[0]))


def _streams_about(connection: Connection, seen: Seen) -> Iterable[str]:
    stream = f"{seen.kind}/{seen.id}"
    direct = [f"{kind}/{id}" for kind, id in _about(connection, stream)]
    if seen.kind == "incident":
        direct += [f"message/{id}" for id in orjson.loads(seen.record[6])["messages"]]
    found = dict.fromkeys(direct)
    for other in list(found):
        found.update(dict.fromkeys(f"{kind}/{id}" for kind, id in _about(connection, other) if kind == "delivery"))
    return [other for other in found if other != stream][:MOST_ABOUT]


def clocks(connection: Connection, seen: Seen, whom: Audience) -> list[str]:
    """The legal clocks of an incident as row texts, ended ones too: a fresh board leaves those out."""
    about = _about(connection, f"{seen.kind}/{seen.id}") if seen.kind == "incident" else []
    found = (see(connection, whom, kind, id, seen.upto) for kind, id in about if kind == "obligation")
    return [one.text(whom) for one in found if one]


def questions(connection: Connection, seen: Seen, whom: Audience) -> list[str]:
    """What was asked about an incident, a message or in a dispatch, as row texts, ended ones too."""
    asked = seen.kind in ("incident", "message", "dispatch")
    about = _about(connection, f"{seen.kind}/{seen.id}") if asked else []
    found = (see(connection, whom, kind, id, seen.upto) for kind, id in about if kind == "verification")
    return [one.text(whom) for one in found if one]


def _about(connection: Connection, stream: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in connection.all("rows_by_ref", "about", stream, MOST_ABOUT)]


def entries_text(records: Iterable[Params], whom: Audience) -> str:
    """Entries as a JSON array."""
    return "[" + ",".join(entry_text(record, whom.masked) for record in records) + "]"


def entry_text(record: Params, hide: bool, *, whole: bool = True) -> str:
    """One entry as JSON text: its two stored parts spliced, the erased part as it decodes. Not `whole`: a very long one is shortened."""
    seq, at, stream, _version, type_, drill, author, *_ = record
    body = body_of(record)
    if not whole and len(body) > ROW_LIMIT:
        body = shortened(body)
    head = orjson.dumps({"seq": seq, "at": at, "stream": stream, "type": type_, "by": author, "drill": bool(drill)})
    return f'{head.decode()[:-1]},"body":{masked_json(body) if hide else body}}}'


def body_of(record: Params) -> str:
    """An entry's body as JSON text, its two stored parts spliced, the erased part as it decodes."""
    public, private, digest = record[8], record[10], record[11]
    if private is None:
        return str(public) if digest == NO_PRIVATE else decode(record).event.model_dump_json()
    if public == "{}" or private == "{}":
        return str(private if public == "{}" else public)
    return f"{public[:-1]},{private[1:]}"


def some_entries(connection: Connection, seqs: Iterable[int], whom: Audience) -> str:
    """Chosen entries as a JSON array; what this audience may not see is left out."""
    wanted = list(dict.fromkeys(seqs))
    known = {record[0]: record for record in connection.among("entry_numbered", [(seq,) for seq in wanted])}
    found = (known[seq] for seq in wanted if seq in known)
    return entries_text([r for r in found if may_read(connection, whom, r[2])], whom)


def may_read(connection: Connection, whom: Audience, stream: str) -> bool:
    """Whether this audience may read the entries of a stream."""
    kind = split(stream)[0]
    if kind in ON_WISH:
        return not whom.division and "user" in whom.kinds
    if kind not in whom.kinds:
        return False
    return not whom.division or lies_within(connection, whom.division, stream)


def older(connection: Connection, whom: Audience, kind: str, before: int, limit: int) -> tuple[list[str], int | None]:
    """Rows of a kind before a seq, newest first, closed ones too, and where to go on (None: nowhere)."""
    found: list[str] = []
    while len(found) < limit:
        records = connection.all("rows_page", kind, before, limit)
        found += [row_text(r, hide=whom.masked) for r in records if whom.sees(kind, r[5])]
        if len(records) < limit:
            return found, None
        before = int(records[-1][2])
    return found, before
