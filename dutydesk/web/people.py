"""Who is at the other end: the signed-in person, what they may do, and the refusals of the web.

The table of roles stands in acts.py; here is only what a request carries.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from aiohttp import web

from dutydesk.errors import DeskError, Invalid
from dutydesk.web.frames import Audience, audience

Role = Literal["officer", "shift_leader", "administrator", "reader", "leader", "unit", "auditor"]
ALL: frozenset[str] = frozenset(get_args(Role))
DESK = frozenset({"officer", "shift_leader", "administrator"})
CHIEFS = frozenset({"shift_leader", "administrator"})


class NotSignedIn(DeskError):
    """请先登录。"""

    status = 401


class Forbidden(DeskError):
    """没有这项权限。"""

    status = 403


class NeedsFactor(Forbidden):
    """您的岗位须有第二重验证,请先添加。"""


class NeedsProof(DeskError):
    """签发前请再验证一次身份。"""

    status = 428


class Locked(DeskError):
    """值班台已锁,请先输入密码。"""

    status = 423


class TooMany(DeskError):
    """请求太多,请稍后再试。"""

    status = 429


class BadRequest(DeskError):
    """请求不完整。"""

    status = 400


class WrongFields(Invalid):
    """What was sent does not fit, field by field, in words for a person."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("、".join(f"{name}:{words}" for name, words in fields.items()))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in user. `session` is the digest of their session's token, `csrf` what each of their writes must carry, `factor_at`
    the instant of the last second factor in this session (0: none), `locked` that its console was left alone (idle.py)."""

    username: str
    name: str
    role: str
    division: str
    csrf: str
    session: str
    factor_at: int = 0
    locked: bool = False

    @property
    def audience(self) -> Audience:
        return audience(self.role, self.division)

    @property
    def by(self) -> str:
        """As the journal names them."""
        return f"user:{self.username}"


PERSON = web.RequestKey("person", Person)


def person(request: web.Request) -> Person:
    """The person behind a request that the guard let through. Raises NotSignedIn where no one is."""
    found: Person | None = request.get(PERSON)
    if found is None:
        raise NotSignedIn()
    return found
