"""One line of an imported list against the directory: which unit and which person it means, and whether it may stand.

Holds the directory while it grows. A line that is refused leaves it as it was.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from itertools import count

from dutydesk.contacts import cells, checks, columns
from dutydesk.contacts.checks import Placed
from dutydesk.contacts.columns import CONTACTS, LEADERS, UNITS, Table
from dutydesk.contacts.heads import Side
from dutydesk.contacts.owners import Owners
from dutydesk.domain.directory import Contact, Directory, Leader, Unit

Cells = dict[str, str]
_PREFIX = {"desk": "U", "department": "D", "enterprise": "E"}


class Refusal(Exception):
    """This line cannot be taken; `may_come` when it names a unit that another line may bring."""

    def __init__(self, reasons: list[str], *, may_come: bool = False) -> None:
        super().__init__(";".join(reasons))
        self.reasons = tuple(reasons)
        self.may_come = may_come


@dataclass(slots=True)
class _Changes:
    """What one line would do."""

    unit: Unit | None = None
    contacts: list[Contact] = field(default_factory=list)
    leader: Leader | None = None
    what: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Book:
    """The directory in the making."""

    def __init__(self, directory: Directory, retired: dict[str, str]) -> None:
        self.changed = False
        self._units = {unit.code: unit for unit in directory.units}
        self._contacts = {contact.id: contact for contact in directory.contacts}
        self._leaders = {leader.id: leader for leader in directory.leaders}
        self._retired = retired
        self._owners = Owners(directory)

    def directory(self) -> Directory:
        """All that stands now."""
        return Directory(
            units=tuple(self._units.values()),
            contacts=tuple(self._contacts.values()),
            leaders=tuple(self._leaders.values()),
        )

    def enter(self, line: Mapping[Side, Cells]) -> tuple[str, tuple[str, ...]]:
        """Take one line; says what it did and what was mended. Refusal, and nothing changed, when it cannot stand."""
        changes = _Changes()
        if "leader" in line:
            self._leader(line["leader"], changes)
        else:
            unit = self._unit(line, changes)
            for owner in ("A", "B", "C", "person"):
                if owner in line:
                    self._person(unit, line[owner], "" if owner == "person" else owner, changes)
        self._commit(changes)
        return ";".join(changes.what) or "与目录相同,没有改动", tuple(changes.notes)

    def _unit(self, line: Mapping[Side, Cells], changes: _Changes) -> Unit:
        given = dict(line.get("unit", {}))
        known = self._contacts.get(_key(line.get("person", {}).get("id", "")))
        if not given and known:
            return self._units[known.unit]
        self._resolve(given, changes)
        present = self._meant(given)
        if present is None and not given.get("division"):
            name = given.get("name") or given.get("code")
            if not name:
                raise Refusal(["单位一格空着;合并的单元格请先拆开填满"])
            raise Refusal([f"单位「{name.strip()}」不在目录里,要新增请同时给出所在区划"], may_come=True)
        if present is None:
            self._complete(given, changes)
        unit = Unit.model_validate(_filled(UNITS, given, present, changes))
        self._fits(unit)
        if present is None and (namesakes := [one.code for one in self._units.values() if one.name == unit.name]):
            changes.notes.append(f"目录里已有同名单位 {'、'.join(namesakes)},请核实是否重复")
        if unit != present:
            changes.unit = unit
            changes.what.append(f"{'更新' if present else '新增'}单位「{unit.name}」({unit.code})")
        return unit

    def _resolve(self, given: Cells, changes: _Changes) -> None:
        """Names of divisions, departments and units above become codes; retired codes become present ones."""
        town, district = given.pop("town", ""), given.pop("district", "")
        given["division"] = given.get("division") or town or district
        for name, head in (("division", "所在区划"), ("parent", "上级单位"), ("department", "主管部门")):
            if wanted := given.get(name, "").strip():
                given[name] = self._code(wanted, head, name == "division")
                if given[name] != wanted and wanted in self._retired:
                    changes.notes.append(f"{head}「{wanted}」已撤销,改记为 {given[name]}")

    def _code(self, wanted: str, head: str, division: bool) -> str:
        if wanted in self._units or not any(ord(sign) > 127 for sign in wanted):
            return self._retired.get(wanted, wanted)
        found = [unit for unit in self._named(wanted) if not division or unit.kind in ("district", "town")]
        if len(found) != 1:
            raise Refusal([_unclear(head, wanted, found)], may_come=not found)
        return found[0].division if division else found[0].code

    def _named(self, wanted: str) -> list[Unit]:
        name = wanted.strip()
        exact = [unit for unit in self._units.values() if unit.name == name]
        return exact or [unit for unit in self._units.values() if name in unit.short_names]

    def _meant(self, given: Cells) -> Unit | None:
        """The unit this line is about, by code or by name."""
        if code := _key(given.get("code", "")):
            given["code"] = code = self._retired.get(code, code)
            return self._units.get(code)
        found = self._named(given.get("name", ""))
        if len(found) > 1 and given.get("division"):
            found = [unit for unit in found if unit.division == given["division"]]
        if len(found) > 1:
            raise Refusal([_unclear("单位", given["name"].strip(), found)])
        if found:
            given.pop("name")  # it may be a short name; it found the unit and shall not rename it
        return found[0] if found else None

    def _complete(self, given: Cells, changes: _Changes) -> None:
        """A new unit: its kind and its key, when the list does not give them."""
        if not given.get("kind"):
            given["kind"] = columns.KINDS["enterprise"]
            changes.notes.append("类别未填,记为企业")
        if not given.get("code"):
            kinds = {word: kind for kind, word in columns.KINDS.items()}
            prefix = _PREFIX.get(kinds.get(given["kind"].strip(), given["kind"].strip()))
            division = given["division"].strip()
            given["code"] = self._free(f"{prefix}-{division}", self._units) if prefix else division

    def _fits(self, unit: Unit) -> None:
        known = {one.division for one in self._units.values() if one.kind in ("desk", "district", "town")}
        known |= {unit.division} if unit.kind in ("desk", "district", "town") else set()
        _, wrong = checks.in_division(Placed(UNITS, 0, unit), known, self._retired)
        reasons = [f"所在区划: {wrong}"] if wrong else []
        may_come = bool(wrong) and unit.division not in known
        for head, code in (("上级单位", unit.parent), ("主管部门", unit.department)):
            if code and code not in self._units:
                reasons.append(f"{head}: 「{code}」不在目录里,请改正或先添加该单位")
                may_come = True
        if unit.department in self._units and self._units[unit.department].kind != "department":
            reasons.append(f"主管部门: 「{unit.department}」不是部门,请改为部门的单位代码")
        above = {one.code: one.parent for one in self._units.values()} | {unit.code: unit.parent}
        if path := checks.circle(unit.code, above):
            reasons.append(f"上级单位绕成了圈({' → '.join(path)}),请改正")
        reasons += self._owners.clashes(unit, [])
        if reasons:
            raise Refusal(reasons, may_come=may_come)

    def _person(self, unit: Unit, given: Cells, side: str, changes: _Changes) -> None:
        present = self._contact_meant(unit, given)
        given = {"role": side or self._next_role(unit, changes, given), **given} if present is None else dict(given)
        if side:
            given["role"] = side
        taken = self._contacts.keys() | {contact.id for contact in changes.contacts}
        given = {"id": self._free(f"C-{unit.code}", taken), **given, "unit": unit.code}
        contact = Contact.model_validate(_filled(CONTACTS, given, present, changes))
        if clashes := self._owners.clashes(contact, changes.contacts):
            raise Refusal(clashes)
        first = [one for one in self._contacts.values() if (one.unit, one.role) == (unit.code, "A")]
        if contact.role == "A" and first and contact.id not in {one.id for one in first}:
            changes.notes.append(f"该单位已有 A 角「{first[0].name}」,请核实谁是 A 角")
        if contact != present:
            changes.contacts.append(contact)
            changes.what.append(f"{'更新' if present else '新增'}联络员「{contact.name}」({contact.role}角)")

    def _contact_meant(self, unit: Unit, given: Cells) -> Contact | None:
        if key := _key(given.get("id", "")):
            found = self._contacts.get(key)
            if found and found.unit != unit.code:
                raise Refusal([f"联络员编号「{key}」属于单位 {found.unit},不是 {unit.code},请改正编号或单位"])
            return found
        name = " ".join(given.get("name", "").split())
        same = [one for one in self._contacts.values() if one.unit == unit.code and one.name == name]
        if same:
            given["id"] = same[0].id
        return same[0] if same else None

    def _next_role(self, unit: Unit, changes: _Changes, given: Cells) -> str:
        """The first of A, B, C that nobody at the unit has."""
        if given.get("role"):
            return given["role"]
        held = {one.role for one in (*self._contacts.values(), *changes.contacts) if one.unit == unit.code}
        role = next((letter for letter in "AB" if letter not in held), "C")
        changes.notes.append(f"AB角未填,记为 {role}")
        return role

    def _leader(self, given: Cells, changes: _Changes) -> None:
        key, name = _key(given.get("id", "")), " ".join(given.get("name", "").split())
        same = [one for one in self._leaders.values() if one.id == key or (not key and one.name == name)]
        present = same[0] if same else None
        given = {"id": present.id if present else self._free("L", self._leaders), **given}
        leader = Leader.model_validate(_filled(LEADERS, given, present, changes))
        if clashes := self._owners.clashes(leader, []):
            raise Refusal(clashes)
        if leader != present:
            changes.leader = leader
            changes.what.append(f"{'更新' if present else '新增'}领导「{leader.name}」({leader.post})")

    def _free(self, stem: str, taken: Container[str]) -> str:
        return next(key for number in count(1) if (key := f"{stem}-{number:02d}") not in taken)

    def _commit(self, changes: _Changes) -> None:
        if changes.unit:
            self._owners.remove(self._units.get(changes.unit.code))
            self._units[changes.unit.code] = changes.unit
            self._owners.add(changes.unit)
        for contact in changes.contacts:
            self._owners.remove(self._contacts.get(contact.id))
            self._contacts[contact.id] = contact
            self._owners.add(contact)
        if changes.leader:
            self._owners.remove(self._leaders.get(changes.leader.id))
            self._leaders[changes.leader.id] = changes.leader
            self._owners.add(changes.leader)
        self.changed = self.changed or bool(changes.what)


def _filled(
    table: Table, given: Cells, present: Unit | Contact | Leader | None, changes: _Changes
) -> dict[str, object]:
    """The values of a row: what the list gives over what is there. Refusal with every wrong cell."""
    row = {column.field: column.write(getattr(present, column.field)) for column in table.columns} if present else {}
    row |= {name: cell for name, cell in given.items() if cell.strip()}
    values, problems, _ = columns.read_row(table, row)
    if problems:
        raise Refusal([f"{head}: {message}" for head, message in problems])
    for column in table.columns:
        cell = given.get(column.field, "").strip()
        if cell and column.write is cells.show_phones and "+" not in cell:
            changes.notes.append(f"{column.head}「{cell}」补全为 {column.write(values[column.field])}")
    return values


def _key(raw: str) -> str:
    """A key as it would be stored: a full-width code finds its unit; one that cannot be stored stays as it is."""
    try:
        return cells.key(raw) if raw.strip() else ""
    except cells.Wrong:
        return raw.strip()


def _unclear(head: str, wanted: str, found: list[Unit]) -> str:
    if not found:
        return f"{head}: 「{wanted}」不在目录里,请改为目录中的名称或代码"
    names = "、".join(f"{unit.name}({unit.code})" for unit in found)
    return f"{head}: 「{wanted}」可能是 {names},请改写代码"
