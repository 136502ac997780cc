"""What a report upward says: from facts to Chinese text, and what changed since the last one. Unknown is 不详, never 0.

Elements by Shandong 2012 art. 29 and 493号 art. 12; a follow-up gives new figures and progress only (肇庆).
"""

import hashlib
from typing import Any, NamedTuple

from dutydesk.clock import to_datetime
from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.readings import Bounds, Figure, Kind
from dutydesk.domain.submissions import Change, Draft, Said, SaidName, Snapshot, ToldFigure

FIGURE_WORDS = {
    "deaths": ("死亡", "人"),
    "missing": ("失联", "人"),
    "seriously_injured": ("重伤", "人"),
    "injured": ("受伤", "人"),
    "trapped": ("被困", "人"),
    "rescued": ("救出", "人"),
    "ill": ("发病", "人"),
    "evacuated": ("转移", "人"),
    "affected": ("受影响", "人"),
    "households": ("受影响", "户"),
    "direct_loss_cny": ("直接经济损失", "元"),
    "area_m2": ("面积", "平方米"),
}
CASUALTIES = ("deaths", "missing", "seriously_injured", "injured", "ill")
SAID_WORDS: dict[SaidName, str] = {
    "course": "原因和经过",
    "measures": "已采取措施",
    "trend": "发展趋势",
    "requests": "请求和建议",
    "commander": "现场指挥",
    "remark": "其他",
}
_ELEMENTS = {
    "title": "事件",
    "level": "级别",
    "place": "地点",
    "occurred_at": "时间",
    "source": "信息来源",
    "flags": "敏感情形",
}
LEAST = ("occurred_at", "place", "title", "source")  # when, where, what, from whom: regulations 3.1 and rule 11
UNVERIFIED = "未核实"
_DIGITS = "零一二三四五六七八九"


class Element(NamedTuple):
    """One element of the printed report."""

    label: str
    value: str
    unverified: bool


def snapshot_of(body: dict[str, Any], source: str, rounds: tuple[str, ...] = ()) -> Snapshot:
    """The facts of an incident's row. `source`: who reported it first; `rounds`: of dispatches about it, in words."""
    told = {name: str(body.get(name) or "") for name in ("level", "peak", "code", "category", "subtype", "occurred_at")}
    return Snapshot(
        number=body["number"],
        event=str(body.get("event") or ""),
        title=body["title"],
        received_at=body["received_at"],
        source=source,
        flags=tuple(body["flags"]),
        place=str(body.get("place_text") or ""),
        unit=str(body.get("unit_name") or ""),
        truth=str(body.get("truth") or ""),
        figures=tuple(_figure(n, body["figures"][n]) for n in FIGURE_WORDS if n in body["figures"]),
        confirmed=tuple(sorted(body.get("fixed") or ())),
        files=tuple(ExchangeFile.model_validate(file) for file in body.get("files") or ()),
        rounds=rounds,
        **told,
    )


def _figure(name: str, line: dict[str, Any]) -> ToldFigure:
    doubtful = bool(set(line["doubts"]) & {"sources_differ", "newer_report"})
    others = tuple(_value(other["value"]) for other in line["others"]) if doubtful else ()
    return ToldFigure(name=name, value=_value(line["value"]), confirmed=bool(line["fixed_by"]), others=others)


def _value(plain: Any) -> Figure:
    return Bounds.model_validate(plain) if isinstance(plain, dict) else plain


def draft_of(now: Snapshot, last: Snapshot | None, kind: Kind, ordinal: int, said: tuple[Said, ...], at: int) -> Draft:
    """A version of the text. `last` is what the report before told; without it everything is new."""
    told = changes(last, now) if last else ()
    version = hashlib.sha256(f"{now.model_dump_json()}{[s.model_dump_json() for s in said]}".encode()).hexdigest()[:12]
    title = title_of(now, kind, ordinal)
    return Draft(
        version=version,
        as_of=at,
        title=title,
        snapshot=now,
        said=said,
        changes=told,
        missing=_missing(now, said),
        least_missing=tuple(_ELEMENTS[name] for name in LEAST if not getattr(now, name)),
        unverified=tuple(e.label for e in elements(now) if e.unverified),
        brief=brief(now, at),
        paragraphs=_paragraphs(now, told, kind, said, at, first=last is None),
    )


def title_of(now: Snapshot, kind: Kind, ordinal: int) -> str:
    """关于…的报告(首报), (续报一), (终报)."""
    number = numeral(ordinal - 1) if kind == "续报" else ""
    return f"关于{now.title or '突发事件'}的报告({kind}{number})"


def numeral(number: int) -> str:
    """1 to 99 as it is counted in titles."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def figure_words(value: Figure, unit: str) -> str:
    """A figure in words: 不详 when unknown, 无 for zero, bounds as 以上 and 以内."""
    if value is None:
        return "不详"
    if isinstance(value, Bounds):
        low, high = value.min, value.max
        if low is not None and high is not None:
            return f"{low}至{high}{unit}"
        return f"{low}{unit}以上" if low is not None else f"不超过{high}{unit}"
    return "无" if value == 0 else f"{value}{unit}"


def elements(now: Snapshot) -> list[Element]:
    """The elements that are known, each marked when nobody has verified it."""
    sure = now.truth == "true"
    fixed = set(now.confirmed)
    found = [
        Element(_ELEMENTS["occurred_at"], moment(now.occurred_at), not (sure or "occurred_at" in fixed)),
        Element("接报", moment_at(now.received_at), False),
        Element(_ELEMENTS["place"], now.place, not (sure or "place_text" in fixed)),
        Element("属地", now.unit, False),
        Element(_ELEMENTS["level"], now.level, not (sure or "level" in fixed)),
        Element(_ELEMENTS["flags"], "、".join(now.flags), False),
        Element(_ELEMENTS["source"], now.source, False),
        *(figure_element(figure, sure) for figure in now.figures),
    ]
    return [element for element in found if element.value]


def figure_element(figure: ToldFigure, sure: bool) -> Element:
    """A figure; where sources differ the others stand beside it."""
    label, unit = FIGURE_WORDS[figure.name]
    value = figure_words(figure.value, unit)
    if figure.others:
        value += f"(另有来源:{'、'.join(figure_words(other, unit) for other in figure.others)})"
    return Element(label, value, not (figure.confirmed or (sure and not figure.others)))


def moment(said: str) -> str:
    """An ISO instant or day as people write it; empty stays empty."""
    return said[:16].replace("T", " ")


def moment_at(at: int) -> str:
    return to_datetime(at).strftime("%m月%d日%H:%M")


def brief(now: Snapshot, at: int) -> tuple[str, ...]:
    """Three lines: what and where; casualties; level, doubts and the instant."""
    casualties = [f"{e.label}{e.value}" for e in (figure_element(f, True) for f in now.figures)]
    doubt = "" if now.truth == "true" else "有关情况正在核实。"
    when = f"{moment(now.occurred_at)}," if now.occurred_at else ""
    where = now.place or now.unit or "地点待核"
    return (
        f"{when}{now.title if where in now.title else f'{where}:{now.title}'}。",
        f"{'、'.join(casualties) or '伤亡不详'}。",
        f"{now.level + '级别,' if now.level else ''}截至{moment_at(at)}。{doubt}",
    )


def script(now: Snapshot, office: str, at: int) -> tuple[str, ...]:
    """What is read out when it is reported by telephone; ends with the question that makes it a report."""
    first, second, third = brief(now, at)
    ask = "以上情况,请复述并告知您的姓名、职务。"
    return (f"您好,这里是{office},报告一起突发事件。", first, second, third, f"信息来源:{now.source or '待核'}。", ask)


def changes(last: Snapshot, now: Snapshot) -> tuple[Change, ...]:
    """What differs, element by element and figure by figure."""
    found = [
        Change(name=name, label=label, was=_plain(last, name), now=_plain(now, name))
        for name, label in _ELEMENTS.items()
        if _plain(last, name) != _plain(now, name)
    ]
    before, after = ({f.name: f for f in snapshot.figures} for snapshot in (last, now))
    for name, (label, unit) in FIGURE_WORDS.items():
        was, is_ = (side[name].value if name in side else None for side in (before, after))
        if was != is_:
            found.append(Change(name=name, label=label, was=figure_words(was, unit), now=figure_words(is_, unit)))
    had, has = (_named(snapshot.files) for snapshot in (last, now))
    return (*found, Change(name="files", label="附件", was=had, now=has)) if had != has else tuple(found)


def _named(files: tuple[ExchangeFile, ...]) -> str:
    return "、".join(file.name or file.digest[:12] for file in files) or "无"


def _plain(snapshot: Snapshot, name: str) -> str:
    value = getattr(snapshot, name)
    return "、".join(value) if isinstance(value, tuple) else str(value)


def in_words(told: tuple[Change, ...]) -> str:
    """Changes as one line for a person."""
    return ";".join(f"{c.label}由{c.was or '不详'}改为{c.now or '不详'}" for c in told)


def _missing(now: Snapshot, said: tuple[Said, ...]) -> tuple[str, ...]:
    labels = [_ELEMENTS[name] for name in LEAST if not getattr(now, name)]
    if not any(f.name in CASUALTIES and f.value is not None for f in now.figures):
        labels.append("伤亡")
    written = {one.name for one in said}
    return (*labels, *(SAID_WORDS[n] for n in ("course", "measures", "commander") if n not in written))


def _paragraphs(
    now: Snapshot, told: tuple[Change, ...], kind: Kind, said: tuple[Said, ...], at: int, *, first: bool
) -> tuple[str, ...]:
    head = f"截至{moment_at(at)},现将有关情况{'报告' if first else '续报' if kind == '续报' else '终报'}如下:"
    if first:
        body = [_sentence(element) for element in elements(now)]
    elif kind == "终报":
        body = [_sentence(element) for element in elements(now) if element.label != "接报"]
    else:
        body = [f"{c.label}:{c.now or '不详'}(前报{c.was or '不详'})。" for c in told] or ["数字无变化。"]
    return (head, *body, *now.rounds, *(f"{SAID_WORDS[one.name]}:{one.text}" for one in said))


def _sentence(element: Element) -> str:
    return f"{element.label}:{element.value}{f'({UNVERIFIED})' if element.unverified else ''}。"
