"""When it happened, when it was reported, as of when the figures stand: gives each expression of time its role.

Occurrence, reporting and "as of" (截至) are different things; it must never take the newspaper's date for the event's.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from dutydesk.domain.readings import Precision
from dutydesk.reading.moments import Moment, Reference, moments
from dutydesk.reading.text import Text
from dutydesk.reading.vocabulary import alternatives

_AS_OF = re.compile(r"(?:截[至止到]|(?<![解接得收看听找感])[至到])(?:目前|北京时间|当地时间|记者发稿|今|发稿)?[,(]?$")
_COUNTED = re.compile(r"(?:的)?(?:初步)?(?:统计|核定|核查|汇总)(?!局)")  # 20日21时统计
_PRESS = re.compile(
    r"^(?:,)?(?:电(?!动|缆|梯|话亭|线|气|器|瓶|力|厂|站|杆)|讯|消息|报道|信息|发布|发表|介绍|透露|宣布|通报|证实|[^,。\d]{0,12}从[^,。]{2,40}(?:获悉|了解|传来)|[^,。;]{0,24}授权|.{0,12}日电|最新(?:消息|通报|报道)|据[^,。;]{2,24}(?:消息|通报|报道|介绍)(?=[,:]))"
)
_PRESS_BEFORE = re.compile(
    r"(?:新华[网社]|中新[网社]|人民网|中广网|中国网|本报|晚报|晨报|日报|记者|快讯|新闻网|讯|发布时间|报道)[^,。;]{0,8}$"
)
_REPORT = re.compile(r"^(?:左右|许)?,?(?:[^,。;]{0,14}?)(?:接(?:到|报|警|群众)|报(?:警|告|称|案|:)|来电|电话)")
_REPORT_BEFORE = re.compile(
    r"(?:报告时间|接报时间|接报|上报时间|报送时间|接警时间|填报时间|值班员)[:为于]?[^,。;]{0,4}$"
)
_LABEL = re.compile(
    r"(?:发生时间|事发时间|(?<!北京)(?<!当地)时间|发震时刻|事故时间|案发时间|[事案]发[在于])[:为是于]?$"
)
_RESPONSE = re.compile(rf"^(?:左右|许)?,?[^。;]{{0,16}}?(?:{alternatives('times', 'response')})")
_EVENT = re.compile(alternatives("times", "event"))
_BREAKS_OUT = re.compile(r"发生|突发|[爆暴]发|突降|突然")
_SAVING = re.compile(r"获救|升井|救出|搜救|搜寻|找到|寻获|捞[起出]|抬出|遗体|生还|消防(?:队员|官兵|员)|救援人员")
_LEAVES = re.compile(r"(?:左右|许)?[^,。;]{0,14}(?:出发|启程|发车|离港|驶离|开出)(?!后|时)")
_JUST = frozenset({"刚才", "刚刚", "方才", "适才", "头先"})
_BACKGROUND = re.compile(r"去年|前年|历史|曾(?:经)?发生|以来$|至今$|投产|建成|成立于|开工|通车|预计|计划|将于|定于")


@dataclass(frozen=True, slots=True)
class When:
    """The three times of a text, as written in a reading, with where each was read."""

    occurred: Moment | None = None
    as_of: Moment | None = None
    reported: Moment | None = None
    all: tuple[Moment, ...] = ()
    planned: bool = False


def when(text: Text, reference: Reference) -> When:
    """Give each expression of time its role and pick one per role."""
    found = moments(text.plain, reference)
    roles: dict[str, list[Moment]] = {}
    for moment in found:
        ahead = moment.at.date() > reference.at.date() + timedelta(days=1)
        roles.setdefault("plan" if ahead else _role(text, moment), []).append(moment)
    happened = roles.get("label") or roles.get("event") or roles.get("other") or []
    if "label" not in roles and happened and _tells_of_saving(text, happened[0]):
        happened = [m for m in happened if _breaks_out(text, m)] or happened
    occurred = _refine(text, happened[0], roles.get("event", []) + roles.get("other", [])) if happened else None
    as_of = roles.get("as_of", [None])[-1]
    reported = roles.get("report", [None])[0]
    return When(occurred, as_of, reported, tuple(found), "plan" in roles)


def _clause(text: Text, moment: Moment) -> str:
    return text.plain[moment.end : min(text.sentence_end(moment.end), moment.end + 50)]


def _breaks_out(text: Text, moment: Moment) -> bool:
    """1日3时30分,某煤矿发生透水: the moment that the event itself is told with."""
    return bool(_BREAKS_OUT.search(_clause(text, moment)))


def _tells_of_saving(text: Text, moment: Moment) -> bool:
    """3日17时,被困12人中4人获救升井: what a follow-up begins with, when the event stands behind it."""
    return bool(_SAVING.search(_clause(text, moment))) and not _breaks_out(text, moment)


def _role(text: Text, moment: Moment) -> str:
    before = text.plain[max(0, moment.start - 24) : moment.start]
    after = text.plain[moment.end : moment.end + 36]
    if _AS_OF.search(before) or _COUNTED.match(after):
        return "as_of"
    if _LEAVES.match(after):
        return "background"
    if _LABEL.search(before) and not _REPORT_BEFORE.search(before):
        return "label"
    if _REPORT_BEFORE.search(before):
        return "report"
    if _PRESS.match(after) or (moment.precision in {"day"} and _PRESS_BEFORE.search(before) and _PRESS.match(after)):
        return "press"
    if (text.plain[moment.start] not in "今昨刚" and _BACKGROUND.search(before)) or (
        moment.dated and _BACKGROUND.match(after[:4])
    ):
        return "background"
    event = _EVENT.search(text.plain[moment.end : min(text.sentence_end(moment.end), moment.end + 60)])
    report = _REPORT.match(after)
    if report and (event is None or event.start() + 2 >= report.end() - 2):
        return "report"
    response = _RESPONSE.match(after)
    if response and (event is None or moment.end + event.start() >= moment.end + response.end() - 3):
        return "response"
    return "event" if event else "other"


def _refine(text: Text, first: Moment, others: list[Moment]) -> Moment:
    """A coarse first word (昨天凌晨) gives way to a finer one for the same part of the same day later on."""
    beside = next((m for m in others if 0 <= m.start - first.end <= 1 and m.precision in {"minute", "hour"}), None)
    if beside and text.plain[first.start : first.end] in _JUST:
        return beside
    if first.precision not in {"day", "part_of_day"}:
        return first
    for moment in sorted(others, key=lambda m: m.start):
        finer = moment.start > first.start and moment.precision in {"minute", "hour"} and _within(first, moment.at)
        if finer and not _tells_of_saving(text, moment):
            return moment
    return first


def _within(coarse: Moment, at: datetime) -> bool:
    if coarse.precision == "day":
        return at.date() == coarse.at.date()
    return coarse.at <= at <= coarse.at + timedelta(hours=7)


def iso(moment: Moment) -> str:
    """The moment in ISO 8601 cut to the precision said: a date, or date and time with +08:00."""
    if moment.precision in {"day", "part_of_day"}:
        return moment.at.date().isoformat()
    return f"{moment.at:%Y-%m-%dT%H:%M}+08:00"


def precision(moment: Moment | None) -> Precision | None:
    return moment.precision if moment else None
