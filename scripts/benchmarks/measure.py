"""Figures and how they are read: one sample of ours and one of the floor per round, the ratio of each round, and the CPU others used."""

import os
import platform
import sqlite3
import statistics
import subprocess
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

TICKS = os.sysconf("SC_CLK_TCK")
NOISY = 0.15  # share of the machine: a round with more of it used by others is marked, and left out where two quiet ones remain


@dataclass(frozen=True, slots=True)
class Round:
    """One round: ours, the floor beside it (0: there is none), their ratio, and the share of the machine that others used."""

    ours: float
    floor: float
    ratio: float
    foreign: float


@dataclass(frozen=True, slots=True)
class Target:
    """What must be reached: `of` names the number judged, `at_least` its direction."""

    of: Literal["ratio", "ours"]
    at_least: bool
    value: float

    def met(self, value: float) -> bool:
        return value >= self.value if self.at_least else value <= self.value

    def __str__(self) -> str:
        unit = " x" if self.of == "ratio" else ""
        return f"{'≥' if self.at_least else '≤'} {self.value:,g}{unit}"


@dataclass(slots=True)
class Figure:
    """One line of the table. `floor` says what stands beside it; without a target it is for information."""

    name: str
    unit: str
    floor: str
    target: Target | None = None
    rounds: list[Round] = field(default_factory=list)
    note: str = ""

    def add(self, ours: float, floor: float, foreign: float, ratio: float | None = None) -> None:
        """Take a round in; the ratio is ours to the floor unless given."""
        shared = ratio if ratio is not None else (ours / floor if floor else 0.0)
        self.rounds.append(Round(ours, floor, shared, foreign))

    def median(self, name: Literal["ours", "floor", "ratio", "foreign"]) -> float:
        return float(statistics.median(getattr(one, name) for one in self.judged))

    @property
    def judged(self) -> list[Round]:
        """The quiet rounds where at least two are; otherwise all."""
        quiet = [one for one in self.rounds if one.foreign <= NOISY]
        return quiet if len(quiet) >= 2 else self.rounds

    @property
    def met(self) -> bool | None:
        return self.target.met(self.median(self.target.of)) if self.target else None

    def record(self) -> dict[str, Any]:
        """The figure as one JSON object."""
        target = {"target": str(self.target), "met": self.met} if self.target else {}
        medians = {name: self.median(name) for name in ("ours", "floor", "ratio")}
        rounds = [asdict(one) for one in self.rounds]
        medians["rounds_judged"] = len(self.judged)
        about = {"figure": self.name, "unit": self.unit, "against": self.floor, "note": self.note}
        return {**about, **medians, **target, "rounds": rounds}


class Foreign:
    """The share of the machine that processes outside our tree used since `__init__`. A server started elsewhere counts as foreign."""

    def __init__(self) -> None:
        self._busy, self._ours, self._since = _busy(), _tree(os.getpid()), time.monotonic()

    def share(self) -> float:
        elapsed = time.monotonic() - self._since
        used = (_busy() - self._busy) - (_tree(os.getpid()) - self._ours)
        return round(max(0.0, used / (elapsed * (os.cpu_count() or 1))), 3) if elapsed else 0.0


def await_quiet(seconds: float) -> None:
    """Wait until others leave the machine alone for half a second, but no longer than so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        foreign = Foreign()
        subprocess.run(["sleep", "0.5"], check=True)
        if foreign.share() <= NOISY:
            return


def _busy() -> float:
    """CPU seconds used by everybody since the machine started; idle and waiting time left out."""
    fields = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    user, nice, system, _idle, _wait, irq, softirq, steal = fields
    return (user + nice + system + irq + softirq + steal) / TICKS


def _tree(root: int) -> float:
    """CPU seconds of a process, its descendants, and their children that were waited for."""
    parents, used = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(words[1])
        used[int(folder.name)] = sum(int(word) for word in words[11:15]) / TICKS
    return sum(seconds for process, seconds in used.items() if _descends(process, root, parents))


def _descends(process: int, root: int, parents: dict[int, int]) -> bool:
    while process and process != root:
        process = parents.get(process, 0)
    return process == root


def resident(process: int) -> float:
    """Memory of a process in MB (resident set)."""
    return _status(process, "VmRSS") / 1024


def descendants_resident(process: int) -> float:
    """Memory of a process and its children in MB; pages they share are counted for each."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    children = [child for task in tasks for child in task.read_text().split()]
    return resident(process) + sum(descendants_resident(int(child)) for child in children)


def _status(process: int, name: str) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgres": _postgres_version(),
        "idle": round(_idle_share(), 3),
    }


def _postgres_version() -> str:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not programs:
        return ""
    said = subprocess.run([str(programs[-1]), "--version"], capture_output=True, text=True, check=False).stdout
    return said.split()[2] if len(said.split()) > 2 else said.strip()


def _idle_share() -> float:
    """Of one second before the first figure."""
    busy, since = _busy(), time.monotonic()
    subprocess.run(["sleep", "1"], check=True)
    elapsed = (time.monotonic() - since) * (os.cpu_count() or 1)
    return max(0.0, 1 - (_busy() - busy) / elapsed)


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]
