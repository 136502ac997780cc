"""The legal clocks over the real interfaces: an SMS that makes an accident reportable, the warning that rings, the report made."""

from tests.desk.town import OFFICER, Town

CHEMICAL = "某化工厂反应釜爆炸,3人死亡,5人受伤"
MINUTES = 60_000_000


def _enterprise(here: Town) -> str:
    directory = here.desk.hub.folds.directory
    hazardous = next(u for u in directory.units if u.kind == "enterprise" and "化学品" in (u.industry or ""))
    return directory.contacts_of[hazardous.code][0].phones[0]


async def test_three_deaths_start_five_clocks_and_one_is_warned_met_and_one_missed(here: Town) -> None:
    phone = here.telco.phone(_enterprise(here))
    await phone.send(CHEMICAL)
    await here.telco.settle()
    await phone.expect_sms("已收到")
    incident = await here.one("incident")
    assert (incident["level"], incident["code"][:3]) == ("较大", "12D")
    clocks = {c["rule"]: c for c in await here.rows("obligation")}
    fixed = {rule for rule in clocks if rule.startswith("fixed-")}
    assert len(fixed) == 1, "and the report of five o'clock"
    assert set(clocks) - fixed == {
        "leaders-phone",
        "safety-phone",
        "safety-written",
        "province-phone",
        "province-written",
    }
    assert clocks["safety-phone"]["due_at"] - clocks["safety-phone"]["start_at"] == 30 * MINUTES
    assert clocks["safety-phone"]["confirmed"]
    assert not clocks["province-phone"]["confirmed"], "an article nobody has read is marked"

    await here.sign_in()
    await here.post(f"/api/incident/{incident['id']}/SignForIncident", {})
    leaders = clocks["leaders-phone"]
    now = here.clock.now()
    told = {"told_at": now, "whom": "值班副市长秘书"}
    await here.post(f"/api/obligation/{leaders['id']}/MeetObligation", told)
    officer = here.telco.phone(OFFICER)
    await here.advance(24.2)  # 80 % of thirty minutes; two clocks are due at one instant: one call, naming both
    call = await officer.expect_call("电话报省政府总值班室、电话直报省安委办", "还剩")
    await call.press("1")
    await here.telco.settle()
    warned = {c["rule"]: c["warned"] for c in await here.rows("obligation")}
    assert warned["safety-phone"] == 80
    assert warned["safety-written"] == 0 or warned["safety-written"] == 50


async def test_closing_over_a_running_clock_is_refused_and_a_rumour_takes_its_clocks_along(here: Town) -> None:
    phone = here.telco.phone(_enterprise(here))
    await phone.send(CHEMICAL)
    await here.telco.settle()
    await phone.expect_sms("已收到")
    incident = await here.one("incident")
    await here.sign_in()
    close = {"outcome": "handled", "reason": "处置完毕"}
    said = await here.post(f"/api/incident/{incident['id']}/CloseIncident", close, expect=409)
    assert "时限没有办结" in said["error"]
    await here.post(f"/api/incident/{incident['id']}/CloseIncident", {"outcome": "false", "reason": "核实为不实"})
    assert {c["status"] for c in await here.rows("obligation")} == {"lifted"}
    await here.advance(90)
