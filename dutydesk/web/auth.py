"""Passwords and signing in: argon2 in a thread, a lock after five failures, a bound for each address, each attempt recorded.

A password never comes near the journal; who signed in and who failed does.
"""

import asyncio
import logging
from functools import partial
from typing import Literal, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from dutydesk.clock import MINUTE, Clock
from dutydesk.domain.users import NoteSignIn
from dutydesk.errors import Invalid
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.web.factors import Factors

FAILURES = 5  # wrong passwords in a row until the name is locked
LOCKED_FOR = 15 * MINUTE
ADDRESS_WINDOW = 10 * MINUTE
ADDRESS_MOST = 60  # attempts of one address in that window: a whole desk behind one address changes shift at once
SHORTEST = 8  # characters of a password
AT_ONCE = 2  # argon2 takes 64 MB for each; guesses sent at once are counted one by one under the pen anyway

HASHER = PasswordHasher()  # argon2id with the parameters that RFC 9106 recommends where memory is scarce

Verdict = Literal["ok", "second", "wrong", "locked", "too_many"]
log = logging.getLogger("dutydesk.auth")


class Credential(NamedTuple):
    password: str
    failures: int
    locked_until: int


class Doorkeeper:
    """Judges attempts to sign in. One per hub."""

    def __init__(self, hub: Hub, clock: Clock, factors: Factors) -> None:
        self._hub, self._clock, self.factors = hub, clock, factors
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._nobody = ""

    async def judge(self, username: str, password: str, address: str) -> Verdict:
        """Whether this password opens this name; "second" when a second factor is still to be given.

        Raises Unavailable when the store is away: then nobody gets in.
        """
        if not await self._hub.beside(partial(_within_bound, f"sign-in:{address}", self._clock.now())):
            return "too_many"
        async with self._turn:
            return await self._check(username, password, address)

    async def _check(self, username: str, password: str, address: str) -> Verdict:
        known = await self._hub.read(partial(_credential, username=username))
        if known and known.locked_until > self._clock.now():
            await self._matches(await self._nobodys(), password)
            return "locked"
        right = await self._matches(known.password if known else await self._nobodys(), password)
        if known is None:
            log.info("sign-in for an unknown name")
            return "wrong"
        if right and await self.factors.of(username):
            return "second"  # wrong passwords go on counting until the second factor is right too
        return await self.settle(username, right, address, "password")

    async def settle(self, username: str, right: bool, address: str, how: str) -> Verdict:
        """Count an answer and write it down: "ok" clears the count, five wrong ones in a row lock the name."""
        verdict: Verdict = await self._hub.beside(partial(_settle, username, right, self._clock.now()))
        note = NoteSignIn(ok=verdict == "ok", address=address, how=how)
        await self._hub.handle(f"user/{username}", note, key="", by=f"user:{username}")
        return verdict

    async def matches(self, username: str, password: str) -> bool:
        """Whether this is the password of somebody who is signed in already; wrong ones count towards the lock."""
        async with self._turn:
            known = await self._hub.read(partial(_credential, username=username))
            right = known is not None and await self._matches(known.password, password)
        if not right:
            return False
        return not (known and known.locked_until > self._clock.now())

    async def _nobodys(self) -> str:
        """A hash that no password fits, so that an unknown name takes as long as a known one."""
        if not self._nobody:
            self._nobody = await asyncio.to_thread(HASHER.hash, "")
        return self._nobody

    async def _matches(self, hashed: str, password: str) -> bool:
        try:
            return await asyncio.to_thread(HASHER.verify, hashed, password) and password != ""
        except (Argon2Error, InvalidHashError):
            return False


def _credential(connection: Connection, username: str) -> Credential | None:
    row = connection.one("credential", username) if username.isprintable() else None
    user = connection.one("row", "user", username) if row else None
    return Credential(*row) if row and user and user[2] else None


def _within_bound(name: str, now: int, connection: Connection) -> bool:
    row = connection.one("limit", name)
    start, used = (row[0], row[1]) if row and now - row[0] <= ADDRESS_WINDOW else (now, 0)
    connection.run("put_limit", name, start, used + 1)
    return used < ADDRESS_MOST


def _settle(username: str, right: bool, now: int, connection: Connection) -> Verdict:
    """Under the pen: a name that was locked meanwhile stays locked, a wrong password counts, a right one clears the count."""
    row = connection.one("credential", username)
    known = Credential(*row) if row else Credential("", 0, 0)
    if known.locked_until > now:
        return "locked"
    failures = 0 if right else known.failures + 1
    until = now + LOCKED_FOR if failures >= FAILURES else 0
    connection.run("sign_in_failed", 0 if until else failures, until, username)
    return "ok" if right else "wrong"


async def set_password(hub: Hub, username: str, password: str) -> None:
    """Give a user a password; a lock is lifted, and whoever was signed in under the name signs in again.

    Raises Invalid when it is too short, Unavailable.
    """
    if len(password) < SHORTEST:
        raise Invalid(f"密码至少 {SHORTEST} 个字符")
    hashed = await asyncio.to_thread(HASHER.hash, password)

    def write(connection: Connection) -> None:
        connection.run("put_credential", username, hashed)
        connection.run("drop_sessions_of", username)

    await hub.beside(write)
