"""The journal proved from the screen: its head as a checkpoint to take away, the chain walked in slices, a checkpoint compared."""

from functools import partial

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from dutydesk.errors import ChainBroken
from dutydesk.store.connection import Connection
from dutydesk.store.store import head
from dutydesk.store.verify import Walked, check_checkpoint, walk
from dutydesk.web import bodies
from dutydesk.web.parts import PARTS

SLICE = 5_000  # entries of one question: a tenth of a second, so that nobody waits behind it
_HASH = r"^[0-9a-f]{64}$"


class Start(BaseModel):
    """Where a walk goes on: after entry `seq`, whose hash is `hash`. Nothing given: from the beginning."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    seq: int = Field(default=0, ge=0, le=2**62)
    hash: str | None = Field(default=None, pattern=_HASH)


class Checkpoint(BaseModel):
    """What `dutydesk checkpoint` or this view printed once; other fields of it are not compared here."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    seq: int = Field(ge=0, le=2**62)
    hash: str = Field(pattern=_HASH)


async def checkpoint(request: web.Request) -> web.Response:
    """The journal's head, to be kept outside the building."""
    parts = request.app[PARTS]
    now = await parts.hub.read(head)
    return bodies.json({"seq": now.seq, "hash": now.hash, "at": parts.clock.now(), "token": now.token})


async def verify(request: web.Request) -> web.Response:
    """Walk a slice of the chain: how far it holds, or where it breaks."""
    start = bodies.build(Start, await bodies.read_object(request))
    return bodies.json(await request.app[PARTS].hub.read(partial(_walk, start)))


def _walk(start: Start, connection: Connection) -> dict[str, object]:
    try:
        found: Walked = walk(connection, start.seq, start.hash, SLICE)
    except ChainBroken as broken:
        return {"broken": str(broken), "seq": start.seq}
    return {"seq": found.seq, "hash": found.hash, "head": found.head, "done": found.seq >= found.head}


async def compare(request: web.Request) -> web.Response:
    """Whether a checkpoint that was kept elsewhere still fits."""
    kept = bodies.build(Checkpoint, await bodies.read_object(request))
    return bodies.json(await request.app[PARTS].hub.read(partial(_compare, kept)))


def _compare(kept: Checkpoint, connection: Connection) -> dict[str, object]:
    try:
        check_checkpoint(connection, kept.model_dump())
    except ChainBroken as broken:
        return {"fits": False, "why": str(broken)}
    return {"fits": True, "why": ""}
