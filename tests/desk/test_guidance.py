"""请示 over a real line: a district asks its city about an incident, the answer comes back; and what is settled by telephone closes at the
desk that was asked."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from dutydesk.clock import MINUTE
from dutydesk.reading.worker import ReaderPool
from dutydesk.web.event_words import EVENTS
from tests.desk.linked import CITY, DISTRICT, Pair, pair
from tests.desk.test_linked_stories import report, tell

PROVINCE_PHONE = "+8612000000002"


@pytest.fixture
async def joined(tmp_path: Path, reader: ReaderPool) -> AsyncIterator[Pair]:
    async with pair(tmp_path, reader, mail=True) as made:
        await made.connect()
        await made.city.sign_in("leader")
        await made.district.sign_in("leader")
        yield made


async def ask(here: Pair, text: str) -> dict[str, Any]:
    """The district puts a question about its incident to whoever stands first above it; how it stands on the city's desk."""
    own = await here.district.one("incident")
    above = (await here.district.get(f"/api/proposals/incident/{own['id']}"))["above"]
    assert [(one["unit"], one["linked"]) for one in above["units"][:2]] == [(CITY, True), ("U-370000", False)]
    wish = {"units": [CITY], "text": text, "incident": own["id"], "asks": "guidance", "whys": {CITY: "above"}}
    await here.district.post("/api/verification/q1/AskUnits", wish)
    await here.settle()
    return await here.city.one("inward")


async def said(here: Pair) -> dict[str, Any]:
    (line,) = (await here.district.one("verification"))["lines"]
    return line


async def test_a_district_asks_its_city_and_the_answer_comes_back_into_the_table_and_the_incident(joined: Pair) -> None:
    city, district = joined.city, joined.district
    await tell(joined, "香港中路8号某化工厂爆炸,1人死亡,2人受伤")
    await report(district, 1, "首报")
    await joined.settle()
    inward = await ask(joined, "拟转移周边群众800人,可否启用市级安置点")
    there, own = await city.one("incident"), await district.one("incident")
    assert (inward["kind"], inward["reply_to"], inward["incident"]) == ("request", DISTRICT, there["id"])
    assert inward["due_at"] - inward["received_at"] == 30 * MINUTE
    sent = next(d for d in await district.rows("delivery") if d["purpose"] == "question")
    message = next(m for m in await city.rows("message") if m["id"] == inward["message"])
    assert sent["status"] == "delivered"
    turn = (await said(joined))["turn"]
    assert (turn["status"], turn["receipt"]) == ("arrived", message["number"]), "the city's own number for it"
    await joined.advance(6)
    answer = {"text": "同意,启用市体育中心,已通知市应急局", "how": "line"}
    await city.post(f"/api/inward/{inward['id']}/AnswerInward", answer)
    await joined.settle()
    (heard,) = (await said(joined))["answers"]
    assert (heard["text"], heard["how"], heard["who"], heard["late_by"]) == (answer["text"], "line", f"unit:{CITY}", 0)
    told = (await district.get(f"/api/incident/{own['id']}"))["timeline"]
    words = [e["body"]["text"] for e in told if e["type"] == "VerificationAnswered"]
    assert words == [answer["text"]], "on the incident's own timeline"
    await district.post("/api/verification/q1/Conclude", {})
    assert (await district.one("verification"))["status"] == "concluded"
    assert (await city.one("inward"))["status"] == "answered"


async def test_a_silent_city_is_telephoned_and_then_the_districts_own_watch_is_called(joined: Pair) -> None:
    district = joined.district
    await tell(joined, "香港中路8号写字楼起火,1人受伤")
    await ask(joined, "可否调用市级专业队")
    await joined.advance(18)
    calls = [d for d in await district.rows("delivery") if d["about"] == "page/v2026-0001-1" and d["how"] == "voice"]
    assert {d["callee"] for d in calls} == {f"unit:{CITY}"}
    await joined.advance(14)
    assert (await district.one("verification"))["overdue"] == ["phone"]
    assert "page/v2026-0001-phone" in {f"page/{page['id']}" for page in await district.rows("page")}
    assert (await joined.city.one("inward"))["marked"] == 100, "late on both consoles"


async def test_where_no_line_leads_up_it_goes_by_mail_and_the_link_in_it_answers(joined: Pair) -> None:
    city = joined.city
    await tell(joined, "香港中路8号写字楼起火,1人受伤")
    await report(joined.district, 1, "首报")
    await joined.settle()
    own = await city.one("incident")
    wish = {"units": ["U-370000"], "text": "可否请求省级力量支援", "incident": own["id"], "asks": "guidance"}
    await city.post("/api/verification/up/AskUnits", wish)
    await city.settle()
    mail = await city.telco.mailbox("zhiban@sd.example").expect_mail("请示")
    (link,) = re.findall(r"https?://\S+", mail.text)
    async with city.http.get(link) as page:  # type: ignore[union-attr]
        shown = await page.text()
    assert "不同意" in shown
    form = {"form": "f1", "act": "agreed", "text": "省消防总队30分钟内到"}
    async with city.http.post(link, data=form) as page:  # type: ignore[union-attr]
        assert page.status == 200
    await city.settle()
    row = await city.one("verification")
    assert row["lines"][0]["answers"][0]["text"] == "同意。省消防总队30分钟内到"


async def test_a_question_about_no_incident_goes_up_and_its_answer_comes_back(joined: Pair) -> None:
    city, district = joined.city, joined.district
    (first, *_) = (await district.get("/api/above"))["above"]["units"]
    assert (first["unit"], first["linked"]) == (CITY, True)
    wish = {"units": [CITY], "text": "国庆值班可否改为双岗", "asks": "guidance", "whys": {CITY: "above"}}
    await district.post("/api/verification/q1/AskUnits", wish)
    await joined.settle()
    inward = await city.one("inward")
    assert (inward["kind"], inward["reply_to"], inward["incident"]) == ("request", DISTRICT, None)
    await city.post(f"/api/inward/{inward['id']}/AnswerInward", {"text": "同意,自10月1日起", "how": "line"})
    await joined.settle()
    (heard,) = (await said(joined))["answers"]
    assert (heard["text"], heard["how"]) == ("同意,自10月1日起", "line")
    assert await district.rows("incident") == []
    await district.post("/api/verification/q1/Conclude", {})
    assert (await district.one("verification"))["status"] == "concluded"


async def test_an_answer_by_telephone_closes_the_question_at_the_desk_that_was_asked(joined: Pair) -> None:
    city, district = joined.city, joined.district
    await tell(joined, "香港中路8号某化工厂爆炸,1人死亡,2人受伤")
    await report(district, 1, "首报")
    await joined.settle()
    there = await city.one("incident")
    wish = {"units": [DISTRICT], "text": "伤亡人数是否属实", "incident": there["id"]}
    await city.post("/api/verification/q1/AskUnits", wish)
    await city.post("/api/downward/w1/SendDown", {"unit": DISTRICT, "kind": "instruction", "title": "请派人到场"})
    await joined.settle()
    assert [row["status"] for row in await district.rows("inward")] == ["waiting", "waiting"]
    typed = {"text": "属实。死亡1人,受伤2人", "unit": DISTRICT, "page": "v2026-0001-1"}
    await city.post("/api/calls", typed, expect=201)
    await city.post("/api/downward/w1/TakeAnswer", {"text": "电话答复:已派3人"})
    await joined.settle()
    (line,) = (await city.one("verification"))["lines"]
    assert [one["how"] for one in line["answers"]] == ["call"]
    asked = {row["kind"]: row for row in await district.rows("inward")}
    assert {kind: (row["status"], row["reason"]) for kind, row in asked.items()} == {
        "question": ("closed", "属实。死亡1人,受伤2人"),
        "instruction": ("closed", "电话答复:已派3人"),
    }
    assert {row["closed_by"] for row in asked.values()} == {"peer:city"}
    ends = [d for d in await city.rows("delivery") if d["id"].endswith(".end")]
    assert [d["status"] for d in ends] == ["delivered", "delivered"], "receipted"
    await joined.advance(40)
    late = [page for page in await district.rows("page") if page["id"].startswith("u2026-")]
    assert late == [], "nobody there is called for it any more"


async def test_a_superior_that_does_not_sign_for_a_report_in_time_is_said_so_everywhere(
    joined: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    district = joined.district
    await tell(joined, "香港中路8号某化工厂爆炸,1人死亡,2人受伤")
    await joined.cut()
    monkeypatch.setattr(district.desk.lines, "_dial", lambda _peer: None)
    await report(district, 1, "首报")
    own = await district.one("submission")
    assert (own["silent"], own["overdue"]) == (["city"], []), "twenty minutes are not over"
    await joined.advance(21)
    late = await district.one("submission")
    assert late["overdue"] == ["city"]
    page = next(row for row in await district.rows("page") if row["id"].endswith("-receipt-1"))
    assert page["subject"] == f"{late['draft']['title']}已发出,市政府总值班室到时未签收,请电话确认"
    told = (await district.get(f"/api/submission/{late['id']}"))["timeline"]
    assert "ReceiptsMissing" in [entry["type"] for entry in told]
    assert EVENTS["ReceiptsMissing"] == "到时未签收"
    monkeypatch.undo()
    await joined.connect()
    await joined.settle()
    version = {"version": late["draft"]["version"]}
    confirm = {"addressee": "city", "whom": "市值班员李", "told_at": district.clock.now()}
    await district.post(f"/api/submission/{late['id']}/ConfirmByPhone", version | confirm, expect=422)
    await district.post(f"/api/submission/{late['id']}/ConfirmByPhone", confirm)
    settled = await district.one("submission")
    assert (settled["silent"], settled["overdue"]) == ([], ["city"]), "late is never hidden"
