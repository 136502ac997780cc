"""Whole stories over a real line, district to city, with the province at the end of mail and telephone: an explosion that grows to fourteen
deaths, and a report that the district gave too late."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from dutydesk.clock import MINUTE
from dutydesk.domain.exchanges import Exchange
from dutydesk.exchange.cap_papers import to_alert
from dutydesk.reading.worker import ReaderPool
from tests.desk.linked import DISTRICT, Pair, pair
from tests.desk.test_submissions import post_link
from tests.desk.town import CONTACT, Town


@pytest.fixture
async def joined(tmp_path: Path, reader: ReaderPool) -> AsyncIterator[Pair]:
    async with pair(tmp_path, reader) as made:
        await made.connect()
        yield made


async def report(here: Town, number: int, kind: str = "", signer: str = "", first: tuple[str, ...] = ()) -> None:
    """A desk's next report: begun by an officer where it did not begin itself, checked, signed by the leader of the watch (or with the
    word of `signer` by telephone), sent to `first` and then to whoever is left."""
    (own,) = await here.rows("incident")
    if kind:
        await here.post(f"/api/incident/{own['id']}/DraftSubmission", {"kind": kind})
    steps: list[tuple[str, dict[str, Any]]] = [
        ("CheckSubmission", {}),
        ("SignSubmission", {"leader": signer} if signer else {}),
        *((("SendSubmission", {"to": first}),) if first else ()),
        ("SendSubmission", {}),
    ]
    for command, said in steps:
        row = next(r for r in await here.rows("submission") if r["ordinal"] == number)
        version = {"version": row["draft"]["version"]}
        await here.post(f"/api/submission/{row['id']}/{command}", version | said)


async def clocks(here: Town) -> dict[str, dict[str, Any]]:
    return {row["rule"]: row for row in await here.rows("obligation")}


async def by_phone(here: Town, addressee: str, whom: str) -> None:
    (own,) = await here.rows("incident")
    said = {"addressee": addressee, "whom": whom, "told_at": here.clock.now()}
    await here.post(f"/api/incident/{own['id']}/ReportByPhone", said)


async def receipted(here: Town, address: str, kind: str) -> None:
    """The simulated province opens the mail of a report and signs for it."""
    mail = await here.telco.mailbox(address).expect_mail(kind)
    link = re.findall(r"https?://\S+", mail.text)[-1]
    assert (await post_link(link, "receipt", who="省值班员张", number=f"鲁收{kind}"))[0] == 200


async def tell(here: Pair, text: str) -> None:
    """The contact at the scene writes to the district; whatever follows at both desks comes to rest."""
    phone = here.district.telco.phone(CONTACT)
    known = await here.district.rows("incident")
    await phone.send(f"{known[0]['id']} {text}" if known else text)
    await here.settle()
    await phone.expect_sms("已收到")


async def test_an_explosion_grows_from_one_to_fourteen_deaths_from_the_district_to_the_province(
    tmp_path: Path, reader: ReaderPool
) -> None:
    async with pair(tmp_path, reader, mail=True) as joined:
        city, district = joined.city, joined.district
        await joined.connect()
        for desk in (city, district):
            await desk.sign_in("leader")

        # 12:00 one death: the district's first report opens the incident in the city, and the city's own goes up
        await tell(joined, "香港中路8号某化工厂2号反应釜爆炸,1人死亡,5人受伤")
        own = await district.one("incident")
        await district.post(f"/api/incident/{own['id']}/SignForIncident", {})
        await report(district, 1, "首报")
        await joined.settle()
        assert (await clocks(district))["city-written"]["status"] == "met"
        there = await city.one("incident")
        assert (there["figures"]["deaths"]["value"], there["level"], there["unit"]) == (1, "一般", "370202001")
        await city.post(f"/api/incident/{there['id']}/SignForIncident", {})
        await by_phone(city, "province-safety", "省安委办周")
        await report(city, 1, "首报")
        await receipted(city, "yjt@sd.example", "首报")

        # 13:02 four: both desks' follow-ups begin themselves, the city's clocks to the province run from now
        await joined.advance(62, step=31)
        await tell(joined, "死亡增至4人")
        follow = next(row for row in await district.rows("submission") if row["ordinal"] == 2)
        assert (follow["kind"], follow["why"]) == ("续报", "casualties")
        await report(district, 2, signer="L-10")
        await joined.settle()
        there = await city.one("incident")
        assert (there["figures"]["deaths"]["value"], there["level"]) == (4, "较大"), "it joined the city's incident"
        started = {rule: row["start_at"] for rule, row in (await clocks(city)).items()}
        assert started["province-phone"] == started["province-written"] == city.clock.now()
        await by_phone(city, "province", "省值班员张")
        await report(city, 2, signer="L-10")
        await receipted(city, "zhiban@sd.example", "续报一")
        assert {(await clocks(city))[rule]["status"] for rule in ("province-phone", "province-written")} == {"met"}

        # the leader's word goes down the line, is answered there, and is struck off
        logged = {"leader": "L-10", "text": "全力搜救,每小时报告", "said_at": city.clock.now(), "incident": there["id"]}
        await city.post("/api/instruction/b1/LogInstruction", logged)
        early = await city.post("/api/instruction/b1/StrikeOff", {}, expect=409)
        assert "没有转办过" in early["error"]
        due = city.clock.now() + 60 * MINUTE
        await city.post("/api/instruction/b1/PassOn", {"unit": DISTRICT, "answer_by": due})
        await joined.settle()
        order = await district.one("inward")
        assert (order["kind"], order["due_at"], order["text"]) == ("instruction", due, "全力搜救,每小时报告")
        await joined.advance(10)
        done = {"text": "已救出3人,搜救继续", "how": "line"}
        await district.post(f"/api/inward/{order['id']}/AnswerInward", done)
        await joined.settle()
        (passed,) = (await city.one("instruction"))["units"]
        assert (passed["answer"], passed["late_by"]) == ("已救出3人,搜救继续", 0)
        await city.post("/api/instruction/b1/StrikeOff", {})

        # 15:10 fourteen: 重大, every clock anew; straight to the State Council, and the province that was skipped is owed it at once
        await joined.advance(118, step=40)
        await tell(joined, "死亡增至14人")
        await report(district, 3, signer="L-03")
        await joined.settle()
        there = await city.one("incident")
        assert [(rise["level"]) for rise in there["reportable"]] == ["较大", "重大"]
        assert (await clocks(city))["province-phone-major"]["start_at"] == city.clock.now()
        await by_phone(city, "province", "省值班员王")
        await report(city, 3, signer="L-03", first=("state",))
        await receipted(city, "zhiban@sd.example", "续报二")
        now = await clocks(city)
        assert {now[rule]["status"] for rule in ("backfill-province-3", "province-written-major")} == {"met"}

        # 18:10 the end, on both desks only after their final reports
        await joined.advance(180, step=60)
        for desk in (district, city):
            (row,) = await desk.rows("incident")
            close = f"/api/incident/{row['id']}/CloseIncident"
            said = await desk.post(close, {"outcome": "handled", "reason": "处置完毕"}, expect=409)
            assert "还没有终报" in said["error"]
            await report(desk, 4, "终报", signer="L-03")
            await joined.settle()
            await desk.post(close, {"outcome": "handled", "reason": "处置完毕"})
        kinds = ["首报", "续报", "续报", "终报"]
        for desk in (district, city):
            (row,) = await desk.rows("incident")
            assert (row["status"], [one["kind"] for one in row["submitted"]]) == ("closed", kinds)
        papers = sorted(await city.rows("message"), key=lambda m: int(m["received_at"]))
        assert [m["exchange"].get("stage", "reply") for m in papers] == ["首报", "续报", "reply", "续报", "终报"]
        first, second = (Exchange.model_validate(m["exchange"]) for m in papers[:2])
        assert second.reference_times == (first.issued_at,), "CAP names what it refers to with its instant"
        assert first.number in to_alert(second).references


async def test_a_late_district_report_is_late_to_the_minute_on_both_its_lines_and_in_the_citys_circular(
    joined: Pair,
) -> None:
    """By telephone and in writing apart, the government's line and the department's apart: none is forgiven by another, nor ever."""
    district, city = joined.district, joined.city
    await tell(joined, "9时05分,香港中路8号某化工厂2号反应釜爆炸,1人死亡,5人受伤")
    (own,) = await district.rows("incident")
    await district.sign_in("leader")
    await district.post(f"/api/incident/{own['id']}/SignForIncident", {})
    await joined.advance(47)
    await by_phone(district, "city", "市值班员李")
    await by_phone(district, "province-safety", "省安委办周")
    await joined.advance(23)
    await report(district, 1, "首报")
    await joined.settle()
    said = {rule: (row["status"], row["late_by"] // MINUTE) for rule, row in (await clocks(district)).items()}
    assert said == {
        "city-phone": ("met", 17),
        "district-safety-phone": ("met", 17),
        "city-written": ("met", 10),
    }
    lifted = await district.post(
        f"/api/obligation/{own['id']}-city-phone/LiftObligation", {"reason": "情有可原"}, expect=409
    )
    assert "不能撤销" in lifted["error"]
    there = await city.one("incident")
    assert (there["unit"], (await city.one("message"))["unit"]) == ("370202001", DISTRICT)
    await city.sign_in("leader")
    asked = {"incident": there["id"], "unit": DISTRICT}
    await city.post("/api/circular/event-1/AskEventCircular", asked)
    made = await city.one("circular")
    assert made["figures"][0]["value"] == 185, "9:05 to 13:10 less the hour"
    assert "市南区11月23日13:10才向本室报告,超过规定时限185分钟" in made["summary"]
