"""Draws what starts by itself: rounds of spot checks, and the contacts whose numbers are to prove themselves again.

Chance is here and nowhere else: the draw goes into the command, and the journal keeps it. A hub that comes late draws within what is left.
"""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson

from dutydesk.clock import DAY, MINUTE, Clock, day, to_datetime
from dutydesk.domain import crons
from dutydesk.domain.check_policy import Proving, Round
from dutydesk.domain.check_rounds import Pick, PlanRound
from dutydesk.domain.coverage import Proven, owing, proven
from dutydesk.domain.directory import Directory
from dutydesk.domain.proofs import AskProof
from dutydesk.domain.rules import Rules
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.store.tx import Folds, refresh_policy

LOOK_EVERY = 10 * MINUTE  # at the latest: the rules may have changed


class _Policy(NamedTuple):
    rules: Rules
    directory: Directory


class SpotChecks:
    """The worker that draws. With no rounds configured it does nothing."""

    name = "spot-checks"

    def __init__(self, hub: Hub, clock: Clock, chance: random.Random | None = None) -> None:
        self._hub, self._clock, self._chance = hub, clock, chance or random.SystemRandom()
        self._since = clock.now()
        self._folds = Folds()

    async def run_once(self) -> int | None:
        """Draw every round that has begun since the last look. Returns when to look again."""
        since, now = self._since, self._clock.now()
        policy = await self._hub.read(self._policy)
        checks = policy.rules.checks
        for one in checks.rounds:
            for begins in _begun(one.at, since - one.within_minutes * MINUTE, now):
                await self._draw(one, begins, policy.directory)
        if checks.proving.per_day and list(_begun(checks.proving.at, since, now)):
            await self._prove(checks.proving, policy.directory)
        self._since = now
        rules = [one.at for one in checks.rounds] + ([checks.proving.at] if checks.proving.per_day else [])
        return min((now + LOOK_EVERY, *(crons.following(rule, now) for rule in rules)))

    async def _draw(self, one: Round, begins: int, directory: Directory) -> None:
        now, ends = self._clock.now(), begins + one.within_minutes * MINUTE
        id = f"{one.name}-{to_datetime(begins):%Y%m%d%H%M}"
        if ends < now - LOOK_EVERY or await self._hub.read(lambda c: bool(c.one("row", "checkround", id))):
            return
        units = _units(one, directory)
        chosen = self._chance.sample(units, min(one.count, len(units))) if one.count else units
        picks = tuple(Pick(unit=unit, at=self._chance.randint(max(begins, now), max(ends, now))) for unit in chosen)
        wish = PlanRound(
            name=one.name,
            origin="random" if one.within_minutes or one.count else "scheduled",
            target=one.target,
            way=one.way,
            picks=picks,
        )
        await self._hub.handle(f"checkround/{id}", wish, key=f"draw:{id}", by="desk")

    def _policy(self, connection: Connection) -> _Policy:
        kept = refresh_policy(connection, self._folds)
        return _Policy(kept.rules, kept.directory)

    async def _prove(self, proving: Proving, directory: Directory) -> None:
        """A key a place in the day, not a contact: another hub, to which those asked here are no longer owing, asks nobody beyond them."""
        now = self._clock.now()
        found = await self._hub.read(_proven)
        for place, contact in enumerate(owing(directory, found, now, proving.every_days)[: proving.per_day]):
            wish, key = AskProof(contact=contact, quiet=True), f"prove:{day(now)}:{place}"
            await self._hub.handle(f"proof/{contact}", wish, key=key, by="desk")


def _begun(rule: str, after: int, until: int) -> Iterator[int]:
    """Instants of a rule in (after, until]; of a long sleep only the last two days."""
    at = crons.following(rule, max(after, until - 2 * DAY))
    while at <= until:
        yield at
        at = crons.following(rule, at)


def _units(one: Round, directory: Directory) -> Sequence[str]:
    listed = [unit.code for unit in directory.units if unit.kind in one.kinds]
    return list(dict.fromkeys([*(code for code in one.units if code in directory.unit_by_code), *listed]))


def _proven(connection: Connection) -> dict[str, Proven]:
    return proven((row[1], orjson.loads(row[6])) for row in connection.all("rows_of_kind", "proof"))
