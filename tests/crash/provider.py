"""A provider whose log outlives the hub. It can lose its answers, be busy and refuse, by a seed."""

import os
import random
from collections.abc import Callable
from pathlib import Path

from dutydesk.channels.port import Inbound, Outgoing
from dutydesk.domain.outcomes import Accepted, Busy, Outcome, Rejected, Unknown


class FakeProvider:
    """What it took stands in its log, one key a line, before it answers."""

    name = "main"

    def __init__(self, path: Path, die: Callable[[str], None], faults: int) -> None:
        self._path, self._die = path, die
        self._dice = random.Random(f"{faults}.{os.getpid()}") if faults else None

    async def send(self, outgoing: Outgoing) -> Outcome:
        once = " once" if outgoing.key.startswith("once") else ""
        self._die(f"send{once}")
        fate = self._dice.randrange(100) if self._dice else 99
        if fate < 18:
            return _not_taken(fate)
        with self._path.open("a") as kept:
            kept.write(f"{outgoing.key}\n")
        self._die(f"sent{once}")
        if fate < 30:
            raise ConnectionResetError("the answer was lost")
        return Accepted(provider_id=f"SM-{outgoing.key}")

    async def find(self, outgoing: Outgoing) -> Accepted | None:
        return Accepted(provider_id=f"SM-{outgoing.key}") if outgoing.key in sent(self._path) else None

    async def inbound_since(self, _instant: int) -> list[Inbound]:
        return []

    async def close(self) -> None:
        return None


def _not_taken(fate: int) -> Outcome:
    if fate < 6:
        return Unknown(detail="503")
    return Busy() if fate < 12 else Rejected(code="30001", remedy="retry")


def sent(path: Path) -> list[str]:
    """The keys that a provider took, in order."""
    return path.read_text().split() if path.exists() else []
