"""A very small city for the tests of the directory, and a way to write its files with one thing wrong."""

from pathlib import Path

UNITS = """单位代码,单位名称,简称,类别,所在区划,上级单位,行业,主管部门,地址,值班电话,电子邮箱,职责,层级
U-370200,市总值班室,,值班室,370200,,,,,+86 120 0000 0001,,,市级
370202,市南区,市南,区市,370202,U-370200,,,,+86 120 0000 0002,,,区市级
370215,即墨区,即墨,区市,370215,U-370200,,,,,,,
370202001,香港中路街道,香港中路、香港中路街道办,镇街,370202001,370202,,,,,,,镇街级
D-YJ,市应急管理局,应急局,部门,370200,U-370200,,,,+86 120 0000 0003,yj@qd.example,12B、12D,市级
E-1,澜渚石化,,企业,370202001,370202001,危险化学品,D-YJ,港前大道88号,,,,
"""
CONTACTS = """联络员编号,单位代码,姓名,AB角,电话,电子邮箱,核实日期
C-1,370202001,王海波,A,+86 120 0000 1001,wang@qd.example,2026-05-01
C-2,370202001,李文涛,B,+86 120 0000 1002,,
C-3,E-1,张志峰,A,+86 120 0000 1003、+86 120 0000 1004,,
"""
LEADERS = """领导编号,姓名,职务,电话,电子邮箱,报告级别,分管
L-1,顾海川,市长,+86 120 0000 9001,,特别重大、重大,12、14A
"""
RETIRED = """旧代码,现代码,说明
370282,370215,即墨市改区
"""
FILES = {
    "units.csv": UNITS,
    "contacts.csv": CONTACTS,
    "leaders.csv": LEADERS,
    "retired_divisions.csv": RETIRED,
}


def write_city(folder: Path, file: str = "", old: str = "", new: str = "") -> Path:
    """The city in a folder, `old` replaced by `new` in one file; the replacement must take place."""
    folder.mkdir(exist_ok=True)
    for name, content in FILES.items():
        if name == file:
            assert old in content, f"{old} is not in {name}"
            content = content.replace(old, new, 1)
        (folder / name).write_text(content, encoding="utf-8-sig", newline="")
    return folder
