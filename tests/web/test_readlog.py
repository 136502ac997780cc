"""Reads of what is sensitive are written down, once in five minutes; who audits sees them."""

from dutydesk.clock import MINUTE
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
