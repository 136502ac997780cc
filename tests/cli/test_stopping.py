"""`systemctl stop`, `podman stop`: what was answered for is kept, consoles are told to go elsewhere at once, nobody holds the desk up."""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from dutydesk.channels.link_wire import Frame
from scripts.simulations.witness import Findings, rows, walk_chain
from tests.fuzz.served import SECRET, Served, served

SOON = 15.0  # seconds; the unit and the compose file allow 20


def _headers(desk: Served) -> dict[str, str]:
    one = desk.signed["officer"][0]
    return {"Cookie": f"dutydesk={one.token}", "X-CSRF": one.csrf, "Origin": desk.origin}


async def _reports(
    desk: Served, session: aiohttp.ClientSession, answered: dict[str, int], enough: asyncio.Event
) -> None:
    """One sender after another report, until the desk answers no more."""
    while True:
        text = f"仓库着火 {secrets.token_hex(6)}"
        headers = _headers(desk) | {"Idempotency-Key": secrets.token_hex(8)}
        try:
            async with session.post(f"{desk.origin}/api/calls", json={"text": text}, headers=headers) as answer:
                answered[text] = answer.status
                if len(answered) == 100:
                    enough.set()
        except aiohttp.ClientError:
            return


async def _closed(socket: aiohttp.ClientWebSocketResponse) -> tuple[int | None, float]:
    """With which code the desk hung up, and when."""
    async for _ in socket:
        pass
    return socket.close_code, time.monotonic()


async def _link(session: aiohttp.ClientSession, desk: Served) -> aiohttp.ClientWebSocketResponse:
    """A desk below that has proven who it is."""
    socket = await session.ws_connect(f"{desk.origin}/link")
    said = {"from": "370202", "to": "U-370200", "n": 0, "key": secrets.token_hex(16), "at": 0, "kind": "hello"}
    await socket.send_str(Frame.model_validate(said).signed(SECRET).to_wire())
    assert json.loads(await socket.receive_str())["kind"] == "welcome"
    return socket


@dataclass
class Stop:
    """What a stop under load looked like from outside."""

    answered: dict[str, int]
    seconds: float
    codes: list[tuple[int | None, float]]


def test_a_stop_under_load_loses_nothing_and_sends_everybody_on(tmp_path: Path) -> None:
    with served(tmp_path, sessions=1) as desk:
        stop = asyncio.run(_stopped(desk))
        assert (desk.process.wait(60), "Traceback" in desk.log) == (0, False), desk.log[-3_000:]
    *consoles, line = stop.codes
    assert all(code == aiohttp.WSCloseCode.GOING_AWAY and after < 1.0 for code, after in consoles), consoles
    assert line[0] in (aiohttp.WSCloseCode.OK, aiohttp.WSCloseCode.GOING_AWAY)
    assert stop.seconds < SOON
    assert set(stop.answered.values()) <= {201, 503}
    recorded = {json.loads(row[0])["text"] for row in rows(desk.database, _RECORDED)}
    assert {text for text, status in stop.answered.items() if status == 201} <= recorded
    walk_chain(desk.database, found := Findings())
    assert found.broken == []


async def _stopped(desk: Served) -> Stop:
    """Consoles, a lower desk, a stranger, two halves of requests and eight senders; then the signal."""
    answered, under_load = dict[str, int](), asyncio.Event()
    async with aiohttp.ClientSession() as session:
        live, headers = f"{desk.origin}/live?since=0", _headers(desk)
        sockets = [await session.ws_connect(live, headers=headers) for _ in range(5)] + [await _link(session, desk)]
        closing = [asyncio.create_task(_closed(one)) for one in sockets]
        stranger, halves = await session.ws_connect(f"{desk.origin}/link"), [await _half(desk, half) for half in HALVES]
        senders = [asyncio.create_task(_reports(desk, session, answered, under_load)) for _ in range(8)]
        await under_load.wait()
        began = time.monotonic()
        desk.process.terminate()
        await asyncio.to_thread(desk.process.wait, 60)
        took = time.monotonic() - began
        await asyncio.gather(*senders)
        codes = [(code, round(at - began, 2)) for code, at in await asyncio.gather(*closing)]
        await stranger.close()
        for writer in halves:
            writer.close()
    return Stop(answered, took, codes)


async def _half(desk: Served, half: bytes) -> asyncio.StreamWriter:
    """Somebody who began to speak and does not go on."""
    _, writer = await asyncio.open_connection("127.0.0.1", desk.port)
    writer.write(half)
    return writer


HALVES = (b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf", b"GET / HTT")
_RECORDED = "SELECT private FROM entries WHERE type = 'MessageRecorded'"
