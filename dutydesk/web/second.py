"""The second step of signing in, and the proof before a signature: a one-time code or a security key, counted like passwords.

Between the two steps a signed cookie of five minutes says whose password was right; it opens nothing else.
"""

from typing import Any

from aiohttp import web
from yarl import URL

from dutydesk.clock import MINUTE, SECOND
from dutydesk.errors import Invalid, NotFound
from dutydesk.links import Claim
from dutydesk.web import bodies, sessions
from dutydesk.web.addresses import address_of
from dutydesk.web.auth import Verdict
from dutydesk.web.parts import PARTS, Parts
from dutydesk.web.people import Forbidden, NeedsProof, NotSignedIn, person
from dutydesk.web.shared import DOORKEEPER, POLICIES
from dutydesk.web.ways import needs_factor, same_origin

STEP_LIVES = 5 * MINUTE


def _cookie(secure: bool) -> str:
    return "__Host-dutydesk-second" if secure else "dutydesk-second"


def ask(parts: Parts, username: str, following: str) -> web.HTTPSeeOther:
    """The password was right: on to the second step."""
    expires = (parts.clock.now() + STEP_LIVES) // SECOND
    response = web.HTTPSeeOther(URL("/sign-in/second").with_query(next=following))
    token, secure = parts.signer.make(Claim("second", username, "", expires)), parts.secure_cookies
    response.set_cookie(
        _cookie(secure), token, path="/", httponly=True, secure=secure, samesite="Strict", max_age=STEP_LIVES // SECOND
    )
    return response


def who(request: web.Request) -> str | None:
    """Whose password was right less than five minutes ago in this browser."""
    parts = request.app[PARTS]
    try:
        claim = parts.signer.read(request.cookies.get(_cookie(parts.secure_cookies), ""), parts.clock.now())
    except NotFound:
        return None
    return claim.id if claim.kind == "second" else None


async def settle(request: web.Request, username: str, fits: bool, how: str) -> Verdict:
    """Count the answer: five wrong ones in a row lock the name, as with passwords."""
    return await request.app[DOORKEEPER].settle(username, fits, address_of(request), how)


async def enter(request: web.Request, username: str, following: str) -> web.HTTPSeeOther:
    """Both steps were right: a session begins."""
    response = web.HTTPSeeOther(following)
    await _begin(request, username, response)
    return response


async def _begin(request: web.Request, username: str, response: web.StreamResponse) -> None:
    parts, now = request.app[PARTS], request.app[PARTS].clock.now()
    opened = await sessions.open_session(parts.hub, username, now, now)
    response.del_cookie(_cookie(parts.secure_cookies), path="/", secure=parts.secure_cookies)
    sessions.set_cookie(response, opened.token, parts.secure_cookies)


async def key_asked(request: web.Request) -> web.Response:
    """What the browser needs to ask a security key, while signing in."""
    return bodies.json(await request.app[DOORKEEPER].factors.ask_key(_stepping(request)))


async def key_answered(request: web.Request) -> web.StreamResponse:
    """The key's answer, while signing in: 200 and a session, or 401."""
    username, said = _stepping(request), await bodies.read_object(request)
    verdict = await settle(request, username, await _judge(request, username, said), "password+key")
    if verdict != "ok":
        raise NotSignedIn("安全密钥没有通过验证" if verdict == "wrong" else "已锁定,请十五分钟后再试")
    response = bodies.json({"ok": True})
    await _begin(request, username, response)
    return response


def _stepping(request: web.Request) -> str:
    if not same_origin(request, request.app[PARTS].settings.public_url):
        raise Forbidden("请求不是从本值班台的页面发出的")
    username = who(request)
    if username is None:
        raise NotSignedIn("请重新输入密码")
    return username


async def _judge(request: web.Request, username: str, said: dict[str, Any]) -> bool:
    answer = said.get("answer")
    if not isinstance(answer, dict):
        return False
    return await request.app[DOORKEEPER].factors.judge_key(username, str(said.get("token", "")), answer)


# -- before a signature


async def proof_asked(request: web.Request) -> web.Response:
    """Which proofs this person can give, with what the browser needs to ask a key."""
    factors, username = request.app[DOORKEEPER].factors, person(request).username
    kinds = sorted({factor.kind for factor in await factors.of(username)})
    return bodies.json({"kinds": kinds, "key": await factors.ask_key(username) if "key" in kinds else None})


async def prove(request: web.Request) -> web.Response:
    """A code, or a key's answer, given again in a session. Raises Invalid; wrong ones count towards the lock."""
    parts, someone, said = request.app[PARTS], person(request), await bodies.read_object(request)
    if "answer" in said:
        fits, how = await _judge(request, someone.username, said), "proof+key"
    else:
        code = str(said.get("code", ""))[:20]
        fits, how = await request.app[DOORKEEPER].factors.judge_code(someone.username, code), "proof+totp"
    verdict = await settle(request, someone.username, fits, how)
    if verdict != "ok":
        raise Invalid("验证码不对或已经用过,请用下一个" if verdict == "wrong" else "已锁定,请十五分钟后再试")
    await sessions.confirm_session(parts.hub, someone.session, parts.clock.now())
    return bodies.json({"ok": True})


async def proven_lately(request: web.Request) -> None:
    """Let a signature through only when its signer gave a second factor within the minutes that the policy allows.

    Raises NeedsProof. Roles of whom the policy asks no second factor sign with their session alone.
    """
    someone = person(request)
    if not await needs_factor(request, someone):
        return
    minutes = (await request.app[POLICIES].now()).rules.security.signature_minutes
    if request.app[PARTS].clock.now() - someone.factor_at > minutes * MINUTE:
        raise NeedsProof()
