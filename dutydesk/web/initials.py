"""The initials by which a name is found: 市南区 is typed `snq`. The letters stand in initials.txt (scripts/make_initials.py)."""

from functools import cache
from importlib.resources import files

_LINE = 64  # characters of a line


def initials(word: str) -> str:
    """The first Latin letter of each Chinese character, its commonest reading; any other character as it is."""
    return "".join(map(_letter, word))


def _letter(character: str) -> str:
    line, place = divmod(ord(character), _LINE)
    letters = _lines().get(line)
    return letters[place] if letters and letters[place] != "." else character


@cache
def _lines() -> dict[int, str]:
    """Letters by the number of their line in Unicode."""
    text = files("dutydesk.web").joinpath("initials.txt").read_text("ascii")
    return {int(start, 16) // _LINE: letters for start, letters in map(str.split, text.splitlines())}
