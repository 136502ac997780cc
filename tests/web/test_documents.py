"""Documents over HTTP: one content on the screen, in the docx and in the PDF; within what each may see."""

import asyncio
import io
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import docx
import pytest
from aiohttp import web
from docx.oxml.ns import qn

from dutydesk.clock import HOUR
from dutydesk.documents import press
from dutydesk.documents.fonts import office
from dutydesk.domain.circulars import CorrectCircular, DraftCircular, Figure, IssueCircular, Item, RequestCircular
from dutydesk.domain.incidents import NoteIncident, SignForIncident
from dutydesk.domain.messages import CallForm, RecordMessage
from dutydesk.web.documents import PRESS
from tests.web.city import CALLER, START, City, city

FORM = CallForm(occurred="14:05", place="香港中路8号", told="119 14:06", caller_unit="香港中路街道", caller_name="王安")
FIGURES = (
    Figure(name="received", value=3, seqs=(1, 2, 3)),
    Figure(name="pages", value=0),
    Figure(name="answer_median", value=95, unit="s", seqs=(2,)),
    Figure(name="answer_slowest", value=None, unit="s"),
)


async def circular(desk: City) -> str:
    asked = RequestCircular(watch="w", name="白班", starts_at=START - 8 * HOUR, ends_at=START, note="注意台风")
    draft = DraftCircular(
        figures=FIGURES,
        items=(Item(text="001 仓库着火", stream="incident/1", state="closed"),),
        summary="收到来报3条。",
    )
    told = (asked, draft, CorrectCircular(name="received", value="4", reason="漏记"), IssueCircular())
    for command in told:
        await desk.hub.handle("circular/c1", command, key="", by="user:shift_leader")
    return "c1"


async def call(desk: City) -> str:
    wish = RecordMessage(channel="call", via="desk", sender=CALLER, text="写字楼冒烟,2人被困", form=FORM)
    await desk.hub.handle("message/call1", wish, key="", by="user:officer")
    return "call1"


def words_of(html: str) -> str:
    """The text of a page without spaces."""
    return "".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main>")[2])).split())


def words_in(docx_bytes: bytes) -> list[str]:
    """The paragraphs of a docx without spaces."""
    body = docx.Document(io.BytesIO(docx_bytes)).element.body
    found = ("".join("".join(t.text or "" for t in p.iter(qn("w:t"))).split()) for p in body.iter(qn("w:p")))
    return [text for text in found if text]


async def test_a_circular_says_the_same_on_the_screen_in_docx_and_in_pdf(desk: City, tmp_path: Path):
    id = await circular(desk)
    made = await desk.get(f"/circulars/{id}.docx")
    assert made.status == 200
    assert "白班" in unquote(made.headers["Content-Disposition"])
    said = words_in(await made.read())
    for wanted in (
        "收到来报",
        "4",
        "签收用时中位",
        "1分35秒",
        "不详",
        "无",
        "001仓库着火",
        "已了结",
        "漏记",
        "注意台风",
    ):
        assert wanted in said, wanted
    screen = words_of(await (await desk.get(f"/circulars/{id}")).text())
    for wanted in (
        "收到来报4",
        "签收用时中位1分35秒",
        "最慢签收不详",
        "呼叫无",
        "收到来报3条。",
        "001仓库着火",
        "漏记",
        "注意台风",
    ):
        assert wanted in screen, wanted
    if office() is None or not shutil.which("pdftotext"):
        pytest.skip("LibreOffice or poppler-utils is not installed")
    pdf = tmp_path / "circular.pdf"
    pdf.write_bytes(await (await desk.get(f"/circulars/{id}.pdf")).read())
    told = (await asyncio.to_thread(subprocess.check_output, ["pdftotext", "-raw", str(pdf), "-"])).decode()
    assert all(text in "".join(told.split()) for text in said)


async def test_a_phone_record_has_the_six_fields(desk: City):
    id = await call(desk)
    screen = words_of(await (await desk.get(f"/documents/phone/{id}")).text())
    said = words_in(await (await desk.get(f"/documents/phone/{id}.docx")).read())
    for wanted in (
        "时间",
        "14:05",
        "地点",
        "香港中路8号",
        "情况",
        "写字楼冒烟,2人被困",
        "已告知",
        "11914:06",
        "来电人",
        "记录",
    ):
        assert wanted in screen
        assert wanted in said
    assert any("officer名2026-11-" in text for text in said)
    assert (await desk.get(f"/documents/phone/{await desk.message()}")).status == 404


async def test_a_handover_card_lists_what_is_open_and_carries_the_head(desk: City):
    watch, incident = await desk.watch(), await desk.incident()
    number = (await desk.row("incident", incident))["number"]
    screen = words_of(await (await desk.get(f"/documents/handover/{watch}")).text())
    head = (await desk.one("head"))[1]
    for wanted in ("夜班", number, "未签收", "无人", head, "交班人"):
        assert wanted in screen
    made = docx.Document(io.BytesIO(await (await desk.get(f"/documents/handover/{watch}.docx")).read()))
    assert len(made.inline_shapes) == 1


async def test_a_proof_sheet_lists_every_entry_with_its_hash(desk: City):
    incident = await desk.incident()
    for command in (SignForIncident(), NoteIncident(text="已派车")):
        await desk.hub.handle(f"incident/{incident}", command, key="", by="user:officer")
    entries = (await (await desk.get(f"/api/incident/{incident}")).json())["timeline"]
    screen = words_of(await (await desk.get(f"/documents/proof/{incident}")).text())
    for entry in entries:
        (hash_,) = await desk.one("entry_hash", entry["seq"])
        assert hash_ in screen
    assert "officer名:已派车" in screen


async def test_the_brief_tells_the_days_incidents_the_gravest_first(desk: City):
    await desk.incident("小火", level="一般")
    await desk.incident("爆炸", sender="+8612000000202", level="重大", deaths=3)
    screen = words_of(await (await desk.get("/documents/brief/20261123")).text())
    assert screen.index("爆炸") < screen.index("小火")
    assert "死亡3人" in screen
    assert "伤亡情况核实中" in screen  # nobody said: not none
    assert (await desk.get("/documents/brief/2026")).status == 400
    assert (await desk.get("/documents/brief/20261123", "officer-281")).status == 403
    assert "当日无突发事件" in words_of(await (await desk.get("/documents/brief/20261101")).text())


async def test_documents_keep_to_the_scope_and_mask_numbers(desk: City):
    theirs, id = await desk.incident("乙", "+8612000000202"), await call(desk)
    assert (await desk.get(f"/documents/proof/{theirs}", "officer-281")).status == 404
    assert (await desk.get(f"/circulars/{await circular(desk)}.docx", "officer-281")).status == 403
    masked = await (await desk.get(f"/documents/phone/{id}", "auditor")).text()
    assert CALLER not in masked
    assert "+86*********01" in masked
    assert CALLER in await (await desk.get(f"/documents/phone/{id}")).text()


async def test_a_drill_is_marked_on_its_documents(desk: City):
    wish = RecordMessage(channel="call", via="desk", sender=CALLER, text="演练", form=FORM)
    await desk.hub.handle("message/d1", wish, key="", by="user:officer", drill=True)
    assert "演练" in words_in(await (await desk.get("/documents/phone/d1.docx")).read())[:3]


async def test_without_libreoffice_the_desk_says_so_in_words(desk: City, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(press, "office", lambda: None)
    id = await circular(desk)
    answer = await desk.get(f"/circulars/{id}.pdf")
    assert answer.status == 503
    assert "LibreOffice" in (await answer.json())["error"]
    assert (await desk.get(f"/circulars/{id}.docx")).status == 200


async def test_a_broken_template_is_named_and_the_document_comes_all_the_same(tmp_path: Path):
    folder = tmp_path / "config" / "templates"
    folder.mkdir(parents=True)
    shipped = docx.Document(str(press.SHIPPED / "circular.docx"))
    run = next(r for p in shipped.paragraphs for r in p.runs if "{{ 标题 }}" in r.text)
    run.text = "{{ 题目 }}"
    shipped.save(str(folder / "circular.docx"))
    async with city(tmp_path) as desk:
        assert isinstance(desk.server.app, web.Application)
        desk.server.app[PRESS].overrides = folder
        made = await desk.get(f"/circulars/{await circular(desk)}.docx")
    assert made.status == 200
    assert "{{ 题目 }}" in unquote(made.headers["X-Template-Problem"])
