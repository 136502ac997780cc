"""The desk's policy as one frozen value: what differs from city to city is data here, never an `if` with a number.

The files under config/ are how an office writes it; `config.py` loads them; at run time it comes from the journal.
"""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dutydesk.domain import crons
from dutydesk.domain.asking_policy import Asking
from dutydesk.domain.check_policy import Checks
from dutydesk.domain.circular_policy import Circulars
from dutydesk.domain.clocks import ClockRule, Flag
from dutydesk.domain.levels import LevelTable
from dutydesk.domain.plan_policy import Plan
from dutydesk.domain.roster_policy import RosterRules
from dutydesk.domain.scoring import Scheme
from dutydesk.domain.submission_policy import FixedReports, Submissions, Supplement, ZeroReport

Tier = Literal["town", "district", "city", "province", "state"]
Who = Literal[
    "watch",  # officers on watch
    "watch_leader",  # leader of the watch
    "contact",  # A contact of the unit concerned
    "deputy",  # B contact of the unit concerned
    "unit",  # its duty telephone
    "town",  # duty telephone of the town it lies in
    "district",  # district duty room
    "department",  # duty telephone of the responsible department
    "city_leader",  # leaders whose `levels` name the incident's level, or all marked 全部
    "province",  # provincial duty room
    "state",  # State Council duty room
]
How = Literal["console", "sms", "voice", "mail"]
UserRole = Literal["officer", "shift_leader", "administrator", "reader", "leader", "unit", "auditor"]


class Part(BaseModel):
    """A section of configuration: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Desk(Part):
    """This installation."""

    name: str = "总值班室"
    short_name: str = "值班室"
    tier: Tier = "city"
    division: str = ""
    unit: str = ""
    phone: str | None = None
    clocks: str = ""  # which profile of legal clocks: a file of config/clocks/
    # unit code in event numbers; empty: division and eight zeros
    event_unit: str = Field(default="", pattern=r"^(\d{14})?$")


class Step(Part):
    """Whom to call, by which ways, and how many minutes they have; `repeat` asks the same again before going on."""

    who: tuple[Who, ...] = Field(min_length=1)
    how: tuple[How, ...] = Field(min_length=1)
    answer_within: float = Field(gt=0, le=1440)
    repeat: int = Field(default=0, ge=0, le=20)


class Policy(Part):
    """An escalation policy, frozen into a page when it starts. `at_top`: keep calling the last step, or stop and alarm."""

    name: str
    steps: tuple[Step, ...] = Field(min_length=1)
    at_top: Literal["repeat", "stop"] = "repeat"
    signs: bool = False  # whether answering it signs for the incident (签收)
    top_rounds: int = Field(default=10, ge=1, le=100)


class Shift(Part):
    """A shift begins by a cron rule (minute hour day month weekday, Asia/Shanghai) and lasts until the next one begins."""

    name: str
    starts: str
    leader: str = ""
    officers: tuple[str, ...] = ()

    @field_validator("starts")
    @classmethod
    def _cron(cls, text: str) -> str:
        return crons.checked(text)


class Recipient(Part):
    """Who gets the shift's circular: a unit, contact, leader or user, and how."""

    who: str
    how: How


class Elements(Part):
    """What a report of some kind must say: GB/T 35561 prefixes and the wanted elements."""

    codes: tuple[str, ...] = Field(min_length=1)
    wanted: tuple[str, ...]


class Intake(Part):
    """Bounds on what we answer and how messages are joined; nothing here ever refuses a message."""

    receipts_per_hour: int = Field(default=6, ge=0)
    unknown_receipts_per_hour: int = Field(default=1, ge=0)
    repeat_window_s: int = Field(default=600, ge=0)
    join_window_s: int = Field(default=120, ge=0)
    choice_window_s: int = Field(default=1800, ge=60)
    same_incident_minutes: int = Field(default=40, ge=1)
    wanted: tuple[str, ...] = ()
    elements: tuple[Elements, ...] = ()
    labels: dict[str, str] = {}


class Sender(Part):
    """A way to send SMS or to call: which recipients it serves, whether they can answer, and its speed in segments a second."""

    name: str
    kind: Literal["twilio", "gateway", "mail", "link"]
    sms: bool = False
    voice: bool = False
    numbers: tuple[str, ...] = ()
    serves: tuple[str, ...] = ("",)  # E.164 prefixes; the longest match of all senders wins
    two_way: tuple[str, ...] = ()  # prefixes whose owners can answer by SMS
    links: bool = True  # whether a link may stand in a text
    segments_per_second: float = Field(default=1.0, gt=0)
    per_recipient_per_minute: int = Field(default=6, ge=1)
    validity_s: int = Field(default=3600, ge=60, le=36_000)

    def does(self, how: str) -> bool:
        """Whether it sends this way."""
        return {"sms": self.sms, "voice": self.voice, "mail": self.kind == "mail", "link": self.kind == "link"}.get(
            how, False
        )


class Peer(Part):
    """Another duty room that a link joins us to. Whoever has a `url` dials; the secret stands in the environment under `secret_env`."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    # its unit code in units.csv: the address of a delivery by link, and its name in frames
    unit: str = Field(min_length=1)
    side: Literal["above", "below"]
    kind: Literal["link", "http"] = "link"  # a websocket between two desks, or signed posts to an address of any system
    enabled: bool = True
    url: str = ""
    secret_env: str = Field(min_length=1)
    format: Literal["json", "cap"] = "json"  # of http: what is posted
    # of http: it takes one Idempotency-Key once, so that a lost answer may be asked for again
    refuses_repeats: bool = True
    silent_after_s: int = Field(default=90, ge=5, le=86_400)

    @property
    def sender(self) -> Sender:
        """The link as a way to send."""
        return Sender(
            name=self.name, kind="link", serves=(self.unit,), segments_per_second=100, per_recipient_per_minute=6000
        )

    @property
    def safe_twice(self) -> bool:
        """Whether sending the same again can do no harm there: the far side knows our key and answers as the first time."""
        return self.kind == "link" or self.refuses_repeats


class Security(Part):
    """Who must prove themselves by a second factor, and how long a proof covers a signature (GB/T 22239-2019 8.1.4.1 d)."""

    second_factor: tuple[UserRole, ...] = ()
    signature_minutes: float = Field(default=10, gt=0, le=720)
    idle_minutes: float = Field(default=0, ge=0, le=720)  # until a console asks for the password again; 0: never
    # marks of classified text: refused where a person types, flagged where a phone sent it
    classified: tuple[str, ...] = ()
    log_months: int = Field(default=12, ge=6)  # how long reads are kept (网络安全法 art. 21(3): six months at least)


class Tile(Part):
    """Where a district stands on the schematic map, in cells from the upper left. No boundary and no area is meant by it."""

    division: str = Field(pattern=r"^\d{2,9}$")
    x: int = Field(ge=0, le=99)
    y: int = Field(ge=0, le=99)
    w: int = Field(ge=1, le=99)
    h: int = Field(ge=1, le=99)

    def covers(self, other: "Tile") -> bool:
        """Whether two tiles lie on one another."""
        return (
            self.x < other.x + other.w
            and other.x < self.x + self.w
            and self.y < other.y + other.h
            and other.y < self.y + self.h
        )


class Rules(Part):
    """All of it."""

    desk: Desk = Desk()
    policies: dict[str, Policy] = {}
    page_on_incident: str = ""
    page_on_held: str = ""
    page_on_clock: str = ""
    page_on_link: str = ""
    page_on_handover: str = ""
    flags: tuple[Flag, ...] = ()
    levels: LevelTable = LevelTable()
    clocks: tuple[ClockRule, ...] = ()
    submissions: Submissions = Submissions()
    supplement: Supplement = Supplement()
    fixed_reports: FixedReports = FixedReports()
    zero_report: ZeroReport = ZeroReport()
    shifts: tuple[Shift, ...] = ()
    circular_to: tuple[Recipient, ...] = ()
    roster: RosterRules = RosterRules()
    circulars: Circulars = Circulars()
    schemes: tuple[Scheme, ...] = ()
    plans: tuple[Plan, ...] = ()
    intake: Intake = Intake()
    security: Security = Security()
    asking: Asking = Asking()
    checks: Checks = Checks()
    tiles: tuple[Tile, ...] = ()
    senders: tuple[Sender, ...] = ()
    peers: tuple[Peer, ...] = ()
    phrases: dict[str, str] = {}

    @model_validator(mode="after")
    def _peers_differ(self) -> Self:
        names = [sender.name for sender in self.senders] + [peer.name for peer in self.peers]
        units = [peer.unit for peer in self.peers if peer.enabled]
        for name in {n for n in names if names.count(n) > 1} | {u for u in units if units.count(u) > 1}:
            raise ValueError(f"channels.toml、peers.toml: 有两个都叫 {name}")
        return self

    @model_validator(mode="after")
    def _policies_exist(self) -> Self:
        pages = (self.page_on_incident, self.page_on_held, self.page_on_clock, self.page_on_link, self.page_on_handover)
        for name in filter(None, (*pages, *self.asking.policies(), *self.checks.policies())):
            if name not in self.policies:
                raise ValueError(f"escalation.toml: 没有名为 {name} 的呼叫办法")
        return self

    @model_validator(mode="after")
    def _schemes_exist(self) -> Self:
        known = {scheme.id for scheme in self.schemes}
        for plan in self.plans:
            if wrong := {step.call for step in plan.steps if step.call} - set(self.policies):
                raise ValueError(f"plans.toml: 预案 {plan.id} 里没有这个呼叫办法:{'、'.join(sorted(wrong))}")
        for period in self.circulars.periods:
            if period.scheme and period.scheme not in known:
                raise ValueError(f"circulars.toml: 没有名为 {period.scheme} 的计分办法(config/scoring/)")
        return self

    def sender_for(self, number: str, how: str, tried: tuple[str, ...] = ()) -> Sender | None:
        """The sender that serves an address best by sms, voice or mail, leaving out those already tried; None when nobody does.

        The address of a link is the peer's unit code.
        """
        if how == "link":
            peer = self.peer(number)
            return peer.sender if peer and peer.name not in tried else None
        able = [s for s in self.senders if s.name not in tried and s.does(how)]
        ranked = [(len(p), s) for s in able for p in s.serves if number.startswith(p)]
        return max(ranked, key=lambda pair: pair[0])[1] if ranked else None

    def peer(self, unit: str) -> Peer | None:
        """The enabled peer of a unit code."""
        return next((peer for peer in self.peers if peer.enabled and peer.unit == unit), None)

    def sender(self, name: str) -> Sender | None:
        """A sender by its name, links included."""
        known = (*self.senders, *(peer.sender for peer in self.peers if peer.enabled))
        return next((sender for sender in known if sender.name == name), None)

    def unconfirmed_duties(self) -> list[tuple[str, str]]:
        """Routes and duties whose article nobody has read, by name, with what they rest on."""
        policy = self.submissions
        named = [(f"上报 {'、'.join(filter(None, r.levels)) or '级别不明'}", r) for r in policy.routes]
        duties = (("越级补报", policy.backfill), ("回执", policy.receipt), ("移交签收", policy.transfer))
        watches = (("伤亡变化补报", self.supplement), ("定时续报", self.fixed_reports), ("零报告", self.zero_report))
        return [(name, rule.law) for name, rule in (*named, *duties, *watches) if rule.law and not rule.confirmed]

    def can_answer_sms(self, number: str) -> bool:
        """Whether an SMS to this number can be answered by SMS (a +86 phone cannot answer a Twilio number)."""
        sender = self.sender_for(number, "sms")
        return bool(sender and any(number.startswith(p) for p in sender.two_way))

    def phrase(self, key: str, /, **values: object) -> str:
        """A text to a person, from config/phrases.toml."""
        return self.phrases[key].format(**values)
