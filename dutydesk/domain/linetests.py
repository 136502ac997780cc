"""A line test (线路测试): before a handover every line out carries a message to a number of the desk's own (regulations 4, rule 18).

A line is good when the message arrived there; where a provider gives no word of arrival, that it took the message is shown as just that.
"""

from typing import Any, Literal, NamedTuple

from dutydesk.clock import MINUTE
from dutydesk.domain.deliveries import (
    BAD_ENDS,
    DeliveryAccepted,
    DeliveryConfirmed,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryStatusChanged,
    DeliveryUncertain,
    How,
    QueueDelivery,
)
from dutydesk.domain.readings import Value
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Event,
    Fire,
    Look,
    Priority,
    Promise,
    Row,
    SetTimer,
)
from dutydesk.errors import Refused

Verdict = Literal["testing", "taken", "passed", "failed", "silent", "no_loop"]
WAYS: tuple[How, ...] = ("sms", "voice", "mail")
_GOOD = frozenset({"delivered", "read", "completed"})
_TAKEN = frozenset({"accepted", "sent", "sending", "scheduled", "queued"})


class Line(Value):
    """One way of one sender, and the number of ours it is tried with ("" where it serves none)."""

    sender: str
    how: How
    to: str = ""
    n: int = 0


class TestLines(Command):
    """Test them all now. Before a handover nothing happens where no number is configured."""

    __test__ = False
    why: Literal["handover", "ordered"]

    def begins(self) -> bool:
        return self.why == "ordered"


class NoteTurn(Command):
    """How the message of a line is doing."""

    n: int
    status: str
    code: str = ""


class Supersede(Command):
    """Another test has begun."""


class LinesTested(Event):
    why: Literal["handover", "ordered"]
    lines: tuple[Line, ...]
    words: tuple[str, ...]
    former: tuple[str, ...] = ()
    ends_at: int
    at: int
    by: str


class LineAnswered(Event):
    sender: str
    how: How
    n: int
    verdict: Verdict
    code: str = ""
    at: int


class LinesJudged(Event):
    """The time is over (or all have answered). `silent`: lines that gave no sign."""

    silent: tuple[int, ...] = ()
    at: int


class TestSuperseded(Event):
    __test__ = False


class LineTest(NamedTuple):
    tested: LinesTested | None = None
    verdicts: tuple[tuple[int, LineAnswered], ...] = ()
    judged: LinesJudged | None = None
    superseded: bool = False

    def verdict(self, line: Line) -> Verdict:
        if not line.to:
            return "no_loop"
        found = dict(self.verdicts).get(line.n)
        if self.judged and line.n in self.judged.silent:
            return "silent"
        return found.verdict if found else "testing"


def lines_of(rules: Rules) -> tuple[Line, ...]:
    """Every way of every sender, with the number it is tried with."""
    found: list[Line] = []
    for sender in rules.senders:
        for how in WAYS:
            if sender.does(how):
                to = rules.checks.line_tests.loop(how)
                served = to and any(to.startswith(prefix) for prefix in sender.serves)
                found.append(Line(sender=sender.name, how=how, to=to if served else "", n=len(found)))
    return tuple(found)


class Facts(NamedTuple):
    """The lines, and earlier tests that are still open."""

    lines: tuple[Line, ...] = ()
    former: tuple[str, ...] = ()


def facts(look: Look, state: LineTest, command: Command) -> Facts:
    if not isinstance(command, TestLines) or state.tested:
        return Facts()
    former = tuple(row.id for row in look.open_rows("linetest", 50))
    return Facts(lines_of(look.rules), former)


def decide(state: LineTest, command: Command, context: Context[Facts]) -> list[Event]:
    if isinstance(command, TestLines):
        return _test(state, command, context)
    if state.tested is None or state.superseded:
        return []
    match command:
        case NoteTurn():
            return _noted(state, state.tested, command, context.at)
        case Fire(name="over") if state.judged is None:
            waiting = [line.n for line in state.tested.lines if state.verdict(line) == "testing"]
            return [LinesJudged(silent=tuple(waiting), at=context.at)]
        case Supersede():
            return [TestSuperseded()]
    return []


def _test(state: LineTest, command: TestLines, context: Context[Facts]) -> list[Event]:
    lines = context.facts.lines
    if command.why == "handover" and (state.tested or not any(line.to for line in lines)):
        return []
    if state.tested:
        raise Refused("这次线路测试已经开始")
    if not any(line.to for line in lines):
        raise Refused("没有配置线路测试用的本室号码(checks.toml)")
    says = [context.rules.phrase("line_test", line=f"{line.sender} {line.how}") for line in lines]
    wait = context.rules.checks.line_tests.wait_minutes * MINUTE
    return [
        LinesTested(
            why=command.why,
            lines=lines,
            words=tuple(says),
            former=context.facts.former,
            ends_at=context.at + wait,
            at=context.at,
            by=context.by,
        )
    ]


def _noted(state: LineTest, tested: LinesTested, command: NoteTurn, at: int) -> list[Event]:
    line = next((one for one in tested.lines if one.to and one.n == command.n), None)
    verdict = _verdict(command.status)
    if line is None or verdict is None or state.verdict(line) in ("passed", verdict):
        return []
    said = LineAnswered(sender=line.sender, how=line.how, n=line.n, verdict=verdict, code=command.code, at=at)
    after = evolve(state, said)
    over = state.judged is None and all(after.verdict(one) in ("passed", "failed", "no_loop") for one in tested.lines)
    return [said, *([LinesJudged(at=at)] if over else [])]


def _verdict(status: str) -> Verdict | None:
    if status in BAD_ENDS:
        return "failed"
    return "passed" if status in _GOOD else "taken" if status in _TAKEN else None


def evolve(state: LineTest, event: Event) -> LineTest:
    match event:
        case LinesTested():
            return state._replace(tested=event)
        case LineAnswered():
            return state._replace(verdicts=tuple((dict(state.verdicts) | {event.n: event}).items()))
        case LinesJudged():
            return state._replace(judged=event)
        case TestSuperseded():
            return state._replace(superseded=True)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    match event:
        case LinesTested():
            older: list[Act] = [Ask(f"linetest/{former}", Supersede()) for former in event.former]
            sends = [_send(id, line, says) for line, says in zip(event.lines, event.words, strict=True) if line.to]
            return [*older, SetTimer("over", event.ends_at, Priority.WORK), *sends]
        case LinesJudged() | TestSuperseded():
            return [CancelTimer("over")]
    return []


def _send(id: str, line: Line, says: str) -> Ask:
    wish = QueueDelivery(
        how=line.how,
        to=line.to,
        text=says,
        purpose="linetest",
        about=f"linetest/{id}",
        promise=Promise.REPEATABLE,
        subject=says,
        via=line.sender,
    )
    return Ask(f"delivery/t{id}.{line.n}", wish)


def turned(id: str, event: Event) -> list[Act]:
    """What a line test is told of its deliveries."""
    match event:
        case DeliveryAccepted() | DeliveryStatusChanged():
            status, code = event.status or "accepted", getattr(event, "code", "")
        case DeliveryRejected(retry_at=None):
            status, code = "failed", event.code
        case DeliveryRefused():
            status, code = "failed", event.reason
        case DeliveryUncertain(retry_at=None):
            status, code = "failed", "uncertain"
        case DeliveryConfirmed():
            status, code = "delivered" if event.arrived else "failed", ""
        case _:
            return []
    return [Ask(event.about, NoteTurn(n=int(id.rpartition(".")[2]), status=status, code=code))]


def project(_id: str, state: LineTest) -> Row | None:
    tested = state.tested
    if tested is None:
        return None
    said = dict(state.verdicts)
    lines = [_line(line, state.verdict(line), said.get(line.n)) for line in tested.lines]
    bad = [f"{line['sender']} {line['how']}" for line in lines if line["verdict"] in ("failed", "silent")]
    status = "failed" if bad else "passed" if state.judged else "testing"
    body: dict[str, Any] = {
        "title": "、".join(bad),
        "why": tested.why,
        "status": status,
        "lines": lines,
        "at": tested.at,
        "ends_at": tested.ends_at,
        "by": tested.by,
        "superseded": state.superseded,
    }
    return Row(body, open=status != "passed" and not state.superseded)


def _line(line: Line, verdict: Verdict, said: LineAnswered | None) -> dict[str, Any]:
    return {
        "sender": line.sender,
        "how": line.how,
        "verdict": verdict,
        "code": said.code if said else "",
        "at": said.at if said else None,
    }


book = Book(
    kind="linetest",
    blank=LineTest(),
    events=(LinesTested, LineAnswered, LinesJudged, TestSuperseded),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
