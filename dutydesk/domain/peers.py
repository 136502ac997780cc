"""How the link to another duty room stands: connected, lost, silent for too long, or stopped until a person looks.

One stream for each peer; only changes are entries. What is heard every few seconds stands beside the journal.
"""

from typing import ClassVar, NamedTuple

from dutydesk.clock import MINUTE, time_of_day
from dutydesk.domain.pages import CancelPage, StartPage
from dutydesk.domain.verbs import Act, Ask, Book, CancelTimer, Command, Context, Event, Fire, Priority, Row, SetTimer
from dutydesk.errors import Refused

REASONS = {
    "fork": "同一编号收到两份不同的内容",
    "ahead": "对方收到的比我们发出的还多",
    "lost": "对方缺少的内容我们已经找不到",
}


class NoteLine(Command):
    """The line to it came up, or went down; nothing happens when that is known. `silent_at`: when its silence is to page a person."""

    name: str
    unit: str
    side: str
    up: bool
    silent_at: int = 0


class StopPeer(Command):
    """Nothing is taken from it nor sent to it until a person says so."""

    name: str
    reason: str
    n: int = 0


class ResumePeer(Command):
    """A person looked into it: go on."""

    reason: str


class PeerConnected(Event):
    name: str
    unit: str
    side: str
    at: int
    stops: str = ""  # the page that its silence began
    unit_name: str = ""


class PeerLost(Event):
    name: str
    unit: str
    side: str
    at: int
    silent_at: int
    unit_name: str = ""


class PeerSilent(Event):
    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    since: int
    page: str
    policy: str
    subject: str
    division: str = ""


class PeerStopped(Event):
    private: ClassVar[frozenset[str]] = frozenset({"subject"})
    reason: str
    n: int
    at: int
    page: str
    policy: str
    subject: str
    division: str = ""


class PeerResumed(Event):
    reason: str
    by: str
    at: int
    stops: str = ""


class PeerState(NamedTuple):
    name: str = ""
    unit: str = ""
    unit_name: str = ""
    side: str = ""
    up: bool | None = None
    since: int = 0
    silent: bool = False
    stopped: str = ""
    stopped_n: int = 0
    stopped_at: int = 0
    silent_page: str = ""
    stopped_page: str = ""
    pages: int = 0


def decide(state: PeerState, command: Command, context: Context[None]) -> list[Event]:
    match command:
        case NoteLine(up=True) if state.up is not True:
            said = _who(command, context)
            return [PeerConnected(**said, at=context.at, stops=state.silent_page)]
        case NoteLine(up=False) if state.up is not False:
            said = _who(command, context)
            return [PeerLost(**said, at=context.at, silent_at=max(command.silent_at, context.at))]
        case Fire(name="silent") if state.up is False:
            return [_silent(state, context)]
        case StopPeer() if not state.stopped:
            return [_stopped(state, command, context)]
        case ResumePeer():
            if not state.stopped:
                raise Refused("这条直连没有停")
            return [PeerResumed(reason=command.reason, by=context.by, at=context.at, stops=state.stopped_page)]
    return []


def _who(command: NoteLine, context: Context[None]) -> dict[str, str]:
    named = _named(command.name, command.unit, context)
    return {"name": command.name, "unit": command.unit, "side": command.side, "unit_name": named}


def _silent(state: PeerState, context: Context[None]) -> PeerSilent:
    minutes = max(1, (context.at - state.since) // MINUTE)
    time = time_of_day(state.since)
    named = _named(state.name, state.unit, context)
    subject = context.rules.phrase("link_silent", name=named, time=time, minutes=minutes)
    page = f"link-{state.name}-{state.pages + 1}"
    division = context.rules.desk.division
    return PeerSilent(
        since=state.since, page=page, policy=context.rules.page_on_link, subject=subject, division=division
    )


def _stopped(state: PeerState, command: StopPeer, context: Context[None]) -> PeerStopped:
    peer = next((p for p in context.rules.peers if p.name == command.name), None)
    named = _named(command.name, state.unit or (peer.unit if peer else ""), context)
    why = REASONS.get(command.reason, command.reason)
    return PeerStopped(
        reason=command.reason,
        n=command.n,
        at=context.at,
        page=f"link-{command.name}-{state.pages + 1}",
        policy=context.rules.page_on_link,
        subject=context.rules.phrase("link_stopped", name=named, reason=why, n=command.n),
        division=context.rules.desk.division,
    )


def _named(name: str, unit: str, context: Context[None]) -> str:
    known = context.directory.unit_by_code.get(unit)
    return known.name if known else name


def evolve(state: PeerState, event: Event) -> PeerState:
    match event:
        case PeerConnected():
            state = _known(state, event)._replace(silent=False, silent_page="")
            return state._replace(up=True, since=event.at)
        case PeerLost():
            return _known(state, event)._replace(up=False, since=event.at)
        case PeerSilent():
            page = event.page if event.policy else ""
            return state._replace(silent=True, silent_page=page, pages=state.pages + 1)
        case PeerStopped():
            state = state._replace(stopped=event.reason, stopped_n=event.n, stopped_at=event.at)
            return state._replace(stopped_page=event.page if event.policy else "", pages=state.pages + 1)
        case PeerResumed():
            return state._replace(stopped="", stopped_n=0, stopped_at=0, stopped_page="")
    return state


def _known(state: PeerState, event: PeerConnected | PeerLost) -> PeerState:
    return state._replace(name=event.name, unit=event.unit, side=event.side, unit_name=event.unit_name)


def follow_up(_id: str, event: Event) -> list[Act]:
    match event:
        case PeerConnected():
            return [CancelTimer("silent"), *_over(event.stops, "restored")]
        case PeerLost():
            return [SetTimer("silent", event.silent_at, Priority.PAGE)]
        case PeerSilent(policy=policy) | PeerStopped(policy=policy) if policy:
            page = StartPage(policy=policy, subject=event.subject, division=event.division)
            return [Ask(f"page/{event.page}", page)]
        case PeerResumed():
            return _over(event.stops, "settled")
    return []


def _over(page: str, reason: str) -> list[Act]:
    return [Ask(f"page/{page}", CancelPage(reason=reason))] if page else []


def project(id: str, state: PeerState) -> Row | None:
    status = "stopped" if state.stopped else "up" if state.up else "silent" if state.silent else "down"
    body = {
        "unit": state.unit,
        "unit_name": state.unit_name,
        "side": state.side,
        "status": status,
        "up": bool(state.up),
        "since": state.since,
        "stopped": state.stopped,
        "stopped_n": state.stopped_n,
        "stopped_at": state.stopped_at,
    }
    return Row(body)


book = Book(
    kind="peer",
    blank=PeerState(),
    events=(PeerConnected, PeerLost, PeerSilent, PeerStopped, PeerResumed),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
)
