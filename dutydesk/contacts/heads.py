"""Which column of somebody's list is what: heads in Chinese and English, one person a line or A and B side by side.

Gives each position an owner and a field. It reads no cell below the head.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from dutydesk.contacts.columns import CONTACTS, LEADERS, UNITS
from dutydesk.contacts.spreadsheet import Row

Side = Literal["unit", "person", "A", "B", "C", "leader"]
LOOK_FOR_HEADS_IN = 10  # rows: lists often begin with a title and a date

_UNIT = {
    "code": "单位代码 单位编码 单位编号 机构代码 企业代码 code unitcode unitid",
    "name": "单位名称 单位 企业名称 企业 机构名称 机构 名称 unit unitname company organisation organization",
    "short_names": "简称 单位简称 别名 shortname shortnames alias",
    "kind": "类别 单位类别 类型 单位类型 单位性质 kind type",
    "division": "所在区划 区划代码 行政区划 行政区划代码 区划 division divisioncode",
    "town": "镇街 所在镇街 所属镇街 街道 所属街道 乡镇 镇办 town",
    "district": "区市 所在区市 所属区市 区县 所属区县 district",
    "parent": "上级单位 上级 主管单位 parent",
    "industry": "行业 行业类别 所属行业 industry",
    "department": "主管部门 行业主管部门 监管部门 department",
    "address": "地址 单位地址 详细地址 address",
    "phone": "值班电话 单位电话 办公电话 固定电话 座机 总机 dutyphone officephone landline",
    "email": "单位邮箱 unitemail",
    "duties": "职责 职责代码 事件代码 duties",
    "tier": "层级 级别 tier",
}
_REACH = {
    "phones": "手机 手机号 手机号码 移动电话 电话 电话号码 联系电话 联系方式 "
    "mobile mobilephone cell phone phones telephone tel",
    "email": "邮箱 电子邮箱 邮件 电子邮件 邮箱地址 email mail",
}
_PERSON = {
    "id": "联络员编号 人员编号 contactid",
    "name": "姓名 联络员 联系人 联络员姓名 联系人姓名 信息员 值班员 contact contactname person fullname",
    "role": "ab角 角色 主副 role",
    "verified_on": "核实日期 核实时间 verifiedon verified",
    **_REACH,
}
_LEADER = {
    "id": "领导编号 编号 leaderid id",
    "name": "姓名 领导 领导姓名 name",
    "post": "职务 post title",
    "levels": "报告级别 levels",
    "duties": "分管 分管代码 职责 duties",
    **_REACH,
}
_UNNAMED = {"name": "name", "phone": _REACH["phones"], "email": _REACH["email"]}
_PASSED_OVER = {"序号", "no", "number", ""}


@dataclass(frozen=True, slots=True)
class Layout:
    """The head of one sheet: its row, who and what each position holds (None: not used), and the heads not used."""

    row: Row
    positions: tuple[tuple[Side, str] | None, ...]
    ignored: tuple[str, ...]


def layout(rows: tuple[Row, ...]) -> Layout | None:
    """The first of the first rows that names at least two things we know, at least one of them a name or a key."""
    for row in rows[:LOOK_FOR_HEADS_IN]:
        positions = _positions([_plain(cell) for cell in row.cells])
        found = {position for position in positions if position}
        if len(found) > 1 and any(field in ("name", "code", "id") for _, field in found):
            pairs = zip(row.cells, positions, strict=True)
            ignored = [cell.strip() for cell, at in pairs if at is None and _plain(cell) not in _PASSED_OVER]
            return Layout(row, positions, tuple(ignored))
    return None


def known() -> str:
    """The heads to name when none was understood."""
    own = [column.head for table in (UNITS, CONTACTS, LEADERS) for column in table.columns]
    return "、".join(dict.fromkeys(own))


def _plain(head: str) -> str:
    folded = unicodedata.normalize("NFKC", head).lower()
    return re.sub(r"\(.*?\)|[\s*:_/.\-]", "", folded)


def _spelled(fields: dict[str, str]) -> dict[str, str]:
    return {head: field for field, heads in fields.items() for head in heads.split()}


def _positions(heads: list[str]) -> tuple[tuple[Side, str] | None, ...]:
    unit, person, leader = _spelled(_UNIT), _spelled(_PERSON), _spelled(_LEADER)
    has_unit = any(unit.get(head) in ("code", "name") for head in heads)
    if has_unit:
        person["name"] = "name"
    if (not has_unit and "职务" in heads) or "领导编号" in heads:
        tables: list[tuple[Side, dict[str, str]]] = [("leader", leader)]
    elif any(person.get(head) == "name" for head in heads) or "contactid" in heads:
        tables = [("person", person), ("unit", unit)]
    else:
        tables = [("unit", unit | _spelled(_UNNAMED))]
    return tuple(_side_by_side(head, person) or _first(head, tables) for head in _once(heads))


def _once(heads: list[str]) -> list[str]:
    """A head that comes twice counts the first time."""
    return [head if head not in heads[:at] else "" for at, head in enumerate(heads)]


def _first(head: str, tables: list[tuple[Side, dict[str, str]]]) -> tuple[Side, str] | None:
    return next(((owner, fields[head]) for owner, fields in tables if head in fields), None)


def _side_by_side(head: str, person: dict[str, str]) -> tuple[Side, str] | None:
    found = re.fullmatch(r"([abc])角(.+)|([abc])角", head)
    if not found:
        return None
    field = person.get(found[2], "") if found[2] else "name"
    sides: dict[str, Side] = {"a": "A", "b": "B", "c": "C"}
    return (sides[found[1] or found[3]], field) if field else None
