"""Reads config/*.toml into one `Rules`. Every problem of every file is said at once: file, key, what is wrong."""

import hashlib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dutydesk.clock import DAY, day
from dutydesk.config.tables import tables
from dutydesk.domain.rules import Policy, Rules
from dutydesk.domain.shifts import covered
from dutydesk.errors import ConfigError

# file → (key of Rules it fills, key inside the file or "" for the whole file)
_PARTS = {
    "desk.toml": ("desk", ""),
    "escalation.toml": ("", ""),
    "shifts.toml": ("", ""),
    "roster.toml": ("roster", ""),
    "intake.toml": ("intake", ""),
    "security.toml": ("security", ""),
    "channels.toml": ("", ""),
    "phrases.toml": ("phrases", ""),
    "flags.toml": ("", ""),
    "map.toml": ("", ""),
    "circulars.toml": ("circulars", ""),
    "plans.toml": ("", ""),
    "submissions.toml": ("submissions", ""),
    "peers.toml": ("", ""),
    "asking.toml": ("asking", ""),
    "levels.toml": ("levels", ""),
    "checks.toml": ("checks", ""),
}
_MAY_BE_ABSENT = {"peers.toml", "map.toml", "checks.toml"}  # no links, districts in rows, nobody checked
_ELSEWHERE = {"gateways.toml"}  # read by its own module
SAMPLE_YEAR = 1_767_225_600_000_000  # 2026-01-01, in microseconds: any year shows whether a cron rule leaves days out
ASKED = ("truth", "report", "presence", "check", "guidance", "pair")
PHRASES = {
    "receipt": {"number", "time"},
    "receipt_ask": {"number", "time", "missing"},
    "receipt_more": {"number", "time"},
    "choice": {"number", "options"},
    "incident_subject": {"number", "title", "time"},
    "held_subject": {"number"},
    "page_sms": {"subject", "link"},
    "page_sms_one_way": {"subject", "link"},
    "page_voice": {"subject"},
    "page_mail": {"subject", "link"},
    "circular": {"name", "summary", "link"},
    "drill_prefix": set(),
    "report_link": {"link"},
    "instruction": {"number", "text", "due", "link"},
    "instruction_reminder": {"number", "percent", "link"},
    "instruction_overdue": {"number", "name"},
    "roster_sent": {"name", "days", "link"},
    "roster_ask": {"name", "days", "due", "link"},
    "roster_chase": {"name", "due", "link"},
    "roster_overdue": {"name", "due", "link"},
    "handover_unconfirmed": {"name", "side"},
    "handover_refused": {"name", "side", "reason"},
    "link_silent": {"name", "time", "minutes"},
    "link_stopped": {"name", "reason", "n"},
    "clock_near": {"title", "subject", "due", "left"},
    "clock_late": {"title", "subject", "due", "left"},
    "plan_overdue": {"plan", "number", "what"},
    "leave_approved": {"what", "period", "duties"},
    "leave_refused": {"what", "period", "reason"},
    "leave_stand_in": {"what", "name", "duties"},
    **{f"{asks}_{way}": {"subject", "link"} for asks in ASKED for way in ("sms", "mail")},
    **{f"{asks}_sms_one_way": {"subject", "link"} for asks in ASKED},
    **{f"{asks}_voice": {"subject"} for asks in ASKED},
    "check_failed": {"number", "name", "link"},
    "fault_found": {"name", "kind", "link"},
    "appeal_decided": {"what", "result", "reason", "link"},
    "check_question": {"number", "name"},
    "proof_question": {"name", "unit"},
    "pair_question": {"name", "lines"},
    "pair_line": {"unit", "name", "number"},
    "line_test": {"line"},
    "silence": {"number", "title", "minutes"},
    "quiet_unit": {"name", "minutes"},
    "quiet_district": {"name", "minutes"},
    **{f"downward_{what}": {"number", "name", "title", "due"} for what in ("chase", "overdue", "failed")},
    "inward_due": {"number", "title", "due"},
    "request_due": {"number", "title", "due"},
    "dispatch_round": {"text", "round"},
    "verification_text": {"time", "said"},
    "verification_overdue": {"number", "names"},
    "guidance_overdue": {"number", "names"},
    "zero_report": {"name", "hour"},
    "submission_mail": {"text", "link"},
    "submission_sms": {"text", "link"},
    "submission_voice": {"text"},
    "sign_sms": {"title", "text", "link"},
    "receipt_missing": {"title", "names"},
    "transfer": {"number", "title", "text", "link"},
    "transfer_silent": {"number", "title", "name"},
}


# by what the files say: a start asks several times, and reading them takes a third of a second
_latest: dict[str, Rules] = {}


def load_rules(folder: Path) -> Rules:
    """The policy of a folder. Raises ConfigError with every problem found."""
    said = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        said.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    if (key := said.hexdigest()) not in _latest:
        rules = _load(folder)
        _latest.clear()
        _latest[key] = rules
    return _latest[key]


def _load(folder: Path) -> Rules:
    problems: list[str] = []
    merged: dict[str, Any] = {}
    for name in _PARTS:
        merged |= _read(folder / name, _PARTS[name][0], problems)
    merged |= _clocks(folder, merged, problems)
    merged["schemes"] = [_read(path, "", problems) for path in sorted((folder / "scoring").glob("*.toml"))]
    problems += _strangers(folder)
    rules = _validate(merged, problems)
    if rules is not None:
        problems += _senseless(rules)
    if problems or rules is None:
        raise ConfigError(problems)
    return rules


def rules_digest(folder: Path) -> str:
    """SHA-256 over the files, so that the journal says which text was in force."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(path: Path, key: str, problems: list[str]) -> dict[str, Any]:
    try:
        found = tables(path)
    except FileNotFoundError:
        if path.name in _MAY_BE_ABSENT:
            return {}
        problems.append(f"{path.name}: 没有这个文件,请从随附的 config/ 复制一份")
        return {}
    except ConfigError as error:
        problems += error.problems
        return {}
    return {key: found} if key else found


def _clocks(folder: Path, merged: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    """The legal clocks of the profile that desk.toml names."""
    desk = merged.get("desk")
    profile = desk.get("clocks") if isinstance(desk, dict) else None
    if not profile:
        return {}
    found = _read(folder / "clocks" / f"{profile}.toml", "", problems)
    found.pop("name", None)
    return found


def _strangers(folder: Path) -> list[str]:
    known = {*_PARTS, *_ELSEWHERE}
    return [f"{path.name}: 不认识的配置文件" for path in sorted(folder.glob("*.toml")) if path.name not in known]


def _validate(merged: dict[str, Any], problems: list[str]) -> Rules | None:
    for name, policy in merged.get("policies", {}).items():
        if isinstance(policy, dict):
            policy.setdefault("name", name)
    try:
        return Rules.model_validate(merged)
    except ValidationError as error:
        problems += map(_located, error.errors())
        return None


def _file_of(where: tuple[int | str, ...]) -> str:
    section = str(where[0]) if where else ""
    homes = {
        "policies": "escalation.toml",
        "shifts": "shifts.toml",
        "circular_to": "shifts.toml",
        "senders": "channels.toml",
        "flags": "flags.toml",
        "peers": "peers.toml",
        "tiles": "map.toml",
        "page_on_link": "peers.toml",
        "clocks": "clocks/",
        "schemes": "scoring/",
        "plans": "plans.toml",
        "supplement": "clocks/",
        "fixed_reports": "clocks/",
        "zero_report": "clocks/",
    }
    return homes.get(section, f"{section}.toml" if f"{section}.toml" in _PARTS else "escalation.toml")


def _located(error: Any) -> str:
    """A problem with its file and place; what concerns several files names them itself."""
    at = error["loc"]
    return f"{_file_of(at)}: {'.'.join(map(str, at))}: {_said(error)}" if at else _said(error)


def _said(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "不认识这个键,是不是写错了?"
    if error["type"] == "missing":
        return "缺少这个键"
    told, given = error["msg"].removeprefix("Value error, "), error["input"]
    return f"{told}(现在是 {given!r})" if isinstance(given, str | int | float) else str(told)


def _senseless(rules: Rules) -> list[str]:
    problems = []
    for name, wanted in PHRASES.items():
        if name not in rules.phrases:
            problems.append(f"phrases.toml: 缺少用语 {name}")
            continue
        try:
            rules.phrases[name].format(**dict.fromkeys(wanted, ""))
        except (KeyError, IndexError, ValueError) as error:
            problems.append(f"phrases.toml: {name} 里的占位有误:{error!r},可用 {sorted(wanted)}")
    for policy in rules.policies.values():
        problems += _unanswerable(policy, rules)
    if not rules.shifts:
        problems.append("shifts.toml: 至少要有一个班次")
    elif uncovered := _uncovered(rules):
        problems.append(f"shifts.toml: {uncovered} 没有任何班次:班次的 starts 至少每两周要有一次")
    return problems + _covered_tiles(rules)


def _covered_tiles(rules: Rules) -> list[str]:
    """Districts of the schematic map that lie on one another, or stand there twice."""
    return [
        f"map.toml: {one.division} 与 {other.division} 的格子重叠"
        for n, one in enumerate(rules.tiles)
        for other in rules.tiles[n + 1 :]
        if one.covers(other) or one.division == other.division
    ]


def _uncovered(rules: Rules) -> str:
    """A day of a sample year on which no shift holds; empty when all are covered."""
    for week in range(53):
        at = SAMPLE_YEAR + week * 7 * DAY
        if not covered(rules.shifts, at):
            return day(at)
    return ""


def _unanswerable(policy: Policy, rules: Rules) -> list[str]:
    """A step that can only be answered by an SMS reply which its addressees' phones cannot send is refused."""
    if any("sms" in step.how or "voice" in step.how for step in policy.steps) and not rules.senders:
        return [f"escalation.toml: {policy.name}: 用到短信或电话,但 channels.toml 没有任何通道"]
    return []


def unanswerable_numbers(rules: Rules, numbers: dict[str, str]) -> list[str]:
    """Which addressees (name → E.164) could not acknowledge an SMS-only step: no two-way sender and no link allowed.

    A phone in mainland China cannot answer a message from a Twilio number (Twilio's China page: two-way SMS no).
    """
    sms_only = [p.name for p in rules.policies.values() for s in p.steps if set(s.how) <= {"sms"}]
    if not sms_only:
        return []
    deaf = []
    for name, number in numbers.items():
        sender = rules.sender_for(number, "sms")
        if sender is None or not (rules.can_answer_sms(number) or sender.links):
            deaf.append(f"{name}({number[:6]}…)")
    if not deaf:
        return []
    shown = "、".join(deaf[:5]) + (f" 等 {len(deaf)} 人" if len(deaf) > 5 else "")
    return [
        f"escalation.toml: {'、'.join(dict.fromkeys(sms_only))} 有只用短信的一级,但{shown}收到后无法签收:"
        "该通道不能回短信,也不能带链接。请给这一级加上 voice 或 console"
    ]
