"""How texts are printed in an official document."""

import pytest

from dutydesk.documents.words import typeset


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("时间:06:25(未核实),共3件", "时间：06:25（未核实），共3件"),
        ("损失1,000元;12:30", "损失1,000元；12:30"),
        ("https://desk.example/?a=1", "https://desk.example/?a=1"),
    ],
)
def test_punctuation_beside_a_character_is_as_wide_as_one_and_figures_stay(given: str, shown: str) -> None:
    assert typeset(given) == shown
    assert typeset(shown) == shown
