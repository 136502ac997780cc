"""Twilio's signature, checked against the official validator and an implementation of another hand."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from dutydesk.channels.twilio_signature import signed
from dutydesk.config import Settings

TOKEN, NEXT = "the-token", "the-next-token"
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
PATH = "/hooks/twilio/sms"
FIELDS = [("From", "+85200000101"), ("Body", "仓库 着火+1 & 😀"), ("Empty", "")]


def settings(public="https://desk.example/duty", token=TOKEN, following=""):
    return Settings(public_url=public, twilio_auth_token=token, twilio_auth_token_next=following)


def official(url, fields, token=TOKEN, algorithm=None):
    return RequestValidator(token).compute_signature(url, MultiDict(fields), algorithm)


def check(signature, target=PATH, fields=FIELDS, which=None, **headers):
    body = urlencode(fields).encode()
    return signed(which or settings(), target, body, {**FORM, "X-Twilio-Signature": signature, **headers})


@pytest.mark.parametrize("token", [TOKEN, NEXT])
def test_both_tokens_hold_while_one_is_replaced(token):
    signature = official(f"https://desk.example/duty{PATH}", FIELDS, token)
    assert check(signature, which=settings(following=NEXT))
    assert check(signature, which=settings()) == (token == TOKEN)


def test_without_a_token_nothing_holds():
    assert not check(official(f"https://desk.example/duty{PATH}", FIELDS, ""), which=settings(token=""))
    assert not check("")
    assert not check("é\udcff")


@pytest.mark.parametrize(
    ("public", "url"),
    [
        ("https://desk.example", "https://desk.example:443"),
        ("https://desk.example:443", "https://desk.example"),
        ("http://desk.example/", "http://desk.example:80"),
        ("https://desk.example:8443/x", "https://desk.example:8443/x"),
        ("https://desk.example:8443/x", "https://desk.example/x"),
    ],
)
def test_with_and_without_the_port(public, url):
    assert check(official(url + PATH, FIELDS), which=settings(public))
    assert not check(official(url.replace("desk.", "desks.") + PATH, FIELDS), which=settings(public))


def test_the_request_says_nothing_about_our_address():
    forged = official(f"https://evil.example{PATH}", FIELDS)
    told = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert not check(forged, **told)
    assert not check(forged, target=f"https://evil.example{PATH}")


def test_the_query_counts_as_it_came():
    signature = official(f"https://desk.example/duty{PATH}?d=a%20b&n=1", FIELDS)
    assert check(signature, target=f"{PATH}?d=a%20b&n=1")
    for other in ("?d=a+b&n=1", "?n=1&d=a%20b", "", "?d=a%20b&n=2"):
        assert not check(signature, target=PATH + other)


def test_repeated_parameters_count_once_for_each_value():
    fields = [("M", "b"), ("M", "a"), ("M", "b"), ("A", "")]
    assert check(official(f"https://desk.example/duty{PATH}", fields), fields=fields)
    only_first = official(f"https://desk.example/duty{PATH}", [("M", "b"), ("A", "")])
    assert not check(only_first, fields=fields)


@pytest.mark.parametrize("change", [("Body", "假的"), ("From", "+85200000102"), ("New", "x")])
def test_a_changed_or_added_field_is_forged(change):
    signature = official(f"https://desk.example/duty{PATH}", FIELDS)
    assert check(signature)
    assert not check(signature, fields=list((dict(FIELDS) | {change[0]: change[1]}).items()))


def test_a_body_that_is_no_form_is_signed_by_its_digest():
    raw = '{"a": "仓库着火"}'.encode()
    target = f"{PATH}?bodySHA256={hashlib.sha256(raw).hexdigest()}"
    headers = {"Content-Type": "application/json"}
    headers["X-Twilio-Signature"] = official(f"https://desk.example/duty{target}", [])
    assert signed(settings(), target, raw, headers)
    assert not signed(settings(), target, raw + b" ", headers)
    bare = {**headers, "X-Twilio-Signature": official(f"https://desk.example/duty{PATH}", [])}
    assert not signed(settings(), PATH, raw, bare), "a body nobody signed"


def test_the_new_header_names_the_algorithm():
    url = f"https://desk.example/duty{PATH}"
    name = "X-Twilio-Webhooks-Signature-Settings"
    by_sha256 = official(url, FIELDS, algorithm="HMAC_SHA256")
    assert check(by_sha256, **{name: "key=k,algorithm=HMAC_SHA256"})
    assert not check(by_sha256)
    assert not check(official(url, FIELDS), **{name: "key=k,algorithm=HMAC_SHA256"})
    assert not check(by_sha256, **{name: "key=k,algorithm=HMAC_SHA512"})
    assert not check(official(url, FIELDS), **{name: "algorithm=none"})


def test_bytes_that_are_no_utf8_are_signed_as_bytes():
    raw = b"Body=%FF%D6%D0&From=1"
    text = b"https://desk.example/duty" + PATH.encode() + b"Body\xff\xd6\xd0From1"
    right = base64.b64encode(hmac.new(TOKEN.encode(), text, hashlib.sha1).digest()).decode()
    assert signed(settings(), PATH, raw, {**FORM, "X-Twilio-Signature": right})
    assert not signed(settings(), PATH, b"Body=%FE%D6%D0&From=1", {**FORM, "X-Twilio-Signature": right})


letters = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.lists(st.tuples(letters.filter(bool), letters), max_size=8), st.data())
def test_it_agrees_with_the_official_validator(fields, data):
    url = f"https://desk.example/duty{PATH}"
    assert check(official(url, fields), fields=fields)
    other = data.draw(st.lists(st.tuples(letters.filter(bool), letters), max_size=8))
    if set(other) != set(fields):
        right = official(url, fields) == official(url, other)
        assert check(official(url, other), fields=fields) == right
