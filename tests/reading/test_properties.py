"""What holds for any text: no exception, spans inside, a span for each figure, figures never negative, bounded work."""

import json
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutydesk.clock import BEIJING
from dutydesk.domain.readings import FIGURES, Bounds, Reading
from dutydesk.reading import read

AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)
PIECES = (
    "胶州市", "某化工厂", "爆炸", "起火", "死亡", "受伤", "重伤", "失联", "被困", "3人", "两", "十余人", "近百人",
    "其中", "另有", "无人员", "伤亡", "正在核实", "昨晚", "21日", "14时48分", "截至", "，", "。", "（", "）", " ", "\n",
    "0", "9", "九", "万", "+861200000123", "演练", "续报", "k", "💥", "\ud83d",
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))


def check(text: str, reading: Reading) -> None:
    for stretches in reading.spans.values():
        assert stretches
        assert all(0 <= start < end <= len(text) for start, end in stretches)
    for name in FIGURES:
        figure = getattr(reading, name)
        if figure is None:
            continue
        assert name in reading.spans
        assert name not in reading.unknown
        assert name not in reading.vague
        values = [figure.min, figure.max] if isinstance(figure, Bounds) else [figure]
        assert all(value is None or value >= 0 for value in values)
        assert any(value is not None for value in values)


@given(TEXTS)
@settings(max_examples=120, deadline=None)
def test_any_text_is_read(text: str) -> None:
    check(text, read(text, AT))


@given(TEXTS)
@settings(max_examples=30, deadline=None)
def test_reading_is_a_function_of_its_input(text: str) -> None:
    assert read(text, AT) == read(text, AT)


@given(
    st.dates(min_value=date(2, 1, 1), max_value=date(9998, 12, 30)),
    st.sampled_from(["昨晚", "31日", "2月29日", "除夕", "上周五", "三天前", "24时"]),
)
@settings(max_examples=50, deadline=None)
def test_any_day_of_receipt(day: date, words: str) -> None:
    text = f"{words}胶州市某厂着火"
    check(text, read(text, day))


def steps(work: Callable[[], object]) -> int:
    """How many lines of Python the work runs: a measure that a busy machine does not change."""
    counted = 0

    def count(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal counted
        counted += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize(
    "piece",
    [
        "人",
        "3人死亡",
        "死",
        "(",
        "南村镇",
        "9",
        "14时",
        "0.0",
        "胶州市某化工厂",
        " ",
        "其中",
        "零",
        "更正",
        "死亡3人、",
    ],
)
def test_a_text_of_100_kB_takes_bounded_work(piece: str) -> None:
    read("预热", AT)
    text = piece * (100_000 // len(piece))
    assert steps(lambda: check(text, read(text, AT))) < 400_000


def test_a_figure_above_one_has_a_number_in_its_span() -> None:
    """One may be told without a numeral (司机死亡); more than one never is, and no figure is without its words."""
    numeral = re.compile(r"[0-9０-９零〇一二两俩仨三四五六七八九十百千万廿卅壹贰叁]")
    lines = (Path(__file__).parent / "corpus" / "more.jsonl").read_text(encoding="utf-8").splitlines()
    for text in (json.loads(line)["text"] for line in lines):
        reading = read(text, AT)
        check(text, reading)
        for name in FIGURES:
            figure = getattr(reading, name)
            if isinstance(figure, Bounds) or (figure or 0) > 1:
                assert any(numeral.search(text[a:b]) for a, b in reading.spans[name]), (name, text)
