"""Faults of reporting: 漏报, 瞒报 and 谎报 are found by a person with grounds, and may be appealed; 迟报 is computed and stands here only
once its unit objects to it.

突发事件应对法 (2024) art. 61 names the four; regulations 8, rule 22.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from pydantic import Field

from dutydesk.domain.verbs import Act, Book, Command, Context, Event, Look, Row
from dutydesk.domain.verdicts import MOST_FILES, Evidence, Verdict, tell, told
from dutydesk.errors import Refused

FoundKind = Literal["missed", "concealed", "false"]
FaultKind = Literal[FoundKind, "late"]
KINDS: dict[FaultKind, str] = {"missed": "漏报", "concealed": "瞒报", "false": "谎报", "late": "迟报"}


class RecordFault(Command):
    """A person finds a fault of a unit, with the grounds."""

    kind: FoundKind
    unit: str
    incident: str | None = None
    happened_at: int
    grounds: str


class ObjectToLateness(Command):
    """A unit objects, on its own page, to what a circular on one event says of its lateness; `grounds` is what that says."""

    unit: str
    incident: str
    grounds: str = Field(max_length=5_000)
    text: str = Field(max_length=5_000)
    files: tuple[Evidence, ...] = Field(default=(), max_length=MOST_FILES)


class AppealFault(Command):
    """The unit objects, in its words and with pictures: on its own page, or by an officer who writes down what it says."""

    text: str = Field(max_length=5_000)
    files: tuple[Evidence, ...] = Field(default=(), max_length=MOST_FILES)


class DecideAppeal(Command):
    """Uphold the fault, or withdraw it, with the reason."""

    upheld: bool
    reason: str


class FaultRecorded(Verdict):
    private: ClassVar[frozenset[str]] = Verdict.private | {"grounds"}
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
    files: tuple[Evidence, ...] = ()
    by: str
    at: int


class AppealDecided(Verdict):
    private: ClassVar[frozenset[str]] = Verdict.private | {"reason"}
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
    if not isinstance(command, (RecordFault, ObjectToLateness)) or command.incident is None:
        return True
    return look.row("incident", command.incident) is not None


def decide(state: Fault, command: Command, context: Context[bool]) -> list[Event]:
    if isinstance(command, RecordFault):
        return [_recorded(state, command, context)]
    if isinstance(command, ObjectToLateness):
        return [*_computed(state, command, context), _appealed(state, command, context)]
    if state.recorded is None:
        raise Refused("没有这条过错记录")
    match command:
        case AppealFault():
            return [_appealed(state, command, context)]
        case DecideAppeal():
            if state.status != "appealed":
                raise Refused("没有待定的申诉")
            return [_decided(state.recorded, command, context)]
    return []


def _computed(state: Fault, command: ObjectToLateness, context: Context[bool]) -> list[Event]:
    """The lateness as it was computed, when the first objection to it comes."""
    unit = context.directory.unit_by_code.get(command.unit)
    if state.recorded:
        return []
    if unit is None or not context.facts:
        raise Refused("没有这个事件,或通讯录里没有这个单位")
    return [
        FaultRecorded(
            kind="late",
            unit=unit.code,
            unit_name=unit.name,
            division=unit.division,
            incident=command.incident,
            happened_at=context.at,
            grounds=command.grounds,
            by="desk",
        )
    ]


def _appealed(state: Fault, command: AppealFault | ObjectToLateness, context: Context[bool]) -> FaultAppealed:
    if state.status != "stands":
        raise Refused("已经申诉或已经撤销")
    text = _said(command.text, "申诉理由")
    return FaultAppealed(text=text, files=command.files, by=context.by, at=context.at)


def _decided(recorded: FaultRecorded, command: DecideAppeal, context: Context[bool]) -> AppealDecided:
    reason, result = _said(command.reason, "复核理由"), "不成立" if command.upheld else "成立,认定已撤销"
    what = f"{KINDS[recorded.kind]}认定"
    words = context.rules.phrase("appeal_decided", what=what, result=result, reason=reason, link="{link}")
    heard = told(recorded.unit, words, context.directory)
    return AppealDecided(upheld=command.upheld, reason=reason, by=context.by, at=context.at, **heard)


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
    words = context.rules.phrase("fault_found", name=unit.name, kind=KINDS[command.kind], link="{link}")
    heard = told(unit.code, words, context.directory)
    return FaultRecorded(**said, **heard, unit_name=unit.name, division=unit.division, by=context.by)


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


def follow_up(id: str, event: Event) -> list[Act]:
    """The unit is told of the fault with the page for its appeal, and of each decision once: the instant names it."""
    match event:
        case FaultRecorded():
            return tell("fault", id, "found", event)
        case AppealDecided():
            return tell("fault", id, str(event.at), event)
    return []


def project(_id: str, state: Fault) -> Row | None:
    recorded = state.recorded
    if recorded is None:
        return None
    hidden = set(Verdict.model_fields)
    body: dict[str, Any] = recorded.model_dump(mode="json", exclude=hidden) | {
        "status": state.status,
        "appeals": [
            appeal.model_dump(mode="json", exclude={"files"}) | {"files": [one.shown for one in appeal.files]}
            for appeal in state.appeals
        ],
        "decisions": [decision.model_dump(mode="json", exclude=hidden) for decision in state.decisions],
    }
    about = (("about", f"incident/{recorded.incident}"),) if recorded.incident else ()
    refs = (*about, ("verdict.unit", recorded.unit))
    return Row(body, open=state.status == "appealed", division=recorded.division, refs=refs)


book = Book(
    kind="fault",
    blank=Fault(),
    events=(FaultRecorded, FaultAppealed, AppealDecided),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
