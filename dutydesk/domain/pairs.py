"""互建, in words: a town and each unit that lies in it hold one another's contact, and each says that the number is right and was tried.

A pair has two sides, `town` and `unit`; each side says it of the other's A contact. What a side said holds for the very contact and
number it was asked about: where either changes, the pair lapses and is asked anew.
"""

import re
import unicodedata
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from dutydesk.domain.asking import KEYS
from dutydesk.domain.readings import Value
from dutydesk.domain.verbs import Command, Event

Side = Literal["town", "unit"]
SIDES: tuple[Side, Side] = ("town", "unit")
Missed = Literal["no_answer", "called_off", "not_said", "replaced"]
Changed = Literal["contact", "moved"]
RIGHT, WRONG = KEYS["pair"]["1"], KEYS["pair"]["2"]
LONGEST = 500  # characters kept of what a side says is wrong
_SHORT = 60  # characters in which an answer says that it is one; a longer text tells something
_RIGHT = re.compile(
    r"(?:1[,.。、:;\s]*)?(?:(?:号码|电话|姓名|都|均|全部|全|已核对|核对)*(?:对的?|正确|没错|无误|没问题)|已?(?:经)?(?:通话|打通|联系)(?:过|了)?"
    r"|[,.。!、;\s])+"
)
_WRONG = re.compile(
    r"^(?:1|2)[\s,.。、:;]|号码(?:不|有|错|是|变|换|改|停|空|没|已)|空号|换号|换人了|(?:离职|调走|调离|退休)了|已(?:经)?(?:离职|调走|调离|退休|换人)"
    r"|^(?:姓名|名字|人|联络员|都)?(?:不对|有误|错了)|^不认识|联络员(?:换|变|改|错|不|有误|是|叫|姓)"
)


class Line(Value):
    """One pair as one side is asked of it: the other side's contact, by name and number."""

    pair: str
    town: str
    unit: str
    other_name: str  # of the other unit
    contact: str  # the other's contact
    name: str
    number: str


class Said(Value):
    """What a side says of one pair."""

    pair: str
    right: bool
    text: str = ""


class AskPairs(Command):
    """Ask a unit's contact about its pairs that are due. `quiet` (a round, a change): where it cannot be asked it waits or is left."""

    unit: str
    quiet: bool = False


class AnswerPair(Command):
    """One line answered on the page that the asked contact holds."""

    pair: str
    right: bool
    text: str = Field(default="", max_length=LONGEST)
    callee: str


class NotePairAsked(Command):
    """A side has been asked."""

    line: Line
    side: Side
    own_name: str  # of the unit that was asked
    contact: str
    number: str
    division: str


class HearPair(Command):
    """What a side said. `contact`: whose answer it is."""

    side: Side
    contact: str
    right: bool
    text: str = ""
    how: str
    who: str


class MissPair(Command):
    """A side did not say."""

    side: Side
    contact: str
    reason: Missed


class MarkPair(Command):
    """An officer heard by telephone what a side says."""

    town: str
    unit: str
    side: Side
    right: bool
    text: str = Field(default="", max_length=LONGEST)


class NoteMarked(Command):
    """An officer heard one line by telephone: nobody need be asked it any more."""

    pair: str
    by: str


class ReviewPair(Command):
    """The directory has changed: does what was asked still hold?"""


class PairAsked(Event):
    """`contact` and `number` are those of who was asked, `other`, `name` and `other_number` those of whom they were asked about."""

    private: ClassVar[frozenset[str]] = frozenset({"number", "name", "other_number"})
    town: str
    unit: str
    town_name: str
    unit_name: str
    side: Side
    contact: str
    number: str
    other: str
    name: str
    other_number: str
    division: str
    at: int


class PairConfirmed(Event):
    """The number is right and was tried. `unit`: whose open question need not ask it any more, when an officer heard it."""

    side: Side
    contact: str
    how: str
    by: str
    unit: str = ""
    at: int


class PairDisputed(Event):
    """Something is wrong; an officer reads it and mends the directory. `unit`: as in PairConfirmed."""

    private: ClassVar[frozenset[str]] = frozenset({"text"})
    side: Side
    contact: str
    text: str
    how: str
    by: str
    unit: str = ""
    at: int


class PairMissed(Event):
    side: Side
    reason: Missed
    at: int


class PairLapsed(Event):
    """What was said no longer holds. `again`: both sides are asked anew, within their load."""

    town: str
    unit: str
    why: Changed
    again: bool
    at: int


class PairsAsked(Event):
    """One question to one contact. `more`: pairs that did not fit into it; they are asked when the load allows."""

    private: ClassVar[frozenset[str]] = frozenset({"number", "subject", "lines"})
    unit: str
    name: str
    contact: str
    number: str
    side: Side
    lines: tuple[Line, ...] | Literal["〔已删除〕"]
    more: bool = False
    page: str
    policy: str
    subject: str
    division: str
    at: int


class PairsAnswered(Event):
    """`over`: the question waits for no more; `page`: what still asks and need not any more."""

    private: ClassVar[frozenset[str]] = frozenset({"said", "number"})
    contact: str
    number: str
    side: Side
    said: tuple[Said, ...] | Literal["〔已删除〕"]
    unsaid: tuple[str, ...] = ()
    how: str
    by: str
    over: bool
    page: str = ""
    at: int


class PairsHeard(Event):
    """One line was heard by an officer. `over` and `page` as in PairsAnswered."""

    pair: str
    by: str
    over: bool
    page: str = ""
    at: int


class StrayAnswered(Event):
    """Somebody who was not asked said something: kept, and not taken."""

    private: ClassVar[frozenset[str]] = frozenset({"text"})
    who: str
    how: str
    text: str
    at: int


class PairsMissed(Event):
    """Nobody answered, or the question was called off. `page`: what still asks and need not any more."""

    contact: str
    side: Side
    pairs: tuple[str, ...]
    reason: Missed
    page: str = ""
    at: int


class PairsPutOff(Event):
    """Not now: the unit has had its load, or its contact is being called about something else."""

    unit: str
    division: str
    next_at: int


def pair_id(town: str, unit: str) -> str:
    """The stream of a town and a unit."""
    return f"{town}-{unit}"


class Named(NamedTuple):
    """A pair and the words by which a text may mean it."""

    pair: str
    words: tuple[str, ...]


def is_answer(text: str) -> bool:
    """Whether words answer the question by themselves: all is right, or a key or words about the contact say what is wrong."""
    plain = _plain(text)
    return bool(_RIGHT.fullmatch(plain)) or (len(plain) <= LONGEST and bool(_WRONG.search(plain[:_SHORT])))


def may_be_answer(text: str) -> bool:
    """Whether a text is so short that it may be one: who knows the new contact may write no more than a name."""
    return 0 < len(_plain(text)) <= _SHORT


def heard(text: str, lines: tuple[Named, ...]) -> tuple[Said, ...]:
    """What a reply says of each pair asked about: all right, or those wrong that it names; naming none it may mean any, so all are."""
    plain = _plain(text)
    if plain == RIGHT or (_RIGHT.fullmatch(plain) and plain.strip(" ,.。!、;")):
        return tuple(Said(pair=line.pair, right=True) for line in lines)
    meant = [line for line in lines if any(word and word in plain for word in line.words)] or lines
    return tuple(Said(pair=line.pair, right=False, text=plain[:LONGEST]) for line in meant)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
