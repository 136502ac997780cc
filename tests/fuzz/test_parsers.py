"""Whatever comes in from outside is read or refused in words; nothing raises anything else, and the raw text is kept."""

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutydesk.channels.gateway_mapping import call_of, inbounds_of, reports_of
from dutydesk.channels.inbound import clean, text_of
from dutydesk.channels.link_wire import Frame, read_frame
from dutydesk.config import load_rules
from dutydesk.config.gateways import Fields, Gateway, load_gateways
from dutydesk.contacts.roster_file import Known, read_roster
from dutydesk.contacts.spreadsheet import LARGEST_UNPACKED, sheets_of
from dutydesk.contacts.unit_roster import from_text
from dutydesk.domain.exchanges import Exchange
from dutydesk.errors import DeskError
from dutydesk.exchange.cap_xml import problems, read_alert

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"DUTYDESK_GATEWAY_MAINLAND_URL": "http://127.0.0.1:9", "DUTYDESK_GATEWAY_MAINLAND_SECRET": "s" * 32}
GATEWAYS = tuple(load_gateways(ROOT / "config", ENVIRONMENT).values())
KNOWN = Known(load_rules(ROOT / "config"), {"li": "李四", "wang": "王五"})
SHORT, LONG = 60, 8_000

CSV = "日期,班次,带班领导,值班员\n2026-12-01,白班,李四,王五\n,夜班,王五,李四\n".encode()
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261201T083000\r\nDTEND:20261201T170000\r\n"
    "SUMMARY:带班领导 李四\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()
ALERT = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier><sender>a</sender>'
    "<sent>2026-11-23T12:00:00+08:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
    "<info><category>Fire</category><event>火灾</event><urgency>Immediate</urgency><severity>Severe</severity>"
    "<certainty>Observed</certainty></info></alert>"
).encode()
FRAME = Frame.model_validate(
    {"from": "A", "to": "B", "n": 1, "key": "d1", "at": 1, "kind": "submission", "body": "{}"}
).signed("s" * 32)
POST = json.dumps(
    {"messages": [{"id": "1", "from": "13800000000", "text": "着火", "time": "2026-11-23 12:00:00"}]}
).encode()


def workbook() -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    assert book.active
    book.active.append(["日期", "班次", "值班员"])
    book.active.append(["2026-12-01", "白班", "李四"])
    book.save(made)
    return made.getvalue()


def around(sample: bytes) -> st.SearchStrategy[bytes]:
    """A good sample with a piece cut out and another put in; or anything."""
    places = st.tuples(
        st.integers(0, len(sample)), st.integers(0, 40), st.binary(max_size=30) | st.sampled_from(HOSTILE)
    )
    return places.map(lambda at: sample[: at[0]] + at[2] + sample[at[0] + at[1] :]) | st.binary(max_size=300)


HOSTILE = (b"\0", b"\xff\xfe", "\u202e".encode(), b"]]>", b"&a;", b"9" * 400, b"[" * 3000, b"1e999", b"NaN", b"\xed\xa0\x80",
           b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"-1", b"null", b"0000-00-00", b"=cmd()", "〇".encode())  # fmt: skip


def of_gateways(read: Callable[[Gateway, bytes], Any]) -> Callable[[bytes], Any]:
    return lambda raw: [read(gateway, raw) for gateway in GATEWAYS]


PARSERS: dict[str, tuple[bytes, Callable[[bytes], Any]]] = {
    "posts of a gateway": (POST, of_gateways(inbounds_of)),
    "reports of a gateway": (POST, of_gateways(lambda gateway, raw: list(reports_of(gateway, raw)))),
    "calls of an exchange": (POST, of_gateways(call_of)),
    "tables in csv": (CSV, lambda raw: sheets_of(Path("x.csv"), raw)),
    "tables in xlsx": (workbook(), lambda raw: sheets_of(Path("x.xlsx"), raw)),
    "rosters in csv": (CSV, lambda raw: read_roster("x.csv", raw, KNOWN)),
    "rosters in xlsx": (workbook(), lambda raw: read_roster("x.xlsx", raw, KNOWN)),
    "rosters in iCalendar": (CALENDAR, lambda raw: read_roster("x.ics", raw, KNOWN)),
    "rosters of a unit": (CSV, lambda raw: from_text(text_of(raw))),
    "alerts": (ALERT, read_alert),
    "what is wrong with an alert": (ALERT, problems),
    "frames of a link": (FRAME.to_wire().encode(), read_frame),
    "papers on a link": (b"{}", lambda raw: Exchange.from_text(text_of(raw))),
}


@pytest.mark.parametrize("name", PARSERS)
def test_anything_is_read_or_refused(name: str) -> None:
    _hold(name, SHORT)


@pytest.mark.long
@pytest.mark.parametrize("name", PARSERS)
def test_anything_is_read_or_refused_for_long(name: str) -> None:
    _hold(name, LONG)


def _hold(name: str, cases: int) -> None:
    sample, read = PARSERS[name]

    @settings(max_examples=cases, database=None, suppress_health_check=list(HealthCheck))
    @given(around(sample))
    def reads_or_refuses(raw: bytes) -> None:
        with suppress(DeskError):
            read(raw)

    reads_or_refuses()


def test_the_samples_themselves_are_read() -> None:
    for name in ("tables in csv", "tables in xlsx", "alerts", "frames of a link"):
        sample, read = PARSERS[name]
        assert read(sample)


@settings(max_examples=SHORT, database=None)
@given(st.binary(min_size=1, max_size=300))
def test_a_post_that_cannot_be_read_is_kept_as_it_came(raw: bytes) -> None:
    for gateway in GATEWAYS:
        found = inbounds_of(gateway, raw)
        assert found
        assert any(one.text or one.provider_id or one.sender for one in found) or not text_of(raw).strip()


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
