"""What duty rooms hand each other, as one value: a submission going up, a question either way, an instruction or document
coming down, an answer, word that what was asked is settled, an alert.

It is the content of a delivery with `how="link"` (its text is `Exchange.to_text()`), of a message that came in by a link, and what
becomes CAP 1.2 and is read from it. Unknown is not zero: a figure that is not known is absent and may be named in `unknown`.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError

from dutydesk.clock import to_datetime
from dutydesk.domain.readings import FIGURES, Category, Figure, Kind, Level, Reading, Value
from dutydesk.errors import Invalid

ExchangeKind = Literal["submission", "question", "instruction", "document", "reply", "settled", "alert", "roster"]
FROM_ABOVE: frozenset[ExchangeKind] = frozenset({"question", "instruction", "document"})
Line = Annotated[str, Field(max_length=300)]
Word = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]  # by which rows are found
LONGEST_TEXT = 200_000  # characters of one text; a report upward has a few thousand


class ExchangeFile(Value):
    """A file that belongs to it, by the SHA-256 of its bytes."""

    digest: Line
    name: Line = ""
    media_type: Line = ""
    size: int = Field(default=0, ge=0)


class ExchangePlace(Value):
    """Where: the words, the division (GB/T 2260, six or nine digits) and a point, when known (degrees, WGS 84)."""

    text: Line = ""
    division: Line = ""
    unit_name: Line = ""
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


class Exchange(Value):
    """One paper. `number` is the sender's own for it and, with `desk`, names it for ever; a reply or a follow-up names the earlier
    ones in `references`. `event` is the event's number in the 31-character pattern. Instants are microseconds UTC.
    """

    v: Literal[1] = 1
    kind: ExchangeKind
    number: Word
    desk: Word  # unit code of the desk that issued it
    desk_name: Line = ""
    drill: bool = False
    event: Line = ""
    event_status: Literal["open", "false", "closed"] = "open"  # 不实 cancels what was sent before, closed ends it
    stage: Kind | None = None  # 首报, 续报, 终报
    ordinal: int = Field(default=1, ge=1)  # 1 is the 首报
    references: tuple[Word, ...] = Field(default=(), max_length=200)
    # when those were issued, in the same order, if known
    reference_times: tuple[int, ...] = Field(default=(), max_length=200)
    title: Line
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]
    issued_at: int
    signed_by: Line = ""
    answer_by: int | None = None  # of a question or an instruction
    declined: bool = False  # of a reply: the asked desk does not take it on, and says why
    category: Category | None = None
    code: Line = ""  # GB/T 35561
    subtype: Line = ""
    level: Level | None = None
    flags: tuple[Line, ...] = Field(default=(), max_length=50)
    occurred_at: int | None = None
    place: ExchangePlace = ExchangePlace()
    figures: dict[str, Figure] = Field(default_factory=dict, max_length=50)
    unknown: tuple[Line, ...] = Field(default=(), max_length=50)  # figures that are being verified
    unverified: tuple[Line, ...] = Field(default=(), max_length=50)  # elements given 未核实
    files: tuple[ExchangeFile, ...] = Field(default=(), max_length=50)

    def to_text(self) -> str:
        """The JSON that a delivery carries; what stands at its default is left out."""
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The paper of such a JSON. Raises Invalid naming the first field that is wrong."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            raise Invalid(f"交换内容有误:{'.'.join(map(str, first['loc'])) or '正文'}") from None

    def over(self, reading: Reading) -> Reading:
        """The reading of its text with what the paper states instead of what was read: stated facts are not guessed."""
        said = {
            "category": self.category,
            "code": self.code or None,
            "subtype": self.subtype or None,
            "level": self.level,
            "kind": self.stage,
            "place_text": self.place.text or None,
            "occurred_at": None if self.occurred_at is None else to_datetime(self.occurred_at).isoformat(),
        }
        figures = {name: value for name, value in self.figures.items() if name in FIGURES}
        stated = {name: value for name, value in (said | figures).items() if value is not None}
        unknown = tuple(dict.fromkeys((*reading.unknown, *self.unknown)))
        nature = "report" if self.kind in ("submission", "alert") else reading.nature
        return reading.model_copy(update={"nature": nature, "unknown": unknown} | stated)
