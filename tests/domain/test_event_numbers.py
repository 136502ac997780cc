"""Event numbers in the 31-character pattern: regulations 7.2, and section 8, rule 24."""

import re
from collections import Counter
from typing import cast

from dutydesk.clock import HOUR
from dutydesk.domain import event_numbers
from dutydesk.domain.incidents import FixFact
from dutydesk.domain.rules import Desk
from dutydesk.domain.verbs import Look
from tests.kit import NOON, World, report, town_phone, world


def opened(w: World, count: int, *, drill: bool = False) -> list[str]:
    before = {k for k in w.rows if k[0] == "incident"}
    for n in range(count):
        w.say(
            f"e{len(w.journal)}", f"第{n % 3 + 1}镇起火{len(w.journal)}", town_phone(n % 3 + 1), report(), drill=drill
        )
    return [w.rows[k][2].body["event"] for k in w.rows if k[0] == "incident" and k not in before]


def apart(w: World, count: int, **more: bool) -> list[str]:
    found = []
    for _ in range(count):
        w.policy = w.policy.model_copy(
            update={"intake": w.policy.intake.model_copy(update={"same_incident_minutes": 1})}
        )
        found += opened(w, 1, **more)
        for kind, id in [k for k in w.rows if k[0] == "incident"]:
            w.handle(f"{kind}/{id}", FixFact(name="category", value="natural_disaster", reason="另一件"))
    return found


def test_rule_24_an_incident_has_a_number_of_31_characters() -> None:
    (number,) = opened(world(), 1)
    assert number == "37020000000000_20261123120000_0"
    assert re.fullmatch(r"\d{14}_\d{14}_\d", number)
    assert len(number) == 31


def test_the_serial_counts_what_is_entered_in_one_second_and_the_eleventh_takes_the_next() -> None:
    w = world()
    numbers = apart(w, 12)
    assert len(set(numbers)) == 12
    assert [n[-1] for n in numbers] == [*"0123456789", "0", "1"]
    assert {n[15:29] for n in numbers[10:]} == {"20261123120001"}


def test_however_many_are_entered_at_one_instant_each_takes_the_first_second_with_room() -> None:
    """And asks little: linear questions would make a storm of a thousand incidents cost half a million."""
    counters, asked = Counter[str](), 0

    class Counting:
        rules, at = world().policy, NOON

        def count(self, series: str) -> int:
            nonlocal asked
            asked += 1
            return counters[series] + 1

        def latest(self, first: str, last: str) -> str:
            nonlocal asked
            asked += 1
            return max(name for name in counters if first <= name <= last)

    numbers = []
    for _ in range(1_000):
        numbers.append(event_numbers.free(cast(Look, Counting())))
        counters[event_numbers.series(numbers[-1])] += 1
    assert numbers == sorted(set(numbers))
    assert (numbers[0], numbers[-1]) == ("37020000000000_20261123120000_0", "37020000000000_20261123120139_9")
    assert asked < 1_000 * 6


def test_after_the_clock_went_far_back_the_eleventh_still_takes_the_next_second() -> None:
    w = world()
    w.at += 3 * HOUR
    (ahead,) = apart(w, 1)
    w.at -= 3 * HOUR
    assert {n[15:29] for n in apart(w, 12)} == {"20261123120000", "20261123120001"}
    assert ahead[15:29] == "20261123150000"


def test_a_drill_never_has_the_number_of_something_real() -> None:
    w = world()
    (real,) = opened(w, 1)
    (drill,) = opened(w, 1, drill=True)
    assert event_numbers.is_drill(drill)
    assert not event_numbers.is_drill(real)
    assert drill == "37020000000099_20261123120000_1"


def test_the_unit_code_of_the_configuration_is_used_whole() -> None:
    assert event_numbers.unit_code(Desk(division="370200", event_unit="37020043400000")) == "37020043400000"
    assert event_numbers.unit_code(Desk(division="370202001")) == "37020200000000"
