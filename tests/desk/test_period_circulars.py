"""A month's circular over the real interfaces: written by itself on the first, its figures recounted here another way, edited, numbered,
corrected and issued again. The brief, and one event's own circular."""

import re
from datetime import datetime
from io import BytesIO
from typing import Any

import aiohttp
import orjson
from docx import Document

from dutydesk.clock import BEIJING, from_datetime
from dutydesk.documents.content import RED_HEAD
from dutydesk.domain.pairs import MarkPair
from dutydesk.domain.proofs import MarkProven
from tests.desk.town import Town

LATE = "9时05分,香港中路街道澄湾路12号写字楼起火,2人受伤送医,明火已扑灭。"
CHIEF = "+8612000009102"


DRILLED = "370202002-E-370202002-01"


async def to(here: Town, *when: int) -> None:
    """The clock goes to an instant in one step; whatever is due is done."""
    instant = from_datetime(datetime(*when, tzinfo=BEIJING))  # type: ignore[misc, arg-type]
    here.clock.advance(instant - here.clock.now())
    await here.telco.settle()
    await here.sign_in("leader")


async def reported(here: Town, text: str = LATE, phone: str = "+8612000001020") -> str:
    known = {row["id"] for row in await here.rows("incident")}
    await here.telco.phone(phone).send(text)
    await here.telco.settle()
    await here.telco.phone(phone).expect_sms()
    (made,) = [row["id"] for row in await here.rows("incident") if row["id"] not in known]
    await here.post(f"/api/incident/{made}/SignForIncident", {})
    return made


async def circular(here: Town, kind: str) -> dict[str, Any]:
    return next(row for row in await here.rows("circular") if row["kind"] == kind)


async def test_one_event_one_circular_says_by_how_many_minutes_the_unit_was_late(here: Town) -> None:
    await here.sign_in("leader")
    incident = await reported(here)
    unit = (await here.one("incident"))["unit"]
    await here.post("/api/circular/event-1/AskEventCircular", {"incident": incident, "unit": unit})
    made = await circular(here, "event")
    assert made["figures"][0]["value"] == 115, "9:05 to 12:00 less the hour"
    assert "超过规定时限115分钟" in made["summary"]
    assert made["figures"][0]["seqs"]
    await here.post("/api/circular/event-2/AskEventCircular", {"incident": incident, "unit": "370203"})
    silent = next(row for row in await here.rows("circular") if row["id"] == "event-2")
    assert "本室没有收到市北区对本次事件的报告" in silent["summary"], "who never reported did not keep the limit"


async def test_the_unit_reads_the_circular_on_its_event_and_objects_there_and_then_is_not_late(here: Town) -> None:
    await here.sign_in("leader")
    incident = await reported(here)
    unit = (await here.one("incident"))["unit"]
    await here.post("/api/circular/event-1/AskEventCircular", {"incident": incident, "unit": unit})
    await here.post("/api/circular/event-1/IssueCircular", {})
    await here.telco.phone(CHIEF).expect_sms("超过规定时限115分钟")
    duty = here.telco.phone("+8612000000014")
    link = (await duty.expect_sms("超过规定时限115分钟")).link()
    async with aiohttp.ClientSession() as theirs:
        async with theirs.get(link) as page:
            own = re.search(r'href="(/r/[^"]+)"', await page.text())[1]  # type: ignore[index]
        async with theirs.get(here.url + own) as page:
            assert "超过规定时限115分钟" in await page.text()
        async with theirs.post(here.url + own, data={"form": "1", "text": "9时10分已打电话"}) as page:
            assert "已收到申诉" in await page.text()
    (row,) = await here.rows("fault")
    assert (row["kind"], row["status"], row["unit"], row["incident"]) == ("late", "appealed", unit, incident)
    await here.post(f"/api/fault/{row['id']}/DecideAppeal", {"upheld": False, "reason": "话单属实"})
    await duty.expect_sms("迟报认定申诉成立", "话单属实")
    await here.post("/api/circular/event-2/AskEventCircular", {"incident": incident, "unit": unit})
    again = next(one for one in await here.rows("circular") if one["id"] == "event-2")
    assert again["figures"][0]["value"] is None, "excused is neither late nor on time"


async def test_the_months_circular_writes_itself_and_its_figures_are_what_another_count_gives(here: Town) -> None:
    await here.sign_in("leader")
    incident = await reported(here)
    await here.post(f"/api/incident/{incident}/CloseIncident", {"outcome": "elsewhere", "reason": "移交区里"})
    await to(here, 2026, 12, 1, 9, 0, 1)
    made = await circular(here, "month")
    assert (made["status"], made["title"]) == ("drafted", "2026年11月值班工作情况通报")
    (late,) = [item for item in made["items"] if item["section"] == "faulted"]
    assert "迟报115分钟" in late["text"]
    table = await here.get(f"/api/tally/{made['id']}")
    unit = (await here.one("incident"))["unit"]
    (mine,) = [one for one in table["units"] if one["unit"] == unit]
    figures = {figure["name"]: figure["value"] for figure in mine["figures"]}
    assert figures | {"received": 1, "opened": 1, "late": 1, "late_minutes": 115} == figures
    assert await _recounted(here, unit) == {"received": figures["received"], "opened": figures["opened"]}
    (score,) = [one["score"] for one in table["scores"] if one["unit"] == unit]
    assert score["points"] == 95.0, "one late report costs five by our scheme"


async def test_the_months_circular_tells_how_contacts_and_pairs_stand_by_district_and_opens_to_the_entries(
    here: Town,
) -> None:
    await here.sign_in("leader")
    pair = {"town": "370202001", "unit": "E-370202001-01"}
    for side, right in (("town", True), ("unit", True)):
        said = pair | {"side": side, "right": right, "text": ""}
        await here.post("/api/pair/370202001-E-370202001-01/MarkPair", said)
        only = {"town": "370202002", "unit": "E-370202002-01", "side": side, "right": right}
        await here.desk.hub.handle(f"pair/{DRILLED}", MarkPair.model_validate(only), key="", by="test", drill=True)
        reached = MarkProven(contact=f"C-370202002-{'A' if side == 'town' else 'B'}")
        await here.desk.hub.handle(f"proof/{reached.contact}", reached, key="", by="test", drill=True)
    await to(here, 2026, 12, 1, 9, 0, 1)
    made = await circular(here, "month")
    (told,) = [item["text"] for item in made["items"] if item["section"] == "coverage"]
    table = (await here.get(f"/api/tally/{made['id']}"))["coverage"]
    south = next(one for one in table if one["unit"] == "370202")
    figures = {figure["name"]: figure for figure in south["figures"]}
    assert (figures["pairs_confirmed"]["value"], table[-1]["name"]) == (1, "合计"), "a drill's pair is none"
    assert f"互建{sum_of(table, 'pairs')}对,双方已确认1对" in told
    for name, types in (
        ("pairs_confirmed", {"PairConfirmed"}),
        ("units", {"UnitListed"}),
        ("contacts", {"ContactListed"}),
        ("proven", {"ContactListed"}),  # by the dates of the list: a drill proves nobody
    ):
        seqs = figures[name]["seqs"][:50]
        entries = (await here.get(f"/api/entries?seqs={','.join(map(str, seqs))}"))["entries"]
        assert ({entry["type"] for entry in entries}, len(entries)) == (types, len(seqs)), name


def sum_of(table: list[dict[str, Any]], name: str) -> int:
    """A figure added up over the districts, as it must stand in the last row."""
    values = [figure["value"] for one in table for figure in one["figures"] if figure["name"] == name]
    assert sum(values[:-1]) == values[-1]
    return int(values[-1])


async def test_what_was_closed_after_the_month_was_open_at_its_end_and_what_was_closed_before_was_not(
    here: Town,
) -> None:
    await here.sign_in("leader")
    done = {"outcome": "elsewhere", "reason": "移交区里"}
    before = await reported(here)
    await here.post(f"/api/incident/{before}/CloseIncident", done)
    after = await reported(here, "11时40分,八大峡街道西陵峡一路发生车辆相撞,1人受伤。", "+8612000001021")
    await to(here, 2026, 12, 1, 8, 0, 0)
    await here.post(f"/api/incident/{after}/CloseIncident", done)
    await to(here, 2026, 12, 1, 9, 0, 1)
    figures = {figure["name"]: figure for figure in (await circular(here, "month"))["figures"]}
    assert [figures[name]["value"] for name in ("opened", "closed", "open_at_end")] == [2, 1, 1]
    (last,) = figures["open_at_end"]["seqs"]
    records = await here.desk.hub.read(lambda c: c.all("entries_between", 1, 10**9))
    own = [(record[0], record[4]) for record in records if record[2] == f"incident/{after}"]
    assert last == max(seq for seq, type_ in own if type_ != "IncidentClosed"), "as it stood then"


async def _recounted(here: Town, unit: str) -> dict[str, int]:
    """A second way: straight over the journal's JSON, without a word of the desk's counting."""
    records = await here.desk.hub.read(lambda c: c.all("entries_between", 1, 10**9))
    said = [(record[4], orjson.loads(record[8])) for record in records if not record[5]]
    return {
        "received": sum(1 for type_, body in said if type_ == "MessageRecorded" and body["unit"] == unit),
        "opened": sum(1 for type_, body in said if type_ == "IncidentOpened" and body["unit"] == unit),
    }


async def test_rule_23_it_is_edited_signed_numbered_and_sent_and_a_correction_is_issued_anew_naming_the_old(
    here: Town,
) -> None:
    await here.sign_in("leader")
    await to(here, 2026, 12, 1, 9, 0, 1)
    made = await circular(here, "month")
    path = f"/api/circular/{made['id']}"
    await here.post(f"{path}/EditCircular", {"items": [], "summary": "本月平稳。"})
    await here.post(f"{path}/IssueCircular", {})
    await here.telco.phone(CHIEF).expect_sms("本月平稳")
    issued = await circular(here, "month")
    assert issued["document_number"] == "青政值〔2026〕1号"
    refused = await here.post(f"{path}/EditCircular", {"items": [], "summary": "改"}, expect=409)
    assert "更正" in refused["error"]
    await here.post(f"{path}/CorrectCircular", {"name": "received", "value": "3", "reason": "漏计传真"})
    await here.post(f"{path}/IssueCircular", {})
    await here.telco.phone(CHIEF).expect_sms("更正青政值〔2026〕1号")
    assert (await circular(here, "month"))["document_number"] == "青政值〔2026〕2号"
    async with here.http.get(f"{here.url}/circulars/{made['id']}") as page:  # type: ignore[union-attr]
        assert "青政值〔2026〕2号" in await page.text()
    async with here.http.get(f"{here.url}/circulars/{made['id']}.docx") as file:  # type: ignore[union-attr]
        printed = Document(BytesIO(await file.read()))
    head = next(p for p in printed.paragraphs if p.text)
    assert (head.text, head.style.name if head.style else "") == ("青岛市政府总值班室", RED_HEAD)
    assert any(paragraph.text.endswith("2026年12月1日印发") for paragraph in printed.paragraphs)


async def test_the_brief_puts_the_weightiest_first_in_three_lines(here: Town) -> None:
    await to(here, 2026, 11, 24, 6, 40)
    await reported(here, LATE.replace("9时05分", "6时05分"))
    heavy = await reported(here, "6时20分,泊里镇港前大道两车相撞,2人死亡,5人受伤。", "+8612000001051")
    await here.post(f"/api/incident/{heavy}/NoteIncident", {"text": "市领导已赶赴现场"})
    await to(here, 2026, 11, 24, 7, 0, 1)
    brief = await circular(here, "brief")
    texts = [item["text"] for item in brief["items"]]
    assert "死亡2人" in texts[0]
    assert [len(text.split("\n")) for text in texts] == [3, 3]
    assert brief["title"] == "每日要情(2026年11月24日)"
