"""Policy as the journal has it: rules, units, contacts, leaders. Files are how an office writes them; differences become entries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from dutydesk.domain.directory import Contact, Directory, Leader, Unit
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import Book, Command, Context, Event, Row


class AdoptRules(Command):
    """The configuration folder was read; `digest` is its SHA-256."""

    rules: Rules
    digest: str


class ListUnit(Command):
    unit: Unit


class ListContact(Command):
    contact: Contact


class ListLeader(Command):
    leader: Leader


class Delist(Command):
    """It no longer stands in the files; it stays in the journal."""


class RulesAdopted(Event):
    rules: Rules
    digest: str
    by: str


class UnitListed(Event):
    unit: Unit


class ContactListed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"contact"})
    contact: Contact | Literal["〔已删除〕"]


class LeaderListed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"leader"})
    leader: Leader | Literal["〔已删除〕"]


class Delisted(Event):
    pass


@dataclass(frozen=True, slots=True)
class Listed:
    value: Any = None
    there: bool = False
    digest: str = ""


def decide(state: Listed, command: Command, context: Context[None]) -> list[Event]:
    match command:
        case AdoptRules():
            if state.value == command.rules:
                return []
            return [RulesAdopted(rules=command.rules, digest=command.digest, by=context.by)]
        case ListUnit() if not (state.there and state.value == command.unit):
            return [UnitListed(unit=command.unit)]
        case ListContact() if not (state.there and state.value == command.contact):
            return [ContactListed(contact=command.contact)]
        case ListLeader() if not (state.there and state.value == command.leader):
            return [LeaderListed(leader=command.leader)]
        case Delist() if state.there:
            return [Delisted()]
    return []


def evolve(state: Listed, event: Event) -> Listed:
    match event:
        case RulesAdopted():
            return Listed(event.rules, True, event.digest)
        case UnitListed():
            return Listed(event.unit, True)
        case ContactListed():
            return Listed(event.contact, True)
        case LeaderListed():
            return Listed(event.leader, True)
        case Delisted():
            return Listed(state.value, False)
    return state


def _project(kind: str) -> Callable[[str, Any], Row | None]:
    def project(_id: str, state: Listed) -> Row | None:
        if state.value is None:
            return None
        if isinstance(state.value, str):  # erased
            return Row({"listed": None, "digest": ""}, open=False)
        body = {"rules" if kind == "rules" else "listed": state.value.model_dump(mode="json"), "digest": state.digest}
        return Row(body, open=state.there)

    return project


def _book(kind: str, *events: type[Event]) -> Book:
    return Book(
        kind=kind, blank=Listed(), events=events, decide=decide, evolve=evolve, project=_project(kind), policy=True
    )


books = (
    _book("rules", RulesAdopted),
    _book("unit", UnitListed, Delisted),
    _book("contact", ContactListed, Delisted),
    _book("leader", LeaderListed, Delisted),
)


def differences(now: Directory, wanted: Directory) -> list[tuple[str, Command]]:
    """The commands that turn one directory into another: (stream, command)."""
    changes: list[tuple[str, Command]] = []
    for kind, have, want, listing in (
        ("unit", now.unit_by_code, wanted.unit_by_code, lambda v: ListUnit(unit=v)),
        ("contact", now.contact_by_id, wanted.contact_by_id, lambda v: ListContact(contact=v)),
        ("leader", now.leader_by_id, wanted.leader_by_id, lambda v: ListLeader(leader=v)),
    ):
        changes += [(f"{kind}/{key}", listing(value)) for key, value in want.items() if have.get(key) != value]
        changes += [(f"{kind}/{key}", Delist()) for key in have if key not in want]
    return changes
