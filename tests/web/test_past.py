"""The desk as of a past moment is what a console was shown then, for random moments of a random history."""

import asyncio
import json
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from dutydesk.clock import SECOND
from dutydesk.store.connection import Connection
from dutydesk.store.store import head
from dutydesk.web.frames import Audience
from dutydesk.web.reads import board_then
from tests.web.city import City, city
from tests.web.test_truth4 import AUDIENCES, act, steps


async def _story(desk: City, told: list[tuple[str, int, int, list]]) -> int:
    """Runs a history, keeps what every audience was shown after each step, and compares with the past as it is rebuilt at the end."""
    known: list[str] = []
    shown: list[tuple[int, list[str]]] = []
    for what, one, two, _looks in told:
        desk.clock.advance(SECOND)
        await act(desk, known, what, one, two)
        shown.append((desk.clock.now(), [await desk.parts.live.since(0, whom) for whom in AUDIENCES]))
    for at, frames in shown:
        for whom, then in zip(AUDIENCES, frames, strict=True):
            rebuilt = json.loads(await desk.hub.read(partial(_then, at, whom)))
            seen = json.loads(then)
            assert rebuilt["head"] == seen["head"]
            assert _by_id(rebuilt["rows"]) == _by_id(seen["rows"])
    return len(shown) * len(AUDIENCES)


def _then(at: int, whom: Audience, connection: Connection) -> str:
    return board_then(connection, at, whom)


def _by_id(rows: dict[str, list[dict]]) -> dict[tuple[str, str], dict]:
    return {(kind, row["id"]): row for kind, listed in rows.items() for row in listed}


@given(told=steps)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_past_is_what_was_shown(filled: Path, told: list) -> None:
    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with city(Path(folder), filled) as desk:
                await _story(desk, told)

    asyncio.run(run())


async def test_two_hundred_moments_of_one_long_history(desk: City) -> None:
    acts = ("report", "note", "merge", "message", "close", "split", "reopen", "dismiss")
    told: list[tuple[str, int, int, list[Any]]] = [(acts[n % 8], n % 6, n % 5, []) for n in range(200)]
    assert await _story(desk, told) >= 200


async def test_an_incident_is_read_as_it_was_with_the_entries_up_to_then(desk: City) -> None:
    incident = await desk.incident()
    then = desk.clock.now()
    desk.clock.advance(60 * SECOND)
    await desk.post(f"/api/incident/{incident}/NoteIncident", {"text": "后来的话"})
    await desk.post(f"/api/incident/{incident}/SignForIncident")
    now = await (await desk.get(f"/api/incident/{incident}")).json()
    past = await (await desk.get(f"/api/incident/{incident}?at={then}")).json()
    assert (now["row"]["last_word"], past["row"]["signed_by"]) == ("后来的话", "")
    assert all(entry["at"] <= then for entry in past["timeline"])
    assert (await desk.get(f"/api/incident/{incident}?at={then - 3600 * SECOND}")).status == 404


async def test_before_the_first_entry_there_is_nothing(desk: City) -> None:
    found = await (await desk.get("/api/board?at=1")).json()
    assert (found["rows"], found["writable"]) == ({}, True)
    seq = (await desk.hub.read(head)).seq
    later = await (await desk.get(f"/api/board?at={desk.clock.now() + 10**12}")).json()
    assert later["head"].startswith(f"{seq}:")


@pytest.mark.parametrize("at", ["x", "-1", "1.5"])
async def test_a_moment_that_is_none_is_said_so(desk: City, at: str) -> None:
    assert (await desk.get(f"/api/board?at={at}")).status == 400
