"""A drill (演练): the same machine, marked everywhere, able to reach only the people on its list."""

from dataclasses import dataclass, replace
from typing import ClassVar

from pydantic import Field

from dutydesk.clock import MINUTE
from dutydesk.domain.messages import RecordMessage
from dutydesk.domain.readings import Value
from dutydesk.domain.verbs import Act, Ask, Book, Command, Context, Event, Fire, Look, Priority, Row, SetTimer
from dutydesk.errors import Refused


class ScriptLine(Value):
    """One line of a scenario: so many minutes after the start this participant says that, as if by telephone."""

    minutes: float = Field(ge=0, le=60 * 24)
    who: str = ""  # one of the participants; empty: the first contact or unit on the list
    text: str = Field(min_length=1, max_length=2_000)


class OpenDrill(Command):
    """Begin. `participants` are keys contact:…, user:… or unit:…; a leader or another desk is refused. `script` plays by itself."""

    name: str
    participants: tuple[str, ...]
    script: tuple[ScriptLine, ...] = ()


class CloseDrill(Command):
    pass


class DrillOpened(Event):
    private: ClassVar[frozenset[str]] = frozenset({"addresses"})
    name: str
    participants: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    by: str
    script: tuple[ScriptLine, ...] = ()
    senders: tuple[str, ...] = ()  # the number each line comes from
    due: tuple[int, ...] = ()
    opened_at: int = 0


class DrillLineSaid(Event):
    """A line of the script was put in as a message of the drill."""

    private: ClassVar[frozenset[str]] = frozenset({"text", "sender"})
    line: int
    text: str
    sender: str
    late_by: int = 0


class DrillClosed(Event):
    by: str
    left: int = 0  # lines of the script that were not said
    closed_at: int = 0


@dataclass(frozen=True, slots=True)
class Drill:
    opened: DrillOpened | None = None
    closed: bool = False
    said: tuple[int, ...] = ()
    closed_at: int = 0


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
            left = len(state.opened.script) - len(state.said)
            return [DrillClosed(by=context.by, left=left, closed_at=context.at)]
        case Fire(name=name) if state.opened and not state.closed:
            return _say(state, state.opened, int(name.removeprefix("line ")), command, context.at)
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
    return DrillOpened(
        name=command.name,
        participants=command.participants,
        addresses=tuple(sorted(reached)),
        by=context.by,
        script=command.script,
        senders=tuple(_sender(line, context.facts) for line in command.script),
        due=tuple(context.at + round(line.minutes * MINUTE) for line in command.script),
        opened_at=context.at,
    )


def _sender(line: ScriptLine, reached: dict[str, tuple[str, ...]]) -> str:
    """The number a line comes from. Raises Refused when it is no participant's."""
    if line.who and line.who not in reached:
        raise Refused(f"脚本里的{line.who}不在演练名单里")
    if line.who:
        return reached[line.who][0]
    return next((a[0] for key, a in reached.items() if key.startswith(("contact:", "unit:"))), "")


def _say(state: Drill, opened: DrillOpened, line: int, fire: Fire, at: int) -> list[Event]:
    if line in state.said or not 0 <= line < len(opened.script):
        return []
    late = max(0, at - fire.due_at)
    return [DrillLineSaid(line=line, text=opened.script[line].text, sender=opened.senders[line], late_by=late)]


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
            return replace(state, closed=True, closed_at=event.closed_at)
        case DrillLineSaid():
            return replace(state, said=(*state.said, event.line))
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case DrillOpened():
            return [SetTimer(f"line {n}", due, Priority.WORK) for n, due in enumerate(event.due)]
        case DrillLineSaid():
            wish = RecordMessage(channel="call", via="script", sender=event.sender, text=event.text)
            return [Ask(f"message/drill-{id}-{event.line}", wish)]
    return []


def project(id: str, state: Drill) -> Row | None:
    opened = state.opened
    if opened is None:
        return None
    body = {"name": opened.name, "participants": list(opened.participants), "closed": state.closed}
    body |= {
        "opened_at": opened.opened_at,
        "closed_at": state.closed_at,
        "lines": len(opened.script),
        "said": len(state.said),
    }
    refs = () if state.closed else tuple(("drill.address", a) for a in dict.fromkeys(opened.addresses))
    return Row(body, open=not state.closed, refs=refs)


book = Book(
    kind="drill",
    blank=Drill(),
    events=(DrillOpened, DrillLineSaid, DrillClosed),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
