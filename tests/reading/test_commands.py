"""`dutydesk read` and `dutydesk cluster` as pure functions over lines."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from dutydesk.reading.commands import run_cluster, run_read

LINE = {"id": "1", "text": "21日14时48分胶州市某化工厂爆炸,3人死亡,十余人受伤", "reference_time": "2026-11-21T15:00:00"}
KEYS = {
    "id", "is_emergency", "is_drill", "category", "code", "subtype", "kind", "occurred_at", "as_of", "place_text", "county", "deaths",
    "injured", "seriously_injured", "missing", "trapped", "evacuated", "affected", "direct_loss_cny", "level", "spans", "unknown", "vague",
}  # fmt: skip


def read_lines(*lines: object) -> list[dict[str, Any]]:
    out = io.StringIO()
    run_read([line if isinstance(line, str) else json.dumps(line) for line in lines], out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_record_has_the_fields_that_outsiders_rely_on() -> None:
    (record,) = read_lines(LINE)
    assert set(record) >= KEYS
    assert (record["deaths"], record["injured"], record["missing"]) == (3, {"min": 10}, None)
    assert record["occurred_at"] == "2026-11-21T14:48+08:00"
    assert record["spans"]["deaths"] == [[19, 23]]


@pytest.mark.parametrize(
    "reference", ["2026-11-21", "2026-11-21T15:00:00", "2026-11-21T15:00:00+08:00", "2026-11-21T07:00:00Z"]
)
def test_every_form_of_the_reference_time(reference: str) -> None:
    (record,) = read_lines({**LINE, "reference_time": reference})
    assert record["occurred_at"] == "2026-11-21T14:48+08:00"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "3",
        "null",
        '{"id": "x"}',
        '{"text": "a", "reference_time": "2026-11-21"}',
        '{"id": "x", "text": "a"}',
        '{"id":"x","text":"a","reference_time":"x"}',
        "[" * 100_000,
    ],
)
def test_a_bad_line_is_an_error_and_the_next_is_read(line: str) -> None:
    bad, good = read_lines(line, LINE)
    assert "error" in bad
    assert good["deaths"] == 3


def test_blank_lines_are_passed_over() -> None:
    assert read_lines("", "  \n") == []


def test_half_a_character_does_not_end_the_run() -> None:
    first, second = read_lines('{"id": "\\ud83d", "text": "\\ud83d着火", "reference_time": "2026-11-21"}', LINE)
    assert first["id"] == "\ud83d"
    assert second["deaths"] == 3


def test_cluster_adds_the_incident() -> None:
    out = io.StringIO()
    later = {**LINE, "id": "2", "text": "续报:胶州市某化工厂爆炸死亡5人", "reference_time": "2026-11-21T17:00:00"}
    other = {**LINE, "id": "3", "text": "21日16时平度市南村镇民房着火", "reference_time": "2026-11-21T17:10:00"}
    run_cluster([json.dumps(line) for line in (LINE, later, other)], out)
    records = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [r["incident"] for r in records] == ["1", "1", "3"]
    assert all(r["why"] for r in records)


def test_reading_starts_without_the_rules_and_the_rosters() -> None:
    """`dutydesk read` is started for a handful of texts: what only the running desk needs is not loaded."""
    code = "import sys, dutydesk.cli.reading; print([m for m in ('apscheduler', 'dutydesk.domain.rules', 'openpyxl') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == "[]"
