"""Nobody with a division sees or changes anything outside it: every way that reads and every command, of every role."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.result import Ok

from dutydesk.web.acts import ROLES as ACTS
from dutydesk.web.frames import audience
from dutydesk.web.table import ways
from dutydesk.web.ways import Way
from dutydesk.workers.indexer import Indexer
from tests.web.city import ROLES, City

MARK = "沙河起火处"  # stands in whatever tells of the incident outside
OUTSIDE, NUMBER = "+8612000000202", "12000000202"
READING = [way for way in ways() if way.method == "GET" and way.roles and not way.path.startswith("/account")]
MORE = ("shift_leader", "administrator", "leader", "unit")  # besides officers, whoever may give any command
QUERY = {"q": MARK[:2], "from": "2026-01-01", "to": "2026-12-31", "all": "1", "limit": "200", "seqs": ""}


async def outside(desk: City) -> list[tuple[str, str]]:
    """An incident within 370281 and one without, with what hangs on it; the kinds and ids of all rows that tell of the second."""
    await desk.watch()
    await desk.incident("阜安街道冒烟")
    other = await desk.incident(MARK, OUTSIDE, subtype=MARK)
    await desk.message(f"{MARK}第二次来报", OUTSIDE)
    await desk.post(f"/api/incident/{other}/NoteIncident", {"text": f"{MARK}已派车"})
    asked = {
        "text": f"{MARK}是否属实",
        "units": ["370283002"],
        "contacts": [],
        "minutes": 5,
        "about": f"incident/{other}",
    }
    await desk.post("/api/verification/v1/RequestVerification", asked)
    await Indexer(desk.hub, desk.clock, desk.parts.index).run_once()
    rows = await desk.hub.read(lambda c: c.all("rows_all"))
    return [(row[0], row[1]) for row in rows if MARK in str(row) or OUTSIDE in str(row)]


def addresses(way: Way, known: list[tuple[str, str]], seqs: int) -> Iterator[str]:
    """A way with everything that may stand in its places, and with all its questions."""
    query = "&".join(f"{name}={QUERY[name]}" for name in way.query if name in QUERY and name != "seqs")
    if "seqs" in way.query:
        query = "seqs=" + ",".join(map(str, range(max(1, seqs - 90), seqs + 1)))
    path = re.sub(r"\{format:(\w+)\|\w+\}", r"\1", way.path)
    kinds = re.search(r"\{kind:([^}]*)\}", path)
    for kind, id in known if "{id}" in path else [("", "")]:
        choices = kinds[1].split("|") if kinds else [""]
        for choice in [kind] if kind in choices else choices if len(choices) < 5 else []:
            made = re.sub(r"\{kind:[^}]*\}", choice, path).replace("{id}", id)
            yield re.sub(r"\{\w+:(\w+)[^}]*\}", r"\1", made) + (f"?{query}" if query else "")
    if kinds and "{id}" not in path:
        yield from (re.sub(r"\{kind:[^}]*\}", kind, path) + f"?{query}" for kind in kinds[1].split("|"))


async def read(desk: City, path: str, user: str) -> str:
    """What an answer says, also within a document."""
    answer = await desk.get(path, user)
    assert answer.status < 500, path
    raw = await answer.read()
    if not raw.startswith(b"PK"):
        return raw.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(raw)) as pieces:
        return "".join(pieces.read(name).decode("utf-8", "replace") for name in pieces.namelist())


async def telling(desk: City, user: str) -> set[str]:
    """The ways by which this person learns of the incident outside."""
    known, seqs, found = await outside(desk), int((await desk.one("head"))[0]), set()
    for way in READING:
        if "{seq}" in way.path:
            paths = [way.path.replace("{seq}", str(seq)) for seq in range(seqs - 15, seqs + 1)]
        elif way.path == "/live":
            continue
        else:
            paths = list(addresses(way, known, seqs))
        for path in paths:
            said = await read(desk, path, user)
            if MARK in said or json.dumps(MARK)[1:-1] in said or NUMBER in said:
                found.add(way.path)
    role = user.partition("-")[0]
    scope = "370281" if "-" in user else ""
    if MARK in await desk.parts.live.since(0, audience(role, scope)):
        found.add("/live")
    return found


@pytest.mark.parametrize("role", ROLES)
async def test_nothing_outside_a_division_is_read(desk: City, role: str):
    assert await telling(desk, f"{role}-281") == set()


async def test_the_walk_would_have_found_it(desk: City):
    found = await telling(desk, "officer")
    for path in ("/live", "/api/board", "/api/search", "/api/log", "/api/log/{seq}", "/api/entries", "/api/directory"):
        assert path in found
    assert len(found) >= 12, found


# -- every command, with words made from its description


async def commanded(desk: City, role: str, scope: str, count: int) -> tuple[list[int], bool]:
    """What the desk answered to this role's commands on what lies outside, and whether anything there has changed."""
    known = await outside(desk)
    ids: dict[str, str] = {}
    for kind, id in known:
        ids.setdefault(kind, id)
    before = await _entries(desk, known)
    description = await (await desk.get("/api/openapi.json")).json()
    headers = await desk.headers(f"{role}{scope}")
    answers = await asyncio.to_thread(_command, description, desk.origin, headers, ids, role, count)
    return answers, await _entries(desk, known) != before


async def _entries(desk: City, known: list[tuple[str, str]]) -> list[int]:
    return [entry.seq for kind, id in known for entry in await desk.entries(f"{kind}/{id}")]


def _command(
    description: dict[str, object], origin: str, headers: dict[str, str], ids: dict[str, str], role: str, count: int
) -> list[int]:
    schema, answers = schemathesis.openapi.from_dict(description), list[int]()

    def send(case: schemathesis.Case, id: str) -> None:
        case.path_parameters = {"id": id}
        key = {"Idempotency-Key": f"{len(answers)}"}
        answers.append(case.call(base_url=origin, headers=headers | key, timeout=20).status_code)

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        kind, _, name = operation.path.removeprefix("/api/").replace("/{id}", "").partition("/")
        act = ACTS.get((kind, name))
        if act and role in act.roles and kind in ids:
            _made_up(operation, count, partial(send, id=ids[kind]))
    return answers


def _made_up(operation: Any, count: int, send: Callable[[schemathesis.Case], None]) -> None:
    @seed(6)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def is_answered(case: schemathesis.Case) -> None:
        send(case)

    is_answered()


@pytest.mark.parametrize("role", ["officer", *(pytest.param(role, marks=pytest.mark.long) for role in MORE)])
async def test_nothing_outside_a_division_is_changed(desk: City, role: str):
    answers, changed = await commanded(desk, role, "-281", 2)
    assert set(answers) <= {403, 404, 422}
    assert not changed


@pytest.mark.long
async def test_the_same_commands_change_it_for_who_has_none(desk: City):
    answers, changed = await commanded(desk, "officer", "", 4)
    assert answers.count(200) > 3
    assert changed
