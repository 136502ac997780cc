"""What is written can be read again and is the same; what must never be half written is not."""

import os
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutydesk import contacts
from dutydesk.contacts import cells, writer
from dutydesk.domain.directory import Contact, Directory, Leader, Unit
from dutydesk.errors import ConfigError

SIGNS = st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po", "Sm", "Pd", "Zs"], exclude_characters="\u1680")
TEXT = (
    st.text(SIGNS, min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .map(lambda text: text.lstrip(cells.FORMULA) if text.isascii() and len(text) % 2 else text)
    .filter(bool)
)
WORD = TEXT.filter(lambda text: not cells.SEPARATORS.search(text)).filter(
    lambda text: text[0] not in cells.FORMULA + "'"
)
EMAIL = st.sampled_from([None, "a@b.cn", "zhi.ban@qd.example"])
DUTIES = st.sampled_from([(), ("12D",), ("11", "12D01")])


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """Any directory that the checks would let pass."""
    numbers = iter(draw(st.lists(st.integers(0, 9_999), min_size=40, max_size=40, unique=True)))

    def number() -> str:
        return f"+861200000{next(numbers):04d}"

    district = Unit(code="370202", name=draw(TEXT), kind="district", division="370202", phone=number())
    enterprises = [
        Unit(
            code=f"E-{at}",
            name=draw(TEXT),
            short_names=tuple(draw(st.lists(WORD, max_size=3, unique=True))),
            kind="enterprise",
            division="370202",
            parent="370202",
            industry=draw(st.none() | TEXT),
            address=draw(st.none() | TEXT),
            email=draw(EMAIL),
            duties=draw(DUTIES),
        )
        for at in range(draw(st.integers(0, 3)))
    ]
    people = [
        Contact(
            id=f"C-{at}",
            unit=draw(st.sampled_from([district, *enterprises])).code,
            name=draw(TEXT),
            role=draw(st.sampled_from("ABC")),
            phones=tuple(number() for _ in range(draw(st.integers(0, 2)))),
            email=draw(EMAIL),
            verified_on=draw(
                st.none() | st.dates(date(min(cells.YEARS), 1, 1), date(max(cells.YEARS), 12, 31)).map(str)
            ),
        )
        for at in range(draw(st.integers(0, 4)))
    ]
    leader = Leader(id="L", name=draw(TEXT), post=draw(TEXT), phones=(number(),), levels=("较大",), duties=draw(DUTIES))
    return Directory(units=(district, *enterprises), contacts=tuple(people), leaders=(leader,))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(directories())
def test_what_is_exported_loads_as_the_same_directory(directory: Directory) -> None:
    with TemporaryDirectory() as place:
        contacts.export(directory, Path(place, "out"))
        assert contacts.load(Path(place, "out")) == directory


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(directories())
def test_a_workbook_imported_into_an_empty_folder_gives_the_same_directory(directory: Directory) -> None:
    with TemporaryDirectory() as place:
        contacts.export(directory, Path(place, "out.xlsx"))
        report = contacts.merge(Path(place, "in"), Path(place, "out.xlsx"))
        assert report.refused == (), report.text()
        assert contacts.load(Path(place, "in")) == directory


def test_no_cell_that_is_written_begins_with_a_formula_sign(tmp_path: Path) -> None:
    unit = Unit(code="370202", name="=1+1", short_names=("@a",), kind="district", division="370202")
    contacts.export(Directory(units=(unit,)), tmp_path / "out")
    contacts.export(Directory(units=(unit,)), tmp_path / "out.xlsx")
    (row,) = contacts.read_table(tmp_path / "out" / "units.csv")[1:]
    assert row.cells[1:3] == ("'=1+1", "'@a")
    assert contacts.read_table(tmp_path / "out.xlsx")[1].cells[1:3] == ("'=1+1", "'@a")
    assert contacts.load(tmp_path / "out").units == (unit,)


def test_a_value_that_would_come_back_changed_is_not_written(tmp_path: Path) -> None:
    unit = Unit(code="370202", name="市南区", short_names=("甲、乙",), kind="district", division="370202")
    with pytest.raises(ConfigError) as refused:
        contacts.export(Directory(units=(unit,)), tmp_path / "out")
    assert refused.value.problems == [
        "units.csv「370202」简称 列: 「甲、乙」写出去再读回来会变样,请先去掉分隔符或控制字符"
    ]
    assert list((tmp_path / "out").iterdir()) == []


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"a.pdf: 不会写「.pdf」文件,请用文件夹、.xlsx 或 .csv"):
        contacts.export(Directory(), tmp_path / "a.pdf")


def test_the_flat_list_has_a_line_for_each_contact_and_can_be_taken_back(city: Path, tmp_path: Path) -> None:
    directory = contacts.load(city)
    contacts.export(directory, tmp_path / "名单.csv")
    assert len(contacts.read_table(tmp_path / "名单.csv")) == 1 + len(directory.contacts)
    report = contacts.merge(city, tmp_path / "名单.csv")
    assert {line.what for line in report.lines} == {"与目录相同,没有改动"}
    assert contacts.load(city) == directory


def test_a_write_that_fails_leaves_every_file_as_it_was(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in city.iterdir()}

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        writer.write_folder(Directory(), city)
    assert {path.name: path.read_bytes() for path in city.iterdir()} == before


def test_the_digest_ignores_order_and_sees_every_value(city: Path) -> None:
    directory = contacts.load(city)
    turned = Directory(units=directory.units[::-1], contacts=directory.contacts[::-1], leaders=directory.leaders[::-1])
    assert contacts.digest(turned) == contacts.digest(directory)
    assert len(contacts.digest(directory)) == 64
    for index, contact in enumerate(directory.contacts):
        others = [*directory.contacts]
        others[index] = contact.model_copy(update={"role": "C"})
        assert contacts.digest(directory.model_copy(update={"contacts": tuple(others)})) != contacts.digest(directory)


@pytest.mark.parametrize(
    ("phones", "sample"),
    [
        (["+8612000000001"], True),
        (["+8613800138000", "+8612000009999"], True),
        (["+8613800138000"], False),
        (["+8613800138000", "+8611100001002"], False),
        (["+8611100001002"], True),
        ([], False),
    ],
)
def test_a_sample_is_known_by_its_numbers(phones: list[str], sample: bool) -> None:
    leader = Leader(id="L", name="某", post="市长", phones=tuple(phones))
    assert contacts.is_sample(Directory(leaders=(leader,))) is sample
