"""Reading the whole journal: does the chain hold, what do the rows look like rebuilt, what promises should stand."""

from typing import Any, NamedTuple

import orjson

from dutydesk.errors import ChainBroken
from dutydesk.store import chain
from dutydesk.store.buffers import shown_row
from dutydesk.store.connection import Connection
from dutydesk.store.remaking import rebuilt_rows, redactions
from dutydesk.store.store import Head, entries, head


def verify(connection: Connection) -> Head:
    """Walk the whole chain. Returns the head; raises ChainBroken at the first entry that does not fit, or a head that does not."""
    now = head(connection)
    erased = frozenset(dict(redactions(connection, now.seq)))
    seq, found = chain.check(entries(connection, 1, now.seq), chain.GENESIS, 0, erased)
    if (seq, found) != (now.seq, now.hash):
        raise ChainBroken(f"the journal ends at {seq} but the pen says {now.seq}: entries were cut off or added")
    if connection.one("entry_hash", now.seq + 1):
        raise ChainBroken(f"there is an entry after the head {now.seq}")
    return now


class Walked(NamedTuple):
    """How far a walk along the chain came: it holds up to entry `seq`, whose hash is `hash`; the journal's head is `head`."""

    seq: int
    hash: str
    head: int


def walk(connection: Connection, after: int, hash: str | None, most: int) -> Walked:
    """Check at most `most` entries after entry `after`, whose hash was `hash` (None: from the beginning), so that a long journal is
    proved without holding anybody up. Raises ChainBroken."""
    now = head(connection)
    last = min(after + most, now.seq)
    erased = frozenset(dict(redactions(connection, now.seq)))
    seq, found = chain.check(entries(connection, after + 1, last), hash or chain.GENESIS, after, erased)
    if seq != last or (seq == now.seq and found != now.hash):
        raise ChainBroken(f"the journal ends at {seq} but the pen says {now.seq}: entries were cut off or added")
    return Walked(seq, found, now.seq)


def check_checkpoint(connection: Connection, checkpoint: dict[str, Any]) -> None:
    """Compare with a checkpoint that left the building. Raises ChainBroken when the journal was cut or rewritten."""
    row = connection.one("entry_hash", checkpoint["seq"])
    if checkpoint["seq"] and row is None:
        raise ChainBroken(
            f"the checkpoint knows entry {checkpoint['seq']}; the journal is shorter: its tail was cut off"
        )
    if row and row[0] != checkpoint["hash"]:
        raise ChainBroken(f"entry {checkpoint['seq']} is not the one the checkpoint saw: the journal was rewritten")
    told, found = checkpoint.get("sm3"), second_digest(connection, checkpoint["seq"]) if checkpoint.get("sm3") else ""
    if told and found and told != found:
        raise ChainBroken("the SM3 digest is not the one the checkpoint saw: the journal was rewritten")


def second_digest(connection: Connection, upto: int) -> str:
    """SM3 over the hashes of all entries up to `upto`; empty where the library has no SM3."""
    return chain.second_digest(entries(connection, 1, upto))


def board(connection: Connection, upto: int) -> dict[tuple[str, str], dict[str, Any]]:
    """The board as of entry `upto`, as plain values."""
    shown = (shown_row(*found) for found in rebuilt_rows(connection, upto))
    return {(r[0], r[1]): {"seq": r[2], "open": r[3], "body": orjson.loads(r[6])} for r in shown}
