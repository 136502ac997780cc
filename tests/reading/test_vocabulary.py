"""The word lists of the reader: each is used, and each line is a pattern by itself."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from dutydesk.reading.vocabulary import alternatives

READING = Path(str(files("dutydesk.reading")))
LISTS = [
    (path.stem, name, body)
    for path in sorted((READING / "data" / "words").glob("*.txt"))
    for name, body in re.findall(
        r"^\[([a-z_]+)\]\n((?:(?!\[[a-z_]+\]\n).*\n?)*)", path.read_text("utf-8"), re.MULTILINE
    )
]


@pytest.mark.parametrize(("file", "name", "body"), LISTS, ids=lambda value: value if len(value) < 40 else "")
def test_every_line_of_a_list_is_a_pattern_of_its_own(file: str, name: str, body: str) -> None:
    lines = [line for line in body.splitlines() if line and not line.startswith("#")]
    assert lines, "an empty list fits everywhere"
    for line in lines:
        re.compile(line)  # raises where the line is none
    assert alternatives(file, name) == "|".join(lines)


def test_no_list_lies_unused() -> None:
    code = "".join(path.read_text("utf-8") for path in READING.glob("*.py"))
    used = set(re.findall(r"alternatives\(['\"](\w+)['\"], ['\"](\w+)['\"]\)", code))
    harm = {("harm", name) for file, name, _ in LISTS if file == "harm"}  # named by the states of words.py
    assert {(file, name) for file, name, _ in LISTS} - used <= harm
    assert used <= {(file, name) for file, name, _ in LISTS}


def test_an_unknown_list_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        alternatives("places", "nowhere")
