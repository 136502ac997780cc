"""Documents over HTTP: one content on the screen, in the docx and in the PDF; within what each may see."""

import asyncio
import io
import re
import shutil
import subprocess
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import docx
import pytest
from aiohttp import web
from docx.oxml.ns import qn

from dutydesk.clock import BEIJING, HOUR, from_datetime
from dutydesk.documents import official, press
from dutydesk.documents.content import lines
from dutydesk.documents.fonts import office
from dutydesk.documents.official import submission
from dutydesk.documents.words import typeset, weekday
from dutydesk.domain import coverage_figures
from dutydesk.domain.circulars import (
    CircularKind,
    CorrectCircular,
    DraftCircular,
    Figure,
    IssueCircular,
    Item,
    RequestCircular,
)
from dutydesk.domain.handovers import OpenHandover
from dutydesk.domain.incidents import NoteIncident, SignForIncident
from dutydesk.domain.messages import CallForm, RecordMessage
from dutydesk.domain.policies import AdoptRules
from dutydesk.domain.roster_policy import RosterRules
from dutydesk.domain.rosters import Duty, ImportRoster, Seat
from dutydesk.domain.summaries import NAMES
from dutydesk.domain.tallies import KeepTally, UnitTally
from dutydesk.domain.tallying import UNIT_FIGURES
from dutydesk.domain.watches import term_at
from dutydesk.web.documents import PRESS
from dutydesk.web.frames import audience
from dutydesk.web.screen_words import sentence, word
from tests.web.city import CALLER, RULES, START, City, city

FORM = CallForm(occurred="14:05", place="香港中路8号", told="119 14:06", caller_unit="香港中路街道", caller_name="王安")
FIGURES = (
    Figure(name="received", value=3, seqs=(1, 2, 3)),
    Figure(name="pages", value=0),
    Figure(name="answer_median", value=95, unit="s", seqs=(2,)),
    Figure(name="answer_slowest", value=None, unit="s"),
)


UNIT = (
    Figure(name="received", value=7),
    Figure(name="timed_phone", value=3),
    Figure(name="on_time_phone", value=2),
    Figure(name="timed_written", value=0),
    Figure(name="on_time_written", value=0),
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


async def test_a_months_roster_is_printed_by_name_and_says_where_nobody_stands(desk: City):
    post = {"id": "main", "name": "主班", "people": ["officer"]}
    rules = RULES.model_copy(
        update={"roster": RosterRules.model_validate({"posts": [post, {"id": "deputy", "name": "副班"}]})}
    )
    await desk.hub.handle("rules/main", AdoptRules(rules=rules, digest="r2"), key="", by="test")
    seat = Seat(post="main", person="officer")
    duty = Duty(id="20261204-1", name="白班", starts_at=START + 240 * HOUR, ends_at=START + 248 * HOUR, seats=(seat,))
    await desk.hub.handle("roster/2026-12", ImportRoster(duties=(duty,)), key="", by="user:shift_leader")
    said = words_in(await (await desk.get("/documents/roster/2026-12.docx")).read())
    name = (await desk.row("user", "officer"))["name"]
    assert "2026年12月值班表" in said
    row = said.index("白班")
    assert said[row - 1 : row + 3] == [weekday(duty.starts_at), "白班", name, "空缺"]
    assert (await desk.get("/documents/roster/2031-01.docx")).status == 404


async def test_a_handover_card_lists_what_is_open_and_carries_its_checkpoint(desk: City):
    incident = await desk.incident()
    now, later = (term_at(RULES.shifts, desk.clock.now() + hours * HOUR) for hours in (0, 14))
    opened = OpenHandover(term=now, next=later, outgoing=("officer",))
    made = await desk.hub.handle("handover/h1", opened, key="", by="timer")
    said = words_in(await (await desk.get("/handovers/h1.docx")).read())
    for wanted in (now.name, "officer名", "尚未交接完毕", "没有确认", made[-1].hash, "一、事件"):
        assert any(wanted in text for text in said), wanted
    title = (await desk.row("incident", incident))["title"]
    assert any(title in text for text in said)
    screen = words_of(await (await desk.get("/handovers/h1")).text())
    assert made[-1].hash in screen
    assert title in screen
    assert (await desk.get("/handovers/h1.docx", "officer-281")).status == 403
    assert (await desk.get("/api/handover/h1")).status == 200
    assert (await desk.get("/api/handover/h1", "officer-281")).status == 404  # the row lists the same
    assert "h1" not in await desk.parts.live.since(0, audience("officer", "370281"))


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


def test_a_rung_is_counted_and_a_step_of_a_plan_has_a_name():
    assert sentence("PageStepStarted", {"step": 1, "calls": []}, "desk", str).startswith("第 2 级叫")
    assert sentence("StepTicked", {"step": "what", "note": ""}, "desk", str) == "预案步骤办完"


async def test_a_brief_and_a_month_have_their_own_faces(desk: City):
    items = (
        Item(text="〔重大〕爆炸(11月23日14:05接报)\n死亡3人\n正在处置。", stream="incident/1", section="incidents"),
    )
    kinds: tuple[tuple[str, CircularKind], ...] = (("b1", "brief"), ("m1", "month"))
    for id, kind in kinds:
        asked = RequestCircular(kind=kind, name="11月", starts_at=START - 8 * HOUR, ends_at=START)
        draft = DraftCircular(figures=FIGURES, items=items, summary="一件。")
        for command in (asked, draft):
            await desk.hub.handle(f"circular/{id}", command, key="", by="desk")
    kept = KeepTally(
        units=(UnitTally(unit="1", name="阜安街道", kind="town", division="370281001", figures=UNIT),), districts=()
    )
    await desk.hub.handle("tally/m1", kept, key="", by="desk")
    brief = words_in(await (await desk.get("/circulars/b1.docx")).read())
    assert brief[0] == "青州市总值班室要情"
    assert typeset("(一)〔重大〕爆炸(11月23日14:05接报)") in brief
    assert "死亡3人" in brief
    month = words_in(await (await desk.get("/circulars/m1.docx")).read())
    row = month.index("阜安街道")
    assert month[row : row + 5] == ["阜安街道", "7", "—", "—", "2/3"]  # what was never timed is no rate, and no zero


PERIODS = [
    ("quarter", "2026年第4季度值班工作情况通报", "起止:2026年10月1日至2026年12月31日。"),
    ("year", "2026年值班工作情况通报", "起止:2026年10月1日至2026年12月31日。"),
    ("event", "关于市北区报告“仓库火灾”情况的通报", ""),
]


@pytest.mark.parametrize(("kind", "title", "span"), PERIODS)
def test_a_circular_says_everything_in_chinese(kind: str, title: str, span: str):
    figures = [("late_minutes", 115, "min")] if kind == "event" else [(name, 1, "") for name in NAMES]
    body = {
        "kind": kind, "title": title, "issues": [], "summary": "本期平稳。", "note": "", "document_number": "",
        "starts_at": beijing(2026, 10, 1), "ends_at": beijing(2027, 1, 1), "changed_since_issue": False, "corrections": [],
        "items": [{"text": "澄湾路12号火灾", "state": "open", "section": "faulted", "stream": "incident/1"}],
        "figures": [{"name": name, "value": value, "unit": unit, "seqs": [1]} for name, value, unit in figures],
    }  # fmt: skip
    unit = [{"name": name, "value": 3, "unit": "", "seqs": []} for name in (*UNIT_FIGURES, "late_minutes")]
    covered = [{"name": name, "value": 3, "unit": "", "seqs": []} for name in coverage_figures.NAMES]
    tally = {
        "scores": [],
        "units": [{"unit": "370203", "name": "市北区", "figures": unit}],
        "coverage": [{"unit": "370203", "name": "市北区", "kind": "district", "figures": covered}],
    }
    said = list(
        lines(official.circular("市总值班室", body, word, drill=False, tally=None if kind == "event" else tally))
    )
    assert [line for line in said if re.search("[A-Za-z]{2}", line)] == []
    assert typeset(span) in "".join(said)
    assert ("115分钟" in said) is (kind == "event")
    assert ("联络员覆盖与互建" in said) is (kind != "event")
    assert ("起止" in "".join(said)) is (kind != "event"), "the times of one event stand in its text"


def beijing(*day: int) -> int:
    return from_datetime(datetime(*day, tzinfo=BEIJING))  # type: ignore[misc, arg-type]


async def test_a_report_upward_says_what_it_holds_and_what_is_unverified():
    content = {
        "number": "S1", "title": "关于爆炸的首报", "status": "draft", "as_of": START,
        "addressees": ["省政府总值班室"], "copies": ["省应急厅"],
        "paragraphs": ["14时05分爆炸。"], "elements": [{"label": "死亡", "value": "3人", "unverified": True}], "changes": [],
        "missing": ["原因"], "unverified": ["死亡"], "files": [], "signed_by": "", "signed_at": None,
    }  # fmt: skip
    said = "".join(lines(submission("市总值班室", content, word, drill=False)))
    for wanted in ("省政府总值班室：", "14时05分爆炸。", "死亡3人未核实", "原因", "草稿(未签发)", "抄送：省应急厅"):
        assert typeset(wanted) in said


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


async def test_the_screen_says_what_is_wrong_with_the_offices_template(desk: City):
    assert isinstance(desk.server.app, web.Application)
    desk.server.app[PRESS].problems["phone"] = "模板 phone.docx 有误:标签 {{ 题目 }}"
    assert "{{题目}}" in words_of(await (await desk.get(f"/documents/phone/{await call(desk)}")).text())


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
