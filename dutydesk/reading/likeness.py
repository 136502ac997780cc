"""What two reports are to each other: same, new, or unsure, with the reason in words; place, time and kind must agree.

Every doubt stays two incidents and is named. It must never look at anything but the two reports given to it.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from dutydesk.reading.conflicts import APART, CLOSE, contradiction, elsewhere, gap_between, hours
from dutydesk.reading.reports import Report
from dutydesk.reading.sites import other_things

Verdict = Literal["same", "new", "unsure"]
FOLLOWS = timedelta(days=3)  # a follow-up later than that names its event anew
SOON = timedelta(hours=12)  # an outcome told without a time is of an event of these hours
CLOSES = timedelta(days=15)  # a final report of a long search still means the same place
# a follow-up that says another hour says what came of it then
_STANDS = re.compile(r"续|终报|更正|补报|[升增]至|遗体|救出|找到|获救|死亡|不治|扑灭|熄灭|解除|恢复|结束|累计|截[至止]")
_SPOT = re.compile(r"[与和及]|口|\d+号|附近|门|旁|桥")  # what tells one spot of a road
_ONCE = ("11A", "11D", "12A", "12B", "12C", "12D", "12E", "12P", "12Q", "13")
_RARE = ("12M",)  # no county has two crashes of aircraft in three hours
_MAGNITUDE = re.compile(r"(\d\.\d)级")
_SMELL = re.compile(r"味|闻到|刺鼻|熏")
_UNNAMED = re.compile(
    r"[县市区]一(?:家|座|所|处|栋)?[\u4e00-\u9fff]{0,3}(煤矿|工厂|化工|小区|学校|小学|中学|幼儿园|酒店|工地|市场|水库)"
)
_NAMED_SO = re.compile(r"(?:事故|事件|灾害)[^,。，]{0,6}(?:续报|终报)|(?:续报|终报)")


@dataclass(frozen=True, slots=True)
class Match:
    """What two reports are to each other, and why, in the words an officer reads."""

    verdict: Verdict
    why: str
    strength: float = 0.0


def compare(a: Report, b: Report) -> Match:
    """Whether `b`, which arrived later, tells of the incident of `a`."""
    denied = contradiction(a, b)
    if denied:
        return Match("new", denied)
    if _called_by_its_day(a, b):
        return Match("same", "以发生日期相称,地区、类型相符", 3.0)
    place, where = _place(a, b)
    if apart := elsewhere(a, b):
        place, where = min(place, 1.0), apart
    gap = gap_between(a, b)
    follows = b.later
    if "quake" in a.families & b.families:
        return _compare_quakes(a, b, gap, follows)
    if place == 0:
        return Match("new", where)
    if gap is None:
        return _compare_untimed(a, b, place, where, follows)
    if gap <= CLOSE:
        if not follows and gap > timedelta(minutes=10) and (not _same_leaf(a, b) or other_things(a.things, b.things)):
            return Match("unsure", f"{where},时间相近,类型或所伤不同")
        if not follows and not _same_leaf(a, b) and _only_a_road(a) and _only_a_road(b):
            return Match("unsure", f"{where},时间相近,同一条路,类型不同")
        if place >= 2 or (place >= 1.5 and (_same_leaf(a, b) or (follows and bool(a.families & b.families)))):
            return Match("same", f"{where},时间相差不超过40分钟,类型相符", place)
        return Match("unsure", f"{where},时间相近,地点不足以断定")
    if (
        follows
        and place >= 2
        and b.received - a.received <= FOLLOWS
        and (gap <= APART or (place >= 3 and _STANDS.search(b.head)))
    ):
        return Match("same", f"{where},续报", place)
    return Match("unsure", f"{where},时间相差较大") if gap <= APART else Match("new", f"{where},但时间相差{hours(gap)}")


def _called_by_its_day(a: Report, b: Report) -> bool:
    """滨海“3·21”爆炸事故: the day, a division and the kind of event together name it."""
    if not (
        b.nickname and a.window and b.nickname == (a.window[0].month, a.window[0].day) and b.received >= a.received
    ):
        return False
    area = a.counties & b.counties or a.divisions & b.divisions or a.towns & b.towns
    return bool((area or not (b.divisions or b.bare_place)) and a.families & b.families)


def _place(a: Report, b: Report) -> tuple[float, str]:
    """0 elsewhere, 1 perhaps, 1.5 the same town and no finer place, 2 the same place, 3 surely the same."""
    if a.crafts & b.crafts:
        return 3.0, "船名或名称相同"
    shared = ((a.core & b.all_names) | (b.core & a.all_names)) - (a.divisions | b.divisions)
    towns = bool(a.towns & b.towns) or bool((a.names & b.all_names) - shared - a.divisions - b.divisions)
    if len(shared) >= 3:
        return 3.5 if towns else 3.0, "地点相同"
    if len(shared) == 2 or (shared and towns):
        return (2.0, "地点相同") if towns or not _both_have_more(a, b) else (1.5, "地点部分相同")
    if a.units & b.units:
        return 2.0, "单位名称相同"
    if by_other_signs := _other_signs(a, b):
        return by_other_signs
    if a.posts and b.posts and a.roads & b.roads:
        return 3.0, "同一道路,里程桩号相同"
    if a.posts and a.posts == b.posts and not (a.roads and b.roads) and b.received - a.received <= APART:
        return 2.0, "里程桩号相同"
    if a.bare_place and a.reading.place_text == b.reading.place_text and a.reading.county:
        return 2.0, "地点相同"
    if a.bare_place == b.bare_place and len(a.bare_place) >= 2 and shared:
        return 2.0, "地点相同"
    if any(a.sites[kind] & b.sites[kind] for kind in a.sites.keys() & b.sites.keys()):
        return 2.0, "地点名称相同"
    if a.roads & b.roads and (shared or a.core & b.core):
        return 2.0, "同一道路,地点相同"
    if shared:
        return 1.5, "同一镇街" if shared <= a.names - a.core | b.names - b.core else "地点相近"
    if a.core and b.core and (len(a.core) > 1 and len(b.core) > 1):
        return 0.0, "地点不同"
    if towns:
        return 1.5, "同一镇街"
    if a.reading.place_text and b.reading.place_text and a.core and b.core:
        named = a.reading.county or b.reading.county
        return (1.0, "同一县区") if named and a.counties & b.counties else (0.0, "地点不同")
    return 1.0, "地点未说明"


def _both_have_more(a: Report, b: Report) -> bool:
    """簇桥|万佳福超市 and 万年场|万佳福超市: beside the name they share each has one that the other lacks, and no county in common."""
    known = set("".join((a.core & b.all_names) | (b.core & a.all_names)))
    more_a = any(not set(pair) & known for pair in a.core)
    more_b = any(not set(pair) & known for pair in b.core)
    return more_a and more_b and not a.counties & b.counties


def _other_signs(a: Report, b: Report) -> tuple[float, str] | None:
    """What tells one scene where the strings of place do not: a typhoon's name, a road by its number, a smell."""
    follows = b.later
    if follows and not b.core and any(name in b.text for name in a.crafts if len(name) > 1):
        return 1.5, "名称相同"
    if follows and a.groups & b.groups and (a.counties & b.counties or (b.full_county or "-") in a.text[:300]):
        return 2.0, "同一县区的同一批人"
    if (follows or b.tells_outcome) and a.sections & b.sections and a.families & b.families:
        return 2.0, "同一路段或河段"
    if follows and a.roads & b.roads and a.divisions & b.divisions:
        return 2.0, "同一路段"
    if follows and a.roads & b.roads and not (b.core or b.posts or b.divisions) and a.things & b.things:
        return 2.0, "同一道路,情形相同"
    if (
        (follows or b.tells_outcome)
        and any("号线" in r for r in a.roads & b.roads)
        and not b.divisions
        and _same_leaf(a, b)
    ):
        return 2.0, "同一线路"
    if (follows or b.tells_outcome) and a.runs & b.runs and not other_things(a.things, b.things):
        return 2.0, "名称相同"
    smelt = _SMELL.search(b.text) and a.substances & b.substances and a.towns & b.towns
    if smelt and abs(b.received - a.received) <= timedelta(hours=1):
        return 2.0, "同一镇街,气味与泄漏物质相同"
    return None


def _compare_untimed(a: Report, b: Report, place: float, where: str, follows: bool) -> Match:
    """At least one text gives no time of occurrence: its receipt bounds it from above."""
    since = abs(b.received - (a.window[0] if a.window else a.received))
    if b.window is not None and a.window is None:
        since = abs(b.window[0] - a.received)
    since = min(since, abs(b.received - a.received))
    if not follows and not b.tells_outcome and place >= 1.5 and since <= APART and other_things(a.things, b.things):
        return Match("unsure", f"{where},所伤不同")
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
    if place >= 1 and (seldom := _seldom_two(a, b, since)):
        return Match("same", f"{where},{seldom}", 1.0)
    if where == "地点相近" and since <= timedelta(minutes=90) and _same_leaf(a, b):
        return Match("same", f"{where},前后相隔不超过90分钟,类型相同", place)
    if place >= 1.5 and since <= CLOSE and _same_kind(a, b):
        return Match("same", f"{where},前后相隔不超过40分钟,类型相同", place)
    if b.tells_outcome and place >= 2 and since <= SOON and (a.families & b.families or not b.families):
        return Match("same", f"{where},说的是结果", place)
    if follows and place >= 1.5 and since <= timedelta(hours=24) and (where != "同一镇街" or _akin(a, b)):
        return Match("same", f"{where},续报", place)
    if follows and place >= 1.5 and since <= FOLLOWS and (_same_leaf(a, b) or "health" in a.families & b.families):
        return Match("same", f"{where},类型相同,续报", place)
    if (follows or b.tells_outcome) and place >= 1.5 and since <= FOLLOWS and _told_alike(a, b):
        return Match("same", f"{where},情形相同,续报", place)
    if follows and since <= FOLLOWS and _only_by_city(a, b):
        return Match("same", "同一市,类型和情形相同,续报未说更细的地点", 0.8)
    if place >= 1.5 and _same_leaf(a, b) and _day_recalled(a, b):
        return Match("same", f"{where},所说日期与该起相同", place)
    if place >= 2 and since <= SOON and _same_leaf(a, b) and (a.towns & b.towns or place >= 3) and _is_once(a, b):
        return Match("same", f"{where},类型相同,当日未另说时间", place)
    if place >= 1.5 and since <= APART and a.substances & b.substances and _same_leaf(a, b):
        return Match("same", f"{where},泄漏物质相同", place)
    if place >= 1 and since <= APART:
        return Match("unsure", f"{where},时间未说明")
    return Match("new", f"{where},没有相同的时间")


def _day_recalled(a: Report, b: Report) -> bool:
    """7月1日利川文斗滑坡形成堰塞湖, said on the 2nd: a day gone by, the very day of the other."""
    if not (a.window and b.window) or b.timed:
        return False
    day = b.window[0].date()
    return day < b.received.date() and day == a.window[0].date()


def _seldom_two(a: Report, b: Report, since: timedelta) -> str | None:
    """Why a county has hardly two such events so close together: a crash of aircraft, a mine that one text leaves unnamed."""
    rare = (a.reading.code or "").startswith(_RARE) and bool(a.cities & b.cities)
    if since <= APART and _same_leaf(a, b) and rare:
        return "同一种罕见事故,前后相隔不超过3小时"
    if since <= timedelta(hours=1) and _means_the_named(a, b):
        return "时间、类型相符,后者未说单位名称"
    return None


def _means_the_named(a: Report, b: Report) -> bool:
    """沁源县一煤矿, told by the press, and 圪台沟煤矿, told by the town: a unit left unnamed, of the same kind and county."""
    unnamed = _UNNAMED.search(b.reading.place_text or "")
    if unnamed is None or not a.counties & b.counties or not _same_kind(a, b):
        return False
    return any(unnamed[1] in place for place in (a.reading.place_text or "", *a.units))


def _is_once(a: Report, b: Report) -> bool:
    """A kind of event that one scene seldom has twice in a day: slides, collapses, explosions, outbreaks; not crashes or drownings."""
    return b.window is None and (a.reading.code or "").startswith(_ONCE)


def _only_a_road(report: Report) -> bool:
    return set(report.sites) == {"road"} and not report.posts and not _SPOT.search(report.reading.place_text or "")


def _told_alike(a: Report, b: Report) -> bool:
    """张港镇溺水两男孩遗体打捞上岸: the same people came to the same harm, and nothing is told otherwise."""
    return len(a.things & b.things) >= 2 and not other_things(a.things, b.things) and bool(a.families & b.families)


def _only_by_city(a: Report, b: Report) -> bool:
    """佛山地铁透水坍塌已造成…: a follow-up that names the city alone, and two things at least that the other tells too."""
    return not b.core and not b.counties and not b.towns and bool(a.cities & b.cities) and len(a.things & b.things) >= 2


def _one_weather(a: Report, b: Report) -> bool:
    """Hail, rain and flood of one day lie over a whole county: two texts of them tell of one disaster."""
    return (b.reading.code or "").startswith(("11A", "11B", "11E")) and _same_leaf(a, b)


def _only_by_county(a: Report, b: Report, place: float) -> bool:
    """灵石透水矿又找到一具遗体: a follow-up that names the county and the kind, and no finer place that could differ."""
    county = bool(a.counties & b.counties) and bool(a.reading.county or b.reading.county)
    same_person = _same_people(a, b)
    if other_things(a.things, b.things) and not same_person:
        return False
    if b.reading.code == "12Y00" and not same_person:  # 其他事故灾难 is no kind by which to know it again
        if a.things & b.things and b.later:
            return county and not b.core
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
    felt = not other and b.window is None and bool(a.reading.county) and a.reading.county == b.reading.county
    if felt and timedelta(0) <= b.received - a.received <= timedelta(hours=2):
        return Match("same", "同一县,地震后不久的震感", 1.0)
    return Match("unsure", "地震时刻未说明")
