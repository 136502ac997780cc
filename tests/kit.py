"""What tests of the core share: a small desk's rules and directory, a desk in memory that runs the four verbs, a hub on a fresh store.

The desk in memory is a second, plain telling of `transact`: lists and dictionaries, no SQL, no buffers. Tests of rules use it because it
is fast, tests of the store because two tellings must agree.
"""

import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dutydesk.clock import BEIJING, ManualClock, from_datetime
from dutydesk.domain import tallying
from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.counted import Counted
from dutydesk.domain.directory import Contact, Directory, Leader, Unit
from dutydesk.domain.messages import InterpretMessage, RecordMessage
from dutydesk.domain.policies import AdoptRules, ListContact, ListLeader, ListUnit
from dutydesk.domain.readings import Reading
from dutydesk.domain.rules import Desk, Policy, Recipient, Rules, Sender, Shift, Step
from dutydesk.domain.users import AddUser
from dutydesk.domain.verbs import (
    Ask,
    CancelTimer,
    Command,
    Context,
    Event,
    Fire,
    Found,
    Row,
    Send,
    SetTimer,
    Withdraw,
    split,
)
from dutydesk.errors import Refused
from dutydesk.hub import Hub
from dutydesk.store.buffers import shown_row
from dutydesk.store.connection import Connection
from dutydesk.store.entries import decode
from dutydesk.store.remaking import rebuilt_rows
from dutydesk.store.store import Store, entries, head
from dutydesk.store.verify import verify

NOON = from_datetime(datetime(2026, 11, 23, 12, 0, tzinfo=BEIJING))
OWN = "+8612000009000"
DESK_PHONE, OFFICER, CHIEF, LEADER = "+861200009999", "+8612000009101", "+8612000009102", "+861200009201"
PROVINCE = "+861200009301"
ASKED = ("truth", "report", "presence", "check", "guidance", "pair")
PHRASES = {
    "check_failed": "抽查{number}({name})未通过{link}",
    "fault_found": "{name}{kind}{link}",
    "appeal_decided": "{what}申诉{result}。{reason}{link}",
    "leave_approved": "您的{what}({period})已批准:{duties}",
    "leave_refused": "您的{what}({period})未批准,理由:{reason}",
    "leave_stand_in": "{name}的{what}已批准:{duties}",
    "check_question": "{number}{name}",
    "proof_question": "{name}{unit}",
    "pair_question": "{name}:{lines}",
    "pair_line": "{unit}{name}{number}",
    "line_test": "{line}",
    "receipt_ask": "{number}缺{missing}",
    "receipt": "已收到{number} {time}",
    "receipt_more": "续报已收到{number} {time}",
    "choice": "{number}是哪一件:\n{options}",
    "incident_subject": "{time}{title}({number})",
    "held_subject": "来报{number}无人处理",
    "page_sms": "{subject}回1{link}",
    "page_sms_one_way": "{subject}{link}",
    "page_voice": "{subject}按1",
    "page_mail": "{subject}{link}",
    "circular": "{name}{summary}{link}",
    "drill_prefix": "【演练】",
    "report_link": "{link}",
    "instruction": "{number}{text}{due}{link}",
    "instruction_reminder": "{number}{percent}{link}",
    "instruction_overdue": "{number}{name}",
    "plan_overdue": "{plan}{number}{what}",
    **{f"{asks}_{way}": "{subject}{link}" for asks in ASKED for way in ("sms", "mail")},
    **{f"{asks}_sms_one_way": "{subject}{link}" for asks in ASKED},
    **{f"{asks}_voice": "{subject}" for asks in ASKED},
    "silence": "{number}{title}{minutes}",
    "quiet_unit": "{name}{minutes}",
    "quiet_district": "{name}{minutes}",
    "zero_report": "{name}每日报告{hour}",
    "inward_due": "{number}{title}{due}",
    "request_due": "request{number}{title}{due}",
    "guidance_overdue": "{number}{names}",
    **{f"downward_{what}": what + "{number}{name}{title}{due}" for what in ("chase", "overdue", "failed")},
    "dispatch_round": "{text}{round}",
    "verification_text": "{time}{said}",
    "verification_overdue": "{number}{names}",
    "handover_unconfirmed": "{name}{side}",
    "roster_sent": "{name}{days}{link}",
    "roster_ask": "请报{name}{days}{due}{link}",
    "roster_chase": "催{name}{due}{link}",
    "roster_overdue": "逾期{name}{due}{link}",
    "handover_refused": "{name}{side}{reason}",
    "link_silent": "{name}{time}断{minutes}",
    "link_stopped": "{name}停{reason}{n}",
}
LADDER = Policy(
    signs=True,
    name="ladder",
    steps=(
        Step(who=("watch",), how=("console",), answer_within=2),
        Step(who=("watch",), how=("sms",), answer_within=3, repeat=1),
        Step(who=("watch_leader",), how=("voice", "sms"), answer_within=5),
        Step(who=("city_leader",), how=("sms",), answer_within=10),
    ),
    at_top="repeat",
    top_rounds=3,
)
HELD = Policy(name="held", steps=(Step(who=("watch",), how=("sms",), answer_within=5),), at_top="stop")
ASK = Policy(
    name="ask",
    steps=(
        Step(who=("contact",), how=("sms",), answer_within=5),
        Step(who=("deputy",), how=("sms",), answer_within=5),
        Step(who=("town", "province"), how=("voice",), answer_within=5),
    ),
    at_top="stop",
)


def rules(**changed: Any) -> Rules:
    """A small city's policy; `changed` replaces parts of it."""
    parts: dict[str, Any] = {
        "desk": Desk(division="370200", unit="DESK", phone=DESK_PHONE),
        "policies": {p.name: p for p in (LADDER, HELD, ASK)},
        "page_on_incident": "ladder",
        "page_on_held": "held",
        "shifts": (
            Shift(name="白班", starts="30 8 * * *", leader="chief", officers=("officer",)),
            Shift(name="夜班", starts="0 17 * * *", leader="chief", officers=("officer",)),
        ),
        "circular_to": (Recipient(who="leader:L1", how="sms"), Recipient(who="unit:T1", how="sms")),
        "senders": (
            Sender(name="main", kind="gateway", sms=True, voice=True, numbers=(OWN,), two_way=("",)),
            Sender(name="spare", kind="gateway", sms=True, two_way=("",)),
        ),
        "phrases": PHRASES,
    }
    return Rules(**(parts | changed))


def directory(towns: int = 3) -> Directory:
    """Some towns with an A and a B contact each, the desk itself, a leader, the desk of the province."""
    desk = Unit(code="DESK", name="总值班室", kind="desk", division="370200", phone=DESK_PHONE, tier="city")
    above = Unit(code="PROV", name="省总值班室", kind="desk", division="370000", phone=PROVINCE, tier="province")
    units = [
        Unit(code=f"T{n}", name=f"第{n}镇", kind="town", division=f"370281{n:03d}", phone=town_phone(n))
        for n in range(1, towns + 1)
    ]
    people = [
        Contact(id=f"{role}{n}", unit=f"T{n}", name=f"联络员{role}{n}", role=role, phones=(phone(n, role),))
        for n in range(1, towns + 1)
        for role in ("A", "B")
    ]
    leader = Leader(id="L1", name="市领导", post="副市长", phones=(LEADER,), levels=("全部",))
    return Directory(units=(desk, above, *units), contacts=tuple(people), leaders=(leader,))


def phone(town: int, role: str = "A") -> str:
    return f"+86120000{1 if role == 'A' else 2}{town:04d}"


def town_phone(town: int) -> str:
    return f"+861200003{town:03d}"


def setup(policy: Rules | None = None, listed: Directory | None = None) -> list[tuple[str, Command]]:
    """The commands that make a desk of an empty store."""
    listed = listed or directory()
    people = (("officer", "officer", OFFICER), ("chief", "shift_leader", CHIEF))
    return [
        ("rules/main", AdoptRules(rules=policy or rules(), digest="0")),
        *((f"unit/{u.code}", ListUnit(unit=u)) for u in listed.units),
        *((f"contact/{c.id}", ListContact(contact=c)) for c in listed.contacts),
        *((f"leader/{x.id}", ListLeader(leader=x)) for x in listed.leaders),
        *((f"user/{n}", AddUser.model_validate({"name": n, "role": r, "phone": p})) for n, r, p in people),
    ]


def sms(text: str, sender: str, **more: Any) -> RecordMessage:
    return RecordMessage(channel="sms", via="main", sender=sender, text=text, **more)


def report(**said: Any) -> Reading:
    """A reading of an emergency."""
    return Reading.model_validate(
        {"nature": "report", "is_emergency": True, "category": "accident", "subtype": "火灾"} | said
    )


@dataclass
class World:
    """A desk in memory. `handle` returns the (stream, event) pairs of one input; a refusal leaves nothing behind."""

    policy: Rules = field(default_factory=rules)
    listed: Directory = field(default_factory=directory)
    at: int = NOON
    journal: list[tuple[str, Event, bool]] = field(default_factory=list)
    states: dict[str, Any] = field(default_factory=dict)
    rows: dict[tuple[str, str], tuple[int, bool, Row]] = field(default_factory=dict)
    drills: dict[str, bool] = field(default_factory=dict)
    timers: dict[tuple[str, str], SetTimer] = field(default_factory=dict)
    outbox: dict[str, Send] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def handle(self, stream: str, command: Command, by: str = "user:officer", drill: bool = False) -> list[Any]:
        kept = self.parts()
        try:
            return self._handle(stream, command, by, drill)
        except Exception:
            for name, value in kept.items():
                setattr(self, name, value)
            raise

    def parts(self) -> dict[str, Any]:
        """A copy of all that inputs change."""
        changing = ("journal", "states", "rows", "drills", "timers", "outbox", "counters")
        return {name: getattr(self, name).copy() for name in changing}

    def _handle(self, stream: str, command: Command, by: str, drill: bool) -> list[Any]:
        if isinstance(command, Fire):
            timer = self.timers.get((stream, command.name))
            if timer is None or timer.due_at != command.due_at:
                return []
            del self.timers[stream, command.name]
        made: list[tuple[str, Event]] = []
        queue = deque([(stream, command, drill)])
        while queue:
            stream, command, drill = queue.popleft()
            book, state = catalogue[split(stream)[0]], self.state(stream)
            drill = self.drills.get(stream, drill)
            facts = book.facts(Eyes(self), state, command)
            for event in book.decide(state, command, Context(self.at, by, drill, facts, self.policy, self.listed)):
                self.append(stream, event, drill)
                made.append((stream, event))
                for act in book.follow_up(split(stream)[1], event):
                    match act:
                        case Ask():
                            queue.append((act.stream, act.command, drill))
                        case SetTimer():
                            self.timers[stream, act.name] = act
                        case CancelTimer():
                            self.timers.pop((stream, act.name), None)
                        case Send():
                            self.outbox[stream] = act
                        case Withdraw():
                            self.outbox.pop(stream, None)
        return made

    def append(self, stream: str, event: Event, drill: bool = False) -> None:
        kind, id = split(stream)
        book = catalogue[kind]
        self.journal.append((stream, event, drill))
        self.drills[stream] = drill
        state = self.states[stream] = book.evolve(self.state(stream), event)
        if series := event.series():
            self.counters[series] += 1
        row = book.project(id, state)
        if row is not None:
            self.rows[kind, id] = (len(self.journal), drill, row)

    def state(self, stream: str) -> Any:
        return self.states.get(stream, catalogue[split(stream)[0]].blank)

    def row(self, stream: str) -> dict[str, Any]:
        return self.rows[split(stream)][2].body

    def is_open(self, stream: str) -> bool:
        return self.rows[split(stream)][2].open

    def fire(self) -> list[Any]:
        """Go to the next due timer of the FIRE lane and fire it."""
        (stream, name), timer = min(
            ((k, t) for k, t in self.timers.items() if t.lane.value == "fire"), key=lambda i: (i[1].due_at, i[0])
        )
        self.at = max(self.at, timer.due_at)
        return self.handle(stream, Fire(name=name, due_at=timer.due_at), by="timer")

    def say(self, id: str, text: str, sender: str, reading: Reading | None = None, **more: Any) -> list[Any]:
        """A text arrives and is read."""
        drill = more.pop("drill", False)
        proposals = more.pop("proposals", ())
        self.handle(f"message/{id}", sms(text, sender, **more), by="main", drill=drill)
        read = InterpretMessage(reading=reading or Reading(), proposals=proposals)
        return self.handle(f"message/{id}", read, by="reader")

    def incident(self, number: int = 1) -> str:
        return f"20261123-{number:03d}"


class Eyes:
    """What facts may see of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.at, self.rules, self.directory = world.at, world.policy, world.listed

    def row(self, kind: str, id: str) -> Found | None:
        shown = self._world.rows.get((kind, id))
        return Found(kind, id, shown[2].open, shown[1], shown[2].body) if shown else None

    def by_ref(self, name: str, value: str, limit: int = 50) -> list[Found]:
        found = [(s, k) for k, s in self._world.rows.items() if (name, value) in s[2].refs]
        found.sort(key=lambda f: -f[0][0])
        return [Found(*k, s[2].open, s[1], s[2].body) for s, k in found[:limit]]

    def open_rows(self, kind: str, limit: int) -> list[Found]:
        found = sorted(
            ((s, k) for k, s in self._world.rows.items() if k[0] == kind and s[2].open), key=lambda f: f[0][0]
        )
        return [Found(*k, True, s[1], s[2].body) for s, k in found[:limit]]

    def count(self, series: str) -> int:
        return self._world.counters[series] + 1

    def latest(self, first: str, last: str) -> str:
        return max((name for name in self._world.counters if first <= name <= last), default="")


def world(**changed: Any) -> World:
    """A world with users and a watch; `changed` replaces parts of the rules."""
    if changed:
        return _settled(rules(**changed))
    plain = _plain()
    return World(policy=plain.policy, listed=plain.listed, **plain.parts())


@cache
def _plain() -> World:
    """The world nearly every test begins with, made once and copied: what it holds never changes."""
    return _settled(rules())


def _settled(policy: Rules) -> World:
    made = World(policy=policy)
    for stream, command in setup(made.policy, made.listed):
        made.handle(stream, command, by="test")
    return made


def names(made: list[Any], kind: str = "") -> list[str]:
    """The event types of (stream, event) pairs, of one kind of stream when named."""
    return [type(event).__name__ for stream, event in made if stream.startswith(kind)]


def only(made: list[Any], event_type: type[Any]) -> Any:
    """The one event of a type."""
    (found,) = [event for _, event in made if isinstance(event, event_type)]
    return found


def written(world: World) -> list[Counted]:
    """The journal as counting gets it: without what is private where that does not count."""
    return [
        Counted(n, world.at, type(event).__name__, stream, _body(event), drill)
        for n, (stream, event, drill) in enumerate(world.journal, 1)
    ]


def _body(event: Event) -> dict[str, Any]:
    hidden = set() if type(event).__name__ in tallying.HIDDEN else event.private
    return event.model_dump(mode="json", exclude=set(hidden))


@contextmanager
def refused(words: str = "") -> Iterator[None]:
    """The desk must say no."""
    with pytest.raises(Refused, match=re.escape(words) or None):
        yield


@asynccontextmanager
async def hub_on(url: str, clock: ManualClock | None = None, *, furnished: bool = False) -> AsyncIterator[Hub]:
    """A hub on a store; `furnished`: with the small city's rules and directory."""
    hub = Hub(Store(url), clock or ManualClock(NOON))
    hub.start()
    try:
        if furnished:
            for stream, command in setup():
                await hub.handle(stream, command, key="", by="test")
        yield hub
    finally:
        await hub.stop()


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder}/desk.db"


def check_whole(connection: Connection) -> int:
    """What must hold after every story: chain, rows, timers, outbox. Returns the head's seq."""
    now = verify(connection)
    stored = {(r[0], r[1]): r for r in connection.all("rows_all")}
    rebuilt = list(rebuilt_rows(connection, now.seq))
    assert stored == {(k, i): shown_row(k, i, s, d, r) for k, i, s, d, r in rebuilt}
    refs = {tuple(r) for r in connection.all("refs_all")}
    assert refs == {(n, v, k, i) for k, i, _s, _d, row in rebuilt for n, v in row.refs}
    timers, outbox = promised(connection)
    standing = {(s, n): due for s, n, due, _lane in connection.all("timers_all")}
    fired = {key: due for key, due in timers.items() if key not in standing}
    assert all(due <= now.at for due in fired.values()), f"lost before they were due: {fired}"
    assert standing == {key: timers.get(key) for key in standing}
    assert dict(r[:2] for r in connection.all("outbox_all")) == outbox
    return now.seq


def promised(connection: Connection) -> tuple[dict[tuple[str, str], int], dict[str, str]]:
    """Truth 6: what the journal, replayed, has promised: timers (those that fired without an entry included) and outbox."""
    timers: dict[tuple[str, str], int] = {}
    outbox: dict[str, str] = {}
    for record in entries(connection, 1, head(connection).seq):
        entry = decode(record)
        kind, id = split(entry.stream)
        for act in catalogue[kind].follow_up(id, entry.event):
            match act:
                case SetTimer():
                    timers[entry.stream, act.name] = act.due_at
                case CancelTimer():
                    timers.pop((entry.stream, act.name), None)
                case Send():
                    outbox[entry.stream] = act.promise.value
                case Withdraw():
                    outbox.pop(entry.stream, None)
    return timers, outbox
