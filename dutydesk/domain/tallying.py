"""Figures of a period for each unit: received, sent up, used, on time by phone and in writing, late, faults, checks, answers.

Counted from the journal's entries alone, as they are written and in one pass; every figure keeps its entries. Unknown is not zero: an
event whose time was not said to the minute, or whose lateness was excused, counts neither as on time nor as late. What began before the
period (a message, an incident, a page) is looked up by its stream: it says whose it is, and is not counted itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple

from dutydesk.clock import MINUTE, SECOND, from_datetime
from dutydesk.domain.circular_policy import Reporting
from dutydesk.domain.circulars import Figure
from dutydesk.domain.counted import Counted
from dutydesk.domain.directory import Directory
from dutydesk.domain.tallies import UnitTally

_Report = tuple[str, str, int, int]  # unit, channel, received at, seq
Said = Mapping[str, Any]  # an entry's fields as they were written
Earlier = Callable[[str], Counted | None]  # a stream's first entry, of one that began before the period
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
class Count:
    """Takes a period's entries one after the other. Drills are not counted."""

    earlier: Earlier
    seqs: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    messages: dict[str, _Report] = field(default_factory=dict)
    incidents: dict[str, _Incident] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    faults: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    # lateness by its stream: whose, of which incident
    objected: dict[str, tuple[str, str]] = field(default_factory=dict)
    excused: set[tuple[str, str]] = field(default_factory=set)
    uses: dict[str, tuple[Said, int]] = field(default_factory=dict)
    checks: dict[str, tuple[str, str, int]] = field(default_factory=dict)

    def take(self, entry: Counted) -> None:
        """One more entry, in the journal's order."""
        if not entry.drill and (take := _TAKEN.get(entry.type)):
            take(self, entry, entry.body)

    def tallied(self, directory: Directory, reporting: Reporting) -> Tallied:
        """Every unit's figures, once all entries were taken."""
        late = [found for one in self.incidents.values() if (found := _judge(self, one, reporting))]
        _settle(self)
        codes = {unit for unit, _figure in self.seqs} | set(self.answers)
        order = {unit.code: n for n, unit in enumerate(directory.units)}
        known = sorted(codes, key=lambda code: (order.get(code, len(order)), code))
        late.sort(key=lambda one: one.received_at)
        return Tallied(tuple(_unit(self, late, code, directory) for code in known), tuple(late))

    def one(self, unit: str | None, figure: str, seq: int) -> None:
        if unit:
            self.seqs[(unit, figure)].append(seq)

    def report(self, message: str) -> _Report | None:
        """A message as a report, also one of before the period; None for one that only repeats another."""
        if message not in self.messages and (began := self.earlier(f"message/{message}")) and not began.drill:
            self.keep(message, began)
        return self.messages.get(message)

    def keep(self, message: str, entry: Counted) -> bool:
        """Remember a recorded message; False for one that only repeats another."""
        said = entry.body
        if said.get("repeat_of"):
            return False
        self.messages[message] = (said.get("unit") or "", said["channel"], said["received_at"], entry.seq)
        return True

    def unit_of(self, stream: str) -> str:
        """Whose an incident or a page of before the period is; empty for a page that only checks."""
        began = self.earlier(stream)
        return "" if began is None or began.drill or _checks(began.body) else began.body.get("unit") or ""

    def unit_paged(self, stream: str) -> str:
        """Whose a page is, also one of before the period."""
        known = self.pages.get(stream)
        return self.unit_of(stream) if known is None else known


def tally(
    entries: Iterable[Counted], directory: Directory, reporting: Reporting, earlier: Earlier = lambda _stream: None
) -> Tallied:
    """Count a period's entries at once."""
    count = Count(earlier)
    for entry in entries:
        count.take(entry)
    return count.tallied(directory, reporting)


def _unit(count: Count, late: list[Late], code: str, directory: Directory) -> UnitTally:
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


def _figure(count: Count, code: str, name: str) -> Figure:
    seqs = tuple(count.seqs.get((code, name), ()))
    return Figure(name=name, value=len(seqs), seqs=seqs)


def _judge(count: Count, incident: _Incident, reporting: Reporting) -> Late | None:
    """The reporting unit's first word by phone, and its first in writing, against the time of the event; late when its first of any was.

    The unit it happened at is judged; where that never spoke to us itself, whoever told us first for it, as a district for its town.
    """
    reports = sorted((one for one in incident.reports.values() if one[0]), key=lambda one: one[2])
    if incident.occurred_at is None or incident.false or incident.merged or not incident.unit or not reports:
        return None
    unit = incident.unit if any(one[0] == incident.unit for one in reports) else reports[0][0]
    if (unit, incident.number) in count.excused:
        return None
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


def _settle(count: Count) -> None:
    """What a later entry may have taken back is counted last."""
    for unit, kind, seq in count.faults.values():
        count.one(unit, kind, seq)
    for unit, figure, seq in count.checks.values():
        count.one(unit, figure, seq)
    for marked, seq in count.uses.values():
        count.one(marked["unit"], f"used_{marked['use']}", seq)
        if honour := marked.get("honour"):
            count.one(marked["unit"], f"honour_{honour}", seq)
        if marked.get("pictures"):
            count.one(marked["unit"], "with_pictures", seq)


# -- one function an event type


def _recorded(count: Count, entry: Counted, said: Said) -> None:
    if count.keep(entry.stream.partition("/")[2], entry):
        count.one(said.get("unit"), "received", entry.seq)


def _opened(count: Count, entry: Counted, said: Said) -> None:
    number = entry.stream.partition("/")[2]
    incident = _Incident(number, said.get("unit") or "", minute_of(said["reading"]))
    count.incidents[number] = incident
    count.one(said.get("unit"), "opened", entry.seq)
    _report(count, incident, said["message"])


def _added(count: Count, entry: Counted, said: Said) -> None:
    incident = count.incidents.get(entry.stream.partition("/")[2])
    report = count.report(said["message"])
    count.one(report[0] if report else None, "follow_ups", entry.seq)
    if incident:
        if not incident.fixed:
            incident.occurred_at = incident.occurred_at or minute_of(said["reading"])
        _report(count, incident, said["message"])


def _report(count: Count, incident: _Incident, message: str) -> None:
    if report := count.report(message):
        incident.reports[message] = report


def _removed(count: Count, entry: Counted, said: Said) -> None:
    if incident := count.incidents.get(entry.stream.partition("/")[2]):
        incident.reports.pop(said["message"], None)


def _fixed(count: Count, entry: Counted, said: Said) -> None:
    incident = count.incidents.get(entry.stream.partition("/")[2])
    if incident and said["name"] == "occurred_at":
        incident.occurred_at, incident.fixed = instant(said.get("value", "")), True


def _closed(count: Count, entry: Counted, said: Said) -> None:
    if incident := count.incidents.get(entry.stream.partition("/")[2]):
        incident.false = said["outcome"] == "false"


def _reopened(count: Count, entry: Counted, _said: Said) -> None:
    """What was put aside as false and is taken up again may be late after all."""
    if incident := count.incidents.get(entry.stream.partition("/")[2]):
        incident.false = False


def _merged(count: Count, entry: Counted, said: Said) -> None:
    """Its reports are reports of the incident that it is part of."""
    incident, into = count.incidents.get(entry.stream.partition("/")[2]), count.incidents.get(said["into"])
    if incident:
        incident.merged = True
    if into:
        for message in said["messages"]:
            _report(count, into, message)


def _split(count: Count, entry: Counted, said: Said) -> None:
    incident, former = count.incidents.get(entry.stream.partition("/")[2]), count.incidents.get(said["former"])
    if incident:
        incident.merged = False
    if former:
        for message in said["messages"]:
            former.reports.pop(message, None)


def _checks(said: Said) -> bool:
    return str(said.get("asker", "")).startswith(("check/", "proof/", "pairing/"))


def _paged(count: Count, entry: Counted, said: Said) -> None:
    unit = "" if _checks(said) else said.get("unit") or ""
    count.pages[entry.stream] = unit
    count.one(unit, "pages", entry.seq)


def _answered(count: Count, entry: Counted, said: Said) -> None:
    if unit := count.unit_paged(entry.stream):
        count.answers[unit].append((said["after"], entry.seq))


def _exhausted(count: Count, entry: Counted, _said: Said) -> None:
    count.one(count.unit_paged(entry.stream), "pages_unanswered", entry.seq)


def _sent_up(count: Count, entry: Counted, said: Said) -> None:
    incident = count.incidents.get(said["incident"])
    unit = incident.unit if incident else count.unit_of(f"incident/{said['incident']}")
    count.one(unit, "sent_up", entry.seq)


def _fault(count: Count, entry: Counted, said: Said) -> None:
    if said["kind"] == "late":  # computed: it is not counted once more
        count.objected[entry.stream] = (said["unit"], said["incident"])
    else:
        count.faults[entry.stream] = (said["unit"], said["kind"], entry.seq)


def _appeal(count: Count, entry: Counted, said: Said) -> None:
    if not said["upheld"]:
        count.faults.pop(entry.stream, None)
        if objected := count.objected.get(entry.stream):
            count.excused.add(objected)


def _used(count: Count, entry: Counted, said: Said) -> None:
    count.uses[entry.stream] = (said, entry.seq)


def _passed(count: Count, entry: Counted, said: Said) -> None:
    count.checks[entry.stream] = (said["unit"], "checks_passed", entry.seq)


def _failed(count: Count, entry: Counted, said: Said) -> None:
    count.checks[entry.stream] = (said["unit"], "checks_failed", entry.seq)


def _excused(count: Count, entry: Counted, _said: Said) -> None:
    count.checks.pop(entry.stream, None)


_TAKEN: dict[str, Callable[[Count, Counted, Said], None]] = {
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
TYPES = frozenset(_TAKEN)
HIDDEN = frozenset({"FactFixed"})  # those of which something erasable counts: the time that an officer said


def minute_of(reading: Said) -> int | None:
    """The instant of occurrence, when it was said to the minute."""
    return instant(reading.get("occurred_at") or "") if reading.get("occurred_precision") == "minute" else None


def instant(text: str) -> int | None:
    """An ISO time that says hour and minute; None for anything coarser."""
    try:
        return from_datetime(datetime.fromisoformat(text)) if len(text) >= 16 else None
    except ValueError:
        return None
