"""Judges the history that a killed hub left: tables read by the engines' own drivers, the provider's log, the sender's acknowledgements.

It imports nothing of the desk and may be asked at any instant between two lives: what must hold holds always.
"""

import json
from collections import Counter
from typing import Any

from scripts.simulations.witness import Findings, rows, walk_chain

ENDED = {"DeliveryAccepted", "DeliveryRejected", "DeliveryUncertain", "DeliveryCancelled"}


def judge(url: str, acknowledged: set[str], sent: list[str]) -> Findings:
    """`acknowledged`: keys of inputs that were answered; their words begin with their key. `sent`: what the provider took, in order."""
    found = Findings()
    walk_chain(url, found)
    _kept(url, acknowledged, found)
    _once(url, Counter(sent), found)
    _promises(url, found)
    return found


def _kept(url: str, acknowledged: set[str], found: Findings) -> None:
    """Every acknowledged input is recorded once, with its own words; nothing unacknowledged is recorded twice either."""
    recorded: dict[str, list[str]] = {}
    asked = "SELECT input, private FROM entries WHERE input <> '' AND type IN ('MessageRecorded', 'DeliveryQueued') ORDER BY seq"
    for key, private in rows(url, asked):
        text = json.loads(private)["text"]
        if text.startswith(key):
            recorded.setdefault(key, []).append(text)
    for key in acknowledged - set(recorded):
        found.broken.append(f"{key}: acknowledged and lost")
    for key, texts in recorded.items():
        found.demand(len(texts) == 1, f"{key}: recorded {len(texts)} times")
    found.counts["acknowledged"] = len(acknowledged)
    found.counts["recorded"] = len(recorded)


def _once(url: str, taken: Counter[str], found: Findings) -> None:
    """No ONCE message reached the provider twice; one whose end nobody knows is on the board and waits for the outbox or for a person."""
    queued = rows(url, "SELECT stream, public FROM entries WHERE type = 'DeliveryQueued'")
    once = {stream for stream, public in queued if json.loads(public)["promise"] == "once"}
    last: dict[str, str] = {}
    for stream, kind in rows(url, "SELECT stream, type FROM entries WHERE stream LIKE 'delivery/%' ORDER BY seq"):
        last[stream] = kind
    bodies = {id: (json.loads(body), is_open) for id, body, is_open in rows(url, _DELIVERIES)}
    waiting = {stream for (stream,) in rows(url, "SELECT stream FROM outbox")}
    for stream in sorted(once):
        id = stream.partition("/")[2]
        times = taken[id]
        found.demand(times <= 1, f"{stream}: ONCE, and the provider took it {times} times")
        body, is_open = bodies[id]
        if last[stream] == "DeliveryStarted":
            found.demand(bool(is_open) and stream in waiting, f"{stream}: started, and nobody will look after it")
        if last[stream] == "DeliveryUncertain":
            found.demand(bool(is_open) and body["uncertain"], f"{stream}: ambiguous, and hidden")
            found.counts["ambiguous shown"] = found.counts.get("ambiguous shown", 0) + 1
        if times and last[stream] == "DeliveryQueued":
            found.broken.append(f"{stream}: sent before the journal knew")
    for id, (body, _open) in bodies.items():
        if body["provider_id"]:
            found.demand(bool(taken[id]), f"delivery/{id}: said to be sent, and the provider knows nothing of it")
    found.counts["ONCE"] = len(once)
    found.counts["taken by the provider"] = sum(taken.values())
    found.counts["REPEATABLE taken twice"] = sum(n > 1 for id, n in taken.items() if f"delivery/{id}" not in once)


_DELIVERIES = "SELECT id, body, open FROM rows WHERE kind = 'delivery'"
# which state of a row of which kind is a promise, and the timer that keeps it
_KEPT_BY: dict[str, tuple[str, str]] = {
    "message": ("recorded", "read"),
    "page": ("open", "answer"),
    "obligation": ("running", "mark"),
}


def _promises(url: str, found: Findings) -> None:
    """Whoever is being called, every running clock and every unread text has its timer; every queued message is in the outbox."""
    timers = {(stream, name) for stream, name in rows(url, "SELECT stream, name FROM timers")}
    waiting = {stream for (stream,) in rows(url, "SELECT stream FROM outbox")}
    for kind, id, body in rows(url, "SELECT kind, id, body FROM rows"):
        status = _status(body)
        if kind in _KEPT_BY and status == _KEPT_BY[kind][0]:
            found.demand((f"{kind}/{id}", _KEPT_BY[kind][1]) in timers, f"{kind}/{id} is {status} and has no timer")
            found.counts[f"{kind}s with a promise"] = found.counts.get(f"{kind}s with a promise", 0) + 1
        if kind == "delivery" and status == "queued" and (told := json.loads(body))["promise"]:
            found.demand(
                f"delivery/{id}" in waiting or told["uncertain"], f"delivery/{id} is queued and not in the outbox"
            )


def _status(body: str) -> Any:
    return json.loads(body).get("status")
