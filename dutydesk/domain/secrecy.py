"""涉密不上网: marks of classified text, found at every entrance (保守国家秘密法; 山东省突发事件应对条例 (2012) art. 30(3))."""

import re
from collections.abc import Sequence
from functools import cache

_SPACE = re.compile(r"[\s\u3000]+")
_SAME = str.maketrans({"☆": "★", "*": "★", "﹕": ":", ":": ":"})


def mark(text: str, marks: Sequence[str]) -> str:
    """The first mark of classification in a text, as the configuration writes it; empty when there is none.

    Blanks do not count, and neither does the shape of the colon or star.
    """
    plain = _plain(text)
    return next((known for known in marks if _plain_mark(known) in plain), "")


def _plain(text: str) -> str:
    return _SPACE.sub("", text).translate(_SAME)


_plain_mark = cache(_plain)
