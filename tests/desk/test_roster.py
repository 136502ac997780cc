"""The roster over HTTP: planned, uploaded, subscribed to; a leave approved, and the page goes to the stand-in's telephone."""

from typing import Any

import aiohttp

from dutydesk.app import adopt_policy
from dutydesk.clock import DAY, HOUR, SECOND
from dutydesk.domain.users import AddUser
from dutydesk.links import Claim
from tests.desk.test_handover import NIGHT, current, shifts
from tests.desk.town import OFFICER, Town

__all__ = ["shifts"]


async def upload(here: Town, name: str, text: str) -> tuple[int, dict[str, Any]]:
    assert here.http is not None
    csrf = (await here.get("/api/me"))["csrf"]
    path = f"{here.url}/api/roster-file?name={name}"
    async with here.http.post(path, data=text.encode(), headers={"X-CSRF": csrf}) as answer:
        return answer.status, await answer.json()


async def test_an_uploaded_roster_is_taken_whole_or_told_by_row_and_column(shifts: Town) -> None:
    here = shifts
    status, said = await upload(here, "12.csv", "日期,班次,主班\n2026-12-03,白班,张山\n2026-12-04,中班,night\n")
    assert status == 422
    assert "第2行 主班 列" in said["error"]
    assert "第3行 班次 列" in said["error"]
    assert [row["id"] for row in await here.rows("roster")] == ["2026-11"]
    status, said = await upload(here, "12.csv", "日期,班次,主班,带班领导\n2026-12-03,白班,night,leader\n")
    assert (status, said) == (200, {"duties": 1})
    when = (await here.rows("roster"))[1]["duties"][0]["starts_at"]
    found = (await here.get(f"/api/on-watch?at={when + HOUR}"))["duty"]
    assert found["id"] == "20261203-1"
    assert {seat["person"] for seat in found["seats"]} == {"leader", "night"}
    assert (await here.get(f"/api/on-watch?at={when + 2 * DAY}"))["duty"] is None
    await here.sign_in("officer")
    assert (await upload(here, "12.csv", "x"))[0] == 403


async def test_a_person_on_leave_is_not_called_and_the_stand_in_is(shifts: Town) -> None:
    here = shifts
    watch = await current(here)
    mine = watch["officers"][0]
    other = "night" if mine == "officer" else "officer"
    await here.sign_in(mine)
    now = here.clock.now()
    asked = {"person": "leader", "starts_at": now, "ends_at": now + 8 * HOUR, "reason": "发热"}
    await here.post("/api/leave/l1/RequestLeave", asked)
    (row,) = await here.rows("leave")
    assert (row["person"], row["short_notice"]) == (mine, True), "one asks for oneself"
    await here.post("/api/leave/l1/ApproveLeave", {"note": "同意"}, expect=403)
    await here.sign_in("leader")
    await here.post("/api/leave/l1/ApproveLeave", {}, expect=409)
    await here.post("/api/leave/l1/ApproveLeave", {"note": "同意,由另一人顶班"}, expect=200)
    assert (await current(here))["officers"] == [other]
    assert (await here.rows("leave"))[0]["status"] == "away"
    phones = {"officer": OFFICER, "night": NIGHT}
    await here.telco.settle()
    await here.telco.phone(phones[mine]).expect_sms("您的请假", "已批准")
    await here.telco.phone(phones[other]).expect_sms("与您有关")

    await here.telco.phone("+8612000001020").send("香港中路8号写字楼冒烟,2人被困")
    await here.telco.settle()
    await here.telco.phone("+8612000001020").expect_sms("已收到")
    await here.advance(1.1)
    called = here.telco.phone(NIGHT if other == "night" else OFFICER)
    await called.expect_sms("香港中路")
    call = await called.expect_call("总值班室")
    await call.press("1")
    await here.telco.settle()


async def test_ones_duties_as_a_calendar_by_a_secret_link(shifts: Town) -> None:
    here = shifts
    await here.sign_in("officer")
    url = (await here.get("/api/calendar-link"))["url"]
    async with aiohttp.ClientSession() as stranger:
        async with stranger.get(url) as answer:
            assert (answer.status, answer.content_type) == (200, "text/calendar")
            text = await answer.text()
        async with stranger.get(url.replace("/calendar/", "/calendar/x")) as answer:
            assert answer.status == 404
    mine = [d for d in (await here.rows("roster"))[0]["duties"] if any(s["person"] == "officer" for s in d["seats"])]
    assert text.count("BEGIN:VEVENT") == len(mine) > 3
    assert " 主班" in text
    await here.desk.hub.handle("user/officer", AddUser(name="值班员甲", role="reader"), key="", by="test")


async def test_planning_is_for_chiefs_and_for_the_month_of_its_address(shifts: Town) -> None:
    here = shifts
    await here.post("/api/roster/2026-12/PlanRoster", {"month": "2026-11"}, expect=422)
    await here.post("/api/roster/x/PlanRoster", {"month": "x"}, expect=422)
    await here.post("/api/roster/2026-12/PlanRoster", {"month": "2026-12"})
    duty = (await here.rows("roster"))[1]["duties"][9]
    body = {"duty": duty["id"], "post": "main", "people": ["ghost"]}
    assert "不是在册" in (await here.post("/api/roster/2026-12/SetDuty", body, expect=409))["error"]
    await here.sign_in("officer")
    await here.post("/api/roster/2026-12/PlanRoster", {"month": "2026-12"}, expect=403)
    assert (await here.get("/api/me"))["roster"]["posts"][0] == {"id": "leader", "name": "带班领导", "leads": True}


async def test_a_district_is_asked_by_sms_and_gives_its_holiday_roster_by_the_link(here: Town) -> None:
    path = here.desk.settings.config / "roster.toml"
    period = '\n[[periods]]\nname = "海洋大会"\nfirst = 2026-12-04\nlast = 2026-12-05\n'
    path.write_text(path.read_text("utf-8") + period, "utf-8")
    await adopt_policy(here.desk.hub, here.desk.settings)
    await here.advance(3.5)
    (coming,) = await here.rows("holiday")
    link = ""
    here.clock.at = coming["ask_at"]
    await here.settle()
    asked = next(row for row in await here.rows("unitroster") if row["unit"] == "370202")
    assert asked["status"] == "asked"
    for last in range(4, 14):  # the duty telephones of the ten districts
        sms = await here.telco.phone(f"+86120000000{last:02d}").expect_sms("海洋大会", "11月29日09:00")
        link = sms.link() if last == 4 else link
    async with aiohttp.ClientSession() as unit:
        async with unit.get(link) as page:
            assert "2026-12-04,,," in await page.text()
        async with unit.post(link, data={"text": "2026-12-04,甲"}) as page:
            assert page.status == 422
        async with unit.post(link, data={"text": "2026-12-04,甲,乙\n2026-12-05,丙,丁"}) as page:
            assert (page.status, "已收到" in await page.text()) == (200, True)
    row = next(row for row in await here.rows("unitroster") if row["unit"] == "370202")
    assert (row["status"], row["late_by"], row["open"]) == ("given", 0, False)
    ours = here.desk.signer.make(Claim("holiday", coming["id"], "unit:370202", (here.clock.now() + DAY) // SECOND))
    async with aiohttp.ClientSession() as unit, unit.get(f"{here.url}/r/{ours}") as page:
        assert "还没有排定" in await page.text()
