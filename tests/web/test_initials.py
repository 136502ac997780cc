"""The letters by which names are found are those of the library they were taken from."""

from dutydesk.web.initials import initials
from scripts.make_initials import TABLE, table


def test_the_table_says_what_the_library_says() -> None:
    assert TABLE.read_text("ascii") == table()


def test_whatever_is_no_chinese_character_stays() -> None:
    assert initials("市南区12345 a号〇") == "snq12345 ahl"
