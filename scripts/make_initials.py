#!/usr/bin/env python3
"""Writes `dutydesk/web/initials.txt`: the first Latin letter of the reading of every Chinese character, as pypinyin knows it.

A line holds 64 characters of Unicode: the number of the first in hexadecimal, then a letter for each, or `.` where none is known.
The desk keeps the letters alone (0.2 MB); the library with its tables of all readings is 12.
"""

import os
from pathlib import Path

os.environ["PYPINYIN_NO_PHRASES"] = "1"  # a name is no phrase
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT

TABLE = Path(__file__).resolve().parent.parent / "dutydesk" / "web" / "initials.txt"
LINE = 64


def table() -> str:
    """The whole file."""
    starts = sorted({number // LINE * LINE for number in PINYIN_DICT})
    return "".join(f"{start:x} {''.join(map(_letter, range(start, start + LINE)))}\n" for start in starts)


def _letter(number: int) -> str:
    found: str = lazy_pinyin(chr(number), style=Style.FIRST_LETTER)[0] if number in PINYIN_DICT else "."
    return found if found.isascii() and found.isalpha() and len(found) == 1 else "."


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="ascii")
