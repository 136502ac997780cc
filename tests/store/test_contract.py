"""What both engines owe: one linear chain under racing writers, batches that change nothing, failures that spoil nobody."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import orjson
import pytest

from dutydesk import hub as hub_module
from dutydesk.clock import HOUR, SECOND, ManualClock
from dutydesk.domain.messages import InterpretMessage
from dutydesk.domain.verbs import Command, Fire
from dutydesk.errors import KeyReused, NotFound, Refused, Unavailable
from dutydesk.hub import Hub
from dutydesk.store import store as store_module
from dutydesk.store.connection import Connection
from dutydesk.store.entries import decode
from dutydesk.store.lock import served
from dutydesk.store.store import SCHEMA, Store, entries, head
from tests.kit import NOON, check_whole, hub_on, phone, report, sms, sqlite
from tests.store.probe import Note

pytestmark = pytest.mark.usefixtures("probe")


async def together(hub: Hub, *inputs: tuple[str, Command], keys: tuple[str, ...] = ()) -> list[Any]:
    """Handle inputs in one batch: the pen is kept busy until all of them wait."""
    busy, go = threading.Event(), threading.Event()

    held = asyncio.ensure_future(hub.beside(lambda _c: _hold(busy, go)))
    await asyncio.to_thread(busy.wait, 30)
    named = [*keys, *[""] * (len(inputs) - len(keys))]
    waiting = [asyncio.ensure_future(hub.handle(s, c, key=k, by="t")) for (s, c), k in zip(inputs, named, strict=True)]
    await asyncio.sleep(0)
    commits = hub.health.commits
    go.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    await held
    assert hub.health.commits <= commits + 1 + len(inputs)
    return results


def _hold(busy: threading.Event, go: threading.Event) -> None:
    busy.set()
    go.wait(30)


async def words(hub: Hub) -> dict[str, list[str]]:
    rows = await hub.read(lambda c: c.all("rows_of_kind", "probe"))
    return {r[1]: orjson.loads(r[6])["words"] for r in rows}


async def alone(hub: Hub, name: str) -> None:
    async with asyncio.timeout(20):
        await hub.handle(f"probe/{name}", Note(word="w"), key="", by="t")


async def test_whoever_was_answered_together_is_waited_for(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    async with hub_on(database) as hub:
        await together(hub, *((f"probe/{n}", Note(word="a")) for n in "123"))
        monkeypatch.setitem(hub_module.COMPANY, hub.store.engine, 16)
        monkeypatch.setattr(hub_module, "COMPANY_S", 1.0)
        commits = hub.health.commits
        first = asyncio.ensure_future(alone(hub, "1"))
        await asyncio.to_thread(_until_waited_for, hub)
        await asyncio.gather(first, alone(hub, "2"), alone(hub, "3"))
        assert hub.health.commits == commits + 1
        await hub.read(check_whole)


def _until_waited_for(hub: Hub) -> None:
    """The pen has seen the one that came and let go of the lock, which it does only to wait."""
    for _ in range(100_000):
        with hub._wake:
            if hub._queue and hub._wanted > 1:
                return


async def test_a_timer_waits_for_nobody(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    async with hub_on(database) as hub:
        await hub.handle("probe/9", Note(word="later", due_at=NOON), key="", by="t")
        await together(hub, *((f"probe/{n}", Note(word="a")) for n in "123"))
        monkeypatch.setitem(hub_module.COMPANY, hub.store.engine, 16)
        monkeypatch.setattr(hub_module, "COMPANY_S", 60.0)
        async with asyncio.timeout(20):
            await hub.handle("probe/9", Fire(name="due", due_at=NOON), key="", by="t")


async def test_nobody_is_waited_for_where_a_commit_is_short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with hub_on(sqlite(tmp_path)) as hub:
        await together(hub, *((f"probe/{n}", Note(word="a")) for n in "123"))
        monkeypatch.setattr(hub_module, "COMPANY_S", 60.0)
        await alone(hub, "1")


async def test_the_pen_outlives_those_who_left_while_it_waited_for_company(
    monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    async with hub_on(database) as hub:
        await together(hub, *((f"probe/{n}", Note(word="a")) for n in "123"))
        monkeypatch.setitem(hub_module.COMPANY, hub.store.engine, 16)
        monkeypatch.setattr(hub_module, "COMPANY_S", 30.0)
        first = asyncio.ensure_future(alone(hub, "1"))
        await asyncio.to_thread(_until_waited_for, hub)
        monkeypatch.setattr(hub_module, "COMPANY_S", 0.0)
        monkeypatch.setattr(hub_module, "PATIENCE", 0.0)
        hub._give_up(asyncio.get_running_loop())
        monkeypatch.setattr(hub_module, "PATIENCE", 20.0)
        with hub._wake:
            hub._wake.notify()
        with pytest.raises(Unavailable):
            await first
        await alone(hub, "1")


async def test_racing_writers_leave_one_gap_free_chain(database: str) -> None:
    async with hub_on(database) as one, hub_on(database) as two:

        async def writer(hub: Hub, name: str) -> None:
            for n in range(12):
                await hub.handle(f"probe/{name}{n % 3}", Note(word=f"{n % 4}"), key=f"{name}:{n}", by=name)

        await asyncio.gather(*(writer(hub, f"w{n}") for n, hub in enumerate((one, two) * 4)))
        assert await one.read(check_whole) == 8 * 12
        seqs = await one.read(lambda c: [r[0] for r in entries(c, 1, 1000)])
        assert seqs == list(range(1, 97))


async def test_two_hubs_see_what_the_other_wrote(database: str) -> None:
    async with hub_on(database) as one, hub_on(database) as two:
        for n in range(20):
            hub = (one, two, two)[n % 3]
            (entry,) = await hub.handle("probe/same", Note(word=f"{n}"), key="", by="t")
            assert entry.version == n + 1
        assert (await words(one))["same"] == [str(n) for n in range(20)]
        await one.read(check_whole)


def _story() -> list[tuple[str, Command]]:
    texts = [("a", "仓库着火", 1), ("b", "仓库着火", 1), ("c", "又一句", 1), ("d", "桥断了", 2), ("e", "1", 1)]
    made: list[tuple[str, Command]] = [(f"message/{i}", sms(t, phone(n))) for i, t, n in texts]
    made += [(f"message/{i}", InterpretMessage(reading=report())) for i, _t, _n in texts]
    return made


async def test_a_batch_writes_the_same_as_one_by_one(database: str, tmp_path: Path) -> None:
    async with hub_on(database, furnished=True) as hub, hub_on(sqlite(tmp_path / "other"), furnished=True) as single:
        await together(hub, *_story())
        for stream, command in _story():
            await single.handle(stream, command, key="", by="t")
        for look in (_journal, _board):
            assert await hub.read(look) == await single.read(look)
        await hub.read(check_whole)


def _journal(connection: Connection) -> list[Any]:
    found = [decode(r) for r in entries(connection, 1, 100_000)]
    return [(e.seq, e.at, e.stream, e.version, e.event) for e in found]


def _board(connection: Connection) -> list[Any]:
    return [
        *connection.all("rows_all"),
        *connection.all("refs_all"),
        *connection.all("timers_all"),
        *connection.all("outbox_all"),
    ]


async def test_facts_see_a_neighbour_of_the_same_batch(database: str) -> None:
    """Two SMS of one number in one batch: the second is a repeat of the first, though nothing was flushed between them."""
    async with hub_on(database, furnished=True) as hub:
        a, b = await together(
            hub, ("message/a", sms("着火了快来", phone(1))), ("message/b", sms("着火了快来", phone(1)))
        )
        assert a[0].event.repeat_of is None
        assert b[0].event.repeat_of == "a"
        assert (a[0].event.number, b[0].event.number) == ("1123-001", "1123-002")
        await hub.read(check_whole)


@pytest.mark.parametrize("fail", ["refuse", "crash"])
@pytest.mark.parametrize("streams", [(), ("x",), ("x", "y")])
async def test_what_fails_leaves_nothing_and_harms_nobody(database: str, fail: Any, streams: tuple[str, ...]) -> None:
    """The bad input shares a word with its neighbours: its facts flush them, and its own beginnings, before it fails."""
    async with hub_on(database) as hub:
        bad = Note(word="w", ask=streams, fail=fail, due_at=NOON, send=True)
        inputs = [
            ("probe/1", Note(word="w")),
            ("probe/bad", bad),
            ("probe/2", Note(word="w")),
            ("probe/1", Note(word="v")),
        ]
        first, failed, second, third = await together(hub, *inputs, keys=("k1", "kbad", "k2"))
        assert isinstance(failed, Refused if fail == "refuse" else ZeroDivisionError)
        assert [e.seq for e in (*first, *second, *third)] == [1, 2, 3]
        assert second[0].event.model_dump()["seen"] == 1
        assert await words(hub) == {"1": ["w", "v"], "2": ["w"]}
        assert await hub.read(lambda c: c.one("input", "kbad")) is None
        assert await hub.read(check_whole) == 3
        (again,) = await hub.handle("probe/bad", Note(word="w"), key="kbad", by="t")
        assert (again.seq, again.event.model_dump()["seen"]) == (4, 2)


async def test_a_row_that_cannot_be_written_takes_nobody_along(database: str) -> None:
    async with hub_on(database) as hub:
        inputs = [
            ("probe/1", Note(word="a")),
            ("probe/bad", Note(word="b", fail="unwritable")),
            ("probe/2", Note(word="c")),
        ]
        one, bad, two = await together(hub, *inputs)
        assert isinstance(bad, TypeError)
        assert [e.stream for e in (*one, *two)] == ["probe/1", "probe/2"]
        assert (await hub.handle("probe/3", Note(word="d"), key="", by="t"))[0].seq == 3
        assert await hub.read(check_whole) == 3
        assert hub.health.writable


async def test_no_such_kind_of_stream(database: str) -> None:
    async with hub_on(database) as hub:
        with pytest.raises(NotFound):
            await hub.handle("nothing/1", Note(word="a"), key="", by="t")


async def test_a_key_handled_twice_changes_nothing(database: str) -> None:
    async with hub_on(database) as hub:
        first = await hub.handle("probe/1", Note(word="a", ask=("2", "3")), key="k", by="t")
        head = await hub.read(lambda c: c.one("head"))
        assert await hub.handle("probe/1", Note(word="a", ask=("2", "3")), key="k", by="other") == first
        assert await hub.handle("probe/9", Note(word="other body"), key="k", by="t") == first  # not guarded: first wins
        assert await hub.read(lambda c: c.one("head")) == head
        a, b = await together(hub, ("probe/4", Note(word="x")), ("probe/4", Note(word="x")), keys=("k2", "k2"))
        assert a == b
        assert (await words(hub))["4"] == ["x"]


async def test_a_guarded_key_refuses_another_body(database: str) -> None:
    async with hub_on(database) as hub:
        first = await hub.handle("probe/1", Note(word="a"), key="k", by="t", guarded=True)
        assert await hub.handle("probe/1", Note(word="a"), key="k", by="t", guarded=True) == first
        with pytest.raises(KeyReused):
            await hub.handle("probe/1", Note(word="b"), key="k", by="t", guarded=True)
        assert (await words(hub))["1"] == ["a"]


async def test_one_sms_costs_at_most_eight_round_trips(fresh_postgres: str) -> None:
    async with hub_on(fresh_postgres, furnished=True) as hub:
        await hub.handle("message/warm", sms("热身", phone(3)), key="warm", by="t")
        assert hub._connection is not None
        before = hub._connection.round_trips
        await hub.handle("message/a", sms("仓库着火", phone(1)), key="twilio:SM1", by="t")
        assert 3 <= hub._connection.round_trips - before <= 8


async def test_an_older_hub_writes_nothing_and_says_so(database: str) -> None:
    async with hub_on(database) as hub:
        await hub.handle("probe/1", Note(word="a"), key="", by="t")
        _sql(hub.store, f"UPDATE pen SET schema = {SCHEMA + 1}")
        with pytest.raises(Unavailable, match=str(SCHEMA + 1)):
            await hub.handle("probe/1", Note(word="b"), key="", by="t")
        assert not hub.health.writable
        assert str(SCHEMA + 1) in hub.health.reason
        with pytest.raises(Refused, match="升级"):
            Store(database).prepare()
        _sql(hub.store, f"UPDATE pen SET schema = {SCHEMA}")
        await hub.handle("probe/1", Note(word="c"), key="", by="t")
        assert hub.health.writable
        assert (await words(hub))["1"] == ["a", "c"]


def _sql(store: Store, *statements: str) -> None:
    connection = store.connect()
    connection.script(statements)
    connection.close()


def test_migrations_run_once_and_in_order(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(database)
    store.prepare()
    steps = {SCHEMA + 2: ["INSERT INTO counters VALUES ('b', 2)"], SCHEMA + 1: ["INSERT INTO counters VALUES ('a', 1)"]}
    monkeypatch.setattr(store_module, "migrations", lambda: dict(sorted(steps.items())))
    monkeypatch.setattr(store_module, "SCHEMA", SCHEMA + 2)
    for _ in range(2):
        store.prepare()
    connection = store.connect()
    assert connection.all("dump_counters") == [("a", 1), ("b", 2)]
    assert connection.one("head")[3] == SCHEMA + 2  # type: ignore[index]
    connection.close()


async def test_a_migration_makes_the_rows_anew_as_the_newer_program_shows_them(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hub_on(database) as hub:
        await hub.handle("probe/1", Note(word="a"), key="", by="t")
    store = Store(database)
    _sql(store, "UPDATE rows SET open = 0, body = '{\"shown\": \"otherwise\"}' WHERE kind = 'probe'")
    store.prepare()
    assert "otherwise" in str(store.read(lambda c: c.one("row", "probe", "1"))), "nothing to migrate, nothing done"
    monkeypatch.setattr(store_module, "migrations", lambda: {SCHEMA + 1: []})
    monkeypatch.setattr(store_module, "SCHEMA", SCHEMA + 1)
    store.prepare()
    assert "otherwise" not in str(store.read(lambda c: c.one("row", "probe", "1")))
    store.close()


async def test_two_hubs_may_create_the_store_at_once(database: str) -> None:
    stores = [Store(database) for _ in range(4)]
    await asyncio.gather(*(asyncio.to_thread(s.prepare) for s in stores))
    assert stores[0].read(head).seq == 0
    stores[0].close()


async def test_a_clock_that_steps_back_is_written_down_once(database: str) -> None:
    clock = ManualClock(NOON)
    async with hub_on(database, clock) as hub:
        await hub.handle("probe/1", Note(word="a"), key="", by="t")
        clock.advance(-HOUR)
        for word in "bcd":
            await hub.handle("probe/1", Note(word=word), key="", by="t")
        found = [decode(r) for r in await hub.read(lambda c: list(entries(c, 1, 99)))]
        assert [e.type for e in found] == ["Noted", "ClockStepped", "Noted", "Noted", "Noted"]
        assert (found[1].event.before, found[1].event.after) == (NOON, NOON - HOUR)  # type: ignore[attr-defined]
        assert [e.at for e in found] == [NOON, *[NOON - HOUR] * 4]
        clock.advance(-SECOND // 2)
        await hub.handle("probe/1", Note(word="e"), key="", by="t")
        assert await hub.read(check_whole) == 6


async def test_beside_writes_and_failing_leaves_nothing(database: str) -> None:
    async with hub_on(database) as hub:

        def half(connection: Connection) -> None:
            connection.run("put_counter", "half", 1)
            raise ValueError("after the first of two writes")

        with pytest.raises(ValueError, match="first of two"):
            await hub.beside(half)
        assert await hub.beside(lambda c: c.run("put_counter", "whole", 1)) == 1
        assert await hub.read(lambda c: c.all("dump_counters")) == [("whole", 1)]


async def test_beside_sees_what_its_batch_has_finished(database: str) -> None:
    async with hub_on(database) as hub:
        busy, go = threading.Event(), threading.Event()
        held = asyncio.ensure_future(hub.beside(lambda _c: _hold(busy, go)))
        await asyncio.to_thread(busy.wait, 30)
        note = asyncio.ensure_future(hub.handle("probe/1", Note(word="a", send=True), key="", by="t"))
        await asyncio.sleep(0)
        seen = asyncio.ensure_future(hub.beside(lambda c: c.all("outbox_all")))
        await asyncio.sleep(0)
        go.set()
        assert await seen == [("probe/1", "repeatable")]
        await asyncio.gather(held, note)


class _Failing:
    """A connection whose commit fails so many times."""

    def __init__(self, inner: Any, times: list[int], when: str) -> None:
        self._inner, self._times, self._when = inner, times, when

    def __getattr__(self, name: str) -> Any:
        if name == self._when and self._times[0] > 0:
            self._times[0] -= 1
            self._inner.rollback()
            raise self._inner.failures[0]("the store is away")
        return getattr(self._inner, name)


@pytest.mark.parametrize("when", ["begin", "commit", "many"])
async def test_a_store_that_is_away_is_said_and_a_retry_succeeds(
    database: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = [0]
    async with hub_on(database) as hub:
        await hub.handle("probe/1", Note(word="a"), key="", by="t")
        connect = hub.store.connect
        monkeypatch.setattr(
            hub.store, "connect", lambda **given: connect(**given) if given else _Failing(connect(), times, when)
        )
        hub._connection = _Failing(hub._connection, times, when)
        times[0] = 1
        with pytest.raises(Unavailable, match="没有登记"):
            await hub.handle("probe/1", Note(word="b"), key="k", by="t")
        assert not hub.health.writable
        assert await hub.read(check_whole) == 1
        await hub.handle("probe/1", Note(word="b"), key="k", by="t")
        assert hub.health.writable
        assert (await words(hub))["1"] == ["a", "b"]


async def test_after_a_failed_commit_the_inputs_run_one_by_one(database: str) -> None:
    times = [0]
    async with hub_on(database) as hub:
        await hub.handle("probe/0", Note(word="a"), key="", by="t")
        hub._connection = _Failing(hub._connection, times, "commit")

        def fail_the_next(_connection: Connection) -> None:
            times[0] = 1  # this input's own batch: everything in it is rolled back and run again

        busy, go = threading.Event(), threading.Event()
        held = asyncio.ensure_future(hub.beside(lambda _c: _hold(busy, go)))
        await asyncio.to_thread(busy.wait, 30)
        calls = [asyncio.ensure_future(hub.handle(f"probe/{n}", Note(word="w"), key="", by="t")) for n in range(5)]
        await asyncio.sleep(0)
        before = hub.health.commits
        once = iter([fail_the_next])
        spoil = asyncio.ensure_future(hub.beside(lambda c: next(once, lambda _c: None)(c)))
        while len(hub._queue) < 6:  # noqa: ASYNC110  # not a wait for time: all go into one batch
            await asyncio.sleep(0)
        go.set()
        made = await asyncio.gather(*calls)
        await asyncio.gather(held, spoil)
        assert [e.seq for entries in made for e in entries] == [2, 3, 4, 5, 6]
        assert hub.health.commits - before == 1 + 6  # the holder's, then one each
        await hub.read(check_whole)


def test_a_second_server_of_one_file_is_refused_with_the_pid(tmp_path: Path) -> None:
    store = Store(sqlite(tmp_path))
    code = "import sys; from dutydesk.store.store import Store; from dutydesk.store.lock import served\n"
    code += f"with served(Store({sqlite(tmp_path)!r})):\n print('held', flush=True); sys.stdin.read()"
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, cwd=root, text=True) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Refused, match=f"pid {holder.pid}"), served(store):
            pass
        holder.stdin.close()
        holder.wait(30)
    with served(store), pytest.raises(Refused, match=str(os.getpid())), served(store):
        pass


async def test_a_frozen_hub_does_not_hold_the_world(fresh_postgres: str) -> None:
    """A process that holds the pen is stopped; the server ends its session after three seconds and another hub goes on."""
    Store(fresh_postgres).prepare()
    code = f"import sys, psycopg\nfrom dutydesk.store.store import Store\nc = Store({fresh_postgres!r}).connect()\nc.begin()\n"
    code += "print('pen', flush=True)\nsys.stdin.read()"
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, cwd=root, text=True) as frozen:  # noqa: ASYNC220
        assert frozen.stdout
        assert frozen.stdout.readline() == "pen\n"
        os.kill(frozen.pid, signal.SIGSTOP)
        try:
            loop = asyncio.get_running_loop()
            began = loop.time()
            async with hub_on(fresh_postgres) as hub:
                await hub.handle("probe/1", Note(word="a"), key="", by="t")
                assert loop.time() - began < 6
                await hub.read(check_whole)
        finally:
            frozen.kill()


async def test_whoever_waits_too_long_is_turned_away_and_nothing_is_recorded(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pen is held by somebody else until the one in the queue has lost patience."""
    taken, let_go = threading.Event(), threading.Event()

    def hold_the_pen(_connection: object) -> bool:
        taken.set()
        return let_go.wait(20)

    async with hub_on(database) as hub:
        holder = asyncio.create_task(hub.beside(hold_the_pen))
        assert await asyncio.to_thread(taken.wait, 20)
        with monkeypatch.context() as impatient:
            impatient.setattr("dutydesk.hub.PATIENCE", 0.0)
            assert hub._patience is not None
            hub._patience.cancel()  # set for the holder, at the patience of before
            hub._patience = None
            with pytest.raises(Unavailable, match="没有登记"):
                await hub.handle("probe/1", Note(word="a"), key="k", by="t")
        let_go.set()
        assert await holder
        await hub.handle("probe/1", Note(word="a"), key="k", by="t")
        assert (await words(hub))["1"] == ["a"]


async def test_a_timer_fires_once_however_often_it_is_handed_in(database: str) -> None:
    async with hub_on(database) as one, hub_on(database) as two:
        await one.handle("probe/1", Note(word="a", due_at=NOON), key="", by="t")
        fire = Fire(name="due", due_at=NOON)
        made = await asyncio.gather(*(h.handle("probe/1", fire, key="", by="timer") for h in (one, two) * 5))
        assert sum(len(m) for m in made) == 1
        assert await one.handle("probe/1", Fire(name="due", due_at=NOON + 1), key="", by="timer") == []
        await one.read(check_whole)


async def test_a_timer_moved_in_the_same_batch_does_not_fire_at_its_old_time(database: str) -> None:
    async with hub_on(database) as hub:
        await hub.handle("probe/1", Note(word="a", due_at=NOON), key="", by="t")
        moved, fired = await together(
            hub, ("probe/1", Note(word="b", due_at=NOON + HOUR)), ("probe/1", Fire(name="due", due_at=NOON))
        )
        assert (len(moved), fired) == (1, [])
        assert await hub.read(lambda c: c.one("timer", "probe/1", "due")) == (NOON + HOUR,)


async def test_a_policy_one_hub_adopts_the_other_obeys(database: str) -> None:
    from dutydesk.domain.policies import AdoptRules
    from tests.kit import OWN, rules

    async with hub_on(database, furnished=True) as one, hub_on(database) as two:
        with pytest.raises(Refused, match="自己的号码"):
            await two.handle("message/a", sms("x", OWN), key="", by="t")
        await one.handle("rules/main", AdoptRules(rules=rules(senders=()), digest="1"), key="", by="t")
        assert await two.handle("message/a", sms("x", OWN), key="", by="t")


async def test_a_stream_that_stood_already_spoils_only_its_own_input(database: str) -> None:
    """In a batch a hub believes a command that says it begins a stream; the other hub had begun it, and the store says so."""
    async with hub_on(database, furnished=True) as one, hub_on(database) as two:
        await one.handle("message/same", sms("仓库着火", phone(1)), key="k1", by="t")
        three = [(f"message/{name}", sms(f"{name}着火", phone(2))) for name in ("a", "same", "b")]
        first, refused, last = await together(two, *three, keys=("ka", "kb", "kc"))
        assert isinstance(refused, Refused)
        assert [e.stream for e in (*first, *last)] == ["message/a", "message/b"]
        assert two.health.writable
        await one.read(check_whole)


async def test_what_a_batch_foresaw_is_forgotten_when_it_is_written(database: str) -> None:
    """The first input's key and word were new when the batch began; the second's look makes the buffers flush between them."""
    async with hub_on(database) as hub:
        twice = ("probe/1", Note(word="a"))
        first, seen, again, other = await together(
            hub, twice, ("probe/2", Note(word="a")), twice, ("probe/3", Note(word="a")), keys=("k", "", "k", "")
        )
        assert again == first
        assert [e.event.seen for e in (*first, *seen, *other)] == [0, 1, 2]


@pytest.mark.parametrize("many", [1, 2, 3, 63, 64, 65, 200])
async def test_many_rows_are_all_written_found_and_dropped(database: str, many: int) -> None:
    rows = [(f"input{n}", "", n, n) for n in range(many)]
    keys = [(row[0],) for row in rows]
    async with hub_on(database) as hub:
        await hub.beside(lambda c: c.many("add_input", rows))
        assert await hub.read(lambda c: sorted(c.among("inputs_known", [*keys, ("other",)]))) == sorted(keys)
        streams = [(f"probe/{n}", "once", "x", "y", 0, 0, 0) for n in range(many)]
        await hub.beside(lambda c: c.many("put_outbox", [*streams, ("probe/kept", "once", "x", "y", 0, 0, 0)]))
        await hub.beside(lambda c: c.many("drop_outbox", [row[:1] for row in streams]))
        assert await hub.read(lambda c: c.all("outbox_all")) == [("probe/kept", "once")]
