"""CAP over HTTP: an alert of another system comes in once, keeps its XML, waits for a person; an incident goes out valid."""

import hashlib
import io

import pytest

from dutydesk.exchange import cap_papers, cap_xml
from tests.exchange.samples import CANADA, CHINA, ITALY, NWS
from tests.web.city import City
from tests.web.test_commands import token

CAP = "application/cap+xml"


async def post(desk: City, raw: bytes, **headers: str) -> tuple[int, dict[str, object]]:
    sent = await token(desk) | {"Content-Type": CAP} | headers
    answer = await desk.client.post("/api/cap", data=io.BytesIO(raw), headers=sent)
    return answer.status, await answer.json()


async def test_an_alert_becomes_a_message_with_its_facts_and_keeps_its_xml(desk: City) -> None:
    status, said = await post(desk, CHINA)
    assert (status, said["deviations"]) == (201, [])
    row = await desk.row("message", str(said["id"]))
    assert row["exchange"]["title"] == "样例市气象台发布暴雨橙色预警"
    assert "50毫米" in row["text"]
    digest = hashlib.sha256(CHINA).hexdigest()
    assert row["media"] == [{"url": f"blob:{digest}", "media_type": CAP, "digest": digest}]
    kept = await desk.hub.read(lambda c: c.one("blob", digest))
    assert kept is not None
    assert bytes(kept[1]) == CHINA


async def test_the_same_alert_again_is_the_same_message(desk: City) -> None:
    first, second = await post(desk, NWS), await post(desk, NWS)
    assert (first[0], second[0]) == (201, 200)
    assert first[1]["number"] == second[1]["number"]


async def test_an_alert_that_deviates_is_taken_and_told_how(desk: City) -> None:
    status, said = await post(desk, ITALY)
    assert status == 201
    assert said["deviations"]


@pytest.mark.parametrize(
    ("raw", "status"),
    [(b"", 422), (b"{}", 422), (b"<alert/>", 422), (b" " * (cap_xml.MOST_BYTES + 1), 413)],
    ids=["empty", "json", "bare", "long"],
)
async def test_what_is_no_alert_is_refused(desk: City, raw: bytes, status: int) -> None:
    assert (await post(desk, raw))[0] == status


async def test_it_needs_a_token(desk: City) -> None:
    assert (await post(desk, CANADA, Authorization=""))[0] == 401


async def test_an_incident_goes_out_as_valid_cap(desk: City) -> None:
    incident = await desk.incident()
    await desk.sign_in("officer")
    answer = await desk.get(f"/api/incident/{incident}/cap")
    assert (answer.status, answer.content_type) == (200, CAP)
    raw = await answer.read()
    assert cap_xml.problems(raw) == []
    paper = cap_papers.from_alert(cap_xml.read_alert(raw))
    row = await desk.row("incident", incident)
    assert (paper.event, paper.title) == (row["event"], row["title"])
    assert (await desk.get("/api/incident/nothing/cap")).status == 404
    await desk.sign_in("reader")
    assert (await desk.get(f"/api/incident/{incident}/cap", "reader")).status == 403


async def test_when_links_were_last_heard(desk: City) -> None:
    await desk.hub.beside(lambda c: c.run("put_heard", "province", desk.clock.now(), 5))
    await desk.sign_in("officer")
    said = await (await desk.get("/api/links")).json()
    assert said == {"links": {"province": {"heard_at": desk.clock.now(), "skew": 5}}}
