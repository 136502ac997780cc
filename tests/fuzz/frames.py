"""Frames to a served desk: what a console says, and what a lower desk sends, signed after it was spoiled."""

import random
import secrets
from collections import Counter
from contextlib import suppress
from typing import Any

import aiohttp
import orjson

from dutydesk.channels.link_wire import Frame
from tests.fuzz.mutation import HOSTILE, spoiled
from tests.fuzz.parsers import PAPER, SAYS
from tests.fuzz.served import SECRET, Served

PAPERS = ("submission", "question", "instruction", "document", "reply", "settled", "alert", "roster", "nonsense")
CONTROL = ("beat", "receipt", "nack", "want", "piece", "hello", "welcome")
A_LINE = 40  # frames until the next line is opened
PATIENCE = 10.0  # s


async def talk(desk: Served, dice: random.Random, many: int) -> Counter[str]:
    """Half of the frames to /live, half to /link; how many were sent, answered, and how often a line was hung up."""
    told: Counter[str] = Counter()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        while told["to /live"] < many // 2:
            with suppress(aiohttp.WSServerHandshakeError):  # a session that was ended on the way
                await _console(desk, session, dice, told)
        while told["to /link"] < many // 2:
            await _line(desk, session, dice, told)
    return told


async def _console(desk: Served, session: aiohttp.ClientSession, dice: random.Random, told: Counter[str]) -> None:
    one = dice.choice(desk.signed[dice.choice(sorted(desk.signed))])
    headers = {"Cookie": f"dutydesk={one.token}", "Origin": desk.origin}
    cases = spoiled((SAYS, *HOSTILE), dice)
    since = dice.choice(("0", "1:00000000", "x", "9" * 40))
    async with session.ws_connect(f"{desk.origin}/live?since={since}", headers=headers) as socket:
        for _ in range(A_LINE):
            await _send(socket, next(cases), dice)
            told["to /live"] += 1
        told["hung up"] += socket.closed


async def _line(desk: Served, session: aiohttp.ClientSession, dice: random.Random, told: Counter[str]) -> None:
    async with session.ws_connect(f"{desk.origin}/link") as socket:
        welcome = await _greeted(socket, secrets.token_hex(16))
        n = int(welcome["next"])
        for _ in range(A_LINE):
            await _send(socket, _frame(dice, n, str(welcome["token"])), dice)
            n += dice.random() < 0.7
            told["to /link"] += 1
            told["answered"] += await _heard(socket)
            if socket.closed:
                break
        told["hung up"] += socket.closed


async def _greeted(socket: aiohttp.ClientWebSocketResponse, nonce: str) -> dict[str, Any]:
    said = {"from": "370202", "to": "U-370200", "n": 0, "key": nonce, "at": 0, "kind": "hello"}
    await socket.send_str(Frame.model_validate(said).signed(SECRET).to_wire())
    welcome: dict[str, Any] = orjson.loads(orjson.loads(await socket.receive_str(timeout=PATIENCE))["body"])
    return welcome | {"token": f"{nonce}.{welcome['nonce']}"}


def _frame(dice: random.Random, n: int, token: str) -> bytes:
    kind = dice.choice((*PAPERS, *CONTROL))
    body = next(spoiled((PAPER.encode(), b'{"next": 3, "n": 1, "verdict": "taken"}'), dice)).decode("utf-8", "replace")
    control = kind in CONTROL
    said = {
        "from": "370202",
        "to": "U-370200",
        "n": 0 if control else n,
        "at": dice.choice((0, 2**53, -1)),
        "kind": kind,
    }
    said |= {"key": token if control else dice.choice(("d1", f"d{n}", "x" * 300)), "body": body}
    wire = Frame.model_validate(said).signed(SECRET).to_wire().encode()
    return wire if dice.random() < 0.9 else next(spoiled((wire,), dice))


async def _send(socket: aiohttp.ClientWebSocketResponse, case: bytes, dice: random.Random) -> None:
    if socket.closed:
        return
    try:
        if dice.random() < 0.9:
            await socket.send_str(case.decode("utf-8", "replace"))
        else:
            await socket.send_bytes(case)
    except (ConnectionError, aiohttp.ClientError):
        await socket.close()


async def _heard(socket: aiohttp.ClientWebSocketResponse) -> int:
    """What the desk has said meanwhile."""
    heard = 0
    try:
        while (await socket.receive(timeout=0.005)).type is aiohttp.WSMsgType.TEXT:
            heard += 1
    except TimeoutError:
        return heard
    await socket.close()
    return heard
