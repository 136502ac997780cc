"""A bad night, whole: whatever happens to the desk, the company itself stays honest."""

import aiohttp
import pytest
from requests import ConnectionError as Broken
from twilio.base.exceptions import TwilioRestException

from dutydesk.clock import SECOND
from tests.simulator.conftest import ABROAD, MAINLAND


async def night(telco, desk, clock):
    telco.storm(5, rate=0.6, seconds=60)
    sent = 0
    for number in range(40):
        clock.advance(SECOND)
        try:
            sent += (await desk.sms(ABROAD, f"{number}", status_callback=f"{desk.url}/hooks/twilio/status")) is not None
            sent += (await desk.gateway("POST", "/gateway/mainland/send", {"to": MAINLAND, "text": "x"}))[0] == 200
        except (Broken, TwilioRestException, aiohttp.ClientError):
            pass
        await telco.phone(MAINLAND).send(f"in{number}")
    await telco.settle()
    await telco.release()
    return sent


async def test_a_storm_harms_only_the_desk(telco, desk, clock):
    sent = await night(telco, desk, clock)
    outbound = [s for s in telco.network.texts.values() if s.direction == "outbound-api"]
    used = {p.fault.kind for p in telco.faults.planted if p.used}
    assert telco.network.problems == []
    assert len(used) >= 6
    assert len(outbound) >= sent > 0
    assert {s.status for s in outbound} <= {"delivered", "undelivered", "sent"}
    came = desk.seen("mainland-sms", "text")
    assert 0 < len(set(came)) < 40
    assert len(came) > len(set(came))
    telco.faults.clear()
    await desk.sms(ABROAD, "雨停了")
    await telco.phone(ABROAD).expect_sms("雨停了")
    with pytest.raises(AssertionError, match="nobody expected"):
        telco.assert_nothing_unexpected()
