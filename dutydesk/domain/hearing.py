"""When somebody was last heard of: the newest message from their numbers, or of their district, of today and yesterday."""

from collections.abc import Iterable

from dutydesk.clock import DAY, day
from dutydesk.domain.nearby import sender_day
from dutydesk.domain.verbs import Look


def last_word(look: Look, numbers: Iterable[str]) -> int:
    """The instant of the newest message from any of these numbers; 0 for none of yesterday and today."""
    words = (sender_day(number, at) for number in numbers for at in (look.at, look.at - DAY))
    return max((_newest(look, "sender", word) for word in words), default=0)


def last_word_of(look: Look, district: str) -> int:
    """The same for everybody registered in a district."""
    return max(_newest(look, "heard", district_day(district, at)) for at in (look.at, look.at - DAY))


def district_day(division: str, at: int) -> str:
    """The word by which a day's messages of a district are found."""
    return f"{division[:6]}|{day(at)}"


def _newest(look: Look, name: str, word: str) -> int:
    return max((int(found.body["received_at"]) for found in look.by_ref(name, word, 1)), default=0)
