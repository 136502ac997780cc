"""The parts that need no server: signature, segments, TwiML, faults, agenda."""

import pytest
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from dutydesk.clock import SECOND, Instant, ManualClock
from dutydesk.simulator.agenda import Agenda
from dutydesk.simulator.faults import WEBHOOK_KINDS, Fault, Faults, storm
from dutydesk.simulator.segments import segments
from dutydesk.simulator.signatures import sign_twilio
from dutydesk.simulator.twilio_errors import TwilioError
from dutydesk.simulator.twiml import Gather, Hangup, Redirect, Speech, read_twiml


@pytest.mark.parametrize(
    "form",
    [
        [],
        [("Body", "化工厂起火 𠮷田 ＋&="), ("From", "+85200000101"), ("Empty", "")],
        [("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b"), ("A", "1")],
    ],
)
def test_the_official_validator_accepts_our_signature(form):
    url = "https://desk.example.test/hooks/twilio/sms?key=a%20b&x=1"
    signature = sign_twilio("token", url, form)
    validator = RequestValidator("token")
    assert validator.validate(url, MultiDict(form), signature)
    assert not validator.validate(url + "&y=2", MultiDict(form), signature)
    assert not RequestValidator("other").validate(url, MultiDict(form), signature)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("汛" * 70, 1),
        ("汛" * 71, 2),
        ("汛" * 134, 2),
        ("汛" * 135, 3),
        ("𠮷" * 35, 1),
        ("𠮷" * 36, 2),
        ("𠮷" * 67, 3),
        ("a" * 69 + "汛", 1),
    ],
)
def test_segments_are_counted_in_utf16_units(text, parts):
    assert segments(text) == parts


def test_twiml_is_read_with_its_defaults():
    document = read_twiml(
        '<Response><Say language="zh-CN">一&amp;二</Say>'
        '<Gather action="/k" numDigits="1"><Say>按1</Say><Pause/></Gather>'
        "<Redirect>/again</Redirect><Hangup/></Response>",
        "http://desk/",
    )
    say, gather, redirect, hangup = document.verbs
    assert say == Speech("一&二", "zh-CN")
    assert redirect == Redirect("/again", "POST")
    assert hangup == Hangup()
    assert gather == Gather((Speech("按1"), Speech(pause=1.0)), "/k", "POST", 5.0, 1, "#", False)
    assert document.faults == []


def test_misspelt_twiml_is_reported():
    document = read_twiml('<Response><Says>x</Says><Gather numdigits="1"><Hangup/></Gather></Response>', "")
    assert len(document.faults) == 3
    for broken in ("<Response>", "<Html/>", ""):
        with pytest.raises(TwilioError, match="12100"):
            read_twiml(broken, "")


def test_faults_strike_as_often_as_planted_where_planted():
    clock = ManualClock(Instant(0))
    faults = Faults(clock)
    planted = faults.add("double", at="webhook.*.sms", times=2, number="+1")
    later = faults.add("drop", at="webhook.*", after=10, lasting=5, times=None)
    take = lambda point, number="+1": faults.take(point, WEBHOOK_KINDS, number)  # noqa: E731
    assert take("webhook.twilio.status") is None
    assert take("webhook.twilio.sms", "+2") is None
    assert [take("webhook.twilio.sms") is planted.fault for _ in range(3)] == [True, True, False]
    clock.advance(10 * SECOND)
    assert take("webhook.mainland.sms") is later.fault
    clock.advance(5 * SECOND)
    assert take("webhook.mainland.sms") is None
    assert (planted.used, later.used) == (2, 1)


def test_storms_repeat_by_seed():
    assert storm(7) == storm(7)
    assert storm(7) != storm(8)

    def night(seed):
        faults = Faults(ManualClock(Instant(0)), seed)
        faults.plant(Fault(kind="drop", at="webhook.*", times=None, chance=0.3))
        return [faults.take("webhook.twilio.sms", WEBHOOK_KINDS) is not None for _ in range(200)]

    assert night(1) == night(1)
    assert night(1) != night(2)
    assert 30 < sum(night(1)) < 90


def test_a_misspelt_fault_is_refused():
    with pytest.raises(ValueError, match="kind"):
        Fault.model_validate({"kind": "explode"})
    with pytest.raises(ValueError, match="tims"):
        Fault.model_validate({"kind": "drop", "tims": 3})


async def test_the_agenda_follows_the_clock_only():
    clock = ManualClock(Instant(0))
    agenda, done = Agenda(clock), []
    agenda.after(20, lambda: done.append("b"))
    agenda.after(10, lambda: done.append("a"))
    assert agenda.run_due() == 0
    clock.advance(10 * SECOND)
    assert agenda.run_due() == 1
    assert done == ["a"]
    agenda.hasten()
    assert done == ["a", "b"]
