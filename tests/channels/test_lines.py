"""The worker of the lines: it beats, hangs up on silence, says how each line stands, and calls a person; also on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dutydesk.clock import SECOND
from dutydesk.config.peers import load_peers, unknown_units
from dutydesk.domain.rules import Desk, Peer
from dutydesk.errors import ConfigError
from dutydesk.workers.lines import Lines
from dutydesk.workers.timers import Timers
from tests.channels.line import CITY, DISTRICT, Line, Side, line
from tests.kit import check_whole, rules


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Line]:
    made = await line(tmp_path)
    yield made
    made.cut()
    await made.city.stop()
    await made.district.stop()


def worker(side: Side) -> Lines:
    return Lines(side.hub, side.clock, side.links)


async def status(side: Side) -> object:
    return (await side.rows("peer"))[0]["status"]


async def test_a_line_beats_both_ways_and_silence_closes_it_and_calls_a_person(wire: Line) -> None:
    city, district = worker(wire.city), worker(wire.district)
    await wire.connect()
    await wire.flow()
    for side, tending in ((wire.city, city), (wire.district, district)):
        await tending.run_once()
        assert await status(side) == "up"
    await wire.flow()
    for side in (wire.city, wire.district):
        side.clock.advance(31 * SECOND)
    before = await wire.city.hub.read(lambda c: c.all("heard"))
    await city.run_once()
    await district.run_once()
    assert (len(wire.city.outgoing), len(wire.district.outgoing)) == (1, 1), "a beat each, after a third of the time"
    await wire.flow()
    assert await wire.city.hub.read(lambda c: c.all("heard")) != before

    wire.city.clock.advance(89 * SECOND)
    await city.run_once()
    assert wire.city.links.best("shinan"), "not yet"
    wire.city.clock.advance(2 * SECOND)
    await city.run_once()
    assert wire.city.links.best("shinan") is None
    await Timers(wire.city.hub, wire.city.clock).run_once()
    assert await status(wire.city) == "silent"
    (page,) = await wire.city.rows("page")
    assert "市南区" in str(page["subject"])

    wire.district.close()
    await wire.connect()
    await wire.flow()
    await city.run_once()
    assert (await status(wire.city), (await wire.city.rows("page"))[0]["status"]) == ("up", "cancelled")


async def test_a_peer_that_never_came_is_missed_too(wire: Line) -> None:
    tending = worker(wire.city)
    await tending.run_once()
    assert not await wire.city.rows("peer"), "a moment's patience"
    wire.city.clock.advance(91 * SECOND)
    await tending.run_once()
    await Timers(wire.city.hub, wire.city.clock).run_once()
    assert await status(wire.city) == "silent"


async def test_the_link_keeps_its_promises_on_postgresql(tmp_path: Path, fresh_postgres: str) -> None:
    wire = await line(tmp_path, city_store=fresh_postgres)
    for n in (1, 2, 3):
        await wire.district.queue(n)
        await wire.city.queue(n, kind="question")
    await wire.connect()
    await wire.flow()
    wire.cut()
    await wire.city.stop()
    await wire.city.start()
    await wire.district.queue(4)
    await wire.connect()
    await wire.flow()
    assert await wire.city.arrived() == [f"{DISTRICT}-{n}" for n in (1, 2, 3, 4)]
    assert await wire.district.arrived() == [f"{CITY}-{n}" for n in (1, 2, 3)]
    assert set(await wire.city.statuses() + await wire.district.statuses()) == {"delivered"}
    await wire.city.hub.read(check_whole)
    wire.cut()
    await wire.city.stop()
    await wire.district.stop()


def peers(**changed: object) -> list[str]:
    """What is wrong with one peer."""
    said = {"name": "above", "unit": "PROV", "side": "above", "url": "wss://x/link", "secret_env": "S"} | changed
    policy = rules(peers=(Peer.model_validate(said),), page_on_link="held")
    try:
        load_peers(policy, {"S": "x" * 32, "SHORT": "x"})
    except ConfigError as error:
        return error.problems
    return unknown_units(policy, frozenset({"PROV"}))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"secret_env": "NONE"}, "没有设置"),
        ({"secret_env": "SHORT"}, "太短"),
        ({"url": "https://x/link"}, "ws、wss"),
        ({"kind": "http", "url": ""}, "http、https"),
        ({"unit": "NOBODY"}, "不在 units.csv"),
    ],
)
def test_a_wrong_peer_is_said_before_the_desk_starts(changed: dict[str, object], words: str) -> None:
    (problem,) = peers(**changed)
    assert words in problem


def test_a_right_peer_is_loaded_and_one_that_is_not_enabled_asks_for_nothing() -> None:
    assert peers() == []
    assert peers(enabled=False, secret_env="NONE") == []


def test_without_a_unit_of_our_own_or_a_way_to_call_no_link_opens() -> None:
    one = Peer(name="above", unit="PROV", side="above", secret_env="S")
    with pytest.raises(ConfigError) as error:
        load_peers(rules(peers=(one,), desk=Desk()), {"S": "x" * 32})
    assert [problem.partition(":")[2] for problem in error.value.problems] != []
    assert len(error.value.problems) == 2
