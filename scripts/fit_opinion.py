#!/usr/bin/env python3
"""Fits the weights of `dutydesk/reading/opinion.py` on the labelled texts for work, and writes `data/opinion.csv`.

Two linear models over characters and pairs of them: report or not (all texts), and the class of those that are one.
Full-batch gradient descent with steps of its own for every weight (Adagrad) and a ridge; no chance in it: the same texts
give the same file. Never sees a held-out or kept text. `--test FILE` says how often it is right on another file.
"""

import argparse
import json
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bench_reading import held_out, load

from dutydesk.reading.opinion import CLASSES, grams, opinion
from dutydesk.reading.text import prepare

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "reading" / "corpus"
TABLE = ROOT / "dutydesk" / "reading" / "data" / "opinion.csv"
SPLIT = ("texts", "field", "public", "fresh", "wide")
WHOLE = ("more", "growth", "probe")
LEAST = 2  # texts in which a gram must stand
RIDGE = {"report": 3.0, "class": 3.0}
STEPS, STEP = 160, 0.3

Rows = list[tuple[set[str], int]]


def working_texts() -> list[dict[str, Any]]:
    """Every labelled text that may be looked at."""
    rows = [row for name in SPLIT for row in load(CORPUS / f"{name}.jsonl") if not held_out(row["id"])]
    return rows + [row for name in WHOLE for row in load(CORPUS / f"{name}.jsonl")]


def fit(rows: Rows, classes: int, ridge: float) -> list[dict[str, float]]:
    """Weights of each class by gram; "" is the intercept, which no ridge holds down."""
    weights: list[dict[str, float]] = [{} for _ in range(classes)]
    seen: list[dict[str, float]] = [{} for _ in range(classes)]
    for _ in range(STEPS):
        slopes = [{gram: ridge * value for gram, value in own.items() if gram} for own in weights]
        for words, label in rows:
            odds = [sum(own.get(gram, 0.0) for gram in words) for own in weights]
            most = max(odds)
            chances = [math.exp(one - most) for one in odds]
            total = sum(chances)
            for place, slope in enumerate(slopes):
                pull = chances[place] / total - (place == label)
                if abs(pull) > 1e-4:
                    for gram in words:
                        slope[gram] = slope.get(gram, 0.0) + pull
        for own, past, slope in zip(weights, seen, slopes, strict=True):
            for gram, value in slope.items():
                past[gram] = past.get(gram, 0.0) + value * value
                own[gram] = own.get(gram, 0.0) - STEP * value / math.sqrt(past[gram] + 1e-9)
    return weights


def prepared(rows: list[dict[str, Any]], labels: list[int]) -> Rows:
    found = [grams(prepare(row["text"]).plain) for row in rows]
    common = {gram for gram, n in Counter(gram for words in found for gram in words).items() if n >= LEAST}
    return [((words & common) | {""}, label) for words, label in zip(found, labels, strict=True)]


def write(report: dict[str, float], classes: list[dict[str, float]]) -> int:
    names = sorted({*report, *(gram for own in classes for gram in own)})
    lines = []
    for gram in names:
        row = [round(100 * own.get(gram, 0.0)) for own in (report, *classes)]
        if gram == "" or max(map(abs, row)) >= 2:
            lines.append(f"{gram},{','.join(map(str, row))}")
    TABLE.write_text("\n".join(["gram,report,natural,accident,health,security", *lines]) + "\n", encoding="utf-8")
    return len(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", type=Path, help="labelled texts, JSON Lines; nothing is fitted")
    options = parser.parse_args()
    if options.test:
        rows = [json.loads(line) for line in options.test.read_text(encoding="utf-8").splitlines()]
        rows = [row for row in rows if "is_emergency" in row]
        right = sum((opinion(prepare(row["text"]).plain).report > 0) == row["is_emergency"] for row in rows)
        print(f"{right / len(rows):.3f} of {len(rows)}")
        return 0
    rows = [row for row in working_texts() if "is_emergency" in row and not row.get("is_drill")]
    no_report, is_report = fit(prepared(rows, [int(row["is_emergency"]) for row in rows]), 2, 2 * RIDGE["report"])
    report = {gram: value - no_report.get(gram, 0.0) for gram, value in is_report.items()}
    told = [row for row in rows if row["is_emergency"] and row.get("category")]
    classes = fit(prepared(told, [CLASSES.index(row["category"]) for row in told]), len(CLASSES), RIDGE["class"])
    print(f"{len(rows)} texts, {len(told)} of a class, {write(report, classes)} grams")
    return 0


if __name__ == "__main__":
    sys.exit(main())
