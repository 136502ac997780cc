"""Which incident a report belongs to: same, new, or unsure, with the reason in words.

Precision first: a merge is proposed only when place, time and kind agree; every doubt stays two incidents and is named.
A drill and a real report are never one incident. It must never look at anything but the reports given to it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

from dutydesk.clock import BEIJING
from dutydesk.domain.readings import Reading
from dutydesk.reading.reader import national
from dutydesk.reading.text import prepare

Verdict = Literal["same", "new", "unsure"]
CLOSE = timedelta(minutes=40)  # two accounts of one event differ by less: issue 3, point 7
APART = timedelta(hours=3)
FOLLOWS = timedelta(days=3)  # a follow-up later than that names its event anew
_FAMILIES = (
    ("fire", ("12A", "12B", "12C", "12D", "12E", "12F", "12G", "12N", "12P", "12Q", "12T", "12U", "12Y", "13C", "11G", "14F")),
    ("traffic", ("12H", "12D02", "12D03", "12D01", "12G07", "12P04", "12Y", "14B05", "12R", "12E02")),
    ("water", ("12J", "12Y", "12H03", "12Q04")),
    ("rail", ("12K", "12L")),
    ("weather", ("11A", "11B", "11D", "11E", "12P13", "12P01", "12P07", "12P08", "12P10", "12Y", "12C", "12H04", "11H")),
    ("quake", ("11C",)),
    ("health", ("13", "12D04", "12F", "14B04")),
    ("people", ("14", "12S")),
)
_GENERIC = re.compile(
    r"特别重大|重大|突发|事故|事件|火灾|爆炸|起火|着火|失火|地震|车祸|交通|中毒|泄漏|泄露|坍塌|倒塌|垮塌|滑坡|山洪|泥石流|洪水|内涝|积水|溺水|落水|相撞|追尾|侧翻|翻车|聚集|斗殴|打架|踩踏|搁浅|沉没|触电|坠落|停电|停水"
    r"|续报|首报|终报|初报|速报|快报|报告|应急局|应急|公安局|公安|交警|消防|派出所|街道办|街道|镇政府|政府|指挥部|指挥中心|市民|来电|接报|接警|通报|救援|现场|目前|已经|造成|导致|死亡|受伤|重伤|轻伤|遇难|失联|失踪|被困|人员|伤亡|送医|医院"
    r"|疏散|转移|群众|居民|村民|工人|学生|司机|车辆|货车|客车|大巴|轿车|渔船|货轮|附近|路段|路口|发生|左右|今天|昨天|下午|上午|凌晨|晚上|刚才|刚刚|一名|一处|一家|一辆|公司|有限|集团|工厂|厂房|仓库|车间|化工厂|小区|工地|施工|学校|小学|中学"
    r"|幼儿园|食堂|高速公路|高速|国道|省道|公路|海域|水库|煤矿|民房|自建房|居民楼|住宅|商铺|饭店|酒店|市场|情况|核实|进一步|处置|完毕|结束|累计|截至|其中|另有|还有|正在|无人|明火|扑灭|大火|山火|森林|冒烟|浓烟"
)
_NOT_NAMES = re.compile(r"[^\u4e00-\u9fffA-Za-z]+")
_CRAFT = re.compile(r"[“\"]([^”\"]{2,12})[”\"]|([\u4e00-\u9fff]{1,3}(?:渔|运|养|货)?[\u4e00-\u9fff]?\d{4,6})(?!\d)")
_POST = re.compile(r"[Kk](\d{1,4})|(?<![\d.])(\d{1,4})(?:\.\d+)?(?:公里|千米|[Kk][Mm])(?:\+\d{1,3})?(?:处|附近|路段|加)")
_MAGNITUDE = re.compile(r"(\d\.\d)级")
_JUST = re.compile(r"刚才|刚刚|剛才|剛剛|刚")
_OTHER_ONE = re.compile(r"另一起|又一起|不是(?:昨|刚|前|上|今|那|同|之)|并非同|与[^。]{0,12}无关|不是一(?:回事|起|个)|两码事|再次(?:发生|起火)|又(?:着火|起火|震|塌|发生|撞|翻|一辆|一家)|第二起|新的一起|别的")


@dataclass(frozen=True)
class Report:
    """One report as the comparison sees it: text, time of receipt, reading, and the sender when known."""

    text: str
    reference: datetime | date
    reading: Reading
    sender: str | None = None

    @cached_property
    def received(self) -> datetime:
        """The time of receipt, local and naive; noon of a bare date."""
        if not isinstance(self.reference, datetime):
            return datetime(self.reference.year, self.reference.month, self.reference.day, 12)
        local = self.reference.astimezone(BEIJING) if self.reference.tzinfo else self.reference
        return local.replace(tzinfo=None)

    @cached_property
    def window(self) -> tuple[datetime, datetime] | None:
        """When it happened, as a window; None when the text does not say."""
        said = self.reading.occurred_at
        if said is None:
            return None
        if len(said) > 10 and _JUST.search(self.text) and said[:16] == f"{self.received:%Y-%m-%dT%H:%M}":
            return self.received - timedelta(minutes=60), self.received
        start = datetime.fromisoformat(said[:16]) if len(said) > 10 else datetime.fromisoformat(said)
        width = {"minute": 0, "hour": 59, "part_of_day": 24 * 60 - 1, "day": 24 * 60 - 1}[self.reading.occurred_precision or "day"]
        return start, start + timedelta(minutes=width)

    @cached_property
    def names(self) -> frozenset[str]:
        """Pairs of characters of the place that names it, without province, city, county and common words."""
        return _pairs(_without_divisions(self.reading.place_text or ""))

    @cached_property
    def core(self) -> frozenset[str]:
        """As `names`, without the town."""
        return _pairs(_without_divisions(self.reading.place_text or "", towns=True))

    @cached_property
    def all_names(self) -> frozenset[str]:
        return _pairs(_without_divisions(prepare(self.text[:240]).plain))

    @cached_property
    def towns(self) -> frozenset[str]:
        return frozenset(c.code for c in self.reading.places if len(c.code) == 9 and c.code.isdigit())

    @cached_property
    def full_county(self) -> str | None:
        """The county when the text itself writes it in full."""
        county = self.reading.county
        return county if county and county in prepare(self.text[:300]).plain else None

    @cached_property
    def crafts(self) -> frozenset[str]:
        plain = prepare(self.text[:300]).plain
        return frozenset(m[1] or m[2] for m in _CRAFT.finditer(plain))

    @cached_property
    def posts(self) -> tuple[int, ...]:
        return tuple(int(m[1] or m[2]) for m in _POST.finditer(self.reading.place_text or ""))

    @cached_property
    def families(self) -> frozenset[str]:
        codes = [c for c in (self.reading.code, *self.reading.other_codes) if c]
        return frozenset(name for name, prefixes in _FAMILIES for code in codes if code.startswith(prefixes))


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


def _pairs(words: str) -> frozenset[str]:
    parts = _NOT_NAMES.split(_GENERIC.sub("|", words))
    return frozenset(part[i : i + 2] for part in parts for i in range(len(part) - 1))


def _without_divisions(words: str, *, towns: bool = False) -> str:
    out, at = [], 0
    for hit in national().find(words):
        tier = min(p.tier for p in hit.meanings)
        if tier <= 2 or (tier == 3 and (not hit.short or hit.start == 0)) or (tier == 4 and towns):
            out.append(words[at : hit.start])
            at = hit.end
    return "|".join([*out, words[at:]])


def compare(a: Report, b: Report) -> Match:
    """Whether `b`, which arrived later, tells of the incident of `a`."""
    denied = _contradiction(a, b)
    if denied:
        return Match("new", denied)
    place, where = _place(a, b)
    gap = _gap(a, b)
    follows = b.reading.kind in {"续报", "终报"}
    if "quake" in a.families & b.families:
        return _compare_quakes(a, b, gap, follows)
    if place == 0:
        return Match("new", where)
    if gap is None:
        return _compare_untimed(a, b, place, where, follows)
    if gap <= CLOSE:
        if place >= 2 or (place >= 1.5 and a.reading.code and (a.reading.code[:4] == (b.reading.code or "")[:4])):
            return Match("same", f"{where},时间相差不超过40分钟,类型相符", place)
        return Match("unsure", f"{where},时间相近,地点不足以断定")
    if follows and place >= 2 and b.received - a.received <= FOLLOWS and (gap <= APART or place >= 3):
        return Match("same", f"{where},续报", place)
    return Match("unsure", f"{where},时间相差较大") if gap <= APART else Match("new", f"{where},但时间相差{_hours(gap)}")


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
    if a.full_county and b.full_county and not _same_county(a.full_county, b.full_county):
        return "所在县区不同"
    if a.crafts and b.crafts and not a.crafts & b.crafts and "water" in a.families & b.families:
        return "船名不同"
    if a.posts and b.posts and min(abs(p - q) for p in a.posts for q in b.posts) > 2:
        return "里程桩号不同"
    return None


def _same_county(one: str, other: str) -> bool:
    return one[:2] == other[:2] or one in other or other in one


def _place(a: Report, b: Report) -> tuple[float, str]:
    """0 elsewhere, 1 perhaps, 1.5 the same town and no finer place, 2 the same place, 3 surely the same."""
    if a.crafts & b.crafts:
        return 3.0, "船名或名称相同"
    shared = (a.core & b.all_names) | (b.core & a.all_names)
    towns = bool(a.towns & b.towns) or bool(a.names & b.all_names - shared)
    if len(shared) >= 3:
        return 3.5 if towns else 3.0, "地点相同"
    if len(shared) == 2 or (shared and towns):
        return 2.0, "地点相同"
    if shared:
        return 1.5, "地点相近"
    if a.core and b.core and (len(a.core) > 1 and len(b.core) > 1):
        return 0.0, "地点不同"
    if towns:
        return 1.5, "同一镇街"
    if a.reading.place_text and b.reading.place_text:
        return (1.0, "同一县区") if a.reading.county and a.reading.county == b.reading.county else (0.0, "地点不同")
    return 1.0, "地点未说明"


def _gap(a: Report, b: Report) -> timedelta | None:
    """How far apart the two say it happened; None when either does not say."""
    if a.window is None or b.window is None:
        return None
    return max(a.window[0] - b.window[1], b.window[0] - a.window[1], timedelta(0))


def _compare_untimed(a: Report, b: Report, place: float, where: str, follows: bool) -> Match:
    """At least one text gives no time of occurrence: its receipt bounds it from above."""
    since = abs(b.received - (a.window[0] if a.window else a.received))
    if b.window is not None and a.window is None:
        since = abs(b.window[0] - a.received)
    if follows and place >= 2 and since <= FOLLOWS:
        return Match("same", f"{where},续报", place)
    if place >= 2 and since <= APART:
        return Match("same", f"{where},前后相隔不超过3小时", place)
    if follows and place >= 1.5 and since <= timedelta(hours=12):
        return Match("same" if _same_kind(a, b) else "unsure", f"{where},续报", place)
    if place >= 1 and since <= APART:
        return Match("unsure", f"{where},时间未说明")
    return Match("new", f"{where},没有相同的时间")


def _same_kind(a: Report, b: Report) -> bool:
    return bool(a.reading.code) and a.reading.code == b.reading.code


def _compare_quakes(a: Report, b: Report, gap: timedelta | None, follows: bool) -> Match:
    """Two quakes of one county are told apart by the minute and the magnitude."""
    one, other = _MAGNITUDE.findall(a.text[:300]), _MAGNITUDE.findall(b.text[:300])
    same_size = bool(set(one) & set(other))
    if gap is not None and gap <= timedelta(minutes=5):
        return Match("same", "地震发生时刻相同", 3.0)
    if gap is not None or (one and other and not same_size):
        return Match("new", "两次地震时刻或震级不同")
    if follows and same_size:
        return Match("same", "同一县、同震级的续报", 2.0)
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
        keys = {*report.all_names, *report.names, *report.towns, *report.crafts, report.reading.county or ""}
        found = {other for key in keys for other in self._by_name.get(key, ())[-60:]}
        order = {name: place for place, name in enumerate(self._reports)} if len(found) > 1 else {}
        return sorted(found, key=lambda name: order.get(name, 0))

    def _remember(self, id: str, report: Report, incident: str) -> None:
        self._reports[id], self._incident[id] = report, incident
        for key in {*report.names, *report.all_names, *report.towns, *report.crafts, report.reading.county or ""} - {""}:
            self._by_name[key].append(id)
