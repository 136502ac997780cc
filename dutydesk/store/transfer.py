"""The journal out as JSON Lines and in again: the same text on both engines, the chain intact. Rows are made anew on the way in."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from dutydesk.errors import Invalid, Refused
from dutydesk.store.connection import Connection
from dutydesk.store.remaking import rebuild
from dutydesk.store.store import SCHEMA, head
from dutydesk.store.verify import verify

BLOBS = "blobs"  # attachments travel as base64, and one at a time: together they are larger than any memory
# table → the query that reads it whole, the query that writes one row
_TABLES = {
    "inputs": ("dump_inputs", "add_input"),
    "timers": ("dump_timers", "load_timer"),
    "outbox": ("dump_outbox", "load_outbox"),
    "counters": ("dump_counters", "put_counter"),
    "credentials": ("dump_credentials", "load_credential"),
    "factors": ("dump_factors", "add_factor"),
    "reads": ("dump_reads", "add_read"),
    "tokens": ("dump_tokens", "put_token"),
    "callbacks": ("dump_callbacks", "put_callback"),
}
FORMAT = "dutydesk-journal-1"
END = b'["end"]'  # a file that was cut off would load with promises missing


def export(connection: Connection) -> Iterator[bytes]:
    """Lines of a whole store: a header with the head, every entry, then what stands beside it. Sessions and drafts stay behind."""
    now = head(connection)
    place = {"seq": now.seq, "hash": now.hash, "at": now.at, "policy": now.policy}
    yield orjson.dumps({"format": FORMAT, "schema": now.schema, **place})
    for first in range(1, now.seq + 1, 5_000):
        for record in connection.all("entries_between", first, min(first + 4_999, now.seq)):
            yield orjson.dumps(["entries", *record])
    for (digest,) in connection.all("blob_digests"):
        ((media_type, content),) = connection.all("blob", digest)
        yield orjson.dumps([BLOBS, digest, media_type, base64.b64encode(content).decode()])
    for table, (dump, _load) in _TABLES.items():
        for row in connection.all(dump):
            yield orjson.dumps([table, *row])
    yield END


def load(connection: Connection, lines: Iterable[bytes]) -> int:
    """Fill an empty store from exported lines. Returns the head's seq. Raises Refused when not empty, ChainBroken when tampered with."""
    source = iter(lines)
    header = _header(next(source, b""))
    if head(connection).seq:
        raise Refused("目标数据库不是空的,不能导入")
    connection.begin()
    try:
        _fill(connection, source)
        connection.run("move_pen", header["seq"], header["hash"], header.get("at", 0), header["policy"])
        verify(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    rebuild(connection)
    return int(header["seq"])


def _header(line: bytes) -> dict[str, Any]:
    try:
        header: dict[str, Any] = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Invalid("这不是 dutydesk export 导出的文件") from None
    if header.get("format") != FORMAT or header["schema"] > SCHEMA:
        raise Invalid("这个导出文件的格式本程序不认识")
    return header


def _fill(connection: Connection, source: Iterator[bytes]) -> None:
    batches: dict[str, list[tuple[Any, ...]]] = {}
    line = b""
    for line in source:
        if line.strip() == END:
            break
        table, *row = _line(line)
        if table == BLOBS:
            digest, media_type, content = row
            connection.run("put_blob", digest, media_type, base64.b64decode(content))
            continue
        batch = batches.setdefault(table, [])
        batch.append(tuple(row))
        if len(batch) == 2_000:
            _put(connection, table, batch)
    if line.strip() != END:
        raise Invalid("这个导出文件不完整:末尾被截断了")
    for table, batch in batches.items():
        _put(connection, table, batch)


def _line(line: bytes) -> list[Any]:
    try:
        found: list[Any] = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Invalid("导出文件里有一行读不懂:文件可能被截断或改动") from None
    return found


def _put(connection: Connection, table: str, batch: list[tuple[Any, ...]]) -> None:
    if table != "entries" and table not in _TABLES:
        raise Invalid(f"导出文件里有不认识的表 {table}")
    if batch:
        connection.many("add_entry" if table == "entries" else _TABLES[table][1], batch)
        batch.clear()
