"""Statistics over HTTP: counted from the entries of a period, beside the period before, each point with its entries; as csv and xlsx."""

import csv
import io

import openpyxl

from dutydesk.clock import DAY
from dutydesk.domain.messages import RecordMessage
from dutydesk.domain.pages import AcknowledgePage
from tests.web.city import CALLER, City


async def statistics(desk: City, query: str = "from=2026-11-23&to=2026-11-23", user: str = "officer") -> dict:
    answer = await desk.get(f"/api/statistics?{query}", user)
    assert answer.status == 200, await answer.text()
    return await answer.json()


def values(found: dict, chart: str) -> dict[str, int]:
    return {point["label"]: point["value"] for point in found["charts"][chart] if point["value"]}


async def test_reports_incidents_and_answers_are_counted_where_they_belong(desk: City):
    await desk.incident("火灾")
    await desk.incident("火灾", "+8612000000202")
    await desk.message("你好")
    desk.clock.advance(2 * 60_000_000)
    (page, *_) = [r[1] for r in await desk.hub.read(lambda c: c.all("rows_of_kind", "page"))]
    await desk.hub.handle(f"page/{page}", AcknowledgePage(who="contact:C1", how="sms", answer="1"), key="", by="x")
    found = await statistics(desk)
    assert values(found, "hours") == {"20": 3}
    assert values(found, "days") == {"11-23": 3}
    assert values(found, "kinds") == {"火灾": 2}
    assert values(found, "categories") == {"事故灾难": 2}
    assert values(found, "districts") == {"370281": 1, "370283": 1}
    assert values(found, "answers") == {"3分内": 1}
    assert found["totals"]["MessageRecorded"] == 3


async def test_each_point_opens_to_the_entries_it_was_counted_from(desk: City):
    await desk.incident("火灾")
    found = await statistics(desk)
    (point,) = [p for p in found["charts"]["kinds"] if p["value"]]
    entries = (await (await desk.get(f"/api/entries?seqs={','.join(map(str, point['seqs']))}")).json())["entries"]
    assert [e["type"] for e in entries] == ["IncidentOpened"]
    assert entries[0]["body"]["reading"]["subtype"] == "火灾"


async def test_a_period_stands_beside_the_one_before_of_the_same_length(desk: City):
    await desk.message("昨天")
    await desk.message("昨天又")
    desk.clock.advance(DAY)
    await desk.message("今天")
    found = await statistics(desk, "from=2026-11-24&to=2026-11-24")
    assert [(p["value"], p["former"]) for p in found["charts"]["days"]] == [(1, 2)]
    assert (found["totals"]["MessageRecorded"], found["former_totals"]["MessageRecorded"]) == (1, 2)
    assert (found["answer_median"], found["former_answer_median"]) == (None, None)  # nobody answered: not zero seconds


async def test_a_drill_is_not_counted_and_a_scope_counts_its_own(desk: City):
    wish = RecordMessage(channel="call", via="desk", sender=CALLER, text="演练")
    await desk.hub.handle("message/d1", wish, key="", by="user:officer", drill=True)
    await desk.incident("甲")
    await desk.incident("乙", "+8612000000202")
    assert (await statistics(desk))["totals"]["MessageRecorded"] == 2
    assert (await statistics(desk, user="officer-281"))["totals"]["MessageRecorded"] == 1
    assert values(await statistics(desk, user="officer-281"), "kinds") == {"甲": 1}


async def test_the_files_hold_the_same_figures(desk: City):
    await desk.incident("=1+1")
    query = "from=2026-11-23&to=2026-11-23"
    raw = await (await desk.get(f"/statistics.csv?{query}")).read()
    assert raw.startswith(b"\xef\xbb\xbf")  # without it Excel takes UTF-8 for GBK
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert ["事件(按种类)", "'=1+1", "1", "0"] in rows  # no formula
    book = openpyxl.load_workbook(io.BytesIO(await (await desk.get(f"/statistics.xlsx?{query}")).read()))
    assert [[str(cell) for cell in row] for row in book.active.values] == rows


async def test_a_period_is_bounded(desk: City):
    assert (await desk.get("/api/statistics?from=2020-01-01&to=2026-11-23")).status == 400
    assert (await statistics(desk, "from=2026-01-01&to=2026-11-23"))["cut"] is False
