"""The handover on the web: the other side confirms in person at the same console, and the card is printed with the journal's head.

The card is a checkpoint that leaves the building on paper: its QR code holds what `dutydesk verify --checkpoint` reads.
"""

import io
from typing import Any, Literal, NamedTuple

import orjson
import segno
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from dutydesk.clock import to_datetime
from dutydesk.domain.handovers import ConfirmHandover, RefuseHandover
from dutydesk.errors import NotFound
from dutydesk.store.connection import Connection
from dutydesk.web import bodies, views
from dutydesk.web.addresses import address_of
from dutydesk.web.frames import masked
from dutydesk.web.parts import PARTS
from dutydesk.web.people import CHIEFS, DESK, Forbidden, TooMany, person
from dutydesk.web.shared import DOORKEEPER


class InPerson(BaseModel):
    """One side confirms at somebody else's console, by its own name and password. With a reason it refuses."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    username: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=1024)
    side: Literal["outgoing", "incoming"]
    note: str = Field(default="", max_length=4_000)
    refuse: str = Field(default="", max_length=1_000)


class Card(NamedTuple):
    """A handover as it is printed: its row, the names of its people, and the checkpoint (the head as it was completed, or now)."""

    row: dict[str, Any]
    names: dict[str, str]
    checkpoint: dict[str, Any]
    drill: bool


async def in_person(request: web.Request) -> web.Response:
    """Judge who stands there, and confirm or refuse in their name. 403 when the name or password is wrong."""
    parts = request.app[PARTS]
    if person(request).division:
        raise Forbidden()
    given = bodies.build(InPerson, await bodies.read_object(request))
    verdict = await request.app[DOORKEEPER].judge(given.username, given.password, address_of(request))
    if verdict not in ("ok", "second"):  # as at a lock: who has a second factor gives it where they sign in
        raise TooMany("连续不对,已锁定,请稍后再试") if verdict != "wrong" else Forbidden("用户名或密码不对")
    row = await parts.hub.read(lambda connection: connection.one("row", "user", given.username))
    user = orjson.loads(row[4]) if row and row[2] else {"role": "", "division": ""}
    if user["role"] not in DESK or user["division"]:
        raise Forbidden("这名用户不是值班人员")
    chief = user["role"] in CHIEFS
    wish = (
        RefuseHandover(side=given.side, reason=given.refuse, chief=chief)
        if given.refuse.strip()
        else ConfirmHandover(side=given.side, note=given.note, chief=chief)
    )
    stream, by = f"handover/{bodies.path_id(request)}", f"user:{given.username}"
    entries = await parts.hub.handle(stream, wish, key="", by=by)  # the same side twice is refused
    return bodies.json({"seq": entries[-1].seq if entries else None})


async def view(request: web.Request) -> web.Response:
    """The card, to be read and printed."""
    card = await _card(request)
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in card.row["items"]:
        groups.setdefault(item["kind"], []).append(item)
    counts = {heap["kind"]: heap["open"] for heap in card.row["heaps"]}
    values: dict[str, Any] = {"card": card.row, "names": card.names, "groups": groups, "counts": counts}
    values |= {"checkpoint": card.checkpoint, "drill": card.drill, "id": bodies.path_id(request)}
    return await views.render(request, "handover.html", **values)


async def code(request: web.Request) -> web.Response:
    """The checkpoint as a QR code, SVG; a file of our own origin, so that the policy of the page needs no exception."""
    card = await _card(request)
    out = io.BytesIO()
    text = orjson.dumps(card.checkpoint).decode()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    return web.Response(body=out.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


async def checkpoint(request: web.Request) -> web.Response:
    """The checkpoint as the file that `dutydesk verify --checkpoint` reads."""
    card = await _card(request)
    response = bodies.json(card.checkpoint)
    response.headers["Content-Disposition"] = f'attachment; filename="checkpoint-{card.checkpoint["seq"]}.json"'
    return response


async def _card(request: web.Request) -> Card:
    who, id = person(request), bodies.path_id(request)
    if "handover" not in who.audience.kinds:
        raise Forbidden()
    card = await request.app[PARTS].hub.read(lambda connection: _read(connection, id))
    if card is None:
        raise NotFound("没有这份交接")
    return card._replace(row=masked(card.row)) if who.audience.masked else card


def _read(connection: Connection, id: str) -> Card | None:
    row = connection.one("row", "handover", id) if id.isprintable() else None
    if row is None:
        return None
    body: dict[str, Any] = orjson.loads(row[4])
    record = connection.all("entries_of", f"handover/{id}", 0)[-1]
    kept = {"seq": record[0], "hash": record[12], "at": to_datetime(record[1]).isoformat()}
    people = {*body["outgoing"], *body["next"]["people"], *(c["by"] for c in body["confirmed"].values())}
    people |= {refusal["by"] for refusal in body["refused"]} | {item["owner"] for item in body["items"]}
    return Card(body, {key: _name(connection, key) for key in people if key}, kept, bool(row[3]))


def _name(connection: Connection, key: str) -> str:
    row = connection.one("row", "user", key.removeprefix("user:"))
    return str(orjson.loads(row[4])["name"]) if row else key
