"""Faults of reporting: 漏报, 瞒报 and 谎报 are found by a person with grounds, and may be appealed; 迟报 is computed and never stands here.

突发事件应对法 (2024) art. 61 names the four; regulations 8, rule 22.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from dutydesk.domain.verbs import Book, Command, Context, Event, Look, Row
from dutydesk.errors import Refused

FaultKind = Literal["missed", "concealed", "false"]  # 漏报 瞒报 谎报


class RecordFault(Command):
    """A person finds a fault of a unit, with the grounds."""

    kind: FaultKind
    unit: str
    incident: str | None = None
    happened_at: int
    grounds: str


class AppealFault(Command):
    """The unit objects, in its words."""

    text: str


class DecideAppeal(Command):
    """Uphold the fault, or withdraw it, with the reason."""

    upheld: bool
    reason: str


class FaultRecorded(Event):
    private: ClassVar[frozenset[str]] = frozenset({"grounds"})
    kind: FaultKind
    unit: str
    unit_name: str = ""
    division: str = ""
    incident: str | None = None
    happened_at: int
    grounds: str
    by: str


class FaultAppealed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    text: str
    by: str
    at: int


class AppealDecided(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    upheld: bool
    reason: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Fault:
    recorded: FaultRecorded | None = None
    appeals: tuple[FaultAppealed, ...] = ()
    decisions: tuple[AppealDecided, ...] = ()

    @property
    def status(self) -> str:
        if self.decisions and not self.decisions[-1].upheld:
            return "withdrawn"
        return "appealed" if len(self.appeals) > len(self.decisions) else "stands"


def facts(look: Look, _state: Fault, command: Command) -> bool:
    """Whether the incident it names is there."""
    if not isinstance(command, RecordFault) or command.incident is None:
        return True
    return look.row("incident", command.incident) is not None


def decide(state: Fault, command: Command, context: Context[bool]) -> list[Event]:
    if isinstance(command, RecordFault):
        return [_recorded(state, command, context)]
    if state.recorded is None:
        raise Refused("没有这条过错记录")
    match command:
        case AppealFault():
            if state.status != "stands":
                raise Refused("已经申诉或已经撤销")
            return [FaultAppealed(text=_said(command.text, "申诉理由"), by=context.by, at=context.at)]
        case DecideAppeal():
            if state.status != "appealed":
                raise Refused("没有待定的申诉")
            reason = _said(command.reason, "复核理由")
            return [AppealDecided(upheld=command.upheld, reason=reason, by=context.by, at=context.at)]
    return []


def _recorded(state: Fault, command: RecordFault, context: Context[bool]) -> FaultRecorded:
    unit = context.directory.unit_by_code.get(command.unit)
    if state.recorded:
        raise Refused("这条过错已经登记")
    if unit is None:
        raise Refused("通讯录里没有这个单位")
    if not context.facts:
        raise Refused("没有这个事件")
    if command.happened_at > context.at:
        raise Refused("过错不能发生在将来")
    _said(command.grounds, "依据")
    said = command.model_dump()
    return FaultRecorded(**said, unit_name=unit.name, division=unit.division, by=context.by)


def _said(text: str, what: str) -> str:
    if not text.strip():
        raise Refused(f"{what}不能为空")
    return text


def evolve(state: Fault, event: Event) -> Fault:
    match event:
        case FaultRecorded():
            return replace(state, recorded=event)
        case FaultAppealed():
            return replace(state, appeals=(*state.appeals, event))
        case AppealDecided():
            return replace(state, decisions=(*state.decisions, event))
    return state


def project(_id: str, state: Fault) -> Row | None:
    recorded = state.recorded
    if recorded is None:
        return None
    body: dict[str, Any] = recorded.model_dump(mode="json") | {
        "status": state.status,
        "appeals": [appeal.model_dump(mode="json") for appeal in state.appeals],
        "decisions": [decision.model_dump(mode="json") for decision in state.decisions],
    }
    about = (("about", f"incident/{recorded.incident}"),) if recorded.incident else ()
    return Row(body, open=state.status == "appealed", division=recorded.division, refs=about)


book = Book(
    kind="fault",
    blank=Fault(),
    events=(FaultRecorded, FaultAppealed, AppealDecided),
    decide=decide,
    evolve=evolve,
    project=project,
    facts=facts,
)
