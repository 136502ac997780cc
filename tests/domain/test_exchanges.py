"""The paper that duty rooms hand each other: its JSON, its bounds, and what it states against what was read."""

import pytest

from dutydesk.domain.exchanges import Exchange, ExchangePlace
from dutydesk.domain.readings import Reading
from dutydesk.errors import Invalid
from tests.kit import NOON


def paper(**changed: object) -> Exchange:
    said = {
        "kind": "submission",
        "number": "20261123-001/1",
        "desk": "370202",
        "title": "香港中路8号火灾",
        "text": "12时,香港中路8号写字楼起火,死亡1人。",
        "issued_at": NOON,
        "stage": "首报",
        "figures": {"deaths": 1, "injured": {"min": 3}},
    }
    return Exchange.model_validate(said | changed)


def test_it_survives_its_own_json() -> None:
    whole = paper(place=ExchangePlace(text="香港中路8号", division="370202001"), unknown=("missing",), drill=True)
    assert Exchange.from_text(whole.to_text()) == whole


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind":"submission"}', "\x00", '{"v":2}'])
def test_what_is_no_paper_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid, match="交换内容有误"):
        Exchange.from_text(text)


def test_an_unknown_field_is_refused_rather_than_dropped() -> None:
    with pytest.raises(Invalid, match="surprise"):
        Exchange.from_text(paper().to_text()[:-1] + ',"surprise":1}')


def test_stated_facts_stand_over_read_ones_and_silence_changes_nothing() -> None:
    read = Reading(deaths=9, trapped=2, place_text="别处", unknown=("ill",))
    over = paper(unknown=("missing",), place=ExchangePlace(text="香港中路8号")).over(read)
    assert (over.deaths, over.trapped, over.place_text, over.kind) == (1, 2, "香港中路8号", "首报")
    assert over.unknown == ("ill", "missing")
    assert over.nature == "report"


def test_a_name_that_is_no_figure_of_ours_does_not_reach_the_reading() -> None:
    assert paper(figures={"drones": 3}).over(Reading()) == paper(figures={}).over(Reading())
