"""Reads from the journal how contacts' numbers and pairs stood at the end of a period, for its circular."""

from collections.abc import Iterator
from typing import Any

import orjson

from dutydesk.clock import DAY
from dutydesk.domain.coverage_figures import Known, PairThen, Proof, pair_then
from dutydesk.store.connection import Connection
from dutydesk.store.entries import decode
from dutydesk.store.journal import seq_at, typed, whole
from dutydesk.store.store import head


def known(connection: Connection, at: int, last: int, proving_days: int) -> Known:
    """Proofs no older than they hold, pairs up to entry `last`, and what listed each unit and contact, drills left out."""
    proofs = dict(_proofs(connection, seq_at(connection, at - proving_days * DAY), last))
    return Known(proofs, dict(_pairs(connection, last)), dict(_listed(connection)))


def _proofs(connection: Connection, first: int, last: int) -> Iterator[tuple[str, Proof]]:
    for record in whole(connection, "ContactProven", first, last):
        said: dict[str, Any] = orjson.loads(record[8]) | orjson.loads(record[10] or "{}")
        if not record[5] and "number" in said:
            yield said["contact"], Proof(said["at"], said["number"], record[0])


def _pairs(connection: Connection, last: int) -> Iterator[tuple[str, PairThen]]:
    for row in connection.all("rows_of_kind", "pair"):
        if row[4]:
            continue
        entries = map(decode, connection.all("entries_of", f"pair/{row[1]}", 0))
        if found := pair_then(row[1], ((entry.seq, entry.event) for entry in entries if entry.seq <= last)):
            yield row[1], found


def _listed(connection: Connection) -> Iterator[tuple[str, int]]:
    for type_ in ("UnitListed", "ContactListed"):
        for seq, _at, stream, _drill, _public in typed(connection, type_, 1, head(connection).seq):
            yield stream, seq
