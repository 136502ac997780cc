"""The rules the software must obey (regulations, section 8): each from 1 to 24 has a test that names it, and what nobody could
confirm is marked. The shipped values of rule 2, rule 10 and rule 24 are held here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from dutydesk.clock import MINUTE
from dutydesk.config.files import load_rules
from dutydesk.config.unconfirmed import unconfirmed
from dutydesk.domain.clocks import ClockRule
from dutydesk.domain.drills import OpenDrill
from dutydesk.domain.rules import Rules
from tests.kit import phone, report, world

TESTS = Path(__file__).parents[1]
NAMED = re.compile(r"def test_(?:regulations_8_)?rule_(\d+)_(?:and_(\d+)_)?")


@pytest.fixture(scope="module")
def shipped() -> Rules:
    return load_rules(TESTS.parent / "config")


@pytest.fixture(scope="module")
def named() -> set[str]:
    """The rules that tests name."""
    return {
        number for path in TESTS.rglob("test_*.py") for found in NAMED.findall(path.read_text()) for number in found
    }


@pytest.mark.parametrize("rule", range(1, 25))
def test_each_rule_has_a_test_that_names_it(rule: int, named: set[str]) -> None:
    assert str(rule) in named


@pytest.mark.parametrize(
    ("clock", "sender", "minutes", "confirmed"),
    [
        ("safety-phone", "city", 30, True),
        ("safety-written", "city", 60, True),
        ("district-safety-phone", "district", 30, True),
        ("city-written", "district", 60, False),
        ("state-phone", "city", 30, False),
        ("state-written", "city", 60, False),
        ("health-province", "city", 120, True),
        ("disaster-first", "city", 120, False),
    ],
)
def test_rule_2_the_qingdao_profile_has_these_limits_and_marks_what_is_to_confirm(
    shipped: Rules, clock: str, sender: str, minutes: int, confirmed: bool
) -> None:
    (rule,) = [one for one in shipped.clocks if one.id == clock]
    assert (rule.sender, rule.minutes, rule.confirmed) == (sender, minutes, confirmed)
    assert rule.law
    assert confirmed or "待核实" in rule.law


def test_rule_10_bands_of_crowds_are_configuration_and_propose_nothing_before_somebody_confirms_them(
    shipped: Rules,
) -> None:
    crowds = [rule for rule in shipped.levels.rules if any(code.startswith("14A") for code in rule.codes)]
    assert crowds
    assert not any(rule.confirmed for rule in crowds)
    crowd = report(code="14A01", affected=1_200)
    assert (shipped.levels.propose(crowd), shipped.levels.hint(crowd)) == (None, "重大")
    (first, *_) = crowds
    settled = first.model_copy(update={"confirmed": True})
    filled = shipped.levels.model_copy(update={"rules": (settled,)})
    assert filled.propose(crowd) == "重大", "what the pilot fills in counts without a line of code"


def test_rule_24_type_place_number_and_the_drill_mark_stand_on_every_record() -> None:
    w = world()
    w.handle("drill/d1", OpenDrill(name="演练", participants=("contact:A1",)), drill=True)
    w.say("real", "第1镇起火", phone(1), report(code="12G01"))
    w.say("played", "第1镇起火,演练", phone(1), report(code="12G01"), drill=True)
    incidents = [(shown[1], shown[2]) for (kind, _), shown in w.rows.items() if kind == "incident"]
    assert {drill for drill, _ in incidents} == {False, True}
    for drill, row in incidents:
        assert (row.body["code"], row.division) == ("12G01", "370281001"), "GB/T 35561 and nine digits"
        assert len(row.body["event"]) == 31
        assert row.body["event"][12:14] == ("99" if drill else "00")
    assert {drill for (kind, _), (_, drill, _row) in w.rows.items() if kind == "page"} == {False, True}, (
        "and on its calls"
    )


def parts(value: object) -> Iterator[BaseModel]:
    """Every value of the policy, however deep."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from parts(getattr(value, name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from parts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from parts(one)


def test_rule_2_whatever_the_configuration_does_not_confirm_is_said_by_the_check(shipped: Rules) -> None:
    said = "\n".join(unconfirmed(shipped))
    open_ones = [part for part in parts(shipped) if getattr(part, "confirmed", True) is False]
    assert len(open_ones) > 20
    for part in open_ones:
        rests_on = getattr(part, "law", "") or getattr(part, "source", "") or getattr(part, "measure", "")
        assert rests_on in said, part
    assert not [one for one in parts(shipped) if isinstance(one, ClockRule) and one.minutes * MINUTE <= 0]
