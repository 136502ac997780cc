"""Signing in over HTTP: sessions, cookies, lock-out, bounds, and what proves that a request was meant."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from dutydesk.clock import HOUR, MINUTE
from dutydesk.domain.users import RemoveUser
from dutydesk.errors import Invalid
from dutydesk.web import auth, sessions
from tests.web.city import City, city

PASSWORD = "值班室的密码-2026"


async def attempt(desk: City, password: str = PASSWORD, username: str = "officer", origin: str = "", **fields: str):
    form = {"username": username, "password": password} | fields
    headers = {"Origin": origin or desk.origin, "Accept": "text/html"}
    return await desk.client.post("/sign-in", data=form, headers=headers, allow_redirects=False)


async def types(desk: City, stream: str) -> list[str]:
    return [record[4] for record in await desk.hub.read(lambda c: c.all("entries_of", stream, 0))]


def test_passwords_are_kept_by_argon2id_as_rfc_9106_recommends() -> None:
    """RFC 9106, section 4: the second recommended option, 3 passes over 64 MiB in 4 lanes. (The tests' own hasher is cheap.)"""
    ask = "from dutydesk.web.auth import HASHER as h; print(h.type.name, h.time_cost, h.memory_cost, h.parallelism)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["ID", "3", "65536", "4"], done.stderr


async def test_the_right_password_opens_a_session_kept_as_a_digest(desk: City):
    await auth.set_password(desk.hub, "officer", PASSWORD)
    answer = await attempt(desk)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.cookies["dutydesk"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    stored = await desk.one("session", sessions.digest(cookie.value))
    assert stored[0] == "officer"
    assert await desk.hub.read(lambda c: c.one("session", cookie.value)) is None
    me = await desk.client.get("/api/me", headers={"Cookie": f"dutydesk={cookie.value}"})
    assert (await me.json())["username"] == "officer"
    assert (await types(desk, "user/officer"))[-1] == "UserSignedIn"


async def test_over_https_the_cookie_is_bound_to_the_host(tmp_path: Path, filled: Path):
    async with city(tmp_path, filled, secure_cookies=True) as desk:
        await auth.set_password(desk.hub, "officer", PASSWORD)
        answer = await attempt(desk)
        cookie = answer.cookies["__Host-dutydesk"]
        assert cookie["secure"]
        assert not cookie["domain"]
        assert "max-age" in answer.headers["Strict-Transport-Security"]


async def test_a_wrong_password_and_an_unknown_name_are_told_the_same(desk: City):
    await auth.set_password(desk.hub, "officer", PASSWORD)
    wrong, unknown = await attempt(desk, "不对的密码"), await attempt(desk, username="nobody")
    assert (wrong.status, unknown.status) == (401, 401)
    assert "用户名或密码不对" in await wrong.text()
    assert "用户名或密码不对" in await unknown.text()
    assert (await types(desk, "user/officer"))[-1] == "SignInFailed"
    assert await types(desk, "user/nobody") == []


async def test_a_user_without_a_password_cannot_sign_in_with_an_empty_one(desk: City):
    assert (await attempt(desk, "")).status == 401


async def test_five_failures_lock_the_name_for_fifteen_minutes(desk: City):
    await auth.set_password(desk.hub, "officer", PASSWORD)
    for _ in range(5):
        assert (await attempt(desk, "猜")).status == 401
    locked = await attempt(desk)
    assert locked.status == 429
    assert "已锁定" in await locked.text()
    desk.clock.advance(15 * MINUTE + 1)
    assert (await attempt(desk)).status == 303


async def test_guesses_sent_at_once_do_not_slip_past_the_lock(desk: City):
    await auth.set_password(desk.hub, "officer", PASSWORD)
    answers = await asyncio.gather(*(attempt(desk, f"猜{n}") for n in range(12)))
    assert [a.status for a in answers].count(401) <= 6
    assert (await attempt(desk)).status == 429


async def test_a_success_between_failures_clears_the_count_and_a_new_password_lifts_the_lock(desk: City):
    await auth.set_password(desk.hub, "officer", PASSWORD)
    for password, status in [("猜", 401)] * 4 + [(PASSWORD, 303)] + [("猜", 401)] * 4 + [(PASSWORD, 303)]:
        assert (await attempt(desk, password)).status == status
    for _ in range(5):
        await attempt(desk, "猜")
    await auth.set_password(desk.hub, "officer", "另一个新的密码-2026")
    assert (await attempt(desk, "另一个新的密码-2026")).status == 303


async def test_an_address_has_a_bound_that_survives_a_restart(desk: City, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(auth, "ADDRESS_MOST", 3)
    for _ in range(3):
        assert (await attempt(desk, username="nobody")).status == 401
    answer = await attempt(desk, username="somebody")
    assert answer.status == 429
    assert (await desk.one("limit", "sign-in:127.0.0.1"))[1] == 4
    desk.clock.advance(10 * MINUTE + 1)
    assert (await attempt(desk, username="nobody")).status == 401


async def test_short_passwords_are_refused(desk: City):
    with pytest.raises(Invalid):
        await auth.set_password(desk.hub, "officer", "1234567")


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_signing_in_from_another_site_is_refused(desk: City, origin: str):
    await auth.set_password(desk.hub, "officer", PASSWORD)
    answer = await attempt(desk, origin=origin)
    assert answer.status == 403
    assert "dutydesk" not in answer.cookies


@pytest.mark.parametrize(
    ("wanted", "onward"),
    [("/circulars/1", "/circulars/1"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/")],
)
async def test_only_a_path_of_this_desk_follows(desk: City, wanted: str, onward: str):
    await auth.set_password(desk.hub, "officer", PASSWORD)
    answer = await attempt(desk, next=wanted)
    assert answer.headers["Location"] == onward


async def test_a_session_idle_for_a_shift_ends_and_one_in_use_does_not(desk: City):
    for _ in range(4):
        assert (await desk.get("/api/me")).status == 200
        desk.clock.advance(11 * HOUR)
    desk.clock.advance(2 * HOUR)
    assert (await desk.get("/api/me")).status == 401


async def test_signing_out_ends_the_session_and_needs_its_proof(desk: City):
    await desk.sign_in("officer")
    assert (await desk.post("/sign-out", **{"X-CSRF": "wrong"})).status == 403
    assert (await desk.get("/api/me")).status == 200
    answer = await desk.post("/sign-out")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")
    assert (await desk.get("/api/me")).status == 401


async def test_a_removed_user_is_out_at_once(desk: City):
    assert (await desk.get("/api/me")).status == 200
    await desk.hub.handle("user/officer", RemoveUser(), key="", by="test")
    assert (await desk.get("/api/me")).status == 401


@pytest.mark.parametrize(
    "forged", [{"X-CSRF": ""}, {"X-CSRF": "x"}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}]
)
async def test_a_write_without_both_proofs_is_refused(desk: City, forged: dict[str, str]):
    incident = await desk.incident()
    answer = await desk.post(f"/api/incident/{incident}/SignForIncident", **forged)
    assert answer.status == 403
    assert (await desk.row("incident", incident))["signed_by"] == ""


async def test_whoever_is_not_signed_in_is_led_to_the_form(desk: City):
    answer = await desk.client.get("/", headers={"Accept": "text/html"}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in?next=/")
    form = await desk.client.get("/sign-in", headers={"Accept": "text/html"})
    assert 'name="password"' in await form.text()
    assert form.headers["Referrer-Policy"] == "same-origin"
    assert (await desk.get("/sign-in")).status == 303


async def test_the_shell_carries_the_proof_for_writes(desk: City):
    _, csrf = await desk.sign_in("officer")
    shell = await desk.get("/", Accept="text/html")
    assert shell.status == 200
    assert csrf in await shell.text()


async def test_the_shells_form_may_sign_out_with_its_proof_in_a_field(desk: City):
    token, csrf = await desk.sign_in("officer")
    headers = {"Cookie": f"dutydesk={token}", "Origin": desk.origin}
    wrong = await desk.client.post("/sign-out", data={"csrf": "x"}, headers=headers, allow_redirects=False)
    assert wrong.status == 403
    right = await desk.client.post("/sign-out", data={"csrf": csrf}, headers=headers, allow_redirects=False)
    assert right.status == 303


async def test_whoever_is_not_signed_in_may_not_make_us_hold_much(desk: City):
    assert (await attempt(desk, "x" * 20_000)).status == 413


async def test_a_name_that_is_none_is_a_wrong_name(desk: City):
    assert (await attempt(desk, username="off\x00icer")).status == 401


async def test_a_new_password_ends_every_session_of_that_user_and_of_nobody_else(desk: City):
    token, _ = await desk.sign_in("officer")
    other, _ = await desk.sign_in("reader")
    await auth.set_password(desk.hub, "officer", PASSWORD)
    for held, status in ((token, 401), (other, 200)):
        assert (await desk.client.get("/api/me", headers={"Cookie": f"dutydesk={held}"})).status == status
