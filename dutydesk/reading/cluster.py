"""Which incident a report belongs to: same, new, or unsure, with the reason in words.

Precision first: a merge is proposed only when place, time and kind agree; every doubt stays two incidents and is named.
A drill and a real report are never one incident. It must never look at anything but the reports given to it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from dutydesk.domain.readings import Reading
from dutydesk.reading.reports import Report
from dutydesk.reading.text import prepare

__all__ = ["Clusterer", "Match", "Proposal", "Report", "compare"]

Verdict = Literal["same", "new", "unsure"]
CLOSE = timedelta(minutes=40)  # two accounts of one event differ by less
APART = timedelta(hours=3)
FOLLOWS = timedelta(days=3)  # a follow-up later than that names its event anew
CLOSES = timedelta(days=15)  # a final report of a long search still means the same place
_MAGNITUDE = re.compile(r"(\d\.\d)级")
_SMELL = re.compile(r"味|闻到|刺鼻|熏")
_NAMED_SO = re.compile(r"(?:事故|事件|灾害)[^,。，]{0,6}(?:续报|终报)|(?:续报|终报)")
_OTHER_ONE = re.compile(
    r"另一起|又一起|不是(?:昨|刚|前|上|今|那|同|之)|并非同|与[^。]{0,12}无关|不是一(?:回事|起|个)|两码事|再次(?:发生|起火)|又(?:着火|起火|震|塌|发生|撞|翻|一辆|一家)|第二起|新的一起|别的"
)


@dataclass(frozen=True, slots=True)
class Match:
    """What two reports are to each other, and why, in the words an officer reads."""

    verdict: Verdict
    why: str
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """The incident proposed: another's first id only when `sure`; else the own id, with the doubt in `maybe`."""

    incident: str
    sure: bool
    maybe: str | None
    why: str


def compare(a: Report, b: Report) -> Match:
    """Whether `b`, which arrived later, tells of the incident of `a`."""
    denied = _contradiction(a, b)
    if denied:
        return Match("new", denied)
    place, where = _place(a, b)
    gap = _gap(a, b)
    follows = b.later
    if "quake" in a.families & b.families:
        return _compare_quakes(a, b, gap, follows)
    if place == 0:
        return Match("new", where)
    if gap is None:
        return _compare_untimed(a, b, place, where, follows)
    if gap <= CLOSE:
        if place >= 2 or (place >= 1.5 and (_same_leaf(a, b) or (follows and bool(a.families & b.families)))):
            return Match("same", f"{where},时间相差不超过40分钟,类型相符", place)
        return Match("unsure", f"{where},时间相近,地点不足以断定")
    if follows and place >= 2 and b.received - a.received <= FOLLOWS and (gap <= APART or place >= 3):
        return Match("same", f"{where},续报", place)
    return (
        Match("unsure", f"{where},时间相差较大") if gap <= APART else Match("new", f"{where},但时间相差{_hours(gap)}")
    )


def _hours(gap: timedelta) -> str:
    hours = gap.total_seconds() / 3600
    return f"{hours / 24:.0f}天" if hours >= 48 else f"{hours:.0f}小时"


def _contradiction(a: Report, b: Report) -> str | None:
    if a.reading.is_drill != b.reading.is_drill:
        return "一为演练,一为实情"
    if a.families and b.families and not a.families & b.families:
        return "类型不同"
    if b.received - a.received > timedelta(days=30) or a.received - b.received > timedelta(days=1):
        return "报告相隔太久"
    if a.full_county and b.full_county and not _same_county(a, b):
        return "所在县区不同"
    if a.provinces and b.provinces and not a.provinces & b.provinces and not a.crafts & b.crafts:
        return "所在省份不同"
    if a.crafts and b.crafts and not a.crafts & b.crafts and "water" in a.families & b.families:
        return "船名不同"
    if a.roads & b.roads and a.counties and b.counties and not _same_county_of_road(a, b):
        return "同一道路,所在县区不同"
    if a.posts and b.posts and min(abs(p - q) for p in a.posts for q in b.posts) > 2:
        return "里程桩号不同"
    return None


def _same_county(a: Report, b: Report) -> bool:
    """One name, or a text that names both: 百丈山与修水县交界处."""
    one, other = a.full_county or "", b.full_county or ""
    return one[:2] == other[:2] or one in other or other in one or other in a.text[:300] or one in b.text[:300]


def _same_county_of_road(a: Report, b: Report) -> bool:
    """A motorway runs through many counties: two crashes on it that name different ones are two, unless a text names both."""
    if a.counties & b.counties or (a.posts and a.posts == b.posts):
        return True
    return any(c[:2] in b.text[:300] for c in a.counties) or any(c[:2] in a.text[:300] for c in b.counties)


def _place(a: Report, b: Report) -> tuple[float, str]:
    """0 elsewhere, 1 perhaps, 1.5 the same town and no finer place, 2 the same place, 3 surely the same."""
    if a.crafts & b.crafts:
        return 3.0, "船名或名称相同"
    shared = ((a.core & b.all_names) | (b.core & a.all_names)) - (a.divisions | b.divisions)
    towns = bool(a.towns & b.towns) or bool((a.names & b.all_names) - shared - a.divisions - b.divisions)
    if len(shared) >= 3:
        return 3.5 if towns else 3.0, "地点相同"
    if len(shared) == 2 or (shared and towns):
        return 2.0, "地点相同"
    if a.units & b.units:
        return 2.0, "单位名称相同"
    if by_other_signs := _other_signs(a, b):
        return by_other_signs
    if a.posts and a.posts == b.posts and not (a.roads and b.roads) and b.received - a.received <= APART:
        return 2.0, "里程桩号相同"
    if a.reading.place_text and a.reading.place_text == b.reading.place_text and a.reading.county:
        return 2.0, "地点相同"
    if shared:
        return 1.5, "同一镇街" if shared <= a.names - a.core | b.names - b.core else "地点相近"
    if a.core and b.core and (len(a.core) > 1 and len(b.core) > 1):
        return 0.0, "地点不同"
    if towns:
        return 1.5, "同一镇街"
    if a.reading.place_text and b.reading.place_text:
        named = a.reading.county or b.reading.county
        return (1.0, "同一县区") if named and a.counties & b.counties else (0.0, "地点不同")
    return 1.0, "地点未说明"


def _other_signs(a: Report, b: Report) -> tuple[float, str] | None:
    """What tells one scene where the strings of place do not: a typhoon's name, a road by its number, a smell."""
    follows = b.later
    if follows and not b.core and any(name in b.text for name in a.crafts if len(name) > 1):
        return 1.5, "名称相同"
    if follows and a.groups & b.groups and (a.counties & b.counties or (b.full_county or "-") in a.text[:300]):
        return 2.0, "同一县区的同一批人"
    if follows and a.roads & b.roads and a.divisions & b.divisions:
        return 2.0, "同一路段"
    smelt = _SMELL.search(b.text) and a.substances & b.substances and a.towns & b.towns
    if smelt and abs(b.received - a.received) <= timedelta(hours=1):
        return 2.0, "同一镇街,气味与泄漏物质相同"
    return None


def _gap(a: Report, b: Report) -> timedelta | None:
    """How far apart the two say it happened; None when either does not say, or a first report says only the day."""
    if a.window is None or b.window is None:
        return None
    gap = max(a.window[0] - b.window[1], b.window[0] - a.window[1], timedelta(0))
    coarse = max(a.window[1] - a.window[0], b.window[1] - b.window[0]) > APART
    return None if coarse and gap <= APART and b.reading.kind == "首报" else gap


def _compare_untimed(a: Report, b: Report, place: float, where: str, follows: bool) -> Match:
    """At least one text gives no time of occurrence: its receipt bounds it from above."""
    since = abs(b.received - (a.window[0] if a.window else a.received))
    if b.window is not None and a.window is None:
        since = abs(b.window[0] - a.received)
    if follows and place >= 2 and since <= (CLOSES if b.reading.kind == "终报" else FOLLOWS):
        return Match("same", f"{where},续报", place)
    if follows and _only_by_county(a, b, place) and since <= FOLLOWS:
        return Match("same", f"{where},类型相同,续报未说更细的地点", 1.0)
    if a.window and b.window and place >= 1.5 and _one_weather(a, b) and since <= timedelta(hours=24):
        return Match("same", f"{where},同一天同一种灾害", place)
    if follows and a.window and b.window and place >= 2 and since <= timedelta(hours=12) and a.families & b.families:
        return Match("same", f"{where},同一天,续报", place)
    if place >= 2 and since <= APART:
        return Match("same", f"{where},前后相隔不超过3小时", place)
    if place >= 1.5 and since <= CLOSE and _same_kind(a, b):
        return Match("same", f"{where},前后相隔不超过40分钟,类型相同", place)
    if follows and place >= 1.5 and since <= timedelta(hours=24) and (where != "同一镇街" or _akin(a, b)):
        return Match("same", f"{where},续报", place)
    if place >= 1 and since <= APART:
        return Match("unsure", f"{where},时间未说明")
    return Match("new", f"{where},没有相同的时间")


def _one_weather(a: Report, b: Report) -> bool:
    """Hail, rain and flood of one day lie over a whole county: two texts of them tell of one disaster."""
    return (b.reading.code or "").startswith(("11A", "11B", "11E")) and _same_leaf(a, b)


def _only_by_county(a: Report, b: Report, place: float) -> bool:
    """灵石透水矿又找到一具遗体: a follow-up that names the county and the kind, and no finer place that could differ."""
    county = bool(a.counties & b.counties) and bool(a.reading.county or b.reading.county)
    same_person = _same_people(a, b)
    if b.reading.code == "12Y00" and not same_person:  # 其他事故灾难 is no kind by which to know it again
        soon = b.received - a.received <= timedelta(hours=24)
        return county and soon and not b.core and bool(_NAMED_SO.search(b.text[:40])) and bool(a.families & b.families)
    return place >= 1 and county and (not b.core or same_person) and _same_kind(a, b)


def _same_people(a: Report, b: Report) -> bool:
    """Persons of one age, or a group counted alike (5名驴友): told apart from others by more than place and kind."""
    return bool(a.groups & b.groups) or (bool(a.ages & b.ages) and len(a.ages | b.ages) <= 2)


def _akin(a: Report, b: Report) -> bool:
    """The same group of the standard, or a follow-up that names no kind, or only "other accident"."""
    return not b.reading.code or _same_kind(a, b) or (b.reading.code == "12Y00" and bool(a.families & b.families))


def _same_leaf(a: Report, b: Report) -> bool:
    return bool(a.reading.code) and (a.reading.code or "")[:4] == (b.reading.code or "")[:4]


def _same_kind(a: Report, b: Report) -> bool:
    return bool(a.reading.code) and (a.reading.code or "")[:3] == (b.reading.code or "")[:3]


def _compare_quakes(a: Report, b: Report, gap: timedelta | None, follows: bool) -> Match:
    """Two quakes of one county are told apart by the minute and the magnitude."""
    one, other = _MAGNITUDE.findall(a.text[:300]), _MAGNITUDE.findall(b.text[:300])
    same_size = bool(set(one) & set(other))
    if gap is not None and gap <= timedelta(minutes=5):
        return Match("same", "地震发生时刻相同", 3.0)
    if gap is not None or (one and other and not same_size):
        return Match("new", "两次地震时刻或震级不同")
    if same_size and a.counties & b.counties and b.received - a.received <= FOLLOWS:
        return Match("same", "同一县、同震级的续报", 2.0)
    if follows and not other and a.reading.county and a.reading.county == b.reading.county:
        return Match("same", "同一县地震的续报", 1.0)
    return Match("unsure", "地震时刻未说明")


class Clusterer:
    """Keeps what it has been given and proposes an incident for each new report; in memory, in arrival order."""

    def __init__(self) -> None:
        self._reports: dict[str, Report] = {}
        self._incident: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = defaultdict(list)

    def add(self, id: str, text: str, reference: datetime | date, reading: Reading) -> Proposal:
        """Propose the incident of one more report and remember it."""
        report = Report(text, reference, reading)
        proposal = self._propose(id, report)
        if reading.is_emergency:
            self._remember(id, report, proposal.incident)
        return proposal

    def _propose(self, id: str, report: Report) -> Proposal:
        if not report.reading.is_emergency:
            return Proposal(id, True, None, "不是险情报告")
        found = [(compare(self._reports[other], report), other) for other in self._near(report)]
        same = [(match, other) for match, other in found if match.verdict == "same"]
        incidents = {self._incident[other] for _, other in same}
        if same and _OTHER_ONE.search(prepare(report.text[:200]).plain) and report.reading.kind == "首报":
            return Proposal(id, False, self._incident[same[-1][1]], "文中说是另一起")
        if len(incidents) == 1:
            return Proposal(incidents.pop(), True, None, same[-1][0].why)
        if len(incidents) > 1:
            return self._choose(id, same)
        unsure = [(match, other) for match, other in found if match.verdict == "unsure"]
        if unsure:
            match, other = unsure[-1]
            return Proposal(id, False, self._incident[other], match.why)
        return Proposal(id, True, None, "没有相符的未结事件")

    def _choose(self, id: str, same: list[tuple[Match, str]]) -> Proposal:
        """Several incidents fit: the strongest alone is taken, else none."""
        best: dict[str, float] = {}
        for match, other in same:
            incident = self._incident[other]
            best[incident] = max(best.get(incident, 0.0), match.strength)
        top, second = sorted(best.values(), reverse=True)[:2]
        leader = max(best, key=lambda incident: best[incident])
        if top > second:
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
            report.reading.county or "",
        }
        found = {other for key in keys for other in self._by_name.get(key, ())[-60:]}
        order = {name: place for place, name in enumerate(self._reports)} if len(found) > 1 else {}
        return sorted(found, key=lambda name: order.get(name, 0))

    def _remember(self, id: str, report: Report, incident: str) -> None:
        self._reports[id], self._incident[id] = report, incident
        keys = {*report.names, *report.all_names, *report.towns, *report.crafts, *report.roads}
        for key in (keys | {report.reading.county or ""}) - {""}:
            self._by_name[key].append(id)
