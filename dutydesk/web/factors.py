"""Second factors: one-time codes (RFC 6238) and security keys (WebAuthn), kept beside the journal; adding and removing one is an entry.

The secret of a code is encrypted with a key derived from DUTYDESK_SECRET: a copied store alone opens nothing. A code, an answer of a key
and a challenge are each accepted once, also by two hubs.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from yarl import URL

from dutydesk.clock import MINUTE, SECOND, Clock
from dutydesk.domain.users import NoteFactor
from dutydesk.errors import Invalid, NotFound, Refused
from dutydesk.hub import Hub
from dutydesk.links import Claim, Signer
from dutydesk.store.connection import Connection, Params

if TYPE_CHECKING:
    from dutydesk.web.security_keys import SecurityKeys

STEP = 30 * SECOND  # of a one-time code (RFC 6238, 5.2)
AROUND = (0, -1, 1)  # steps accepted: the present one and its neighbours (RFC 6238, 6)
CHALLENGE_LIVES = 5 * MINUTE
MOST = 10  # factors of one person


@dataclass(frozen=True, slots=True)
class Factor:
    """One of a person's factors. `secret`: an encrypted code secret, or a key's public key."""

    id: str
    kind: str
    label: str
    secret: str
    used: int
    confirmed_at: int


class Factors:
    """Keeps and judges second factors. One per hub. `site` is the address people see."""

    def __init__(self, hub: Hub, clock: Clock, signer: Signer, site: str, secret: str) -> None:
        self._hub, self._clock, self._signer = hub, clock, signer
        self._site = URL(site)
        self._verifier: SecurityKeys | None = None
        self._box = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"factors|" + secret.encode()).digest()))

    async def of(self, username: str) -> list[Factor]:
        """The factors that count: added and proven once."""
        return [factor for factor in await self._all(username) if factor.confirmed_at]

    async def _all(self, username: str) -> list[Factor]:
        rows = await self._hub.read(lambda connection: connection.all("factors_of", username))
        return [Factor(*row) for row in rows]

    async def remove(self, username: str, id: str, by: str) -> None:
        """Take one away. Raises NotFound."""
        found = next((factor for factor in await self._all(username) if factor.id == id), None)
        if found is None:
            raise NotFound("没有这个验证方式")
        await self._hub.beside(lambda connection: connection.run("drop_factor", id, username))
        if found.confirmed_at:
            await self._note(username, False, found.kind, found.label, by)

    # -- one-time codes

    async def new_code(self, username: str, label: str, issuer: str) -> tuple[str, str]:
        """Begin to add an authenticator app: (id, otpauth address). It counts after its first right code, and stands in the place of
        another that was begun. Raises Refused."""
        await self._room(username)
        secret, id = pyotp.random_base32(), secrets.token_urlsafe(16)
        kept = self._box.encrypt(secret.encode()).decode()
        await self._hub.beside(partial(_begin, (id, username, "totp", label[:40], kept, 0, 0)))
        return id, pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)

    async def confirm_code(self, username: str, id: str, code: str) -> None:
        """The first code of a new app. Raises NotFound, Invalid. One that counts already is not asked here: wrong codes count nowhere."""
        begun = (one for one in await self._all(username) if one.kind == "totp" and not one.confirmed_at)
        factor = next((one for one in begun if one.id == id), None)
        if factor is None:
            raise NotFound("没有这个验证方式,请重新添加")
        if not await self._code_fits(factor, code):
            raise Invalid("验证码不对:请核对手机时间,再输入最新的六位数字")
        now = self._clock.now()
        await self._hub.beside(lambda connection: connection.run("confirm_factor", now, factor.id))
        await self._note(username, True, factor.kind, factor.label, f"user:{username}")

    async def judge_code(self, username: str, code: str) -> bool:
        """Whether this is a code of one of the person's apps, not used before."""
        for factor in await self.of(username):
            if factor.kind == "totp" and await self._code_fits(factor, code):
                return True
        return False

    async def _code_fits(self, factor: Factor, code: str) -> bool:
        try:
            code_of = pyotp.TOTP(self._box.decrypt(factor.secret.encode()).decode())
        except InvalidToken:
            return False  # DUTYDESK_SECRET was changed: the administrator resets the factor
        given, present = code.replace(" ", "").encode(), self._clock.now() // STEP
        around = (present + step for step in AROUND)
        fitting = [n for n in around if hmac.compare_digest(code_of.generate_otp(n).encode(), given)]
        return bool(fitting) and await self._hub.beside(partial(_use, factor.id, fitting[0]))

    # -- security keys

    async def new_key(self, username: str, name: str) -> dict[str, Any]:
        """Begin to add a key: what the browser's `navigator.credentials.create` takes, and our `token`. Raises Refused."""
        await self._room(username)
        challenge, token = self._challenge("key-new", username)
        options = (await self._keys()).to_add(username, name, challenge, _ids(await self.of(username)))
        return {"token": token, "options": options}

    async def add_key(self, username: str, token: str, answer: dict[str, Any], label: str) -> None:
        """The browser's answer. Raises Invalid."""
        challenge = await self._spend("key-new", username, token)
        made = (await self._keys()).added(answer, challenge)
        if made is None:
            raise Invalid("安全密钥没有通过验证,请再试一次")
        row = (made.id, username, "key", label[:40], made.public, made.used, self._clock.now())
        await self._hub.beside(lambda connection: connection.run("add_factor", *row))
        await self._note(username, True, "key", label[:40], f"user:{username}")

    async def ask_key(self, username: str) -> dict[str, Any]:
        """What `navigator.credentials.get` takes, and our `token`. Raises NotFound when the person has no key."""
        ids = _ids(await self.of(username))
        if not ids:
            raise NotFound("没有登记过安全密钥")
        challenge, token = self._challenge("key-ask", username)
        return {"token": token, "options": (await self._keys()).to_answer(challenge, ids)}

    async def judge_key(self, username: str, token: str, answer: dict[str, Any]) -> bool:
        """Whether one of the person's keys answered this challenge, which is then spent."""
        try:
            challenge = await self._spend("key-ask", username, token)
        except Invalid:
            return False
        factor = next((one for one in await self.of(username) if one.id == answer.get("id")), None)
        if factor is None:
            return False
        count = (await self._keys()).answered(answer, challenge, factor.secret, factor.used)
        if count is None:
            return False
        await self._hub.beside(partial(_use, factor.id, count))
        return True

    async def _keys(self) -> "SecurityKeys":
        if self._verifier is None:
            self._verifier = await asyncio.to_thread(_verifier, self._site)
        return self._verifier

    # -- what both share

    async def _room(self, username: str) -> None:
        if len(await self.of(username)) >= MOST:
            raise Refused(f"验证方式最多 {MOST} 个,请先删除不用的")

    async def _note(self, username: str, added: bool, what: str, label: str, by: str) -> None:
        note = NoteFactor(added=added, what=what, label=label)
        await self._hub.handle(f"user/{username}", note, key="", by=by)

    def _challenge(self, purpose: str, username: str) -> tuple[bytes, str]:
        word = secrets.token_urlsafe(24)
        expires = (self._clock.now() + CHALLENGE_LIVES) // SECOND
        return word.encode(), self._signer.make(Claim(purpose, word, username, expires))

    async def _spend(self, purpose: str, username: str, token: str) -> bytes:
        """The challenge of a token, once. Raises Invalid."""
        try:
            claim = self._signer.read(token, self._clock.now())
        except NotFound:
            raise Invalid("验证已经过期,请再试一次") from None
        name, now = f"challenge:{claim.id}", self._clock.now()
        mine = (claim.kind, claim.callee) == (purpose, username)
        if not mine or not await self._hub.beside(lambda connection: bool(connection.one("spend", name, now))):
            raise Invalid("验证已经过期,请再试一次")
        return claim.id.encode()


def _begin(row: Params, connection: Connection) -> None:
    """Under the pen: an app that nobody ever confirmed makes room for the next try."""
    connection.run("drop_begun_factors", row[1])
    connection.run("add_factor", *row)


def _use(id: str, mark: int, connection: Connection) -> bool:
    """Under the pen: a code's step, or a key's count, moves forward once. Keys that do not count stay at 0."""
    return bool(connection.one("factor_used", mark, id, mark))


def _ids(factors: list[Factor]) -> list[str]:
    """Of the security keys among them."""
    return [one.id for one in factors if one.kind == "key"]


def _verifier(site: URL) -> "SecurityKeys":
    from dutydesk.web.security_keys import SecurityKeys  # 7 MB, and most desks use no key

    return SecurityKeys(site)
