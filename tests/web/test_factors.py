"""The second factor: after the password, added on one's own page, used once, counted like passwords, and given before a signature."""

import html
import re

import pyotp
import pytest

from dutydesk.clock import HOUR, MINUTE, SECOND
from dutydesk.domain.handovers import OpenHandover
from dutydesk.domain.policies import AdoptRules
from dutydesk.domain.rules import Security
from dutydesk.domain.users import UserSignedIn
from dutydesk.domain.watches import term_at
from dutydesk.web import auth
from tests.web.city import RULES, City

PASSWORD = "correct horse battery"


async def enrol(desk: City, username: str = "officer") -> pyotp.TOTP:
    """Add an authenticator app by the page, as a person does."""
    await auth.set_password(desk.hub, username, PASSWORD)
    desk.signed.pop(username, None)
    page = await form(desk, "/account/code", username, password=PASSWORD, label="手机")
    text = await page.text()
    assert page.status == 200
    secret = re.search(r'data-testid="secret">([A-Z2-7]+)<', text)
    pending = re.search(r'name="id" value="([^"]+)"', text)
    assert secret
    assert pending
    app = pyotp.TOTP(secret[1])
    wrong = await form(desk, "/account/confirm", username, id=pending[1], code="000000")
    assert wrong.status == 422
    done = await form(desk, "/account/confirm", username, id=pending[1], code=code(desk, app))
    assert done.status == 303, html.unescape(await done.text())
    desk.signed.pop(username, None)
    desk.clock.advance(30 * SECOND)
    return app


def code(desk: City, app: pyotp.TOTP) -> str:
    return app.at(desk.clock.now() // SECOND)


async def form(desk: City, path: str, username: str, **fields: str):
    headers = await desk.headers(username)
    return await desk.client.post(path, data=fields, headers=headers, allow_redirects=False)


async def password_step(desk: City, username: str = "officer"):
    answer = await desk.client.post(
        "/sign-in",
        data={"username": username, "password": PASSWORD},
        headers={"Origin": desk.origin},
        allow_redirects=False,
    )
    return answer.headers.get("Location", ""), answer.cookies.get("dutydesk-second")


async def code_step(desk: City, given: str, cookie):
    headers = {"Origin": desk.origin, "Cookie": f"dutydesk-second={cookie.value}"}
    return await desk.client.post("/sign-in/second", data={"code": given}, headers=headers, allow_redirects=False)


async def demand(desk: City, *roles: str) -> None:
    """From now on the policy asks a second factor of these roles."""
    rules = RULES.model_copy(update={"security": Security.model_validate({"second_factor": roles})})
    await desk.hub.handle("rules/main", AdoptRules(rules=rules, digest="2"), key="", by="files")


async def test_a_password_alone_opens_nothing_once_a_factor_was_added(desk: City) -> None:
    app = await enrol(desk)
    where, cookie = await password_step(desk)
    assert where.startswith("/sign-in/second")
    held = {"Cookie": f"dutydesk-second={cookie.value}"}
    assert (await desk.client.get("/api/me", headers=held)).status == 401
    entered = await code_step(desk, code(desk, app), cookie)
    assert (entered.status, entered.headers["Location"]) == (303, "/")
    token = entered.cookies["dutydesk"].value
    assert (await desk.client.get("/api/me", headers={"Cookie": f"dutydesk={token}"})).status == 200
    signed = [e.event for e in await desk.entries("user/officer") if isinstance(e.event, UserSignedIn)]
    assert signed[-1].how == "password+totp"


async def test_a_code_is_good_once(desk: City) -> None:
    app = await enrol(desk)
    _, cookie = await password_step(desk)
    given = code(desk, app)
    assert (await code_step(desk, given, cookie)).status == 303
    assert (await code_step(desk, given, cookie)).status == 401


async def test_a_code_of_the_step_before_is_taken_and_an_older_one_is_not(desk: City) -> None:
    app = await enrol(desk)
    given = code(desk, app)
    desk.clock.advance(30 * SECOND)
    _, cookie = await password_step(desk)
    assert (await code_step(desk, given, cookie)).status == 303
    stale = code(desk, app)
    desk.clock.advance(60 * SECOND)
    assert (await code_step(desk, stale, cookie)).status == 401


async def test_five_wrong_codes_lock_the_name_and_a_right_password_between_them_does_not_help(desk: City) -> None:
    app = await enrol(desk)
    _, cookie = await password_step(desk)
    for _ in range(5):
        _, cookie = await password_step(desk)
        assert (await code_step(desk, "123456", cookie)).status == 401
    assert (await code_step(desk, code(desk, app), cookie)).status == 429
    assert (await password_step(desk))[0] == ""
    desk.clock.advance(auth.LOCKED_FOR + SECOND)
    _, cookie = await password_step(desk)
    assert (await code_step(desk, code(desk, app), cookie)).status == 303


async def test_the_step_between_lasts_five_minutes(desk: City) -> None:
    app = await enrol(desk)
    _, cookie = await password_step(desk)
    desk.clock.advance(5 * MINUTE + SECOND)
    answer = await code_step(desk, code(desk, app), cookie)
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")


@pytest.mark.parametrize("role", ["officer", "leader"])
async def test_a_role_that_needs_a_factor_sees_only_its_own_page_until_it_has_one(desk: City, role: str) -> None:
    await demand(desk, "officer", "leader")
    answer = await desk.get("/", role, Accept="text/html")
    assert (answer.status, answer.headers["Location"]) == (303, "/account")
    for path in ("/api/me", "/api/board", "/api/incident", "/live"):
        assert (await desk.get(path, role)).status == 403, path
    assert 'data-testid="lacking"' in await (await desk.get("/account", role)).text()
    assert (await desk.get("/api/me", "reader")).status == 200
    token, _ = await desk.sign_in(role)
    await auth.set_password(desk.hub, role, PASSWORD)
    desk.signed.pop(role)
    assert token != (await desk.sign_in(role))[0]


async def test_adding_one_opens_the_desk_in_the_same_session(desk: City) -> None:
    await demand(desk, "officer")
    await auth.set_password(desk.hub, "officer", PASSWORD)
    page = await (await form(desk, "/account/code", "officer", password=PASSWORD)).text()
    secret, pending = re.search(r'secret">([A-Z2-7]+)<', page), re.search(r'name="id" value="([^"]+)"', page)
    assert secret
    assert pending
    await form(desk, "/account/confirm", "officer", id=pending[1], code=code(desk, pyotp.TOTP(secret[1])))
    assert (await desk.get("/api/me")).status == 200


async def test_a_factor_that_counts_already_cannot_be_guessed_at_by_confirming_it_once_more(desk: City) -> None:
    """Wrong codes there are counted towards no lock: only an app whose first code is still to come may be confirmed."""
    app = await enrol(desk)
    known = (await desk.one("factors_of", "officer"))[0]
    again = await form(desk, "/account/confirm", "officer", id=known, code=code(desk, app))
    assert again.status == 404


async def test_an_app_that_was_never_confirmed_makes_room_for_the_next_try(desk: City) -> None:
    await auth.set_password(desk.hub, "officer", PASSWORD)
    for _ in range(3):
        assert (await form(desk, "/account/code", "officer", password=PASSWORD)).status == 200
    assert len(await desk.hub.read(lambda c: c.all("factors_of", "officer"))) == 1


async def test_who_has_a_second_factor_confirms_a_handover_in_person_by_their_password(desk: City) -> None:
    await enrol(desk, "shift_leader")
    now, later = (term_at(RULES.shifts, desk.clock.now() + hours * HOUR) for hours in (0, 14))
    await desk.hub.handle("handover/h1", OpenHandover(term=now, next=later, outgoing=("officer",)), key="", by="timer")
    given = {"username": "shift_leader", "password": "no such password", "side": "incoming"}
    assert (await desk.post("/api/handover/h1/in-person", given)).status == 403
    assert (await desk.post("/api/handover/h1/in-person", given | {"password": PASSWORD})).status == 200


async def test_a_wrong_password_adds_and_removes_nothing(desk: City) -> None:
    await enrol(desk)
    for path in ("/account/code", "/account/remove"):
        assert (await form(desk, path, "officer", password="wrong", id="x")).status == 422
    _, cookie = await password_step(desk)
    assert cookie is not None


async def test_a_factor_taken_away_is_asked_no_more_and_the_journal_says_so(desk: City) -> None:
    await enrol(desk)
    page = await (await desk.get("/account")).text()
    id = re.search(r'name="id" value="([^"]+)"', page)
    assert id
    assert (await form(desk, "/account/remove", "officer", password=PASSWORD, id=id[1])).status == 303
    assert (await password_step(desk))[0] == "/"
    said = [entry.type for entry in await desk.entries("user/officer")]
    assert "FactorAdded" in said
    assert "FactorRemoved" in said


async def test_a_signature_needs_a_factor_given_within_ten_minutes(desk: City) -> None:
    await demand(desk, "shift_leader")
    app = await enrol(desk, "shift_leader")
    _, cookie = await password_step(desk, "shift_leader")
    entered = await code_step(desk, code(desk, app), cookie)
    token = entered.cookies["dutydesk"].value
    csrf = (await (await desk.client.get("/api/me", headers={"Cookie": f"dutydesk={token}"})).json())["csrf"]
    desk.signed["shift_leader"] = (token, csrf)

    async def strike() -> int:
        return (await desk.post("/api/instruction/none/StrikeOff", {"reason": "x"}, "shift_leader")).status

    assert await strike() == 404
    desk.clock.advance(11 * MINUTE)
    assert await strike() == 428
    assert (await desk.post("/api/proof", {"code": "000000"}, "shift_leader")).status == 422
    assert (await (await desk.get("/api/proof", "shift_leader")).json())["kinds"] == ["totp"]
    assert (await desk.post("/api/proof", {"code": code(desk, app)}, "shift_leader")).status == 200
    assert await strike() == 404


async def test_who_needs_no_factor_signs_with_the_session_alone(desk: City) -> None:
    assert (await desk.post("/api/instruction/none/StrikeOff", {"reason": "x"}, "shift_leader")).status == 404


async def test_the_secret_of_a_code_does_not_stand_in_the_store_in_clear(desk: City) -> None:
    app = await enrol(desk)
    rows = await desk.hub.read(lambda connection: connection.all("dump_factors"))
    assert rows
    assert app.secret not in str(rows)


async def test_a_key_that_was_never_asked_for_answers_nothing(desk: City) -> None:
    await enrol(desk)
    _, cookie = await password_step(desk)
    headers = {"Origin": desk.origin, "Cookie": f"dutydesk-second={cookie.value}"}
    assert (await desk.client.post("/sign-in/second/ask", json={}, headers=headers)).status == 404
    forged = {"token": "AAAA", "answer": {"id": "x", "rawId": "x", "type": "public-key", "response": {}}}
    assert (await desk.client.post("/sign-in/second/key", json=forged, headers=headers)).status == 401
    assert (await desk.client.post("/sign-in/second/key", json=forged)).status == 403
