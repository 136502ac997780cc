"""What a document says, whatever it is printed on: the screen, the docx and the PDF are made from one `Document`."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["circular", "submission", "brief", "handover", "phone", "log", "proof"]
KINDS: dict[Kind, str] = {
    "circular": "通报",
    "submission": "突发事件信息专报",
    "brief": "值班快报",
    "handover": "交接班记录",
    "phone": "值班电话记录",
    "log": "值班日志",
    "proof": "日志存证单",
}

RED_HEAD = "红头"  # the paragraph style of a red head: it is kept on one line


class Part(BaseModel):
    """A part of a document: a plain value."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Heading(Part):
    """A heading; level 1 is 一、 in 黑体, 2 is (一) in 楷体, 3 is 1. in 仿宋 (GB/T 9704-2012, 7.3.3)."""

    level: Literal[1, 2, 3]
    text: str


class Paragraph(Part):
    text: str


class Table(Part):
    """Columns with their headings, rows of as many cells; `weights` divide the width (empty: evenly)."""

    caption: str = ""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...] = ()


Block = Heading | Paragraph | Table


class Field(Part):
    """One field of a form: its label and what was written in it."""

    label: str
    value: str


class Document(Part):
    """Everything a document says. Empty texts are left out where it is printed."""

    kind: Kind
    issuer: str  # the red head
    number: str = ""  # 发文字号
    title: str
    addressee: str = ""  # 主送
    fields: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()
    annexes: tuple[Table, ...] = ()  # behind the date, each on a page of its own
    signature: str = ""
    date: str = ""
    secrecy: str = ""
    urgency: str = ""
    copies: str = ""  # 抄送
    printed_by: str = ""  # 印发机关
    printed_on: str = ""  # 印发日期
    note: str = ""  # 附注
    state: str = ""  # 草稿, 更正件
    drill: bool = False
    code: str = ""  # text of a QR code


def annex_note(document: Document) -> str:
    """附件说明: what is annexed, one below the body (GB/T 9704-2012, 7.3.4); empty where nothing is."""
    captions = [annex.caption for annex in document.annexes]
    numbered = captions if len(captions) < 2 else [f"{n}.{caption}" for n, caption in enumerate(captions, 1)]
    return f"附件：{'、'.join(numbered)}" if captions else ""


def imprinted(document: Document) -> bool:
    """Whether it ends with a 版记, which stands at the foot of its last page, an even one (GB/T 9704-2012, 7.4)."""
    return bool(document.copies or document.printed_by or document.printed_on)


def lines(document: Document) -> Iterator[str]:
    """Every text of a document in the order of reading: what its screen, its docx and its PDF must all say."""
    yield from filter(None, (document.secrecy, document.urgency, document.issuer, document.number))
    yield from filter(None, ("演练" if document.drill else "", document.state, document.title))
    if document.addressee:
        yield f"{document.addressee}："
    for field in document.fields:
        yield from filter(None, (field.label, *field.value.splitlines()))
    for block in document.blocks:
        yield from _texts(block)
    if named := annex_note(document):
        yield named
    yield from filter(None, (document.signature, document.date))
    if document.note:
        yield f"（{document.note}）"
    for annex in document.annexes:
        yield from ("附件", *_texts(annex))
    if document.copies:
        yield f"抄送：{document.copies}。"
    yield from filter(None, (document.printed_by, document.printed_on and f"{document.printed_on}印发"))


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from filter(None, (block.caption, *block.columns))
        for row in block.rows:
            for cell in row:
                yield from filter(None, cell.splitlines())
    else:
        yield from filter(None, block.text.splitlines())
