"""Writes a sample for every event type that has none: `python -m tests.golden.sample`. Samples that exist are never touched."""

import types
import typing
from enum import Enum
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel

from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.rules import Policy, Rules
from tests.kit import LADDER, rules

SAMPLES = Path(__file__).parent / "events"
INSTANT = 1_795_406_400_000_000


def fill(wanted: Any, name: str = "") -> Any:
    """A telling value of a type: nothing left at its default."""
    origin, parts = typing.get_origin(wanted), typing.get_args(wanted)
    if wanted in (Rules, Policy):
        return (rules() if wanted is Rules else LADDER).model_dump(mode="json")
    if origin is typing.Literal:
        return parts[0]
    if origin in (typing.Union, types.UnionType):
        return fill(next(part for part in parts if part is not type(None)), name)
    if origin is typing.Annotated:
        return fill(parts[0], name)
    if origin is tuple:
        return [fill(part, name) for part in parts if part is not Ellipsis]
    if origin is dict:
        return {"deaths": fill(parts[1], name)}
    return _plain(wanted, name)


def _plain(wanted: Any, name: str) -> Any:
    if issubclass(wanted, Enum):
        return next(iter(wanted)).value
    if issubclass(wanted, BaseModel):
        return {field: fill(info.annotation, field) for field, info in wanted.model_fields.items()}
    instant = name.endswith(("at", "_by", "until")) and name != "late_by"
    return {bool: True, int: INSTANT if instant else 7, float: 0.9, str: f"{name}-1"}[wanted]


def main() -> None:
    for kind, book in catalogue.items():
        for name, event_type in book.types.items():
            path = SAMPLES / f"{kind}.{name}.json"
            if not path.exists():
                event = event_type.model_validate(fill(event_type))
                told = orjson.loads(event.model_dump_json())
                path.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")


if __name__ == "__main__":
    main()
