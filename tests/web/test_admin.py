"""Administration and proof from the screen: by the door, for the right roles, with nothing secret shown."""

import orjson

from dutydesk.clock import HOUR
from dutydesk.domain.policies import AdoptRules
from dutydesk.domain.rules import Security
from dutydesk.web.auth import set_password
from dutydesk.workers.housekeeping import Housekeeping
from tests.web.city import RULES, City

NEW = {"name": "钱进", "role": "officer", "phone": "+8612000000505", "password": "correct horse"}
SIGN_IN = {"Content-Type": "application/x-www-form-urlencoded"}


async def enters(desk: City, username: str, password: str) -> bool:
    form = {"username": username, "password": password}
    answer = await desk.client.post("/sign-in", data=form, headers={"Origin": desk.origin}, allow_redirects=False)
    return answer.status == 303


async def test_an_administrator_adds_changes_and_removes_a_user(desk: City):
    assert (await desk.post("/api/admin/users/qian", NEW, "administrator")).status == 200
    assert await enters(desk, "qian", "correct horse")
    changed = {"name": "钱进", "role": "shift_leader", "division": "370281"}
    assert (await desk.post("/api/admin/users/qian", changed, "administrator")).status == 200
    row = await desk.row("user", "qian")
    assert (row["role"], row["division"], row["phone"]) == ("shift_leader", "370281", None)
    assert await enters(desk, "qian", "correct horse")
    assert (await desk.post("/api/admin/users/qian/remove", {}, "administrator")).status == 200
    assert not await enters(desk, "qian", "correct horse")
    entries = await desk.hub.read(lambda c: c.all("entries_of", "user/qian", 0))
    assert {entry[6] for entry in entries} == {"user:administrator", "user:qian"}
    assert "correct horse" not in orjson.dumps([list(map(str, entry)) for entry in entries]).decode()


async def test_a_new_user_needs_a_password_and_a_fitting_name(desk: City):
    assert (await desk.post("/api/admin/users/qian", NEW | {"password": ""}, "administrator")).status == 422
    assert (await desk.post("/api/admin/users/qian", NEW | {"password": "short"}, "administrator")).status == 422
    assert (await desk.post("/api/admin/users/Qian%20Jin", NEW, "administrator")).status == 400
    assert (await desk.post("/api/admin/users/qian", NEW | {"role": "emperor"}, "administrator")).status == 422


async def test_nobody_takes_the_administration_away_from_themselves(desk: City):
    own = {"name": "管理员", "role": "officer"}
    await set_password(desk.hub, "administrator", "correct horse")
    desk.signed.clear()
    assert (await desk.post("/api/admin/users/administrator", own, "administrator")).status == 422
    assert (await desk.post("/api/admin/users/administrator/remove", {}, "administrator")).status == 422
    assert (await desk.row("user", "administrator"))["role"] == "administrator"


async def test_another_password_ends_the_sessions_of_the_old_one(desk: City):
    await desk.sign_in("officer")
    answer = await desk.post("/api/admin/users/officer/password", {"password": "another one"}, "administrator")
    assert answer.status == 200
    assert (await desk.get("/api/me")).status == 401
    assert await enters(desk, "officer", "another one")
    assert (
        await desk.post("/api/admin/users/none/password", {"password": "another one"}, "administrator")
    ).status == 404


async def test_a_session_is_ended_from_the_screen(desk: City):
    await desk.sign_in("officer")
    seen = (await (await desk.get("/api/admin", "administrator")).json())["sessions"]
    theirs = next(one for one in seen if one["username"] == "officer")
    assert [one["own"] for one in seen if one["username"] == "administrator"] == [True]
    assert (await desk.post(f"/api/admin/sessions/{theirs['id']}/end", {}, "administrator")).status == 200
    assert (await desk.get("/api/me")).status == 401
    assert (await desk.post(f"/api/admin/sessions/{theirs['id']}/end", {}, "administrator")).status == 404


async def test_the_policy_is_shown_with_its_origin_and_no_secret(desk: City):
    shown = await (await desk.get("/api/admin", "administrator")).text()
    found = orjson.loads(shown)
    assert {"desk.toml", "security.toml"} <= {file["name"] for file in found["files"]}
    assert found["adopted"]["digest"] == "x"
    assert found["fits"] is False
    assert found["rules"]["desk"]["name"] == "青州市总值班室"
    token = (await desk.sign_in("administrator"))[0]
    assert token not in shown


async def test_a_signature_of_the_administrator_needs_the_second_factor_where_the_policy_says(desk: City):
    await adopt(desk, Security(second_factor=("administrator",)))
    assert (await desk.post("/api/admin/users/qian", NEW, "administrator")).status == 403
    assert not await enters(desk, "qian", "correct horse")


async def adopt(desk: City, security: Security) -> None:
    rules = RULES.model_copy(update={"security": security})
    await desk.hub.handle("rules/main", AdoptRules(rules=rules, digest="y"), key="", by="test")


# -- proving the journal


async def test_the_chain_is_walked_in_slices_to_the_head(desk: City, monkeypatch):
    monkeypatch.setattr("dutydesk.web.audit.SLICE", 7)
    at: dict = {"seq": 0}
    asked = 0
    while not at.get("done"):
        wish = {"seq": at["seq"], "hash": at["hash"]} if at.get("hash") else {}
        at = await (await desk.post("/api/audit/verify", wish, "auditor")).json()
        asked += 1
        assert "broken" not in at
    head = await (await desk.get("/api/audit/checkpoint", "auditor")).json()
    assert (at["seq"], at["hash"]) == (head["seq"], head["hash"])
    assert asked == -(-head["seq"] // 7)


async def test_a_changed_entry_breaks_the_walk_and_a_kept_checkpoint_is_compared(desk: City):
    head = await (await desk.get("/api/audit/checkpoint", "auditor")).json()
    kept = {"seq": head["seq"], "hash": head["hash"]}
    assert (await (await desk.post("/api/audit/compare", kept, "auditor")).json())["fits"] is True
    assert (await (await desk.post("/api/audit/compare", kept | {"hash": "0" * 64}, "auditor")).json())["fits"] is False
    cut = kept | {"seq": head["seq"] + 1}
    assert (await (await desk.post("/api/audit/compare", cut, "auditor")).json())["fits"] is False
    wrong = {"seq": 1, "hash": "0" * 64}
    assert "broken" in await (await desk.post("/api/audit/verify", wrong, "auditor")).json()


# -- an idle console


async def test_a_locked_session_reads_and_does_not_act_until_the_password_is_given(desk: City):
    incident = await desk.incident()
    await set_password(desk.hub, "officer", "correct horse")
    assert (await desk.post("/api/lock")).status == 200
    assert (await desk.get(f"/api/incident/{incident}")).status == 200
    assert (await (await desk.get("/api/me")).json())["locked"] is True
    refused = await desk.post(f"/api/incident/{incident}/SignForIncident")
    assert (refused.status, "密码" in (await refused.json())["error"]) == (423, True)
    assert (await desk.post("/api/unlock", {"password": "wrong one"})).status == 403
    assert (await desk.post(f"/api/incident/{incident}/SignForIncident")).status == 423
    assert (await desk.post("/api/unlock", {"password": "correct horse"})).status == 200
    assert (await desk.post(f"/api/incident/{incident}/SignForIncident")).status == 200


async def test_a_console_that_nobody_came_back_to_stays_locked_whatever_is_tidied_up(desk: City):
    await desk.post("/api/lock")
    for _ in range(6):  # it goes on showing, so its session stands
        desk.clock.advance(10 * HOUR)
        await desk.get("/api/me")
    await Housekeeping(desk.hub, desk.clock, {}).run_once()
    assert (await (await desk.get("/api/me")).json())["locked"] is True


async def test_guessing_at_a_locked_console_locks_the_name(desk: City):
    await set_password(desk.hub, "officer", "correct horse")
    await desk.post("/api/lock")
    for _ in range(5):
        await desk.post("/api/unlock", {"password": "wrong one"})
    assert (await desk.post("/api/unlock", {"password": "correct horse"})).status == 429


async def test_another_session_of_the_same_user_is_not_locked(desk: City):
    await set_password(desk.hub, "officer", "correct horse")
    await desk.post("/api/lock")
    desk.signed.pop("officer")
    assert (await (await desk.get("/api/me")).json())["locked"] is False


async def test_the_console_is_told_after_how_long_it_locks(desk: City):
    assert (await (await desk.get("/api/me")).json())["idle_minutes"] == 0
    await adopt(desk, Security(idle_minutes=15))
    assert (await (await desk.get("/api/me")).json())["idle_minutes"] == 15
