"""GET /api/openapi.json, made from the same tables that the guard and the command route obey."""

import re
from functools import lru_cache
from typing import Any

import orjson
from aiohttp import web

from dutydesk.web import bodies
from dutydesk.web.acts import ROLES, Act
from dutydesk.web.ways import WAYS, Way

_COMMAND = "/api/{kind}/{id}/{command}"
_ERROR = {"description": '`{"error": words}`, for 422 also `fields`'}
_STATUSES = {
    "400": "incomplete",
    "401": "not signed in",
    "403": "not allowed",
    "404": "not there",
    "409": "the desk says no",
}


async def describe(request: web.Request) -> web.Response:
    """The description as OpenAPI 3.1."""
    return bodies.json_text(_written(tuple(request.app[WAYS].items())))


@lru_cache(maxsize=2)
def _written(ways: tuple[tuple[tuple[str, str], Way], ...]) -> str:
    """Written once: a hundred schemas are 70 ms of the loop, and anybody who is signed in may ask."""
    return orjson.dumps(document(list(ways))).decode()


def document(ways: list[tuple[tuple[str, str], Way]]) -> dict[str, Any]:
    """Every way by its path; the one route for commands is written out command by command."""
    paths: dict[str, dict[str, Any]] = {}
    for (method, path), way in ways:
        if path == _COMMAND:
            continue
        paths.setdefault(path, {})[method.lower()] = _operation(way, path)
    command = next(way for (_, path), way in ways if path == _COMMAND)
    for act in ROLES.values():
        paths[f"/api/{act.kind}/{{id}}/{act.name}"] = {"post": _command(command, act)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "DutyDesk", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": _SCHEMES},
    }


_SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": "dutydesk"},
    "bearer": {"type": "http", "scheme": "bearer"},
}


def _operation(way: Way, path: str) -> dict[str, Any]:
    found: dict[str, Any] = {"summary": way.says, "parameters": _parameters(way, path), "responses": _responses(way)}
    if way.roles is not None:
        found |= {"security": [{"session": []}], "x-roles": sorted(way.roles)}
    if way.bearer:
        found["security"] = [{"bearer": []}]
    if way.body is not None:
        found["requestBody"] = _json_body(way.body.model_json_schema())
    return found


def _responses(way: Way) -> dict[str, Any]:
    answers = {"200": {"description": "done"}} | (
        {"201": {"description": "recorded"}} if way.body and way.keyed else {}
    )
    return answers | {status: {"description": words} for status, words in _STATUSES.items()} | {"default": _ERROR}


def _parameters(way: Way, path: str) -> list[dict[str, Any]]:
    found = [_parameter(name, "path", True) for name in re.findall(r"\{(\w+)\}", path)]
    found += [_parameter(name, "query", False) for name in way.query]
    if way.keyed:
        found.append(_parameter("Idempotency-Key", "header", True))
    if way.proof == "csrf":
        found.append(_parameter("X-CSRF", "header", True))
    return found


def _parameter(name: str, where: str, required: bool) -> dict[str, Any]:
    return {"name": name, "in": where, "required": required, "schema": {"type": "string"}}


def _command(way: Way, act: Act) -> dict[str, Any]:
    says = (act.command.__doc__ or act.name).strip().split("\n")[0]
    found = _operation(way, f"/api/{act.kind}/{{id}}/{act.name}")
    return found | {"summary": says, "x-roles": sorted(act.roles), "requestBody": _json_body(_fields(act))}


def _fields(act: Act) -> dict[str, Any]:
    """The command's fields without those that are forced."""
    schema = act.command.model_json_schema()
    kept = (
        {name: value for name, value in schema["properties"].items() if name not in act.forced}
        if "properties" in schema
        else {}
    )
    required = [name for name in schema.get("required", []) if name in kept]
    return schema | {"properties": kept, "required": required}


def _json_body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}
