"""Sessions on the server: the cookie holds a random token, the store only its SHA-256. Idle for a shift, it ends."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

import orjson
from aiohttp import web

from dutydesk.clock import HOUR, MINUTE
from dutydesk.errors import Unavailable
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.web.parts import Parts
from dutydesk.web.people import Person

IDLE = 12 * HOUR  # one shift: who comes back after it signs in again
SEEN_AGAIN = 5 * MINUTE  # a session in use is marked seen no more often than this


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just begun: the token goes into the cookie and nowhere else."""

    token: str
    csrf: str


def digest(token: str) -> str:
    """What the store keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def cookie_name(secure: bool) -> str:
    """`__Host-` binds a cookie to this host and to https (RFC 6265bis 4.1.3.2)."""
    return "__Host-dutydesk" if secure else "dutydesk"


def set_cookie(response: web.StreamResponse, token: str, secure: bool) -> None:
    """Hand the token over. HttpOnly, SameSite=Lax, for this host only."""
    name = cookie_name(secure)
    response.set_cookie(name, token, path="/", httponly=True, secure=secure, samesite="Lax", max_age=30 * 86_400)


def drop_cookie(response: web.StreamResponse, secure: bool) -> None:
    response.del_cookie(cookie_name(secure), path="/", httponly=True, secure=secure, samesite="Lax")


async def open_session(hub: Hub, username: str, now: int, factor_at: int = 0) -> Opened:
    """Begin a session; sessions idle too long are swept on the way. `factor_at`: when a second factor was given. Raises Unavailable."""
    opened = Opened(secrets.token_urlsafe(32), secrets.token_urlsafe(32))

    def write(connection: Connection) -> None:
        connection.run("drop_sessions_before", now - IDLE)
        connection.run("add_session", digest(opened.token), username, opened.csrf, now, now, factor_at)

    await hub.beside(write)
    return opened


async def confirm_session(hub: Hub, session: str, now: int) -> None:
    """A second factor was given in this session. Raises Unavailable."""
    await hub.beside(lambda connection: connection.run("session_confirmed", now, session))


async def close_session(hub: Hub, session: str) -> None:
    """End a session by its digest. Raises Unavailable."""
    await hub.beside(lambda connection: connection.run("drop_session", session))


async def find(parts: Parts, token: str) -> Person | None:
    """The person a token stands for; None when it is unknown, idle too long, or its user was removed. Raises Unavailable."""
    session, now = digest(token), parts.clock.now()
    found = await parts.hub.glance(lambda connection: _look(connection, session, now))
    if found is None:
        return None
    someone, seen_at = found
    if now - seen_at > SEEN_AGAIN:
        await _mark_seen(parts.hub, session, now)
    return someone


def _look(connection: Connection, session: str, now: int) -> tuple[Person, int] | None:
    """One question: it comes before every other of a request."""
    row = connection.one("session", session)
    if row is None:
        return None
    username, csrf, seen_at, factor_at, body, locked = row
    if now - seen_at > IDLE:
        return None
    user = orjson.loads(body)
    someone = Person(
        username, user["name"], user["role"], user["division"], csrf, session, factor_at, locked is not None
    )
    return someone, seen_at


async def _mark_seen(hub: Hub, session: str, now: int) -> None:
    try:
        await hub.beside(lambda connection: connection.run("session_seen", now, session))
    except Unavailable:
        return  # a store that takes no writes must not keep anyone from reading


async def ended(hub: Hub, sessions: set[str], now: int) -> set[str]:
    """Which of these sessions stand no longer. Raises Unavailable."""

    def look(connection: Connection) -> set[str]:
        return {session for session in sessions if _look(connection, session, now) is None}

    gone: set[str] = await hub.read(look)
    return gone


def same(given: str, wanted: str) -> bool:
    """Compare secrets without telling by the time taken how much of them fits."""
    return hmac.compare_digest(given.encode(), wanted.encode())
