"""Documents without a red head: handover card, phone record, duty log, proof sheet. Pure: from rows and lines to what is printed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dutydesk.documents.content import Block, Document, Field, Paragraph, Table
from dutydesk.documents.official import sections
from dutydesk.documents.words import Word, date_of, minute, second, span, typeset, weekday

Body = Mapping[str, Any]
Name = Callable[[str], str]


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


def handover(desk: str, card: Body, name: Name, word: Word, head: Head, *, drill: bool) -> Document:
    """交接班记录 from the handover's row: both sides, what is open, the head as a QR code that leaves the building with it."""
    fields = (
        Field(label="班次", value=f"{card['name']} {span(card['starts_at'], card['ends_at'])}"),
        Field(label="交班", value=_people(card["outgoing"], name)),
        Field(label="接班", value=f"{card['next']['name']} {_people(card['next']['people'], name)}"),
        Field(label="交班确认", value=_confirmed(card, "outgoing", name, word)),
        Field(label="接班确认", value=_confirmed(card, "incoming", name, word)),
        Field(label="日志到", value=f"第{head.seq}条 {second(head.at)}\n{head.hash}"),
    )
    refused = [Paragraph(text=f"{name(r['by'])}不予确认:{r['reason']}({minute(r['at'])})") for r in card["refused"]]
    blocks = sections(
        ("交接说明", [Paragraph(text=card["note"])] if card["note"] else []),
        ("不予确认", list(refused)),
        *_heaps(card, name, word),
    )
    return Document(
        kind="handover", issuer=desk, title="交接班记录", fields=fields, blocks=blocks or (Paragraph(text="无未了事项。"),),
        code=head.code, note="二维码为日志存证点,请存于本单位之外", drill=drill,
        state="" if card["status"] == "completed" else "尚未交接完毕",
    )  # fmt: skip


def _people(keys: Iterable[str], name: Name) -> str:
    return "、".join(map(name, keys)) or "无人"


def _confirmed(card: Body, side: str, name: Name, word: Word) -> str:
    if side in card["confirmed"]:
        said = card["confirmed"][side]
        return f"{name(said['by'])} {minute(said['at'])}" + (f"\n{said['note']}" if said["note"] else "")
    return word("handover", card["how"] if card["how"] in ("alone", "ordered") else "unsigned")


def _heaps(card: Body, name: Name, word: Word) -> Iterator[tuple[str, list[Block]]]:
    """What is open, kind by kind; what is more than the list is counted."""
    counts = {heap["kind"]: heap["open"] for heap in card["heaps"]}
    for kind in dict.fromkeys(item["kind"] for item in card["items"]):
        items = [item for item in card["items"] if item["kind"] == kind]
        rows = tuple((i["title"], name(i["owner"]), minute(i["due_at"]) if i["due_at"] else "") for i in items)
        more = counts.get(kind, 0) - len(items)
        told: list[Block] = [Table(columns=("事项", "经办", "时限"), rows=rows, weights=(5.2, 1.9, 3.3))]
        yield word("kind", kind), told + ([Paragraph(text=f"另有{more}件。")] if more > 0 else [])


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


def roster(desk: str, month: str, duties: Iterable[Body], posts: Sequence[tuple[str, str]], name: Name) -> Document:
    """值班表 of a month: a line a shift, a column a post; a post that nobody stands at says so."""
    rows = tuple(_duty(duty, posts, name) for duty in duties)
    columns = ("日期", "班次", *(title for _id, title in posts))
    weights = (4.4, 1.6, *((3,) * len(posts)))
    year, number = map(int, month.split("-"))
    blocks: list[Block] = (
        [Table(columns=columns, rows=rows, weights=weights)] if rows else [Paragraph(text="没有排定。")]
    )
    return Document(kind="log", issuer=desk, title=f"{year}年{number}月值班表", blocks=tuple(blocks))


def _duty(duty: Body, posts: Sequence[tuple[str, str]], name: Name) -> tuple[str, ...]:
    seats = {post: [s["person"] for s in duty["seats"] if s["post"] == post] for post, _title in posts}
    named = ("、".join(name(f"user:{one}") for one in people) or "空缺" for people in seats.values())
    special = f" {duty['special']}" if duty["special"] else ""
    return (f"{weekday(duty['starts_at'])}{special}", duty["name"], *named)


def log(desk: str, first: int, last: int, lines: Iterable[Line], *, cut: bool = False) -> Document:
    """值班日志 of a period, to the minute for reading and to the second as the machine kept it. `cut`: there are earlier lines."""
    rows = tuple((str(line.seq), second(line.at), line.who, _said(line)) for line in lines)
    told = f"{span(first, last)},共{len(rows)}条。"
    blocks: list[Block] = [Paragraph(text=typeset(told + ("更早的没有印出,请缩短时段另印。" if cut else "")))]
    if rows:
        blocks.append(Table(columns=("条", "时间", "经办", "内容"), rows=rows, weights=(1.2, 3.4, 2, 5.8)))
    return Document(kind="log", issuer=desk, title="值班日志", blocks=tuple(blocks))


def _said(line: Line) -> str:
    about = f"{line.about} " if line.about and line.about not in line.what else ""
    return f"{'〔演练〕' if line.drill else ''}{about}{line.what}"


def proof(desk: str, subject: str, lines: Sequence[Line], head: Head) -> Document:
    """日志存证单: the entries of one incident with their hashes, and the head they were chained up to."""
    fields = (
        Field(label="事项", value=subject),
        Field(label="日志头", value=f"第{head.seq}条 {second(head.at)}\n{head.hash}"),
    )
    rows = tuple((str(line.seq), second(line.at), line.who, f"{_said(line)}\n{line.hash}") for line in lines)
    blocks = (
        Paragraph(text=typeset("下列各条摘自值班日志。每一条的散列值都覆盖前一条,改动任何一条,其后各条都对不上。")),
        Table(columns=("条", "时间", "经办", "内容和散列值"), rows=rows, weights=(1.2, 3.4, 2, 5.8)),
        Paragraph(text=typeset("核验:用命令 dutydesk verify 核对全部日志;用二维码里的存证点核对日志头。")),
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
