"""Judges an office's own templates before anybody prints: `dutydesk check` says which tag of which file is wrong."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from dutydesk.documents.content import KINDS, Document, Field, Heading, Kind, Paragraph, Table
from dutydesk.documents.fill import TemplateProblem, fill


def template_problems(folder: Path) -> Iterator[str]:
    """Every problem of the templates in a folder, in words; there need not be such a folder."""
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        kind = next((kind for kind in KINDS if path.name == f"{kind}.docx"), None)
        if kind is None:
            yield f"templates/{path.name}: 不认识的模板名,可用 {'、'.join(f'{kind}.docx' for kind in KINDS)}"
            continue
        try:
            with tempfile.TemporaryDirectory() as scratch:
                fill(sample(kind), path, Path(scratch) / "sample.docx")
        except TemplateProblem as problem:
            yield f"templates/{problem}"


def sample(kind: Kind) -> Document:
    """A document that says something in every place."""
    return Document(
        kind=kind,
        issuer="某市总值班室",
        number="某政值〔2026〕1号",
        title=f"{KINDS[kind]}样张",
        addressee="各区、市人民政府",
        fields=(Field(label="时间", value="2026年1月1日 08:00"), Field(label="地点", value="某街道")),
        blocks=(
            Heading(level=1, text="一、总体情况"),
            Paragraph(text="样张的正文。"),
            Heading(level=2, text="(一)数字"),
            Heading(level=3, text="1.来报"),
            Table(caption="表", columns=("项目", "数字"), rows=(("来报", "1"),), weights=(2, 1)),
        ),
        annexes=(Table(caption="各单位情况", columns=("单位", "得分"), rows=(("某街道", "95"),)),),
        signature="某市总值班室",
        date="2026年1月1日",
        secrecy="内部",
        urgency="特急",
        copies="某单位",
        printed_by="某市总值班室",
        printed_on="2026年1月2日",
        note="样张",
        state="草稿",
        drill=True,
        code="dutydesk",
    )
