"""What the console asks for besides the feed: who am I, one row with its timeline, older rows, entries, the directory, drafts."""

from functools import partial
from typing import Any

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from dutydesk.documents.fonts import office
from dutydesk.errors import NotFound
from dutydesk.store.connection import Connection
from dutydesk.store.journal import seq_at
from dutydesk.store.past import rows_then
from dutydesk.store.store import head
from dutydesk.web import bodies, policy, sight
from dutydesk.web.acts import CALLERS, allowed
from dutydesk.web.coverage import with_pairs
from dutydesk.web.figures import COUNTING
from dutydesk.web.frames import RELOAD, Audience, Cursor, Texts, frame, part
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest, person
from dutydesk.web.shared import POLICIES

MOST_ENTRIES = 500
MOST_ROWS = 200


class Text(BaseModel):
    """A text to be read without recording it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str = Field(max_length=20_000)


async def me(request: web.Request) -> web.Response:
    """Who is signed in, what they may do, and the few words about the desk that a console needs."""
    parts, who = request.app[PARTS], person(request)
    rules = (await request.app[POLICIES].now()).rules
    token = await parts.hub.glance(lambda connection: head(connection).token)
    answer: dict[str, Any] = {
        "username": who.username,
        "name": who.name,
        "role": who.role,
        "division": who.division,
        "csrf": who.csrf,
        "masked": who.audience.masked,
        "locked": who.locked,
        "idle_minutes": 0 if parts.demo else rules.security.idle_minutes,
        "kinds": sorted(who.audience.kinds),
        "commands": allowed(who.role),
        "may_call": who.role in CALLERS,
        "policies": sorted(rules.policies),
        "roster": {"posts": [post.model_dump(include={"id", "name", "leads"}) for post in rules.roster.posts]},
        "addressees": [{"id": one.id, "label": one.label, "tier": one.tier} for one in rules.submissions.addressees],
        "plans": [plan.model_dump(include={"id", "name", "codes", "levels"}) for plan in rules.plans],
        "flags": [{"id": flag.id, "label": flag.label, "basis": flag.basis} for flag in rules.flags],
        "desk": rules.desk.model_dump(mode="json"),
        "documents": {"pdf": office() is not None},
        "demo": parts.demo,
        "head": token,
        "now": parts.clock.now(),
    }
    return bodies.json(answer)


async def board(request: web.Request) -> web.Response:
    """The feed as one JSON object, for clients without websockets."""
    live, who = request.app[PARTS].live, person(request)
    if "at" in request.query:
        return await _board_then(request)
    found = await live.resume(request.query.get("since", "0"))
    if found.reload:
        return bodies.json_text(RELOAD)
    return bodies.json_text(await live.since(found.cursor.seq, who.audience))


async def _board_then(request: web.Request) -> web.Response:
    """The board as it stood at an instant (`at`, microseconds): one frame, with the head of then."""
    parts, whom, at = request.app[PARTS], person(request).audience, bodies.integer(request, "at", 0)
    async with request.app[COUNTING]:  # one at a time, as statistics: whoever asks often must not take all readers
        return bodies.json_text(await parts.hub.read(lambda connection: board_then(connection, at, whom)))


def board_then(connection: Connection, at: int, whom: Audience) -> str:
    """The frame a console of this audience would have been sent as a fresh board at an instant."""
    upto = seq_at(connection, at + 1) - 1
    hash_ = connection.one("entry_hash", upto)
    cursor = Cursor(0, fresh_to=upto)
    rows = part(rows_then(connection, upto), cursor, whom, Texts(), limit=None).rows
    return frame(f"{upto}:{hash_[0][:8] if hash_ else ''}", at, True, rows)


async def row(request: web.Request) -> web.Response:
    """One row and its timeline, closed or not; of an incident also its legal clocks and what was asked, ended ones too."""
    parts, who = request.app[PARTS], person(request)
    at = bodies.integer(request, "at", 0)
    ask = partial(_row, whom=who.audience, kind=request.match_info["kind"], id=bodies.path_id(request), at=at)
    return bodies.json_text(await parts.hub.read(ask))


def _row(connection: Connection, whom: Audience, kind: str, id: str, at: int = 0) -> str:
    seen = sight.see(connection, whom, kind, id, seq_at(connection, at + 1) - 1 if at else sight.LATEST)
    if seen is None:
        raise NotFound("没有这一件,或不在您的范围内")
    clocks, asked = (",".join(find(connection, seen, whom)) for find in (sight.clocks, sight.questions))
    timeline = sight.timeline(connection, seen, whom)
    return f'{{"row":{seen.text(whom)},"timeline":{timeline},"clocks":[{clocks}],"questions":[{asked}]}}'


async def older(request: web.Request) -> web.Response:
    """Rows of a kind, newest first, closed ones too, page by page."""
    parts, whom, kind = request.app[PARTS], person(request).audience, request.match_info["kind"]
    if kind not in whom.kinds:
        raise NotFound()
    before = bodies.integer(request, "before", 2**62)
    limit = min(max(bodies.integer(request, "limit", 50), 1), MOST_ROWS)
    rows, following = await parts.hub.read(lambda c: sight.older(c, whom, kind, before, limit))
    return bodies.json_text(f'{{"rows":[{",".join(rows)}],"next":{"null" if following is None else following}}}')


async def entries(request: web.Request) -> web.Response:
    """Chosen entries of the journal: what a figure was counted from."""
    parts, whom = request.app[PARTS], person(request).audience
    wanted = [word for word in request.query.get("seqs", "").split(",") if word]
    if len(wanted) > MOST_ENTRIES or not all(word.isascii() and word.isdigit() and len(word) < 19 for word in wanted):
        raise BadRequest(f"seqs 应为不超过 {MOST_ENTRIES} 个整数")
    seqs = [int(word) for word in wanted]
    text = await parts.hub.read(lambda connection: sight.some_entries(connection, seqs, whom))
    return bodies.json_text(f'{{"entries":{text}}}')


async def preview(request: web.Request) -> web.Response:
    """What a text says, read but not recorded: for someone typing in a call."""
    parts = request.app[PARTS]
    typed = bodies.build(Text, await bodies.read_object(request))
    reading = await parts.read_text(typed.text, parts.clock.now())
    return bodies.json_text(reading.model_dump_json())


async def directory(request: web.Request) -> web.Response:
    """Units, contacts and leaders by name, number or initials."""
    known = await request.app[POLICIES].now()
    found = policy.find(known, request.query.get("q", "")[:60], person(request).audience)
    return bodies.json({"found": await with_pairs(request, found)})


async def read_draft(request: web.Request) -> web.Response:
    """A draft of one's own; an empty body when there is none (an empty box is no error)."""
    name, who = _draft(request), person(request).username
    found = await request.app[PARTS].hub.read(lambda connection: connection.one("draft", who, name))
    if found is None:
        return bodies.json({"body": None, "at": None})
    return bodies.json({"body": orjson.loads(found[0]), "at": found[1]})


async def write_draft(request: web.Request) -> web.Response:
    """Keep a draft: any JSON object within the bound."""
    parts, name, who = request.app[PARTS], _draft(request), person(request).username
    text, at = orjson.dumps(await bodies.read_object(request)).decode(), parts.clock.now()
    await parts.hub.beside(lambda connection: connection.run("put_draft", who, name, text, at))
    return bodies.json({"at": at})


async def drop_draft(request: web.Request) -> web.Response:
    """Throw a draft away; there need not be one."""
    name, who = _draft(request), person(request).username
    await request.app[PARTS].hub.beside(lambda connection: connection.run("drop_draft", who, name))
    return bodies.json({})


def _draft(request: web.Request) -> str:
    name = request.match_info["name"]
    if len(name) > 100 or not name.isprintable():
        raise BadRequest("草稿名不对")
    return name
