"""`scripts/bench peers`: the nearest open systems under the same load, each beside ours in the same round, all on PostgreSQL.

Alerta (alerts over HTTP), Procrastinate (timers), APScheduler's SQL store (timers), LinkedIn Oncall on MariaDB (who is on watch). What
cannot be installed is named with the reason.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from scripts.benchmarks import oncall, rivals, served, timers
from scripts.benchmarks.measure import Figure, Foreign, Target, percentile
from scripts.benchmarks.options import Options
from scripts.benchmarks.sender import drive, request
from tests.services import free_port

SENDERS, RACERS, KEYS = 8, 16, 25
SECONDS = 8.0
WARM_UP = 16  # answers before the clock starts; the slowest neighbour gives a few a second on a busy machine
START = 60.0
PATIENCE = 30.0  # seconds for an answer to a raced report


def figures(options: Options) -> Iterator[Figure]:
    """What the neighbours do beside us; without PostgreSQL there is nothing to compare."""
    if "postgresql" not in options.engines.names:
        return
    missing = {name: why for name in rivals.PACKAGES if (why := _missing(name))}
    for name, why in missing.items():
        print(f"    {name} cannot be installed here: {why}", flush=True)
    if "alerta" not in missing:
        yield from _alerta(options.within(0.3))
    if "procrastinate" not in missing:
        yield _procrastinate(options.within(0.4))
    if "apscheduler" not in missing:
        yield from _apscheduler(options.within(0.7))
    if "oncall" not in missing:
        yield from oncall.figures(options, _run)


def _missing(name: str) -> str:
    return oncall.missing() if name == "oncall" else rivals.install(name)


def _alerta(options: Options) -> Iterator[Figure]:
    taken = Figure("new reports taken in, postgresql, 8 senders", "/s", "Alerta", Target("ratio", True, 10.0))
    slowest = Figure("their p99", "ms", "Alerta", Target("ratio", False, 0.3))
    raced = Figure("one first report brought by 16 at once", "% 2xx", "Alerta", Target("ours", True, 100.0))
    for turn in options.turns(3):
        foreign = Foreign()
        with options.engines.fresh("postgresql") as url, _alerta_on(url) as port:
            theirs = asyncio.run(
                drive([_alert(turn, i) for i in range(20_000)], port, SENDERS, SECONDS, warm_up=WARM_UP)
            )
            their_race = asyncio.run(_race(port, [[_alert(9, key)] * RACERS for key in range(KEYS)]))
        with options.engines.fresh("postgresql") as url, served.desk(url, workers=False) as (_, port):
            numbers = served.known_numbers()
            ours = asyncio.run(
                drive([_text(numbers, turn, i) for i in range(20_000)], port, SENDERS, SECONDS, warm_up=WARM_UP)
            )
            our_race = asyncio.run(_race(port, [[_text(numbers, 9, key)] * RACERS for key in range(KEYS)]))
            kept = _recorded(url, 9)
        taken.add(ours["per_second"], theirs["per_second"], foreign.share())
        slowest.add(ours["p99_ms"], theirs["p99_ms"], foreign.share())
        raced.add(our_race, their_race, foreign.share())
        raced.note = f"ours recorded {kept} of {KEYS} once each; Alerta's statuses over the load: {theirs['statuses']}"
    yield from (taken, slowest, raced)


@contextmanager
def _alerta_on(url: str) -> Iterator[int]:
    """Alerta as its own manual has it: gunicorn, two workers of two threads, its tables made by itself."""
    port = free_port()
    command = [
        rivals.python("alerta"),
        "-m",
        "gunicorn",
        "-b",
        f"127.0.0.1:{port}",
        "-w",
        "2",
        "--threads",
        "2",
        "alerta:create_app()",
    ]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUTYDESK", "PYTHON"))}
    given = kept | {
        "DATABASE_URL": url.replace("postgresql://", "postgres://"),
        "SECRET_KEY": "bench" * 8,
        "AUTH_REQUIRED": "False",
    }
    made = [rivals.python("alerta"), "-c", "from alerta import create_app; create_app()"]
    subprocess.run(made, env=given, check=True, capture_output=True)  # two workers that make the tables at once fail
    server = subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(f"http://127.0.0.1:{port}/", server)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _await(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            subprocess.run(["sleep", "0.2"], check=True)
    raise RuntimeError("Alerta did not start")


def _alert(turn: int, index: int) -> bytes:
    body = json.dumps({
        "resource": f"unit-{turn}-{index}", "event": "Fire", "environment": "Production", "severity": "major",
        "service": ["duty"], "text": f"我处{index}号仓库突发火灾,现场有2人受伤已送医,消防正在扑救,后续情况续报。",
    }).encode()  # fmt: skip
    head = f"POST /alert HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _text(numbers: list[str], turn: int, index: int) -> bytes:
    words = f"我处{index}号仓库突发火灾,现场有2人受伤已送医,消防正在扑救,后续情况续报。"
    return request(served.PUBLIC_URL, served.TOKEN, f"SM{turn:08x}{index:024x}", numbers[index % len(numbers)], words)


async def _race(port: int, rounds: list[list[bytes]]) -> float:
    """Share of 2xx, in per cent, when each round's requests leave on as many connections at the same moment."""
    good = total = 0
    for requests in rounds:
        lines = [await asyncio.open_connection("127.0.0.1", port) for _ in requests]
        for (_, writer), raw in zip(lines, requests, strict=True):
            writer.write(raw.replace(b"\r\nHost:", b"\r\nConnection: close\r\nHost:", 1))
        answers = await asyncio.gather(*(_answer(reader) for reader, _ in lines))
        good += sum(answer[9:10] == b"2" for answer in answers)
        total += len(answers)
        for _, writer in lines:
            writer.close()
    return 100.0 * good / total


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """The first line of an answer; nothing when none comes in time."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await reader.readline()
    except TimeoutError:
        return b""


def _recorded(url: str, turn: int) -> int:
    """Raced texts that were recorded exactly once."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT COUNT(*) FROM (SELECT input FROM entries WHERE type = 'MessageRecorded' AND input LIKE %s GROUP BY input "
            "HAVING COUNT(*) = 1) AS once",
            [f"twilio:SM{turn:08x}%"],
        ).fetchone()
    return int(found[0]) if found else 0


def _procrastinate(options: Options) -> Figure:
    line = Figure("timers, postgresql: p99 late", "ms", "Procrastinate at its best poll", Target("ratio", False, 0.1))
    for _ in options.turns(2):
        foreign = Foreign()
        with options.engines.fresh("postgresql") as url:
            told = _run("procrastinate", "procrastinate_load.py", url, str(timers.PENDING), str(timers.DUE))
        with options.engines.fresh("postgresql") as url:
            ours = asyncio.run(timers.pages(url))
        theirs = told["late_ms"]
        line.add(percentile(ours, 0.99), percentile(theirs, 0.99), foreign.share())
        line.note = f"theirs: {len(theirs)} of {timers.DUE} began within 90 s, poll {told['poll_s']} s; ours: durable consequence"
    return line


def _apscheduler(options: Options) -> Iterator[Figure]:
    spent = Figure(
        f"{timers.BURST:,} timers at one instant, until the last",
        "s",
        "APScheduler, grace none",
        Target("ratio", False, 0.5),
    )
    fired = Figure("of them fired as shipped", "%", "APScheduler as shipped", Target("ours", True, 100.0))
    for _ in options.turns(1):
        foreign = Foreign()
        with options.engines.fresh("postgresql") as url:
            ours = asyncio.run(timers.pages(url, pending=0, due=timers.BURST, spread=0))
        found = {}
        for grace in ("none", "default"):
            with options.engines.fresh("postgresql") as url:
                found[grace] = _run("apscheduler", "apscheduler_burst.py", _sqlalchemy(url), str(timers.BURST), grace)
        if not found["none"]["ran"]:
            sys.exit("apscheduler: its jobs could not be set in time; nothing to compare with")
        spent.add(max(ours) / 1e3, found["none"]["seconds"], foreign.share())
        spent.note = f"theirs fired {found['none']['ran']} with no limit of lateness"
        fired.add(100.0 * len(ours) / timers.BURST, 100.0 * found["default"]["ran"] / timers.BURST, foreign.share())
    yield from (spent, fired)


def _sqlalchemy(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://")


def _run(name: str, script: str, *arguments: str) -> dict[str, Any]:
    command = [rivals.python(name), str(rivals.HERE / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=400)
    if done.returncode:
        sys.exit(f"{name}: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
