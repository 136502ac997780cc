"""Reads of what is sensitive are written down, once in five minutes; who audits sees them."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from dutydesk.clock import MINUTE
from dutydesk.store import readlog
from dutydesk.store.connection import Connection
from dutydesk.web.readlog import ReadLog
from tests.web.city import City


async def seen(desk: City) -> list[tuple[str, str]]:
    answer = await desk.get("/api/reads", "auditor")
    return [(one["by"], one["what"]) for one in (await answer.json())["reads"]]


async def test_who_opened_an_incident_is_written_down(desk: City) -> None:
    incident = await desk.incident()
    await desk.get(f"/api/incident/{incident}")
    await desk.get(f"/api/incident/{incident}", "leader")
    await desk.get("/api/directory?q=王安")
    await desk.get("/api/me")
    assert await seen(desk) == [
        ("user:officer", "/api/directory?q=%E7%8E%8B%E5%AE%89"),
        ("user:leader", f"/api/incident/{incident}"),
        ("user:officer", f"/api/incident/{incident}"),
    ]


async def test_a_console_that_looks_again_is_one_read_and_a_later_look_another(desk: City) -> None:
    incident = await desk.incident()
    for _ in range(3):
        await desk.get(f"/api/incident/{incident}")
    desk.clock.advance(6 * MINUTE)
    await desk.get(f"/api/incident/{incident}")
    assert len(await seen(desk)) == 2


async def test_what_was_not_shown_was_not_read(desk: City) -> None:
    await desk.get("/api/incident/none")
    assert await seen(desk) == []


async def test_officers_do_not_see_who_read_what(desk: City) -> None:
    assert (await desk.get("/api/reads", "officer")).status == 403


async def test_a_stop_waits_for_the_thread_that_is_writing(desk: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed under it, SQLite ends the whole process by a segmentation fault."""
    writing, go_on, reads = threading.Event(), threading.Event(), ReadLog(desk.parts)
    append = readlog.append

    def slowly(connection: Connection, seen: Sequence[readlog.Seen]) -> None:
        writing.set()
        assert go_on.wait(30)
        append(connection, seen)

    monkeypatch.setattr(readlog, "append", slowly)
    reads.shown("user:officer", "/api/incident/x")
    flushing = asyncio.create_task(reads.flush())
    await asyncio.to_thread(writing.wait, 30)
    flushing.cancel()  # as whoever asked and went away, or a desk that stops
    stopping = asyncio.create_task(reads.stop())
    done, _ = await asyncio.wait([stopping], timeout=0.1)
    assert not done
    go_on.set()
    await stopping
    assert ("user:officer", "/api/incident/x") in await seen(desk), "and what it was writing is written"
