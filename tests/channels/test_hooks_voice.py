"""Keys pressed in a call: only a key acknowledges, what cannot be recorded is asked again, and what is over is said."""

import pytest

from dutydesk.channels.twilio import TwilioChannel
from dutydesk.domain.pages import AcknowledgePage, AskMoreTime, StartPage
from tests.channels.desk import ABROAD, outgoing

VOICE = "/hooks/twilio/voice"
TEXT = "这里是政府总值班室。仓库火灾。签收请按 1"


@pytest.fixture
async def page(desk):
    name = next(iter(desk.rules.policies))
    await desk.hub.handle("page/P1", StartPage(policy=name, subject="仓库火灾"), key="", by="test")
    await desk.queue("v1", how="voice", text=TEXT, about="page/P1", callee="contact:C1")


@pytest.fixture
async def call(desk, telco, settings, page):
    """A call of the desk that was picked up and read out."""
    channel = TwilioChannel("twilio", settings)
    await channel.send(outgoing(desk.sender("twilio"), ABROAD, TEXT, how="voice", key="v1"))
    live = await telco.phone(ABROAD).expect_call("仓库火灾")
    yield live
    await channel.close()


async def page_row(desk):
    return (await desk.rows("page"))["P1"]


async def delivery(desk):
    return (await desk.rows("delivery"))["v1"]


async def test_one_acknowledges(desk, telco, call):
    assert (await page_row(desk))["status"] == "open", "picking up is no answer"
    assert "已签收" in await call.press("1")
    row = await page_row(desk)
    assert (row["status"], row["answered_by"], row["answered_how"]) == ("acknowledged", "contact:C1", "voice")
    await telco.settle()
    assert (await delivery(desk))["status"] == "completed"
    telco.assert_nothing_unexpected()


async def test_listening_to_the_end_is_no_answer(desk, telco, call):
    for _ in range(2):
        await call.stay_silent()
    await telco.settle()
    assert call.call.status == "completed"
    assert (await page_row(desk))["status"] == "open"


async def test_an_answering_machine_is_no_answer(desk, telco, settings, page):
    channel = TwilioChannel("twilio", settings)
    telco.phone(ABROAD).when_called("machine")
    await channel.send(outgoing(desk.sender("twilio"), ABROAD, TEXT, how="voice", key="v1"))
    await channel.close()
    await telco.settle()
    assert (await delivery(desk))["status"] == "completed"
    assert (await page_row(desk))["status"] == "open"


@pytest.mark.parametrize(("answering", "status"), [("busy", "busy"), ("no-answer", "no-answer"), ("failed", "failed")])
async def test_a_call_that_found_nobody_says_so(desk, telco, settings, page, answering, status):
    channel = TwilioChannel("twilio", settings)
    telco.phone(ABROAD).when_called(answering)
    await channel.send(outgoing(desk.sender("twilio"), ABROAD, TEXT, how="voice", key="v1"))
    await channel.close()
    await telco.settle()
    assert (await delivery(desk))["status"] == status


async def test_two_and_any_other_key_repeat_and_then_one_counts(desk, call):
    assert "仓库火灾" in await call.press("2")
    assert "仓库火灾" in await call.press("9")
    assert "仓库火灾" in await call.press("*")
    assert (await page_row(desk))["status"] == "open"
    assert "已签收" in await call.press("1")
    assert (await page_row(desk))["status"] == "acknowledged"


@pytest.mark.parametrize("form", [{}, {"Digits": ""}, {"Digits": "0"}, {"Digits": "#1"}])
async def test_no_key_at_all_is_no_answer(desk, page, form):
    _, answer, _ = await desk.twilio(f"{VOICE}?d=v1&n=1", {"CallSid": "CA7"} | form)
    assert "<Gather" in answer
    assert (await page_row(desk))["status"] == "open"


async def test_three_asks_for_ten_minutes_and_three_times_are_enough(desk, clock, call):
    before = (await page_row(desk))["answer_by"]
    assert "已延时十分钟" in await call.press("3")
    assert (await page_row(desk))["answer_by"] == before + 600_000_000
    more = AskMoreTime(who="contact:C1", how="console", minutes=1)
    for n in range(2):
        await desk.hub.handle("page/P1", more, key=f"m{n}", by="test")
    status, answer, _ = await desk.twilio(f"{VOICE}?d=v1&n=1", {"CallSid": "CA7", "Digits": "3"})
    assert status == 200
    assert "不能再延" in answer
    assert "n=2" in answer, "and it may still be acknowledged"


async def test_an_answer_after_the_end_is_kept_and_told(desk, call):
    await desk.hub.handle("page/P1", AcknowledgePage(who="user:u1", how="console"), key="", by="u1")
    assert "已经结束" in await call.press("1")
    assert (await page_row(desk))["answered_by"] == "user:u1"


async def test_the_same_key_brought_twice_counts_once_and_hears_the_same(desk, page):
    form = {"CallSid": "CA7", "Digits": "1"}
    answers = [await desk.twilio(f"{VOICE}?d=v1&n=1", form) for _ in range(2)]
    assert answers[0][:2] == answers[1][:2]
    assert "已签收" in answers[1][1]
    kept = [id for id, _ in desk.callbacks() if id.startswith("twilio:CA7/1/1:")]
    assert len(kept) == 1


async def test_while_the_store_is_away_the_caller_is_asked_to_press_again(desk, call):
    desk.door.away = True
    assert "请再按一次" in await call.press("1")
    assert (await page_row(desk))["status"] == "open"
    desk.door.away = False
    assert "已签收" in await call.press("1")


async def test_nobody_is_kept_on_the_line_for_ever(desk, page):
    for turn in ("10", "999", "x", "-1"):
        _, answer, _ = await desk.twilio(f"{VOICE}?d=v1&n={turn}", {"CallSid": "CA7", "Digits": "2"})
        assert "<Gather" not in answer
        assert "<Hangup" in answer


async def test_a_call_about_nothing_known_and_one_about_no_page(desk):
    _, answer, _ = await desk.twilio(f"{VOICE}?d=unknown&n=1", {"CallSid": "CA7", "Digits": "1"})
    assert "没有这次呼叫" in answer
    await desk.queue("v2", how="voice", about="circular/c1")
    _, answer, _ = await desk.twilio(f"{VOICE}?d=v2&n=1", {"CallSid": "CA8", "Digits": "1"})
    assert "已登记" in answer


async def test_somebody_who_calls_us_is_told_and_recorded_once(desk, telco):
    live = await telco.phone(ABROAD).dial()
    assert "已登记" in live.said
    await telco.settle()
    (message,) = await desk.recorded()
    assert (message.channel, message.sender, message.provider_id) == ("voice", ABROAD, live.call.sid)
    telco.assert_nothing_unexpected()
