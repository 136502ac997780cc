"""How a unit's report was used (采用): as a special report, passed on, asked for, part of a summary, or only kept; by which leader it was
answered. Counted in circulars and scored (梅州 scheme, regulations 5.2)."""

from dataclasses import dataclass
from typing import Any, Literal

from dutydesk.domain.verbs import Book, Command, Context, Event, Look, Row
from dutydesk.errors import Refused

UseClass = Literal["special", "passed_on", "asked_for", "summary", "kept"]  # 专报 送阅 约稿 综合 备查
Honour = Literal["national", "province", "city", ""]


class MarkUse(Command):
    """A unit's report of an incident was used so; `honour`: the level of the leader who wrote on it. A later mark replaces the earlier."""

    incident: str
    unit: str
    use: UseClass
    honour: Honour = ""
    pictures: bool = False


class UseMarked(Event):
    incident: str
    unit: str
    unit_name: str = ""
    division: str = ""
    use: UseClass
    honour: Honour = ""
    pictures: bool = False
    by: str


@dataclass(frozen=True, slots=True)
class Use:
    marked: UseMarked | None = None


def facts(look: Look, _state: Use, command: Command) -> bool:
    """Whether the incident is there."""
    return isinstance(command, MarkUse) and look.row("incident", command.incident) is not None


def decide(state: Use, command: Command, context: Context[bool]) -> list[Event]:
    if not isinstance(command, MarkUse):
        return []
    unit = context.directory.unit_by_code.get(command.unit)
    if unit is None:
        raise Refused("通讯录里没有这个单位")
    if not context.facts:
        raise Refused("没有这个事件")
    former = state.marked
    if former and (former.incident, former.unit) != (command.incident, command.unit):
        raise Refused("这条采用记录是另一个单位的")
    event = UseMarked(**command.model_dump(), unit_name=unit.name, division=unit.division, by=context.by)
    return [] if former and former.model_copy(update={"by": event.by}) == event else [event]


def evolve(state: Use, event: Event) -> Use:
    return Use(event) if isinstance(event, UseMarked) else state


def project(_id: str, state: Use) -> Row | None:
    marked = state.marked
    if marked is None:
        return None
    body: dict[str, Any] = marked.model_dump(mode="json")
    return Row(body, open=False, division=marked.division, refs=(("about", f"incident/{marked.incident}"),))


book = Book(
    kind="use",
    blank=Use(),
    events=(UseMarked,),
    decide=decide,
    evolve=evolve,
    project=project,
    facts=facts,
)
