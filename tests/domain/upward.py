"""A small city that reports upward: its addressees, routes and clocks, and a report taken through its steps in a desk in memory."""

from typing import Any

from dutydesk.clock import MINUTE
from dutydesk.domain.clocks import ClockRule, Flag
from dutydesk.domain.directory import Directory, Leader, Unit
from dutydesk.domain.incidents import FixFigure
from dutydesk.domain.reporting import DraftSubmission
from dutydesk.domain.rules import Sender
from dutydesk.domain.submission_policy import (
    Addressee,
    CodeDays,
    Duty,
    FixedReports,
    Route,
    Submissions,
    Supplement,
)
from dutydesk.domain.submissions import CheckSubmission, SendSubmission, SignSubmission
from tests.kit import OWN, PHRASES, World, directory, phone, report, rules, setup

INCIDENT = "20261123-001"
WORDS = PHRASES | {
    "clock_near": "{title}{left}",
    "clock_late": "{title}{due}",
    "submission_mail": "{text}\n{link}",
    "submission_sms": "{text}{link}",
    "submission_voice": "{text}",
    "sign_sms": "{title}{text}{link}",
    "receipt_missing": "{title}{names}",
    "transfer": "{number}{title}{text}{link}",
    "transfer_silent": "{number}{title}{name}",
}
ADDRESSEES = (
    Addressee(id="mayor", label="市长", leaders=("L1",), how=("sms",), receiver="市领导"),
    Addressee(id="deputy", label="分管副市长", leaders=("L2", "L3"), by_duty=True, how=("sms",), receiver="市领导"),
    Addressee(id="emergency", label="市应急局", unit="YJ", how=("mail", "paper")),
    Addressee(id="province", label="省总值班室", unit="PROV", tier="province", how=("mail",), receiver="province"),
    Addressee(id="province-emergency", label="省应急厅", unit="SYJ", how=("mail", "paper")),
    Addressee(id="state", label="国务院总值班室", unit="STATE", tier="state", how=("voice",), receiver="state"),
)
ROUTES = (
    Route(
        levels=("", "一般"), reach="city", to=("deputy",), copies=("emergency",), signers=("watch_leader",), law="33"
    ),
    Route(
        levels=("较大",),
        reach="province",
        to=("deputy", "province"),
        copies=("emergency", "province-emergency"),
        signers=("deputy",),
    ),
    Route(
        levels=("重大",),
        reach="province",
        to=("mayor", "deputy", "province"),
        copies=("emergency", "province-emergency"),
        signers=("deputy", "mayor"),
    ),
    Route(levels=("特别重大",), reach="state", to=("mayor", "deputy", "province", "state"), signers=("mayor",)),
)
POLICY = Submissions(
    addressees=ADDRESSEES,
    routes=ROUTES,
    final_levels=("一般", "较大", "重大", "特别重大"),
    backfill=Duty(minutes=30, law="鲁政办字〔2019〕50号"),
    receipt=Duty(minutes=20),
    transfer=Duty(minutes=10),
)
_ABOVE: dict[str, Any] = {"sender": "city", "law": "33", "levels": ("较大", "重大", "特别重大"), "flags": True}
CLOCKS = (
    ClockRule(
        id="leaders-phone",
        title="电话市领导",
        receiver="市领导",
        channel="phone",
        start="received",
        minutes=15,
        **_ABOVE,
    ),
    ClockRule(
        id="up-phone",
        title="电话报省",
        receiver="province",
        channel="phone",
        start="became_reportable",
        minutes=30,
        **_ABOVE,
    ),
    ClockRule(
        id="up-written",
        title="书面报省",
        receiver="province",
        channel="written",
        start="became_reportable",
        minutes=60,
        **_ABOVE,
    ),
)
SUPPLEMENT = Supplement(
    days=30, kinds=(CodeDays(codes=("12G", "12H"), days=7),), minutes=60, law="493号第13条", confirmed=True
)
FIXED = FixedReports(levels=("较大", "重大", "特别重大"), hours=("08:00", "17:00"), least_lead=60)


def listed() -> Directory:
    """The kit's directory with addresses above, and leaders with duties."""
    known = directory()
    units = [u.model_copy(update={"email": "zhiban@sd.example"}) if u.code == "PROV" else u for u in known.units]
    units += [
        Unit(code="STATE", name="国务院总值班室", kind="desk", division="100000", phone="+861200009401", tier="state"),
        Unit(
            code="YJ",
            name="市应急局",
            kind="department",
            division="370200",
            email="yj@qd.example",
            phone="+861200009501",
        ),
        Unit(code="SYJ", name="省应急厅", kind="department", division="370000"),
    ]
    leaders = [
        Leader(id="L1", name="市长甲", post="市长", phones=("+861200009201",), levels=("重大",)),
        Leader(id="L2", name="常务副市长乙", post="常务副市长", phones=("+861200009202",), levels=("较大",)),
        Leader(id="L3", name="副市长丙", post="副市长", phones=("+861200009203",), levels=("较大",), duties=("12D",)),
    ]
    return Directory(units=tuple(units), contacts=known.contacts, leaders=tuple(leaders))


def city(**changed: Any) -> World:
    """The small city with everything that concerns the way upward; `changed` replaces parts of its rules."""
    senders = (
        Sender(name="main", kind="gateway", sms=True, voice=True, numbers=(OWN,), two_way=("",)),
        Sender(name="mail", kind="mail"),
    )
    parts: dict[str, Any] = {
        "submissions": POLICY,
        "clocks": CLOCKS,
        "supplement": SUPPLEMENT,
        "fixed_reports": FIXED,
        "flags": (Flag(id="school", label="学校、幼儿园"),),
        "phrases": WORDS,
        "senders": senders,
        "page_on_clock": "held",
    }
    made = World(policy=rules(**(parts | changed)), listed=listed())
    for stream, command in setup(made.policy, made.listed):
        made.handle(stream, command, by="test")
    return made


def blast(deaths: int | None = 1, level: str | None = "一般", **said: Any) -> World:
    """A chemical explosion, reported at noon."""
    w = city()
    reading = report(
        code="12D01",
        level=level,
        deaths=deaths,
        place_text="泊里镇港前大道88号",
        occurred_at="2026-11-23T11:50:00+08:00",
        **said,
    )
    w.say("m1", "某化工厂爆炸", phone(1), reading)
    return w


def grow(w: World, deaths: int, level: str, minutes: int = 60) -> list[Any]:
    """Another report an hour later: so many dead."""
    w.at += minutes * MINUTE
    id = f"g{w.at}"
    return w.say(
        id, f"死亡升至{deaths}人", phone(1), report(code="12D01", level=level, deaths=deaths), incident=INCIDENT
    )


def draft(w: World, kind: str = "首报") -> str:
    """Begin the next report; returns its stream."""
    w.handle(f"incident/{INCIDENT}", DraftSubmission.model_validate({"kind": kind}))
    return f"submission/{INCIDENT}-{w.row(f'incident/{INCIDENT}')['drafting']}"


def version(w: World, stream: str) -> str:
    return str(w.row(stream)["draft"]["version"])


def check(w: World, stream: str) -> None:
    w.handle(stream, CheckSubmission(version=version(w, stream)))


def sign(w: World, stream: str) -> None:
    """By whoever may: the leader of the watch, or the first leader on the list."""
    key = w.row(stream)["plan"]["signers"][0]["key"]
    who, how = ("user:chief", "console") if key == "watch_leader" else (key, "link")
    w.handle(stream, SignSubmission.model_validate({"version": version(w, stream), "who": who, "how": how}), by=who)


def send(w: World, stream: str, *to: str) -> list[Any]:
    return w.handle(stream, SendSubmission(version=version(w, stream), to=to))


def report_up(w: World, kind: str = "首报") -> str:
    """A report from the draft to the sending."""
    stream = draft(w, kind)
    finish(w, stream)
    return stream


def finish(w: World, stream: str) -> None:
    check(w, stream)
    sign(w, stream)
    send(w, stream)


def delivery(stream: str, addressee: str) -> str:
    return f"delivery/s{stream.removeprefix('submission/')}.{addressee}"


def set_deaths(w: World, deaths: int) -> list[Any]:
    return w.handle(f"incident/{INCIDENT}", FixFigure(name="deaths", value=deaths, reason="医院核实"))


def clock(w: World, rule: str) -> dict[str, Any]:
    return w.row(f"obligation/{INCIDENT}-{rule}")
