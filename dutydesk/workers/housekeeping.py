"""The desk's chores: a watch is always running, the provider's list is swept for what a webhook missed, old sessions go, the
wall clock is compared with the monotonic one."""

import logging
import time
from collections.abc import Mapping

import orjson

from dutydesk.channels.inbound import as_command, stream_of, under_a_name_of_its_own
from dutydesk.channels.port import Channel, Inbound
from dutydesk.clock import DAY, HOUR, MINUTE, SECOND, Clock, SystemClock, to_datetime
from dutydesk.domain.calendars import KeepCalendar
from dutydesk.domain.desks import NoteClockStep
from dutydesk.domain.holiday_rosters import ForeseeHoliday
from dutydesk.domain.holidays import spans
from dutydesk.domain.inwards import LogInward
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import split
from dutydesk.domain.watches import StartWatch, term_at
from dutydesk.domain.zero_reports import missed, zero_report
from dutydesk.errors import Refused, Unavailable
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.store.journal import seq_at
from dutydesk.store.tx import read_rules

SWEEP_EVERY = 3 * MINUTE  # Twilio drops a webhook after 15 s; its message list keeps the message
SWEEP_BACK = 20 * MINUTE
FIRST_SWEEP_BACK = DAY  # after a start: whatever came while we were away
SESSIONS_LIVE = 12 * HOUR
LIMITS_LIVE = 2 * DAY  # no bound of ours counts over more than a day
MONTH = 31 * DAY
DAYS_AHEAD = 5  # before units are asked for their rosters, the holiday is on the board
log = logging.getLogger("dutydesk.housekeeping")


class Housekeeping:
    """The worker of the chores; `run_once` does those whose time has come."""

    name = "housekeeping"

    def __init__(self, hub: Hub, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self._hub, self._clock, self._channels = hub, clock, channels
        self._swept_at = 0
        self._swept_first = False
        self._offset: int | None = None

    async def run_once(self) -> int | None:
        """Returns when the next chore is due."""
        await self._try_again()
        await self._compare_clocks()
        await self._keep_watch()
        if self._clock.now() - self._swept_at >= SWEEP_EVERY:
            self._swept_at = self._clock.now()
            await self.sweep(SWEEP_BACK if self._swept_first else FIRST_SWEEP_BACK)
            if not self._swept_first:
                await self._catch_up_zero_reports()
            self._swept_first = True
            await self._keep_calendar()
            await self._keep_holidays()
            await self._ask_zero_report()
            await self._hub.beside(self._forget)
        return self._clock.now() + 30 * SECOND

    async def _try_again(self) -> None:
        """A hub that could not write tries by itself: while it is not ready a proxy brings it no input to try with."""
        if not self._hub.health.writable:
            await self._hub.beside(lambda _connection: None)

    def _forget(self, connection: Connection) -> None:
        """What may go: sessions of another shift, counts of a bygone day, reads older than the policy keeps them."""
        now = self._clock.now()
        connection.run("drop_sessions_before", now - SESSIONS_LIVE)
        connection.run("drop_limits_before", now - LIMITS_LIVE)
        connection.run("drop_reads_before", now - read_rules(connection).security.log_months * MONTH)

    async def sweep(self, back: int) -> int:
        """Take in what the providers have and we do not. Returns how many messages they listed."""
        seen = 0
        for name, channel in self._channels.items():
            try:
                found = await channel.inbound_since(self._clock.now() - back)
            except (Unavailable, OSError) as error:
                log.warning("sweep of %s failed: %s", name, type(error).__name__)
                continue
            for inbound in found:
                await self._take_in(inbound)
            seen += len(found)
        return seen

    async def _take_in(self, inbound: Inbound) -> None:
        try:
            entries = await self._hub.handle(
                stream_of(inbound.key), as_command(inbound), key=inbound.key, by=inbound.via
            )
            if entries and (other := under_a_name_of_its_own(inbound, entries[0].event)):
                await self._hub.handle(stream_of(other.key), as_command(other), key=other.key, by=other.via)
        except Refused as error:
            log.info("sweep: %s", error)

    async def _keep_watch(self) -> None:
        current, rules = await self._hub.read(_current_watch)
        if not current and rules.shifts:
            term = term_at(rules.shifts, self._clock.now())
            await self._hub.handle(f"watch/{term.id}", StartWatch(term=term), key="", by="desk")

    async def _keep_calendar(self) -> None:
        """The timers of periodical circulars fit the configuration, also one changed while the desk runs."""
        armed, rules = await self._hub.read(_calendar)
        if armed != {period.kind: [period.at, period.scheme] for period in rules.circulars.periods}:
            await self._hub.handle("calendar/circulars", KeepCalendar(), key="", by="desk")

    async def _keep_holidays(self) -> None:
        """Each holiday and marked period ahead has its stream, which asks and sends in time."""
        rules, known = await self._hub.read(_holidays)
        now = self._clock.now()
        for span in spans(rules.roster, to_datetime(now).date(), rules.roster.ask_days + DAYS_AHEAD):
            id = f"{span.first:%Y%m%d}"
            if id not in known:
                first, last = span.first.isoformat(), span.last.isoformat()
                wish = ForeseeHoliday(name=span.name, first=first, last=last, kind=span.kind)
                await self._hub.handle(f"holiday/{id}", wish, key="", by="desk")

    async def _ask_zero_report(self) -> None:
        """The day's report of a holiday or marked period is asked for in time, once."""
        owed = zero_report(await self._hub.read(read_rules), self._clock.now())
        if owed and not await self._hub.read(lambda c: c.one("row", *split(owed[0]))):
            # under a key: another hub asks at the same instant
            await self._hub.handle(*owed, key=f"zero-report:{owed[0]}", by="desk")

    async def _catch_up_zero_reports(self) -> None:
        """Hours that passed while no hub ran are asked for now, late from the first instant."""
        now = self._clock.now()
        for stream, wish in await self._hub.read(lambda connection: _slept_through(connection, now)):
            await self._hub.handle(stream, wish, key=f"zero-report:{stream}", by="desk")

    async def _compare_clocks(self) -> None:
        now = self._clock.now()
        offset = now - int(time.monotonic() * SECOND)
        if self._offset is not None and abs(offset - self._offset) > SECOND and self._is_wall_clock():
            before = now - (offset - self._offset)
            await self._hub.handle("desk/main", NoteClockStep(before=before, after=now), key="", by="hub")
        self._offset = offset

    def _is_wall_clock(self) -> bool:
        return isinstance(self._clock, SystemClock)


def _slept_through(connection: Connection, now: int) -> list[tuple[str, LogInward]]:
    """Zero reports of the last days that nobody was asked for, and in whose hours of asking nothing at all was written."""
    rules = read_rules(connection)
    window = rules.zero_report.ask_minutes * MINUTE
    found = []
    for by, stream, wish in missed(rules, now):
        last = connection.one("entry_at", seq_at(connection, by) - 1)
        if last and last[0] < by - window and not connection.one("row", *split(stream)):
            found.append((stream, wish))
    return found


def _calendar(connection: Connection) -> tuple[dict[str, list[str]], Rules]:
    row = connection.one("row", "calendar", "circulars")
    return orjson.loads(row[4])["armed"] if row else {}, read_rules(connection)


def _holidays(connection: Connection) -> tuple[Rules, set[str]]:
    return read_rules(connection), {row[1] for row in connection.all("rows_of_kind", "holiday")}


def _current_watch(connection: Connection) -> tuple[bool, Rules]:
    current = connection.all("rows_by_ref", "watch.current", "1", 5)
    return any(row[2] for row in current), read_rules(connection)
