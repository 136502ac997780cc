"""Keeps pairs of towns and units (互建) true: after a change of the directory those it touches lapse, and what is due is asked by itself.

A kept cursor is not needed: a pair is looked at whenever the directory this hub knows is another than the one it looked at last.
"""

from contextlib import suppress
from typing import Any, NamedTuple

import orjson

from dutydesk.clock import MINUTE, Clock, day
from dutydesk.domain import crons
from dutydesk.domain.check_policy import Pairing
from dutydesk.domain.directory import Directory
from dutydesk.domain.pair_lists import due_units, stale
from dutydesk.domain.pairs import AskPairs, ReviewPair
from dutydesk.errors import KeyReused
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.store.tx import Folds, refresh_policy

LOOK_EVERY = 5 * MINUTE


class _Known(NamedTuple):
    pairing: Pairing
    directory: Directory
    rows: dict[str, dict[str, Any]]


class Pairings:
    """The worker. With nothing asked and nothing configured it does nothing."""

    name = "pairings"

    def __init__(self, hub: Hub, clock: Clock) -> None:
        self._hub, self._clock = hub, clock
        self._folds = Folds()
        self._since = clock.now()
        self._seen: Directory | None = None

    async def run_once(self) -> int | None:
        """Review what the directory has overtaken, ask what is due today. Returns when to look again."""
        since, now = self._since, self._clock.now()
        known = await self._hub.read(self._known)
        if known.directory is not self._seen:
            for pair in stale(known.directory, known.rows):
                await self._hub.handle(f"pair/{pair}", ReviewPair(), key="", by="desk")
            self._seen = known.directory
        if known.pairing.per_day and crons.following(known.pairing.at, since) <= now:
            await self._ask(known, now)
        self._since = now
        return now + LOOK_EVERY

    async def _ask(self, known: _Known, now: int) -> None:
        """A key a place in the day, not a unit: another hub, which no longer sees as due what this one asked, asks nobody beyond them."""
        due = due_units(known.directory, known.rows, now, known.pairing.every_days)
        for place, unit in enumerate(due[: known.pairing.per_day]):
            wish, key = AskPairs(unit=unit, quiet=True), f"pairing:{day(now)}:{place}"
            with suppress(KeyReused):
                await self._hub.handle(f"pairing/{unit}", wish, key=key, by="desk")

    def _known(self, connection: Connection) -> _Known:
        kept = refresh_policy(connection, self._folds)
        rows = {row[1]: orjson.loads(row[6]) for row in connection.all("rows_of_kind", "pair")}
        return _Known(kept.rules.checks.pairing, kept.directory, rows)
