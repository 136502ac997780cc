"""A drill (演练): the same machine, marked everywhere, able to reach only the people on its list."""

from dataclasses import dataclass, replace
from typing import ClassVar

from dutydesk.domain.verbs import Book, Command, Context, Event, Look, Row
from dutydesk.errors import Refused


class OpenDrill(Command):
    """Begin. `participants` are keys contact:…, user:… or unit:…; a leader or another desk is refused."""

    name: str
    participants: tuple[str, ...]


class CloseDrill(Command):
    pass


class DrillOpened(Event):
    private: ClassVar[frozenset[str]] = frozenset({"addresses"})
    name: str
    participants: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    by: str


class DrillClosed(Event):
    by: str


@dataclass(frozen=True, slots=True)
class Drill:
    opened: DrillOpened | None = None
    closed: bool = False


def facts(look: Look, _state: Drill, command: Command) -> dict[str, tuple[str, ...]]:
    """Addresses of each participant; missing when unknown."""
    if not isinstance(command, OpenDrill):
        return {}
    return {key: _addresses(look, key) for key in command.participants}


def _addresses(look: Look, key: str) -> tuple[str, ...]:
    kind, _, id = key.partition(":")
    directory = look.directory
    if kind == "contact" and (contact := directory.contact_by_id.get(id)):
        return tuple(filter(None, (*contact.phones, contact.email)))
    if kind == "unit" and (unit := directory.unit_by_code.get(id)) and unit.kind != "desk":
        return tuple(filter(None, (unit.phone, unit.email, id if look.rules.peer(id) else "")))
    if kind == "user" and (found := look.row("user", id)) and found.body["role"] != "leader":
        return tuple(filter(None, (found.body["phone"], found.body["email"])))
    return ()


def decide(state: Drill, command: Command, context: Context[dict[str, tuple[str, ...]]]) -> list[Event]:
    match command:
        case OpenDrill():
            return [_open(state, command, context)]
        case CloseDrill() if state.opened and not state.closed:
            return [DrillClosed(by=context.by)]
    return []


def _open(state: Drill, command: OpenDrill, context: Context[dict[str, tuple[str, ...]]]) -> DrillOpened:
    if state.opened:
        raise Refused("这次演练已经开始过")
    wrong = [key for key, addresses in context.facts.items() if not addresses]
    if wrong:
        raise Refused(f"演练名单里有不能列入的对象(领导、上级或无号码):{'、'.join(wrong)}")
    reached = {a for addresses in context.facts.values() for a in addresses}
    real = reached & _never(context)
    if real:
        raise Refused("演练名单里的号码属于领导或上级值班室,不能列入")
    addresses = tuple(sorted(reached))
    return DrillOpened(name=command.name, participants=command.participants, addresses=addresses, by=context.by)


def _never(context: Context[dict[str, tuple[str, ...]]]) -> set[str]:
    """Numbers and addresses of leaders and of other desks."""
    leaders = {a for x in context.directory.leaders for a in (*x.phones, x.email) if a}
    own = context.rules.desk.unit
    desks = {a for u in context.directory.units if u.kind == "desk" and u.code != own for a in (u.phone, u.email) if a}
    return leaders | desks


def evolve(state: Drill, event: Event) -> Drill:
    match event:
        case DrillOpened():
            return replace(state, opened=event)
        case DrillClosed():
            return replace(state, closed=True)
    return state


def project(id: str, state: Drill) -> Row | None:
    opened = state.opened
    if opened is None:
        return None
    body = {"name": opened.name, "participants": list(opened.participants), "closed": state.closed}
    refs = () if state.closed else tuple(("drill.address", a) for a in dict.fromkeys(opened.addresses))
    return Row(body, open=not state.closed, refs=refs)


book = Book(
    kind="drill",
    blank=Drill(),
    events=(DrillOpened, DrillClosed),
    decide=decide,
    evolve=evolve,
    project=project,
    facts=facts,
)
