"""What must agree between the rows of a directory: keys, divisions, units above, people and their numbers.

Each check says what is wrong in the draft's problems and mends the draft to what can still be used. It reads no file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

import phonenumbers

from dutydesk.contacts import cells, columns
from dutydesk.contacts.columns import CONTACTS, LEADERS, UNITS, Table
from dutydesk.domain.directory import Contact, Directory, Leader, Unit

SAMPLE_RANGE = "+861200000"  # +86 120 0000 xxxx: possible, in no one's use, cannot ring

T = TypeVar("T", Unit, Contact, Leader)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A row's value with where it stood."""

    table: Table
    line: int
    value: T

    def with_(self, **changes: object) -> "Placed[T]":
        """The same row with other values."""
        if not changes:
            return self
        return replace(self, value=self.value.model_copy(update=changes))


@dataclass(slots=True)
class Draft:
    """A directory while it is read and checked."""

    units: list[Placed[Unit]] = field(default_factory=list)
    contacts: list[Placed[Contact]] = field(default_factory=list)
    leaders: list[Placed[Leader]] = field(default_factory=list)
    retired: dict[str, str] = field(default_factory=dict)  # old division code to the present one
    spoiled: set[str] = field(default_factory=set)  # keys of rows that could not be read
    problems: list[str] = field(default_factory=list)

    def say(self, table: Table, line: int, head: str, message: str) -> None:
        """Note a problem as `file 第n行 column 列: what and how to mend`."""
        self.problems.append(f"{table.file} 第{line}行 {head} 列: {message}")

    def directory(self) -> Directory:
        """What stands of it."""
        return Directory(
            units=tuple(placed.value for placed in self.units),
            contacts=tuple(placed.value for placed in self.contacts),
            leaders=tuple(placed.value for placed in self.leaders),
        )


def check(draft: Draft) -> None:
    """Every check over the whole directory, in an order in which one fault is told once."""
    draft.units = _unique(draft, draft.units, lambda unit: unit.code)
    draft.contacts = _unique(draft, draft.contacts, lambda contact: contact.id)
    draft.leaders = _unique(draft, draft.leaders, lambda leader: leader.id)
    _divisions(draft)
    _references(draft)
    _circles(draft)
    _belonging(draft)
    _numbers(draft)


def _unique(draft: Draft, rows: list[Placed[T]], key: Callable[[T], str]) -> list[Placed[T]]:
    first: dict[str, Placed[T]] = {}
    for row in rows:
        kept = first.setdefault(key(row.value), row)
        if kept is not row:
            message = f"「{key(row.value)}」与第{kept.line}行重复,请改用别的代码或删去一行"
            draft.say(row.table, row.line, row.table.key.head, message)
    return list(first.values())


def _divisions(draft: Draft) -> None:
    known = {row.value.division for row in draft.units if row.value.kind in ("desk", "district", "town")}
    known -= draft.retired.keys()
    kept = []
    for row in draft.units:
        mended, message = in_division(row, known, draft.retired)
        if message:
            draft.say(UNITS, row.line, UNITS.head("division"), message)
        if mended:
            kept.append(mended)
        else:
            draft.spoiled.add(row.value.code)
    draft.units = kept


def in_division(row: Placed[Unit], known: set[str], retired: dict[str, str]) -> tuple[Placed[Unit] | None, str]:
    """The row if it can stand, with a retired division replaced where that is safe, and what is wrong with it."""
    unit = row.value
    if now := retired.get(unit.division):
        message = f"「{unit.division}」已撤销,现为 {now},请改写为 {now}"
        return (None if unit.kind in ("district", "town") else row.with_(division=now)), message
    size = {"district": 6, "town": 9}.get(unit.kind)
    if size and (len(unit.division) != size or unit.code != unit.division):
        kind = columns.KINDS[unit.kind]
        return (
            None,
            f"{kind}的单位代码与所在区划须是同一个 {size} 位代码,现在是「{unit.code}」和「{unit.division}」,请改为一致",
        )
    if unit.division not in known:
        return None, f"「{unit.division}」不在本目录的区划里,请改为表中已有的区市或镇街代码,或先添加该区划一行"
    return row, ""


def _references(draft: Draft) -> None:
    kinds = {row.value.code: row.value.kind for row in draft.units}
    for at, row in enumerate(draft.units):
        unit = row.value
        if unit.parent and unit.parent not in kinds:
            draft.say(UNITS, row.line, UNITS.head("parent"), _unknown(draft, unit.parent))
            row = row.with_(parent=None)
        if unit.department and kinds.get(unit.department) != "department":
            found = unit.department in kinds
            message = f"「{unit.department}」不是部门,请改为类别为部门的单位代码"
            head = UNITS.head("department")
            draft.say(UNITS, row.line, head, message if found else _unknown(draft, unit.department))
            row = row.with_(department=None)
        draft.units[at] = row


def _unknown(draft: Draft, code: str) -> str:
    if now := draft.retired.get(code):
        return f"「{code}」已撤销,现为 {now},请改写为 {now}"
    if code in draft.spoiled:
        return f"「{code}」在 {UNITS.file} 里的那一行有错,请先改好那一行"
    return f"「{code}」在 {UNITS.file} 里没有,请改正代码或先添加该单位"


def _circles(draft: Draft) -> None:
    above = {row.value.code: row.value.parent for row in draft.units}
    for at, row in enumerate(draft.units):
        path = circle(row.value.code, above)
        if path:
            message = f"上级单位绕成了圈({' → '.join(path)}),请改正其中一个"
            draft.say(UNITS, row.line, UNITS.head("parent"), message)
            draft.units[at] = row.with_(parent=None)


def circle(code: str, above: dict[str, str | None]) -> list[str]:
    """The way up from this unit back to itself, empty when there is none."""
    path = [code]
    while (code := above.get(path[-1]) or "") and code not in path:
        path.append(code)
    return [*path, code] if code == path[0] else []


def _belonging(draft: Draft) -> None:
    units = {row.value.code for row in draft.units}
    for row in draft.contacts:
        if row.value.unit not in units:
            draft.say(CONTACTS, row.line, CONTACTS.head("unit"), _unknown(draft, row.value.unit))
    draft.contacts = [row for row in draft.contacts if row.value.unit in units]


def _numbers(draft: Draft) -> None:
    """A number tells who is calling, so it belongs to one person, or to one unit and its own people."""
    people: dict[str, tuple[str, str, str]] = {}  # number to name, unit and place
    draft.contacts = [row.with_(**_own_numbers(draft, people, row)) for row in draft.contacts]
    draft.leaders = [row.with_(**_own_numbers(draft, people, row)) for row in draft.leaders]
    desks: dict[str, Placed[Unit]] = {}
    for at, row in enumerate(draft.units):
        number = row.value.phone
        if not number:
            continue
        other = desks.setdefault(number, row)
        name, unit, place = people.get(number, ("", row.value.code, ""))
        if other is not row:
            name, unit, place = other.value.name, other.value.code, f"{UNITS.file} 第{other.line}行"
        if unit != row.value.code:
            draft.say(UNITS, row.line, UNITS.head("phone"), taken(number, place, name))
            draft.units[at] = row.with_(phone=None)


def _own_numbers(
    draft: Draft, people: dict[str, tuple[str, str, str]], row: Placed[Contact] | Placed[Leader]
) -> dict[str, object]:
    person: Contact | Leader = row.value
    unit = person.unit if isinstance(person, Contact) else ""
    own = []
    for number in person.phones:
        name, _, place = people.setdefault(number, (person.name, unit, f"{row.table.file} 第{row.line}行"))
        if name == person.name:
            own.append(number)
        else:
            draft.say(row.table, row.line, row.table.head("phones"), taken(number, place, name))
    return {"phones": tuple(own)} if len(own) < len(person.phones) else {}


def taken(number: str, place: str, name: str) -> str:
    """The message for a number that is somebody else's."""
    return f"「{cells.show_phones(number)}」已是 {place}「{name}」的号码,一个号码只能属于一个人或一个单位,请核实后改正"


def warnings(directory: Directory) -> list[str]:
    """What is not wrong but will hurt at night: nobody to ask, no telephone, a number no table knows."""
    found = [
        f"{UNITS.file}:「{unit.name}」({unit.code})没有 A 角联络员,请在 {CONTACTS.file} 添加"
        for unit in directory.units
        if unit.kind in ("town", "enterprise")
        and not any(contact.role == "A" for contact in directory.contacts_of.get(unit.code, ()))
    ]
    for table, people in ((CONTACTS, directory.contacts), (LEADERS, directory.leaders)):
        found += [f"{table.file}:「{person.name}」没有电话,请添加" for person in people if not person.phones]
    found += [
        f"「{cells.show_phones(number)}」不在任何已知号段里,请核实"
        for number in numbers(directory)
        if not number.startswith(SAMPLE_RANGE) and not is_valid(number)
    ]
    return found


def numbers(directory: Directory) -> list[str]:
    """Every telephone number, each once, in the order of units, contacts, leaders."""
    people: list[Contact | Leader] = [*directory.contacts, *directory.leaders]
    units = [unit.phone for unit in directory.units if unit.phone]
    return list(dict.fromkeys([*units, *(number for person in people for number in person.phones)]))


def is_valid(number: str) -> bool:
    """Whether the number tables know a subscriber range that holds this E.164 number."""
    return phonenumbers.is_valid_number(phonenumbers.parse(number, None))
