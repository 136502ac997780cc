"""Floors of accuracy on the labelled texts: two thirds that may be looked at, one third that is only counted."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dutydesk.reading import Gazetteer, load_levels

ROOT = Path(__file__).resolve().parents[2]
SEEN = {
    "is_emergency": 0.97, "is_drill": 0.99, "category": 0.94, "kind": 0.95, "occurred_at": 0.96, "place_text": 0.93, "county": 0.95,
    "deaths": 0.97, "injured": 0.93, "seriously_injured": 0.97, "missing": 0.98, "trapped": 0.95, "evacuated": 0.97, "level": 0.96,
}  # fmt: skip
HELD_OUT = {
    "is_emergency": 0.91, "is_drill": 0.98, "category": 0.83, "kind": 0.83, "occurred_at": 0.91, "place_text": 0.85, "county": 0.90,
    "deaths": 0.95, "injured": 0.90, "seriously_injured": 0.95, "missing": 0.97, "trapped": 0.94, "evacuated": 0.97, "level": 0.93,
}  # fmt: skip


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_reading", ROOT / "scripts" / "bench_reading.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows(bench: ModuleType) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bench.load(ROOT / "tests" / "reading" / "corpus" / "texts.jsonl")
    return found


@pytest.mark.parametrize(("held_out", "floors"), [(False, SEEN), (True, HELD_OUT)], ids=["seen", "held out"])
def test_accuracy_of_each_field(
    bench: ModuleType, rows: list[dict[str, Any]], held_out: bool, floors: dict[str, float]
) -> None:
    part = [row for row in rows if bench.held_out(row["id"]) is held_out]
    score = bench.score(part, load_levels(ROOT / "config" / "levels.toml"), Gazetteer.national(home="370200"))
    below = {name: round(score.rate(name), 3) for name, floor in floors.items() if score.rate(name) < floor}
    assert not below
    assert score.invented_rate <= 0.015


def test_no_two_incidents_are_merged(bench: ModuleType, rows: list[dict[str, Any]]) -> None:
    pairs, wrong, _ = bench.clusters(rows)
    assert len(wrong) <= 1
    assert pairs.f1 >= 0.80


def test_the_corpus_is_large_enough(rows: list[dict[str, Any]]) -> None:
    assert len(rows) >= 300
