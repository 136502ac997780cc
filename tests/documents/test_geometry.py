"""The geometry of GB/T 9704-2012, measured on the pages that LibreOffice makes, in millimetres."""

from itertools import pairwise
from statistics import mean

import pytest

from dutydesk.documents.content import Document, Heading, Paragraph, Table
from tests.documents.conftest import Pdf

TOP, LEFT, RIGHT, BOTTOM = 37, 28, 210 - 26, 297 - 35
BODY = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙"  # 28 different characters
LONG = "青岛市人民政府突发事件应急处置工作领导小组办公室总值班室"


def red(pixel: bytes) -> bool:
    return pixel[0] > 170 and pixel[1] < 90


def circular(**changed) -> Document:
    rows = tuple((f"第{n}镇街道办事处", str(n), "按时" if n % 2 else LONG) for n in range(60))
    said = {
        "kind": "circular",
        "issuer": "青岛市总值班室",
        "number": "青政值〔2026〕12号",
        "title": "关于11月值班工作情况的通报",
        "addressee": "各区、市人民政府",
        "blocks": (
            Heading(level=1, text="一、总体情况"),
            Paragraph(text=BODY * 30),
            Heading(level=2, text="(一)各单位情况"),
            Table(caption="附表", columns=("单位", "条数", "评价"), rows=rows, weights=(3, 1, 3)),
        ),
        "signature": "青岛市总值班室",
        "date": "2026年11月26日",
        "copies": "市委办公厅",
        "printed_by": "青岛市政府办公厅",
        "printed_on": "2026年11月27日",
    }
    return Document.model_validate(said | changed)


@pytest.fixture(scope="module")
def pdf(printed) -> Pdf:
    return printed(circular())


@pytest.fixture(scope="module")
def long_names(printed) -> Pdf:
    return printed(circular(issuer=LONG, signature=LONG, secrecy="内部", urgency="特急", drill=True, state="草稿"))


def body_lines(pdf: Pdf, page: int):
    return [w for w in pdf.pages[page] if len(w.text) >= 26 and set(w.text) <= set(BODY)]


def test_a_full_line_has_28_characters_over_156_mm(pdf: Pdf):
    full = [line for line in body_lines(pdf, 1) if len(line.text) > 20]
    assert {len(line.text) for line in full} == {28}
    for line in full:
        assert line.left == pytest.approx(LEFT, abs=0.5)
        assert line.right == pytest.approx(RIGHT, abs=1.0)


def test_a_full_page_has_22_lines_of_one_pitch(printed):
    pages = printed(circular(blocks=(Paragraph(text=BODY * 60),))).pages
    lines = [w for w in pages[1] if set(w.text) <= set(BODY)]
    assert len(lines) == 22
    steps = [b.top - a.top for a, b in pairwise(lines)]
    assert mean(steps) == pytest.approx(225 / 22, abs=0.05)
    assert max(steps) - min(steps) < 0.1
    assert lines[0].top > TOP
    assert lines[-1].bottom < BOTTOM + 0.5


def test_the_first_line_of_a_paragraph_stands_two_characters_in(pdf: Pdf):
    first = next(w for w in pdf.pages[0] if w.text.startswith("甲乙丙丁"))
    assert first.left == pytest.approx(LEFT + 2 * 156 / 28, abs=0.5)
    assert len(first.text) == 26


def test_the_red_head_begins_35_mm_below_the_type_area_and_the_rule_is_as_wide_as_it(pdf: Pdf):
    head, rule = pdf.ink(1, red)
    assert head[0] == pytest.approx(TOP + 35, abs=1.0)
    assert mean(head[2:]) == pytest.approx((LEFT + RIGHT) / 2, abs=1.0)
    assert rule[2] == pytest.approx(LEFT, abs=0.5)
    assert rule[3] == pytest.approx(RIGHT, abs=0.8)
    number = next(w for w in pdf.pages[0] if "青政值" in w.text)
    assert 3 < rule[0] - (number.bottom - 1) < 5.5  # a character ends about a millimetre above the bottom of its box


def test_a_red_head_too_long_for_its_size_stays_on_one_line_35_mm_down(long_names: Pdf):
    head = long_names.ink(1, red)[0]
    assert head[0] == pytest.approx(TOP + 35, abs=1.2)
    assert head[1] - head[0] < 17
    assert head[2] >= LEFT - 0.5
    assert head[3] <= RIGHT + 0.5


def test_secrecy_and_urgency_stand_at_the_top_left(long_names: Pdf):
    secrecy = next(w for w in long_names.pages[0] if w.text == "内部")
    urgency = next(w for w in long_names.pages[0] if w.text == "特急")
    assert secrecy.left == pytest.approx(LEFT, abs=0.5)
    assert urgency.left == pytest.approx(LEFT, abs=0.5)
    assert TOP < secrecy.top < urgency.top < TOP + 20


def test_page_numbers_stand_7_mm_under_the_type_area_odd_right_even_left(pdf: Pdf):
    for n, page in enumerate(pdf.pages):
        dashes = [w for w in page if w.top > BOTTOM]
        assert "".join(w.text for w in dashes) == f"—{n + 1}—"
        middle = mean((min(w.top for w in dashes), max(w.bottom for w in dashes)))
        assert middle == pytest.approx(BOTTOM + 7 + 2.5, abs=1.5)
        if n % 2:
            assert min(w.left for w in dashes) == pytest.approx(LEFT + 5, abs=1.0)
        else:
            assert max(w.right for w in dashes) == pytest.approx(RIGHT - 5, abs=1.5)


def test_a_table_goes_over_pages_with_its_heading_and_keeps_to_the_type_area(pdf: Pdf):
    with_table = [page for page in pdf.pages if any(w.text == "条数" for w in page)]
    assert len(with_table) >= 3
    for page in with_table:
        assert max(w.bottom for w in page if w.top < BOTTOM) < BOTTOM + 0.5
        assert max(w.right for w in page) < RIGHT + 0.5
    assert pdf.text.count("第59镇街道办事处") == 1


def test_the_date_stands_four_characters_from_the_right_and_the_issuer_over_it(pdf: Pdf):
    page = next(page for page in reversed(pdf.pages) if any(w.text == "青岛市总值班室" for w in page))
    signature = next(w for w in reversed(page) if w.text == "青岛市总值班室")
    date = [w for w in page if signature.bottom - 1 < w.top < signature.bottom + 6]
    assert "".join(w.text for w in date) == "2026年11月26日"
    assert RIGHT - max(w.right for w in date) == pytest.approx(4 * 156 / 28, abs=4)
    assert mean((signature.left, signature.right)) == pytest.approx(
        mean((min(w.left for w in date), max(w.right for w in date))), abs=1.0
    )


def black(pixel: bytes) -> bool:
    return max(pixel) < 120


@pytest.mark.parametrize("which", ["pdf", "annexed"])
def test_the_imprint_stands_at_the_foot_of_the_last_page_an_even_one(which: str, request: pytest.FixtureRequest):
    printed_one: Pdf = request.getfixturevalue(which)
    assert len(printed_one.pages) % 2 == 0
    bands = printed_one.ink(len(printed_one.pages), black)
    rules = [band for band in bands if band[1] - band[0] < 1 and band[3] - band[2] > 150]
    assert len(rules) == 3
    assert rules[-1][1] == pytest.approx(BOTTOM, abs=0.6)
    for rule in rules:
        assert rule[2] == pytest.approx(LEFT, abs=0.5)
        assert rule[3] == pytest.approx(RIGHT, abs=0.8)
    last = printed_one.pages[-1]
    by, when = (next(w for w in reversed(last) if wanted in w.text) for wanted in ("青岛市政府办公厅", "印发"))
    assert by.left == pytest.approx(LEFT + 5, abs=0.6)  # one character of 4号 free at both sides
    assert when.right == pytest.approx(RIGHT - 5, abs=0.9)
    assert rules[1][1] < by.top < when.bottom < rules[2][0] + 1


@pytest.fixture(scope="module")
def annexed(printed) -> Pdf:
    annex = Table(caption="各单位情况", columns=("单位", "得分"), rows=(("第1镇", "95"),))
    return printed(circular(blocks=(Paragraph(text=BODY),), annexes=(annex,)))


def test_an_annex_begins_a_page_behind_the_date_and_is_named_below_the_body(annexed: Pdf):
    before = next(n for n, page in enumerate(annexed.pages) if any("附件" in w.text for w in page))
    named = next(w for w in annexed.pages[before] if "附件" in w.text)
    date = next(w for w in annexed.pages[before] if w.top > named.bottom and "2026" in w.text)
    assert date.top > named.bottom
    marked = next(w for w in annexed.pages[before + 1] if w.text == "附件")
    assert marked.left == pytest.approx(LEFT, abs=0.5)
    assert marked.top == pytest.approx(TOP, abs=4)
    assert any(w.text == "第1镇" or w.text == "第" for w in annexed.pages[before + 1])


@pytest.mark.parametrize("kind", ["brief", "handover"])
def test_a_document_with_and_without_a_red_head_is_printed_on_a4_within_its_margins(printed, kind: str):
    pages = printed(circular(kind=kind, fields=({"label": "情况", "value": LONG * 8},), code="x" * 80)).pages
    for page in pages:
        assert min(w.left for w in page) > LEFT - 0.5
        assert max(w.right for w in page) < RIGHT + 0.5
        assert min(w.top for w in page) > TOP - 0.5
