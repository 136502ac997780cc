"""Figures of a period for each unit: received, sent up, used, on time by phone and in writing, late, faults, checks, answers.

Counted from the journal's entries alone; every figure keeps the entries it was counted from. Unknown is not zero: an event whose time was
not said to the minute counts neither as on time nor as late. What began before the period (a message, an incident, a page) is looked up by
its stream: it says whose it is, and is not counted itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple

from dutydesk.clock import MINUTE, SECOND, from_datetime
from dutydesk.domain.circular_policy import Reporting
from dutydesk.domain.circulars import Figure
from dutydesk.domain.directory import Directory
from dutydesk.domain.readings import Reading
from dutydesk.domain.summaries import Line
from dutydesk.domain.tallies import UnitTally

_Report = tuple[str, str, int, int]  # unit, channel, received at, seq
Earlier = Callable[[str], Line | None]  # a stream's first entry, of one that began before the period
SPOKEN = frozenset({"call", "voice"})
UNIT_FIGURES = (
    "received",
    "opened",
    "follow_ups",
    "sent_up",
    "used_special",
    "used_passed_on",
    "used_asked_for",
    "used_summary",
    "used_kept",
    "honour_national",
    "honour_province",
    "honour_city",
    "with_pictures",
    "timed_phone",
    "on_time_phone",
    "timed_written",
    "on_time_written",
    "late",
    "missed",
    "concealed",
    "false",
    "checks_passed",
    "checks_failed",
    "pages",
    "pages_unanswered",
)
MEASURED = (("late_minutes", "min"), ("answer_median", "s"))


class Late(NamedTuple):
    """One first report that came too late: whose, of which incident, when the event was and when the word came."""

    unit: str
    incident: str
    occurred_at: int
    received_at: int
    minutes: int
    seq: int


class Tallied(NamedTuple):
    """Every unit that had something to be counted, in the directory's order; and the late reports, in order of time."""

    units: tuple[UnitTally, ...]
    late: tuple[Late, ...]


@dataclass(slots=True)
class _Incident:
    """What the lateness of an incident's reports is judged by."""

    number: str
    unit: str
    occurred_at: int | None
    reports: dict[str, _Report] = field(default_factory=dict)  # by message
    false: bool = False
    merged: bool = False
    fixed: bool = False  # an officer said when it was


@dataclass(slots=True)
class _Count:
    earlier: Earlier
    seqs: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    messages: dict[str, _Report] = field(default_factory=dict)
    incidents: dict[str, _Incident] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    faults: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    uses: dict[str, tuple[Any, int]] = field(default_factory=dict)
    checks: dict[str, tuple[str, str, int]] = field(default_factory=dict)

    def one(self, unit: str | None, figure: str, seq: int) -> None:
        if unit:
            self.seqs[(unit, figure)].append(seq)

    def report(self, message: str) -> _Report | None:
        """A message as a report, also one of before the period; None for one that only repeats another."""
        if message not in self.messages and (line := self.earlier(f"message/{message}")) and not line.drill:
            event: Any = line.event
            if not event.repeat_of:
                self.messages[message] = (event.unit or "", event.channel, event.received_at, line.seq)
        return self.messages.get(message)

    def unit_of(self, stream: str) -> str:
        """Whose an incident or a page of before the period is; empty for a page that only checks."""
        line = self.earlier(stream)
        return "" if line is None or line.drill or _checks(line.event) else getattr(line.event, "unit", None) or ""


def tally(
    lines: Iterable[Line], directory: Directory, reporting: Reporting, earlier: Earlier = lambda _stream: None
) -> Tallied:
    """Count a period's entries. Drills are not counted."""
    count = _Count(earlier)
    for line in lines:
        if not line.drill and (take := TAKEN.get(type(line.event).__name__)):
            take(count, line, line.event)
    late = [found for one in count.incidents.values() if (found := _judge(count, one, reporting))]
    _settle(count)
    codes = {unit for unit, _figure in count.seqs} | set(count.answers)
    order = {unit.code: n for n, unit in enumerate(directory.units)}
    known = sorted(codes, key=lambda code: (order.get(code, len(order)), code))
    late.sort(key=lambda one: one.received_at)
    return Tallied(tuple(_unit(count, late, code, directory) for code in known), tuple(late))


def _unit(count: _Count, late: list[Late], code: str, directory: Directory) -> UnitTally:
    unit = directory.unit_by_code.get(code)
    own, answers = [one for one in late if one.unit == code], count.answers.get(code, [])
    middle = round(median(after for after, _ in answers) / SECOND) if answers else None
    figures = (
        *(_figure(count, code, name) for name in UNIT_FIGURES),
        Figure(name="late_minutes", value=sum(one.minutes for one in own), unit="min", seqs=tuple(o.seq for o in own)),
        Figure(name="answer_median", value=middle, unit="s", seqs=tuple(seq for _after, seq in answers)),
    )
    if unit is None:
        return UnitTally(unit=code, name=code, kind="", division="", figures=figures)
    return UnitTally(unit=code, name=unit.name, kind=unit.kind, division=unit.division, figures=figures)


def _figure(count: _Count, code: str, name: str) -> Figure:
    seqs = tuple(count.seqs.get((code, name), ()))
    return Figure(name=name, value=len(seqs), seqs=seqs)


def _judge(count: _Count, incident: _Incident, reporting: Reporting) -> Late | None:
    """The reporting unit's first word by phone, and its first in writing, against the time of the event; late when its first of any was.

    The unit it happened at is judged; where that never spoke to us itself, whoever told us first for it, as a district for its town.
    """
    reports = sorted((one for one in incident.reports.values() if one[0]), key=lambda one: one[2])
    if incident.occurred_at is None or incident.false or incident.merged or not incident.unit or not reports:
        return None
    unit = incident.unit if any(one[0] == incident.unit for one in reports) else reports[0][0]
    own = [one for one in reports if one[0] == unit]
    for report in (_first(own, spoken=True), _first(own, spoken=False)):
        if report:
            name = "phone" if report[1] in SPOKEN else "written"
            count.one(unit, f"timed_{name}", report[3])
            if _over(incident.occurred_at, report, reporting) <= 0:
                count.one(unit, f"on_time_{name}", report[3])
    first = own[0]
    over = _over(incident.occurred_at, first, reporting)
    if over <= 0:
        return None
    count.one(unit, "late", first[3])
    return Late(unit, incident.number, incident.occurred_at, first[2], -(-over // MINUTE), first[3])


def _first(reports: list[_Report], *, spoken: bool) -> _Report | None:
    return next((one for one in reports if (one[1] in SPOKEN) is spoken), None)


def _over(occurred_at: int, report: _Report, reporting: Reporting) -> int:
    """By how much a report passed the limit of its channel; not positive when it kept it."""
    minutes = reporting.phone_minutes if report[1] in SPOKEN else reporting.written_minutes
    return report[2] - occurred_at - round(minutes * MINUTE)


def _settle(count: _Count) -> None:
    """What a later entry may have taken back is counted last."""
    for unit, kind, seq in count.faults.values():
        count.one(unit, kind, seq)
    for unit, figure, seq in count.checks.values():
        count.one(unit, figure, seq)
    for marked, seq in count.uses.values():
        count.one(marked.unit, f"used_{marked.use}", seq)
        if marked.honour:
            count.one(marked.unit, f"honour_{marked.honour}", seq)
        if marked.pictures:
            count.one(marked.unit, "with_pictures", seq)


# -- one function an event type


def _recorded(count: _Count, line: Line, event: Any) -> None:
    if not event.repeat_of:
        count.one(event.unit, "received", line.seq)
        count.messages[line.stream.partition("/")[2]] = (event.unit or "", event.channel, event.received_at, line.seq)


def _opened(count: _Count, line: Line, event: Any) -> None:
    number = line.stream.partition("/")[2]
    incident = _Incident(number, event.unit or "", minute_of(event.reading))
    count.incidents[number] = incident
    count.one(event.unit, "opened", line.seq)
    _report(count, incident, event.message)


def _added(count: _Count, line: Line, event: Any) -> None:
    incident = count.incidents.get(line.stream.partition("/")[2])
    said = count.report(event.message)
    count.one(said[0] if said else None, "follow_ups", line.seq)
    if incident:
        if not incident.fixed:
            incident.occurred_at = incident.occurred_at or minute_of(event.reading)
        _report(count, incident, event.message)


def _report(count: _Count, incident: _Incident, message: str) -> None:
    if report := count.report(message):
        incident.reports[message] = report


def _removed(count: _Count, line: Line, event: Any) -> None:
    if incident := count.incidents.get(line.stream.partition("/")[2]):
        incident.reports.pop(event.message, None)


def _fixed(count: _Count, line: Line, event: Any) -> None:
    incident = count.incidents.get(line.stream.partition("/")[2])
    if incident and event.name == "occurred_at":
        incident.occurred_at, incident.fixed = instant(event.value), True


def _closed(count: _Count, line: Line, event: Any) -> None:
    if incident := count.incidents.get(line.stream.partition("/")[2]):
        incident.false = event.outcome == "false"


def _reopened(count: _Count, line: Line, _event: Any) -> None:
    """What was put aside as false and is taken up again may be late after all."""
    if incident := count.incidents.get(line.stream.partition("/")[2]):
        incident.false = False


def _merged(count: _Count, line: Line, event: Any) -> None:
    """Its reports are reports of the incident that it is part of."""
    incident, into = count.incidents.get(line.stream.partition("/")[2]), count.incidents.get(event.into)
    if incident:
        incident.merged = True
    if into:
        for message in event.messages:
            _report(count, into, message)


def _split(count: _Count, line: Line, event: Any) -> None:
    incident, former = count.incidents.get(line.stream.partition("/")[2]), count.incidents.get(event.former)
    if incident:
        incident.merged = False
    if former:
        for message in event.messages:
            former.reports.pop(message, None)


def _checks(event: Any) -> bool:
    return str(getattr(event, "asker", "")).startswith(("check/", "proof/"))


def _paged(count: _Count, line: Line, event: Any) -> None:
    if event.unit and not _checks(event):
        count.pages[line.stream] = event.unit
        count.one(event.unit, "pages", line.seq)


def _answered(count: _Count, line: Line, event: Any) -> None:
    if unit := count.pages.get(line.stream) or count.unit_of(line.stream):
        count.answers[unit].append((event.after, line.seq))


def _exhausted(count: _Count, line: Line, _event: Any) -> None:
    count.one(count.pages.get(line.stream) or count.unit_of(line.stream), "pages_unanswered", line.seq)


def _sent_up(count: _Count, line: Line, event: Any) -> None:
    incident = count.incidents.get(event.incident)
    count.one(incident.unit if incident else count.unit_of(f"incident/{event.incident}"), "sent_up", line.seq)


def _fault(count: _Count, line: Line, event: Any) -> None:
    count.faults[line.stream] = (event.unit, event.kind, line.seq)


def _appeal(count: _Count, line: Line, event: Any) -> None:
    if not event.upheld:
        count.faults.pop(line.stream, None)


def _used(count: _Count, line: Line, event: Any) -> None:
    count.uses[line.stream] = (event, line.seq)


def _passed(count: _Count, line: Line, event: Any) -> None:
    count.checks[line.stream] = (event.unit, "checks_passed", line.seq)


def _failed(count: _Count, line: Line, event: Any) -> None:
    count.checks[line.stream] = (event.unit, "checks_failed", line.seq)


def _excused(count: _Count, line: Line, _event: Any) -> None:
    count.checks.pop(line.stream, None)


TAKEN: dict[str, Callable[[_Count, Line, Any], None]] = {
    "MessageRecorded": _recorded,
    "IncidentOpened": _opened,
    "ReportAdded": _added,
    "FactFixed": _fixed,
    "ReportRemoved": _removed,
    "IncidentClosed": _closed,
    "IncidentReopened": _reopened,
    "IncidentMerged": _merged,
    "IncidentSplit": _split,
    "PageStarted": _paged,
    "PageAcknowledged": _answered,
    "PageExhausted": _exhausted,
    "SubmissionSent": _sent_up,
    "FaultRecorded": _fault,
    "AppealDecided": _appeal,
    "UseMarked": _used,
    "CheckPassed": _passed,
    "CheckFailed": _failed,
    "AppealUpheld": _excused,
}


def minute_of(reading: Reading) -> int | None:
    """The instant of occurrence, when it was said to the minute."""
    return instant(reading.occurred_at or "") if reading.occurred_precision == "minute" else None


def instant(text: str) -> int | None:
    """An ISO time that says hour and minute; None for anything coarser."""
    try:
        return from_datetime(datetime.fromisoformat(text)) if len(text) >= 16 else None
    except ValueError:
        return None


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
