"""The folder as an office writes it: one fault, one message that names place, fault and mend."""

from pathlib import Path

import pytest

from dutydesk import contacts
from dutydesk.errors import ConfigError
from tests.contacts.city import write_city


def test_the_small_city_loads(city: Path) -> None:
    directory = contacts.load(city)
    assert [unit.code for unit in directory.units] == ["U-370200", "370202", "370215", "370202001", "D-YJ", "E-1"]
    street = directory.unit_by_code["370202001"]
    assert (street.short_names, street.kind, street.tier) == (("香港中路", "香港中路街道办"), "town", "town")
    assert directory.contact_by_phone["+8612000001004"].name == "张志峰"
    assert directory.leaders[0].levels == ("特别重大", "重大")
    assert contacts.warnings(directory) == []


FAULTS = [
    (
        "contacts.csv",
        "+86 120 0000 1002",
        "1380013800",
        "contacts.csv 第3行 电话 列: 「1380013800」不是一个可拨打的号码(少1位?),请写成 +86 开头的完整号码",
    ),
    ("contacts.csv", "C-2,", "C-1,", "contacts.csv 第3行 联络员编号 列: 「C-1」与第2行重复,请改用别的代码或删去一行"),
    (
        "contacts.csv",
        "C-2,370202001",
        "C-2,370202009",
        "contacts.csv 第3行 单位代码 列: 「370202009」在 units.csv 里没有,请改正代码或先添加该单位",
    ),
    (
        "contacts.csv",
        "C-2,370202001",
        "C-2,370282",
        "contacts.csv 第3行 单位代码 列: 「370282」已撤销,现为 370215,请改写为 370215",
    ),
    (
        "contacts.csv",
        "李文涛,B",
        "李文涛,D",
        "contacts.csv 第3行 AB角 列: 「D」不是 A、B 或 C,请写 A(主)、B(副)或 C(备)",
    ),
    ("contacts.csv", "王海波", "", "contacts.csv 第2行 姓名 列: 空着,这一格必须填写"),
    (
        "contacts.csv",
        "王海波",
        "=cmd|'/c calc'!A1",
        "contacts.csv 第2行 姓名 列: 「=cmd|'/c calc'!A1」以「=」开头,会被表格软件当作公式执行,"
        "请去掉这个符号或粘贴为文字",
    ),
    (
        "contacts.csv",
        "2026-05-01",
        "2026-13-01",
        "contacts.csv 第2行 核实日期 列: 「2026-13-01」不是一个日期,请写成 2026-01-05 的样子",
    ),
    (
        "contacts.csv",
        "wang@qd.example",
        "wang.qd",
        "contacts.csv 第2行 电子邮箱 列: 「wang.qd」不是一个邮箱地址,请写成 name@example.cn 的样子",
    ),
    (
        "contacts.csv",
        "0000 1002",
        "0000 1001",
        "contacts.csv 第3行 电话 列: 「+86 120 0000 1001」已是 contacts.csv 第2行「王海波」的号码,"
        "一个号码只能属于一个人或一个单位,请核实后改正",
    ),
    (
        "leaders.csv",
        "0000 9001",
        "0000 1001",
        "leaders.csv 第2行 电话 列: 「+86 120 0000 1001」已是 contacts.csv 第2行「王海波」的号码,"
        "一个号码只能属于一个人或一个单位,请核实后改正",
    ),
    (
        "units.csv",
        "0000 0003",
        "0000 1001",
        "units.csv 第6行 值班电话 列: 「+86 120 0000 1001」已是 contacts.csv 第2行「王海波」的号码,"
        "一个号码只能属于一个人或一个单位,请核实后改正",
    ),
    (
        "units.csv",
        "0000 0003",
        "0000 0002",
        "units.csv 第6行 值班电话 列: 「+86 120 0000 0002」已是 units.csv 第3行「市南区」的号码,"
        "一个号码只能属于一个人或一个单位,请核实后改正",
    ),
    (
        "units.csv",
        "370215,即墨区",
        "370202,即墨区",
        "units.csv 第4行 单位代码 列: 「370202」与第3行重复,请改用别的代码或删去一行",
    ),
    (
        "units.csv",
        "企业,370202001",
        "企业,370299",
        "units.csv 第7行 所在区划 列: 「370299」不在本目录的区划里,请改为表中已有的区市或镇街代码,或先添加该区划一行",
    ),
    (
        "units.csv",
        "企业,370202001",
        "企业,370282",
        "units.csv 第7行 所在区划 列: 「370282」已撤销,现为 370215,请改写为 370215",
    ),
    (
        "units.csv",
        "区市,370215",
        "区市,370216",
        "units.csv 第4行 所在区划 列: 区市的单位代码与所在区划须是同一个 6 位代码,"
        "现在是「370215」和「370216」,请改为一致",
    ),
    (
        "units.csv",
        "企业,370202001,370202001",
        "企业,370202001,E-9",
        "units.csv 第7行 上级单位 列: 「E-9」在 units.csv 里没有,请改正代码或先添加该单位",
    ),
    (
        "units.csv",
        "D-YJ,港前",
        "D-XX,港前",
        "units.csv 第7行 主管部门 列: 「D-XX」在 units.csv 里没有,请改正代码或先添加该单位",
    ),
    (
        "units.csv",
        "D-YJ,港前",
        "370202,港前",
        "units.csv 第7行 主管部门 列: 「370202」不是部门,请改为类别为部门的单位代码",
    ),
    (
        "units.csv",
        "部门,370200",
        "局,370200",
        "units.csv 第6行 类别 列: 「局」不认识,请写值班室、区市、镇街、部门、企业之一",
    ),
    (
        "units.csv",
        "12B、12D",
        "19Z",
        "units.csv 第6行 职责 列: 「19Z」不是 GB/T 35561 事件代码,请写 12、12D 或 12D01 的样子",
    ),
    (
        "units.csv",
        "E-1,澜渚",
        "X1,澜渚",
        "units.csv 第7行 单位代码 列: 「X1」不是单位代码,"
        "区市和镇街请用 6 位或 9 位区划代码,其他用 D-、E- 或 U- 开头的代码",
    ),
    (
        "units.csv",
        ",港前大道88号,,,,",
        ",港前大道88号,,,,,多",
        "units.csv 第7行 末尾 列: 比表头多出 1 格(「多」),请对齐各列",
    ),
    ("units.csv", ",层级", ",级", "units.csv 第1行 级 列: 不认识这个表头"),
    ("units.csv", ",职责,层级", ",层级,层级", "units.csv 第1行 层级 列: 这个表头出现了两次,请只留一列"),
    ("leaders.csv", "职务", "post", ""),
    ("leaders.csv", "领导编号,姓名", "领导编号,", "leaders.csv 第1行 姓名 列: 缺少这一列,请在表头补上"),
    (
        "leaders.csv",
        "特别重大、",
        "特大、",
        "leaders.csv 第2行 报告级别 列: 「特大」不认识,请写特别重大、重大、较大、一般之一",
    ),
    ("leaders.csv", "市长", '"市长', "leaders.csv: 第2行 引号不成对或格式有误"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS)
def test_each_fault_is_named_with_its_place_and_mend(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    _, problems = contacts.load_partial(write_city(tmp_path / "city", file, old, new))
    if not message:
        assert problems == []
        return
    assert [problem for problem in problems if problem.startswith(message)] != [], problems


def test_a_circle_of_units_above_is_told_for_each_of_them(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", "units.csv", "值班室,370200,,", "值班室,370200,370202,")
    directory, problems = contacts.load_partial(folder)
    assert problems == [
        "units.csv 第2行 上级单位 列: 上级单位绕成了圈(U-370200 → 370202 → U-370200),请改正其中一个",
        "units.csv 第3行 上级单位 列: 上级单位绕成了圈(370202 → U-370200 → 370202),请改正其中一个",
    ]
    assert directory.unit_by_code["370202"].parent is None


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", "contacts.csv", "C-2,370202001,李文涛,B", "C-2,370202009,李文涛,X")
    (folder / "leaders.csv").unlink()
    with pytest.raises(ConfigError) as refused:
        contacts.load(folder)
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "contacts.csv 第3行 AB角 列",
        "leaders.csv",
        "contacts.csv 第3行 单位代码 列",
    ]
    assert "没有这个文件" in refused.value.problems[1]


def test_in_part_a_wrong_optional_cell_costs_the_cell_not_the_person(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", "contacts.csv", "+86 120 0000 1003、", "138、")
    directory, problems = contacts.load_partial(folder)
    assert len(problems) == 1
    assert directory.contact_by_id["C-3"].phones == ("+8612000001004",)


def test_in_part_the_people_of_a_unit_left_out_are_told_why(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", "units.csv", "E-1,澜渚石化", "E-1,")
    directory, problems = contacts.load_partial(folder)
    assert "E-1" not in directory.unit_by_code
    assert problems[-1] == "contacts.csv 第4行 单位代码 列: 「E-1」在 units.csv 里的那一行有错,请先改好那一行"


def test_one_person_may_answer_for_two_units_and_a_unit_for_its_person(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", "contacts.csv", "张志峰,A,+86 120 0000 1003", "王海波,A,+86 120 0000 1001")
    units = (folder / "units.csv").read_text("utf-8-sig").replace("港前大道88号,", "港前大道88号,+86 120 0000 1004")
    (folder / "units.csv").write_text(units, "utf-8")
    directory = contacts.load(folder)
    assert directory.unit_by_phone["+8612000001004"].code == "E-1"


def test_line_numbers_hold_after_blank_lines_and_cells_of_two_lines(tmp_path: Path) -> None:
    folder = write_city(
        tmp_path / "city", "contacts.csv", "C-2,370202001,李文涛,B,", '\n"C-2",370202001,"李文\n涛",B,138、'
    )
    _, problems = contacts.load_partial(folder)
    assert [problem.split(":")[0] for problem in problems] == ["contacts.csv 第4行 电话 列"]


def test_a_town_or_enterprise_without_an_a_contact_is_a_warning_not_an_error(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", "contacts.csv", "张志峰,A", "张志峰,B")
    assert contacts.warnings(contacts.load(folder)) == [
        "units.csv:「澜渚石化」(E-1)没有 A 角联络员,请在 contacts.csv 添加"
    ]


def test_no_telephone_and_a_number_in_no_range_are_warnings(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", "contacts.csv", "B,+86 120 0000 1002", "B,")
    assert contacts.warnings(contacts.load(folder)) == ["contacts.csv:「李文涛」没有电话,请添加"]
    folder = write_city(tmp_path / "city", "contacts.csv", "B,+86 120 0000 1002", "B,11100001002")
    assert contacts.warnings(contacts.load(folder)) == ["「+86 111 0000 1002」不在任何已知号段里,请核实"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_an_office_saves_gives_the_same_city(city: Path, encoding: str) -> None:
    expected = contacts.load(city)
    for path in city.glob("*.csv"):
        path.write_text(path.read_text("utf-8-sig"), encoding=encoding)
    assert contacts.load(city) == expected
