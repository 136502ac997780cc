"""The desk as it is installed, `dutydesk serve` in a process of its own, asked over 127.0.0.1 by bytes that no client would send."""

import asyncio
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dutydesk.clock import SystemClock
from dutydesk.domain.rules import UserRole
from dutydesk.domain.users import AddUser
from dutydesk.hub import Hub
from dutydesk.store.store import Store
from dutydesk.web.sessions import open_session
from tests.fuzz.parsers import ENVIRONMENT
from tests.services import free_port

ROOT = Path(__file__).parents[2]
ROLES: tuple[UserRole, ...] = ("officer", "shift_leader", "administrator", "reader", "leader", "unit", "auditor")
SCOPE = "370202"
SECRET = "s" * 32
TOKEN = "t" * 32  # of the hotline, for POST /api/reports
PATIENCE = 20.0  # seconds until an answer that does not come is called a hang
HALF = 0.25  # seconds that whoever sent no whole request waits
TICKS = os.sysconf("SC_CLK_TCK")


class Signed(NamedTuple):
    """One session of a person."""

    username: str
    token: str
    csrf: str


class Answer(NamedTuple):
    """`status` 0: hung up on without a word. `seconds` by the clock on the wall, `work` the server's own processor time."""

    status: int
    head: bytes
    body: bytes
    seconds: float
    work: float


@dataclass
class Served:
    """A running desk and what is known of it from outside."""

    process: "subprocess.Popen[bytes]"
    port: int
    folder: Path
    database: str
    signed: dict[str, list[Signed]]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "serve.log").read_text("utf-8", "replace")

    def ask(self, raw: bytes, *, whole: bool = True) -> Answer:
        """Send one request and read until the server hangs up. No answer is an AssertionError; whoever sent half a request hangs up."""
        began, worked = time.perf_counter(), self.work()
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE if whole else HALF) as line:
            with suppress(OSError):  # refused before it was read to its end: the answer is there
                line.sendall(raw)
            told = _told(line, whole)
        head, _, body = told.partition(b"\r\n\r\n")
        found = re.match(rb"HTTP/1\.[01] (\d{3})", head)
        seconds, work = time.perf_counter() - began, self.work() - worked
        return Answer(int(found[1]) if found else 0, head, body, seconds, work)

    def work(self) -> float:
        """Seconds of processor time of the serving process so far."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / TICKS

    def megabytes(self) -> float:
        """What the serving process holds in memory."""
        said = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+)", said, re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0

    def handles(self) -> int:
        """Files and sockets it holds open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def _told(line: socket.socket, whole: bool) -> bytes:
    pieces = []
    try:
        while piece := line.recv(65_536):
            pieces.append(piece)
    except ConnectionError:
        pass
    except TimeoutError as error:
        if not whole:
            return b"".join(pieces)
        raise AssertionError(f"no answer within {PATIENCE} s") from error
    return b"".join(pieces)


@contextmanager
def served(folder: Path, sessions: int, database: str = "") -> Iterator[Served]:
    """A desk with people of every role, in the whole city and in one district, and everything from outside switched on.

    Each person has so many sessions: on the way some are signed out, some locked. `database`: an empty one; else SQLite in the folder.
    """
    database, port = database or f"sqlite:///{folder}/desk.sqlite", free_port()
    _config(folder / "config")
    signed = _peopled(database, sessions)
    with (folder / "serve.log").open("ab") as log:
        command = [sys.executable, "-m", "dutydesk", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(folder, database, port), stdout=-1, stderr=log)
    try:
        desk = Served(process, port, folder, database, signed)
        _await(desk)
        yield desk
    finally:
        process.terminate()
        process.wait(60)
        assert process.stdout
        process.stdout.close()


def _config(folder: Path) -> None:
    """The shipped files, with every gateway and exchange on and one desk below that dials us."""
    shutil.copytree(ROOT / "config", folder)
    gateways, peers = folder / "gateways.toml", folder / "peers.toml"
    gateways.write_text(gateways.read_text("utf-8-sig").replace("enabled = false", "enabled = true"), "utf-8")
    said = peers.read_text("utf-8-sig")
    begin = said.index('name = "shinan"')
    at = said.rindex("enabled = false", 0, begin)
    peers.write_text(said[:at] + said[at:].replace("enabled = false", "enabled = true", 1), "utf-8")


def _environment(folder: Path, database: str, port: int) -> dict[str, str]:
    strange = ("DUTYDESK_", "TWILIO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return kept | ENVIRONMENT | {
        "MALLOC_ARENA_MAX": "1",  # as the shipped unit has it
        "DUTYDESK_DATABASE": database,
        "DUTYDESK_CONFIG": str(folder / "config"),
        "DUTYDESK_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DUTYDESK_SECRET": SECRET,
        "DUTYDESK_PORT": str(port),
        "DUTYDESK_TRUSTED_PROXIES": "127.0.0.1",
        "DUTYDESK_PEER_SHINAN_SECRET": SECRET,
        "TWILIO_AUTH_TOKEN": SECRET,
        "DUTYDESK_TWILIO_API_URL": "http://127.0.0.1:9",
    }  # fmt: skip


def _peopled(database: str, many: int) -> dict[str, list[Signed]]:
    """People and their sessions, before the desk serves."""

    async def fill() -> dict[str, list[Signed]]:
        hub, clock = Hub(Store(database), SystemClock()), SystemClock()
        hub.start()
        signed = {}
        for role in ROLES:
            for name, division in ((role, ""), (f"{role}-district", SCOPE)):
                wish = AddUser(name=name, role=role, division=division, phone="+8612000000404")
                await hub.handle(f"user/{name}", wish, key="", by="test")
                opened = [await open_session(hub, name, clock.now(), factor_at=clock.now()) for _ in range(many)]
                signed[name] = [Signed(name, one.token, one.csrf) for one in opened]
        digest = hashlib.sha256(TOKEN.encode()).hexdigest()
        await hub.beside(lambda c: c.run("put_token", digest, "hotline", clock.now()))
        await hub.stop()
        return signed

    return asyncio.run(fill())


def _await(desk: Served) -> None:
    """It says its address when it serves; a desk that ends before says why in its log."""
    assert desk.process.stdout
    assert b"DutyDesk http" in desk.process.stdout.readline(), desk.log
