"""Documents without a red head: handover card, phone record, duty log, proof sheet. Pure: from rows and lines to what is printed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from dutydesk.documents.content import Block, Document, Field, Paragraph, Table
from dutydesk.documents.official import sections
from dutydesk.documents.words import date_of, minute, second

Body = Mapping[str, Any]


class Line(NamedTuple):
    """One line of the duty log: when, who, what in words, and where it stands in the journal."""

    seq: int
    at: int
    who: str
    what: str
    about: str = ""
    hash: str = ""
    drill: bool = False


class Head(NamedTuple):
    """The journal's head: what proves later that nothing was changed or cut off."""

    seq: int
    hash: str
    at: int

    @property
    def code(self) -> str:
        """As a QR code holds it, and as `dutydesk checkpoint` writes it: JSON with seq and hash."""
        return f'{{"seq": {self.seq}, "hash": "{self.hash}"}}'


class Open(NamedTuple):
    """What one watch hands to the next, each as lines of a table."""

    incidents: Sequence[tuple[str, str, str]]  # number and title, who has it, last word
    clocks: Sequence[tuple[str, str]]  # which legal clock, due
    waiting: Sequence[tuple[str, str]]  # message number, why
    undelivered: Sequence[tuple[str, str]]  # to whom, state
    instructions: Sequence[tuple[str, str]]  # words, due


def handover(desk: str, watch: Body, people: tuple[str, str], left: Open, head: Head) -> Document:
    """交接班记录: who hands over what to whom; the journal's head hash leaves the building with it."""
    leader, officers = people
    fields = (
        Field(label="班次", value=watch["name"]),
        Field(label="起止", value=f"{minute(watch['starts_at'])}至{minute(watch['ended_at'] or watch['ends_at'])}"),
        Field(label="带班", value=leader or "无人"),
        Field(label="值班", value=officers or "无人"),
        Field(label="日志到", value=f"第{head.seq}条 {second(head.at)}\n{head.hash}"),
    )
    blocks = sections(
        ("交接说明", [Paragraph(text=watch["note"])] if watch["note"] else []),
        ("未了事件", [_table(("事件", "承办", "最新情况"), left.incidents, (3, 2, 4))]),
        ("在走时限", _rows(("时限", "到期"), left.clocks, (6, 3))),
        ("待处理来报", _rows(("来报", "情形"), left.waiting, (4, 5))),
        ("未送达", _rows(("发给", "状态"), left.undelivered, (5, 4))),
        ("未办结批示", _rows(("批示", "限时"), left.instructions, (6, 3))),
        ("双方确认", [Paragraph(text="交班人:          接班人:          时间:")]),
    )
    return Document(
        kind="handover",
        issuer=desk,
        title="交接班记录",
        fields=fields,
        blocks=blocks,
        code=head.code,
        note="二维码为日志存证点,请存于本单位之外",
    )


def _rows(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], weights: tuple[float, ...]) -> list[Block]:
    return [_table(columns, rows, weights)] if rows else []


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], weights: tuple[float, ...]) -> Block:
    if not rows:
        return Paragraph(text="无。")
    return Table(columns=columns, rows=tuple(rows), weights=weights)


def phone(desk: str, message: Body, recorder: str, *, drill: bool) -> Document:
    """值班电话记录: the six fields of the duty phone book (肇庆 rules; regulations 3.4)."""
    form = message["form"] or {}
    caller = [form.get("caller_unit") or message["unit_name"], form.get("caller_name") or message["sender_name"] or ""]
    caller += [form.get("caller_post", ""), message["sender"]]
    fields = (
        Field(label="时间", value=form.get("occurred") or "未说明"),
        Field(label="地点", value=form.get("place") or "未说明"),
        Field(label="情况", value=message["text"]),
        Field(label="已告知", value=form.get("told") or "未说明"),
        Field(label="来电人", value=" ".join(filter(None, caller)) or "未说明"),
        Field(label="记录", value=f"{recorder} {second(message['received_at'])}"),
    )
    return Document(
        kind="phone", issuer=desk, title="值班电话记录", number=message["number"], fields=fields, drill=drill
    )


def log(desk: str, first: int, last: int, lines: Iterable[Line], *, cut: bool = False) -> Document:
    """值班日志 of a period, to the minute for reading and to the second as the machine kept it. `cut`: there are earlier lines."""
    rows = tuple((str(line.seq), second(line.at), line.who, _said(line)) for line in lines)
    told = f"{minute(first)}至{minute(last)},{len(rows)}条。"
    blocks: list[Block] = [Paragraph(text=told + ("更早的没有印出,请缩短时段另印。" if cut else ""))]
    if rows:
        blocks.append(Table(columns=("条", "时间", "经办", "内容"), rows=rows, weights=(1.3, 2.4, 1.8, 6)))
    return Document(kind="log", issuer=desk, title="值班日志", blocks=tuple(blocks))


def _said(line: Line) -> str:
    return f"{'〔演练〕' if line.drill else ''}{line.about + ' ' if line.about else ''}{line.what}"


def proof(desk: str, subject: str, lines: Sequence[Line], head: Head) -> Document:
    """日志存证单: the entries of one incident with their hashes, and the head they were chained up to."""
    fields = (
        Field(label="事项", value=subject),
        Field(label="日志头", value=f"第{head.seq}条 {second(head.at)}\n{head.hash}"),
    )
    rows = tuple((str(line.seq), second(line.at), line.who, _said(line), line.hash) for line in lines)
    blocks = (
        Paragraph(text="下列各条摘自值班日志。每一条的散列值都覆盖前一条,改动任何一条,其后各条都对不上。"),
        Table(columns=("条", "时间", "经办", "内容", "散列值"), rows=rows, weights=(1.2, 2.2, 1.6, 4, 3.2)),
        Paragraph(text="核验:用命令 dutydesk verify 核对全部日志;用二维码里的存证点核对日志头。"),
    )
    return Document(
        kind="proof",
        issuer=desk,
        title="日志存证单",
        fields=fields,
        blocks=blocks,
        date=date_of(head.at),
        signature=desk,
        code=head.code,
    )
