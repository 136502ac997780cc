"""docs/one-sms.md, executed: from the phone to the circular."""

from tests.desk.town import CONTACT, OFFICER, Town

TEXT = "香港中路8号写字楼冒烟,2人被困"


async def test_from_the_phone_to_the_circular(here: Town) -> None:
    phone = here.telco.phone(CONTACT)
    await phone.send(TEXT)
    await here.telco.settle()

    message = await here.one("message")
    assert (message["text"], message["status"], message["unit_name"]) == (TEXT, "opened", "香港中路街道")
    receipt = await phone.expect_sms(message["number"], "12:00")
    assert receipt.body.startswith("【值班室】")
    incident = await here.one("incident")
    assert incident["figures"]["trapped"]["value"] == 2
    assert "deaths" not in incident["figures"]
    page = await here.one("page")
    assert (page["status"], page["step"], page["how"]) == ("open", 0, ["console"])

    officer = here.telco.phone(OFFICER)
    await here.advance(1.1)
    await officer.expect_sms("香港中路", "回复1签收")
    call = await officer.expect_call("总值班室")
    await call.press("1")
    await here.telco.settle()

    page, incident = await here.one("page"), await here.one("incident")
    assert (page["status"], page["answered_by"], page["answered_how"]) == ("acknowledged", "user:officer", "voice")
    assert incident["signed_by"] == "user:officer"
    await here.advance(30)  # nobody is called again

    await here.sign_in()
    watch = next(w for w in await here.rows("watch") if w["open"])
    await here.post(f"/api/watch/{watch['id']}/EndWatch", {"note": "无其他事项"})
    circular = await here.one("circular")
    figures = {f["name"]: f for f in circular["figures"]}
    assert (figures["received"]["value"], figures["opened"]["value"], figures["open_at_end"]["value"]) == (1, 1, 1)
    seq = figures["received"]["seqs"][0]
    (entry,) = (await here.get(f"/api/entries?seqs={seq}"))["entries"]
    assert entry["body"]["text"] == TEXT
    assert await here.types("watch/" + watch["id"]) == ["WatchStarted", "WatchEnded"]
