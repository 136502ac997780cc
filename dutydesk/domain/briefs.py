"""What a circular of a period or an event says in words, and the daily brief: three lines an item, the weightiest first. Drafts only: an
officer edits them before they are issued."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dutydesk.clock import to_datetime
from dutydesk.domain.circular_policy import Reporting
from dutydesk.domain.circulars import CircularRequested, Figure, Item
from dutydesk.domain.clocks import LEVELS
from dutydesk.domain.tallies import Scored, UnitTally
from dutydesk.domain.tallying import Late, Tallied

Rows = Sequence[tuple[str, Mapping[str, Any]]]
PRAISED = 10  # units named for doing well
_HARM = (("deaths", "死亡"), ("missing", "失联"), ("trapped", "被困"), ("injured", "受伤"))
_STATES = {"open": "正在处置", "closed": "已了结", "merged": "已并入"}


def clock(at: int) -> str:
    """An instant in a sentence."""
    moment = to_datetime(at)
    return f"{moment.month}月{moment.day}日{moment:%H:%M}"


def weight(body: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """How heavy an incident is: level, lost people, hurt people, sensitive circumstances."""
    level = LEVELS.index(body["level"]) + 1 if body.get("level") in LEVELS else 0
    lost = sum(_number(body, name) for name in ("deaths", "missing"))
    return level, lost, _number(body, "injured") + _number(body, "trapped"), len(body.get("flags", ()))


def _number(body: Mapping[str, Any], name: str) -> int:
    value = _value(body, name)
    if isinstance(value, dict):
        value = value.get("min") or value.get("max")
    return value if isinstance(value, int) else 0


def _value(body: Mapping[str, Any], name: str) -> Any:
    shown = (body.get("figures") or {}).get(name)
    return shown.get("value") if isinstance(shown, dict) else None


def brief_items(rows: Rows) -> tuple[Item, ...]:
    """每日要情: title; harm; what is being done. One item an incident."""
    ranked = sorted(rows, key=lambda row: weight(row[1]), reverse=True)
    return tuple(
        Item(text="\n".join(three_lines(body)), stream=stream, state=str(body["status"]), section="incidents")
        for stream, body in ranked
    )


def three_lines(body: Mapping[str, Any]) -> tuple[str, str, str]:
    """An incident for somebody who reads three lines."""
    level = f"〔{body['level']}〕" if body.get("level") else ""
    place = body.get("place_text") or body.get("unit_name") or ""
    first = (
        f"{level}{body['title']}({clock(body['received_at'])}接报{',' + place if place not in body['title'] else ''})"
    )
    state = {"false": "经核实不实", "elsewhere": "已移交"}.get(body.get("outcome", ""), _STATES.get(body["status"], ""))
    return first, harm(body), f"{state}。最新:{body.get('last_word') or '无后续来报'}"


def harm(body: Mapping[str, Any]) -> str:
    """Figures of harm in words; what is not known is said to be unknown, never left out as if it were none."""
    said = []
    for name, word in _HARM:
        value = _value(body, name)
        if isinstance(value, dict):
            least, most = value.get("min"), value.get("max")
            said.append(f"{word}至少{least}人" if least is not None else f"{word}至多{most}人")
        elif isinstance(value, int) and value:
            said.append(f"{word}{value}人")
    if said:
        return "、".join(said)
    return "无人员死亡" if _value(body, "deaths") == 0 else "伤亡情况不详"


def brief_summary(rows: Rows, figures: Sequence[Figure]) -> str:
    value = {figure.name: figure.value or 0 for figure in figures}
    heavy = sum(1 for _stream, body in rows if weight(body)[0] >= 2)
    return (
        f"过去一天收到来报{value.get('received', 0)}条,涉及事件{len(rows)}件,其中较大以上{heavy}件;"
        f"领导批示{value.get('instructions', 0)}条,办结{value.get('instructions_done', 0)}条。"
    )


def period_items(
    tallied: Tallied, scores: Sequence[Scored], titles: Mapping[str, str], names: Mapping[str, str]
) -> tuple[Item, ...]:
    """Praise, then faults with time, receipt and minutes late, then spot checks: the shape of real circulars (regulations 5.3)."""
    praised = [one for one in scores if one.score.grade == "优"]
    praised.sort(key=lambda one: -(one.score.points or 0))
    items = [
        Item(text=f"{names.get(one.unit, one.unit)}:{one.score.points:g}分", stream="", section="praised")
        for one in praised[:PRAISED]
        if one.score.points is not None
    ]
    items += [_late_item(late, titles, names) for late in tallied.late]
    items += [
        _fault_item(unit, kind, word) for unit in tallied.units for kind, word in _FAULTS if unit.counts().get(kind)
    ]
    items += [_check_item(unit) for unit in tallied.units if unit.counts().get("checks_failed")]
    return tuple(items)


_FAULTS = (("missed", "漏报"), ("concealed", "瞒报"), ("false", "谎报"))


def _late_item(late: Late, titles: Mapping[str, str], names: Mapping[str, str]) -> Item:
    title = titles.get(late.incident, late.incident)
    text = f"{names.get(late.unit, late.unit)}:{title},{clock(late.occurred_at)}发生,{clock(late.received_at)}报到,迟报{late.minutes}分钟"
    return Item(text=text, stream=f"incident/{late.incident}", section="faulted")


def _fault_item(unit: UnitTally, kind: str, word: str) -> Item:
    return Item(text=f"{unit.name}:{word}{unit.counts()[kind]}次", stream="", section="faulted")


def _check_item(unit: UnitTally) -> Item:
    counts = unit.counts()
    checked = (counts.get("checks_passed") or 0) + (counts.get("checks_failed") or 0)
    return Item(text=f"{unit.name}:抽查{checked}次,不合格{counts['checks_failed']}次", stream="", section="checks")


def period_summary(figures: Sequence[Figure], tallied: Tallied, reporting: Reporting) -> str:
    """The overall sentence, then counts, then what was late by which limit."""
    value = {figure.name: figure.value or 0 for figure in figures}
    faults = sum(unit.counts().get(kind) or 0 for unit in tallied.units for kind, _word in _FAULTS)
    units = len({late.unit for late in tallied.late})
    law = reporting.law or "本室规定"
    late = f"迟报{len(tallied.late)}件,涉及{units}个单位(按{law}计)" if tallied.late else "没有迟报"
    return (
        f"本期收到来报{value.get('received', 0)}条,立事件{value.get('opened', 0)}件,上报{value.get('sent_up', 0)}件,"
        f"了结{value.get('closed', 0)}件,核实不实{value.get('false_reports', 0)}件。"
        f"{late};经认定漏报、瞒报、谎报共{faults}次。"
    )


def event_summary(
    requested: CircularRequested, late: Iterable[Late], occurred_at: int | None, *, reported: bool = True
) -> str:
    """一事一通报: what happened when, when the unit's word came, by how much too late; or that no word of it came at all."""
    found = next((one for one in late if one.unit == requested.unit), None)
    if found:
        return (
            f"{clock(found.occurred_at)}事件发生,{requested.unit_name}{clock(found.received_at)}才向本室报告,"
            f"超过规定时限{found.minutes}分钟。请查明原因,举一反三。"
        )
    if not reported:
        return f"本室没有收到{requested.unit_name}对本次事件的报告,是否漏报请核实后认定。"
    if occurred_at is None:
        return f"事件发生时间未能确认到分钟,{requested.unit_name}报告是否及时无法计算,请核实后更正。"
    return f"{requested.unit_name}对本次事件的报告没有超过规定时限。"
