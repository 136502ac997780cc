"""Reading what is sent: JSON objects within a bound, checked field by field, with the words a person needs to mend them."""

import re
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from dutydesk.errors import Invalid
from dutydesk.web.people import BadRequest, WrongFields

SMALL = 64_000  # bytes of a command
LARGE = 8_000_000  # bytes: a million characters written as \uXXXX are six; also the application's own bound
MOST_FIELDS = 200  # of a form
LATEST = 1 << 52  # microseconds: the year 2112; a later instant, or so large a number of anything, is nonsense
_ID = re.compile(r"[\w.+:@=-]{1,100}")
_KEY = re.compile(r"[\x21-\x7e]{1,120}")
_WORDS = {
    "missing": "必填",
    "extra_forbidden": "没有这一项",
    "string_type": "应为文字",
    "string_too_long": "太长",
    "string_too_short": "不能为空",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "literal_error": "不在可选之列",
    "tuple_type": "应为列表",
    "timezone_aware": "时间要写明时区",
}
M = TypeVar("M", bound=BaseModel)


class TooLarge(Invalid):
    """内容太长。"""

    status = 413


async def read_object(request: web.Request, most: int = SMALL) -> dict[str, Any]:
    """The body as a JSON object; an empty body is an empty one. Raises BadRequest, TooLarge."""
    if (request.content_length or 0) > most:
        raise TooLarge()
    raw = await request.read()
    if len(raw) > most:
        raise TooLarge()
    try:
        found = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError:
        raise BadRequest("内容不是有效的 JSON") from None
    if not isinstance(found, dict):
        raise BadRequest("内容应为一个 JSON 对象")
    return found


async def form(request: web.Request) -> dict[str, str]:
    """The fields of a form as a browser encodes it, of a repeated one the last; what is no UTF-8 becomes U+FFFD, so that no report is
    lost for a letter. Raises BadRequest, and 413 past the application's bound."""
    raw = (await request.read()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(raw, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise BadRequest("表单的项目太多") from None


def build(model: type[M], fields: dict[str, Any]) -> M:
    """A model from what was sent, with no number beyond any instant that a calendar knows, however it was written (1e18, "1000…").
    Raises WrongFields naming each wrong field in Chinese."""
    try:
        made = model.model_validate_json(orjson.dumps(fields))
    except ValidationError as error:
        raise WrongFields({_name(e["loc"]): _words(e["type"], e["msg"]) for e in error.errors()}) from None
    if wrong := {name: "数字太大" for name, value in vars(made).items() if _beyond(value)}:
        raise WrongFields(wrong)
    return made


def printable(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, if none holds a NUL, which PostgreSQL takes in no text that is looked up. Raises WrongFields."""
    if wrong := {name: "含有不能用的字符" for name, value in fields.items() if b"\\u0000" in orjson.dumps(value)}:
        raise WrongFields(wrong)
    return fields


def _beyond(value: Any) -> bool:
    match value:
        case int() | float():
            return abs(value) > LATEST
        case list() | tuple():
            return any(map(_beyond, value))
        case dict():
            return any(map(_beyond, value.values()))
        case BaseModel():
            return any(map(_beyond, vars(value).values()))
    return False


def _name(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc) or "body"


def _words(kind: str, message: str) -> str:
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return _WORDS.get(kind, "填写不对")


def path_id(request: web.Request) -> str:
    """The id in the path. Raises NotFound-like words for what cannot be one."""
    found = request.match_info["id"]
    if not _ID.fullmatch(found):
        raise BadRequest("编号不对")
    return found


def idempotency_key(request: web.Request) -> str:
    """What makes a repeat a repeat. Raises BadRequest when it is missing."""
    found = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(found):
        raise BadRequest("缺少 Idempotency-Key")
    return found


def integer(request: web.Request, name: str, default: int) -> int:
    """A number of the query. Raises BadRequest."""
    raw = request.query.get(name, "")
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or len(raw) > 18:
        raise BadRequest(f"{name} 应为整数")
    if int(raw) > LATEST:
        raise BadRequest(f"{name} 太大")
    return int(raw)


def json(value: Any, status: int = 200) -> web.Response:
    """A JSON answer; never kept by a cache."""
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


def json_text(text: str) -> web.Response:
    """A JSON answer that is text already."""
    return web.Response(text=text, content_type="application/json")
