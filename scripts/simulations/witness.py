"""Judges what a simulation left behind, from the tables and the telephone company's log alone. It imports nothing of the desk.

The chain is recomputed from its description: sha256(previous ‖ JSON array of the header, the digest of
the public part, the digest of the private part).
"""

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import psycopg

Row = tuple[Any, ...]


@dataclass(slots=True)
class Findings:
    """`broken` is empty when nothing was lost, doubled or changed; `counts` say how much was looked at."""

    counts: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def demand(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.broken.append(otherwise)


def rows(url: str, question: str) -> list[Row]:
    """Ask either engine."""
    if url.startswith("sqlite:///"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as db:
            return db.execute(question).fetchall()
    with psycopg.connect(url) as connection:
        return connection.execute(question.encode()).fetchall()


def unread(url: str) -> int:
    """Texts that nobody has read yet."""
    asked = "SELECT COUNT(*) FROM timers WHERE lane = 'read'"
    return int(rows(url, asked)[0][0])


def judge(url: str, answered: dict[str, str], reached: dict[str, str], circular: list[str], timers: int) -> Findings:
    """`answered`: provider's name of each text answered by 200 → its words. `reached`: name of each text that the
    telephone company took → its number. `circular`: the numbers it must have reached. `timers`: how many far ones must
    still stand."""
    found = Findings()
    walk_chain(url, found)
    _recorded(url, answered, found)
    _routed(url, found)
    standing = rows(url, "SELECT COUNT(*) FROM timers WHERE stream LIKE 'page/far%'")[0][0]
    found.demand(standing == timers, f"{standing} of {timers} far timers stand")
    _sent(url, reached, circular, found)
    return found


def walk_chain(url: str, found: Findings) -> None:
    """Recompute every hash of the journal."""
    previous, seq = "0" * 64, 0
    for record in rows(url, _ENTRIES):
        number, *header, public, salt, private, digest, chained = record
        seq += 1
        found.demand(number == seq, f"entry {seq} is missing")
        if private is not None:
            found.demand(
                sha256(f"{salt}\n{private}".encode()).hexdigest() == digest, f"entry {seq}: private part changed"
            )
        parts = [number, *header, sha256(public.encode()).hexdigest(), digest]
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        found.demand(sha256((previous + text).encode()).hexdigest() == chained, f"entry {seq}: the chain breaks")
        previous = chained
    found.counts["entries in the chain"] = seq


_ENTRIES = """
    SELECT seq, at, stream, version, type, drill, author, input, public, salt, private, private_digest, hash FROM entries ORDER BY seq"""


def _recorded(url: str, answered: dict[str, str], found: Findings) -> None:
    """Every text answered by 200 is recorded once, with its own words."""
    recorded: dict[str, list[str]] = {}
    for key, private in rows(url, "SELECT input, private FROM entries WHERE type = 'MessageRecorded'"):
        recorded.setdefault(key.removeprefix("twilio:"), []).append(json.loads(private)["text"])
    for name, words in answered.items():
        found.demand(recorded.get(name) == [words], f"{name}: answered 200, recorded {recorded.get(name)}")
    found.counts["texts answered by 200"] = len(answered)
    found.counts["texts recorded"] = sum(map(len, recorded.values()))


def _routed(url: str, found: Findings) -> None:
    """No text is left unread, none hides."""
    bodies = [json.loads(body) for (body,) in rows(url, "SELECT body FROM rows WHERE kind = 'message'")]
    statuses = Counter(body["status"] for body in bodies)
    found.demand(not statuses["recorded"], f"{statuses['recorded']} texts are still unread")
    for status, many in sorted(statuses.items()):
        found.counts[f"texts {status}"] = many
    for kind, many in rows(url, "SELECT kind, COUNT(*) FROM rows WHERE kind IN ('incident', 'page') GROUP BY kind"):
        found.counts[f"{kind}s"] = many


def _sent(url: str, reached: dict[str, str], circular: list[str], found: Findings) -> None:
    """What the desk believes to have sent was sent; nothing waits; the circular reached everybody once."""
    left = rows(url, "SELECT COUNT(*) FROM outbox")[0][0]
    found.demand(left == 0, f"{left} messages are still in the outbox")
    bodies = [json.loads(body) for (body,) in rows(url, "SELECT body FROM rows WHERE kind = 'delivery'")]
    believed = {body["provider_id"] for body in bodies if body["how"] == "sms" and body["provider_id"]}
    found.demand(
        believed <= set(reached), f"{len(believed - set(reached))} texts that the desk says it sent never came in"
    )
    times = Counter(reached.values())
    missed = [number for number in circular if not times[number]]
    found.demand(not missed, f"{len(missed)} recipients got no circular")
    twice = [number for number in circular if times[number] > 1]
    found.demand(not twice, f"{len(twice)} recipients got the circular twice")
    found.counts["texts the desk says it sent"] = len(believed)
    found.counts["texts the telephone company took"] = len(reached)
    found.counts["recipients of the circular"] = len(circular) - len(missed)
    for status, many in sorted(Counter(body["status"] for body in bodies).items()):
        found.counts[f"deliveries {status}"] = many
