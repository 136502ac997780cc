"""下发 over a real line: what goes down from the city's console, its receipt, its answer, and the chase when there is none."""

from pathlib import Path
from typing import Any

from dutydesk.clock import MINUTE
from dutydesk.reading.worker import ReaderPool
from tests.desk.linked import CITY, DISTRICT, Pair, pair


async def down(here: Pair, id: str, **said: Any) -> dict[str, Any]:
    """The city sends it; how it stands on the district's desk."""
    had = {row["id"] for row in await here.district.rows("inward")}
    await here.city.post(f"/api/downward/{id}/SendDown", {"unit": DISTRICT} | said)
    await here.settle()
    (new,) = [row for row in await here.district.rows("inward") if row["id"] not in had]
    return new


async def sent(here: Pair, id: str) -> dict[str, Any]:
    return next(row for row in await here.city.rows("downward") if row["id"] == id)


async def test_what_the_city_sends_down_is_received_answered_and_chased(tmp_path: Path, reader: ReaderPool) -> None:
    async with pair(tmp_path, reader) as joined:
        city, district = joined.city, joined.district
        await joined.connect()
        await city.sign_in("leader")
        await district.sign_in("leader")
        await city.post("/api/downward/x/SendDown", {"unit": "370203", "kind": "question", "title": "?"}, expect=409)

        # about an incident that the district reported
        await joined.up(1)
        await joined.settle()
        there = await city.one("incident")
        asked = await down(joined, "w1", kind="question", title="死亡人数是否属实", incident=there["id"])
        assert (asked["kind"], asked["reply_to"], asked["reference"]) == ("question", CITY, "d2026-0001")
        assert (await sent(joined, "w1"))["turn"]["status"] == "arrived"
        message = next(m for m in await district.rows("message") if m["id"] == asked["message"])
        assert (await sent(joined, "w1"))["turn"]["receipt"] == message["number"]
        answer = {"text": "属实,死亡1人,已到场核对", "how": "line"}
        await district.post(f"/api/inward/{asked['id']}/AnswerInward", answer)
        await joined.settle()
        back = await sent(joined, "w1")
        assert (back["status"], back["answers"][0]["text"], back["late_by"]) == ("answered", answer["text"], 0)
        assert (await city.one("incident"))["figures"]["deaths"]["value"] == 1
        await city.post("/api/downward/w1/EndDown", {})

        # a document needs no answer: its closing is told
        paper = await down(joined, "w2", kind="document", title="关于防汛的紧急通知", text="请即部署")
        await district.post(f"/api/inward/{paper['id']}/CloseInward", {"reason": "已转各街道"})
        await joined.settle()
        assert (await sent(joined, "w2"))["answers"][0]["text"] == "已转各街道"

        # an instruction nobody answers: their duty room is called at four fifths, our watch at the end, and late stays
        due = city.clock.now() + 30 * MINUTE
        order = await down(joined, "w3", kind="instruction", title="请派人到场", answer_by=due)
        assert order["due_at"] == due
        await joined.advance(25)
        called = [d for d in await city.rows("delivery") if d["about"] == "page/d2026-0003-80"]
        assert {d["callee"] for d in called} == {f"unit:{DISTRICT}"}
        await joined.advance(12)
        assert "page/d2026-0003-100" in {f"page/{page['id']}" for page in await city.rows("page")}
        await district.post(f"/api/inward/{order['id']}/AnswerInward", {"text": "已派3人到场", "how": "line"})
        await joined.settle()
        late = await sent(joined, "w3")
        assert (late["status"], late["late_by"]) == ("answered", 7 * MINUTE)
        mine = next(row for row in await district.rows("inward") if row["id"] == order["id"])
        # each dial of a busy machine takes the district's clock a second on
        ahead = district.clock.now() - city.clock.now()
        assert mine["late_by"] == 7 * MINUTE + ahead, "the same minutes on both desks"
