"""Administration from the screen: users through the hub's door, their passwords beside it, sessions, and the policy with its origin."""

import hashlib
import tomllib
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from dutydesk.config import rules_digest
from dutydesk.domain.rules import UserRole
from dutydesk.domain.users import AddUser, NoteFactor, RemoveUser
from dutydesk.errors import Invalid, NotFound
from dutydesk.store.connection import Connection
from dutydesk.web import bodies, sessions
from dutydesk.web.auth import SHORTEST, set_password
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest, Person, person
from dutydesk.web.second import proven_lately
from dutydesk.web.shared import POLICIES


class Changed(BaseModel):
    """A user as an administrator wants them; a password only where one is to be set."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(min_length=1, max_length=40)
    role: UserRole
    division: str = Field(default="", pattern=r"^\d{0,12}$")
    phone: str | None = Field(default=None, pattern=r"^\+\d{8,15}$")
    email: str | None = Field(default=None, max_length=100)
    password: str = Field(default="", max_length=1_024)


class Password(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    password: str = Field(min_length=SHORTEST, max_length=1_024)


# -- users


async def save_user(request: web.Request) -> web.Response:
    """Add a user or change one. A new one needs a password; nobody takes the administration away from themselves."""
    await proven_lately(request)
    hub, who, username = request.app[PARTS].hub, person(request), _username(request)
    wish = bodies.build(Changed, bodies.printable(await bodies.read_object(request)))
    known = await hub.read(lambda connection: connection.one("credential", username) is not None)
    if not known and not wish.password:
        raise Invalid("新用户要有密码")
    if wish.password and len(wish.password) < SHORTEST:
        raise Invalid(f"密码至少 {SHORTEST} 个字符")
    if username == who.username and (wish.role != who.role or wish.division != who.division):
        raise Invalid("不能改自己的岗位和范围,请另一位管理员来改")
    add = AddUser(**wish.model_dump(exclude={"password"}))
    await hub.handle(f"user/{username}", add, key=_key(request, who), by=who.by, guarded=True)
    if wish.password:
        await set_password(hub, username, wish.password)
    return bodies.json({"username": username})


async def remove_user(request: web.Request) -> web.Response:
    """Take away a user's access; what they did stays."""
    await proven_lately(request)
    parts, who, username = request.app[PARTS], person(request), _username(request)
    if username == who.username:
        raise Invalid("不能停用自己")
    await parts.hub.handle(f"user/{username}", RemoveUser(), key=_key(request, who), by=who.by, guarded=True)
    await parts.hub.beside(lambda connection: connection.run("drop_sessions_of", username))
    return bodies.json({"username": username})


async def reset_password(request: web.Request) -> web.Response:
    """Give a user another password; they sign in again everywhere."""
    await proven_lately(request)
    hub, username = request.app[PARTS].hub, _username(request)
    wish = bodies.build(Password, await bodies.read_object(request))
    await _known(request, username)
    await set_password(hub, username, wish.password)
    return bodies.json({"username": username})


async def reset_factors(request: web.Request) -> web.Response:
    """Take away a user's second factors, for who lost their phone or key; they add new ones at the next sign-in."""
    await proven_lately(request)
    hub, who, username = request.app[PARTS].hub, person(request), _username(request)
    await _known(request, username)
    if await hub.beside(partial(_drop_factors, username)):
        await hub.handle(f"user/{username}", NoteFactor(added=False, what="all"), key=_key(request, who), by=who.by)
    return bodies.json({"username": username})


def _drop_factors(username: str, connection: Connection) -> int:
    count = len(connection.all("factors_of", username))
    connection.run("drop_factors_of", username)
    connection.run("drop_sessions_of", username)
    return count


async def _known(request: web.Request, username: str) -> None:
    if not await request.app[PARTS].hub.read(lambda connection: connection.one("row", "user", username)):
        raise NotFound("没有这个用户")


def _username(request: web.Request) -> str:
    found = request.match_info["username"]
    if not _fits(found):
        raise BadRequest("用户名用小写字母、数字、点、横线,40 个以内")
    return found


def _fits(username: str) -> bool:
    plain = username.isascii() and username == username.lower() and 0 < len(username) <= 40
    return plain and username[0].isalnum() and all(sign.isalnum() or sign in "._-" for sign in username)


def _key(request: web.Request, who: Person) -> str:
    return f"web:{who.username}:{bodies.idempotency_key(request)}"


# -- what stands


async def show(request: web.Request) -> web.Response:
    """Users' second factors, open sessions, and the policy file by file with what is in force."""
    parts, who = request.app[PARTS], person(request)
    policy = await request.app[POLICIES].now()
    found: dict[str, Any] = await parts.hub.read(partial(_stands, who.session))
    folder = parts.settings.config
    adopted = found.pop("adopted")
    here = rules_digest(folder) if folder.is_dir() else ""
    found |= {"files": _files(folder), "digest": here, "adopted": adopted, "fits": here == adopted["digest"]}
    found["rules"] = policy.rules.model_dump(mode="json", exclude_defaults=True)
    found["desk"] = _desk(request)
    return bodies.json(found)


def _stands(own: str, connection: Connection) -> dict[str, Any]:
    open_now = [
        {"id": row[0][:16], "username": row[1], "since": row[2], "seen": row[3], "factor": row[4], "own": row[0] == own}
        for row in connection.all("sessions_all")
    ]
    users = [row[1] for row in connection.all("rows_of_kind", "user")]
    factors = {name: [factor[1] for factor in connection.all("factors_of", name) if factor[5]] for name in users}
    return {"sessions": open_now, "factors": factors, "adopted": _adopted(connection)}


def _adopted(connection: Connection) -> dict[str, Any]:
    """The entry that put the rules in force."""
    entries = connection.all("entries_of", "rules/main", 0)
    if not entries:
        return {"digest": "", "seq": 0, "at": 0}
    last = entries[-1]
    return {"digest": orjson.loads(last[8]).get("digest", ""), "seq": last[0], "at": last[1]}


def _files(folder: Path) -> list[dict[str, Any]]:
    """Each file of the policy folder: its name, its own SHA-256, and which keys it says."""
    return [_file(folder, path) for path in sorted(folder.rglob("*.toml"))]


def _file(folder: Path, path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    try:
        keys = sorted(tomllib.loads(raw.decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        keys = []
    return {"name": str(path.relative_to(folder)), "digest": hashlib.sha256(raw).hexdigest(), "keys": keys}


def _desk(request: web.Request) -> dict[str, Any]:
    """What the environment decides, without a secret in it."""
    settings = request.app[PARTS].settings
    return {
        "engine": urlsplit(settings.database).scheme,
        "redis": bool(settings.redis),
        "public_url": settings.public_url,
        "config": str(settings.config),
        "demo": request.app[PARTS].demo,
    }


async def end_session(request: web.Request) -> web.Response:
    """End somebody's session, here and in its open consoles. It is named by the first characters of its digest."""
    parts, wanted = request.app[PARTS], request.match_info["session"]
    rows = await parts.hub.read(lambda connection: connection.all("sessions_all"))
    found = [row[0] for row in rows if row[0][:16] == wanted]
    if not found:
        raise NotFound("这个登录已经结束")
    for session in found:
        await sessions.close_session(parts.hub, session)
        parts.live.end_session(session)
    return bodies.json({})
