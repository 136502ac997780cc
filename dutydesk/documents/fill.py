"""The child process that fills a template: `python -m dutydesk.documents.fill` with a job on standard input.

Exit 0: the file is written; 3: the template is at fault, and standard output says which tag of which file.
"""

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import segno
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from dutydesk.documents.bounded import WRONG_TEMPLATE
from dutydesk.documents.content import RED_HEAD, Document, Heading, Paragraph, Table, annex_note

TITLE_LINE = 20  # characters of 2号 on a line
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


class TemplateProblem(Exception):
    """A template cannot be filled; the message names the tag and the file."""


def main() -> None:
    """Do the job on standard input: {"document", "template", "into", "turns"}."""
    job = json.loads(sys.stdin.buffer.read())
    try:
        fill(Document.model_validate(job["document"]), Path(job["template"]), Path(job["into"]), job["turns"])
    except TemplateProblem as problem:
        print(problem)
        sys.exit(WRONG_TEMPLATE)


def fill(document: Document, template: Path, into: Path, turns: int = 0) -> None:
    """Write a document as docx; `turns` pages are turned before the 版记. Raises TemplateProblem."""
    try:
        made = DocxTemplate(template)
        made.init_docx()
    except Exception as error:  # python-docx raises KeyError, ValueError, BadZipFile … for what is no docx
        raise TemplateProblem(f"模板 {template.name} 打不开,不是 Word 文档(.docx):{error}") from None
    if torn := next((tag for tag in _tags(made) if not tag.endswith(("}}", "%}"))), ""):
        raise TemplateProblem(f"模板 {template.name} 有误:标签 {torn} 没有写完")
    try:
        made.render(_names(document, made) | {"另页": range(turns)}, environment())
    except TemplateError as error:
        raise TemplateProblem(_blame(template, error)) from None
    except Exception as error:  # a tag that stands where Word cannot have it leaves broken XML
        raise TemplateProblem(f"模板 {template.name} 填不进去,请检查标签的位置:{_short(error)}") from None
    _fit_heads(made)
    _set_widths(made, [block for block in (*document.blocks, *document.annexes) if isinstance(block, Table)])
    made.save(into)


def environment() -> SandboxedEnvironment:
    """Templates come from an office: sandboxed, every value escaped, an unknown tag is an error."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _names(document: Document, made: DocxTemplate) -> dict[str, Any]:
    """The tags a template may use, in the office's own words."""
    return {
        "机关": document.issuer,
        "发文字号": document.number,
        "标题": _title(document),
        "主送": document.addressee,
        "栏目": [{"名": field.label, "值": field.value} for field in document.fields],
        "正文": [_block(block) for block in document.blocks],
        "附件": [_block(annex)["表"] for annex in document.annexes],
        "附件说明": annex_note(document),
        "署名": document.signature,
        "日期": document.date,
        "密级": document.secrecy,
        "紧急程度": document.urgency,
        "抄送": document.copies,
        "印发机关": document.printed_by,
        "印发日期": document.printed_on,
        "附注": document.note,
        "状态": document.state,
        "演练": document.drill,
        "二维码": InlineImage(made, _qr(document.code), width=Mm(28)) if document.code else "",
    }


def _title(document: Document) -> str:
    """A title too long for a line breaks behind the issuer's name, not within a word (GB/T 9704-2012, 7.3.1)."""
    name, title = document.signature, document.title
    breaks = len(title) > TITLE_LINE and name and title.startswith(name) and len(title) > len(name)
    return f"{name}\n{title.removeprefix(name)}" if breaks else title


def _block(block: Heading | Paragraph | Table) -> dict[str, Any]:
    said: dict[str, Any] = {"一级": "", "二级": "", "三级": "", "文字": "", "表": None}
    match block:
        case Heading():
            return said | {("一级", "二级", "三级")[block.level - 1]: block.text}
        case Paragraph():
            return said | {"文字": block.text}
        case Table():
            return said | {"表": {"题": block.caption, "栏": list(block.columns), "行": [list(r) for r in block.rows]}}


def _qr(text: str) -> io.BytesIO:
    image = io.BytesIO()
    segno.make(text, error="m", micro=False).save(image, kind="png", scale=8, border=2)
    image.seek(0)
    return image


def _blame(template: Path, error: TemplateError) -> str:
    """Which tag of a template is at fault, as it stands there."""
    said = error.message or str(error)
    unfilled = DocxTemplate(template)
    unfilled.init_docx()
    tags = list(_tags(unfilled))
    named = [name for name in re.findall(r"'([^']+)'", said) if not name.startswith(("dict", "str"))]
    guilty = next((tag for tag in tags for name in named if name in tag), "") or next(filter(_unreadable, tags), "")
    return f"模板 {template.name} 有误:{f'标签 {guilty}' if guilty else '有一个标签没有写完'}({said})"


def _tags(unfilled: DocxTemplate) -> Iterator[str]:
    """The tags of a template in order, also those that were not closed."""
    for paragraph in unfilled.docx.element.body.iter(qn("w:p")):
        text = "".join(run.text or "" for run in paragraph.iter(qn("w:t")))
        yield from TAG.findall(text)
        rest = TAG.sub("", text)
        if "{{" in rest or "{%" in rest:
            yield rest[max(rest.find("{{"), rest.find("{%")) :][:40].strip()


def _unreadable(tag: str) -> bool:
    if not tag.startswith("{{"):
        return False
    try:
        environment().compile_expression(tag.strip("{} "))
    except TemplateError:
        return True
    return False


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:120]}"


def _fit_heads(made: DocxTemplate) -> None:
    """A red head stays on one line: a name too long for its size is set in narrower characters, of the same height."""
    whole = _type_width(made)
    for head in (p for p in made.docx.paragraphs if p.style is not None and p.style.name == RED_HEAD):
        for run in head.runs:
            needed = len(head.text) * int(run.font.size or 0)
            if needed > whole:
                scale = OxmlElement("w:w")
                scale.set(qn("w:val"), str(max(25, whole * 100 // needed - 1)))
                run._r.get_or_add_rPr().insert_element_before(scale, "w:kern", "w:position", "w:sz", "w:szCs")


def _type_width(made: DocxTemplate) -> int:
    section = made.docx.sections[0]
    return int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)


def _set_widths(made: DocxTemplate, tables: list[Table]) -> None:
    """Give the columns of each filled table their share of its width: a template cannot know how many there will be."""
    waiting = iter(tables)
    wanted = next(waiting, None)
    for found in made.docx.tables:
        if wanted is None:
            return
        if not found.rows or tuple(c.text for c in found.rows[0].cells) != wanted.columns:
            continue
        whole = _type_width(made)
        weights = wanted.weights or (1.0,) * len(wanted.columns)
        _share(found, [Emu(int(whole * weight / sum(weights))) for weight in weights])
        wanted = next(waiting, None)


def _share(table: Any, widths: list[Emu]) -> None:
    table.autofit = False
    grid = table._tbl.tblGrid
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        grid.add_gridCol().w = width
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=False):
            cell.width = width


if __name__ == "__main__":
    main()
