"""A drill that plays by itself over the real interfaces: all of it says 演练, only the list is reached, the report has the answer times."""

from dutydesk.domain.drills import CloseDrill, OpenDrill, ScriptLine
from tests.desk.town import CONTACT, OFFICER, Town


async def test_a_script_plays_reaches_only_its_list_and_ends_in_answer_times(here: Town) -> None:
    contact = here.desk.hub.folds.directory.contact_by_phone[CONTACT]
    script = (
        ScriptLine(minutes=0, text="香港中路街道澄湾路12号写字楼起火,2人被困"),
        ScriptLine(minutes=10, text="续报:明火已扑灭,被困人员救出"),
    )
    opened = OpenDrill(name="高层火灾桌面推演", participants=(f"contact:{contact.id}", "user:officer"), script=script)
    await here.desk.hub.handle("drill/d1", opened, key="", by="test", drill=True)
    await here.telco.settle()
    await here.advance(0.5)
    incident = await here.one("incident")
    assert incident["drill"]
    await here.advance(1)
    call = await here.telco.phone(OFFICER).expect_call("演练")
    await call.press("1")
    await here.advance(9)
    for number in (CONTACT, OFFICER):
        phone = here.telco.phone(number)
        for sms in [text for text in phone.texts if not text.expected]:
            assert "演练" in sms.body
            await phone.expect_sms()
    await here.desk.hub.handle("drill/d1", CloseDrill(), key="", by="test", drill=True)
    rows = await here.rows("message")
    assert [row["drill"] for row in rows] == [True, True]
    await here.sign_in("leader")
    async with here.http.get(f"{here.url}/drills/d1/report") as page:  # type: ignore[union-attr]
        text = await page.text()
    assert "高层火灾桌面推演" in text
    assert "应答中位" in text
    assert "user:officer" in text
