"""What came in by a link, one stream for each numbered frame: taken, kept because we do not know its kind, or refused and shown.

Frames of one peer are taken in the order of their numbers, without a gap. The same number with another content is no matter of this book:
the door refuses a key that is used for another body, and the peer is stopped.
"""

from typing import Any, ClassVar, Literal, NamedTuple

from dutydesk.domain import holiday_papers, papers
from dutydesk.domain.asking_policy import InwardKind
from dutydesk.domain.exchanges import FROM_ABOVE, Exchange
from dutydesk.domain.holiday_rosters import GiveRoster
from dutydesk.domain.holiday_rosters import Line as RosterLine
from dutydesk.domain.inwards import LogInward, SettleInward
from dutydesk.domain.messages import Media, RecordMessage
from dutydesk.domain.papers import sent_to
from dutydesk.domain.rules import Peer
from dutydesk.domain.verbs import ERASED, Act, Ask, Book, Command, Context, Event, Found, Look, Row, split
from dutydesk.errors import Invalid, Refused

Verdict = Literal["taken", "kept", "refused", "repeated"]
PAPERS = frozenset({"submission", "question", "instruction", "document", "reply", "settled", "alert", "roster"})
FROM_BELOW = frozenset({"submission", "roster"})
NEVER_UP: frozenset[str] = FROM_ABOVE - {"question"}  # a question may be put either way (请示)
WHY = {
    "unknown_kind": "不认识的种类,已留存",
    "unreadable": "内容读不懂,已留存",
    "void": "对方撤回的一条",
    "not_asked_for": "没有向对方要过这些日子的值班表,已留存",
    "unasked": "办结的那一件没有到过这里",
    "not_theirs": "不是对方自己的报告,不予接收",
    "wrong_way": "方向不对:这一类不能从这一方来",
    "kind_differs": "种类与内容不符",
}


class Gap(Refused):
    """前面还有没收到的。"""


class PeerIsStopped(Refused):
    """这条直连已停,等人处理。"""


class ReceiveFrame(Command):
    """A frame whose signature held. `n` counts from 1 in this direction; `key` is the sender's own name for what it carries."""

    peer: str
    n: int
    key: str
    kind: str
    body: str
    sent_at: int

    def begins(self) -> bool:
        return True


class FrameReceived(Event):
    private: ClassVar[frozenset[str]] = frozenset({"body", "days"})
    peer: str
    unit: str
    n: int
    key: str
    kind: str
    body: str
    sent_at: int
    received_at: int
    verdict: Verdict
    why: str = ""
    message: str = ""
    inward: InwardKind | None = None  # what came from above gets a clock of its own
    answers: str = ""  # a reply: the page or the paper sent down that asked for it
    settles: str = ""  # what of theirs stands here and is over
    gives: str = ""  # for which holiday their roster was asked for, and its days
    days: tuple[RosterLine, ...] = ()
    incident: str | None = None  # ours, which it is about
    division: str = ""
    unit_name: str = ""

    def series(self) -> str:
        return received_series(self.peer)


class FrameSettled(Event):
    """A person looked at a frame that was kept or refused."""

    by: str
    note: str = ""


class NoteFile(Command):
    """A file that the paper names is here; or it is not to be had, and `why`."""

    digest: str
    why: Literal["", "gone", "too_big", "differs"] = ""


class FrameFileNoted(Event):
    digest: str
    why: str = ""
    at: int


class SettleFrame(Command):
    """Seen and dealt with; it stays in the journal."""

    note: str = ""


class FrameState(NamedTuple):
    received: FrameReceived | None = None
    settled_by: str = ""
    files: tuple[tuple[str, str], ...] = ()  # those that were fetched or given up, and why


class FrameFacts(NamedTuple):
    expected: int = 0
    stopped: bool = False
    known_as: str = ""  # the stream that took the same key under an earlier number
    asked: Found | None = None  # a reply: what we asked that desk under the number it refers to
    settles: str = ""  # by what it was logged here that they say is settled
    gives: str = ""  # a roster: the holiday it was asked for, and its days
    days: tuple[RosterLine, ...] = ()
    incident: str | None = None


def received_series(peer: str) -> str:
    """The series in which the frames of a peer are counted."""
    return f"link-in:{peer}"


def facts(look: Look, _state: FrameState, command: Command) -> FrameFacts:
    if not isinstance(command, ReceiveFrame):
        return FrameFacts()
    row = look.row("peer", command.peer)
    same = [f for f in look.by_ref("frame.key", f"{command.peer}|{command.key}", 5) if f.body["verdict"] == "taken"]
    stopped = bool(row and row.body["stopped"])
    known = FrameFacts(look.count(received_series(command.peer)), stopped, same[0].id if same else "")
    peer = next((p for p in look.rules.peers if p.enabled and p.name == command.peer), None)
    return known if peer is None or known.known_as else _about(look, peer, command, known)


def _about(look: Look, peer: Peer, command: ReceiveFrame, known: FrameFacts) -> FrameFacts:
    """What a reply answers, or the incident of ours that something from above is about."""
    try:
        paper = Exchange.from_text(command.body)
    except Invalid:
        return known
    if paper.kind in FROM_ABOVE and paper.event:
        mine = papers.incidents(look, paper)
        return known._replace(incident=mine[0].id if mine else None)
    if paper.kind == "settled":
        return known._replace(settles=_theirs(look, peer, paper))
    if paper.kind == "roster":
        gives, days = holiday_papers.asked_for(look, peer.unit, paper)
        return known._replace(gives=gives, days=days)
    if paper.kind != "reply":
        return known
    asked = [found for number in paper.references[:5] for found in look.by_ref(*sent_to(peer.unit, number), 1)]
    incident = str(asked[0].body.get("incident") or "") if asked else ""
    return known._replace(asked=asked[0] if asked else None, incident=incident or None)


def _theirs(look: Look, peer: Peer, paper: Exchange) -> str:
    """Under which name something of that desk was logged here; a paper and what it was logged as bear one name."""
    came = [
        found for number in paper.references[:5] for found in look.by_ref("paper", papers.name(peer.unit, number), 3)
    ]
    return next((found.id for found in came if look.row("inward", found.id)), "")


def decide(state: FrameState, command: Command, context: Context[FrameFacts]) -> list[Event]:
    match command:
        case ReceiveFrame():
            return [_receive(command, context)]
        case NoteFile() if state.received and command.digest not in dict(state.files):
            return [FrameFileNoted(digest=command.digest, why=command.why, at=context.at)]
        case SettleFrame() if state.received and not state.settled_by:
            return [FrameSettled(by=context.by, note=command.note)]
    return []


def _receive(command: ReceiveFrame, context: Context[FrameFacts]) -> FrameReceived:
    peer = next((p for p in context.rules.peers if p.enabled and p.name == command.peer), None)
    if peer is None:
        raise Refused("没有这条直连")
    if context.facts.stopped:
        raise PeerIsStopped()
    if command.n != context.facts.expected:
        raise Gap()
    verdict, why = _judge(command, peer, context.facts)
    paper = verdict == "taken" and command.kind not in ("settled", "roster")
    home = context.directory.unit_by_code.get(peer.unit)
    return FrameReceived(
        **command.model_dump(),
        unit=peer.unit,
        received_at=context.at,
        verdict=verdict,
        why=why,
        message=f"l-{command.peer}-{command.n}" if paper else "",
        inward=_inward(command, peer, context) if paper else None,
        answers=_answers(context.facts.asked, context) if paper else "",
        settles=context.facts.settles if verdict == "taken" else "",
        gives=context.facts.gives if verdict == "taken" else "",
        days=context.facts.days if verdict == "taken" else (),
        incident=context.facts.incident if verdict == "taken" else None,
        division=home.division if home else context.rules.desk.division,
        unit_name=home.name if home else "",
    )


def _inward(command: ReceiveFrame, peer: Peer, context: Context[FrameFacts]) -> InwardKind | None:
    asks: InwardKind = "request" if peer.side == "below" else "question"
    kinds: dict[str, InwardKind] = {"question": asks, "instruction": "instruction", "document": "document"}
    kind = kinds.get(command.kind)
    return kind if kind and context.rules.asking.clock_of(kind) else None


def _answers(asked: Found | None, context: Context[FrameFacts]) -> str:
    """The stream that asked; an exercise answers nothing real, nor the reverse: a person looks at it."""
    return f"{asked.kind}/{asked.id}" if asked and asked.drill == context.drill else ""


def _judge(command: ReceiveFrame, peer: Peer, known: FrameFacts) -> tuple[Verdict, str]:
    if known.known_as or command.kind == "void":
        return "repeated", "" if known.known_as else "void"
    if command.kind not in PAPERS:
        return "kept", "unknown_kind"
    try:
        paper = Exchange.from_text(command.body)
    except Invalid:
        return "kept", "unreadable"
    if paper.kind != command.kind:
        return "refused", "kind_differs"
    if paper.desk != peer.unit:
        return "refused", "not_theirs"
    if paper.kind == "settled" and not known.settles:
        return "repeated", "unasked"  # it was called off before it came
    wrong = FROM_BELOW if peer.side == "above" else NEVER_UP
    if paper.kind in wrong:
        return "refused", "wrong_way"
    return ("kept", "not_asked_for") if paper.kind == "roster" and not known.gives else ("taken", "")


def evolve(state: FrameState, event: Event) -> FrameState:
    match event:
        case FrameReceived():
            return state._replace(received=event)
        case FrameFileNoted():
            return state._replace(files=(*state.files, (event.digest, event.why)))
        case FrameSettled():
            return state._replace(settled_by=event.by)
    return state


def follow_up(_id: str, event: Event) -> list[Act]:
    if not (isinstance(event, FrameReceived) and event.verdict == "taken" and event.body != ERASED):
        return []
    paper = Exchange.from_text(event.body)
    if event.gives:
        return [Ask(f"unitroster/{event.gives}", GiveRoster(lines=event.days))]
    if event.settles:
        return [Ask(f"inward/{event.settles}", SettleInward(text=paper.text))]
    kind, asked = split(event.answers)
    wish = RecordMessage(
        channel="link",
        via=event.peer,
        unit=event.unit,
        text=paper.text or paper.title,
        sent_at=paper.issued_at,
        provider_id=event.key,
        exchange=paper,
        media=tuple(
            Media(url=f"blob:{file.digest}", media_type=file.media_type, digest=file.digest, size=file.size)
            for file in paper.files
        ),
        page=asked if kind == "page" else None,
        asker=event.answers if kind in ("downward", "instruction") else "",
        incident=event.incident if event.answers else None,
    )
    acts: list[Act] = [Ask(f"message/{event.message}", wish)]
    if event.inward:
        acts.append(Ask(f"inward/{event.message}", _logging(event, event.inward, paper)))
    return acts


def _logging(event: FrameReceived, kind: InwardKind, paper: Exchange) -> LogInward:
    return LogInward(
        answer_by=paper.answer_by,
        kind=kind,
        sender=paper.desk_name or paper.desk,
        title=paper.title.strip() or paper.number,
        text=paper.text,
        reference=paper.number,
        incident=event.incident,
        message=event.message,
        reply_to=event.unit,
        original=paper.files[0].digest if paper.files else "",
        files=paper.files,
    )


def project(id: str, state: FrameState) -> Row | None:
    received = state.received
    if received is None:
        return None
    body = received.model_dump(exclude={"body", "days"}) | {"settled_by": state.settled_by}
    shown = received.verdict in ("kept", "refused")
    body["text"] = received.body[:2_000] if shown else ""
    files = _files(state, received)
    body["files"] = files
    refs = [("frame.key", f"{received.peer}|{received.key}")]
    refs += [("frame.wants", received.peer)] if any(one["status"] == "wanted" for one in files) else []
    return Row(body, open=shown and not state.settled_by, division=received.division, refs=tuple(refs))


def _files(state: FrameState, received: FrameReceived) -> list[dict[str, Any]]:
    """What the paper names: with size and digest, and whether it is here, still wanted, or not to be had."""
    if received.verdict != "taken" or '"files":' not in received.body:
        return []
    known = dict(state.files)
    named = Exchange.from_text(received.body).files
    return [
        file.model_dump() | {"status": "wanted" if file.digest not in known else known[file.digest] or "here"}
        for file in named
    ]


book = Book(
    kind="frame",
    blank=FrameState(),
    events=(FrameReceived, FrameFileNoted, FrameSettled),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
    facts=facts,
)
