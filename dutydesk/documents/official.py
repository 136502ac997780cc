"""Documents with a red head: circulars, the daily brief, a report upward. Pure: from plain values to what the document says."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from dutydesk.documents.content import Block, Document, Heading, Paragraph, Table
from dutydesk.documents.words import Word, date_of, figure_value, minute, span, typeset

Body = Mapping[str, Any]
NUMERALS = "一二三四五六七八九十"


def circular(desk: str, body: Body, word: Word, *, drill: bool, tally: Body | None = None) -> Document:
    """A circular or a daily brief from its row; `tally` is the row with each unit's figures, where there is one."""
    issued = body["issues"][-1] if body["issues"] else None
    issued_at = issued["issued_at"] if issued else 0
    of_brief = body["kind"] == "brief"
    blocks = sections(
        ("总体情况", [Paragraph(text=body["summary"])] if body["summary"] else []),
        ("交接说明", [Paragraph(text=body["note"])] if body["note"] else []),
        *(
            (word("section", name) or "事项", _listed(of_brief, items, word))
            for name, items in _by_section(body["items"])
        ),
        ("有关数字", [_figures(body["figures"], word)] if body["figures"] else []),
        ("更正", [_corrections(body["corrections"], word)] if body["corrections"] else []),
    )
    return printed(
        kind="brief" if of_brief else "circular",
        issuer=f"{desk}要情" if of_brief else desk,
        number=body["document_number"],
        title=f"{desk}{body['title']}",
        addressee="、".join(issued["names"]) if issued else "",
        blocks=(*_span(body), *blocks),
        annexes=_annexes(tally, word) if tally else (),
        signature=desk,
        date=date_of(issued_at or body["ends_at"]),
        printed_by=desk if issued else "",
        printed_on=date_of(issued_at) if issued_at else "",
        state=_state(body),
        drill=drill,
    )


_CALENDAR = frozenset({"month", "quarter", "year"})


def _span(body: Body) -> tuple[Paragraph, ...]:
    """What stretch of time it is about: whole days of a calendar period; nothing for one event, whose times its text says."""
    first, last = body["starts_at"], body["ends_at"]
    match body["kind"]:
        case "event":
            return ()
        case kind if kind in _CALENDAR:
            return (Paragraph(text=f"起止:{date_of(first)}至{date_of(last - 1)}。"),)
    return (Paragraph(text=f"起止:{span(first, last)}。"),)


def printed(**said: Any) -> Document:
    """A document whose every text is typeset."""
    return Document.model_validate(_typeset(Document(**said).model_dump()))


def _typeset(value: Any) -> Any:
    match value:
        case str():
            return typeset(value)
        case list() | tuple():
            return type(value)(map(_typeset, value))
        case dict():
            return {key: _typeset(part) for key, part in value.items()}
    return value


def _state(body: Body) -> str:
    if not body["issues"]:
        return "草稿(未印发)"
    return "印发之后有更正(尚未重新印发)" if body["changed_since_issue"] else ""


def _by_section(items: Iterable[Body]) -> list[tuple[str, list[Body]]]:
    found: dict[str, list[Body]] = {}
    for item in items:
        found.setdefault(item["section"], []).append(item)
    return list(found.items())


def _listed(of_brief: bool, items: list[Body], word: Word) -> list[Block]:
    return _told(items) if of_brief else [_items(items, word)]


def _told(items: Iterable[Body]) -> list[Block]:
    """Three lines an item: a heading and two paragraphs."""
    blocks: list[Block] = []
    for n, item in enumerate(items, 1):
        first, *rest = item["text"].splitlines() or [""]
        blocks.append(Heading(level=2, text=f"({numeral(n)}){first}"))
        blocks += [Paragraph(text=line) for line in rest if line]
    return blocks


def _figures(figures: Iterable[Body], word: Word) -> Table:
    """Two figures a row, read down the left half and then the right one; a single one alone."""
    told = [(word("counted", f["name"]), figure_value(f["value"], f["unit"]), str(len(f["seqs"]))) for f in figures]
    if len(told) == 1:
        return Table(columns=("项目", "数字", "依据(条)"), rows=tuple(told), weights=(5, 3.4, 2.6))
    half = -(-len(told) // 2)
    told += [("", "", "")] * (2 * half - len(told))
    rows = tuple((*left, *right) for left, right in zip(told[:half], told[half:], strict=True))
    return Table(columns=("项目", "数字", "依据(条)") * 2, rows=rows, weights=(5, 3.4, 2.6) * 2)


def _items(items: Sequence[Body], word: Word) -> Table:
    """`state` has a column only where one has a state."""
    rows = tuple((str(n), i["text"], word("status", i["state"])) for n, i in enumerate(items, 1))
    if not any(row[2] for row in rows):
        return Table(columns=("序号", "事项"), rows=tuple(row[:2] for row in rows), weights=(1, 9.6))
    return Table(columns=("序号", "事项", "状态"), rows=rows, weights=(1, 8, 1.6))


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


# the annex of a circular over a period (regulations 5.3), as wide as a page
# and how wide each is in millimetres: names in few lines, and 25/106 in one
_ANNEX = {"received": 11.3, "opened": 9.6, "sent_up": 9.6, "on_time_phone": 17.6, "on_time_written": 17.6, "late": 9.4, "missed": 9,
          "concealed": 9, "false": 9, "checks": 11.3, "checks_failed": 9.6}  # fmt: skip
_OF = {"on_time_phone": "timed_phone", "on_time_written": "timed_written"}


_COVERAGE = ("units", "covered", "contacts", "proven", "pairs", "pairs_confirmed", "pairs_half", "pairs_disputed")


class UnitTable(NamedTuple):
    """Figures of units or districts as they are shown on the screen, in docx and in PDF."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def unit_table(tally: Body, word: Word) -> UnitTable:
    """The annex: score where there is a scheme, figures, and in how many spot checks a unit failed."""
    scores = {one["unit"]: one["score"] for one in tally["scores"]}
    columns = ("单位", *(("得分",) if scores else ()), *(word("unit_figure", name) for name in _ANNEX))
    return UnitTable(columns, tuple(_unit(one, scores) for one in tally["units"]))


def coverage_table(tally: Body, word: Word) -> UnitTable:
    """The annex on contacts and pairs: a row a district, all together last; no rows where nothing was counted."""
    columns = ("区市", *(word("cover_figure", name) for name in _COVERAGE))
    return UnitTable(columns, tuple(_covered(one) for one in tally.get("coverage", ())))


def _covered(one: Body) -> tuple[str, ...]:
    values = {figure["name"]: figure["value"] for figure in one["figures"]}
    return (one["name"], *(str(values.get(name, "不详")) for name in _COVERAGE))


def _annexes(tally: Body, word: Word) -> tuple[Table, ...]:
    covered = coverage_table(tally, word)
    weights = (3.2, *(1.6 for _ in _COVERAGE))
    coverage = Table(caption="联络员覆盖与互建", columns=covered.columns, rows=covered.rows, weights=weights)
    return (*((_units(tally, word),) if tally["units"] else ()), *((coverage,) if covered.rows else ()))


def _units(tally: Body, word: Word) -> Table:
    table = unit_table(tally, word)
    weights = (20.4, *((13.6,) if tally["scores"] else ()), *_ANNEX.values())
    return Table(caption="各单位情况", columns=table.columns, rows=table.rows, weights=weights)


def _unit(one: Body, scores: Mapping[str, Body]) -> tuple[str, ...]:
    said: dict[str, Body] = {figure["name"]: figure for figure in one["figures"]}
    done = [said[name]["value"] for name in ("checks_passed", "checks_failed") if name in said]
    said["checks"] = {"value": None if None in done else sum(done)}
    score = scores.get(one["unit"], {}).get("points")
    shown = ("不详" if score is None else f"{score:g}",) if scores else ()
    return (one["name"], *shown, *(_share(said, name) for name in _ANNEX))


def _share(said: Mapping[str, Body], name: str) -> str:
    """A figure of a unit; a rate beside what it is a part of, and a dash where nothing was timed: no rate is not none."""
    if name not in said:
        return "—"
    value, whole = said[name]["value"], said.get(_OF.get(name, ""))
    if whole is not None:
        return f"{value}/{whole['value']}" if whole["value"] else "—"
    return "不详" if value is None else str(value)


def sections(*parts: tuple[str, list[Block]]) -> tuple[Block, ...]:
    """Numbered sections 一、二、三、; those with nothing in them are left out and not numbered."""
    blocks: list[Block] = []
    for n, (title, inside) in enumerate((part for part in parts if part[1]), 1):
        blocks += [Heading(level=1, text=f"{numeral(n)}、{title}"), *inside]
    return tuple(blocks)


def _attached(files: Iterable[Body]) -> Table:
    """The files that go with a report: the first digits of their SHA-256 say which they are."""
    rows = tuple(
        (str(n), f["name"] or "未命名", f["media_type"].rpartition("/")[2].upper(), _size(f["size"]), f["digest"][:12])
        for n, f in enumerate(files, 1)
    )
    columns = ("序号", "名称", "类型", "大小", "校验值前12位")
    return Table(caption="随附文件清单", columns=columns, rows=rows, weights=(1, 4.6, 1.4, 1.6, 2.4))


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} KB"


def submission(desk: str, content: Body, word: Word, *, drill: bool) -> Document:
    """A report upward (首报, 续报, 终报) from its content as plain values: title, number, addressees, elements, paragraphs."""
    doubtful = "、".join(content["unverified"])
    blocks = sections(
        ("基本情况", [Paragraph(text=text) for text in content["paragraphs"]]),
        ("变化", [_changes(content["changes"])] if content["changes"] else []),
        ("要素", [_elements(content["elements"])] if content["elements"] else []),
        ("尚缺", [Paragraph(text="、".join(content["missing"]))] if content["missing"] else []),
    )
    return printed(
        kind="submission",
        issuer="突发事件信息专报",
        number=f"{desk} {content['number']}",
        title=content["title"],
        addressee="、".join(content["addressees"]),
        blocks=blocks,
        annexes=(_attached(content["files"]),) if content["files"] else (),
        signature=desk,
        date=date_of(content["signed_at"] or content["as_of"]),
        copies="、".join(content["copies"]),
        printed_by=desk if content["signed_at"] else "",
        printed_on=date_of(content["signed_at"]) if content["signed_at"] else "",
        note=f"截至{minute(content['as_of'])};未核实:{doubtful}" if doubtful else f"截至{minute(content['as_of'])}",
        state="" if content["signed_by"] else f"{word('submission.status', content['status'])}(未签发)",
        drill=drill,
    )


def _changes(changes: Iterable[Body]) -> Table:
    rows = tuple((c["label"], c["was"], c["now"]) for c in changes)
    return Table(columns=("项目", "原报", "现报"), rows=rows, weights=(2, 3, 3))


def _elements(elements: Iterable[Body]) -> Table:
    rows = tuple((e["label"], e["value"], "未核实" if e["unverified"] else "") for e in elements)
    return Table(columns=("要素", "内容", ""), rows=rows, weights=(2, 6, 1.4))


def numeral(n: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(n, 10)
    head = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return head + (NUMERALS[ones - 1] if ones else "")
