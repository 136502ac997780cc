"""What keeps two reports apart, whatever they have in common: another county, post, town, name, direction, day, or a closed event.

A wrong merge costs more than a missed one: what stands here outweighs every likeness. It must never judge likeness.
"""

from datetime import timedelta

from dutydesk.reading.reports import Report
from dutydesk.reading.sites import differ

CLOSE = timedelta(minutes=40)  # two accounts of one event differ by less
APART = timedelta(hours=3)


def contradiction(a: Report, b: Report) -> str | None:
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
    if a.crafts and b.crafts and _named_alike(a, b) and "water" in a.families & b.families:
        return "船名不同"
    if a.roads & b.roads and a.counties and b.counties and not _same_county_of_road(a, b):
        return "同一道路,所在县区不同"
    if b.nickname and a.window and b.nickname != (a.window[0].month, a.window[0].day):
        return "以另一日期相称"
    if a.posts and b.posts and min(abs(p - q) for p in a.posts for q in b.posts) > 2:
        return "里程桩号不同"
    return None


def _named_alike(a: Report, b: Report) -> bool:
    """Whether both name craft of one sort and none in common; a fishing boat by its number and a ship by its name may have met."""
    sorts = [{name[-1:].isdigit() for name in report.crafts} for report in (a, b)]
    return not a.crafts & b.crafts and bool(sorts[0] & sorts[1])


def elsewhere(a: Report, b: Report) -> str | None:
    """What tells two scenes apart even where names are shared: two towns, two names for one kind of site, two directions."""
    if "quake" in a.families & b.families or a.crafts & b.crafts:
        return None
    towns = a.town_names and b.town_names and not a.town_names & b.town_names
    if towns and not any(t in b.text for t in a.town_names) and not any(t in a.text for t in b.town_names):
        return "镇街不同"
    if differ(a.sites, b.sites, a.text[:300], b.text[:300]):
        return "地点名称不同"
    on_one_road = a.roads & b.roads or (a.posts and b.posts)
    if on_one_road and a.directions and b.directions and not a.directions & b.directions:
        return "方向不同"
    elsewhere_named = not any(s in b.text for s in a.sections) and not any(s in a.text for s in b.sections)
    if on_one_road and a.sections and b.sections and elsewhere_named:
        return "路段不同"
    told_of = any(n in b.text for n in (*a.town_names, *a.crafts)) or any(
        n in a.text for n in (*b.town_names, *b.crafts)
    )
    if (
        a.wide != b.wide
        and not told_of
        and ("weather" in a.families | b.families or "collapse" in a.families | b.families)
    ):
        return "一为全域,一为一处"
    return None


def excludes(a: Report, b: Report) -> str | None:
    """Why `b` cannot be of the incident to which `a` belongs, whatever another report of it has in common with `b`."""
    if a.full_county and b.full_county and not _same_county(a, b):
        return "所在县区不同"
    if a.posts and b.posts and min(abs(p - q) for p in a.posts for q in b.posts) > 2:
        return "里程桩号不同"
    if b.nickname and a.window and a.timed and b.nickname != (a.window[0].month, a.window[0].day):
        return "以另一日期相称"
    gap = gap_between(a, b)
    if a.timed and b.timed and gap is not None and gap > APART and not b.later:
        return f"时间相差{hours(gap)}"
    return elsewhere(a, b)


def is_over(a: Report, b: Report) -> bool:
    """A first report behind the final one, of no time or another: one more event, as far as anybody can tell."""
    if a.reading.kind != "终报" or b.reading.kind != "首报" or b.received <= a.received or b.later or b.tells_outcome:
        return False
    gap = gap_between(a, b)
    return gap is None or gap > CLOSE


def gap_between(a: Report, b: Report) -> timedelta | None:
    """How far apart the two say it happened; None when either does not say, or a first report says only the day."""
    if a.window is None or b.window is None:
        return None
    gap = max(a.window[0] - b.window[1], b.window[0] - a.window[1], timedelta(0))
    coarse = max(a.window[1] - a.window[0], b.window[1] - b.window[0]) > APART
    return None if coarse and gap <= APART and b.reading.kind == "首报" else gap


def hours(gap: timedelta) -> str:
    hours = gap.total_seconds() / 3600
    return f"{hours / 24:.0f}天" if hours >= 48 else f"{hours:.0f}小时"


def _same_county(a: Report, b: Report) -> bool:
    """One name, or a text that names both: 百丈山与修水县交界处."""
    one, other = a.full_county or "", b.full_county or ""
    return one[:2] == other[:2] or one in other or other in one or other in a.text[:300] or one in b.text[:300]


def _same_county_of_road(a: Report, b: Report) -> bool:
    """A motorway runs through many counties: two crashes on it that name different ones are two, unless a text names both."""
    if a.counties & b.counties or (a.posts and a.posts == b.posts):
        return True
    return any(c[:2] in b.text[:300] for c in a.counties) or any(c[:2] in a.text[:300] for c in b.counties)
