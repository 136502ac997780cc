"""The package for the archive: a zip of entries, attachments and documents with a manifest of digests, verifiable without the desk.

The entries are raw, so the hash chain of the period can be walked again by anybody; the manifest names the hash before the first one and
the journal's head, and what was erased by which entry.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import orjson

from dutydesk.errors import ChainBroken, Invalid, Refused
from dutydesk.store import chain
from dutydesk.store.connection import Connection, Params
from dutydesk.store.journal import seq_at
from dutydesk.store.store import entries, head

FORMAT = "dutydesk-archive-1"
MANIFEST, ENTRIES = "manifest.json", "entries.jsonl"
DIGESTS = tuple(name for name in ("sha256", "sm3") if name in hashlib.algorithms_available)
_STEP = 1 << 16
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


class Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


def pack(
    connection: Connection, file: Path, period: tuple[int, int], documents: Iterable[tuple[str, bytes]]
) -> dict[str, Any]:
    """Write a package of the entries made between two instants into an empty file. Returns its manifest.

    Raises Refused when there are no entries.
    """
    first, last = seq_at(connection, period[0]), seq_at(connection, period[1]) - 1
    if last < first:
        raise Refused("这段时间没有日志")
    before = connection.one("entry_hash", first - 1)
    now = head(connection)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "from": period[0],
        "to": period[1],
        "first": first,
        "last": last,
        "previous": before[0] if before else chain.GENESIS,
        "head": {"seq": now.seq, "hash": now.hash, "at": now.at},
        "erased": sorted(_erased(connection, now.seq, first, last)),
        "files": [],
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        wanted = set[str]()
        manifest["files"].append(_write(made, ENTRIES, _lines(connection, first, last, wanted)))
        for name, data in (*_attachments(connection, sorted(wanted)), *documents):
            manifest["files"].append(_write(made, name, [data]))
        made.writestr(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return manifest


def _lines(connection: Connection, first: int, last: int, attachments: set[str]) -> Iterator[bytes]:
    """The entries as lines; on the way every digest they name that may be an attachment's: of messages, reports, appeals, papers."""
    for record in entries(connection, first, last):
        for part in (record[8], record[10]):
            attachments.update(_DIGEST.findall(part or ""))
        yield orjson.dumps(list(record)) + b"\n"


def _attachments(connection: Connection, digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for digest in digests:
        found = connection.one("blob", digest)
        if found:
            yield f"attachments/{digest}", bytes(found[1])


def _erased(connection: Connection, head_seq: int, first: int, last: int) -> Iterator[int]:
    for record in connection.all("entries_typed", "Redacted", first, head_seq):
        seq = int(orjson.loads(record[8])["seq"])
        if first <= seq <= last:
            yield seq


def _write(made: zipfile.ZipFile, name: str, parts: Iterable[bytes]) -> dict[str, Any]:
    hashes = {kind: hashlib.new(kind) for kind in DIGESTS}
    size = 0
    with made.open(name, "w", force_zip64=True) as into:
        for part in parts:
            into.write(part)
            size += len(part)
            for one in hashes.values():
                one.update(part)
    return {"name": name, "bytes": size} | {kind: one.hexdigest() for kind, one in hashes.items()}


def digest(file: Path, kind: str) -> str:
    """The digest of a whole package, to be kept beside it on paper."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, lambda: hashlib.new(kind)).hexdigest()


def check(file: Path) -> dict[str, Any]:
    """Verify a package: every file against its digests, the entries against their chain. Returns the manifest.

    Raises Invalid when it is no package, ChainBroken naming the first thing that does not fit.
    """
    try:
        with zipfile.ZipFile(file) as package:
            return _check(package)
    except (zipfile.BadZipFile, KeyError, orjson.JSONDecodeError) as error:
        raise Invalid(f"{file} 不是完整的归档包:{error}") from None


def _check(package: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = orjson.loads(package.read(MANIFEST))
    if manifest.get("format") != FORMAT:
        raise Invalid("这个归档包的格式本程序不认识")
    listed = [one["name"] for one in manifest["files"]]
    if sorted([*listed, MANIFEST]) != sorted(package.namelist()):
        raise ChainBroken("the package holds other files than its manifest lists")
    for one in manifest["files"]:
        for kind in (kind for kind in DIGESTS if kind in one):
            if _digest(package, one["name"], hashlib.new(kind)) != one[kind]:
                raise ChainBroken(f"{one['name']} was changed: its {kind} is another")
    seq, found = chain.check(
        _records(package), manifest["previous"], manifest["first"] - 1, frozenset(manifest["erased"])
    )
    if seq != manifest["last"]:
        raise ChainBroken(f"the entries end at {seq}, the manifest says {manifest['last']}")
    if seq == manifest["head"]["seq"] and found != manifest["head"]["hash"]:
        raise ChainBroken("the last entry is not the head that the manifest names")
    return manifest


def _digest(package: zipfile.ZipFile, name: str, into: Hash) -> str:
    with package.open(name) as source:
        while part := source.read(_STEP):
            into.update(part)
    return into.hexdigest()


def _records(package: zipfile.ZipFile) -> Iterator[Params]:
    with package.open(ENTRIES) as source:
        for line in source:
            yield tuple(orjson.loads(line))
