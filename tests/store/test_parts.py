"""The two written parts of an event say what pydantic would write."""

import orjson

from dutydesk.domain.catalogue import catalogue
from dutydesk.store.entries import encode, salts
from tests.golden.test_events import TYPES, sample


def test_both_parts_are_what_pydantic_writes() -> None:
    for kind, name in TYPES:
        event = catalogue[kind].types[name].model_validate(sample(kind, name))
        parts, hidden = encode(event, salts()), set(event.private)
        assert orjson.loads(parts.public) == orjson.loads(event.model_dump_json(exclude=hidden)), name
        assert orjson.loads(parts.private or "{}") == orjson.loads(event.model_dump_json(include=hidden)), name
