"""An event is for ever: a stored sample of every type must load as long as there is a desk, and say the same when written again.

A new field of an event needs a default, so an old sample goes on loading. A sample is added, never changed.
"""

from pathlib import Path
from typing import Any

import orjson
import pytest

from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.verbs import ERASED
from dutydesk.store.entries import decode, encode, salts

SAMPLES = Path(__file__).parent / "events"
TYPES = [(kind, name) for kind, book in catalogue.items() for name in book.types]


def sample(kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((SAMPLES / f"{kind}.{name}.json").read_bytes())
    return found


def test_every_event_type_has_a_sample_and_no_sample_lost_its_type() -> None:
    assert {p.name for p in SAMPLES.glob("*.json")} == {f"{kind}.{name}.json" for kind, name in TYPES}


@pytest.mark.parametrize(("kind", "name"), TYPES)
def test_a_sample_loads_and_is_written_again_as_it_was(kind: str, name: str) -> None:
    told = sample(kind, name)
    event = catalogue[kind].types[name].model_validate(told)
    assert _holds(orjson.loads(event.model_dump_json()), told)


@pytest.mark.parametrize(("kind", "name"), TYPES)
def test_a_stored_row_of_it_decodes_also_after_erasure(kind: str, name: str) -> None:
    event = catalogue[kind].types[name].model_validate(sample(kind, name))
    parts = encode(event, salts())
    row = (1, 5, f"{kind}/x", 1, name, 0, "by", "key", parts.public, parts.salt, parts.private, parts.digest, "h")
    assert decode(row).event == event
    assert all(f'"{field}":' not in parts.public for field in event.private)
    if event.private:
        erased = decode((*row[:9], None, None, *row[11:])).event
        for field in event.private:
            assert getattr(erased, field) in (ERASED, type(event).model_fields[field].get_default())


def _holds(written: Any, told: Any) -> bool:
    """Whether all that was told stands in what is written; fields that are newer than the sample are let pass."""
    if isinstance(told, dict):
        return isinstance(written, dict) and all(k in written and _holds(written[k], v) for k, v in told.items())
    if isinstance(told, list):
        return isinstance(written, list) and len(written) == len(told) and all(map(_holds, written, told))
    return bool(written == told)
