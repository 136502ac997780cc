"""Issue of the reader, over the signed webhook: reports, other spellings, an answer to a question, a drill, an advertisement."""

from tests.desk.town import Town

TOWN = "+8612000001020"  # 香港中路街道 A
DEPUTY = "+8612000001021"  # 香港中路街道 B
NEIGHBOUR = "+8612000001379"  # an enterprise of the same street, A


async def _say(here: Town, number: str, text: str) -> None:
    await here.telco.phone(number).send(text)
    await here.telco.settle()


async def test_each_text_ends_where_it_belongs(here: Town) -> None:
    await _say(here, TOWN, "香港中路街道澄湾路12号楼下饭店起火了,火很大")
    first = await here.telco.phone(TOWN).expect_sms("伤亡", "未报")
    assert "时间" in first.body
    incident = await here.one("incident")
    assert "deaths" not in incident["figures"], "nobody said anything of casualties: unknown, not zero"

    await here.advance(0.5)
    await _say(here, TOWN, "14时20分起的火,无人员伤亡")
    await here.telco.phone(TOWN).expect_sms("续报已收到")
    incident = await here.one("incident")
    assert incident["figures"]["deaths"]["value"] == 0

    await here.sign_in()
    await here.post(f"/api/incident/{incident['id']}/SignForIncident", {})
    await here.advance(3)
    await _say(here, DEPUTY, "续报:澄湾路饭店火灾,发现2人受伤,已送医")
    await here.telco.phone(DEPUTY).expect_sms("续报已收到")
    incident = await here.one("incident")
    assert len(incident["messages"]) == 3
    assert incident["figures"]["injured"]["value"] == 2

    await here.advance(5)
    await _say(here, NEIGHBOUR, "续报:香港中路澄湾路12号楼下的饭店火已扑灭,伤者增至3人")
    await here.telco.phone(NEIGHBOUR).expect_sms("续报已收到")
    incident = await here.one("incident")
    assert len(incident["messages"]) == 4
    injured = incident["figures"]["injured"]
    assert injured["value"] == 3
    assert [other["value"] for other in injured["others"]] == [0, 2]

    await _say(here, DEPUTY, "【演练】澄湾地铁站发生火灾,请各单位按预案响应")
    drill = (await here.rows("message"))[-1]
    assert drill["reading"]["is_drill"]
    assert not drill["drill"], "a word in a text never makes a drill: it stays in the real queue"
    await here.telco.phone(DEPUTY).expect_sms("已收到")

    await _say(here, "+861200005555", "低价代开发票,详询13800138000")
    advertisement = (await here.rows("message"))[-1]
    assert (advertisement["status"], advertisement["incident"]) == ("held", None)
    await here.telco.phone("+861200005555").expect_sms("已收到")


async def test_a_correction_by_an_officer_is_an_entry_with_its_reason(here: Town) -> None:
    await _say(here, TOWN, "香港中路街道澄湾路12号起火,3人受伤")
    await here.telco.phone(TOWN).expect_sms("已收到")
    incident = await here.one("incident")
    await here.sign_in()
    path = f"/api/incident/{incident['id']}"
    await here.post(f"{path}/SignForIncident", {})
    fix = {"name": "injured", "value": 5, "reason": "医院核实"}
    await here.post(f"{path}/FixFigure", fix)
    figure = (await here.one("incident"))["figures"]["injured"]
    assert (figure["value"], figure["fixed_by"], figure["others"] is not None) == (5, "user:officer", True)
    assert "FigureFixed" in await here.types(f"incident/{incident['id']}")
    await here.post(f"{path}/FixFigure", {"name": "injured", "value": 5, "reason": ""}, expect=409)
