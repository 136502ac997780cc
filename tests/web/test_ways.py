"""Every way into the web: who may come, what every answer carries, and that the description forgets none."""

import logging
import re
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from dutydesk.domain.catalogue import catalogue
from dutydesk.web.acts import ROLES as ACTS
from dutydesk.web.event_words import EVENTS
from dutydesk.web.server import AccessLog
from dutydesk.web.table import ways
from dutydesk.web.ways import WAYS
from dutydesk.web.words import CATALOGUE
from tests.web.city import ROLES, City, city

PATHS = {
    "{username}": "x",
    "{session}": "x",
    "{id}": "x",
    "{name}": "x",
    "{token}": "x",
    "{digest}": "0" * 64,
    "{command}": "SignForIncident",
    "{seq}": "1",
}


def filled(path: str) -> str:
    path = re.sub(r"\{kind:message\|[^}]*\}", "incident", path)
    path = re.sub(r"\{\w+:(\w+)[^}]*\}", r"\1", path)  # the first of its alternatives
    for part, value in PATHS.items():
        path = path.replace(part, value)
    return path


async def status(desk: City, method: str, path: str, user: str | None) -> int:
    headers = await desk.headers(user) if user else {"Origin": desk.origin}
    answer = await desk.client.request(method, path, headers=headers, allow_redirects=False)
    return answer.status


@pytest.mark.parametrize("way", ways(), ids=lambda way: f"{way.method} {way.path}")
async def test_each_way_lets_in_exactly_its_roles(desk: City, way):
    path = filled(way.path)
    if way.roles is None:
        return
    assert await status(desk, way.method, path, None) == 401
    for role in ROLES:
        found = await status(desk, way.method, path, role)
        if "{command}" in way.path:
            continue
        assert (found == 403) is (role not in way.roles), role
        assert found != 401
        assert found < 500
        desk.signed.pop(role)


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: f"{act.kind}.{act.name}")
async def test_each_command_is_open_to_exactly_its_roles(desk: City, act):
    for role in ROLES:
        found = await status(desk, "POST", f"/api/{act.kind}/none/{act.name}", role)
        assert found == 403 if role not in act.roles else found in (404, 422), role


def test_who_only_looks_may_do_nothing():
    for role in ("reader", "auditor"):
        assert not [act.name for act in ACTS.values() if role in act.roles]
    assert {act.name for act in ACTS.values() if "unit" in act.roles} == {"AcknowledgePage", "AskMoreTime"}


async def test_the_description_names_every_way_and_every_command(desk: City):
    described = (await (await desk.get("/api/openapi.json")).json())["paths"]
    app = desk.server.app
    assert isinstance(app, web.Application)
    for method, path in app[WAYS]:
        if not path.endswith("{command}"):
            assert method.lower() in described[path]
    for act in ACTS.values():
        operation = described[f"/api/{act.kind}/{{id}}/{act.name}"]["post"]
        fields = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
        assert set(fields) == set(act.command.model_fields) - act.forced
        assert operation["x-roles"] == sorted(act.roles)


async def test_every_route_of_the_application_is_in_the_table(desk: City):
    app = desk.server.app
    assert isinstance(app, web.Application)
    table = app[WAYS]
    known = set(table)
    for route in app.router.routes():
        assert route.resource is not None
        where = route.resource.canonical
        assert (route.method, where) in known or where.startswith(("/static/", "/assets/")), where


async def test_routes_of_others_are_served_beside(tmp_path: Path):
    async def hook(_request: web.Request) -> web.Response:
        return web.Response(text="hooked")

    async with city(tmp_path, None, extra_routes=[web.post("/hooks/x", hook)]) as desk:
        assert await (await desk.client.post("/hooks/x")).text() == "hooked"


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/none", "/api/me", "/r/x", "/plain.css", "/static/none.js"])
async def test_every_answer_carries_the_security_headers(desk: City, path: str):
    headers = (await desk.client.get(path, allow_redirects=False)).headers
    policy = headers["Content-Security-Policy"]
    for wanted in (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ):
        assert wanted in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert "Strict-Transport-Security" not in headers


async def test_errors_are_json_for_programs_and_a_page_for_people(desk: City):
    program = await desk.client.get("/none")
    assert await program.json() == {"error": "没有这个页面"}
    person = await desk.client.get("/none", headers={"Accept": "text/html"})
    assert person.status == 404
    assert "+8612000009999" in await person.text()
    assert (await desk.client.get("/api/none", headers={"Accept": "text/html"})).content_type == "application/json"
    assert (await desk.client.delete("/healthz")).status == 405


async def test_a_mistake_of_ours_is_500_and_tells_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    async def broken() -> dict[str, object]:
        raise RuntimeError("secret detail")

    async with city(tmp_path, None, ready=broken) as desk:
        answer = await desk.client.get("/readyz")
        assert answer.status == 500
        assert "secret" not in await answer.text()
    assert "secret detail" in caplog.text


async def test_readiness_decides_between_200_and_503(tmp_path: Path, desk: City):
    assert (await desk.client.get("/healthz")).status == 200
    assert (await desk.client.get("/readyz")).status == 200

    async def not_ready() -> dict[str, object]:
        return {"ok": False, "why": "worker"}

    other = tmp_path / "other"
    other.mkdir()
    async with city(other, None, ready=not_ready) as second:
        answer = await second.client.get("/readyz")
        assert (answer.status, await answer.json()) == (503, {"ok": False, "why": "worker"})


async def test_the_figures_say_no_names_and_no_numbers_of_people(desk: City):
    await desk.incident()
    desk.clock.advance(3_600_000_000)
    text = await (await desk.client.get("/metrics")).text()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines["dutydesk_entries_total"]) > 5
    assert float(lines["dutydesk_overdue_timers"]) >= 1
    assert float(lines["dutydesk_oldest_overdue_seconds"]) > 0
    assert float(lines["dutydesk_consoles"]) == 0
    assert "+86" not in text
    assert "officer" not in text


def test_the_access_log_knows_no_token_no_query_and_no_address(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "dutydesk.access")
    request = make_mocked_request("GET", "/r/secret-token?q=+8612000000101")
    AccessLog(logging.getLogger("x"), "").log(request, web.Response(text="x"), 0.1)
    assert "secret" not in caplog.text
    assert "+86" not in caplog.text
    assert "status=200" in caplog.text


def test_both_languages_have_the_same_words():
    assert CATALOGUE["zh"].keys() == CATALOGUE["en"].keys()
    assert all(CATALOGUE["zh"].values())
    assert all(CATALOGUE["en"].values())
    assert not [name for name, word in CATALOGUE["en"].items() if not word.isascii()]


# given by a machine's door or the command line only: erasing an entry, and the roster of a unit that an officer copies (`roster unit`)
WITHOUT_A_BUTTON = {("desk", "Redact"), ("unitroster", "GiveRoster")}


def test_every_command_that_people_may_give_has_a_button():
    app = Path(__file__).parents[2] / "dutydesk" / "web" / "static" / "app"
    code = "\n".join(path.read_text() for path in app.rglob("*.js") if path.parent.name != "words")
    sent = set(re.findall(r"[/\"`]([A-Z][a-z]+(?:[A-Z][a-z]+)*)[\"`]", code))
    assert {act for act in ACTS if act[1] not in sent} == WITHOUT_A_BUTTON


def test_every_event_a_figure_may_count_has_a_word():
    assert not {name for book in catalogue.values() for name in book.types} - EVENTS.keys()
