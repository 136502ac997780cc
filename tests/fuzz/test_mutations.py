"""Every parser against spoiled samples: read or refused in words, within a second, in bounded memory, nothing that came lost.

The long form is a million cases in all; `DUTYDESK_FUZZ_LOG=FILE` collects a line a parser. A seed gives the same cases every time.
"""

import gc
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Never

import pytest

from dutydesk.errors import DeskError
from tests.fuzz.mutation import spoiled
from tests.fuzz.parsers import PARSERS

pytestmark = pytest.mark.filterwarnings("ignore")  # openpyxl warns of what it then leaves out
SHORT, LONG = 150, 1_000_000
SEED = int(os.environ.get("DUTYDESK_FUZZ_SEED", "1"))
LIMIT = 1.0  # seconds of the process's own time for one case
GROWN = 48.0  # MB that may stay after the first fifth of a run: caches that fill


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_spoiled_is_read_or_refused(name: str) -> None:
    _hold(name, SHORT)


@pytest.mark.long
@pytest.mark.parametrize("name", PARSERS)
def test_a_million_cases(name: str) -> None:
    whole = sum(parser.weight for parser in PARSERS.values())
    _hold(name, round(LONG * PARSERS[name].weight / whole))


def _hold(name: str, cases: int) -> None:
    parser, dice = PARSERS[name], random.Random(f"{SEED} {name}")
    read, slowest = 0, 0.0
    since, settled = time.process_time(), 0.0
    with _bounded():
        for number, case in enumerate(islice(spoiled(parser.samples, dice), cases), start=1):
            began = time.process_time()
            signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
            read += _reads(name, case)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            slowest = max(slowest, time.process_time() - began)
            if number == cases // 5:
                settled = _resident()
    grown = _resident() - settled
    told = {"parser": name, "cases": cases, "read": read, "slowest_ms": round(slowest * 1e3, 1)}
    _log(told | {"grown_mb": round(grown, 1), "seconds": round(time.process_time() - since, 1)})
    assert slowest <= LIMIT
    assert grown <= GROWN


def _reads(name: str, case: bytes) -> bool:
    try:
        PARSERS[name].read(case)
    except DeskError:
        return False
    except BaseException as error:
        error.add_note(f"{name}, seed {SEED}: {case[:4_000]!r}")
        raise
    return True


@contextmanager
def _bounded() -> Iterator[None]:
    """A case that does not end is ended."""

    def too_long(_number: int, _frame: FrameType | None) -> Never:
        raise TimeoutError(f"longer than {LIMIT} s")

    before = signal.signal(signal.SIGVTALRM, too_long)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _resident() -> float:
    """Megabytes of this process."""
    gc.collect()
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def _log(told: dict[str, object]) -> None:
    if path := os.environ.get("DUTYDESK_FUZZ_LOG"):
        with Path(path).open("a", encoding="utf-8") as log:
            log.write(json.dumps(told, ensure_ascii=False) + "\n")
