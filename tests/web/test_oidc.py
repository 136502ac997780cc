"""Signing in by the city's identity service, played by a small one of our own that signs with a real key."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import orjson
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from pydantic import SecretStr
from pytest_aiohttp.plugin import AiohttpServer
from yarl import URL

from dutydesk.clock import SECOND
from dutydesk.config.settings import Settings
from tests.web.city import START, City, city

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Identity:
    """The service. `says` goes into the next token, `key` signs it."""

    says: dict[str, Any] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = KEY
    asked: dict[str, str] = field(default_factory=dict)
    url: str = ""
    verifier_hash: str = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self.describe)
        app.router.add_post("/token", self.token)
        app.router.add_get("/keys", self.keys)
        return app

    async def describe(self, request: web.Request) -> web.StreamResponse:
        ends = {"authorization_endpoint": "/ask", "token_endpoint": "/token", "jwks_uri": "/keys"}
        said = {"issuer": self.url} | {name: self.url + path for name, path in ends.items()}
        return await in_pieces(request, orjson.dumps(said))

    async def keys(self, _request: web.Request) -> web.Response:
        public = RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return web.json_response({"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]})

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        proof = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        assert base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == self.asked["code_challenge"]
        assert form["client_secret"] == "its secret"
        now = START // SECOND
        said = {
            "iss": self.url, "aud": "dutydesk", "sub": "s-1", "iat": now, "exp": now + 300,
            "nonce": self.asked["nonce"], "preferred_username": "officer",
        }  # fmt: skip
        token = jwt.encode(said | self.says, self.key, algorithm="RS256", headers={"kid": "1"})
        return web.json_response({"id_token": token})


async def in_pieces(request: web.Request, body: bytes) -> web.StreamResponse:
    """An answer that does not come in one packet, as a long one never does."""
    answer = web.StreamResponse(headers={"Content-Type": "application/json"})
    await answer.prepare(request)
    for n in range(0, len(body), 40):
        await answer.write(body[n : n + 40])
        await asyncio.sleep(0)
    await answer.write_eof()
    return answer


@pytest.fixture
async def identity(aiohttp_server: AiohttpServer) -> Identity:
    made = Identity()
    server = await aiohttp_server(made.app())
    made.url = str(server.make_url("")).rstrip("/")
    return made


@pytest.fixture
async def here(tmp_path: Path, filled: Path, identity: Identity) -> AsyncIterator[City]:
    settings = Settings(oidc_issuer=identity.url, oidc_client_id="dutydesk", oidc_client_secret=SecretStr("its secret"))
    async with city(tmp_path, filled, settings=settings) as made:
        yield made


async def round_trip(desk: City, identity: Identity, **changed: str):
    """To the service and back; `changed` spoils what comes back."""
    sent = await desk.client.get("/sign-in/oidc", allow_redirects=False)
    assert sent.status == 303
    identity.asked = dict(URL(sent.headers["Location"]).query)
    cookie = sent.cookies["dutydesk-oidc"].value
    query = {"code": "c", "state": identity.asked["state"]} | changed
    headers = {"Cookie": f"dutydesk-oidc={cookie}"}
    return await desk.client.get("/sign-in/oidc/back", params=query, headers=headers, allow_redirects=False)


async def test_who_the_service_knows_and_we_know_gets_in(here: City, identity: Identity) -> None:
    answer = await round_trip(here, identity)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    token = answer.cookies["dutydesk"].value
    me = await here.client.get("/api/me", headers={"Cookie": f"dutydesk={token}"})
    assert (await me.json())["username"] == "officer"


async def test_a_strong_proof_at_the_service_counts_as_the_second_factor(here: City, identity: Identity) -> None:
    for methods, counted in ((["pwd", "otp"], True), (["pwd"], False)):
        identity.says = {"amr": methods}
        token = (await round_trip(here, identity)).cookies["dutydesk"].value
        rows = await here.one("session", hashlib.sha256(token.encode()).hexdigest())
        assert bool(rows[3]) is counted


@pytest.mark.parametrize(
    "says",
    [
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"exp": START // SECOND - 3600},
        {"iat": START // SECOND + 3600},
        {"preferred_username": "nobody"},
        {"preferred_username": ""},
    ],
    ids=str,
)
async def test_a_token_that_does_not_fit_opens_nothing(here: City, identity: Identity, says: dict[str, Any]) -> None:
    identity.says = says
    answer = await round_trip(here, identity)
    assert answer.status == 403
    assert "dutydesk" not in answer.cookies


async def test_a_token_signed_by_another_key_opens_nothing(here: City, identity: Identity) -> None:
    identity.key = OTHER
    assert (await round_trip(here, identity)).status == 403


async def test_an_answer_that_nobody_here_asked_for_opens_nothing(here: City, identity: Identity) -> None:
    assert (await round_trip(here, identity, state="another")).status == 403
    assert (await here.client.get("/sign-in/oidc/back?code=c&state=s")).status == 403


async def test_without_a_service_there_is_no_such_way_and_the_form_does_not_offer_it(desk: City) -> None:
    assert (await desk.client.get("/sign-in/oidc")).status == 404
    assert "oidc" not in await (await desk.client.get("/sign-in")).text()


async def test_a_service_that_is_away_is_said_so(here: City, identity: Identity) -> None:
    there = identity.url
    identity.url = "http://127.0.0.1:9"
    assert (await here.client.get("/sign-in/oidc")).status == 403  # it no longer says it is who we know
    identity.url = there
