"""Who can report, who can be asked, who is to be told: units, contacts and leaders, as one value.

The files under contacts/ are how an office writes this; at run time it comes from the journal.
"""

from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

UnitKind = Literal["desk", "district", "town", "department", "enterprise"]
Role = Literal["A", "B", "C"]


class Unit(BaseModel):
    """A town or subdistrict, a district, a department, an enterprise, or another desk (superior or neighbour)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str  # own key: division code for divisions, D-…, E-…, U-… otherwise
    name: str
    short_names: tuple[str, ...] = ()
    kind: UnitKind
    division: str  # GB/T 2260, 6 or 9 digits: where it lies
    parent: str | None = None  # code of the unit above
    industry: str | None = None
    department: str | None = None  # code of the responsible department
    address: str | None = None
    phone: str | None = None  # duty telephone, E.164
    email: str | None = None
    duties: tuple[str, ...] = ()  # GB/T 35561 prefixes this unit answers for
    tier: str | None = None  # for kind "desk": town, district, city, province, state


class Contact(BaseModel):
    """A person at a unit who reports and is asked, with an order: A before B before C."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    unit: str
    name: str
    role: Role = "A"
    phones: tuple[str, ...] = ()  # E.164, the mobile first
    email: str | None = None
    verified_on: str | None = None  # ISO date of the last proof that the number answers


class Leader(BaseModel):
    """A leader who is told and who signs; `levels` says from which level on."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    name: str
    post: str
    phones: tuple[str, ...] = ()
    email: str | None = None
    levels: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()


class Directory(BaseModel):
    """All of them, with the look-ups the desk needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    units: tuple[Unit, ...] = ()
    contacts: tuple[Contact, ...] = ()
    leaders: tuple[Leader, ...] = ()

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def contact_by_id(self) -> dict[str, Contact]:
        return {contact.id: contact for contact in self.contacts}

    @cached_property
    def leader_by_id(self) -> dict[str, Leader]:
        return {leader.id: leader for leader in self.leaders}

    @cached_property
    def contact_by_phone(self) -> dict[str, Contact]:
        return {phone: contact for contact in reversed(self.contacts) for phone in contact.phones}

    @cached_property
    def leader_by_phone(self) -> dict[str, Leader]:
        return {phone: leader for leader in reversed(self.leaders) for phone in leader.phones}

    @cached_property
    def unit_by_phone(self) -> dict[str, Unit]:
        return {unit.phone: unit for unit in reversed(self.units) if unit.phone}

    @cached_property
    def contact_by_email(self) -> dict[str, Contact]:
        return {contact.email.lower(): contact for contact in reversed(self.contacts) if contact.email}

    @cached_property
    def unit_by_email(self) -> dict[str, Unit]:
        return {unit.email.lower(): unit for unit in reversed(self.units) if unit.email}

    @cached_property
    def units_under(self) -> dict[str, tuple[Unit, ...]]:
        """Units by the code of the unit above them, and by that of the place where they lie."""
        out: dict[str, list[Unit]] = {}
        for unit in self.units:
            for code in dict.fromkeys((unit.parent, unit.division)):
                out.setdefault(code or "", []).append(unit)
        return {code: tuple(units) for code, units in out.items()}

    @cached_property
    def contacts_of(self) -> dict[str, tuple[Contact, ...]]:
        """Contacts of a unit in the order they are asked: A, B, C."""
        out: dict[str, tuple[Contact, ...]] = {}
        for contact in sorted(self.contacts, key=lambda c: (c.unit, c.role, c.id)):
            out[contact.unit] = (*out.get(contact.unit, ()), contact)
        return out
