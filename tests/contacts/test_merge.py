"""Somebody's list taken into the folder: every line is told what became of it."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from dutydesk import contacts
from dutydesk.contacts import Report
from dutydesk.contacts.columns import CONTACTS, LEADERS, UNITS
from dutydesk.domain.directory import Contact
from dutydesk.errors import ConfigError
from tests.contacts.city import write_city


def take(city: Path, *lines: Sequence[object]) -> Report:
    """Import these lines as an xlsx; the folder must be sound afterwards, whatever was taken."""
    path = city.parent / "名单.xlsx"
    book = Workbook()
    book.worksheets[0].title = "名单"
    for line in lines:
        book.worksheets[0].append(list(line))
    book.save(path)
    report = contacts.merge(city, path)
    contacts.load(city)
    return report


HEAD: list[object] = ["单位", "姓名", "AB角", "手机"]


def test_chinese_heads_new_contact_with_a_mended_number(city: Path) -> None:
    report = take(
        city,
        ["联络员名单"],
        ["单位名称(必填)", "姓名 ", "ＡＢ角", "手机号码", "邮箱", "备注"],
        ["即墨区", "周立新", "A角", 13800138000, "z@qd.example", "-"],
    )
    assert [line.text() for line in report.lines] == [
        "采纳 名单 第3行: 新增联络员「周立新」(A角)(电话「13800138000」补全为 +86 138 0013 8000)"
    ]
    assert report.ignored == ("名单「备注」",)
    assert contacts.load(city).contact_by_phone["+8613800138000"] == Contact(
        id="C-370215-01", unit="370215", name="周立新", role="A", phones=("+8613800138000",), email="z@qd.example"
    )


def test_english_heads_csv_in_gb18030(city: Path) -> None:
    path = city.parent / "list.csv"
    path.write_bytes("Unit,Name,Role,Mobile,E-mail\n市南,周立新,B,+86 120 0000 1100,z@qd.example\n".encode("gb18030"))
    report = contacts.merge(city, path)
    assert [line.text() for line in report.lines] == ["采纳 list.csv 第2行: 新增联络员「周立新」(B角)"]
    assert contacts.load(city).contact_by_phone["+8612000001100"].unit == "370202"


def test_a_and_b_side_by_side(city: Path) -> None:
    head = ["单位", "A角姓名", "A角手机", "B角", "B角联系电话"]
    report = take(city, head, ["市应急管理局", "周立新", "+86 120 0000 1100", "吴春兰", "+86 120 0000 1101"])
    assert report.lines[0].what == "新增联络员「周立新」(A角);新增联络员「吴春兰」(B角)"
    both = contacts.load(city).contacts_of["D-YJ"]
    assert [(contact.id, contact.role) for contact in both] == [("C-D-YJ-01", "A"), ("C-D-YJ-02", "B")]


def test_a_new_enterprise_comes_with_its_contact(city: Path) -> None:
    head = ["企业名称", "所属镇街", "行业", "主管部门", "地址", "值班电话", "联系人", "手机"]
    line = ["青屿冷库", "香港中路街道", "涉氨", "应急局", "海岸路1号", "120 0000 0100", "周立新", "12000001100"]
    report = take(city, head, line)
    assert report.lines[0].what == "新增单位「青屿冷库」(E-370202001-01);新增联络员「周立新」(A角)"
    assert "类别未填,记为企业" in report.lines[0].notes
    assert "AB角未填,记为 A" in report.lines[0].notes
    unit = contacts.load(city).unit_by_code["E-370202001-01"]
    assert (unit.division, unit.department, unit.phone) == ("370202001", "D-YJ", "+8612000000100")


def test_an_update_changes_what_is_given_and_nothing_else(city: Path) -> None:
    before = contacts.load(city).contact_by_id["C-1"]
    report = take(city, [*HEAD, "邮箱", "核实日期"], ["香港中路", "王海波", "", "", "/", "2026/6/1"])
    assert report.lines[0].text() == "采纳 名单 第2行: 更新联络员「王海波」(A角)"
    assert contacts.load(city).contact_by_id["C-1"] == before.model_copy(update={"verified_on": "2026-06-01"})


def test_a_short_name_finds_a_unit_and_does_not_rename_it(city: Path) -> None:
    take(city, ["单位", "地址"], ["应急局", "福州路1号"])
    unit = contacts.load(city).unit_by_code["D-YJ"]
    assert (unit.name, unit.address) == ("市应急管理局", "福州路1号")


def test_a_code_finds_a_unit_and_may_rename_it(city: Path) -> None:
    report = take(city, ["单位代码", "单位名称"], ["E-1", "澜渚新材"])
    assert report.lines[0].what == "更新单位「澜渚新材」(E-1)"


def test_a_retired_division_is_taken_as_the_present_one_and_said(city: Path) -> None:
    report = take(city, ["企业名称", "区划代码"], ["织里市场", 370282])
    assert report.lines[0].what == "新增单位「织里市场」(E-370215-01)"
    assert "所在区划「370282」已撤销,改记为 370215" in report.lines[0].notes


def test_a_line_may_name_a_unit_that_comes_later(city: Path) -> None:
    report = take(
        city,
        ["单位代码", "单位名称", "类别", "所在区划", "上级单位"],
        ["E-9", "青屿", "企业", "370202002", "370202002"],
        ["370202002", "八大峡街道", "镇街", "370202002", "370202"],
    )
    assert [line.taken for line in report.lines] == [True, True]
    assert contacts.load(city).unit_by_code["E-9"].parent == "370202002"


def test_leaders(city: Path) -> None:
    report = take(
        city,
        ["姓名", "职务", "手机", "报告级别"],
        ["顾海川", "代市长", "", "特别重大"],
        ["高远", "秘书长", "12000009002", ""],
    )
    assert [line.what for line in report.lines] == ["更新领导「顾海川」(代市长)", "新增领导「高远」(秘书长)"]
    assert contacts.load(city).leader_by_id["L-01"].phones == ("+8612000009002",)


REFUSED: list[tuple[list[object], str]] = [
    (
        ["市南", "周立新", "A", "1380013800"],
        "电话: 「1380013800」不是一个可拨打的号码(少1位?),请写成 +86 开头的完整号码",
    ),
    (
        ["市南", "周立新", "A", "1.38E+10"],
        "电话: 「1.38E+10」是表格软件改成的科学计数,末尾几位已经丢了,请把该列设为文本格式后重新填写完整号码",
    ),
    (["市南", "", "A", "13800138000"], "姓名: 空着,这一格必须填写"),
    (
        ["市南", "=SUM(A1)", "A", "13800138000"],
        "姓名: 「=SUM(A1)」以「=」开头,会被表格软件当作公式执行,请去掉这个符号或粘贴为文字",
    ),
    (["市南", "周立新", "甲", "13800138000"], "AB角: 「甲」不是 A、B 或 C,请写 A(主)、B(副)或 C(备)"),
    (
        ["市南", "周立新", "A", "120 0000 1001"],
        "电话: 「+86 120 0000 1001」已是「王海波」的号码,一个号码只能属于一个人或一个单位,请核实后改正",
    ),
    (["崂山", "周立新", "A", "13800138000"], "单位「崂山」不在目录里,要新增请同时给出所在区划"),
    (["", "周立新", "A", "13800138000"], "单位一格空着;合并的单元格请先拆开填满"),
]


@pytest.mark.parametrize(("line", "reason"), REFUSED)
def test_a_refused_line_says_why_and_changes_nothing(city: Path, line: list[object], reason: str) -> None:
    before = {path.name: path.read_bytes() for path in city.iterdir()}
    report = take(city, HEAD, line)
    assert [line.text() for line in report.refused] == [f"拒收 名单 第2行: {reason}"]
    assert {path.name: path.read_bytes() for path in city.iterdir()} == before


UNIT_REFUSED: list[tuple[list[object], list[object], str]] = [
    (["企业名称", "所在区划"], ["青屿", "370299"], "所在区划: 「370299」不在本目录的区划里"),
    (["企业名称", "镇街"], ["青屿", "珠海路街道"], "所在区划: 「珠海路街道」不在目录里,请改为目录中的名称或代码"),
    (["企业名称", "所在区划", "主管部门"], ["青屿", "370202", "370215"], "主管部门: 「370215」不是部门"),
    (["企业名称", "所在区划", "上级单位"], ["青屿", "370202", "E-77"], "上级单位: 「E-77」不在目录里"),
    (
        ["单位代码", "单位名称", "上级单位"],
        ["U-370200", "市总值班室", "370202"],
        "上级单位绕成了圈(U-370200 → 370202 → U-370200)",
    ),
    (
        ["企业名称", "所在区划", "值班电话"],
        ["青屿", "370202", "120 0000 0002"],
        "电话: 「+86 120 0000 0002」已是「市南区」的号码",
    ),
    (["单位", "联络员编号", "姓名"], ["市南", "C-1", "王海波"], "联络员编号「C-1」属于单位 370202001,不是 370202"),
]


@pytest.mark.parametrize(("head", "line", "reason"), UNIT_REFUSED)
def test_a_unit_that_does_not_fit_is_refused(city: Path, head: list[object], line: list[object], reason: str) -> None:
    report = take(city, head, line)
    assert [" ".join(line.notes).startswith(reason) for line in report.refused] == [True], report.text()


def test_a_line_is_taken_whole_or_not_at_all(city: Path) -> None:
    before = contacts.load(city)
    head = ["企业名称", "所在区划", "A角姓名", "A角手机", "B角姓名", "B角手机"]
    report = take(city, head, ["青屿", "370202", "周立新", "12000001100", "吴春兰", "12000001100"])
    assert report.taken == ()
    assert contacts.load(city) == before


def test_good_lines_are_taken_beside_refused_ones_and_the_report_counts(city: Path) -> None:
    report = take(city, HEAD, ["市南", "周立新", "A", "13800138000"], ["市南", "吴春兰", "B", "138"])
    assert (len(report.taken), len(report.refused)) == (1, 1)
    assert report.text().splitlines()[-1] == "名单.xlsx: 采纳 1 行,拒收 1 行"
    assert "13800138000" not in (city / "contacts.csv").read_text("utf-8-sig")  # written so that Excel keeps it
    assert "+86 138 0013 8000" in (city / "contacts.csv").read_text("utf-8-sig")


def test_taking_the_same_list_twice_changes_nothing_the_second_time(city: Path) -> None:
    line: list[object] = ["市南", "周立新", "A", "13800138000"]
    take(city, HEAD, line)
    once = contacts.load(city)
    report = take(city, HEAD, line)
    assert report.lines[0].what == "与目录相同,没有改动"
    assert contacts.load(city) == once


def test_two_units_of_one_name_are_asked_apart(city: Path) -> None:
    take(city, ["企业名称", "所在区划", "单位代码"], ["青屿", "370202", "E-7"], ["青屿", "370215", "E-8"])
    report = take(city, HEAD, ["青屿", "周立新", "A", "13800138000"])
    assert report.refused[0].notes == ("单位: 「青屿」可能是 青屿(E-7)、青屿(E-8),请改写代码",)


def test_a_file_without_heads_we_know_names_those_we_know(city: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        take(city, ["甲", "乙"], ["1", "2"])
    assert refused.value.problems[0].startswith(
        "名单.xlsx: 没有找到认识的表头,请在第一行写上其中几个: 单位代码、单位名称"
    )


def test_a_folder_with_problems_is_mended_first(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", "contacts.csv", "李文涛,B", "李文涛,X")
    before = (folder / "contacts.csv").read_bytes()
    with pytest.raises(ConfigError, match=r"contacts\.csv 第3行 AB角 列"):
        take(folder, HEAD, ["市南", "周立新", "A", "13800138000"])
    assert (folder / "contacts.csv").read_bytes() == before


def test_a_second_a_and_a_namesake_are_taken_and_said(city: Path) -> None:
    report = take(city, HEAD, ["澜渚石化", "周立新", "A", "+86 120 0000 1100"])
    assert report.lines[0].notes == ("该单位已有 A 角「张志峰」,请核实谁是 A 角",)
    report = take(city, ["单位代码", "单位名称", "类别", "所在区划"], ["E-2", "澜渚石化", "企业", "370202"])
    assert report.lines[0].notes == ("目录里已有同名单位 E-1,请核实是否重复",)


def test_a_full_width_code_finds_its_unit(city: Path) -> None:
    report = take(city, ["单位代码", "地址"], ["３７０２１５", "振华街"])
    assert report.lines[0].what == "更新单位「即墨区」(370215)"
    assert contacts.load(city).unit_by_code["370215"].short_names == ("即墨",)


PIECES = st.sampled_from(
    [
        "",
        "-",
        "市南",
        "370202",
        "３７０２０２",
        "370282",
        "E-1",
        "D-YJ",
        "企业",
        "镇街",
        "A",
        "王海波",
        "C-1",
        "C-9",
        "=1",
        "'=1",
        "1.38E+10",
        "13800138000",
        "120 0000 1001",
        "2026/1/1",
        "a@b.cn",
        "12D",
        "\u3000",
        "\x07",
        "无",
        "特别重大",
        "字\n字",
        "\u202e",
        "字" * 300,
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_list_holds_the_folder_stays_sound(tmp_path: Path, data: st.DataObject) -> None:
    city = write_city(tmp_path / "city")
    known = [column.head for table in (UNITS, CONTACTS, LEADERS) for column in table.columns[1:]]
    more = st.lists(st.sampled_from([*known, "A角姓名", "B角手机", "镇街"]), max_size=8)
    heads = [
        *data.draw(st.sampled_from([("单位", "姓名"), ("单位代码", "单位名称"), ("姓名", "职务")])),
        *data.draw(more),
    ]
    line = st.lists(PIECES, min_size=len(heads), max_size=len(heads))
    lines = data.draw(st.lists(line, min_size=1, max_size=4))
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *lines])
    report = contacts.merge(city, tmp_path / "list.csv")
    assert len(report.taken) + len(report.refused) <= len(lines)
    contacts.load(city)
