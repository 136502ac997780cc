"""`dutydesk read` and `dutydesk cluster`: JSON Lines in, JSON Lines out. Needs neither database nor clock.

A line that is no JSON object, or lacks a text, becomes an object with `error`; it must never end the run.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TextIO

from dutydesk.clock import BEIJING
from dutydesk.domain.readings import FIGURES, Reading
from dutydesk.errors import Invalid
from dutydesk.reading.cluster import Clusterer
from dutydesk.reading.gazetteer import Gazetteer
from dutydesk.reading.levels import LevelTable
from dutydesk.reading.reader import figure_as_json, read

_PLAIN = (
    "is_emergency", "is_drill", "category", "code", "subtype", "kind", "occurred_at", "as_of", "place_text", "county", "level",
    "nature", "other_codes", "occurred_precision", "reported_at", "correction", "cut_off", "unknown", "vague", "spans",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of input: its id, its text, and when it was received (a bare date: some time on that day)."""

    id: str
    text: str
    reference: datetime | date


def parse_line(line: str) -> Line:
    """One JSON object with `id`, `text`, `reference_time`. Raises Invalid with what is wrong."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise Invalid(f"not JSON: {problem}") from problem
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise Invalid("an object with a string `text` is wanted")
    if "id" not in row:
        raise Invalid("`id` is missing")
    return Line(str(row["id"]), row["text"], parse_reference(row.get("reference_time")))


def parse_reference(value: object) -> datetime | date:
    """ISO 8601, Asia/Shanghai when it has no offset; a bare date is allowed. Raises Invalid."""
    if not isinstance(value, str):
        raise Invalid("`reference_time` must be ISO 8601")
    try:
        if len(value.strip()) <= 10:
            return date.fromisoformat(value.strip())
        moment = datetime.fromisoformat(value.strip())
    except ValueError as problem:
        raise Invalid(f"`reference_time`: {problem}") from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def as_record(name: str, reading: Reading) -> dict[str, Any]:
    """A reading as the JSON object of `dutydesk read`; of a text that is neither emergency nor drill only its nature."""
    if not (reading.is_emergency or reading.is_drill):
        reading = Reading(nature=reading.nature, correction=reading.correction, cut_off=reading.cut_off)
    plain = reading.model_dump(include=set(_PLAIN), mode="json")
    return {
        "id": name,
        **{key: plain[key] for key in _PLAIN[:10]},
        **{f: figure_as_json(getattr(reading, f)) for f in FIGURES},
        **{key: plain[key] for key in _PLAIN[10:]},
    }


def _records(
    lines: Iterable[str], clusterer: Clusterer | None, gazetteer: Gazetteer | None, levels: LevelTable | None
) -> Iterable[dict[str, Any]]:
    for line in lines:
        if not line.strip():
            continue
        try:
            yield _record(parse_line(line), clusterer, gazetteer, levels)
        except Invalid as problem:
            yield {"id": _id_of(line), "error": str(problem)}


def _record(
    line: Line, clusterer: Clusterer | None, gazetteer: Gazetteer | None, levels: LevelTable | None
) -> dict[str, Any]:
    reading = read(line.text, line.reference, gazetteer, levels)
    record = as_record(line.id, reading)
    if clusterer is None:
        return record
    proposal = clusterer.add(line.id, line.text, line.reference, reading)
    record["incident"] = proposal.incident
    if proposal.maybe is not None:
        record["maybe"] = proposal.maybe
    return {**record, "why": proposal.why}


def _id_of(line: str) -> str | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return str(row["id"]) if isinstance(row, dict) and "id" in row else None


def _line(record: dict[str, Any]) -> str:
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return line if _encodes(line) else json.dumps(record, separators=(",", ":"))


def _encodes(line: str) -> bool:
    """Half a surrogate pair cannot be written as UTF-8; escaped it can."""
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


def _run(stdout: TextIO, records: Iterable[dict[str, Any]]) -> None:
    for record in records:
        stdout.write(_line(record) + "\n")
        stdout.flush()


def run_read(
    stdin: Iterable[str], stdout: TextIO, gazetteer: Gazetteer | None = None, levels: LevelTable | None = None
) -> None:
    """`dutydesk read`: one reading a line."""
    _run(stdout, _records(stdin, None, gazetteer, levels))


def run_cluster(
    stdin: Iterable[str], stdout: TextIO, gazetteer: Gazetteer | None = None, levels: LevelTable | None = None
) -> None:
    """`dutydesk cluster`: one reading a line with the incident that it belongs to."""
    _run(stdout, _records(stdin, Clusterer(), gazetteer, levels))


def cluster_records(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records of `dutydesk cluster` for objects already parsed."""
    return list(_records((json.dumps(row) for row in rows), Clusterer(), None, None))
