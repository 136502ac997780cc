"""Writes the circulars that were asked for: counts the entries outside the pen and hands tally and draft in."""

from collections.abc import Iterator
from functools import partial
from heapq import merge
from typing import Any, NamedTuple

import orjson

from dutydesk.clock import Clock
from dutydesk.domain import briefs, coverage_figures, scoring, summaries, tallying
from dutydesk.domain.circulars import CircularRequested, DraftCircular, Figure
from dutydesk.domain.counted import Counted
from dutydesk.domain.directory import Directory
from dutydesk.domain.rules import Rules
from dutydesk.domain.summaries import figures, items, summary
from dutydesk.domain.tallies import KeepTally, Scored, UnitTally, by_district
from dutydesk.domain.tallying import Tallied, instant
from dutydesk.domain.verbs import Command, Lane
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection, Params
from dutydesk.store.entries import decode
from dutydesk.store.journal import seq_at, typed, whole
from dutydesk.store.remaking import row_as_of
from dutydesk.store.tx import Folds, read_policy
from dutydesk.workers import covering

AT_ONCE = 5


class Work(NamedTuple):
    """What a circular is made of: the request, the span of entries, and the policy it is counted by."""

    id: str
    requested: CircularRequested
    first: int
    last: int
    rules: Rules
    directory: Directory


class Drafts:
    """The worker of the DRAFT lane."""

    name = Lane.DRAFT.value

    def __init__(self, hub: Hub, clock: Clock) -> None:
        self._hub, self._clock = hub, clock

    async def run_once(self) -> int | None:
        """Draft every circular that was asked for. Returns when the next is due."""
        waiting, following = await self._hub.read(self._look)
        for id in waiting:
            for stream, command in await self._hub.read(partial(written, id)):
                await self._hub.handle(stream, command, key=f"draft:{stream}", by="desk")
        return following

    def _look(self, connection: Connection) -> tuple[list[str], int | None]:
        now = self._clock.now()
        due = connection.all("timers_due", self.name, now, AT_ONCE)
        following = connection.one("timer_after", self.name, now)
        return [stream.partition("/")[2] for stream, *_ in due], following[0] if following else None


def written(id: str, connection: Connection) -> list[tuple[str, Command]]:
    """The commands that write one circular: the tally first where there is one, then the draft."""
    requested = next(
        e.event
        for e in map(decode, connection.all("entries_of", f"circular/{id}", 0))
        if isinstance(e.event, CircularRequested)
    )
    policy = Folds()
    read_policy(connection, policy)
    first, last = bounds(connection, requested)
    work = Work(id, requested, first, last, policy.rules, policy.directory)
    match requested.kind:
        case "watch" | "day":
            return [(f"circular/{id}", _watch(work, connection))]
        case "brief":
            return [(f"circular/{id}", _brief(work, connection))]
        case "event":
            return [(f"circular/{id}", _event(work, connection))]
    return _period(work, connection)


def bounds(connection: Connection, requested: CircularRequested) -> tuple[int, int]:
    """First and last seq: of a watch, from its WatchStarted to its WatchEnded; of a period, the entries stamped within it."""
    if requested.watch:
        own = [decode(record) for record in connection.all("entries_of", f"watch/{requested.watch}", 0)]
        ended = [e.seq for e in own if e.type == "WatchEnded"]
        return own[0].seq, ended[0] if ended else own[-1].seq
    ends = requested.ends_at + (requested.kind == "event")  # asked for at this very instant, which belongs to it
    return seq_at(connection, requested.starts_at), seq_at(connection, ends) - 1


def _counted(work: Work, connection: Connection, types: frozenset[str]) -> Iterator[Counted]:
    """Entries of some types in order, a slice of each at a time: a year holds a million, of which these are the few that count."""
    return merge(*(_of_type(work, connection, type_) for type_ in sorted(types)))


def _of_type(work: Work, connection: Connection, type_: str) -> Iterator[Counted]:
    """Entries of one type as they are written; nothing is parsed where only the type counts."""
    if type_ in tallying.HIDDEN:
        yield from (_with_private(record) for record in whole(connection, type_, work.first, work.last))
        return
    read = type_ in summaries.READ or type_ in tallying.TYPES
    for seq, at, stream, drill, public in typed(connection, type_, work.first, work.last):
        yield Counted(seq, at, type_, stream, orjson.loads(public) if read else {}, bool(drill))


def _with_private(record: Params) -> Counted:
    seq, at, stream, _version, type_, drill, _author, _input, public, _salt, private, *_ = record
    return Counted(seq, at, type_, stream, orjson.loads(public) | orjson.loads(private or "{}"), bool(drill))


def _figures(work: Work, connection: Connection) -> tuple[Figure, ...]:
    return figures(_counted(work, connection, summaries.TYPES), _left(work, connection))


def _left(work: Work, connection: Connection) -> list[tuple[int, bool]]:
    """Incidents that were open at the end, and whether they were signed for: no others than those open now or touched since."""
    since = work._replace(first=work.last + 1)
    return [
        (seq, bool(body["signed_by"])) for seq, _, body in _incidents(since, connection) if body["status"] == "open"
    ]


def _watch(work: Work, connection: Connection) -> DraftCircular:
    counted = _figures(work, connection)
    told = items((stream, body) for _seq, stream, body in _incidents(work, connection))
    return DraftCircular(figures=counted, items=told, summary=summary(counted))


def _brief(work: Work, connection: Connection) -> DraftCircular:
    rows = [(stream, body) for _seq, stream, body in _incidents(work, connection)]
    counted = _figures(work, connection)
    return DraftCircular(figures=counted, items=briefs.brief_items(rows), summary=briefs.brief_summary(rows, counted))


def _period(work: Work, connection: Connection) -> list[tuple[str, Command]]:
    counted, tallied = _both(work, connection)
    scores = _scores(work, tallied)
    scheme = _scheme(work)
    days, covered = _coverage(work, connection)
    keep = KeepTally(
        scheme=scheme.id if scheme else "",
        scheme_name=scheme.name if scheme else "",
        confirmed=scheme.confirmed if scheme else True,
        units=tallied.units,
        districts=by_district(tallied.units, work.directory),
        scores=scores,
        coverage=covered,
    )
    titles = {late.incident: _title(connection, late.incident) for late in tallied.late}
    names = {unit.unit: unit.name for unit in tallied.units}
    draft = DraftCircular(
        figures=counted,
        items=(*briefs.period_items(tallied, scores, titles, names), *coverage_figures.item(covered, days)),
        summary=briefs.period_summary(counted, tallied, work.rules.circulars.reporting),
    )
    return [(f"tally/{work.id}", keep), (f"circular/{work.id}", draft)]


def _coverage(work: Work, connection: Connection) -> tuple[coverage_figures.Days, tuple[UnitTally, ...]]:
    """How numbers and pairs stood at the period's end."""
    checks, at = work.rules.checks, work.requested.ends_at
    days = coverage_figures.Days(checks.proving.every_days, checks.pairing.every_days)
    known = covering.known(connection, at, work.last, days.proving)
    return days, coverage_figures.by_district(work.directory, known, at, days)


def _both(work: Work, connection: Connection) -> tuple[tuple[Figure, ...], Tallied]:
    """The desk's figures and each unit's, in one pass over the entries that count for either."""
    desk, units = summaries.Count(), _units(work, connection)
    for entry in _counted(work, connection, summaries.TYPES | tallying.TYPES):
        desk.take(entry)
        units.take(entry)
    return desk.figures(_left(work, connection)), _settled(work, units)


def _tally(work: Work, connection: Connection) -> Tallied:
    units = _units(work, connection)
    for entry in _counted(work, connection, tallying.TYPES):
        units.take(entry)
    return _settled(work, units)


def _units(work: Work, connection: Connection) -> tallying.Count:
    return tallying.Count(partial(_earlier, work, connection))


def _settled(work: Work, units: tallying.Count) -> Tallied:
    return units.tallied(work.directory, work.rules.circulars.reporting)


def _earlier(work: Work, connection: Connection, stream: str) -> Counted | None:
    """The first entry of a stream that began before the span."""
    began = connection.one("entry_versioned", stream, 1)
    if began is None or began[0] >= work.first:
        return None
    seq, at, type_, drill, public = began
    return Counted(seq, at, type_, stream, orjson.loads(public), bool(drill))


def _scheme(work: Work) -> scoring.Scheme | None:
    return next((scheme for scheme in work.rules.schemes if scheme.id == work.requested.scheme), None)


def _scores(work: Work, tallied: Tallied) -> tuple[Scored, ...]:
    scheme = _scheme(work)
    if scheme is None:
        return ()
    largest: dict[str, int | None] = {}
    for unit in tallied.units:
        for name, value in unit.counts().items():
            largest[name] = max(largest.get(name) or 0, value or 0)
    return tuple(Scored(unit=unit.unit, score=scoring.score(scheme, unit.counts(), largest)) for unit in tallied.units)


def _title(connection: Connection, incident: str) -> str:
    row = connection.one("row", "incident", incident)
    return str(orjson.loads(row[4])["title"]) if row else incident


def _event(work: Work, connection: Connection) -> DraftCircular:
    """一事一通报, from the entries since the incident's first report was received."""
    stream = f"incident/{work.requested.incident}"
    tallied = _tally(work, connection)
    late = [one for one in tallied.late if one.incident == work.requested.incident]
    row = connection.one("row", "incident", work.requested.incident)
    body = orjson.loads(row[4]) if row else {}
    told = items([(stream, body)]) if body else ()
    minutes = late[0].minutes if late else None
    figure = Figure(name="late_minutes", value=minutes, unit="min", seqs=tuple(one.seq for one in late))
    occurred = instant(body.get("occurred_at", ""))
    spoke = work.requested.unit in {_sender(connection, message) for message in body.get("messages", ())}
    summary = briefs.event_summary(work.requested, late, occurred, reported=spoke)
    return DraftCircular(figures=(figure,), items=told, summary=summary)


def _sender(connection: Connection, message: str) -> str:
    """The unit that a message came from; empty when nobody knows."""
    row = connection.one("row", "message", message)
    return str(orjson.loads(row[4]).get("unit") or "") if row else ""


def _incidents(work: Work, connection: Connection) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Incidents that were open at the end, or touched in the span, as they stood at its last entry."""
    for record in connection.all("rows_touched", "incident", work.first):
        stream = f"incident/{record[1]}"
        then = row_as_of(connection, stream, work.last)
        if then and not then[0].drill and (then[1].open or then[0].seq >= work.first):
            yield then[0].seq, stream, then[1].body
