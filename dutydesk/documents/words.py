"""How documents write figures and times."""

import re
from collections.abc import Callable

from dutydesk.clock import to_datetime

Word = Callable[[str, str], str]  # (group, code) → the word the screen has for it

LEVELS = ("特别重大", "重大", "较大", "一般")
UNKNOWN = "不详"
_HAN = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_NARROW = re.compile(rf"(?<={_HAN})[,:;!?()]|[,:;!?()](?={_HAN})")
_WIDE = {ord(narrow): ord(narrow) - 0x21 + 0xFF01 for narrow in ",:;!?()"}  # the full-width forms


def typeset(text: str) -> str:
    """A text as it is printed in an official document: punctuation beside a Chinese character is as wide as one, so that 28 fit a line."""
    return _NARROW.sub(lambda found: found[0].translate(_WIDE), text)


def figure_value(value: int | None, unit: str = "") -> str:
    """A figure's three faces: a number, 无, 不详. Unknown is not zero."""
    if value is None:
        return UNKNOWN
    if unit == "s":
        return f"{value // 60}分{value % 60}秒" if value >= 60 else f"{value}秒"
    return f"{value}{'分钟' if unit == 'min' else unit}" if value else "无"


def minute(at: int) -> str:
    """2026年1月5日 08:05."""
    moment = to_datetime(at)
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def weekday(at: int) -> str:
    """3日(周四)."""
    moment = to_datetime(at)
    return f"{moment.day}日(周{'一二三四五六日'[moment.weekday()]})"


def span(first: int, last: int) -> str:
    """From one minute to another; the day is said once where both lie in it."""
    same = to_datetime(first).date() == to_datetime(last).date()
    return f"{minute(first)}至{f'{to_datetime(last):%H:%M}' if same else minute(last)}"


def second(at: int) -> str:
    """2026-01-05 08:05:09, the machine's time."""
    return f"{to_datetime(at):%Y-%m-%d %H:%M:%S}"


def date_of(at: int) -> str:
    """2026年1月5日: Arabic numerals without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    moment = to_datetime(at)
    return f"{moment.year}年{moment.month}月{moment.day}日"
