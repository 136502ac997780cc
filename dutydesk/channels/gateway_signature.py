"""The signature of a configured gateway, both ways: HMAC-SHA256 over a timestamp and what is carried. It reads no clock of its own."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from string import Formatter

from dutydesk.clock import SECOND
from dutydesk.config.gateways import Gateway

_PER_UNIT = {"s": SECOND, "ms": SECOND // 1000}


def signature_headers(gateway: Gateway, target: str, body: bytes, now: int) -> dict[str, str]:
    """The two headers of a request of ours. `target` is its path and query as sent, `now` in microseconds."""
    scheme = gateway.signature
    stamp = str(now // _PER_UNIT[scheme.unit])
    return {scheme.timestamp_header: stamp, scheme.signature_header: _sign(gateway, stamp, target, body).decode()}


def signed(gateway: Gateway, target: str, body: bytes, headers: Mapping[str, str], now: int) -> bool:
    """Whether the gateway signed this, and lately: a timestamp outside the window is a replay (or somebody's wrong clock)."""
    scheme = gateway.signature
    stamp = headers.get(scheme.timestamp_header, "")
    if not (gateway.secret.get_secret_value() and stamp.isascii() and stamp.isdigit() and len(stamp) <= 16):
        return False
    given = headers.get(scheme.signature_header, "").encode("utf-8", "surrogateescape")
    fresh = abs(int(stamp) * _PER_UNIT[scheme.unit] - now) <= scheme.window_s * SECOND
    return hmac.compare_digest(_sign(gateway, stamp, target, body), given) and fresh


def _sign(gateway: Gateway, stamp: str, target: str, body: bytes) -> bytes:
    scheme = gateway.signature
    parts = {"timestamp": stamp.encode(), "body": body, "target": target.encode("utf-8", "surrogateescape")}
    template = scheme.payload if body else scheme.payload_get
    payload = b"".join(
        literal.encode() + (parts[name] if name is not None else b"")
        for literal, name, _, _ in Formatter().parse(template)
    )
    digest = hmac.new(gateway.secret.get_secret_value().encode(), payload, hashlib.sha256)
    return base64.b64encode(digest.digest()) if scheme.encoding == "base64" else digest.hexdigest().encode()
