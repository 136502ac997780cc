"""The page of telephones at / and the small JSON door it uses; also `/faults`. For people and browser tests on this
machine only.

Requests that change something must be JSON, so that no other site's form can send them.
"""

import asyncio
from importlib import resources
from typing import Annotated, Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dutydesk.clock import to_datetime
from dutydesk.simulator.faults import Fault, Faults, storm
from dutydesk.simulator.network import Network
from dutydesk.simulator.phones import Phone, Switchboard
from dutydesk.simulator.records import Call, Card, Sms

Json = dict[str, object]
Shape = TypeVar("Shape")
Number = Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$")]
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
# Longer than a browser keeps an idle connection would be useless; shorter means more requests.
_LONGEST_POLL_S = 20.0


class Entry(BaseModel):
    """One telephone for the list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Number
    name: str = ""
    unit: str = ""


class Act(BaseModel):
    """What a person does with a phone: write a text, or do something with a call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    do: Literal["send", "dial", "answer", "decline", "press", "hang_up", "switch"]
    text: str = Field("", max_length=2000)
    call: str = ""


class Storm(BaseModel):
    """A seeded bad night, see `faults.storm`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    storm: int
    rate: float = Field(0.1, gt=0, le=1)
    seconds: float = Field(600.0, gt=0)


_ENTRIES = TypeAdapter(list[Entry])
_FAULTS: TypeAdapter[list[Fault] | Fault | Storm] = TypeAdapter(list[Fault] | Fault | Storm)


class Page:
    """The handlers; `routes` names them."""

    def __init__(self, board: Switchboard, faults: Faults) -> None:
        self._board = board
        self._network = board.network
        self._faults = faults
        self._closing = False

    def close(self) -> None:
        """Long polls end now."""
        self._closing = True
        self._network.touch()

    def routes(self) -> list[web.RouteDef]:
        """Every path it answers."""
        return [
            web.get("/", self._file),
            web.get("/static/{name}", self._file),
            web.get("/phones", self._list),
            web.post("/phones", self._preload),
            web.get("/phones/{number}", self._thread),
            web.post("/phones/{number}", self._act),
            web.get("/faults", self._show_faults),
            web.post("/faults", self._plant),
            web.delete("/faults", self._clear),
        ]

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "index.html")
        kind = _TYPES.get(name.rpartition(".")[2])
        file = resources.files("dutydesk.simulator").joinpath("static", name)
        if kind is None or not file.is_file():
            raise web.HTTPNotFound
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.read_bytes(), content_type=kind, charset="utf-8", headers=headers)

    async def _list(self, request: web.Request) -> web.Response:
        since = request.query.get("since", "")
        if since.isascii() and since.isdigit() and not self._closing:
            await asyncio.shield(self._network.changed(int(since), _LONGEST_POLL_S))
        summaries = {number: self._summary(card) for number, card in self._network.cards.items()}
        self._count(summaries)
        return web.json_response({"version": self._network.version, "phones": list(summaries.values())})

    def _summary(self, card: Card) -> Json:
        return {
            "number": card.number,
            "name": card.name,
            "unit": card.unit,
            "on": card.switched_on,
            "texts": 0,
            "last": 0,
        }

    def _count(self, summaries: dict[str, Json]) -> None:
        for sms in self._network.texts.values():
            row = summaries.get(sms.sender if sms.direction == "inbound" else sms.to)
            if row is not None and (sms.arrived or sms.direction == "inbound"):
                row["texts"] = int(str(row["texts"])) + (sms.direction != "inbound")
                row["last"] = sms.updated
        for call in self._network.calls.values():
            if call.person in summaries and not call.over:
                summaries[call.person]["call"] = call.status
                summaries[call.person]["last"] = call.updated

    async def _thread(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        card = self._network.cards.get(number)
        if card is None:
            raise web.HTTPNotFound
        phone = Phone(self._board, number)
        texts = [s for s in self._network.texts.values() if s.arrived or s.direction == "inbound"]
        thread = [_text_row(s) for s in texts if number == (s.sender if s.direction == "inbound" else s.to)]
        calls = [self._call_row(c) for c in phone.calls[-20:]]
        return web.json_response({**self._summary(card), "thread": thread[-200:], "calls": calls})

    def _call_row(self, call: Call) -> Json:
        return {
            "sid": call.sid,
            "direction": call.direction,
            "from": call.sender,
            "status": call.status,
            "said": call.said,
            "digits": call.digits,
            "waiting": self._board.exchange.waiting(call),
            "at": to_datetime(call.created).strftime("%H:%M:%S"),
        }

    async def _preload(self, request: web.Request) -> web.Response:
        preload(self._network, await _body(request, TypeAdapter(list[object])))
        return web.json_response({"phones": len(self._network.cards)})

    async def _act(self, request: web.Request) -> web.Response:
        act = await _body(request, TypeAdapter(Act))
        (entry,) = _checked(_ENTRIES, [{"number": request.match_info["number"]}])
        phone = Phone(self._board, entry.number)
        call = self._network.calls.get(act.call)
        match act.do:
            case "send":
                await phone.send(act.text)
            case "dial":
                self._board.exchange.dial(phone.card)
            case "switch":
                phone.card.switched_on = not phone.card.switched_on
                self._network.touch()
            case _ if call is None or call.person != phone.number:
                raise web.HTTPNotFound
            case _:
                await self._on_call(call, act)
        return web.json_response({"version": self._network.version})

    async def _on_call(self, call: Call, act: Act) -> None:
        exchange = self._board.exchange
        match act.do:
            case "answer":
                exchange.pick_up(call, "answered")
            case "decline":
                exchange.pick_up(call, "busy")
            case "press":
                exchange.press(call, act.text)
            case _:
                await exchange.end(call)

    async def _show_faults(self, request: web.Request) -> web.Response:
        rows = [{**p.fault.model_dump(mode="json"), "used": p.used, "lifted": p.lifted} for p in self._faults.planted]
        return web.json_response({"faults": rows})

    async def _plant(self, request: web.Request) -> web.Response:
        asked = await _body(request, _FAULTS)
        if isinstance(asked, Storm):
            faults = storm(asked.storm, rate=asked.rate, seconds=asked.seconds)
        else:
            faults = asked if isinstance(asked, list) else [asked]
        for fault in faults:
            self._faults.plant(fault)
        return web.json_response({"planted": len(faults)}, status=201)

    async def _clear(self, request: web.Request) -> web.Response:
        self._faults.clear()
        return web.json_response({"planted": 0})


def preload(network: Network, entries: list[object]) -> None:
    """Puts telephones into the list: objects of {number, name, unit}; raises 422 and changes nothing when one is
    wrong."""
    for entry in _checked(_ENTRIES, entries):
        card = network.card(entry.number)
        card.name, card.unit = entry.name, entry.unit
    network.touch()


async def _body(request: web.Request, shape: TypeAdapter[Shape]) -> Shape:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        return shape.validate_json(await request.read())
    except ValidationError as error:
        raise web.HTTPUnprocessableEntity(text=str(error)) from None


def _checked(shape: TypeAdapter[Shape], value: object) -> Shape:
    try:
        return shape.validate_python(value)
    except ValidationError as error:
        raise web.HTTPUnprocessableEntity(text=str(error)) from None


def _text_row(sms: Sms) -> Json:
    at = to_datetime(sms.created).strftime("%H:%M:%S")
    mine = sms.direction == "inbound"
    return {"sid": sms.sid, "mine": mine, "body": sms.body, "at": at, "other": sms.to if mine else sms.sender}
