"""The one route for commands, and the typed telephone call (来电登记). Everything goes through the hub's door, with a key."""

from collections.abc import Callable

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from dutydesk.clock import from_datetime
from dutydesk.contacts import cells
from dutydesk.domain.messages import CallForm, RecordMessage
from dutydesk.domain.verbs import Command
from dutydesk.errors import KeyReused, NotFound, Refused
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.store.entries import Entry
from dutydesk.store.store import head
from dutydesk.web import bodies, sight
from dutydesk.web.acts import ROLES, Act
from dutydesk.web.intake import take_in
from dutydesk.web.parts import PARTS, Parts
from dutydesk.web.people import Forbidden, Person, WrongFields, person
from dutydesk.web.second import proven_lately
from dutydesk.web.shared import POLICIES

_ID = r"^[\w.+:@=-]+$"  # the length stands apart: a counted class of all the world's letters weighs 2 MB in pydantic's engine
# of the whole desk: nobody with a scope may change them
UNPLACED = frozenset(
    {
        "watch",
        "handover",
        "roster",
        "leave",
        "holiday",
        "unitroster",
        "circular",
        "drill",
        "desk",
        "inward",
        "downward",
        "period",
        "dispatch",
        "linetest",
        "proof",
        "pair",
        "pairing",
        "pairround",
    }
)


class Report(BaseModel):
    """A report typed in or sent by another system: the text, who gave it, and the fields of the duty phone book."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str = Field(min_length=1, max_length=1_000_000)
    sender: str = Field(default="", max_length=40)
    unit: str | None = Field(default=None, pattern=_ID, max_length=40)
    incident: str | None = Field(default=None, pattern=_ID, max_length=40)
    sent_at: AwareDatetime | None = None
    form: CallForm | None = None

    @field_validator("sender")
    @classmethod
    def _as_said(cls, given: str) -> str:
        """A number that can be dialled in full; 110, 12345 or whatever else was said stays as it was said."""
        if not given.isprintable():
            raise ValueError("含有不能用的字符")
        try:
            return cells.phone(given) if given.strip() else ""
        except cells.Wrong:
            return given.strip()

    @field_validator("text")
    @classmethod
    def _says_something(cls, given: str) -> str:
        if not given.strip():
            raise ValueError("不能为空")
        return given


class Call(Report):
    """A telephone call typed in by an officer; `drill` only while a drill is open. `page`: it answers the question of that page."""

    drill: bool = False
    page: str | None = Field(default=None, pattern=_ID, max_length=60)


async def command(request: web.Request) -> web.Response:
    """Give a command: 200 `{"seq", "head"}`; the desk's refusal is 409 with its words."""
    parts, who = request.app[PARTS], person(request)
    kind, name, id = request.match_info["kind"], request.match_info["command"], bodies.path_id(request)
    act = ROLES.get((kind, name))
    if act is None:
        raise NotFound("没有这个操作")
    if who.role not in act.roles:
        raise Forbidden()
    if act.signs:
        await proven_lately(request)
    key = f"web:{who.username}:{bodies.idempotency_key(request)}"
    wish = bodies.build(act.command, act.complete(who, bodies.printable(await bodies.read_object(request))))
    if not act.fits(id, wish):
        raise WrongFields({"id": "与内容不符"})
    await _in_reach(parts, who, act, id, wish)
    stream = f"{kind}/{id}"
    drill = kind == "drill" or (act.begins and await parts.hub.read(lambda c: _of_drill(c, act, wish)))
    entries = await parts.hub.handle(stream, wish, key=key, by=who.by, drill=drill, guarded=True)
    if entries and entries[0].stream != stream:
        raise KeyReused("这个 Idempotency-Key 已经用于别的操作")
    return bodies.json({"seq": entries[-1].seq if entries else None, "head": await _head(parts.hub, entries)})


async def _head(hub: Hub, entries: list[Entry]) -> str:
    if entries:
        return f"{entries[-1].seq}:{entries[-1].hash[:8]}"
    token: str = await hub.glance(lambda connection: head(connection).token)
    return token


async def _in_reach(parts: Parts, who: Person, act: Act, id: str, wish: Command) -> None:
    """The thing and whatever the command names must be there and in the person's sight."""
    if who.division and act.kind in UNPLACED:
        raise Forbidden()
    problems: list[str] = await parts.hub.read(_missing(who, act, id, wish))
    if problems == [""]:
        raise NotFound("没有这一件,或不在您的范围内")
    if problems:
        raise WrongFields(dict.fromkeys(problems, "没有这一个,或不在您的范围内"))


def _missing(who: Person, act: Act, id: str, wish: Command) -> Callable[[Connection], list[str]]:
    said = [(field, kind, getattr(wish, field)) for field, kind in act.names]
    named = [(field, kind, str(value)) for field, kind, value in said if value is not None]

    def look(connection: Connection) -> list[str]:
        if not act.begins and sight.see(connection, who.audience, act.kind, id) is None:
            return [""]
        missing = [field for field, kind, other in named if not _named(connection, who, kind, other)]
        kept = all(connection.one("blob_kept", file.digest) for file in getattr(wish, "files", ()))
        return missing if kept else [*missing, "files"]

    return look


def _of_drill(connection: Connection, act: Act, wish: Command) -> bool:
    """What begins about something of a drill is of the drill."""
    named = ((kind, getattr(wish, field)) for field, kind in act.names)
    return any(row[3] for kind, id in named if id and (row := connection.one("row", kind, str(id))))


def _named(connection: Connection, who: Person, kind: str, id: str) -> bool:
    if kind == "user":
        row = connection.one("row", "user", id) if id.isprintable() else None
        return bool(row and row[2])
    return sight.see(connection, who.audience, kind, id) is not None


async def call(request: web.Request) -> web.Response:
    """来电登记: 201 with the message's number, 200 for a repeat of the key."""
    parts, who = request.app[PARTS], person(request)
    key = f"web:{who.username}:{bodies.idempotency_key(request)}"
    typed = bodies.build(Call, await bodies.read_object(request, bodies.LARGE))
    policy = await request.app[POLICIES].now()
    unit = policy.directory.unit_by_code.get(typed.unit or "")
    if typed.unit and (unit is None or not unit.division.startswith(who.audience.division)):
        raise WrongFields({"unit": "没有这个单位,或不在您的范围内"})
    await parts.hub.read(lambda connection: _check_call(connection, who, typed))
    wish = recording(typed, "call", "console").model_copy(update={"page": typed.page})
    return await record(parts.hub, wish, key=key, by=who.by, drill=typed.drill)


def _check_call(connection: Connection, who: Person, typed: Call) -> None:
    if typed.drill and not any(row[3] for row in connection.all("rows_of_kind", "drill")):
        raise Refused("现在没有进行中的演练,不能登记为演练")
    if typed.page and sight.see(connection, who.audience, "page", typed.page) is None:
        raise WrongFields({"page": "没有这次呼叫,或不在您的范围内"})
    if typed.incident and sight.see(connection, who.audience, "incident", typed.incident) is None:
        raise WrongFields({"incident": "没有这个事件,或不在您的范围内"})


def recording(report: Report, channel: str, via: str, provider_id: str = "") -> RecordMessage:
    """The command that takes a report in exactly as it was given."""
    given = report.model_dump(include={"text", "sender", "unit", "incident"})
    sent_at = from_datetime(report.sent_at) if report.sent_at else None
    fields = given | {"channel": channel, "via": via, "sent_at": sent_at, "provider_id": provider_id}
    return RecordMessage.model_validate(fields | {"form": report.form})


async def record(hub: Hub, wish: RecordMessage, *, key: str, by: str, drill: bool = False) -> web.Response:
    """Take a message in and say its number: 201, or 200 for a repeat of the key."""
    made = await take_in(hub, wish, key=key, by=by, drill=drill)
    answer = {"id": made.id, "number": made.number, "seq": made.seq, "head": made.head}
    return bodies.json(answer, 201 if made.first else 200)
