"""Lives of hubs on one store, ended at random instants, and the judge after each. What the crash tests share; figures go to a file.

`DUTYDESK_CRASH_LOG` names a file to which each storm adds one JSON line of counts; docs/reliability.md is made of them.
"""

import json
import os
import random
import shutil
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg

from dutydesk.clock import SystemClock
from tests.crash.history import judge
from tests.crash.life import Life, Nursery
from tests.crash.orders import Orders
from tests.crash.provider import sent
from tests.kit import sqlite

SPEED = 20  # how much faster the desk's clock runs, so that pages climb and leases end within a life
LOAD = 100_000  # more than a life can take in: it is killed first


@dataclass(slots=True)
class Storm:
    """One store and what its senders were told. `orders` of the lives; inputs are numbered on from life to life."""

    nursery: Nursery
    orders: Orders
    acknowledged: set[str] = field(default_factory=set)
    kills: int = 0
    refused: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    _next: Counter[str] = field(default_factory=Counter)

    def begin(self, **more: Any) -> Life:
        given = replace(self.orders, **more)
        first = self._next[given.name]
        self._next[given.name] += 10_000
        return self.nursery.begin(replace(given, first=first))

    def hear(self, life: Life, lines: int) -> None:
        """Listen to so many answers."""
        for _ in range(lines):
            self.note(life.said.readline())

    def note(self, line: str) -> None:
        words = line.split()
        if words and words[0] == "ok":
            self.acknowledged.add(words[1])
        if words and words[0] == "no":
            self.refused += 1

    def until(self, life: Life, word: str, times: int = 1) -> None:
        """Listen until it has answered so often with `word`: ok or no."""
        while line := life.said.readline():  # a life that lasts too long is ended
            self.note(line)
            times -= line.startswith(f"{word} ")
            if times == 0:
                return
        raise AssertionError(f"it never said {word}")

    def kill(self, *lives: Life) -> None:
        for life in lives:
            life.kill()
        self.kills += len(lives)
        self.end(*lives)

    def end(self, *lives: Life) -> None:
        """Hear what they still say until they have ended."""
        for life in lives:
            for line in life.rest():
                self.note(line)

    def judge(self) -> list[str]:
        """What is broken now."""
        if self.orders.url.startswith("postgresql"):
            until_alone(self.orders.url)
        found = judge(self.orders.url, self.acknowledged, sent(Path(self.orders.sent)))
        self.counts = found.counts
        return found.broken

    def log(self, name: str) -> None:
        """Add the counts to the file of figures, when one is named."""
        path = os.environ.get("DUTYDESK_CRASH_LOG")
        if path:
            line = {"storm": name, "kills": self.kills, "refused": self.refused} | self.counts
            with Path(path).open("a") as kept:
                kept.write(json.dumps(line) + "\n")


def on_sqlite(nursery: Nursery, furnished: Path, folder: Path, **more: Any) -> Storm:
    """A storm on a copy of the furnished store."""
    shutil.copytree(furnished, folder)
    given = Orders(sqlite(folder), str(folder / "sent.txt"), load=LOAD, mixed=True, speed=SPEED, base=now(), **more)
    return Storm(nursery, given)


def on_postgres(nursery: Nursery, url: str, folder: Path, **more: Any) -> Storm:
    """A storm on an empty database, furnished first."""
    given = Orders(url, str(folder / "sent.txt"), load=0, furnish=True, mixed=True, base=now())
    assert nursery.lived(given)[1] == 0
    return Storm(nursery, replace(given, load=LOAD, furnish=False, speed=SPEED, **more))


def now() -> int:
    return SystemClock().now()


def kill_at_random(storm: Storm, kills: int, seed: int, names: tuple[str, ...] = ("a",)) -> None:
    """So many kills of one hub, or of each of several in turn while the others go on; judged after each round."""
    dice = random.Random(seed)
    while storm.kills < kills:
        lives = {name: storm.begin(name=name) for name in names}
        for _ in range(dice.randint(1, 3)):
            for life in lives.values():
                storm.hear(life, dice.randint(1, 30))
            if len(names) > 1:
                name = dice.choice(names)
                storm.kill(lives[name])
                lives[name] = storm.begin(name=name)
        storm.kill(*lives.values())
        assert storm.judge() == []
    assert storm.acknowledged


def until_alone(url: str) -> None:
    """Wait until the server has noticed that the killed hubs are gone: what they were committing has happened or not."""
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(400):
            others = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
            if others == (0,):
                return
            connection.execute("SELECT pg_sleep(0.025)")
    raise AssertionError("sessions of killed hubs remain")
