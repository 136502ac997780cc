"""Voice: the official client places the call, the person's acts and the TwiML decide how it goes."""

import pytest
from twilio.base.exceptions import TwilioRestException

from dutydesk.clock import SECOND
from tests.simulator.conftest import ABROAD

EVENTS = ["initiated", "ringing", "answered", "completed"]
ACTION = "/hooks/twilio/voice?step=k"
MENU = (
    f'<Gather numDigits="1" timeout="5" action="{ACTION}"><Say language="zh-CN">三号闸超限，收到请按1</Say></Gather>'
    f'<Gather numDigits="1" action="{ACTION}"><Say>再说一遍，收到请按1</Say></Gather><Hangup/>'
)


@pytest.fixture
def menu(desk):
    desk.scripts = {"": MENU, "k1": "<Say>已记录</Say>", "k2": "<Redirect>/hooks/twilio/voice</Redirect>"}
    return {
        "url": f"{desk.url}/hooks/twilio/voice",
        "status_callback": f"{desk.url}/hooks/twilio/status",
        "status_callback_event": EVENTS,
        "timeout": 30,
    }


async def test_press_one(telco, desk, menu, clock):
    sent = await desk.call(ABROAD, **menu)
    assert (sent.status, sent.direction, sent.sid[:2]) == ("queued", "outbound-api", "CA")
    call = await telco.phone(ABROAD).expect_call("三号闸", "请按1")
    clock.advance(4 * SECOND)
    assert await call.press("1") == "已记录"
    await telco.settle()
    assert desk.seen("status", "CallStatus") == ["initiated", "ringing", "in-progress", "completed"]
    assert desk.seen("status", "SequenceNumber") == ["0", "1", "2", "3"]
    assert desk.hooks[-1][1]["CallDuration"] == "4"
    fetched = await desk.in_thread(desk.client().calls(sent.sid).fetch)
    assert (fetched.status, fetched.duration) == ("completed", "4")
    assert [c.sid for c in await desk.in_thread(desk.client().calls.list, to=ABROAD, status="completed")] == [sent.sid]
    telco.assert_nothing_unexpected()


async def test_silence_goes_to_the_next_verb_by_the_clock(telco, desk, menu, clock):
    await desk.call(ABROAD, **menu)
    call = await telco.phone(ABROAD).expect_call("三号闸")
    clock.advance(5 * SECOND)
    await call.hear("再说一遍")
    assert await call.stay_silent() == ""
    assert call.call.status == "completed"
    assert call.call.digits == ""
    with pytest.raises(AssertionError, match="over"):
        await call.press("1")


async def test_redirect_and_hang_up(telco, desk, menu):
    await desk.call(ABROAD, **menu)
    call = await telco.phone(ABROAD).expect_call("三号闸")
    assert "三号闸" in await call.press("2")
    await call.hang_up()
    await telco.settle()
    assert desk.seen("status", "CallStatus")[-1] == "completed"
    telco.assert_nothing_unexpected()


@pytest.mark.parametrize("answering", ["busy", "no-answer", "failed"])
async def test_calls_that_nobody_takes(telco, desk, menu, answering):
    phone = telco.phone(ABROAD)
    phone.when_called(answering)
    await desk.call(ABROAD, **menu)
    missed = await phone.expect_missed_call()
    await telco.settle()
    assert missed.status == answering == desk.seen("status", "CallStatus")[-1]
    assert desk.seen("voice", "CallSid") == []
    telco.assert_nothing_unexpected()


async def test_ringing_ends_after_the_timeout(telco, desk, menu, clock):
    await desk.call(ABROAD, **menu)
    live = await telco.phone(ABROAD).expect_ring()
    clock.advance(30 * SECOND)
    await telco.settle()
    assert live.call.status == "no-answer"
    assert desk.hooks[-1][1]["SipResponseCode"] == "480"


async def test_a_machine_presses_nothing(telco, desk, menu):
    phone = telco.phone(ABROAD)
    phone.when_called("machine")
    await desk.call(ABROAD, **menu, machine_detection="Enable")
    heard = await phone.expect_missed_call()
    assert (heard.status, heard.digits, heard.answered_by) == ("completed", "", "machine_start")
    assert desk.seen("voice", "AnsweredBy") == ["machine_start"]


async def test_the_desk_ends_and_redirects_calls(telco, desk, menu):
    ringing = await desk.call(ABROAD, **menu)
    live = await telco.phone(ABROAD).expect_ring()
    ended = await desk.in_thread(desk.client().calls(ringing.sid).update, status="canceled")
    assert ended.status == "canceled" == live.call.status
    talking = await desk.call(ABROAD, **menu)
    live = await telco.phone(ABROAD).expect_call("三号闸")
    await desk.in_thread(desk.client().calls(talking.sid).update, twiml="<Response><Say>改了</Say></Response>")
    await live.hear("改了")
    await telco.settle()
    with pytest.raises(TwilioRestException) as refusal:
        await desk.in_thread(desk.client().calls(talking.sid).update, status="completed")
    assert refusal.value.code == 21220


async def test_twiml_in_the_request_and_several_keys(telco, desk):
    script = f'<Response><Gather action="{desk.url}{ACTION}"><Say>请输入编号</Say></Gather></Response>'
    desk.scripts = {"k4711": "<Say>编号对</Say>"}
    await desk.call(ABROAD, twiml=script)
    call = await telco.phone(ABROAD).expect_call("编号")
    assert await call.press("4711#") == "编号对"


async def test_empty_result_goes_to_the_action_when_asked(telco, desk):
    action = f"{desk.url}/hooks/twilio/voice?step=k"
    desk.scripts = {"k": "<Say>没有按键</Say>"}
    script = f'<Response><Gather action="{action}" actionOnEmptyResult="true"><Say>按</Say></Gather></Response>'
    await desk.call(ABROAD, twiml=script)
    call = await telco.phone(ABROAD).expect_call("按")
    assert await call.stay_silent() == "没有按键"


async def test_bad_twiml_fails_the_test_that_caused_it(telco, desk):
    await desk.call(ABROAD, twiml="<Response><Speak>x</Speak></Response>")
    await telco.phone(ABROAD).expect_call()
    with pytest.raises(AssertionError, match="Speak"):
        telco.assert_nothing_unexpected()


async def test_a_desk_away_during_a_call(telco, desk, menu):
    desk.scripts = {}
    await desk.call(ABROAD, **menu)
    call = await telco.phone(ABROAD).expect_call("application error")
    assert call.call.status == "completed"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"url": "no"}, 21205),
        ({"url": None}, 21205),
        ({"from_": "+15005550099"}, 21212),
        ({"to": "x"}, 21211),
        ({"status_callback_event": ["hungup"]}, 20001),
    ],
)
async def test_calls_twilio_refuses(telco, desk, wrong, code):
    asked = {"to": ABROAD, "from_": telco.account.number, "url": f"{desk.url}/hooks/twilio/voice"} | wrong
    asked = {name: value for name, value in asked.items() if value is not None}
    with pytest.raises(TwilioRestException) as refusal:
        await desk.in_thread(desk.client().calls.create, **asked)
    assert refusal.value.code == code
    assert not telco.network.calls


async def test_a_person_calls_the_desk(telco, desk):
    desk.scripts = {
        "": '<Gather numDigits="1" action="/hooks/twilio/voice?step=k"><Say>值班室</Say></Gather>',
        "k1": "<Say>好</Say>",
    }
    call = await telco.phone(ABROAD).dial()
    assert call.said == "值班室"
    assert desk.seen("voice", "Direction") == ["inbound"]
    assert await call.press("1") == "好"
    telco.assert_nothing_unexpected()
