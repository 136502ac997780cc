"""The level that the figures propose, by the bands of config/levels.toml."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from dutydesk.domain.readings import Bounds, Figure, Level, Reading
from dutydesk.errors import ConfigError
from dutydesk.reading.levels import Band, LevelTable, load_levels, parse_levels

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def table() -> LevelTable:
    return load_levels(ROOT / "config" / "levels.toml")


@pytest.mark.parametrize(
    ("deaths", "level"),
    [
        (None, None),
        (0, None),
        (1, "一般"),
        (2, "一般"),
        (3, "较大"),
        (9, "较大"),
        (10, "重大"),
        (29, "重大"),
        (30, "特别重大"),
        (Bounds(min=10), "重大"),
    ],
)
def test_deaths_of_an_accident_at_every_edge(table: LevelTable, deaths: Figure, level: Level | None) -> None:
    assert table.propose(Reading(code="12G01", deaths=deaths)) == level


@pytest.mark.parametrize(
    ("grave", "level"),
    [(1, "一般"), (9, "一般"), (10, "较大"), (49, "较大"), (50, "重大"), (99, "重大"), (100, "特别重大")],
)
def test_serious_injuries_at_every_edge(table: LevelTable, grave: int, level: Level) -> None:
    assert table.propose(Reading(code="12G01", seriously_injured=grave)) == level


@pytest.mark.parametrize(
    ("loss", "level"), [(9_999_999, "一般"), (10_000_000, "较大"), (50_000_000, "重大"), (100_000_000, "特别重大")]
)
def test_loss_at_every_edge(table: LevelTable, loss: int, level: Level) -> None:
    assert table.propose(Reading(code="12G01", direct_loss_cny=loss)) == level


def test_the_highest_measure_decides(table: LevelTable) -> None:
    assert table.propose(Reading(code="12G01", deaths=1, seriously_injured=50)) == "重大"


def test_the_missing_count_with_the_dead_but_can_be_left_out(table: LevelTable) -> None:
    reading = Reading(code="12J08", deaths=2, missing=8)
    assert table.propose(reading) == "重大"
    assert table.propose_without_missing(reading) == "一般"


def test_a_rule_that_is_not_confirmed_only_hints(table: LevelTable) -> None:
    reading = Reading(code="11D01", deaths=3)
    assert table.propose(reading) is None
    assert table.hint(reading) == "较大"


def test_a_band_that_is_not_confirmed_only_hints(table: LevelTable) -> None:
    reading = Reading(code="12J08", trapped=12)
    assert table.propose(reading) is None
    assert table.hint(reading) == "重大"


def test_the_longest_prefix_rules(table: LevelTable) -> None:
    rule = table.rule_for("12N04")
    assert rule is not None
    assert rule.name == "特种设备事故"


def test_no_code_no_level(table: LevelTable) -> None:
    assert table.propose(Reading(deaths=30)) is None


def test_every_rule_names_its_source(table: LevelTable) -> None:
    assert all(rule.source for rule in table.rules)


def test_bands_rise(table: LevelTable) -> None:
    for rule in table.rules:
        for band in rule.bands:
            lows = [low for low in band.lows if low is not None]
            assert lows == sorted(lows), rule.name


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError):
        Band.model_validate({"measure": "deaths", "enormous": 5})


def test_a_broken_file_is_a_config_error(tmp_path: Path) -> None:
    path = tmp_path / "levels.toml"
    path.write_text("version = [", encoding="utf-8")
    with pytest.raises(ConfigError):
        load_levels(path)


def test_a_file_that_is_not_there_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load_levels(tmp_path / "none.toml")


def test_the_text_alone_makes_the_same_table(table: LevelTable) -> None:
    assert parse_levels((ROOT / "config" / "levels.toml").read_text(encoding="utf-8")) == table


def test_a_broken_text_names_where_it_came_from() -> None:
    with pytest.raises(ConfigError, match="office"):
        parse_levels("version = [", "office.toml")
