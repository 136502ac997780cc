"""A rumour (regulations 3.2, 8.13): the province asks, the city asks its district over the link, and the answer travels back up."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from dutydesk.clock import MINUTE
from dutydesk.reading.worker import ReaderPool
from tests.desk.linked import CITY, DISTRICT, Pair, pair, paper, queue
from tests.desk.town import CONTACT


@pytest.fixture
async def joined(tmp_path: Path, reader: ReaderPool) -> AsyncIterator[Pair]:
    async with pair(tmp_path, reader) as made:
        await made.connect()
        await made.city.sign_in("leader")
        await made.district.sign_in("leader")
        yield made


async def rumour(here: Pair) -> dict[str, Any]:
    """A text in the city that something exploded in the district; an incident, not verified."""
    phone = here.city.telco.phone(CONTACT)
    await phone.send("网传香港中路8号化工厂爆炸,3人死亡")
    await here.settle()
    return await here.city.one("incident")


async def asked_below(here: Pair, incident: dict[str, Any]) -> dict[str, Any]:
    """The city asks the district whether it is so; what stands on the district's desk of it."""
    wish = {"units": [DISTRICT], "text": "香港中路8号化工厂是否爆炸,有无伤亡", "incident": incident["id"]}
    await here.city.post("/api/verification/q1/AskUnits", wish)
    await here.settle()
    return await here.district.one("inward")


async def answer(here: Pair, inward: dict[str, Any], text: str, **said: Any) -> None:
    await here.district.post(f"/api/inward/{inward['id']}/AnswerInward", {"text": text, "how": "line", **said})
    await here.settle()


async def test_a_rumour_is_verified_false_in_25_minutes_and_the_answer_goes_back_up(joined: Pair) -> None:
    city, district = joined.city, joined.district
    above = {
        "kind": "question",
        "sender": "省政府总值班室",
        "title": "网传市南区化工厂爆炸是否属实",
        "reference": "鲁值询〔2026〕3号",
    }
    await city.post("/api/inward/p1/LogInward", above)
    lead = await rumour(joined)
    began = city.clock.now()
    inward = await asked_below(joined, lead)
    assert (inward["kind"], inward["reply_to"], inward["sender"]) == ("question", CITY, "U-370200值班室")
    assert inward["due_at"] - inward["received_at"] == 30 * MINUTE
    await joined.advance(3)
    await district.post(f"/api/inward/{inward['id']}/TakeInward", {})
    town = {"units": ["370202001"], "text": "香港中路8号是否爆炸"}
    await district.post("/api/verification/d1/AskUnits", town)
    await joined.advance(9)
    phone = district.telco.phone(CONTACT)
    await phone.send("不属实,现场看过,是锅炉排汽")
    await joined.settle()
    assert (await district.one("verification"))["lines"][0]["answers"][0]["truth"] == "false"
    await joined.advance(8)
    await answer(joined, inward, "不属实。香港中路8号锅炉排汽,无爆炸、无伤亡,街道到场看过")
    sent = (await district.one("inward"))["answers"][0]
    assert (sent["late_by"], sent["reply"]["status"]) == (0, "arrived")
    (line,) = (await city.one("verification"))["lines"]
    (said,) = line["answers"]
    assert (said["truth"], said["how"], said["who"], said["late_by"]) == ("false", "line", f"unit:{DISTRICT}", 0)
    arrived = next(m for m in await city.rows("message") if m["id"] == said["message"])
    assert arrived["number"] == sent["reply"]["receipt"], (
        "what the district holds as its receipt is the city's own number"
    )
    assert arrived["status"] in ("answered", "attached")
    await joined.advance(5)
    proof = {"truth": "false", "reason": "市南区值班室、香港中路街道到场看过", "close": True}
    await city.post("/api/verification/q1/Conclude", proof)
    above_answer = {"text": "不属实,为锅炉排汽,无人员伤亡", "how": "phone"}
    await city.post("/api/inward/p1/AnswerInward", above_answer)
    assert city.clock.now() - began == 25 * MINUTE
    closed = await city.one("incident")
    assert (closed["status"], closed["outcome"], closed["truth"]) == ("closed", "false", "false")
    (province,) = (await city.one("inward"))["answers"]
    assert province["late_by"] == 0


async def test_refused_second_late_and_misnumbered_answers_each_stand_as_what_they_are(
    joined: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, district = joined.city, joined.district
    inward = await asked_below(joined, await rumour(joined))
    stray = paper(1, kind="reply", number="R-1", references=["v2026-0099-1"], event="", text="不属实", stage=None)
    await queue(district, stray, CITY, "stray")
    await joined.settle()
    held = next(m for m in await city.rows("message") if m["channel"] == "link")
    assert (held["status"], held["reason"]) == ("held", "paper_reply"), "an answer to nothing waits for a person"
    assert (await city.one("verification"))["lines"][0]["answers"] == []

    await answer(joined, inward, "香港中路8号不归我区,请问市北区", declined=True)
    (said,) = (await city.one("verification"))["lines"][0]["answers"]
    assert (said["truth"], said["text"]) == (None, "退回:香港中路8号不归我区,请问市北区")

    await joined.cut()
    monkeypatch.setattr(district.desk.lines, "_dial", lambda peer: None)
    await joined.advance(20)
    await answer(joined, inward, "不属实,是锅炉排汽")
    declined, waits = (await district.one("inward"))["answers"]
    assert declined["declined"]
    assert (waits["late_by"], waits["reply"]["status"]) == (0, "waiting"), "in time here, and not there yet"
    await joined.advance(15)
    monkeypatch.undo()
    await joined.connect()
    await joined.settle()
    first, second = (await city.one("verification"))["lines"][0]["answers"]
    assert (first["late_by"], second["truth"], second["late_by"]) == (0, "false", 5 * MINUTE), (
        "thirty minutes in writing"
    )
    mine = (await district.one("inward"))["answers"]
    assert [one["reply"]["status"] for one in mine] == ["arrived", "arrived"]
    assert len({one["reply"]["receipt"] for one in mine}) == 2
