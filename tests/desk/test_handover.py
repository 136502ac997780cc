"""The handover over HTTP: opened by its timer, confirmed by each side under its own name, printed with a checkpoint that verifies."""

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from dutydesk.domain.users import AddUser
from dutydesk.errors import ChainBroken
from dutydesk.reading.worker import ReaderPool
from dutydesk.store.verify import check_checkpoint
from dutydesk.web.auth import set_password
from tests.desk.town import CONTACT, PASSWORD, ROOT, Town, town

POSTS = """
on_duty = 1
rest_hours = 8
[[posts]]
id = "leader"
name = "带班领导"
leads = true
changes = "day"
people = ["leader"]
[[posts]]
id = "main"
name = "主班"
people = ["officer", "night"]
"""
NIGHT, LOOP = "+8612000009109", "+8612000009119"


@pytest.fixture
async def shifts(tmp_path: Path, reader: ReaderPool, request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """Two officers who take turns by a roster; the first shift it staffs has begun, early, by the leader's order.

    A parameter is a number of the desk's own, at which lines are tested."""
    for folder in ("config", "contacts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "config" / "roster.toml").write_text(POSTS, "utf-8")
    (tmp_path / "config" / "security.toml").write_text("second_factor = []\n", "utf-8")
    if number := getattr(request, "param", ""):
        checks = tmp_path / "config" / "checks.toml"
        checks.write_text(checks.read_text("utf-8").replace('sms = ""', f'sms = "{number}"'), "utf-8")
    async with town(tmp_path, reader) as here:
        add = AddUser(name="值班员夜", role="officer", phone=NIGHT)
        await here.desk.hub.handle("user/night", add, key="", by="test")
        await set_password(here.desk.hub, "night", PASSWORD)
        await here.sign_in("leader")
        await here.post("/api/roster/2026-11/PlanRoster", {"month": "2026-11"})
        await here.post(f"/api/watch/{(await current(here))['id']}/EndWatch", {"note": "按值班表换班"})
        yield here
        await here.check()


async def current(here: Town) -> dict[str, Any]:
    (found,) = [row for row in await here.rows("watch") if row["open"]]
    return found


async def test_both_sides_confirm_and_the_card_leaves_the_building(shifts: Town) -> None:
    here = shifts
    watch = await current(here)
    gone = watch["officers"][0]
    come = "night" if gone == "officer" else "officer"
    phone = here.telco.phone(CONTACT)
    await phone.send("香港中路8号写字楼冒烟,2人被困")
    await here.telco.settle()
    await phone.expect_sms("已收到")
    (incident,) = await here.rows("incident")
    await here.sign_in(gone)
    await here.post(f"/api/incident/{incident['id']}/SignForIncident", {})
    refused = await here.post(f"/api/watch/{watch['id']}/EndWatch", {"note": "走了"}, expect=409)
    assert "双方确认" in refused["error"]
    await here.post(f"/api/watch/{watch['id']}/NoteWatch", {"text": "与气象台核对雨情"})

    here.clock.at = watch["ends_at"] - 600_000_000
    await here.settle()
    await here.sign_in(gone)
    (card,) = [row for row in await here.rows("handover") if row["open"]]
    assert card["items"][0]["kind"] == "incident"
    path = f"/api/handover/{card['id']}"
    await here.post(f"{path}/ConfirmHandover", {"side": "outgoing", "note": "盯人员清点"})
    wrong = {"username": come, "password": "not this one", "side": "incoming"}
    assert "密码" in (await here.post(f"{path}/in-person", wrong, expect=403))["error"]
    same = {"username": gone, "password": PASSWORD, "side": "incoming"}
    assert "接班" in (await here.post(f"{path}/in-person", same, expect=409))["error"]
    assert (await current(here))["id"] == watch["id"], "still responsible"
    await here.post(f"{path}/in-person", {"username": come, "password": PASSWORD, "side": "incoming"})
    assert come in (await current(here))["officers"]

    assert here.http is not None
    async with here.http.get(f"{here.url}/handovers/{card['id']}") as answer:
        html = await answer.text()
        assert "盯人员清点" in html
        assert incident["number"] in html
        assert "与气象台核对雨情" in html
        assert re.search(r"交接班记录", html)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
    async with here.http.get(f"{here.url}/handovers/{card['id']}/code.svg") as answer:
        assert (answer.status, answer.content_type) == (200, "image/svg+xml")
    async with here.http.get(f"{here.url}/handovers/{card['id']}/checkpoint.json") as answer:
        kept = json.loads(await answer.text())
    assert kept["hash"] in html
    await here.desk.hub.read(lambda c: check_checkpoint(c, kept))
    forged = kept | {"hash": "0" * 64}
    with pytest.raises(ChainBroken):
        await here.desk.hub.read(lambda c: check_checkpoint(c, forged))


@pytest.mark.parametrize("shifts", [LOOP], indirect=True)
@pytest.mark.parametrize("dead", [False, True])
async def test_rule_18_the_lines_are_tested_before_each_handover_and_a_dead_one_stands_on_the_card(
    shifts: Town, dead: bool
) -> None:
    here, watch = shifts, await current(shifts)
    own = here.telco.phone(LOOP)
    if dead:
        own.switch_off()
    here.clock.at = watch["ends_at"] - 600_000_000
    await here.telco.settle()
    if not dead:
        for _line in ("twilio", "mainland"):
            await own.expect_sms("线路测试")
    await here.advance(5.5)
    (test,) = await here.rows("linetest")
    verdicts = {line["verdict"] for line in test["lines"] if line["how"] == "sms"}
    assert (test["open"], verdicts) == ((True, {"failed"}) if dead else (False, {"passed"}))
    card = next(one for one in await here.rows("handover") if one["open"])
    await here.sign_in(watch["officers"][0])
    await here.post(f"/api/handover/{card['id']}/ConfirmHandover", {"side": "outgoing"})
    card = next(one for one in await here.rows("handover") if one["open"])
    assert ("linetest" in {item["kind"] for item in card["items"]}) is dead


async def test_a_shift_nobody_confirmed_is_shown_and_calls_the_leader(shifts: Town) -> None:
    here = shifts
    watch = await current(here)
    here.clock.at = watch["ends_at"] - 60_000_000
    await here.settle()
    await here.advance(1.2)
    late = await current(here)
    assert (late["id"], late["held_at"]) == (watch["id"], watch["ends_at"])
    (card,) = [row for row in await here.rows("handover") if row["open"]]
    assert card["late"]
    leader = here.telco.phone("+8612000009102")
    await leader.expect_sms("到点未交接")
    call = await leader.expect_call("到点未交接")
    await call.press("1")
    await here.telco.settle()
    gone = watch["officers"][0]
    await here.sign_in("night" if gone == "officer" else "officer")
    reason = {"side": "incoming", "reason": "传真机坏了"}
    await here.post(f"/api/handover/{card['id']}/RefuseHandover", reason)
    await leader.expect_sms("不确认")
    call = await leader.expect_call("不确认")
    await call.press("1")
    await here.telco.settle()
    await here.post(f"/api/handover/{card['id']}/ConfirmHandover", {"side": "incoming"})
    await here.sign_in(gone)
    await here.post(f"/api/handover/{card['id']}/ConfirmHandover", {"side": "outgoing"})
    done = next(row for row in await here.rows("handover") if row["id"] == card["id"])
    assert (done["status"], done["refused"][0]["reason"], done["late_by"] > 0) == ("completed", "传真机坏了", True)


async def test_a_handover_is_not_for_everybody(shifts: Town) -> None:
    here = shifts
    watch = await current(here)
    here.clock.at = watch["ends_at"] - 60_000_000
    await here.settle()
    await here.desk.hub.handle("user/far", AddUser(name="区", role="officer", division="370202"), key="", by="test")
    await set_password(here.desk.hub, "far", PASSWORD)
    await here.sign_in("far")
    await here.post(f"/api/handover/{watch['id']}/ConfirmHandover", {"side": "outgoing"}, expect=403)
    assert here.http is not None
    async with here.http.get(f"{here.url}/handovers/{watch['id']}") as answer:
        assert answer.status == 403
    await here.sign_in("leader")
    far = {"username": "far", "password": PASSWORD, "side": "incoming"}
    assert "不是值班人员" in (await here.post(f"/api/handover/{watch['id']}/in-person", far, expect=403))["error"]
    async with here.http.get(f"{here.url}/handovers/nothing") as answer:
        assert answer.status == 404
