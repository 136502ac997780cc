"""What a question asks for, what a short reply to it means, and how whoever asked is told. Shared by all that ask somebody something.

A page carries the question; `asks` says which answers close it. A bare 收到 proves that somebody read it, not that it is so.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from dutydesk.domain import answers
from dutydesk.domain.submissions import LineTurn
from dutydesk.domain.verbs import Command

Asks = Literal["sign", "truth", "report", "presence", "check", "guidance", "pair"]
Truth = Literal["true", "false", "partly", "unclear"]

WORDS: dict[Truth, str] = {"true": "属实", "false": "不属实", "partly": "部分属实", "unclear": "不清楚"}
KEYS: dict[Asks, dict[str, str]] = {
    "sign": {},
    "truth": {"1": WORDS["true"], "2": WORDS["false"], "3": WORDS["unclear"], "4": WORDS["partly"]},
    "report": {"1": "无情况"},
    "presence": {"1": "在岗,正常"},
    "guidance": {"1": "同意", "2": "不同意"},
    "check": {"1": "在岗,能联系带班领导", "2": "带班领导联系不上", "3": "不是值班表上的人", "4": "电话是转接的"},
    "pair": {"1": "号码对,已通话", "2": "不对,要改"},
}
_PATTERNS: tuple[tuple[Truth, re.Pattern[str]], ...] = (
    ("partly", re.compile(r"(?:部分|基本|大体)(?:是)?属实")),
    (
        "false",
        re.compile(
            r"不属实|不实|非属实|未属实|(?:没有|无|未有)(?:此事|这回事|这件事|此情况)|没有发生|未发生|谣言|假的|虚假"
        ),
    ),
    (
        "unclear",
        re.compile(
            r"不(?:太)?清楚|不了解|不掌握|不知道|(?:正在|尚在|还在|待)(?:进一步)?(?:核|了解|调查)|核实中|是否属实"
        ),
    ),
    ("true", re.compile(r"属实|确有(?:此|其)事|有此事|是真的|确实(?:发生|有)")),
)
# a verdict said first stands, whatever follows
_LED = re.compile(r"(部分属实|不属实|不清楚|属实)(?=[。.,,;;::!!\s]|$)")
_HEAD = 60  # characters in which a verdict is looked for: further on a text tells, it no longer answers
_KEY = re.compile(r"(\d)[。.!！\s]*")


@lru_cache(maxsize=64)  # a text may be a megabyte; asked twice of each report
def truth_of(text: str) -> Truth | None:
    """The one verdict a text gives in its first words; None when it gives none, or more than one."""
    rest, found = unicodedata.normalize("NFKC", text).strip()[:_HEAD], list[Truth]()
    if led := _LED.match(rest):
        return next(truth for truth, word in WORDS.items() if word == led[1])
    for truth, pattern in _PATTERNS:
        rest, hits = pattern.subn("#", rest)
        found += [truth] if hits else []
    return found[0] if len(found) == 1 else None


def meant(asks: Asks, text: str) -> str | None:
    """A reply in words: a key as what it stands for. None when it only says that the question arrived."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if asks == "sign" or asks == "presence":
        return KEYS[asks].get(plain, text)
    if match := _KEY.fullmatch(plain):
        return KEYS[asks].get(match[1])
    return text if answers.parse(text).kind == "text" and plain else None


class NoteAnswer(Command):
    """Somebody asked has answered. `asked` names the line of the table, `late` that the page was over already."""

    asked: str
    who: str
    how: str
    text: str
    message: str | None = None
    late: bool = False
    declined: bool = False  # whoever was asked does not take it on, and says why


class NoteArrival(Command):
    """How far the question came over the line of a linked desk, and the number under which it was recorded there."""

    asked: str
    status: LineTurn
    receipt: str = ""


class NoteSilence(Command):
    """The page that carried the question is used up: nobody of the whole ladder answered."""

    asked: str
    page: str


class NoteStopped(Command):
    """The page was called off before an answer."""

    asked: str
    reason: str
