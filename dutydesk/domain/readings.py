"""What a text was read to say: the value type that the reader makes and the desk acts on.

Unknown is not zero: a figure is None when the text is silent or says it is being verified (then its name stands in
`unknown`), 0 only when the text says none. Spans count code points of the text, [start, end).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Category = Literal["natural_disaster", "accident", "public_health", "social_security"]
Kind = Literal["首报", "续报", "终报"]
Level = Literal["特别重大", "重大", "较大", "一般"]
Nature = Literal["report", "drill", "answer", "greeting", "advertisement", "notice", "tip", "rumour_denied", "unsure"]
Precision = Literal["minute", "hour", "part_of_day", "day"]
Span = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]


class Value(BaseModel):
    """A frozen value; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bounds(Value):
    """A figure known only from one or both sides: 十余人 is min 10, 近百 is max 100."""

    min: int | None = None
    max: int | None = None


Figure = int | Bounds | None


def lowest(figure: Figure) -> int:
    """The least that a figure says; unknown counts as nothing."""
    if isinstance(figure, Bounds):
        return figure.min if figure.min is not None else 0
    return figure or 0


class Candidate(Value):
    """A place the words may mean: division code (GB/T 2260) or unit code, its full name and how sure (0 to 1)."""

    code: str
    name: str
    score: float


class Reading(Value):
    """One text, read. Every field may be absent; nothing here is a decision."""

    nature: Nature = "unsure"
    is_emergency: bool = False
    is_drill: bool = False
    category: Category | None = None
    code: str | None = None
    subtype: str | None = None
    other_codes: tuple[str, ...] = ()
    kind: Kind | None = None
    correction: bool = False
    cut_off: bool = False
    occurred_at: str | None = None
    occurred_precision: Precision | None = None
    as_of: str | None = None
    reported_at: str | None = None
    place_text: str | None = None
    county: str | None = None
    places: tuple[Candidate, ...] = ()
    deaths: Figure = None
    injured: Figure = None
    seriously_injured: Figure = None
    missing: Figure = None
    trapped: Figure = None
    rescued: Figure = None
    evacuated: Figure = None
    affected: Figure = None
    households: Figure = None
    ill: Figure = None
    direct_loss_cny: Figure = None
    area_m2: Figure = None
    level: Level | None = None
    unknown: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    spans: dict[str, tuple[Span, ...]] = {}
    reader: str = "rules"


FIGURES = (
    "deaths",
    "injured",
    "seriously_injured",
    "missing",
    "trapped",
    "rescued",
    "evacuated",
    "affected",
    "households",
    "ill",
    "direct_loss_cny",
    "area_m2",
)


def tells(reading: Reading) -> bool:
    """Whether a text tells of something that happens or happened, or could not be read, so that it may."""
    figures = any(getattr(reading, name) is not None for name in FIGURES)
    named = reading.category or reading.kind
    return reading.is_emergency or bool(named) or figures or reading.reader.startswith("failed")
