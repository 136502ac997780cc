"""Requests made by machine from our own description, hostile forms behind signed links, hostile frames: never a 500, never a dead feed."""

import asyncio
import random
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.result import Ok

from tests.web.city import City

PIECES = (
    "",
    "着火",
    "\0",
    "\ud7ff",
    "9" * 400,
    "-1",
    "null",
    "true",
    "[]",
    "{}",
    "<script>",
    "../../etc",
    "%00",
    "1e999",
    "\u202e",
    "😀",
    "' OR 1=1",
)
FIELDS = (
    "answer",
    "minutes",
    "text",
    "place",
    "deaths",
    "injured",
    "lat",
    "lon",
    "act",
    "name",
    "note",
    "csrf",
    "key",
    "line",
)


def _forms(dice: random.Random, count: int) -> Iterator[dict[str, str]]:
    for _ in range(count):
        chosen = dice.sample(FIELDS, dice.randint(0, len(FIELDS)))
        yield {name: "".join(dice.choices(PIECES, k=dice.randint(0, 4))) for name in chosen}


async def _links(desk: City) -> dict[str, str]:
    number = await desk.incident()
    await desk.watch()
    return {
        "page": desk.link("page", f"{number}.1", "contact:C1"),
        "report": desk.link("report", "C1", "contact:C1"),
        "unknown": desk.link("unknown", number, "contact:C1"),
        "nothing": desk.link("page", "nothing", "contact:nobody"),
        "forged": "/r/" + "A" * 80,
    }


@pytest.mark.parametrize("count", [12, pytest.param(4_000, marks=pytest.mark.long)])
async def test_forms_behind_links(desk: City, count: int) -> None:
    links = await _links(desk)
    for form in _forms(random.Random(7), count):
        for path in links.values():
            headers = {"Origin": desk.origin}
            answer = await desk.client.post(path, data=form, headers=headers, allow_redirects=False)
            assert answer.status < 500, (path, form)
            await answer.release()
    for path in links.values():
        assert (await desk.client.get(path)).status < 500


@pytest.mark.parametrize("count", [60, pytest.param(20_000, marks=pytest.mark.long)])
async def test_frames_of_a_console(desk: City, count: int) -> None:
    """A console that talks nonsense may be hung up on; the next one is served."""
    dice, headers = random.Random(11), await desk.headers("officer")
    for start in range(0, count, 20):
        async with desk.client.ws_connect("/live?since=0", headers=headers) as socket:
            for _ in range(start, min(start + 20, count)):
                if socket.closed:
                    break
                text = "".join(
                    dice.choices((*PIECES, '{"open":', '"incident/1"', "}", '{"hold":[', "]}"), k=dice.randint(1, 5))
                )
                await socket.send_str(text.encode("utf-8", "replace").decode())
    async with desk.client.ws_connect("/live?since=0", headers=headers) as socket:
        assert (await socket.receive_json(timeout=10))["head"]


@pytest.mark.parametrize("count", [1, pytest.param(200, marks=pytest.mark.long)])
async def test_requests_made_from_the_description(desk: City, count: int) -> None:
    headers = await desk.headers("administrator")
    await desk.incident()
    description = await (await desk.get("/api/openapi.json")).json()
    tried = await asyncio.to_thread(_try, description, desk.origin, headers, count)
    print(f"{tried} requests")
    assert tried > 50


def _try(description: dict[str, object], origin: str, headers: dict[str, str], count: int) -> int:
    schema, tried = schemathesis.openapi.from_dict(description), 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @seed(5)
        @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy())
        def is_answered(case: schemathesis.Case) -> None:
            nonlocal tried
            tried += 1
            answer = case.call(base_url=origin, headers=headers, timeout=20)
            assert answer.status_code < 500, (answer.request.method, answer.request.url, answer.text)

        is_answered()
    return tried
