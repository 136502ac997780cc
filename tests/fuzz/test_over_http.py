"""Twenty thousand requests to a desk as it is installed, over 127.0.0.1: every operation, every role and none, every door for machines.

A failure is a 500, an answer that does not come, a second of the server's own processor time for one request (twice), memory or handles
that grow, words lost that were answered for, an error in the log. `scripts/test -s --long tests/fuzz/test_over_http.py` prints the counts;
`DUTYDESK_FUZZ_SEED` chooses other cases.
"""

import asyncio
import json
import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dutydesk.channels.inbound import clean
from scripts.simulations.witness import Findings, rows, walk_chain
from tests.fuzz.described import Asked, Maker, operations, raw, some
from tests.fuzz.doors import Doors
from tests.fuzz.frames import talk
from tests.fuzz.parsers import TEXTS
from tests.fuzz.served import Answer, Served, served
from tests.kit import sqlite

SEED = int(os.environ.get("DUTYDESK_FUZZ_SEED", "1"))
SHARE = 0.6  # of the requests go to operations of the description, the rest to the doors for machines
LIMIT = 1.0  # seconds of the server's processor for one request
GROWN = 64.0  # MB that may stay after the first third: folds and pages that are kept, and what the allocator holds free
ROUND = 500  # requests until the board is looked at again for ids


@dataclass
class Count:
    """What was asked and what came back."""

    statuses: Counter[int] = field(default_factory=Counter)
    doors: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    wall: tuple[float, str] = (0.0, "")
    broken: list[str] = field(default_factory=list)
    keeps: set[str] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)
    memory: list[float] = field(default_factory=list)  # MB, after each tenth
    handles: list[int] = field(default_factory=list)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store."""
    return sqlite(tmp_path) if request.param == "sqlite" else str(request.getfixturevalue("fresh_postgres"))


@pytest.mark.parametrize("many", [300, pytest.param(21_000, marks=pytest.mark.long)])
def test_whatever_is_asked_over_http_is_answered_in_words(tmp_path: Path, database: str, many: int) -> None:
    with served(tmp_path, sessions=60 if many > ROUND else 2, database=database) as desk:
        dice, count = random.Random(SEED), Count()
        maker = Maker(dice, desk.signed, f"127.0.0.1:{desk.port}")
        for number, asked in enumerate(_cases(desk, maker, many), start=1):
            _ask(desk, asked, count)
            if number % (many // 10) == 0:
                count.memory.append(desk.megabytes())
                count.handles.append(desk.handles())
        frames = asyncio.run(talk(desk, dice, many // 5))
        _still_works(desk, count)
        _judge(desk, count)
        print(_told(count, desk), f"frames {dict(frames)}", sep="\n")
    assert not count.broken, "\n".join(count.broken[:40])
    assert sum(count.statuses.values()) >= many
    assert count.memory[-1] - count.memory[3] <= GROWN
    assert count.handles[-1] - count.handles[3] <= 20, "handles that nobody closed"


def _cases(desk: Served, maker: Maker, many: int) -> Iterator[Asked]:
    described = operations(_json(desk, maker, "/api/openapi.json"))
    _furnish(desk, maker)
    doors = Doors(maker)
    kinds = doors.all()
    for number in range(many):
        if number % ROUND == 0:
            _look(desk, maker)
            maker.links = [doors.link().removeprefix("/r/") for _ in range(40)]
        if maker.dice.random() < SHARE or number < len(described):
            yield some(maker, described[number % len(described)], 1)[0]
        else:
            yield kinds[maker.dice.choice(sorted(kinds))]()


def _furnish(desk: Served, maker: Maker) -> None:
    """Some work on the board, so that ids mean something."""
    call = next(one for one in operations(_json(desk, maker, "/api/openapi.json")) if one.path == "/api/calls")
    for number, text in enumerate(TEXTS * 3):
        body = json.dumps({"text": f"{text}({number})", "unit": "370202"}).encode()
        headers = maker._headers("officer", call, body)
        assert desk.ask(raw("POST", call.path, headers, body)).status == 201
    limit = time.monotonic() + 60
    while time.monotonic() < limit and len(maker.ids.get("incident", ())) < 2:
        _look(desk, maker)


def _look(desk: Served, maker: Maker) -> None:
    """The ids that are on the board now."""
    rows = _json(desk, maker, "/api/board?since=0")["rows"]
    maker.ids = {kind: [one["id"] for one in found][-60:] for kind, found in rows.items() if found}


def _json(desk: Served, maker: Maker, path: str) -> Any:
    one = maker.people["administrator"][0]
    said = [(b"Host", b"a"), (b"Connection", b"close"), (b"Cookie", f"dutydesk={one.token}".encode())]
    answer = desk.ask(raw("GET", path, said, b""))
    if answer.status == 401:
        maker.people["administrator"].pop(0)
        return _json(desk, maker, path)
    assert answer.status == 200, (path, answer)
    return json.loads(_unchunked(answer))


def _unchunked(answer: Answer) -> bytes:
    assert b"chunked" not in answer.head.lower(), answer.head
    return answer.body


def _ask(desk: Served, asked: Asked, count: Count) -> None:
    try:
        answer = desk.ask(asked.raw, whole=asked.whole)
        if answer.work > LIMIT:
            answer = desk.ask(asked.raw, whole=asked.whole)  # others' work on its loop, or its own?
    except AssertionError as error:
        count.broken.append(f"{asked.door}: {error}: {asked.raw[:600]!r}")
        return
    _note(asked, answer, count)
    if answer.status in (401, 423) and asked.who and len(desk.signed[asked.who]) > 1:
        _next_session(desk, asked.who)
    if answer.status >= 500 and answer.status != 503:
        count.broken.append(f"{answer.status} {asked.door}: {asked.raw[:1_500]!r}")
    if answer.work > LIMIT:
        count.broken.append(f"{answer.work:.2f} s {asked.door}: {asked.raw[:600]!r}")
    if answer.status in (200, 201):
        count.keeps.update(asked.keeps)
        count.beside.update(filter(None, [asked.beside]))


def _next_session(desk: Served, who: str) -> None:
    """Signed out on the way, or only misspelt: then the session goes to the end of the line."""
    desk.signed[who].append(desk.signed[who].pop(0))


def _note(asked: Asked, answer: Answer, count: Count) -> None:
    count.statuses[answer.status] += 1
    count.doors[asked.door] += 1
    count.roles[asked.who or "nobody"] += 1
    if answer.status in (200, 201):
        count.taken[asked.door] += 1
    count.slowest = max(count.slowest, (answer.work, asked.door))
    count.wall = max(count.wall, (answer.seconds, asked.door))


def _still_works(desk: Served, count: Count) -> None:
    ready = desk.ask(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    if ready.status != 200 or desk.process.poll() is not None:
        count.broken.append(f"not ready at the end: {ready}")
    log = desk.log
    wrong = re.finditer(r"^\S+ \S+ (ERROR|CRITICAL) dutydesk.*\nTraceback", log, re.MULTILINE)
    count.broken += [f"the log: {log[found.start() :][:2_500]}" for found in wrong][:5]


def _judge(desk: Served, count: Count) -> None:
    """By the tables alone: every text that was answered for stands there as it came; the chain holds."""
    said = rows(desk.database, "SELECT private FROM entries WHERE type = 'MessageRecorded'")
    callbacks = {row[0] for row in rows(desk.database, "SELECT body FROM callbacks")}
    erased = rows(desk.database, "SELECT COUNT(*) FROM entries WHERE type = 'Redacted'")[0][0]
    recorded = {json.loads(one[0])["text"] for one in said if one[0]}
    lost = {words for words in count.keeps if words not in recorded and clean(words) not in recorded}
    if len(lost) > erased:
        count.broken.append(f"{len(lost)} texts were answered for and are not there: {sorted(lost)[:3]!r}")
    if missing := count.beside - callbacks:
        count.broken.append(f"{len(missing)} callbacks were answered for and are not there: {sorted(missing)[:3]!r}")
    found = Findings()
    walk_chain(desk.database, found)
    count.broken += found.broken


def _told(count: Count, desk: Served) -> str:
    classes = Counter(f"{status // 100}xx" for status in count.statuses.elements())
    never = sorted(door for door in count.doors if not count.taken[door])
    return "\n".join(
        (
            "",
            f"{desk.database.partition(':')[0]}, seed {SEED}",
            f"{sum(count.statuses.values())} requests, {len(count.doors)} doors, {len(count.roles)} roles",
            f"by class {dict(sorted(classes.items()))}; by status {dict(sorted(count.statuses.items()))}",
            f"by role {dict(count.roles.most_common())}",
            f"slowest by its own processor {count.slowest[0] * 1e3:.0f} ms {count.slowest[1]}",
            f"slowest by the wall {count.wall[0] * 1e3:.0f} ms {count.wall[1]}",
            f"memory after each tenth {[round(one) for one in count.memory]} MB; handles {count.handles}",
            f"raw texts answered for and found: {len(count.keeps)}; callbacks: {len(count.beside)}",
            f"never taken ({len(never)}): {', '.join(never)}",
            f"{desk.work():.0f} s of its processor",
        )
    )
