"""Documents with a red head: the circular, a submission upward, the brief. Pure: from rows' bodies to what the document says."""

from collections.abc import Iterable, Mapping
from typing import Any

from dutydesk.documents.content import Block, Document, Heading, Paragraph, Table
from dutydesk.documents.words import LEVELS, Word, date_of, figure_value, minute

Body = Mapping[str, Any]
NUMERALS = "一二三四五六七八九十"


def circular(desk: str, body: Body, word: Word, *, drill: bool) -> Document:
    """The circular of a watch, from its row: summary, figures, items, corrections."""
    issued = body["issues"][-1] if body["issues"] else None
    blocks = sections(
        ("总体情况", [Paragraph(text=body["summary"])] if body["summary"] else []),
        ("交接说明", [Paragraph(text=body["note"])] if body["note"] else []),
        ("有关数字", [_figures(body["figures"], word)] if body["figures"] else []),
        ("事项", [_items(body["items"], word)] if body["items"] else []),
        ("更正", [_corrections(body["corrections"], word)] if body["corrections"] else []),
    )
    return Document(
        kind="circular",
        issuer=desk,
        number=str(body.get("number", "")),
        title=f"{desk}{body['name']}值班情况通报",
        addressee="、".join(issued["names"]) if issued else "",
        blocks=(Paragraph(text=f"起止:{minute(body['starts_at'])}至{minute(body['ends_at'])}。"), *blocks),
        signature=desk,
        date=date_of(body["ends_at"]),
        state=_state(body),
        drill=drill,
    )


def _state(body: Body) -> str:
    if not body["issues"]:
        return "草稿,未印发"
    return "印发之后有更正,尚未重新印发" if body["changed_since_issue"] else ""


def _figures(figures: Iterable[Body], word: Word) -> Table:
    rows = ((word("counted", f["name"]), figure_value(f["value"], f["unit"]), str(len(f["seqs"]))) for f in figures)
    return Table(columns=("项目", "数字", "依据(条)"), rows=tuple(rows), weights=(5, 3, 2))


def _items(items: Iterable[Body], word: Word) -> Table:
    rows = ((str(n), i["text"], word("status", i["state"])) for n, i in enumerate(items, 1))
    return Table(columns=("序号", "事项", "状态"), rows=tuple(rows), weights=(1, 8, 1.6))


def _corrections(corrections: Iterable[Body], word: Word) -> Table:
    rows = (
        (
            "摘要" if c["name"] == "summary" else word("counted", c["name"]),
            c["former"] or "不详",
            c["value"] or "不详",
            c["reason"],
        )
        for c in corrections
    )
    return Table(columns=("项目", "原为", "改为", "理由"), rows=tuple(rows), weights=(2, 3, 3, 3))


def sections(*parts: tuple[str, list[Block]]) -> tuple[Block, ...]:
    """Numbered sections 一、二、三、; those with nothing in them are left out and not numbered."""
    blocks: list[Block] = []
    for n, (title, inside) in enumerate(part for part in parts if part[1]):
        blocks += [Heading(level=1, text=f"{NUMERALS[n % 10]}、{title}"), *inside]
    return tuple(blocks)


def brief(desk: str, day: int, incidents: Iterable[Body], instructed: Mapping[str, int], word: Word) -> Document:
    """值班快报 of a day: the day's incidents, the gravest first, three lines each; `instructed` counts instructions by incident id."""
    listed = sorted(incidents, key=_weight)
    blocks = [block for n, body in enumerate(listed, 1) for block in _told(n, body, instructed, word)]
    return Document(
        kind="brief",
        issuer="值班快报",
        number=f"{desk} {date_of(day)}",
        title=f"{date_of(day)}值班要情",
        blocks=tuple(blocks) or (Paragraph(text="当日无突发事件。"),),
        signature=desk,
        date=date_of(day),
        state="草稿,未签发",
    )


def _weight(body: Body) -> tuple[int, int]:
    level = body.get("level") or ""
    return (LEVELS.index(level) if level in LEVELS else len(LEVELS), int(body["received_at"]))


def _told(n: int, body: Body, instructed: Mapping[str, int], word: Word) -> Iterable[Block]:
    level = body.get("level") or ""
    yield Heading(level=2, text=f"({_numeral(n)}){body['title']}{f'({level})' if level else ''}")
    place = body.get("place_text") or ""
    when = f"{minute(body['received_at'])}接报"
    yield Paragraph(text=f"{when}{f',{place}' if place else ''}。{_casualties(body)}")
    count = instructed.get(body["id"], 0)
    tail = f"领导批示{count}件。" if count else ""
    yield Paragraph(text=f"{body['last_word'].rstrip('。')}。{word('status', body['status'])}。{tail}")


def _numeral(n: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(n, 10)
    head = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return head + (NUMERALS[ones - 1] if ones else "")


def _casualties(body: Body) -> str:
    """Figures that were said; what nobody said is not written as none."""
    names = {"deaths": "死亡", "missing": "失联", "seriously_injured": "重伤", "injured": "受伤", "trapped": "被困"}
    figures = body.get("figures") or {}
    said = [f"{word}{_count(figures[name])}" for name, word in names.items() if name in figures]
    return f"{'、'.join(s for s in said if s)}。" if said else "伤亡情况核实中。"


def _count(figure: Any) -> str:
    value = figure.get("value", figure) if isinstance(figure, dict) else figure
    match value:
        case None:
            return "人数不详"
        case 0:
            return "无"
        case int():
            return f"{value}人"
        case {"min": int(least)}:
            return f"{least}人以上"
        case {"max": int(most)}:
            return f"{most}人以内"
    return "人数不详"
