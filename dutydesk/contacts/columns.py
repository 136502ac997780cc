"""The three tables of the directory: file, columns, heads in Chinese, and how each cell is read and written.

The one place that maps what an office sees to the fields of dutydesk/domain/directory.py. It reads no file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from dutydesk.contacts import cells
from dutydesk.domain.readings import Level

KINDS = {"desk": "值班室", "district": "区市", "town": "镇街", "department": "部门", "enterprise": "企业"}
TIERS = {"town": "镇街级", "district": "区市级", "city": "市级", "province": "省级", "state": "国家级"}
_kind, _show_kind = cells.one_of(KINDS)
_tier, _show_tier = cells.one_of(TIERS)
_level, _ = cells.one_of({level: level for level in get_args(Level)})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, its head, and both directions of its cells."""

    field: str
    head: str
    read: Callable[[str], object]
    write: Callable[[object], str] = cells.show
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the folder, and the sheet it becomes in a workbook; the first column is the key."""

    file: str
    sheet: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> Column:
        return self.columns[0]

    def head(self, field: str) -> str:
        """The Chinese head of a field, for messages."""
        return next(column.head for column in self.columns if column.field == field)


def levels(raw: str) -> tuple[str, ...]:
    """The levels at which a leader is told."""
    return cells.several(raw, _level)


UNITS = Table(
    "units.csv",
    "单位",
    (
        Column("code", "单位代码", cells.unit_code, required=True),
        Column("name", "单位名称", cells.text, required=True),
        Column("short_names", "简称", cells.words),
        Column("kind", "类别", _kind, _show_kind, required=True),
        Column("division", "所在区划", cells.division, required=True),
        Column("parent", "上级单位", cells.unit_code),
        Column("industry", "行业", cells.text),
        Column("department", "主管部门", cells.unit_code),
        Column("address", "地址", cells.text),
        Column("phone", "值班电话", cells.phone, cells.show_phones),
        Column("email", "电子邮箱", cells.email),
        Column("duties", "职责", cells.duties),
        Column("tier", "层级", _tier, _show_tier),
    ),
)
CONTACTS = Table(
    "contacts.csv",
    "联络员",
    (
        Column("id", "联络员编号", cells.key, required=True),
        Column("unit", "单位代码", cells.unit_code, required=True),
        Column("name", "姓名", cells.text, required=True),
        Column("role", "AB角", cells.role),
        Column("phones", "电话", cells.phones, cells.show_phones),
        Column("email", "电子邮箱", cells.email),
        Column("verified_on", "核实日期", cells.iso_date),
    ),
)
LEADERS = Table(
    "leaders.csv",
    "领导",
    (
        Column("id", "领导编号", cells.key, required=True),
        Column("name", "姓名", cells.text, required=True),
        Column("post", "职务", cells.text, required=True),
        Column("phones", "电话", cells.phones, cells.show_phones),
        Column("email", "电子邮箱", cells.email),
        Column("levels", "报告级别", levels),
        Column("duties", "分管", cells.duties),
    ),
)
RETIRED = Table(
    "retired_divisions.csv",
    "旧区划",
    (
        Column("old", "旧代码", cells.division, required=True),
        Column("new", "现代码", cells.division, required=True),
        Column("note", "说明", cells.text),
    ),
)
DIRECTORY = (UNITS, CONTACTS, LEADERS)


def read_row(table: Table, row: Mapping[str, str]) -> tuple[dict[str, object], list[tuple[str, str]], bool]:
    """Values by field, problems as (head, message), and whether the row can stand.

    `row` maps fields to raw cells. An optional cell that is wrong is left out (or kept in part) and the row stands.
    """
    values: dict[str, object] = {}
    problems: list[tuple[str, str]] = []
    for column in table.columns:
        raw = row.get(column.field, "")
        try:
            value = column.read(raw) if raw.strip() else None
            if column.required and not value:
                raise cells.Wrong("空着,这一格必须填写")
        except cells.Wrong as error:
            problems.append((column.head, str(error)))
            value = error.kept
        if value:
            values[column.field] = value
    return values, problems, all(column.field in values for column in table.columns if column.required)
