"""One message through all its stations, as a collector of OpenTelemetry is told it; nobody's words and numbers in it."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from dutydesk.workers.tracer import Tracer, trace_of
from tests.desk.town import CONTACT, OFFICER, Town
from tests.services import free_port

WORDS = "香港中路8号写字楼起火,2人被困"


class Collector:
    """Takes OTLP over HTTP."""

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.spans: list[dict[str, Any]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.told.append(await request.read())
        for resource in orjson.loads(self.told[-1])["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                self.spans += scope["spans"]
        return web.json_response({})


@pytest.fixture
async def collector() -> AsyncIterator[tuple[Collector, str]]:
    made, app = Collector(), web.Application()
    app.add_routes([web.post("/v1/traces", made.take)])
    async with TestServer(app) as server:
        yield made, str(server.make_url("")).rstrip("/")


async def test_a_message_is_one_trace_from_the_phone_to_the_receipt(
    here: Town, collector: tuple[Collector, str]
) -> None:
    taken, url = collector
    tracer = Tracer(here.desk.hub, here.clock, url, "DESK")
    await tracer.run_once()
    await here.telco.phone(CONTACT).send(WORDS)
    await here.telco.settle()
    await here.telco.phone(CONTACT).expect_sms("已收到")
    await here.advance(1.1)
    await here.telco.phone(OFFICER).expect_sms("签收")
    await here.telco.phone(OFFICER).expect_ring()
    await tracer.run_once()
    assert await tracer.run_once() is None
    (message,) = await here.rows("message")
    trace = [span for span in taken.spans if span["traceId"] == trace_of(f"message/{message['id']}")]
    names = [span["name"] for span in trace]
    assert names[0] == "MessageRecorded"
    for station in ("IncidentOpened", "PageStarted", "DeliveryQueued", "DeliveryAccepted"):
        assert station in names
    assert {span.get("parentSpanId") for span in trace} == {None, trace[0]["spanId"]}
    assert len({span["spanId"] for span in trace}) == len(trace)
    assert all(int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]) for span in trace)
    said = b"".join(taken.told)
    for private in (WORDS, "写字楼", CONTACT, CONTACT[3:], OFFICER, message["id"]):
        assert private.encode() not in said


async def test_a_collector_that_is_away_costs_nothing(here: Town) -> None:
    tracer = Tracer(here.desk.hub, here.clock, f"http://127.0.0.1:{free_port()}", "DESK")
    await tracer.run_once()
    await here.telco.phone(CONTACT).send(WORDS)
    await here.telco.settle()
    await here.telco.phone(CONTACT).expect_sms("已收到")
    await tracer.run_once()
    assert await tracer.run_once() is None
