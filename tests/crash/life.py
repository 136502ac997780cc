"""Lives of a hub, begun and ended from outside. A nursery has imported everything and forks, so that a life costs no start of Python."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.crash.orders import Orders

ROOT = Path(__file__).parents[2]
LONGEST = 60  # seconds a life may last, then it is ended and the test fails
PATIENCE = 90  # seconds to wait for the nursery


class Life:
    """One process with a hub. `said` reads what it answered; it ends by itself or by `kill`."""

    def __init__(self, pid: int, out: int, nursery: "Nursery") -> None:
        self.pid, self.said, self._nursery = pid, os.fdopen(out, "r"), nursery
        self._status: int | None = None
        self._limit = threading.Timer(LONGEST, self.kill)
        self._limit.start()

    def kill(self) -> None:
        self.signal(signal.SIGKILL)

    def signal(self, number: int) -> None:
        if self._status is None:
            os.kill(self.pid, number)

    def rest(self) -> list[str]:
        """Everything it still says until it has ended."""
        lines = self.said.read().split("\n")
        self.wait()
        return [line for line in lines if line]

    def wait(self) -> int:
        """Its exit status once it has ended; negative: by that signal."""
        if self._status is None:
            self._status = self._nursery.bury(self.pid)
            self._limit.cancel()
            self.said.close()
        return self._status

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if self._status is None:
            self.kill()
            self.wait()


class Nursery:
    """The process that forks lives and waits for their ends. Ended by `close`, and when its parent goes."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        self._line.settimeout(PATIENCE)
        command = [sys.executable, "-m", "tests.crash.child", "--nursery", str(theirs.fileno())]
        self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()])
        theirs.close()
        self._turn = threading.Lock()

    def begin(self, orders: Orders) -> Life:
        ours, theirs = os.pipe()
        with self._turn:
            socket.send_fds(self._line, [json.dumps(asdict(orders)).encode()], [theirs])
            os.close(theirs)
            pid = int(self._line.recv(64))
        return Life(pid, ours, self)

    def lived(self, orders: Orders) -> tuple[list[str], int]:
        """Run a life to its end. What it had acknowledged, and how it ended."""
        life = self.begin(orders)
        said = life.rest()
        return [line[3:] for line in said if line.startswith("ok ")], life.wait()

    def bury(self, pid: int) -> int:
        with self._turn:
            self._line.send(json.dumps({"bury": pid}).encode())
            return int(self._line.recv(64))

    def close(self) -> None:
        self._line.close()
        self._process.wait(PATIENCE)
