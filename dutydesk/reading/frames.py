"""Who did what: whether a text tells, with its time, that something went wrong, or what an office did about events.

A fresh time and behind it, in the same sentence, the happening itself make the frame of a report; an office that meets,
honours, buys or judges in between makes none. It must never take the age of an event alone for a reason to be silent.
"""

import re
from datetime import timedelta

from dutydesk.reading.events import Event
from dutydesk.reading.evidence import ACTS
from dutydesk.reading.moments import Moment, Reference
from dutydesk.reading.text import Text

_FRESH = timedelta(days=20)  # a report of what is older is history: a verdict, a jubilee, an inquiry
_DATED = re.compile(r"(?:19|20)?\d\d(?:年|[-./]\d)")
_OLD = timedelta(days=45)  # what is dated so long ago is told, not reported
_BRIEF = 60  # code points of a bulletin that only says that it happened
_WINDOW = 100  # code points of one sentence between the time and the happening
_ONE = re.compile(r"(?:发生|突发|出现|接报|处置)(?:了)?(?:一起|一宗|1起|一例|一次)")
_TELLS = re.compile(r"造成|导致|致使?|共有?|已有|\d人|[一二三四五六七八九十]人|暂无|无人|未造成|伤亡")


def happened(
    text: Text, occurred: Moment | None, found: list[Event], harm: tuple[int, ...], reference: Reference
) -> bool:
    """Whether the text has the frame of a report: a fresh time and the happening, or 发生一起 … 造成, with no office act between.

    `harm` are the places of the figures of harm.
    """
    if occurred is not None and _is_stale(occurred, reference):
        return False
    if occurred is not None and occurred.precision != "day":
        begun = occurred.end
        end = min(text.sentence_end(begun), begun + _WINDOW)
        told = [at for at in (*(e.start for e in found), *harm) if begun <= at < end]
        if told and not ACTS.search(text.plain, begun, min(told)):
            return True
    one = _ONE.search(text.plain[:200])
    if one is None or not (found or harm):
        return False
    start = text.sentence_start(one.start())
    tells = len(text.plain) < _BRIEF or bool(_TELLS.search(text.plain, one.end()))
    return tells and not ACTS.search(text.plain, start, one.end())


def is_old(text: Text, occurred: Moment | None, as_of: Moment | None, reference: Reference) -> bool:
    """Whether the only time said is one long past, with its year: 2013年11月22日…爆炸, on the day that remembers it."""
    if occurred is None or as_of is not None or reference.at - occurred.at <= _OLD:
        return False
    return bool(_DATED.match(text.plain, occurred.start))


def _is_stale(occurred: Moment, reference: Reference) -> bool:
    return reference.at - occurred.at > _FRESH or occurred.at - reference.at > timedelta(days=1)
