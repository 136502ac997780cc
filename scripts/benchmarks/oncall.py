"""Who is on watch over HTTP, beside LinkedIn Oncall on MariaDB: the same senders, the same number of shifts kept."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from dutydesk.clock import SystemClock
from dutydesk.store.store import Store
from scripts.benchmarks import rivals, roster, served
from scripts.benchmarks.measure import Figure, Foreign, Target
from scripts.benchmarks.options import Options
from scripts.benchmarks.sender import drive
from tests.services import free_port

SHIFTS, SENDERS, SECONDS, WARM_UP = 11_000, 8, 5.0, 32
START = 60.0
_ASKED = b"GET /api/v0/teams/duty/oncall/primary HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def missing() -> str:
    """Why it cannot be measured here, "" when it can."""
    if not shutil.which("mariadbd") or not shutil.which("mariadb-install-db"):
        return "it wants MySQL; MariaDB is not installed (apt-get install mariadb-server)"
    return rivals.install("oncall")


def figures(options: Options, run: Callable[..., Any]) -> Iterator[Figure]:
    """The rate of both; `run` fills its database."""
    line = Figure(f"who is on watch, {SHIFTS:,} shifts, HTTP", "/s", "LinkedIn Oncall", Target("ratio", True, 20.0))
    for _ in options.turns(3):
        foreign = Foreign()
        with _mariadb() as port:
            run("oncall", "oncall_watch.py", str(port), str(SHIFTS))
            with _served(port) as address:
                theirs = _rate(options, address, _ASKED, b'"user":"u')
        with options.engines.fresh("postgresql") as url, served.desk(url, workers=False) as (desk, address):
            cookie = desk.ask(do="session")["cookie"]
            _keep(url)
            asked = f"GET /api/on-watch HTTP/1.1\r\nHost: 127.0.0.1:{address}\r\nCookie: {cookie}\r\n\r\n"
            ours = _rate(options, address, asked.encode(), b'"duty":{"id":')
        line.add(ours["per_second"], theirs["per_second"], foreign.share())
        line.note = (
            f"p99 {ours['p99_ms']:.1f} ms, theirs {theirs['p99_ms']:.1f} ms; they on MariaDB, gunicorn, two workers"
        )
    yield line


def _keep(url: str) -> None:
    store = Store(url)
    with closing(store.connect()) as connection:
        roster._fill(connection, SystemClock().now() - SHIFTS // 2 * roster.LENGTH, SHIFTS)
    store.close()


def _rate(options: Options, port: int, request: bytes, answer: bytes) -> dict[str, Any]:
    asyncio.run(_named(port, request, answer))
    found = asyncio.run(
        drive([request], port, SENDERS, SECONDS / (2 if options.quick else 1), again=True, warm_up=WARM_UP)
    )
    if set(found["statuses"]) != {"200"}:
        raise RuntimeError(f"not every question was answered by 200: {found}")
    return found


async def _named(port: int, request: bytes, answer: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.replace(b"\r\nHost:", b"\r\nConnection: close\r\nHost:", 1))
    said = await reader.read()
    writer.close()
    if answer not in said.replace(b" ", b""):
        raise RuntimeError(f"nobody is named: {said[-300:]!r}")


@contextmanager
def _mariadb() -> Iterator[int]:
    """A server of its own with stock settings, as long as the block lasts; its port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="dutydesk-mariadb-", ignore_cleanup_errors=True) as folder:
        owner = ["--user=mysql"] if os.geteuid() == 0 else []
        if owner:
            os.chown(folder, pwd.getpwnam("mysql").pw_uid, -1)
        base = ["--no-defaults", f"--datadir={folder}/data", *owner]
        subprocess.run(["mariadb-install-db", *base, "--skip-test-db"], check=True, capture_output=True)
        more = [f"--socket={folder}/s", f"--port={port}", "--bind-address=127.0.0.1", "--skip-grant-tables"]
        command = ["mariadbd", *base, *more, "--skip-networking=0"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _await(lambda: asyncio.run(_opens(port)), server, "MariaDB")
            yield port
        finally:
            server.terminate()
            server.wait(60)


@contextmanager
def _served(database: int) -> Iterator[int]:
    """Gunicorn with two workers of two threads, as for Alerta."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUTYDESK", "PYTHON"))}
    command = [rivals.python("oncall"), "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "2"]
    command += ["--chdir", str(rivals.HERE), "oncall_watch:application"]
    given = kept | {"ONCALL_PORT": str(database)}
    server = subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(lambda: asyncio.run(_opens(port)), server, "Oncall")
        yield port
    finally:
        server.terminate()
        server.wait(20)


async def _opens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _await(ready: Callable[[], bool], server: "subprocess.Popen[bytes]", name: str) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until and server.poll() is None:
        if ready():
            return
        subprocess.run(["sleep", "0.2"], check=True)
    raise RuntimeError(f"{name} did not start")
