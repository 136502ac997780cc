"""Real neighbours for tests: PostgreSQL, Redis and Chromium, each a fixture; a pytest plugin.

`DUTYDESK_TEST_DATABASE` and `DUTYDESK_TEST_REDIS` name servers that are there already; otherwise the fixtures start
servers of their own on free ports of 127.0.0.1 and end them. What is not installed is a skip. Nothing here knows of the
desk.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import conninfo, sql

if TYPE_CHECKING:
    from playwright.async_api import Browser

CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server, as the URL of a database in which databases may be created."""
    given = os.environ.get("DUTYDESK_TEST_DATABASE")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="dutydesk-postgres-", ignore_cleanup_errors=True) as folder:
        yield from _postgres(Path(folder))


@pytest.fixture
def fresh_postgres(postgres_url: str) -> Iterator[str]:
    """The URL of an empty database of this test's own, dropped after it together with whoever is still connected."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        yield _with_database(postgres_url, name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis server that keeps nothing."""
    with redis_server() as url:
        yield url


@contextmanager
def redis_server() -> Iterator[str]:
    """The given Redis server, or one of our own until the block ends."""
    given = os.environ.get("DUTYDESK_TEST_REDIS")
    if given:
        yield given
        return
    server = shutil.which("redis-server") or pytest.skip("redis-server is not installed")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="dutydesk-redis-") as folder:
        command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        with _serving([*_dies_with_us(), *command], "Ready to accept connections", Path(folder)):
            yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def fresh_redis(redis_url: str) -> str:
    """The URL of an empty Redis database."""
    from redis import Redis  # this and the next: the pure tests do without

    with Redis.from_url(redis_url) as client:
        client.flushdb()
    return redis_url


@pytest.fixture
async def browser() -> AsyncIterator["Browser"]:
    """Headless Chromium with a profile of its own."""
    from playwright.async_api import async_playwright

    path = shutil.which("chromium") or pytest.skip("chromium is not installed")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        try:
            yield chromium
        finally:
            await chromium.close()


def free_port() -> int:
    """A TCP port of 127.0.0.1 on which nobody listens at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _postgres(folder: Path) -> Iterator[str]:
    new_postgres(folder)
    with postgres_on(folder) as url:
        yield url


def new_postgres(folder: Path) -> None:
    """A data folder for a server of our own, `data` in this folder."""
    programs = _newest_postgres() or pytest.skip("PostgreSQL is not installed")
    own_by_postgres(folder)
    subprocess.run(_initdb(programs, folder / "data"), check=True, stdout=subprocess.DEVNULL, cwd=folder)


@contextmanager
def postgres_on(folder: Path, port: int = 0) -> Iterator[str]:
    """A server on `data` in this folder until the block ends."""
    programs, port = _newest_postgres(), port or free_port()
    assert programs
    settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder}
    settings |= {"shared_buffers": "32MB", "max_wal_size": "256MB", "max_connections": 60}
    command = [str(programs / "postgres"), "-D", str(folder / "data")]
    command += [f"--{name}={value}" for name, value in settings.items()]
    with _serving([*_as_postgres(), *_dies_with_us(), *command], "ready to accept", folder):
        yield f"postgresql://dutydesk@127.0.0.1:{port}/postgres"


def own_by_postgres(folder: Path) -> None:
    """PostgreSQL serves only what is its own."""
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "postgres:postgres", str(folder)], check=True)


def _initdb(programs: Path, data: Path) -> list[str]:
    options = ["--username=dutydesk", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    return [*_as_postgres(), str(programs / "initdb"), "-D", str(data), *options]


def _newest_postgres() -> Path | None:
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda path: float(path.parent.name), default=None)


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _dies_with_us() -> list[str]:
    """A test run that is killed must not leave servers behind."""
    return ["setpriv", "--pdeathsig=INT"] if shutil.which("setpriv") else []


@contextmanager
def _serving(command: list[str], ready: str, folder: Path) -> Iterator[None]:
    """Runs a server from the moment it says that it is ready; what it says goes to a log in its folder."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
    assert process.stdout
    drain = threading.Thread(target=process.stdout.read, daemon=True)
    try:
        _await_line(process, ready)
        drain.start()
        yield
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL would let connected clients finish at SIGTERM
        process.wait(START_SECONDS)
        if drain.ident:
            drain.join()
        process.stdout.close()


def _await_line(process: "subprocess.Popen[str]", ready: str) -> None:
    assert process.stdout
    limit = threading.Timer(START_SECONDS, process.kill)
    limit.start()
    said = []
    for line in process.stdout:
        said.append(line)
        if ready in line:
            limit.cancel()
            return
    limit.cancel()
    raise RuntimeError("the server did not start:\n" + "".join(said))


def _with_database(url: str, name: str) -> str:
    """The same server, another database. A name of the form key=value is understood too."""
    if "://" not in url:
        return conninfo.make_conninfo(url, dbname=name)
    server, _, options = url.partition("?")
    scheme, rest = server.split("://", 1)
    return f"{scheme}://{rest.split('/')[0]}/{name}" + (f"?{options}" if options else "")
