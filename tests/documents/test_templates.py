"""Templates: what ships, what an office changes, what it breaks. A child process fills them; a broken tag is named."""

import asyncio
import importlib.machinery
import importlib.util
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from dutydesk.documents import press as press_module
from dutydesk.documents.checks import sample, template_problems
from dutydesk.documents.content import KINDS, Document, lines
from dutydesk.documents.fill import TemplateProblem, fill
from dutydesk.documents.press import SHIPPED, NoOffice, NotPrinted, Press

ROOT = Path(__file__).parents[2]


def texts(path: Path) -> str:
    """Everything a docx says, without spaces."""
    body = docx.Document(str(path)).element.body
    return "".join("".join(text.text or "" for text in body.iter(qn("w:t"))).split())


def changed(into: Path, former: str, now: str, kind: str = "circular") -> Path:
    """A shipped template with one text in it replaced, as an office would in Word."""
    made = docx.Document(str(SHIPPED / f"{kind}.docx"))
    paragraphs = [*made.paragraphs, *(p for t in made.tables for c in t._cells for p in c.paragraphs)]
    run = next(r for p in paragraphs for r in p.runs if former in r.text)
    run.text = run.text.replace(former, now)
    into.mkdir(exist_ok=True)
    made.save(str(into / f"{kind}.docx"))
    return into / f"{kind}.docx"


@pytest.mark.parametrize("kind", KINDS)
def test_each_shipped_template_says_everything_of_its_document(tmp_path: Path, kind):
    document = sample(kind)
    fill(document, SHIPPED / f"{kind}.docx", tmp_path / "made.docx")
    said = texts(tmp_path / "made.docx")
    for line in lines(document):
        assert "".join(line.split()) in said
    assert "{" not in said


def test_the_shipped_templates_are_what_the_script_makes(tmp_path: Path):
    loader = importlib.machinery.SourceFileLoader("templates_script", str(ROOT / "scripts" / "templates"))
    spec = importlib.util.spec_from_loader("templates_script", loader)
    assert spec is not None
    script = importlib.util.module_from_spec(spec)
    loader.exec_module(script)
    script.main(tmp_path)
    for shipped in SHIPPED.glob("*.docx"):
        with zipfile.ZipFile(shipped) as ours, zipfile.ZipFile(tmp_path / shipped.name) as made:
            assert ours.namelist() == made.namelist()
            assert all(ours.read(name) == made.read(name) for name in ours.namelist()), shipped.name


def test_what_stands_in_a_text_is_no_tag_and_no_markup(tmp_path: Path):
    wild = sample("circular").model_copy(update={"title": "{{ 机关 }}<b>&\x0b{% for %}"})
    fill(wild, SHIPPED / "circular.docx", tmp_path / "made.docx")
    assert "{{机关}}<b>&" in texts(tmp_path / "made.docx")


@pytest.mark.parametrize(
    ("former", "now", "guilty"),
    [
        ("{{ 标题 }}", "{{ 题目 }}", "{{ 题目 }}"),
        ("{{ 标题 }}", "{{ 标题 ", "{{ 标题"),
        ("{{ 段.文字 }}", "{{ 段.文本 }}", "{{ 段.文本 }}"),
        ("{{ 日期 }}", "{{ 日期.__class__.__mro__ }}", "{{ 日期.__class__.__mro__ }}"),
    ],
)
def test_a_broken_tag_is_named_with_its_file(tmp_path: Path, former: str, now: str, guilty: str):
    path = changed(tmp_path / "templates", former, now)
    with pytest.raises(TemplateProblem) as problem:
        fill(sample("circular"), path, tmp_path / "made.docx")
    assert "circular.docx" in str(problem.value)
    assert guilty in str(problem.value)


def test_a_loop_that_is_not_closed_and_a_file_that_is_no_docx_are_said(tmp_path: Path):
    changed(tmp_path, "{%p endfor %}", "")
    (tmp_path / "log.docx").write_text("no docx")
    (tmp_path / "circlar.docx").write_text("")
    problems = list(template_problems(tmp_path))
    assert len(problems) == 3
    assert any("circlar.docx" in p and "不认识" in p for p in problems)
    assert any("log.docx" in p and "Word" in p for p in problems)
    assert any(p.startswith("templates/模板 circular.docx 有误") for p in problems)
    assert list(template_problems(tmp_path / "none")) == []


async def test_an_offices_own_template_is_used(tmp_path: Path):
    changed(tmp_path / "templates", "{{ 标题 }}", "{{ 标题 }}(本市格式)")
    made = await Press(tmp_path / "templates").docx(sample("circular"))
    assert made.problem == ""
    (tmp_path / "made.docx").write_bytes(made.data)
    assert "通报样张(本市格式)" in texts(tmp_path / "made.docx")


async def test_a_broken_template_leaves_the_shipped_one_in_use_and_says_so(tmp_path: Path):
    changed(tmp_path / "templates", "{{ 标题 }}", "{{ 题目 }}")
    press = Press(tmp_path / "templates")
    made = await press.docx(sample("circular"))
    assert "{{ 题目 }}" in made.problem
    assert "circular.docx" in made.problem
    assert press.problems == {"circular": made.problem}
    (tmp_path / "made.docx").write_bytes(made.data)
    assert "通报样张" in texts(tmp_path / "made.docx")


async def test_without_an_office_there_is_docx_and_a_word_about_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(press_module, "office", lambda: None)
    press = Press(tmp_path)
    assert (await press.docx(sample("log"))).data.startswith(b"PK")
    with pytest.raises(NoOffice, match="LibreOffice"):
        await press.pdf(sample("log"))


async def test_a_file_that_takes_too_long_is_ended_and_the_next_one_is_made(tmp_path: Path):
    press = Press(tmp_path, seconds=0.01)
    with pytest.raises(NotPrinted):
        await press.docx(sample("log"))
    press.seconds = 60
    assert (await press.docx(sample("log"))).data.startswith(b"PK")


async def test_a_template_that_wants_too_much_memory_ends_alone(tmp_path: Path):
    changed(tmp_path / "templates", "{{ 标题 }}", "{{ 标题 * 9000000000 }}")
    made = await Press(tmp_path / "templates").docx(sample("circular"))
    assert "MemoryError" in made.problem
    assert made.data.startswith(b"PK")


async def test_a_reader_who_goes_away_leaves_no_process(tmp_path: Path):
    press = Press(tmp_path)
    task = asyncio.create_task(press.docx(sample("log")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await press.docx(sample("log"))).data.startswith(b"PK")


def test_empty_places_leave_no_trace(tmp_path: Path):
    bare = Document(kind="submission", issuer="某市总值班室", title="专报")
    fill(bare, SHIPPED / "submission.docx", tmp_path / "made.docx")
    assert texts(tmp_path / "made.docx") == "某市总值班室专报"
