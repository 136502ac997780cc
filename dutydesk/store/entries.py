"""Entries as values, and their two written parts: public JSON and private JSON."""

import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson
from pydantic import BaseModel

from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.verbs import ERASED, Event, split
from dutydesk.store.chain import NO_PRIVATE, private_digest
from dutydesk.store.connection import Params


class Entry(NamedTuple):
    """One line of the journal. `at` is microseconds UTC; order is `seq`."""

    seq: int
    at: int
    stream: str
    version: int
    type: str
    drill: bool
    author: str
    input: str
    event: Event
    hash: str


class Parts(NamedTuple):
    """An event as it is stored."""

    public: str
    salt: str | None
    private: str | None
    digest: str


def salts() -> Iterator[str]:
    """Fresh salts, sixty-four to a question to the kernel: each one gives the interpreter lock away."""
    while True:
        drawn = secrets.token_hex(64 * 16)
        yield from (drawn[start : start + 32] for start in range(0, len(drawn), 32))


def encode(event: Event, fresh: Iterator[str]) -> Parts:
    """The event's two parts. The salt is a fresh one, so the same event twice has two digests."""
    hidden, fields = event.private, vars(event)
    if not hidden:
        return Parts(_json(fields), None, None, NO_PRIVATE)
    shown = fields.copy()
    private = _json({name: shown.pop(name) for name in fields if name in hidden})
    salt = next(fresh)
    return Parts(_json(shown), salt, private, private_digest(salt, private))


def _json(fields: dict[str, Any]) -> str:
    """As pydantic writes it, in half its time: it walks a model's whole schema for each of the two parts."""
    return orjson.dumps(fields, default=_plain).decode()


_written: tuple[BaseModel | None, orjson.Fragment] = (None, orjson.Fragment(b""))


def _plain(value: Any) -> Any:
    """A value inside an event. The last one is kept: a reading goes from the message into its incident, and is written once."""
    global _written
    if not isinstance(value, BaseModel):
        raise TypeError(f"{type(value).__name__} cannot be written")
    last, text = _written
    if last is not value:
        text = orjson.Fragment(value.model_dump_json())
        _written = (value, text)
    return text


def decode(record: Params) -> Entry:
    """A row of `entries` as an entry; where the private part was erased its fields say so."""
    seq, at, stream, version, type_, drill, author, key, public, _salt, private, digest, found = record
    event_type = catalogue[split(stream)[0]].types[type_]
    fields: dict[str, Any] = orjson.loads(public)
    if private is not None:
        fields |= orjson.loads(private)
    elif digest != NO_PRIVATE:
        fields |= _blanks(event_type)
    event = event_type.model_validate(fields)
    return Entry(seq, at, stream, version, type_, bool(drill), author, key, event, found)


def _blanks(event_type: type[Event]) -> dict[str, Any]:
    fields = event_type.model_fields
    return {name: ERASED for name in event_type.private if fields[name].is_required()}
