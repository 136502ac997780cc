"""Whether a webhook was signed by Twilio for this desk. It sees raw bytes only: nothing is parsed for use before it said yes.

Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security and the official client's validator. The address is built from
our configured public address alone, never from what the request claims (Host, X-Forwarded-*). The official validator is not used for
the computing itself, because it cannot sign bytes that are not UTF-8, and such a message must not be lost.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr
from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, SIGNATURE_HEADER, SIGNATURE_SETTINGS_HEADER
from twilio.request_validator import get_signature_algorithm as algorithm_of

from dutydesk.channels.wire import pairs_of
from dutydesk.config import Settings

_HASHES = {HMAC_SHA1: "sha1", HMAC_SHA256: "sha256"}
_FORM = "application/x-www-form-urlencoded"
_PORT = re.compile(r":\d*$")


def signed(settings: Settings, target: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether one of our two tokens signed this POST. `target` is the request's path and query exactly as they came.

    A form is signed field by field; any other body by its SHA-256 in the query (`bodySHA256`).
    """
    hash_name = _HASHES.get(algorithm_of(headers.get(SIGNATURE_SETTINGS_HEADER, "")).upper())
    given = headers.get(SIGNATURE_HEADER, "").encode("utf-8", "surrogateescape")
    if hash_name is None or not given:
        return False
    fields = _signed_fields(target, body, headers.get("Content-Type", ""))
    if fields is None:
        return False
    tokens = [t for t in (settings.twilio_auth_token, settings.twilio_auth_token_next) if t.get_secret_value()]
    right = (_sign(t, a, fields, hash_name) for t in tokens for a in _addresses(settings.public_url, target))
    return any(hmac.compare_digest(one, given) for one in right)  # who is refused was compared with every one


def _signed_fields(target: str, body: bytes, content_type: str) -> bytes | None:
    if not body or content_type.partition(";")[0].strip().lower() == _FORM:
        return b"".join(name + value for name, value in sorted(set(pairs_of(body))))
    wanted = parse_qs(urlsplit(target).query).get("bodySHA256", [""])[0]
    found = hashlib.sha256(body).hexdigest()
    return b"" if hmac.compare_digest(wanted.encode("utf-8", "surrogateescape"), found.encode()) else None


def _addresses(public_url: str, target: str) -> tuple[bytes, bytes]:
    """Without and with the port: Twilio is not consistent about it."""
    rest = target.encode("utf-8", "surrogateescape")
    without, with_port = _bases(public_url)
    return without + rest, with_port + rest


@lru_cache(maxsize=8)
def _bases(public_url: str) -> tuple[bytes, bytes]:
    parts = urlsplit(public_url.rstrip("/"))
    host = _PORT.sub("", parts.netloc)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    both = f"{parts.scheme}://{host}{parts.path}", f"{parts.scheme}://{host}:{port}{parts.path}"
    return both[0].encode("utf-8", "surrogateescape"), both[1].encode("utf-8", "surrogateescape")


def _sign(token: SecretStr, address: bytes, fields: bytes, hash_name: str) -> bytes:
    return base64.b64encode(hmac.digest(token.get_secret_value().encode(), address + fields, hash_name))
