"""A sender that is only claimed answers nothing for anybody: a reporting system cannot acknowledge in an officer's name."""

from tests.desk.town import CONTACT, OFFICER, Town


async def test_a_typed_or_reported_number_does_not_acknowledge_a_page(here: Town) -> None:
    await here.telco.phone(CONTACT).send("香港中路8号写字楼起火,2人被困")
    await here.telco.settle()
    await here.telco.phone(CONTACT).expect_sms("已收到")
    await here.advance(1.1)
    officer = here.telco.phone(OFFICER)
    await officer.expect_sms("签收")
    await officer.expect_ring()
    await here.sign_in()
    await here.post("/api/calls", {"text": "1", "sender": OFFICER}, expect=201)
    assert (await here.one("page"))["status"] == "open"
    assert (await here.one("incident"))["signed_by"] == ""
