"""Whose number is it: the telephone numbers of a directory while it grows. It knows no files and no cells."""

from dutydesk.contacts import cells
from dutydesk.domain.directory import Contact, Directory, Leader, Unit

Owner = Unit | Contact | Leader


class Owners:
    """Who has which number. A number tells who is calling, so strangers may not share one."""

    def __init__(self, directory: Directory) -> None:
        self._by_number: dict[str, list[Owner]] = {}
        everyone: list[Owner] = [*directory.units, *directory.contacts, *directory.leaders]
        for owner in everyone:
            self.add(owner)

    def add(self, owner: Owner) -> None:
        """From now on these numbers are this owner's."""
        for number in _numbers(owner):
            self._by_number.setdefault(number, []).append(owner)

    def remove(self, owner: Owner | None) -> None:
        """An owner as it was before a change."""
        for number in _numbers(owner) if owner else ():
            self._by_number[number] = [one for one in self._by_number[number] if one != owner]

    def clashes(self, owner: Owner, beside: list[Contact]) -> list[str]:
        """What is wrong with giving these numbers to this owner, `beside` being on the same line."""
        found = []
        for number in _numbers(owner):
            others = [*self._by_number.get(number, ()), *(one for one in beside if number in one.phones)]
            for other in (one for one in others if not _may_share(owner, one)):
                shown = cells.show_phones(number)
                found.append(
                    f"电话: 「{shown}」已是「{other.name}」的号码,一个号码只能属于一个人或一个单位,请核实后改正"
                )
        return found


def _numbers(owner: Owner) -> tuple[str, ...]:
    if isinstance(owner, Unit):
        return (owner.phone,) if owner.phone else ()
    return owner.phones


def _may_share(one: Owner, other: Owner) -> bool:
    """The same row, the same person in two places, or a unit and its own people."""
    match one, other:
        case (Unit(), Unit()):
            return one.code == other.code
        case (Unit(), Contact()):
            return one.code == other.unit
        case (Contact(), Unit()):
            return other.code == one.unit
        case (Contact(), Contact()):
            return one.id == other.id or one.name == other.name
        case _:
            return one.name == other.name
