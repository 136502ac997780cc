"""A second count of a circular, from the entries' JSON alone. It imports nothing of the desk: what it gets must be what the desk got.

An entry is its number, instant, stream, type and words. Whatever began before the period (a message, an incident, a page) says whose it
is and is not counted.
"""

import json
import sqlite3
from collections import defaultdict
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple

HOUR = 3_600_000_000
DIRECT = {  # figure of the whole desk → the one type it counts
    "received": "MessageRecorded", "opened": "IncidentOpened", "closed": "IncidentClosed", "merged": "IncidentMerged",
    "pages": "PageStarted", "pages_answered": "PageAcknowledged", "pages_exhausted": "PageExhausted",
    "late_answers": "PageAnsweredLate", "clocks_started": "ObligationOpened", "clocks_met": "ObligationMet",
    "clocks_late": "ObligationMissed", "instructions": "InstructionLogged", "instructions_done": "InstructionStruckOff",
    "handled_by_person": "MessageHeld", "clock_steps": "ClockStepped", "sent_up": "SubmissionSent",
}  # fmt: skip


class Entry(NamedTuple):
    seq: int
    at: int
    stream: str
    type: str
    said: dict[str, Any]

    @property
    def id(self) -> str:
        return self.stream.partition("/")[2]


def journal(path: str) -> list[Entry]:
    """Every entry that is no drill's."""
    with sqlite3.connect(path) as db:
        found = db.execute("SELECT seq, at, stream, type, public, private FROM entries WHERE drill = 0 ORDER BY seq")
        return [Entry(r[0], r[1], r[2], r[3], json.loads(r[4]) | json.loads(r[5] or "{}")) for r in found]


def whole(entries: list[Entry], starts_at: int, ends_at: int) -> dict[str, int | None]:
    """The figures of the whole desk in a period."""
    span = [e for e in entries if starts_at <= e.at < ends_at]
    types = [(e.type, e.said) for e in span]
    found: dict[str, int | None] = {name: sum(t == type_ for t, _ in types) for name, type_ in DIRECT.items()}
    found["corrections"] = sum(t in ("FactFixed", "CircularCorrected") for t, _ in types)
    found["repeated"] = sum(t == "MessageRecorded" and s["repeat_of"] is not None for t, s in types)
    found["from_unknown"] = sum(t == "MessageRecorded" and not s["contact"] and not s["unit"] for t, s in types)
    found["false_reports"] = sum(t == "IncidentClosed" and s["outcome"] == "false" for t, s in types)
    found["pages_late"] = sum(t == "PageStepStarted" and s["why"] == "no_answer" for t, s in types)
    found["undelivered"] = sum(map(_undelivered, span))
    found["uncertain"] = sum(t == "DeliveryUncertain" and s["retry_at"] is None for t, s in types)
    after = [s["after"] / 1e6 for t, s in types if t == "PageAcknowledged"]
    found["answer_median"] = round(median(after)) if after else None
    found["answer_slowest"] = round(max(after)) if after else None
    return found | _left([e for e in entries if e.at < ends_at])


def _undelivered(e: Entry) -> bool:
    if e.type == "DeliveryRejected":
        return e.said["retry_at"] is None
    bad = e.type == "DeliveryStatusChanged" and e.said["status"] in ("undelivered", "failed")
    return e.type == "DeliveryRefused" or bad


def _left(entries: list[Entry]) -> dict[str, int]:
    standing, signed = set[str](), set[str]()
    for e in entries:
        if e.type in ("IncidentOpened", "IncidentReopened", "IncidentSplit"):
            standing.add(e.id)
        elif e.type in ("IncidentClosed", "IncidentMerged"):
            standing.discard(e.id)
        elif e.type == "IncidentSigned":
            signed.add(e.id)
    return {"open_at_end": len(standing), "unsigned_at_end": len(standing - signed)}


Units = dict[str, dict[str, int]]


def by_unit(entries: list[Entry], starts_at: int, ends_at: int) -> Units:
    """Every figure of every unit that is not none."""
    known = [e for e in entries if e.at < ends_at]
    span = [e for e in known if e.at >= starts_at]
    found: Units = defaultdict(lambda: defaultdict(int))
    first = {e.stream: e for e in reversed(known)}
    for e in span:
        if one := _owed(e, first):
            found[one[0]][one[1]] += 1
    _taken_back(span, found)
    _lateness(span, first, found)
    answers = defaultdict(list)
    for e in span:
        if e.type == "PageAcknowledged" and (unit := _called(first[e.stream])):
            answers[unit].append(e.said["after"] / 1e6)
    for unit, after in answers.items():
        found[unit]["answer_median"] = round(median(after))
    return {
        unit: {name: n for name, n in counts.items() if n or name == "answer_median"} for unit, counts in found.items()
    }


def _owed(e: Entry, first: dict[str, Entry]) -> tuple[str, str] | None:
    """Whose an entry is, and what it counts as."""
    unit, name = e.said.get("unit"), ""
    match e.type:
        case "MessageRecorded" if not e.said["repeat_of"]:
            name = "received"
        case "IncidentOpened":
            name = "opened"
        case "PageStarted":
            unit, name = _called(e), "pages"
        case "PageExhausted":
            unit, name = _called(first[e.stream]), "pages_unanswered"
        case "SubmissionSent":
            unit, name = first[f"incident/{e.said['incident']}"].said["unit"], "sent_up"
        case "ReportAdded":
            message = first[f"message/{e.said['message']}"].said
            unit, name = (None if message["repeat_of"] else message["unit"]), "follow_ups"
    return (unit, name) if unit and name else None


def _called(page: Entry) -> str:
    """The unit that a page calls; nobody's where it is a spot check or a number that proves itself: those are counted as checks."""
    return "" if page.said["asker"].startswith(("check/", "proof/")) else page.said["unit"] or ""


def _taken_back(span: list[Entry], found: Units) -> None:
    """Faults that were not withdrawn; of each use the last mark."""
    faults = {e.stream: e.said for e in span if e.type == "FaultRecorded" and e.said["kind"] != "late"}
    for e in span:
        if e.type == "AppealDecided" and not e.said["upheld"]:
            faults.pop(e.stream, None)
    for said in faults.values():
        found[said["unit"]][said["kind"]] += 1
    checks = {e.stream: e for e in span if e.type in ("CheckPassed", "CheckFailed", "AppealUpheld")}
    for e in checks.values():
        if e.type != "AppealUpheld":
            found[e.said["unit"]]["checks_passed" if e.type == "CheckPassed" else "checks_failed"] += 1
    for said in {e.stream: e.said for e in span if e.type == "UseMarked"}.values():
        found[said["unit"]][f"used_{said['use']}"] += 1
        found[said["unit"]][f"honour_{said['honour']}"] += bool(said["honour"])
        found[said["unit"]]["with_pictures"] += said["pictures"]


def _lateness(span: list[Entry], first: dict[str, Entry], found: Units) -> None:
    for opened in [e for e in span if e.type == "IncidentOpened" and e.said["unit"]]:
        own = [e for e in span if e.stream == opened.stream]
        ends = [e for e in own if e.type in ("IncidentClosed", "IncidentReopened", "IncidentMerged", "IncidentSplit")]
        if ends and (ends[-1].type == "IncidentMerged" or ends[-1].said.get("outcome") == "false"):
            continue
        if (occurred := _occurred(own)) is not None:
            _judge(own, first, occurred, found, opened.said["unit"], _excused(span, opened.id))


def _excused(span: list[Entry], incident: str) -> set[str]:
    """The units whose lateness with an incident was computed and is, on their objection, not held against them."""
    lates = {e.stream: e.said["unit"] for e in span if e.type == "FaultRecorded" and e.said["kind"] == "late"
             and e.said["incident"] == incident}  # fmt: skip
    return {lates[e.stream] for e in span if e.type == "AppealDecided" and not e.said["upheld"] and e.stream in lates}


def _occurred(own: list[Entry]) -> int | None:
    """When it happened, where that was said to the minute: as an officer fixed it last, else as a report said first."""
    fixed = [e.said["value"] for e in own if e.type == "FactFixed" and e.said["name"] == "occurred_at"]
    readings = [e.said["reading"] for e in own if e.type in ("IncidentOpened", "ReportAdded")]
    said = [r["occurred_at"] for r in readings if r["occurred_precision"] == "minute"]
    text = fixed[-1] if fixed else next(iter(said), "")
    return round(datetime.fromisoformat(text).timestamp() * 1e6) if len(text) >= 16 else None


def _judge(
    own: list[Entry], first: dict[str, Entry], occurred: int, found: Units, unit: str, excused: set[str]
) -> None:
    """The hour of our configuration, by telephone and in writing; of the unit itself, or else of whoever told first."""
    told = [first[f"message/{e.said['message']}"].said for e in own if e.type in ("IncidentOpened", "ReportAdded")]
    reports = sorted((s["received_at"], s["unit"], s["channel"] in ("call", "voice")) for s in told if s["unit"])
    whose = unit if unit in [by for _at, by, _spoken in reports] else next((by for _at, by, _spoken in reports), "")
    if whose in excused:
        return
    mine = [(at, spoken) for at, by, spoken in reports if by == whose]
    for spoken, name in ((True, "phone"), (False, "written")):
        if at := next((at for at, by_word in mine if by_word is spoken), None):
            found[whose][f"timed_{name}"] += 1
            found[whose][f"on_time_{name}"] += at - occurred <= HOUR
    if mine and (over := mine[0][0] - occurred - HOUR) > 0:
        found[whose]["late"] += 1
        found[whose]["late_minutes"] += -(-over // 60_000_000)


def score(scheme: dict[str, Any], counts: dict[str, int]) -> float:
    """Points by a scheme of `each` and `most` alone, as our own is."""
    points = scheme["start"]
    for mark in scheme["marks"]:
        part = mark["each"] * counts.get(mark["figure"], 0)
        points += max(-mark.get("most", 1e9), min(mark.get("most", 1e9), part))
    return max(scheme["least"], min(scheme["most"], points))
