"""A form's fields are read as urllib reads them, whatever the bytes."""

from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.channels.inbound import clean, text_of
from dutydesk.channels.wire import pairs_of

WHOLE = [b"%E6", b"%5C", b"%5c", b"\\", b"\\x41", b"+", b"=", b"\xff", b"u0041", b"N{A}", b"\n"]
PIECES = st.lists(st.sampled_from([*WHOLE, b"%", b"%4", b"%zz"]))


@given(PIECES.map(b"".join))
def test_escapes_are_read_as_urllib_reads_them(raw: bytes) -> None:
    name, _, value = raw.partition(b"=")
    expected = ((unquote_to_bytes(name.replace(b"+", b" ")), unquote_to_bytes(value.replace(b"+", b" "))),)
    assert pairs_of(raw) == (expected if raw else ())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_as_urllib_reads_them(raw: bytes) -> None:
    raw = raw.replace(b"&", b"")
    assert pairs_of(b"a=" + raw) == ((b"a", unquote_to_bytes(raw.replace(b"+", b" "))),)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("着火\0", "着火␀"), ("\ud83d\ude00", "😀"), ("a\ud83d", "a�"), ("plain", "plain")],
)
def test_what_cannot_be_stored_is_said(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_broken_bytes_become_a_mark() -> None:
    assert text_of(b"\xe7\x81\xab\xff\0") == "火�␀"
