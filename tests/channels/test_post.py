"""A signed POST to another system: what goes out, and what each answer means for a promise that is kept once."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from dutydesk.channels.port import Outgoing
from dutydesk.channels.post import PostChannel
from dutydesk.clock import SECOND, ManualClock
from dutydesk.config.peers import Joined
from dutydesk.domain.deliveries import NoteOutcome, QueueDelivery, StartDelivery
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.outcomes import Accepted, Busy, Outcome, Rejected, Unknown
from dutydesk.domain.rules import Peer
from dutydesk.domain.verbs import Promise
from dutydesk.exchange import cap_papers, cap_xml
from tests.domain.test_exchanges import paper
from tests.kit import NOON, refused, world

SECRET = "a secret of both sides, long enough for everybody"


class Province:
    """The other system: answers as told, remembers what it was sent."""

    def __init__(self) -> None:
        self.answer = (201, '{"number": "省-7"}')
        self.got: list[tuple[dict[str, str], bytes]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        status, text = self.answer
        return web.Response(status=status, text=text, headers={"Location": "/elsewhere", "Retry-After": "7"})

    async def take_slowly(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(status=self.answer[0])
        await answer.prepare(request)
        for letter in self.answer[1].encode():
            await answer.write(bytes((letter,)))
            await asyncio.sleep(0)
        await answer.write_eof()
        return answer


@pytest.fixture
async def province() -> AsyncIterator[tuple[Province, str]]:
    there, app = Province(), web.Application()
    app.router.add_post("/in", there.take)
    app.router.add_post("/slow/in", there.take_slowly)
    async with TestServer(app) as server:
        yield there, str(server.make_url("/in"))


def peer(url: str, **changed: object) -> Peer:
    return Peer.model_validate(
        {"name": "prov", "unit": "PROV", "side": "above", "kind": "http", "url": url, "secret_env": "S"} | changed
    )


async def sent(url: str, **changed: object) -> Outcome:
    one = peer(url, **changed)
    channel = PostChannel(Joined(one, SecretStr(SECRET)), ManualClock(NOON))
    outgoing = Outgoing("d1", "link", "PROV", paper().to_text(), "", one.sender, 1, NOON)
    try:
        return await channel.send(outgoing)
    finally:
        await channel.close()


async def test_our_json_goes_signed_and_the_number_of_the_answer_is_the_receipt(province: tuple[Province, str]) -> None:
    there, url = province
    assert await sent(url) == Accepted(provider_id="省-7", status="delivered")
    ((headers, body),) = there.got
    assert Exchange.from_text(body.decode()) == paper()
    stamp = str(NOON // SECOND)
    expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert (headers["X-Timestamp"], headers["X-Signature"], headers["Idempotency-Key"]) == (stamp, expected, "d1")


async def test_the_number_of_an_answer_that_comes_in_pieces_is_the_receipt_too(province: tuple[Province, str]) -> None:
    _there, url = province
    assert await sent(url.replace("/in", "/slow/in")) == Accepted(provider_id="省-7", status="delivered")


async def test_an_answer_without_end_is_read_to_the_bound_and_no_further(province: tuple[Province, str]) -> None:
    there, url = province
    there.answer = (201, "x" * 3_000_000)
    assert await sent(url) == Accepted(provider_id="d1", status="accepted")


async def test_cap_goes_where_cap_is_wanted(province: tuple[Province, str]) -> None:
    there, url = province
    await sent(url, format="cap")
    ((headers, body),) = there.got
    assert headers["Content-Type"] == "application/cap+xml"
    assert cap_xml.problems(body) == []
    assert cap_papers.from_alert(cap_xml.read_alert(body)) == paper()


@pytest.mark.parametrize(
    ("status", "text", "outcome"),
    [
        (200, "ok", Accepted(provider_id="d1", status="accepted")),
        (429, "", Busy(retry_after=7 * SECOND)),
        (500, "", Unknown(detail="HTTP 500")),
        (422, '{"error": "缺单位"}', Rejected(code="HTTP 422", detail="缺单位")),
        (401, "", Rejected(code="HTTP 401", remedy="stop_channel")),
        (302, "", Rejected(code="HTTP 302", remedy="stop_channel")),
    ],
)
async def test_each_answer_has_its_meaning(
    province: tuple[Province, str], status: int, text: str, outcome: Outcome
) -> None:
    there, url = province
    there.answer = (status, text)
    assert await sent(url) == outcome
    assert len(there.got) == 1, "no redirect is followed"


async def test_nobody_there_is_no_attempt() -> None:
    assert isinstance(await sent("http://127.0.0.1:1/in"), Busy)


@pytest.mark.parametrize("safe", [True, False])
def test_an_unknown_end_is_asked_again_only_where_a_key_is_refused_twice(safe: bool) -> None:
    w = world(peers=(peer("http://x", refuses_repeats=safe),), page_on_link="held")
    wish = QueueDelivery(
        how="link", to="PROV", text=paper().to_text(), purpose="paper", about="p", promise=Promise.ONCE
    )
    w.handle("delivery/d", wish)
    w.handle("delivery/d", StartDelivery())
    w.handle("delivery/d", NoteOutcome(outcome=Unknown(detail="reset"), attempt=1))
    assert w.row("delivery/d")["uncertain"]
    assert ("delivery/d" in w.outbox) is safe
    if safe:
        w.handle("delivery/d", StartDelivery())
        w.handle("delivery/d", NoteOutcome(outcome=Accepted(provider_id="7", status="delivered"), attempt=2))
        assert (w.row("delivery/d")["status"], w.row("delivery/d")["uncertain"]) == ("delivered", False)
    else:
        with refused("不会自行再发"):
            w.handle("delivery/d", StartDelivery())
