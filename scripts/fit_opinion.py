#!/usr/bin/env python3
"""Fits the weights of `dutydesk/reading/opinion.py` on the labelled texts for work, and writes `data/opinion.csv`.

Three linear models over characters and pairs of them: report or not (all texts), the class of those that are one, and
which report of a row they are. Rare classes and kinds weigh as much as frequent ones.
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

from dutydesk.reading.opinion import CLASSES, KINDS, grams, opinion
from dutydesk.reading.text import prepare

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "reading" / "corpus"
TABLE = ROOT / "dutydesk" / "reading" / "data" / "opinion.csv"
SPLIT = ("texts", "field", "public", "fresh", "wide", "broad")
WHOLE = ("more", "growth", "probe")
STREAMS = ("streams", "traps")  # whole streams, only their kinds are labelled
LEAST = 2  # texts in which a gram must stand
RIDGE = {"report": 3.0, "class": 3.0, "kind": 1.0}
STEPS, STEP = 160, 0.3

Rows = list[tuple[list[str], int, float]]


def working_texts() -> list[dict[str, Any]]:
    """Every labelled text that may be looked at."""
    rows = [row for name in SPLIT for row in load(CORPUS / f"{name}.jsonl") if not held_out(row["id"])]
    return rows + [row for name in WHOLE for row in load(CORPUS / f"{name}.jsonl")]


def working_streams() -> list[dict[str, Any]]:
    """Every text of a stream that may be looked at and whose kind is plain."""
    rows = [row for name in STREAMS for row in load(CORPUS / f"{name}.jsonl") if name == "traps" or not _apart(row)]
    return [row for row in rows if row.get("kind")]


def _apart(row: dict[str, Any]) -> bool:
    return bool(held_out(str(row.get("stream") or row["id"])))


def fit(rows: Rows, classes: int, ridge: float) -> list[dict[str, float]]:
    """Weights of each class by gram; "" is the intercept, which no ridge holds down."""
    weights: list[dict[str, float]] = [dict.fromkeys((gram for words, _, _ in rows for gram in words), 0.0)]
    weights += [dict(weights[0]) for _ in range(classes - 1)]
    seen = [dict(own) for own in weights]
    for _ in range(STEPS):
        slopes = [{gram: ridge * value if gram else 0.0 for gram, value in own.items()} for own in weights]
        for words, label, weight in rows:
            odds = [sum([own[gram] for gram in words]) for own in weights]
            most = max(odds)
            chances = [math.exp(one - most) for one in odds]
            total = sum(chances)
            for place, slope in enumerate(slopes):
                pull = weight * (chances[place] / total - (place == label))
                if abs(pull) > 1e-4:
                    for gram in words:
                        slope[gram] += pull
        _step(weights, seen, slopes)
    return weights


def _step(weights: list[dict[str, float]], seen: list[dict[str, float]], slopes: list[dict[str, float]]) -> None:
    """One step of Adagrad."""
    for own, past, slope in zip(weights, seen, slopes, strict=True):
        for gram, value in slope.items():
            if value:
                past[gram] += value * value
                own[gram] -= STEP * value / math.sqrt(past[gram] + 1e-9)


def prepared(rows: list[dict[str, Any]], labels: list[int], *, even: bool = False) -> Rows:
    """Grams, label and weight of each text; `even`: every label has the same weight in all."""
    found = [grams(prepare(row["text"]).plain) for row in rows]
    common = {gram for gram, n in Counter(gram for words in found for gram in words).items() if n >= LEAST}
    often = Counter(labels)
    most = max(often.values())
    weights = [most / often[label] if even else 1.0 for label in labels]
    return [
        ([*sorted(words & common), ""], label, weight)
        for words, label, weight in zip(found, labels, weights, strict=True)
    ]


def write(report: dict[str, float], *others: list[dict[str, float]]) -> int:
    columns = [report, *(own for model in others for own in model)]
    names = sorted({gram for own in columns for gram in own})
    lines = []
    for gram in names:
        row = [round(100 * own.get(gram, 0.0)) for own in columns]
        if gram == "" or max(map(abs, row)) >= 2:
            lines.append(f"{gram},{','.join(map(str, row))}")
    head = "gram,report,natural,accident,health,security,first,follow,final"
    TABLE.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return len(lines)


def _test(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if "is_emergency" in row]
    right = sum((opinion(prepare(row["text"]).plain).report > 0) == row["is_emergency"] for row in rows)
    print(f"{right / len(rows):.3f} of {len(rows)}")


def fitted(rows: list[dict[str, Any]], streams: list[dict[str, Any]]) -> tuple[dict[str, float], Any, Any]:
    """The three models: how much reads like a report, the classes, the kinds."""
    no_report, is_report = fit(prepared(rows, [int(row["is_emergency"]) for row in rows]), 2, 2 * RIDGE["report"])
    report = {gram: value - no_report.get(gram, 0.0) for gram, value in is_report.items()}
    told = [row for row in rows if row["is_emergency"] and row.get("category")]
    classes = fit(prepared(told, [CLASSES.index(r["category"]) for r in told], even=True), 4, RIDGE["class"])
    staged = [row for row in rows if row["is_emergency"] and row.get("kind")] + streams
    kinds = fit(prepared(staged, [KINDS.index(r["kind"]) for r in staged], even=True), 3, RIDGE["kind"])
    return report, classes, kinds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", type=Path, help="labelled texts, JSON Lines; nothing is fitted")
    options = parser.parse_args()
    if options.test:
        _test(options.test)
        return 0
    rows = [row for row in working_texts() if "is_emergency" in row and not row.get("is_drill")]
    streams = working_streams()
    print(f"{len(rows)} texts, {len(streams)} of streams, {write(*fitted(rows, streams))} grams")
    return 0


if __name__ == "__main__":
    sys.exit(main())
