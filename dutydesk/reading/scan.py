"""What one text says of people before anything is paired: its words of harm, its numbers, and the claims found so far.

It must never look at more words and numbers than its bound: pairing them is quadratic.
"""

import re
from dataclasses import dataclass
from itertools import islice

from dutydesk.domain.readings import Figure
from dutydesk.reading import words
from dutydesk.reading.numerals import Number
from dutydesk.reading.slots import slots
from dutydesk.reading.text import Text

_MOST = 160  # numbers and words weighed in one text: the news read have 60 at most; pairing them is quadratic
NEGATION = re.compile(
    r"(?:(?<!有)无(?!锡|为|棣|极|线|名|证|照)|(?<!有)没有?|没(?:伤|砸|死|出)着?|未(?!央)|暂无|尚无|并无|不存在|冇|未有|没得|莫得)"
    r"(?:造成|发生|出现|砸着|伤着|伤到|发现|接到|收到|导致|任何|新增|再有|因此|听说|关于|报告|有|见|致|闻)*"
    r"(?:一?个?人员?|旅客|乘客|群众|师生|学生|居民|司乘|村民|儿童|其他|工人|重大|大的)*(?:因灾|因此|的)?(?:发生|出现|被|受|重大)?$"
)
_STILL_OUT = re.compile(r"没上来|[仍正]在[^土洞井废]*")
_WATER = re.compile(r"下水(?!道)|船|溺|失联|失踪|游泳|下河|河里|河边|水库|水塘|池塘|海里|沉下|落水|江里")


@dataclass(frozen=True, slots=True)
class Mention:
    """One claim: the field, the figure (None with `vague`), where it stands, and the shape it has."""

    field: str
    figure: Figure
    start: int
    end: int
    vague: bool = False
    none: bool = False
    noun: bool = False
    weak: bool = False
    joined: bool = False
    number: int = -1

    @property
    def leads(self) -> bool:
        """Whether the word stands before its number: 死亡3人."""
        return self.number > self.start


@dataclass(slots=True)
class Word:
    field: str
    start: int
    end: int
    used: bool = False


class Scan:
    """One pass over one text: the numbers, the words, and the pairs found so far."""

    def __init__(self, text: Text, found: list[Number]) -> None:
        self.plain = text.plain
        self.words = [
            Word(_in_water(text.plain, match, field), match.start(), match.end())
            for match in islice(words.status_pattern().finditer(text.plain), _MOST)
            if (field := words.field_of(match.lastgroup)) is not None
        ]
        self.slots = slots(text.plain, found[:_MOST])
        self.starts = {slot.start for slot in self.slots if slot.kind == "people"}
        self.ends = {slot.end for slot in self.slots}
        self.bare_ends = {slot.end for slot in self.slots if slot.kind == "bare"}
        self.out: list[Mention] = []


def _in_water(plain: str, match: re.Match[str], field: str) -> str:
    """没上来 and 仍在搜救 of a mine, a well or a ruin are trapped, of open water missing."""
    if _STILL_OUT.fullmatch(match.group()) and _WATER.search(plain, max(0, match.start() - 40), match.start()):
        return "missing"
    return field
