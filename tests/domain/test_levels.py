"""The level of an incident by its standing figures. Regulations section 8: rules 4, 8, 9."""

from pathlib import Path

import pytest

from dutydesk.clock import MINUTE
from dutydesk.domain.incidents import AddReport, FixFact, LevelProposed, MergeIncident
from dutydesk.domain.readings import Bounds, Figure
from dutydesk.reading.levels import load_levels
from tests.domain.upward import INCIDENT, city, clock, set_deaths
from tests.kit import World, names, only, phone, report

TABLE = load_levels(Path(__file__).parents[2] / "config" / "levels.toml")
I = f"incident/{INCIDENT}"  # noqa: E741


def blast(code: str = "12D01", **said: Figure) -> World:
    """A chemical explosion, or another kind, by the bands that ship."""
    w = city(levels=TABLE)
    w.say("m1", "某化工厂爆炸", phone(1), report(code=code, place_text="泊里镇", **said))
    return w


def tell(w: World, minutes: int = 60, **said: Figure) -> list[str]:
    """A follow-up with figures and nothing else: no kind of event, no level."""
    w.at += minutes * MINUTE
    more = report(**said).model_copy(update={"category": None, "subtype": None})
    return names(
        w.handle(I, AddReport(message=f"t{w.at}", summary="死亡人数变化", reading=more, received_at=w.at), by="router")
    )


def clocks(w: World) -> set[str]:
    return {row.body["rule"] for (kind, _), (_, _, row) in w.rows.items() if kind == "obligation"}


def test_rule_8_a_follow_up_with_nothing_but_a_figure_raises_the_level_of_its_incident() -> None:
    w = blast(deaths=1)
    assert w.row(I)["level"] == "一般"
    assert "LevelProposed" in tell(w, deaths=4)
    assert (w.row(I)["level"], w.row(I)["peak"]) == ("较大", "较大")


@pytest.mark.parametrize(
    ("deaths", "level"), [(2, "一般"), (3, "较大"), (9, "较大"), (10, "重大"), (29, "重大"), (30, "特别重大")]
)
def test_rule_8_a_band_holds_from_its_number_to_below_the_next(deaths: int, level: str) -> None:
    w = blast(deaths=1)
    tell(w, deaths=deaths)
    assert w.row(I)["level"] == level


def test_rule_8_the_missing_of_one_text_count_with_the_dead_of_another_and_stay_a_figure_of_their_own() -> None:
    w = blast(deaths=4)
    tell(w, missing=6)
    row = w.row(I)
    assert (row["level"], row["proposed"]["certain"]) == ("重大", "较大"), "重大 if the missing are lost"
    assert (row["figures"]["deaths"]["value"], row["figures"]["missing"]["value"]) == (4, 6)
    tell(w, missing=0)
    assert (w.row(I)["level"], w.row(I)["proposed"]["level"]) == ("重大", "较大"), (
        "found again: a person lowers, no rule"
    )


def test_rule_8_any_measure_suffices_and_the_highest_wins() -> None:
    w = blast(deaths=1)
    tell(w, seriously_injured=50)
    assert w.row(I)["level"] == "重大"
    tell(w, direct_loss_cny=100_000_000)
    assert w.row(I)["level"] == "特别重大"


def test_rule_8_unknown_is_not_zero_and_a_bound_counts_by_its_least() -> None:
    w = blast()
    assert (w.row(I)["peak"], w.row(I)["proposed"]) == ("", None)
    tell(w, deaths=Bounds(max=10))
    assert w.row(I)["peak"] == ""
    tell(w, deaths=Bounds(min=10))
    assert w.row(I)["level"] == "重大"


def test_rule_8_a_band_that_nobody_has_confirmed_is_shown_and_raises_nothing() -> None:
    w = blast(code="11A01", deaths=3)
    row = w.row(I)
    assert (row["peak"], row["proposed"]["level"], row["proposed"]["hint"]) == ("", None, "较大")
    assert not clocks(w)


def test_rule_4_figures_alone_compute_every_clock_anew_from_that_report() -> None:
    w = blast(deaths=1)
    assert not clocks(w)
    tell(w, deaths=4)
    assert clock(w, "up-phone")["start_at"] == w.at
    tell(w, minutes=120, deaths=14)
    assert clock(w, "up-phone-major")["start_at"] == w.at
    assert clock(w, "up-phone")["start_at"] == w.at - 120 * MINUTE
    tell(w, deaths=13)
    assert [r["level"] for r in w.row(I)["reportable"]] == ["较大", "重大"], "fewer figures lower nothing"


def test_rule_4_a_figure_fixed_by_a_person_raises_as_well_and_one_that_falls_takes_no_clock_away() -> None:
    w = blast(deaths=1)
    set_deaths(w, 10)
    assert w.row(I)["level"] == "重大"
    set_deaths(w, 2)
    assert (w.row(I)["level"], w.row(I)["proposed"]["level"]) == ("重大", "一般")
    assert clock(w, "up-phone")["status"] == "running"


def test_a_report_newer_than_a_persons_figure_counts_for_the_alarm_where_it_is_higher() -> None:
    w = blast(deaths=1)
    set_deaths(w, 4)
    tell(w, deaths=3)
    assert w.row(I)["level"] == "较大"
    tell(w, deaths=14)
    assert w.row(I)["figures"]["deaths"]["value"] == 4, "a person's figure stands"
    assert w.row(I)["level"] == "重大"


def test_rule_9_a_level_that_a_person_fixed_stays_and_what_the_figures_reach_stands_beside_it() -> None:
    w = blast(deaths=1)
    w.handle(I, FixFact(name="level", value="较大", reason="影响大"))
    tell(w, deaths=10, missing=1)
    row = w.row(I)
    assert (row["level"], row["proposed"]["level"]) == ("较大", "重大")
    tell(w, deaths=11)
    w.handle(I, FixFact(name="level", value="重大", reason="同意"))
    assert clock(w, "up-phone-major")["start_at"] == w.at


def test_rule_9_figures_that_say_what_the_text_said_need_no_entry() -> None:
    w = city(levels=TABLE)
    w.say("m1", "爆炸", phone(1), report(code="12D01", level="一般", deaths=1))
    assert "LevelProposed" not in {type(event).__name__ for _, event, _ in w.journal}


def test_the_figures_of_a_merged_incident_count_where_it_went() -> None:
    w = blast(deaths=4)
    w.say("m2", "某化工厂爆炸,失联7人", phone(2), report(code="12D01", missing=7))
    made = w.handle(f"incident/{w.incident(2)}", MergeIncident(into=INCIDENT))
    assert only(made, LevelProposed).level == "重大"
    assert w.row(I)["level"] == "重大"
