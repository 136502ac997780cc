"""The hash chain: each entry's hash covers its predecessor's, its header, and digests of its two parts.

hash = sha256(previous hash, header as a JSON array ending in sha256(public) and sha256(salt ‖ private)). The private part can
be erased (salt and text) and the chain still verifies, because its digest stays.
"""

import hashlib
from collections.abc import Iterable
from hashlib import sha256

import orjson

from dutydesk.errors import ChainBroken
from dutydesk.store.connection import Params

GENESIS = "0" * 64
NO_PRIVATE = sha256(b"").hexdigest()


def private_digest(salt: str, private: str) -> str:
    """Digest of the part that may be erased; the salt keeps short texts from being guessed back."""
    return sha256(f"{salt}\n{private}".encode()).hexdigest()


def link(previous: str, header: tuple[object, ...], public: str, private: str) -> str:
    """Hash of an entry. `header` is (seq, at, stream, version, type, drill, author, input); `private` its digest."""
    body = orjson.dumps((*header, sha256(public.encode()).hexdigest(), private))
    return sha256(previous.encode() + body).hexdigest()


def second_digest(records: Iterable[Params]) -> str:
    """SM3 (GB/T 32905-2016) over all hashes in order: a second, independent digest of the chain; empty where the library has no SM3."""
    if "sm3" not in hashlib.algorithms_available:
        return ""
    digest = hashlib.new("sm3")
    for record in records:
        digest.update(str(record[12]).encode())
    return digest.hexdigest()


def check(records: Iterable[Params], previous: str, seq: int, erased: frozenset[int]) -> tuple[int, str]:
    """Walk records (rows of `entries` in order) after `seq`; returns the last seq and hash.

    Raises ChainBroken naming the first entry that does not fit. A missing private part is accepted only where `erased` names it.
    """
    for record in records:
        at_seq, at, stream, version, type_, drill, author, key, public, salt, private, digest, found = record
        if at_seq != seq + 1:
            raise ChainBroken(f"entry {seq + 1} is missing: the next one found is {at_seq}")
        if private is not None and private_digest(salt, private) != digest:
            raise ChainBroken(f"entry {at_seq}: its private part was changed")
        if private is None and digest != NO_PRIVATE and at_seq not in erased:
            raise ChainBroken(f"entry {at_seq}: its private part is gone and no entry says it was erased")
        header = (at_seq, at, stream, version, type_, drill, author, key)
        if link(previous, header, public, digest) != found:
            raise ChainBroken(f"entry {at_seq} was changed (or the one before it)")
        seq, previous = at_seq, found
    return seq, previous
