"""The words and turns of phrase that the reader knows, kept as data: data/words/*.txt, a [section] a list, an alternative a line.

Each line is a regular expression of `re`; of several that fit at one place the one that stands first wins, so the order is part
of the meaning. A line that begins with # is a remark.
"""

import re
from functools import cache

from dutydesk.reading.text import resource

_SECTION = re.compile(r"^\[([a-z_]+)\]$", re.MULTILINE)


@cache
def _sections(file: str) -> dict[str, str]:
    parts = _SECTION.split(resource(f"words/{file}.txt"))
    return {name: _joined(body) for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def _joined(body: str) -> str:
    return "|".join(line for line in body.splitlines() if line and not line.startswith("#"))


def alternatives(file: str, section: str) -> str:
    """The alternatives of a section, joined for `re.compile`. Raises KeyError when there is no such section."""
    return _sections(file)[section]
