"""The city that comes with the program: whole, believable, and unable to ring anybody."""

from collections import Counter
from pathlib import Path
from time import process_time

import pytest

from dutydesk import contacts
from dutydesk.contacts.checks import SAMPLE_RANGE, numbers
from dutydesk.domain.directory import Directory

FOLDER = Path(__file__).parents[2] / "contacts"
TOWNS = {
    "370202": 11, "370203": 22, "370211": 23, "370212": 5, "370213": 11,
    "370214": 9, "370215": 17, "370281": 14, "370283": 18, "370285": 11,
}  # fmt: skip
FAMILIES = "11A 11B 11C 11D 11E 11F 11G 12A 12B 12C 12D 12E 12F 12G 12H 12J 12K 12L 12M 12N 12P 12Q 12R 12S 12U"
FAMILIES += " 13A 13B 13C 13D 13E 13F 13G 14A 14B 14C 14D 14E 14F 14G 14H"


@pytest.fixture(scope="module")
def sample() -> Directory:
    return contacts.load(FOLDER)


def test_ten_districts_and_141_towns_each_under_its_district(sample: Directory) -> None:
    towns = [unit for unit in sample.units if unit.kind == "town"]
    assert Counter(unit.parent for unit in towns) == TOWNS
    assert sum(TOWNS.values()) == 141
    assert {unit.code for unit in sample.units if unit.kind == "district"} == TOWNS.keys()
    assert all(unit.code.startswith(str(unit.parent)) for unit in towns)
    assert sample.unit_by_code["370202001"].name == "香港中路街道"


def test_every_town_climbs_to_the_state(sample: Directory) -> None:
    for unit in sample.units:
        tiers = [unit.tier]
        while unit.parent:
            unit = sample.unit_by_code[unit.parent]
            tiers.append(unit.tier)
        assert tiers[-3:] == ["city", "province", "state"][-len(tiers) :]


def test_about_forty_enterprises_with_place_industry_and_responsible_department(sample: Directory) -> None:
    enterprises = [unit for unit in sample.units if unit.kind == "enterprise"]
    assert 38 <= len(enterprises) <= 50
    assert all(unit.industry and unit.department and unit.address and unit.phone for unit in enterprises)
    assert {unit.division[:6] for unit in enterprises} == TOWNS.keys()


@pytest.mark.parametrize("family", FAMILIES.split())
def test_every_family_of_events_has_a_department(sample: Directory, family: str) -> None:
    answering = [unit for unit in sample.units if any(duty.startswith(family) for duty in unit.duties)]
    assert answering


def test_everybody_has_an_a_and_nearly_everybody_a_b(sample: Directory) -> None:
    roles = {code: [one.role for one in people] for code, people in sample.contacts_of.items()}
    assert roles.keys() == {unit.code for unit in sample.units if unit.kind != "desk"}
    assert all(found in (["A", "B"], ["A"]) for found in roles.values())
    assert 1 <= sum(found == ["A"] for found in roles.values()) <= 10
    assert contacts.warnings(sample) == []


def test_no_number_can_ring_and_no_name_comes_twice(sample: Directory) -> None:
    assert all(number.startswith(SAMPLE_RANGE) for number in numbers(sample))
    assert contacts.is_sample(sample)
    names = [person.name for person in sample.contacts] + [person.name for person in sample.leaders]
    assert len(names) == len(set(names))
    assert all(str(value.email).endswith(".example") for value in sample.units if value.email)


def test_about_ten_leaders_with_levels(sample: Directory) -> None:
    assert 8 <= len(sample.leaders) <= 14
    assert all(leader.phones and leader.levels[0] == "特别重大" for leader in sample.leaders)


def test_the_files_are_as_the_program_writes_them(sample: Directory, tmp_path: Path) -> None:
    contacts.export(sample, tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name


def test_loading_is_quick() -> None:
    def once() -> float:
        begun = process_time()
        contacts.load(FOLDER)
        return process_time() - begun

    assert min(once() for _ in range(3)) < 0.15  # seconds of processor; about 0.03 on the machine it was written on
