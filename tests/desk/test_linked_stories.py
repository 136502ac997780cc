"""A chemical explosion grows in a district that is linked to its city: what the district signs raises the level there, and its clocks."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dutydesk.reading.worker import ReaderPool
from tests.desk.linked import DISTRICT, Pair, pair
from tests.desk.town import CONTACT


@pytest.fixture
async def joined(tmp_path: Path, reader: ReaderPool) -> AsyncIterator[Pair]:
    async with pair(tmp_path, reader) as made:
        await made.connect()
        yield made


async def _report(here: Pair, number: int, signer: str = "") -> None:
    """The district's next report: checked and signed by the leader of its watch, sent by the link."""
    (own,) = await here.district.rows("incident")
    if number == 1:
        await here.district.post(f"/api/incident/{own['id']}/DraftSubmission", {"kind": "首报"})
    for command in ("CheckSubmission", "SignSubmission", "SendSubmission"):
        row = next(r for r in await here.district.rows("submission") if r["ordinal"] == number)
        said = {"version": row["draft"]["version"]} | (
            {"leader": signer} if command == "SignSubmission" and signer else {}
        )
        await here.district.post(f"/api/submission/{row['id']}/{command}", said)
    await here.settle()


async def test_a_districts_explosion_opens_the_incident_at_the_city_and_its_follow_up_raises_it_there(
    joined: Pair,
) -> None:
    district, city = joined.district, joined.city
    phone = district.telco.phone(CONTACT)
    await phone.send("香港中路8号某化工厂2号反应釜爆炸,1人死亡,5人受伤")
    await joined.settle()
    await phone.expect_sms("已收到")
    own = await district.one("incident")
    assert own["level"] == "一般"
    await district.sign_in("leader")
    await district.post(f"/api/incident/{own['id']}/SignForIncident", {})
    await _report(joined, 1)
    there = await city.one("incident")
    assert (there["figures"]["deaths"]["value"], there["level"]) == (1, "一般")
    assert (await city.one("message"))["channel"] == "link"

    await joined.advance(1)
    await phone.send(f"{own['id']} 死亡增至4人")
    await joined.settle()
    follow = next(row for row in await district.rows("submission") if row["ordinal"] == 2)
    assert (follow["kind"], follow["why"]) == ("续报", "casualties")
    assert (await district.one("incident"))["level"] == "较大"
    await _report(joined, 2, signer="L-10")
    there = await city.one("incident")
    assert there["figures"]["deaths"]["value"] == 4, "the follow-up joined the incident that the first report opened"
    assert there["level"] == "较大"
    assert len(await city.rows("message")) == 2
    clocks = {row["rule"]: row["start_at"] for row in await city.rows("obligation")}
    assert clocks["province-phone"] == city.clock.now(), (
        "the city's own clocks run from when it became reportable there"
    )


async def test_a_late_district_report_is_said_to_the_minute_in_the_citys_circular(joined: Pair) -> None:
    district, city = joined.district, joined.city
    phone = district.telco.phone(CONTACT)
    await phone.send("9时05分,香港中路8号某化工厂2号反应釜爆炸,1人死亡,5人受伤")
    await joined.settle()
    await phone.expect_sms("已收到")
    (own,) = await district.rows("incident")
    await district.sign_in("leader")
    await district.post(f"/api/incident/{own['id']}/SignForIncident", {})
    await _report(joined, 1)
    there = await city.one("incident")
    assert (there["unit"], (await city.one("message"))["unit"]) == ("370202001", DISTRICT)
    await city.sign_in("leader")
    asked = {"incident": there["id"], "unit": DISTRICT}
    await city.post("/api/circular/event-1/AskEventCircular", asked)
    made = await city.one("circular")
    assert made["figures"][0]["value"] == 115, "9:05 to 12:00 less the hour"
    assert "市南区11月23日12:00才向本室报告,超过规定时限115分钟" in made["summary"]
