"""Schemes are data: the shipped ones give what their sources say."""

from pathlib import Path

import pytest

from dutydesk.config import load_rules
from dutydesk.domain.scoring import Scheme, score

ROOT = Path(__file__).parents[2]
SCHEMES = {scheme.id: scheme for scheme in load_rules(ROOT / "config").schemes}


def points(id: str, **counts: int | None) -> float | None:
    return score(SCHEMES[id], counts, counts).points


def test_rule_22_schemes_are_data_and_four_are_shipped_of_which_the_unread_ones_say_so() -> None:
    assert set(SCHEMES) == {"meizhou", "baoji", "anhui", "default"}
    assert {id for id, scheme in SCHEMES.items() if scheme.confirmed} == {"meizhou"}


def test_meizhou_points_by_class_divided_by_the_items_counted() -> None:
    assert points("meizhou", used_special=1, used_kept=1) == 3.0
    assert points("meizhou", used_special=2, honour_city=1) == 6.5


def test_meizhou_a_late_one_costs_half_an_items_points_and_a_missed_one_ten() -> None:
    assert points("meizhou", used_special=2, late=1) == pytest.approx((10 - 2.5) / 2)
    assert points("meizhou", used_special=2, missed=1) == 0.0


def test_meizhou_without_an_item_there_is_no_score_rather_than_zero() -> None:
    assert points("meizhou", late=1) is None


def test_baoji_takes_from_five_points_and_never_below_nothing() -> None:
    assert points("baoji") == 5.0
    assert points("baoji", checks_failed=1, late=1, false=1) == 1.0
    assert points("baoji", concealed=2) == 0.0


def test_anhui_is_eighty_and_twenty_for_the_work_of_the_busiest() -> None:
    assert score(SCHEMES["anhui"], {"received": 5}, {"received": 10}).points == 90.0
    assert score(SCHEMES["anhui"], {"received": 0}, {"received": 0}).points == 80.0


def test_ours_takes_nothing_from_a_unit_where_nothing_happened() -> None:
    found = score(SCHEMES["default"], {}, {})
    assert (found.points, found.grade) == (100.0, "优")


def test_ours_bounds_what_many_small_faults_may_cost() -> None:
    assert points("default", late=50) == 60.0
    assert score(SCHEMES["default"], {"late": 1}, {}).parts == (("迟报", -5.0),)


def test_what_was_not_measured_gives_and_takes_nothing() -> None:
    assert points("default", late=None) == 100.0


def test_a_scheme_with_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="extra"):
        Scheme.model_validate({"id": "x", "name": "x", "source": "x", "marks": [{"figure": "late", "eech": -1}]})
