"""Which incident a report belongs to: same, new, or unsure, with the reason in words.

Precision first: a merge is proposed only when place, time and kind agree and no report of the incident stands against it.
A drill and a real report are never one incident. It must never look at anything but the reports given to it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from dutydesk.domain.readings import Reading
from dutydesk.reading.conflicts import excludes, is_over
from dutydesk.reading.likeness import Match, compare
from dutydesk.reading.reports import Report
from dutydesk.reading.text import prepare

__all__ = ["Clusterer", "Match", "Proposal", "Report", "compare"]

_OTHER_ONE = re.compile(
    r"另一起|又一起|不是(?:昨|刚|前|上|今|那|同|之)|并非同|与[^。]{0,12}无关|不是一(?:回事|起|个)|两码事|再次(?:发生|起火)|又(?:着火|起火|震|塌|发生|撞|翻|一辆|一家)|第二起|新的一起|别的"
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The incident proposed: another's first id only when `sure`; else the own id, with the doubt in `maybe`.

    `apart`: the text itself, or the time and place of the other, says that it is one more event like `maybe`.
    """

    incident: str
    sure: bool
    maybe: str | None
    why: str
    apart: bool = False


class Clusterer:
    """Keeps what it has been given and proposes an incident for each new report; in memory, in arrival order."""

    def __init__(self) -> None:
        self._reports: dict[str, Report] = {}
        self._incident: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._order: dict[str, int] = {}
        self._twinned: set[str] = set()  # incidents beside which another of the same place was opened as surely another
        self._members: dict[str, list[str]] = defaultdict(list)

    def add(self, id: str, text: str, reference: datetime | date, reading: Reading) -> Proposal:
        """Propose the incident of one more report and remember it."""
        report = Report(text, reference, reading)
        proposal = self._propose(id, report)
        if reading.is_emergency or (report.tells_of_known and proposal.incident != id):
            self._remember(id, report, proposal.incident)
            if proposal.apart and proposal.maybe:
                self._twinned.add(proposal.maybe)
            if proposal.incident == id and report.once_more:
                self._twinned |= self._of_one_name(report) - {id}
        return proposal

    def _of_one_name(self, report: Report) -> set[str]:
        """The incidents of a place that the report names too: 青龙水库又有两名学生下水."""
        return {self._incident[other] for name in report.all_names for other in self._by_name.get(name, ())[-60:]}

    def _propose(self, id: str, report: Report) -> Proposal:
        if not (report.reading.is_emergency or report.tells_of_known):
            return Proposal(id, True, None, "不是险情报告")
        found = [(compare(self._reports[other], report), other) for other in self._near(report)]
        same = [(match, other) for match, other in found if match.verdict == "same"]
        if same and self._is_another(report):
            return Proposal(id, False, self._incident[same[-1][1]], "文中说是另一起", apart=True)
        excluded = {i: why for i in {self._incident[other] for _, other in same} if (why := self._excluded(i, report))}
        same = [(match, other) for match, other in same if self._incident[other] not in excluded]
        if excluded and not same:
            incident, why = next(iter(excluded.items()))
            return Proposal(id, False, incident, f"与该起的另一报告{why}", apart=True)
        incidents = {self._incident[other] for _, other in same}
        if len(incidents) == 1:
            (only,) = incidents
            if only in self._twinned and max(match.strength for match, _ in same) < 2:
                return Proposal(id, False, only, "此地已另有一起,无法断定")
            return Proposal(only, True, None, same[-1][0].why)
        if len(incidents) > 1:
            return self._choose(id, report, same)
        unsure = [(match, other) for match, other in found if match.verdict == "unsure"]
        if unsure:
            match, other = unsure[-1]
            return Proposal(id, False, self._incident[other], match.why)
        return Proposal(id, True, None, "没有相符的未结事件")

    def _is_another(self, report: Report) -> bool:
        other_one = _OTHER_ONE.search(prepare(report.text[:200]).plain) and report.reading.kind == "首报"
        return report.once_more or bool(other_one)

    def _excluded(self, incident: str, report: Report) -> str | None:
        """Why no report of the incident's newest twenty lets this one be of it: a wrong merge costs more than a missed one."""
        members = [self._reports[name] for name in self._members[incident][-20:]]
        if any(is_over(member, report) for member in members):
            return "已终报"
        return next((why for member in members if (why := excludes(member, report))), None)

    def _choose(self, id: str, report: Report, same: list[tuple[Match, str]]) -> Proposal:
        """Several incidents fit: the strongest alone is taken, else none."""
        best: dict[str, float] = {}
        for match, other in same:
            incident = self._incident[other]
            alike = 0.2 * min(3, len(self._reports[other].things & report.things))
            best[incident] = max(best.get(incident, 0.0), match.strength + alike)
        top, second = sorted(best.values(), reverse=True)[:2]
        leader = max(best, key=lambda incident: best[incident])
        if top > second + 0.1:
            return Proposal(leader, True, None, "与几起相似,此起最符")
        return Proposal(id, False, leader, "与几起事件相符,无法断定")

    def _near(self, report: Report) -> list[str]:
        """The reports that share a name with this one, newest last; those without a place by county and town."""
        keys = {
            *report.all_names,
            *report.names,
            *report.towns,
            *report.crafts,
            *report.roads,
            *(f"K{post}" for post in report.posts),
            report.reading.county or "",
            f"day {report.nickname}",
            *(f"city {city}" for city in report.cities if report.later),
        }
        found = {other for key in keys for other in self._by_name.get(key, ())[-60:]}
        return sorted(found, key=self._order.__getitem__)

    def _remember(self, id: str, report: Report, incident: str) -> None:
        self._reports[id], self._incident[id] = report, incident
        self._order[id] = len(self._order)
        self._members[incident].append(id)
        keys = {*report.names, *report.all_names, *report.towns, *report.crafts, *report.roads}
        keys |= {f"K{post}" for post in report.posts}
        keys |= {f"city {city}" for city in report.cities}
        if report.window:
            keys.add(f"day {(report.window[0].month, report.window[0].day)}")
        for key in (keys | {report.reading.county or ""}) - {""}:
            self._by_name[key].append(id)
