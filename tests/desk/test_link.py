"""A district linked to its city, over real websockets: papers up with receipts, questions down, cuts and kills, forgeries and forks."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from dutydesk.app import adopt_policy
from dutydesk.clock import DAY, MINUTE
from dutydesk.domain.holiday_rosters import AskRoster
from dutydesk.domain.messages import Media, RecordMessage
from dutydesk.reading.worker import ReaderPool
from tests.desk.linked import CITY, DISTRICT, Pair, pair, paper, queue, revive
from tests.desk.town import CONTACT, OFFICER

PHOTO = bytes(range(256)) * 4_000  # several pieces


@pytest.fixture
async def joined(tmp_path: Path, reader: ReaderPool) -> AsyncIterator[Pair]:
    async with pair(tmp_path, reader) as made:
        await made.connect()
        yield made


async def numbers(here: Pair) -> list[str]:
    """The papers that the city has, in the order in which it recorded them."""
    found = await here.city.desk.hub.read(lambda c: c.all("entries_typed", "MessageRecorded", 1, 10**9))
    return [paper["number"] for row in found if (paper := orjson.loads(row[10])["exchange"])]


async def test_a_submission_arrives_once_opens_an_incident_and_its_receipt_comes_back(joined: Pair) -> None:
    await joined.up(1)
    await joined.settle()
    message = await joined.city.one("message")
    assert (message["channel"], message["unit"], message["sender_name"]) == ("link", DISTRICT, None)
    incident = await joined.city.one("incident")
    assert (incident["title"], incident["figures"]["deaths"]["value"]) == ("香港中路8号写字楼火灾", 1)
    assert incident["unit"] == "370202001"
    sent = [d for d in await joined.district.rows("delivery") if d["how"] == "link"]
    assert [(d["status"], d["provider_id"], d["n"]) for d in sent] == [("delivered", message["number"], 1)]


async def test_a_districts_holiday_roster_comes_up_over_the_line_and_it_is_chased_no_more(joined: Pair) -> None:
    period = '\n[[periods]]\nname = "海洋大会"\nfirst = 2026-12-04\nlast = 2026-12-05\n'
    for here in (joined.city, joined.district):
        path = here.desk.settings.config / "roster.toml"
        path.write_text(path.read_text("utf-8").replace("send_to = []", f'send_to = ["{CITY}"]') + period, "utf-8")
        await adopt_policy(here.desk.hub, here.desk.settings)
    await joined.advance(4)
    (coming,) = await joined.city.rows("holiday")
    await joined.city.desk.hub.handle(
        f"unitroster/{coming['id']}.{DISTRICT}",
        AskRoster(
            unit=DISTRICT, name="海洋大会", first="2026-12-04", last="2026-12-05", due_at=joined.city.clock.now() + DAY
        ),
        key="",
        by="test",
    )
    await joined.settle()
    await joined.district.sign_in("leader")
    await joined.district.post("/api/roster/2026-12/PlanRoster", {"month": "2026-12"})
    await joined.district.post(f"/api/holiday/{coming['id']}/SendRoster", {})
    await joined.settle()
    given = await joined.city.one("unitroster")
    assert (given["status"], given["missing"], given["late_by"]) == ("given", [], 0)
    assert [line["leader"] for line in given["lines"]] == ["带班领导乙", "带班领导乙"]
    (sent,) = [d for d in await joined.district.rows("delivery") if d["how"] == "link"]
    assert sent["status"] == "delivered"


async def test_a_follow_up_joins_the_same_incident_by_its_reference(joined: Pair) -> None:
    for n in (1, 2, 3):
        await joined.up(n)
        await joined.advance(0.5)
    incident = await joined.city.one("incident")
    assert incident["figures"]["deaths"]["value"] == 3
    assert await numbers(joined) == [f"20261123-001/{n}" for n in (1, 2, 3)]


async def test_a_question_from_above_goes_down_and_waits_for_a_person_at_once(joined: Pair) -> None:
    question = paper(1, desk=CITY, kind="question", number="Q-1", text="死亡人数是否属实?", event="")
    await queue(joined.city, question, DISTRICT, "q1")
    await joined.settle()
    (message,) = await joined.district.rows("message")
    assert (message["channel"], message["status"]) == ("link", "held")
    assert message["reason"] == "from_above"
    assert not await joined.district.rows("incident")
    page = await joined.district.one("page")
    assert page["status"] == "open", "nobody waits five minutes for a question from above"
    call = await joined.district.telco.phone(OFFICER).expect_call("来报")
    await call.press("1")


async def test_cut_off_for_a_day_and_killed_twice_delivers_everything_once_in_order_with_receipts(
    joined: Pair, reader: ReaderPool
) -> None:
    await joined.up(1)
    await joined.settle()
    await joined.cut()
    for n in range(2, 6):
        await joined.up(n)
        joined.district.clock.advance(6 * 60 * MINUTE)
        joined.city.clock.advance(6 * 60 * MINUTE)
        if n in (3, 5):
            await revive(joined.district, reader)
    await joined.connect()
    await joined.settle()
    assert await numbers(joined) == [f"20261123-001/{n}" for n in range(1, 6)]
    sent = [d for d in await joined.district.rows("delivery") if d["how"] == "link"]
    assert sorted((d["n"], d["status"]) for d in sent) == [(n, "delivered") for n in range(1, 6)]
    assert {d["provider_id"] for d in sent} == {m["number"] for m in await joined.city.rows("message")}


async def test_a_report_signed_in_the_district_opens_the_incident_in_the_city_and_its_receipt_closes_the_line(
    joined: Pair,
) -> None:
    district = joined.district
    phone = district.telco.phone(CONTACT)
    await phone.send("香港中路8号写字楼起火,1人死亡")
    await joined.settle()
    await phone.expect_sms("已收到")
    own = await district.one("incident")
    await district.sign_in("leader")
    await district.post(f"/api/incident/{own['id']}/SignForIncident", {})
    digest = hashlib.sha256(PHOTO).hexdigest()
    await district.desk.hub.beside(lambda c: c.run("put_blob", digest, "image/jpeg", PHOTO))
    media = (Media(url=f"blob:{digest}", media_type="image/jpeg", digest=digest, size=len(PHOTO)),)
    photo = RecordMessage(
        channel="web", via="link", text="现场照片", contact="C-370202001-A", media=media, incident=own["id"]
    )
    await district.desk.hub.handle("message/photo", photo, key="", by="test")
    await joined.settle()
    await district.post(f"/api/incident/{own['id']}/DraftSubmission", {"kind": "首报"})
    for command in ("CheckSubmission", "SignSubmission", "SendSubmission"):
        version = (await district.one("submission"))["draft"]["version"]
        await district.post(f"/api/submission/{own['id']}-1/{command}", {"version": version})
    await joined.settle()
    (message,) = await joined.city.rows("message")
    assert (message["channel"], message["unit"], message["exchange"]["event"]) == ("link", DISTRICT, own["event"])
    (named,) = message["media"]
    assert (named["digest"], named["size"]) == (digest, len(PHOTO)), "named with size and digest"
    (frame,) = await joined.city.rows("frame")
    assert [(one["digest"], one["status"]) for one in frame["files"]] == [(digest, "here")]
    kept = await joined.city.desk.hub.read(lambda c: c.one("blob", digest))
    assert kept is not None
    assert (kept[0], bytes(kept[1])) == ("image/jpeg", PHOTO), "fetched once over the line"
    there = await joined.city.one("incident")
    assert there["figures"]["deaths"]["value"] == 1
    assert there["event"] != own["event"], "each desk numbers its own"
    (sent,) = [row for row in await district.rows("delivery") if row["how"] == "link"]
    assert (sent["status"], sent["provider_id"]) == ("delivered", message["number"])
    (line,) = (await district.one("submission"))["lines"]
    assert line["status"] == "arrived"
    assert [(one["number"], one["how"]) for one in line["receipts"]] == [(message["number"], "link")]
