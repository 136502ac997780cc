"""The screen's words, read from its own files, so that what the server prints says what the screen says."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from dutydesk.documents.words import figure_value, minute
from dutydesk.web.event_words import EVENTS

_WORDS = Path(__file__).parent / "static" / "app" / "words"
_LINE = re.compile(r'^\s*("(?:[^"\\]|\\.)*"): ("(?:[^"\\]|\\.)*"),$', re.MULTILINE)
_HOLE = re.compile(r"\{(\w+)\}")
_DANGLING = re.compile(r"[,,::、。\s]+$")
CLAUSES = frozenset({"ObligationMet", "ObligationMissed"})  # whose note ends their sentence
_MOMENTS = (("due", "next_at"), ("due", "due_at"), ("told", "told_at"))  # by when it is due, or is looked at next
Name = Callable[[str], str]  # user:zhang → 张建国


@cache
def words(language: str = "zh") -> Mapping[str, str]:
    """Every word of the screen by its key, in "zh" or "en"."""
    texts = [path.read_text("utf-8") for path in sorted(_WORDS.glob(f"{language}_*.js"))]
    return {orjson.loads(key): orjson.loads(value) for text in texts for key, value in _LINE.findall(text)}


def word(group: str, code: str, language: str = "zh") -> str:
    """The word for a code; the code itself where the screen has none."""
    return words(language).get(f"{group}.{code}", code) if code else ""


def sentence(type_: str, body: Mapping[str, Any], by: str, name: Name) -> str:
    """An entry as the screen tells it; the text of a message in full."""
    pattern = words().get(f"event.{type_}", EVENTS.get(type_, type_))
    values = _values(body, by, name) | ({} if type_ in CLAUSES else {"note": body.get("note") or ""})
    told = _DANGLING.sub("", _HOLE.sub(lambda hole: str(values.get(hole[1], "")), pattern))
    if type_ != "MessageRecorded":
        return told
    who = body.get("unit_name") or body.get("sender_name") or body.get("sender") or word("channel", body["channel"])
    return f"{who}来报{body['number']}:{body['text']}"


def _values(body: Mapping[str, Any], by: str, name: Name) -> dict[str, Any]:
    plain = {key: value for key, value in body.items() if isinstance(value, str | int) and not isinstance(value, bool)}
    moments = {key: minute(body[at]) for key, at in _MOMENTS if isinstance(body.get(at), int)}
    policy, rule = body.get("policy"), body.get("rule") or {}
    late, value = body.get("late_by") or 0, body.get("value")
    called = (body.get("names", ["", ""]), body.get("calls") or ())
    return plain | moments | {
        "by": name(str(body.get("by") or by)),
        "who": name(str(body.get("who") or body.get("callee") or body.get("username") or "")),
        "to": name(body["to"]) if isinstance(body.get("to"), str) else "",
        "how": word("how", str(body.get("how") or "")),
        "why": word("why", str(body.get("why") or body.get("reason") or "")),
        "reason": word("held", str(body.get("reason") or "")),
        "name": word("field", str(body.get("name") or "")),
        "value": value if isinstance(value, str) else figure_value(value) if isinstance(value, int) or value is None else "",
        "side": word("pair.side", str(body.get("side") or "")),
        "level": word("level", str(body.get("level") or "")),
        "listed": _listed(body),
        "outcome": word("outcome", str(body.get("outcome") or "")),
        # how far something came that was sent: one message, or the whole of what one addressee is owed
        "status": _known("delivery", "submission.line", str(body.get("status") or "")),
        "turn": word("turn", str(body.get("status") or "")),
        "truth": word("truth", str(body.get("truth") or "")),
        "policy": word("policy", str(policy.get("name", "") if isinstance(policy, dict) else policy or "")),
        "code": _known("code", "delivery", str(body.get("code") or "")),
        "clock": str(rule.get("title", "")) if isinstance(rule, dict) else "",
        "arrived": word("act", "arrived" if body.get("arrived") else "not_arrived"),
        "late": f",超时{late // 60_000_000}分钟" if late > 0 else "",
        "note": f",{body['note']}" if body.get("note") else "",
        "flags": "、".join(map(str, body.get("flags") or ())) or "无",
        "calls": "、".join(_callee(name, *pair) for pair in zip(called[1], called[0], strict=False)) or "值守台",
        **_step(body.get("step") or 0),
    }  # fmt: skip


def _listed(body: Mapping[str, Any]) -> str:
    """Who or what of the directory an entry is about."""
    found = (body.get(kind) for kind in ("unit", "contact", "leader"))
    return next((str(one["name"]) for one in found if isinstance(one, dict)), "")


def _step(step: object) -> dict[str, int]:
    """A rung of a ladder is counted from one; a step of a plan has a name, which stands as it is."""
    return {"step": step + 1} if isinstance(step, int) else {}


def _known(group: str, other: str, code: str) -> str:
    """The word of the first group that has one."""
    known = word(group, code)
    return known if known != code else word(other, code)


def _callee(name: Name, call: Mapping[str, Any], known: str) -> str:
    return f"{known or name(str(call.get('callee', '')))}({word('how', str(call.get('how', '')))})"
