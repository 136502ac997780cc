"""Figures that people look at: by hour, kind, district, answer time, lateness, and day by day, beside the period before.

Pure. Each point keeps the seqs it was counted from. Drills are not counted. Unknown is not zero: a share of nothing is None.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median

from dutydesk.clock import DAY, MINUTE, SECOND, to_datetime
from dutydesk.domain.counted import Counted

MOST_SEQS = 500  # entries one point opens to; its value counts all
MOST_ROWS = 15  # kinds and districts of one chart; the rest are summed up
REST = "其余"
UNKNOWN = "不详"
# entries that are counted at all
TYPES = ("MessageRecorded", "IncidentOpened", "PageAcknowledged", "PageExhausted", "ObligationMet", "ObligationMissed")
ANSWERED = ((30, "30秒内"), (60, "1分内"), (180, "3分内"), (300, "5分内"), (600, "10分内"))  # seconds, ours
LATE = ((10, "超时10分内"), (30, "超时30分内"), (60, "超时1小时内"))  # minutes, ours


@dataclass(slots=True)
class Point:
    """One bar: its label, its value in this period, the entries behind it."""

    label: str
    value: int = 0
    seqs: list[int] = field(default_factory=list)

    def take(self, seq: int) -> None:
        self.value += 1
        if len(self.seqs) < MOST_SEQS:
            self.seqs.append(seq)


Chart = dict[str, Point]
District = Callable[[str], str]


def charts(entries: Iterable[Counted], first: int, last: int, district: District) -> dict[str, Chart]:
    """All charts of a period. `district` names a division."""
    made: dict[str, Chart] = {
        "hours": _blank(f"{hour:02d}" for hour in range(24)),
        "days": _blank(_days(first, last)),
        "incidents": _blank(_days(first, last)),
        "categories": {},
        "kinds": {},
        "districts": {},
        "answers": _blank((*(label for _, label in ANSWERED), "10分以上", "无人应答")),
        "lateness": _blank(("按时", *(label for _, label in LATE), "超时1小时以上", "到时未办")),
    }
    for entry in entries:
        for chart, label in _places(entry, district):
            made[chart].setdefault(label, Point(label)).take(entry.seq)
    for name in ("kinds", "districts"):
        made[name] = _ranked(made[name])
    return made


def _blank(labels: Iterable[str]) -> Chart:
    return {label: Point(label) for label in labels}


def _days(first: int, last: int) -> Iterable[str]:
    return (_day(at) for at in range(first, last, DAY))


def _day(at: int) -> str:
    return f"{to_datetime(at):%m-%d}"


def _places(entry: Counted, district: District) -> Iterable[tuple[str, str]]:
    """In which bars of which charts an entry counts."""
    body = entry.body
    match entry.type:
        case "MessageRecorded":
            return (("hours", f"{to_datetime(entry.at):%H}"), ("days", _day(entry.at)))
        case "IncidentOpened":
            read = body.get("reading") or {}
            place = district(body.get("division") or "")
            kind, category = read.get("subtype") or UNKNOWN, read.get("category") or UNKNOWN
            return (("incidents", _day(entry.at)), ("kinds", kind), ("categories", category), ("districts", place))
        case "PageAcknowledged":
            return (("answers", _step(ANSWERED, body["after"] / SECOND, "10分以上")),)
        case "PageExhausted":
            return (("answers", "无人应答"),)
        case "ObligationMet":
            late = body["late_by"] / MINUTE
            return (("lateness", _step(LATE, late, "超时1小时以上") if late > 0 else "按时"),)
        case "ObligationMissed":
            return (("lateness", "到时未办"),)
    return ()


def _step(steps: tuple[tuple[int, str], ...], value: float, above: str) -> str:
    return next((label for bound, label in steps if value <= bound), above)


def _ranked(chart: Chart) -> Chart:
    """The most frequent first; what is beyond the last row is summed up, never dropped."""
    ranked = sorted(chart.values(), key=lambda point: (-point.value, point.label))
    shown, rest = ranked[:MOST_ROWS], ranked[MOST_ROWS:]
    if rest:
        seqs = [seq for point in rest for seq in point.seqs][:MOST_SEQS]
        shown.append(Point(REST, sum(point.value for point in rest), seqs))
    return {point.label: point for point in shown}


def answer_median(entries: Iterable[Counted]) -> float | None:
    """Seconds from the start of a page to its answer, the middle one; None when nobody answered anything."""
    after = [entry.body["after"] / SECOND for entry in entries if entry.type == "PageAcknowledged"]
    return median(after) if after else None


def totals(entries: Iterable[Counted]) -> dict[str, int]:
    """How many of each type."""
    found: dict[str, int] = defaultdict(int)
    for entry in entries:
        found[entry.type] += 1
    return {name: found[name] for name in TYPES}
