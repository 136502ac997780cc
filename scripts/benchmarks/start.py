"""Starting with a million journal entries: from the command `dutydesk serve` to /readyz answering 200, and the memory after it."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dutydesk.store.store import Store, head
from scripts.benchmarks import served
from scripts.benchmarks.history import build
from scripts.benchmarks.measure import Figure, Foreign, Target, descendants_resident, resident
from scripts.benchmarks.options import Options
from scripts.benchmarks.places import RESULTS, ROOT, folder
from tests.services import free_port

MILLION = 1_000_000
LOOK = 0.01  # seconds between two looks at /readyz
PATIENCE = 60.0
SETTLED = 2.0  # seconds after which memory is looked at: every worker has had its turn


def figures(options: Options) -> Iterator[Figure]:
    """Start with the long journal, the same with an empty one beside it, and memory."""
    entries = MILLION // 10 if options.quick else MILLION
    long = cached(entries)
    ready = Figure(f"start with {entries:,} entries", "s", "empty store", Target("ours", False, 2.0))
    after = Figure("killed by kill -9, serving again", "s", "empty store", Target("ours", False, 2.0))
    memory = Figure("memory after the start", "MB", "empty store", Target("ours", False, 150.0))
    with folder() as made:
        empty = made / "desk.sqlite"
        for path in (long, empty):
            _start(path)  # takes the sample city over, which every later start finds there
        for _ in options.turns():
            _round(long, empty, (ready, after, memory))
    yield from (ready, after, memory)


def _round(long: Path, empty: Path, lines: tuple[Figure, Figure, Figure]) -> None:
    ready, after, memory = lines
    foreign = Foreign()
    floor, ours, again = _start(empty), _start(long, kill=True), _start(long)
    ready.add(ours[0], floor[0], foreign.share())
    after.add(again[0], floor[0], foreign.share())
    memory.add(again[1], floor[1], foreign.share())
    memory.note = f"the serving process; {again[2]:.0f} MB with its reader processes, shared pages counted twice"


def cached(entries: int) -> Path:
    """A store with so many entries, made once and kept among the results; made anew when it does not fit."""
    path = RESULTS / f"history-{entries}.sqlite"
    if not (path.exists() and _fits(path, entries)):
        path.unlink(missing_ok=True)
        RESULTS.mkdir(exist_ok=True)
        build(path, entries)
    return path


def _fits(path: Path, entries: int) -> bool:
    store = Store(f"sqlite:///{path}")
    try:
        return store.read(head).seq >= entries
    except Exception:
        return False
    finally:
        store.close()


def _start(path: Path, *, kill: bool = False) -> tuple[float, float, float]:
    """Seconds until ready, MB of the process, MB with its children; ended by SIGTERM, or by SIGKILL."""
    port = free_port()
    with _serving(path, port, kill) as process:
        since = time.perf_counter()
        while not _ready(port):
            if process.poll() is not None or time.perf_counter() - since > PATIENCE:
                raise RuntimeError(f"`dutydesk serve` is not ready; see {path.with_name('serve.log')}")
            time.sleep(LOOK)  # noqa: TID251  the clock of this loop is what it measures
        elapsed = time.perf_counter() - since
        time.sleep(SETTLED)  # noqa: TID251
        return elapsed, resident(process.pid), descendants_resident(process.pid)


@contextmanager
def _serving(path: Path, port: int, kill: bool) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "dutydesk", "serve"]
    environment = served.environment(f"sqlite:///{path}", port)
    with path.with_name("serve.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill() if kill else process.terminate()
            process.wait(PATIENCE)


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
