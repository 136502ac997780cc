"""The table of a dispatch's round as content: what is annexed to a follow-up report (续报). Unknown is not zero, silence is named.

`annexes_of` is what a submission's facts call, `in_words` what its text says of each; nothing here draws.
"""

from typing import Any

from pydantic import Field

from dutydesk.domain.readings import FIGURES, Figure, Value
from dutydesk.domain.submission_words import FIGURE_WORDS
from dutydesk.domain.verbs import Look

LONGEST = 80  # characters of a question or an answer in a report's text; all of it stands in the dispatch
MOST_NAMED = 20  # units by name


class AnnexRow(Value):
    """One unit's last word of the round; `text` None while it is silent."""

    unit: str
    name: str
    who: str = ""
    how: str = ""
    at: int | None = None
    text: str | None = None
    figures: dict[str, Figure] = Field(default_factory=dict)
    late_by: int = 0


class Total(Value):
    """One figure over all who gave it: the sum, whether it is only a lower bound, and how many of the units said it."""

    name: str
    sum: int
    at_least: bool
    said_by: int
    of: int


class Annex(Value):
    """One round: the question, who said what when, who is silent, sums with how many they rest on. Instants in microseconds."""

    number: str
    round: int
    question: str
    asked_at: int
    as_of: int
    rows: tuple[AnnexRow, ...]
    silent: tuple[str, ...]
    totals: tuple[Total, ...]


def annex(body: dict[str, Any], as_of: int) -> Annex:
    """The table of one round, from the row of its verification."""
    rows = tuple(_row(line) for line in body["lines"])
    return Annex(
        number=body["number"],
        round=body["round"],
        question=body["text"],
        asked_at=body["asked_at"],
        as_of=as_of,
        rows=rows,
        silent=tuple(row.name for row in rows if row.text is None),
        totals=tuple(total for name in FIGURES if (total := _total(name, rows))),
    )


def annexes_of(look: Look, incident: str) -> tuple[Annex, ...]:
    """The newest round of every dispatch about an incident, in the order they were asked."""
    found = look.by_ref("about", f"incident/{incident}", 200)
    newest: dict[str, dict[str, Any]] = {}
    for body in (f.body for f in found if f.kind == "verification" and f.body["dispatch"]):
        had = newest.get(body["dispatch"])
        if had is None or had["round"] < body["round"]:
            newest[body["dispatch"]] = body
    return tuple(annex(body, look.at) for body in sorted(newest.values(), key=lambda body: int(body["asked_at"])))


def in_words(table: Annex) -> str:
    """One round as a paragraph: who said what, cut where it is long; who is silent; sums with how many said it."""
    told = [f"{row.name}:{row.text[:LONGEST]}" for row in table.rows if row.text is not None]
    totals = (
        f"{FIGURE_WORDS[one.name][0]}合计{one.sum}{FIGURE_WORDS[one.name][1]}{'以上' * one.at_least}"
        f"({one.said_by}家报,共{one.of}家)"
        for one in table.totals
    )
    silent = f"未复{len(table.silent)}家:{_some(table.silent)}" if table.silent else "均已回复"
    said = ";".join((*told[:MOST_NAMED], *([f"其余{len(told) - MOST_NAMED}家略"] if len(told) > MOST_NAMED else ())))
    return f"调度第{table.round}轮({table.question[:LONGEST]}):{'。'.join(filter(None, (said, *totals, silent)))}。"


def _some(names: tuple[str, ...]) -> str:
    return "、".join(names[:MOST_NAMED]) + ("等" if len(names) > MOST_NAMED else "")


def _row(line: dict[str, Any]) -> AnnexRow:
    if not line["answers"]:
        return AnnexRow(unit=line["unit"], name=line["name"])
    last = line["answers"][-1]
    return AnnexRow(
        unit=line["unit"],
        name=line["name"],
        who=last["name"],
        how=last["how"],
        at=last["at"],
        text=last["text"],
        figures=last["figures"],
        late_by=last["late_by"],
    )


def _total(name: str, rows: tuple[AnnexRow, ...]) -> Total | None:
    said = [row.figures[name] for row in rows if row.figures.get(name) is not None]
    if not said:
        return None
    exact = [value for value in said if isinstance(value, int)]
    bounds = [value for value in said if not isinstance(value, int) and value is not None]
    least = sum(exact) + sum(bound.min or 0 for bound in bounds)
    return Total(name=name, sum=least, at_least=bool(bounds), said_by=len(said), of=len(rows))
