"""Whatever comes in from outside is read or refused in words; nothing raises anything else, and the raw text is kept."""

import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutydesk.channels.gateway_mapping import inbounds_of
from dutydesk.channels.inbound import clean, text_of
from dutydesk.config.gateways import Fields
from dutydesk.contacts.spreadsheet import LARGEST_UNPACKED, sheets_of
from dutydesk.errors import DeskError
from dutydesk.exchange.cap_xml import read_alert
from tests.fuzz.mutation import HOSTILE
from tests.fuzz.parsers import GATEWAYS, PARSERS

pytestmark = pytest.mark.filterwarnings("ignore")  # openpyxl warns of what it then leaves out
SHORT = 60


def around(sample: bytes) -> st.SearchStrategy[bytes]:
    """A good sample with a piece cut out and another put in; or anything."""
    places = st.tuples(
        st.integers(0, len(sample)), st.integers(0, 40), st.binary(max_size=30) | st.sampled_from(HOSTILE)
    )
    return places.map(lambda at: sample[: at[0]] + at[2] + sample[at[0] + at[1] :]) | st.binary(max_size=300)


@pytest.mark.parametrize("name", PARSERS)
def test_anything_is_read_or_refused(name: str) -> None:
    """By hypothesis, which says the smallest case that fails; numbers are for `test_mutations`."""
    parser = PARSERS[name]

    @settings(max_examples=SHORT, database=None, suppress_health_check=list(HealthCheck))
    @given(around(parser.samples[0]))
    def reads_or_refuses(raw: bytes) -> None:
        with suppress(DeskError):
            parser.read(raw)

    reads_or_refuses()


@pytest.mark.parametrize("name", PARSERS)
def test_the_samples_themselves_are_read(name: str) -> None:
    for sample in PARSERS[name].samples:
        PARSERS[name].read(sample)


@settings(max_examples=SHORT, database=None)
@given(st.binary(min_size=1, max_size=300))
def test_a_post_that_cannot_be_read_is_kept_as_it_came(raw: bytes) -> None:
    for gateway in GATEWAYS:
        found = inbounds_of(gateway, raw)
        assert found
        assert any(one.text for one in found) or not text_of(raw).strip()


def test_words_under_a_name_that_nobody_configured_are_kept() -> None:
    for gateway in GATEWAYS:
        for raw in ('{"id":"1","from":"13800000000","words":"仓库着火"}', "msgid=1&mobile=13800000000&words=仓库着火"):
            assert any("仓库着火" in one.text for one in inbounds_of(gateway, raw.encode()))


@settings(max_examples=SHORT, database=None)
@given(st.text(min_size=1, max_size=200))
def test_the_words_of_a_post_come_through_whole(words: str) -> None:
    for gateway in GATEWAYS:
        fields = gateway.inbound or Fields()
        if fields.encoding == "json":
            item = _at(fields.text, clean(words))
            (found,) = inbounds_of(gateway, json.dumps(_at(fields.items, [item])).encode())
            assert found.text == clean(words)


def _at(path: str, value: object) -> Any:
    for step in reversed(path.split(".") if path else []):
        value = {step: value}
    return value


# -- bombs


def test_a_workbook_that_would_unpack_to_gigabytes_is_refused_unopened() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bomb:
        for part in range(3):
            bomb.writestr(f"xl/worksheets/sheet{part}.xml", b"\0" * (LARGEST_UNPACKED // 2))
    assert len(made.getvalue()) < LARGEST_UNPACKED // 100
    with pytest.raises(DeskError, match="超出限度"):
        sheets_of(Path("bomb.xlsx"), made.getvalue())


def test_entities_that_grow_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        f'<!DOCTYPE alert [<!ENTITY e0 "x">{entities}]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">&e9;</alert>'
    )
    with pytest.raises(DeskError):
        read_alert(bomb.encode())
