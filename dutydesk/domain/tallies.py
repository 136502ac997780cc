"""A circular's figures for each unit and district, with scores: kept in a stream of their own, for whoever asks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dutydesk.domain.circulars import Figure
from dutydesk.domain.directory import Directory
from dutydesk.domain.readings import Value
from dutydesk.domain.scoring import Score
from dutydesk.domain.verbs import Book, Command, Context, Event, Row


class UnitTally(Value):
    """One unit's figures. `division`: where it lies, GB/T 2260; of a district's sum, its six digits."""

    unit: str
    name: str
    kind: str
    division: str
    figures: tuple[Figure, ...]

    def counts(self) -> dict[str, int | None]:
        """The figures by name."""
        return {figure.name: figure.value for figure in self.figures}


class Scored(Value):
    """A unit's score under the circular's scheme."""

    unit: str
    score: Score


def by_district(found: Iterable[UnitTally], directory: Directory) -> tuple[UnitTally, ...]:
    """The same figures added up for each district (the first six digits of the division)."""
    groups: dict[str, list[UnitTally]] = defaultdict(list)
    for one in found:
        if len(one.division) >= 6:
            groups[one.division[:6]].append(one)
    names = {unit.division: unit.name for unit in directory.units if unit.kind == "district"}
    names = {code: "市直单位" for code in groups if code.endswith("00")} | names
    return tuple(_sum(code, names.get(code, code), groups[code]) for code in sorted(groups))


def _sum(code: str, name: str, members: list[UnitTally]) -> UnitTally:
    figures: dict[str, Figure] = {}
    for figure in (figure for member in members for figure in member.figures if figure.name != "answer_median"):
        former = figures.get(figure.name)
        value = (former.value or 0) + (figure.value or 0) if former else figure.value
        figures[figure.name] = Figure(
            name=figure.name, value=value, unit=figure.unit, seqs=(former.seqs if former else ()) + figure.seqs
        )
    return UnitTally(unit=code, name=name, kind="district", division=code, figures=tuple(figures.values()))


class KeepTally(Command):
    """The figures were counted, outside the pen."""

    scheme: str = ""
    scheme_name: str = ""
    confirmed: bool = True  # whether the scheme's figures were read in its source
    units: tuple[UnitTally, ...]
    districts: tuple[UnitTally, ...]
    scores: tuple[Scored, ...] = ()
    coverage: tuple[UnitTally, ...] = ()  # contacts' numbers and pairs by district, and all together


class TallyKept(Event):
    scheme: str = ""
    scheme_name: str = ""
    confirmed: bool = True
    units: tuple[UnitTally, ...]
    districts: tuple[UnitTally, ...]
    scores: tuple[Scored, ...] = ()
    coverage: tuple[UnitTally, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    kept: TallyKept | None = None


def decide(state: Tally, command: Command, _context: Context[None]) -> list[Event]:
    """Counted once: what was counted for a circular stays, also when entries come later."""
    if state.kept or not isinstance(command, KeepTally):
        return []
    said = {name: getattr(command, name) for name in KeepTally.model_fields}
    return [TallyKept(**said)]


def evolve(state: Tally, event: Event) -> Tally:
    return Tally(event) if isinstance(event, TallyKept) else state


def project(_id: str, state: Tally) -> Row | None:
    if state.kept is None:
        return None
    body: dict[str, Any] = state.kept.model_dump(mode="json")
    return Row(body, open=False)


book = Book(kind="tally", blank=Tally(), events=(TallyKept,), decide=decide, evolve=evolve, project=project)
