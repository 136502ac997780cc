"""The official client's transport with our address, our patience and our reading of HTTP 429. It knows no message."""

import json
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from aiohttp import ClientSession, encode_basic_auth
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response

from dutydesk.channels.twilio_errors import REMEDY, TooManyRequests
from dutydesk.channels.wire import retry_after

PATIENCE = 10.0  # seconds for one request, all in: a look-up and a send must both fit into the outbox's lease


class Transport(AsyncTwilioHttpClient):  # type: ignore[misc]  # the client ships no types
    """Sends every request to `base`, whatever host the client or a next-page address names; follows no redirect.

    It must be made inside a running event loop.
    """

    def __init__(self, base: str, patience: float = PATIENCE) -> None:
        super().__init__(pool_connections=False)
        self.session = ClientSession()
        self._base = urlsplit(base.rstrip("/"))
        self._patience = patience

    async def request(self, method: str, url: str, **rest: Any) -> Response:
        """As the client's own; raises TooManyRequests for a 429 that says no more than that."""
        if auth := rest.pop("auth", None):  # the client's own way is going out of use in aiohttp
            rest["headers"] = {**(rest.get("headers") or {}), "Authorization": encode_basic_auth(*auth)}
        rest |= {"timeout": rest.get("timeout") or self._patience, "allow_redirects": False}
        response = await super().request(method, self._moved(url), **rest)
        if response.status_code == 429 and _code(response.text) not in REMEDY:
            raise TooManyRequests(retry_after(response.headers.get("Retry-After")))
        return response

    def _moved(self, url: str) -> str:
        asked = urlsplit(url)
        return urlunsplit((self._base.scheme, self._base.netloc, self._base.path + asked.path, asked.query, ""))


def _code(text: str) -> str:
    try:
        answer = json.loads(text)
    except ValueError:
        return ""
    return str(answer.get("code", "")) if isinstance(answer, dict) else ""
