"""What must not lose, double or hide anything: a rule that raises, a provider that is away, files edited under a running page."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from dutydesk.app import adopt_policy
from dutydesk.clock import HOUR
from dutydesk.domain import routing
from dutydesk.errors import ConfigError
from dutydesk.reading.worker import ReaderPool
from tests.desk.linked import revive
from tests.desk.town import CONTACT, OFFICER, ROOT, Town, town

FIRE = "香港中路8号写字楼起火,2人被困"


async def test_a_rule_that_raises_leaves_the_message_red_and_is_tried_again(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = routing.route

    def broken(*args: Any) -> Any:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(routing, "route", broken)
    phone = here.telco.phone(CONTACT)
    await phone.send(FIRE)
    await here.telco.settle()
    message = await here.one("message")
    assert (message["status"], message["text"], message["open"]) == ("failed", FIRE, True)
    assert "ZeroDivisionError" in message["error"]
    assert await here.types("message/" + message["id"]) == ["MessageRecorded", "ReadingFailed"]

    await here.advance(0.2)
    assert (await here.one("message"))["failures"] >= 2, "it is tried again, with back-off"
    monkeypatch.setattr(routing, "route", route)
    await here.advance(0.5)
    assert (await here.one("message"))["status"] == "opened"
    await phone.expect_sms("已收到")


async def test_a_zero_report_whose_hour_passed_while_no_hub_ran_is_asked_for_late_at_the_start(
    tmp_path: Path, reader: ReaderPool
) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "contacts", tmp_path / "contacts")
    (tmp_path / "config" / "security.toml").write_text("second_factor = []\n")
    policy = tmp_path / "config" / "clocks" / "qingdao.toml"
    marked = '[{ name = "海军节", first = "20261123", last = "20261125" }]'
    policy.write_text(policy.read_text().replace("periods = []", f"periods = {marked}"))
    async with town(tmp_path, reader) as here:
        here.clock.advance(45 * HOUR)
        await revive(here, reader)
        await here.telco.settle()
        asked = {row["id"]: row for row in await here.rows("inward")}
        assert set(asked) == {"zero-20261123-1500", "zero-20261124-1500"}
        assert asked["zero-20261123-1500"]["due_at"] == here.clock.now() - 42 * HOUR
        assert [page["status"] for page in await here.rows("page") if "每日报告" in page["subject"]]
        await revive(here, reader)
        await here.telco.settle()
        assert len(await here.rows("inward")) == 2, "once"


async def test_the_provider_away_is_shown_and_the_receipt_goes_out_when_it_is_back(here: Town) -> None:
    here.telco.faults.add("refuse", at="mainland.send", times=None, code=503)
    phone = here.telco.phone(CONTACT)
    await phone.send(FIRE)
    await here.telco.settle()
    (receipt,) = await here.rows("delivery")
    assert receipt["status"] != "delivered"
    assert (await here.one("incident"))["status"] == "open", "what came in does not wait for what goes out"
    here.telco.faults.clear()
    await here.advance(0.8)
    await phone.expect_sms("已收到")
    (receipt,) = await here.rows("delivery")
    assert receipt["status"] in ("accepted", "sent", "delivered")


async def test_a_lost_answer_is_looked_up_before_any_second_send(here: Town) -> None:
    here.telco.faults.add("reset_after", at="mainland.send", times=1)
    phone = here.telco.phone(CONTACT)
    await phone.send(FIRE)
    await here.telco.settle()
    await here.advance(0.8)
    await phone.expect_sms("已收到")  # and not twice: the town's own check fails on a second one
    (receipt,) = await here.rows("delivery")
    assert receipt["uncertain"] is False


async def test_a_policy_edited_while_a_page_runs_does_not_bend_it(here: Town, tmp_path: Path) -> None:
    phone, officer = here.telco.phone(CONTACT), here.telco.phone(OFFICER)
    await phone.send(FIRE)
    await here.telco.settle()
    await phone.expect_sms("已收到")
    file = tmp_path / "config" / "escalation.toml"
    file.write_text(file.read_text("utf-8").replace("answer_within = 1 }", "answer_within = 60 }"), "utf-8")
    await adopt_policy(here.desk.hub, here.desk.settings)
    await here.advance(1.1)
    await officer.expect_sms("回复1签收")  # still after one minute: the policy was frozen into the page
    call = await officer.expect_call("签收")
    await call.press("1")
    await here.telco.settle()
    await here.telco.phone("+8612000001022").send("八大峡街道江苏路9号仓库起火")
    await here.telco.settle()
    await here.telco.phone("+8612000001022").expect_sms("已收到")
    pages = await here.rows("page")
    assert (pages[1]["answer_by"] - pages[1]["started_at"]) == 60 * 60_000_000, "a new page follows the new policy"


async def test_a_broken_config_is_refused_whole_and_the_old_one_stays(here: Town, tmp_path: Path) -> None:
    file = tmp_path / "config" / "escalation.toml"
    file.write_text(file.read_text("utf-8").replace('who = ["watch"]', 'who = ["wotch"]'), "utf-8")
    before = (await here.one("rules"))["digest"]
    with pytest.raises(ConfigError) as caught:
        await adopt_policy(here.desk.hub, here.desk.settings)
    assert any("escalation.toml" in problem and "who" in problem for problem in caught.value.problems)
    assert (await here.one("rules"))["digest"] == before


async def test_an_sms_that_is_undeliverable_lets_the_page_go_on_at_once(here: Town) -> None:
    phone, officer = here.telco.phone(CONTACT), here.telco.phone(OFFICER)
    await phone.send(FIRE)
    await here.telco.settle()
    await phone.expect_sms("已收到")
    officer.when_called("failed")
    rejected = officer.reject_sms("签收", code=30003)
    await here.advance(1.1)
    await rejected
    await officer.expect_missed_call()
    await here.telco.settle()
    page = await here.one("page")
    assert page["step"] >= 2, "nobody of the step can be reached: the leader is called without waiting three minutes"
    leader = here.telco.phone("+8612000009102")
    await leader.expect_sms("回复1签收")
    call = await leader.expect_call("签收")
    await call.press("1")
    await here.telco.settle()
