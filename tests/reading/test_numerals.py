"""Numbers as people write them."""

import pytest

from dutydesk.domain.readings import Bounds, Figure
from dutydesk.reading.numerals import add, chinese_value, numbers


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("12人", 12),
        ("1,200人", 1200),
        ("2.1万人", 21_000),
        ("两人", 2),
        ("二十八人", 28),
        ("一百零五人", 105),
        ("三千五百万元", 35_000_000),
        ("十余人", Bounds(min=10)),
        ("20多名", Bounds(min=20)),
        ("九千二百余人", Bounds(min=9_200)),
        ("近百人", Bounds(max=100)),
        ("上千人", Bounds(min=1_000)),
        ("至少443人", Bounds(min=443)),
        ("不到5人", Bounds(max=5)),
        ("两三人", Bounds(min=2, max=3)),
        ("三四十人", Bounds(min=30, max=40)),
        ("十几人", Bounds(min=10)),
        ("约2800人", 2_800),
    ],
)
def test_what_a_number_says(words: str, figure: Figure) -> None:
    assert [n.figure for n in numbers(words)] == [figure]


@pytest.mark.parametrize("words", ["数十人", "几人"])
def test_some_is_no_figure(words: str) -> None:
    assert [(n.figure, n.vague) for n in numbers(words)] == [(None, True)]


@pytest.mark.parametrize("words", ["+861200000123", "861200000123", "鲁B8D023"])
def test_a_telephone_or_a_plate_is_no_number(words: str) -> None:
    assert all(n.figure is None or (isinstance(n.figure, int) and n.figure < 10_000) for n in numbers(words))
    assert not any(n.bare > 99_999 for n in numbers(words))


def test_digits_of_a_year_are_read_one_by_one() -> None:
    assert chinese_value("二零二六") == 2026


def test_a_bound_in_a_sum_makes_the_sum_a_bound() -> None:
    assert add(5, Bounds(min=10)) == Bounds(min=15)
    assert add(None, 3) == 3
    assert add(2, 3) == 5
