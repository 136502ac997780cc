"""Security keys (WebAuthn) as Duo's verifier judges them. Loaded when somebody uses a key: it weighs 7 MB."""

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement
from yarl import URL

_WRONG = (WebAuthnException, ValueError, KeyError)


class Key(NamedTuple):
    """A key as it is kept: its name, its public half (both base64url), and how often it says it was used."""

    id: str
    public: str
    used: int


class SecurityKeys:
    """What browsers are asked, and whether their answers are right. `site` is the address people see."""

    def __init__(self, site: URL) -> None:
        self._host, self._origin = site.host or "", str(site.origin())

    def to_add(self, username: str, name: str, challenge: bytes, known: Iterable[str]) -> dict[str, Any]:
        """What `navigator.credentials.create` takes; `known` are the ids of keys the person has already."""
        options = generate_registration_options(
            rp_id=self._host,
            rp_name=name,
            user_id=hashlib.sha256(username.encode()).digest(),
            user_name=username,
            challenge=challenge,
            exclude_credentials=_descriptors(known),
        )
        return _as_json(options)

    def added(self, answer: dict[str, Any], challenge: bytes) -> Key | None:
        """The new key of the browser's answer; None when it does not fit the challenge."""
        try:
            made = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
            )
        except _WRONG:
            return None
        return Key(
            bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key), made.sign_count
        )

    def to_answer(self, challenge: bytes, keys: Iterable[str]) -> dict[str, Any]:
        """What `navigator.credentials.get` takes; one of these keys is to answer."""
        options = generate_authentication_options(
            rp_id=self._host,
            challenge=challenge,
            allow_credentials=_descriptors(keys),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
        return _as_json(options)

    def answered(self, answer: dict[str, Any], challenge: bytes, public: str, count: int) -> int | None:
        """The new count of the key with this public half when it answered this challenge, None when it did not."""
        try:
            verified = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=base64url_to_bytes(public),
                credential_current_sign_count=count,
            )
        except _WRONG:
            return None
        return int(verified.new_sign_count)


def _descriptors(ids: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(id)) for id in ids]


def _as_json(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(options_to_json(options))
    return found
