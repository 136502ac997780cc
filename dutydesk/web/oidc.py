"""Signing in by the city's own identity service: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), state and nonce.

The service says who somebody is; what they may do stays ours. A user that is not ours does not get in. When the service says that it asked
for more than a password (`amr`, RFC 8176), that counts as the second factor; otherwise ours is asked.
"""

import base64
import hashlib
import logging
import secrets
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import orjson
from aiohttp import web
from yarl import URL

from dutydesk.channels.wire import answer_of
from dutydesk.clock import MINUTE, SECOND
from dutydesk.config.settings import Settings
from dutydesk.domain.users import NoteSignIn
from dutydesk.errors import DeskError, NotFound, Unavailable
from dutydesk.links import Claim
from dutydesk.store.connection import Connection
from dutydesk.web import second, sessions
from dutydesk.web.addresses import address_of
from dutydesk.web.parts import PARTS
from dutydesk.web.people import Forbidden
from dutydesk.web.shared import DOORKEEPER

STEP_LIVES = 10 * MINUTE
PATIENCE = aiohttp.ClientTimeout(total=8)
LARGEST = 256_000  # bytes of any answer of the service
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]  # never "none", never a shared secret
STRONG = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "pop", "sc"})
log = logging.getLogger("dutydesk.oidc")


@dataclass(frozen=True, slots=True)
class Service:
    """The identity service as it describes itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    issuer: str


async def go(request: web.Request) -> web.StreamResponse:
    """Send the browser to the service. Raises NotFound when there is none, Unavailable when it does not answer."""
    parts = request.app[PARTS]
    service = await _describe(_configured(parts.settings))
    state, nonce, verifier = (secrets.token_urlsafe(24) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    response = web.HTTPSeeOther(
        URL(service.authorization_endpoint).update_query(
            response_type="code",
            client_id=parts.settings.oidc_client_id,
            redirect_uri=_back(parts.settings),
            scope="openid profile",
            state=state,
            nonce=nonce,
            code_challenge=challenge,
            code_challenge_method="S256",
        )
    )
    token = parts.signer.make(Claim("oidc", f"{state}.{nonce}", verifier, (parts.clock.now() + STEP_LIVES) // SECOND))
    response.set_cookie(
        _cookie(parts.secure_cookies),
        token,
        path="/",
        httponly=True,
        secure=parts.secure_cookies,
        samesite="Lax",
        max_age=STEP_LIVES // SECOND,
    )
    raise response


def _cookie(secure: bool) -> str:
    return "__Host-dutydesk-oidc" if secure else "dutydesk-oidc"


def _back(settings: Settings) -> str:
    return settings.public_url.rstrip("/") + "/sign-in/oidc/back"


def _configured(settings: Settings) -> str:
    if not settings.oidc_issuer:
        raise NotFound("没有配置统一身份认证")
    return settings.oidc_issuer.rstrip("/")


async def back(request: web.Request) -> web.StreamResponse:
    """The browser comes back with a code. Raises Forbidden for anything that does not fit."""
    parts = request.app[PARTS]
    settings, now = parts.settings, parts.clock.now()
    try:
        claim = parts.signer.read(request.cookies.get(_cookie(parts.secure_cookies), ""), now)
    except NotFound:
        raise Forbidden("登录已经过期,请重新登录") from None
    state, _, nonce = claim.id.partition(".")
    if claim.kind != "oidc" or not sessions.same(request.query.get("state", ""), state) or "code" not in request.query:
        raise Forbidden("统一身份认证没有完成,请重新登录")
    service = await _describe(_configured(settings))
    said = await _identity(service, settings, request.query["code"], claim.callee, nonce, now)
    username = str(said.get(settings.oidc_claim, ""))
    if not await parts.hub.read(lambda connection: _is_user(connection, username)):
        log.warning("the identity service knows somebody who is no user here")
        raise Forbidden("统一身份认证通过,但值班台没有这个用户,请联系管理员")
    raise await _enter(request, username, said)


async def _enter(request: web.Request, username: str, said: dict[str, Any]) -> web.HTTPSeeOther:
    parts, now = request.app[PARTS], request.app[PARTS].clock.now()
    methods = said.get("amr") or []
    strong = bool(STRONG & {str(method) for method in methods})
    if not strong and await request.app[DOORKEEPER].factors.of(username):
        return second.ask(parts, username, "/")
    note = NoteSignIn(ok=True, address=address_of(request), how="oidc")
    await parts.hub.handle(f"user/{username}", note, key="", by=f"user:{username}")
    opened = await sessions.open_session(parts.hub, username, now, now if strong else 0)
    response = web.HTTPSeeOther("/")
    response.del_cookie(_cookie(parts.secure_cookies), path="/", secure=parts.secure_cookies)
    sessions.set_cookie(response, opened.token, parts.secure_cookies)
    return response


def _is_user(connection: Connection, username: str) -> bool:
    row = connection.one("row", "user", username) if username and username.isprintable() else None
    return bool(row and row[2])


async def _describe(issuer: str) -> Service:
    found = await _fetch("GET", f"{issuer}/.well-known/openid-configuration")
    if found.get("issuer", "").rstrip("/") != issuer:
        raise Forbidden("统一身份认证的名称与配置不符")
    try:
        return Service(**{name: str(found[name]) for name in Service.__slots__})
    except KeyError as error:
        raise Unavailable(f"统一身份认证的说明不完整:{error}") from None


async def _identity(
    service: Service, settings: Settings, code: str, verifier: str, nonce: str, now: int
) -> dict[str, Any]:
    """The claims of the identity token, its signature, issuer, audience, times and nonce checked (Core 1.0, 3.1.3.7)."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _back(settings),
        "client_id": settings.oidc_client_id,
        "client_secret": settings.oidc_client_secret.get_secret_value(),
        "code_verifier": verifier,
    }
    given = await _fetch("POST", service.token_endpoint, form)
    keys = await _fetch("GET", service.jwks_uri)
    try:
        said = _verified(str(given.get("id_token", "")), keys, service.issuer, settings.oidc_client_id, now)
    except jwt.PyJWTError as error:
        log.warning("identity token refused: %s", type(error).__name__)
        raise Forbidden("统一身份认证的凭证没有通过验证") from None
    if not sessions.same(str(said.get("nonce", "")), nonce):
        raise Forbidden("统一身份认证的凭证不是这次登录的")
    return said


def _verified(token: str, keys: dict[str, Any], issuer: str, client: str, now: int) -> dict[str, Any]:
    wanted = jwt.get_unverified_header(token).get("kid")
    usable = [key for key in jwt.PyJWKSet.from_dict(keys).keys if wanted in (None, key.key_id)]
    if not usable:
        raise jwt.InvalidTokenError("no such key")
    said: dict[str, Any] = jwt.decode(
        token,
        usable[0],
        algorithms=ALGORITHMS,
        audience=client,
        issuer=issuer,
        options={"require": ["exp", "iat", "sub"], "verify_exp": False, "verify_iat": False},
    )
    if not int(said["iat"]) - 300 <= now // SECOND <= int(said["exp"]) + 60:  # by the desk's clock
        raise jwt.ExpiredSignatureError("outside its time")
    return said


async def _fetch(method: str, address: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as http,
            http.request(method, address, data=form, allow_redirects=False) as answer,
        ):
            body = await answer_of(answer, LARGEST)
            if answer.status != 200:
                raise Unavailable(f"统一身份认证没有接受({answer.status})")
            found = orjson.loads(body)
    except DeskError:
        raise
    except (TimeoutError, aiohttp.ClientError, ValueError) as error:
        raise Unavailable(f"统一身份认证暂时不能用:{type(error).__name__}") from None
    if not isinstance(found, dict):
        raise Unavailable("统一身份认证的回答读不懂")
    return found
