"""The reader against texts that nobody would write: no exception, spans that hold, and bounded time for each."""

import gc
import json
import random
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from dutydesk.clock import BEIJING
from dutydesk.domain.readings import FIGURES
from dutydesk.reading import events, read

AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)
CORPUS = Path(__file__).parent / "corpus" / "more.jsonl"
LIMIT = 0.05  # seconds of processor time a text
SCRIPTS = (
    (0x20, 0x7E),
    (0x4E00, 0x9FA5),
    (0x0400, 0x04FF),
    (0x0600, 0x06FF),
    (0x3040, 0x30FF),
    (0xAC00, 0xD7A3),
    (0xD800, 0xDFFF),
    (0x1F300, 0x1FAFF),
    (0, 0x1F),
    (0xFF01, 0xFF5E),
)
PIECES = (
    "死亡",
    "受伤",
    "3人",
    "两",
    "十余",
    "近百",
    "万",
    "零",
    "其中",
    "更正",
    "失联",
    "被困",
    "14时48分",
    "昨晚",
    "。",
    ",",
    "（",
    "）",
    "K12+300",
    "胶州市",
    "南村镇",
    "爆炸",
    "把路堵了",
    "船上9人",
    "无人员",
    "伤亡",
    "正在核实",
    "截至",
    "例",
    "个",
    "人",
    "桥",
    "车",
    "水",
    "里面",
    "埋了",
    "烧了",
    "撤到",
    "不对,",
    "打错了",
    "网传",
    "经核实",
    "救出",
)


def _samples() -> list[str]:
    return [json.loads(line)["text"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def _scripts(chance: random.Random, length: int) -> str:
    return "".join(chr(chance.randint(*chance.choice(SCRIPTS))) for _ in range(length))


def _one(chance: random.Random, samples: list[str]) -> str:
    """One text: random characters, a truncated report, pieces in any order, or a long row of one piece or of digits."""
    kind = chance.randrange(100)
    if kind < 35:
        return _scripts(chance, chance.randrange(200))
    if kind < 60:
        text = chance.choice(samples)
        return text[chance.randrange(len(text)) :] + chance.choice(samples)[: chance.randrange(60)]
    if kind < 85:
        return "".join(chance.choices(PIECES, k=chance.randrange(60)))
    if kind < 97:
        return _scripts(chance, 30) + chance.choice(samples) + _scripts(chance, 30)
    if kind < 98:
        return "".join(chance.choices("0123456789", k=10_000))
    return (chance.choice(PIECES) + chance.choice(PIECES)) * chance.randrange(1, 2_500)


def _taken(text: str) -> float:
    begun = time.process_time()
    reading = read(text, AT)
    taken = time.process_time() - begun
    for name in FIGURES:
        assert (getattr(reading, name) is None) or reading.spans[name], text
    assert all(0 <= a < b <= len(text) for spans in reading.spans.values() for a, b in spans), text
    return taken


def _slow(count: int, limit: float) -> Iterator[tuple[float, str]]:
    chance, samples = random.Random(3), _samples()
    events.warm()
    read("预热", AT)
    gc.collect()
    for _ in range(count):
        text = _one(chance, samples)
        if _taken(text) > limit and (again := min(_taken(text) for _ in range(3))) > limit:
            yield again, text[:80]


def test_2_000_fuzzed_texts_are_read_in_time() -> None:
    assert not list(_slow(2_000, 4 * LIMIT))


@pytest.mark.long
def test_100_000_fuzzed_texts_are_read_in_time() -> None:
    assert not list(_slow(100_000, LIMIT))
