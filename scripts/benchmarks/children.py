"""Child processes that speak in lines of JSON: one request a line in, one answer a line out. They end when their input does."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from scripts.benchmarks.places import ROOT

PATIENCE = 120.0  # seconds until a child that does not end is killed


class Child:
    """A running module of this package."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", f"scripts.benchmarks.{module}", *arguments]
        self._module = module
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def hear(self) -> dict[str, Any]:
        """The next line it says. Raises RuntimeError when it has ended."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} ended with {self._process.wait()}")
        said: dict[str, Any] = json.loads(line)
        return said

    def ask(self, **request: Any) -> dict[str, Any]:
        """Say a line, hear the answer."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self.hear()

    def kill(self) -> None:
        """SIGKILL, and wait."""
        self._process.kill()
        self._process.wait()

    def end(self) -> int:
        """Close its input and wait for it."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.close()
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self._process.stdout.close()


@contextmanager
def running(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Iterator[Child]:
    """A child for as long as the block lasts."""
    child = Child(module, *arguments, environment=environment)
    try:
        yield child
    except BaseException:
        child.kill()
        raise
    child.end()


def say(**answer: Any) -> None:
    """Said by a child."""
    print(json.dumps(answer), flush=True)
