"""Every parser of what comes in from outside, with good samples to spoil.

Each is called with bytes, answers or raises DeskError; an AssertionError says that words that came were lost.
"""

import io
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

import openpyxl

from dutydesk.channels.gateway_mapping import call_of, inbounds_of, reports_of
from dutydesk.channels.inbound import as_command, text_of
from dutydesk.channels.link_wire import Frame, body_of, read_frame
from dutydesk.cli.mailing import read_mail
from dutydesk.clock import BEIJING, Instant, ManualClock
from dutydesk.config import load_rules
from dutydesk.config.gateways import Gateway, load_gateways
from dutydesk.contacts.roster_file import Known, read_roster
from dutydesk.contacts.spreadsheet import sheets_of
from dutydesk.contacts.unit_roster import from_text
from dutydesk.domain.exchanges import Exchange
from dutydesk.exchange.cap_papers import from_alert
from dutydesk.exchange.cap_xml import problems, read_alert
from dutydesk.reading import read
from dutydesk.reading.levels import load_levels
from dutydesk.web.hooks_twilio import Form, inbound_of
from dutydesk.web.presence import Presence

ROOT = Path(__file__).parents[2]
_SHAPES = ("MAINLAND_URL", "MAINLAND_SECRET", "FORM_URL", "FORM_SECRET", "FORM_ACCOUNT")
ENVIRONMENT = {
    f"DUTYDESK_GATEWAY_{name}": "http://127.0.0.1:9" if name.endswith("URL") else "s" * 32 for name in _SHAPES
}
ENVIRONMENT["DUTYDESK_PBX_OFFICE_SECRET"] = "s" * 32
KNOWN = Known(load_rules(ROOT / "config"), {"li": "李四", "wang": "王五"})
LEVELS = load_levels(ROOT / "config" / "levels.toml")


def _every_gateway() -> tuple[Gateway, ...]:
    """Those of the shipped file, the examples that are not enabled there too: JSON, forms, an exchange."""
    shipped = (ROOT / "config" / "gateways.toml").read_text("utf-8-sig")
    with TemporaryDirectory() as folder:
        (Path(folder) / "gateways.toml").write_text(shipped.replace("enabled = false", "enabled = true"), "utf-8")
        return tuple(load_gateways(Path(folder), ENVIRONMENT).values())


GATEWAYS = _every_gateway()
AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)

CSV = "日期,班次,带班领导,主班\n2026-12-01,白班,李四,王五\n,夜班,王五,李四\n".encode()
UNIT = "日期\t带班领导\t值班员\t电话\n2026-12-01\t李四\t王五、赵六\t0532-85911111\n2026/12/2\t王五\t李四\t\n".encode()
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261201T083000\r\nDTEND:20261201T170000\r\n"
    "SUMMARY:带班领导 李四\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()
ALERT = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier><sender>a</sender>'
    "<sent>2026-11-23T12:00:00+08:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
    "<references>a,0,2026-11-23T11:00:00+08:00</references>"
    "<info><language>zh-CN</language><category>Fire</category><event>火灾</event><urgency>Immediate</urgency>"
    "<severity>Severe</severity><certainty>Observed</certainty><onset>2026-11-23T12:00:00+08:00</onset>"
    "<parameter><valueName>人数</valueName><value>3</value></parameter><area><areaDesc>市南区</areaDesc>"
    "<circle>36.06,120.38 5</circle><geocode><valueName>行政区划</valueName><value>370202</value></geocode></area>"
    "</info></alert>"
).encode()
FRAME = Frame.model_validate(
    {"from": "A", "to": "B", "n": 1, "key": "d1", "at": 1, "kind": "submission", "body": '{"read": 3}'}
).signed("s" * 32)
POST = json.dumps(
    {"messages": [{"id": "1", "from": "13800000000", "text": "着火", "time": "2026-11-23 12:00:00"}]}
).encode()
CALL = json.dumps(
    {"event": "ringing", "call_id": "1", "caller": "13800000000", "callee": "9", "time": "2026-11-23T12:00:00"}
).encode()
FORM = (
    b"msgid=1&mobile=13800000000&sp=106&recvtime=20261123120000&content=" + quote_from_bytes("着火".encode()).encode()
)
STATUS = json.dumps({"id": "1", "status": "DELIVRD", "ref": "D1", "error": "0"}).encode()
STATUSES = json.dumps({"reports": [{"msgid": "1", "stat": "DELIVRD", "custom": "D1", "err": "0"}]}).encode()
TWILIO = (
    b"MessageSid=SM00000000000000000000000000000001&From=%2B8613800000000&To=%2B861200000000&NumMedia=1&MediaUrl0=http%3A%2F%2Fa%2F1"
    b"&MediaContentType0=image%2Fjpeg&Body=" + quote_from_bytes("我镇仓库起火,2人受伤+续报%".encode()).encode()
)
SAYS = json.dumps({"open": "incident/1", "hold": "message/2", "take": True}).encode()
MAIL = (
    b"From: =?utf-8?B?5bC05Z+O?= <town@qd.example>\r\nTo: duty@qd.example\r\nMessage-ID: <1@qd.example>\r\n"
    b'Subject: =?gb18030?B?u/DU1g==?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\n'
    b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    b"=E4=BB=93=E5=BA=93=E8=B5=B7=E7=81=AB\r\n--b1\r\nContent-Type: application/pdf; name*=utf-8''%E4%BC%A0%E7%9C%9F.pdf\r\n"
    b"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--b1--\r\n"
)
TEXTS = (
    "【续报】11月23日14时48分,胶州市胶东街道某化工厂发生爆炸,造成3人死亡、十余人受伤,其中2人重伤,直接经济损失约120万元,正在核实。",
    "昨晚8点多S219线K12+300处两车相撞,死1伤4,把路堵了,已送医。",
    "更正:死亡由3人改为2人,失联1人;截至18时疏散近百人,属较大生产安全事故。",
    "平度市发生3.2级地震,震源深度10公里,无人员伤亡报告。",
)
PAPER = Exchange(
    kind="submission", number="1", desk="A", desk_name="甲", title="火灾", text="火灾", issued_at=1_764_000_000_000_000
).model_dump_json()


class Parser(NamedTuple):
    """`weight`: its share of a long run; what costs more is tried less often."""

    samples: tuple[bytes, ...]
    read: Callable[[bytes], Any]
    weight: float = 1.0


class _Line:
    """A console of an officer that takes whatever it is sent."""

    username, role, division, ready = "officer", "officer", "", True

    def write(self, data: bytes) -> None:
        assert data


def workbook() -> bytes:
    """A roster as a spreadsheet."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    assert book.active
    book.active.append(["日期", "班次", "主班"])
    book.active.append(["2026-12-01", "白班", "李四"])
    book.save(made)
    return made.getvalue()


def _of_gateways(read: Callable[[Gateway, bytes], Any]) -> Callable[[bytes], Any]:
    return lambda raw: [read(gateway, raw) for gateway in GATEWAYS]


def _post(gateway: Gateway, raw: bytes) -> None:
    found = inbounds_of(gateway, raw)
    empty = not text_of(raw).strip() or re.search(rb'""|content=?(&|$)', raw)
    assert empty or any(one.text for one in found), "a post came and none of its words are kept"
    for one in found:
        as_command(one).model_dump_json()


def _twilio(raw: bytes) -> None:
    """Compared with the field as the standard library reads it."""
    pairs = (piece.partition(b"=") for piece in raw.replace(b"+", b" ").split(b"&"))
    bodies = [unquote_to_bytes(value) for name, _, value in pairs if unquote_to_bytes(name) == b"Body"]
    command = as_command(inbound_of(Form(raw), raw))
    assert command.text == (text_of(bodies[0]) if bodies else "")
    command.model_dump_json()


def _mail(raw: bytes) -> None:
    command, blobs, _key = read_mail(raw)
    assert blobs[0][2] == raw, "the mail itself is not kept"
    assert command.text
    command.model_dump_json()


def _words(raw: bytes) -> None:
    text = text_of(raw)
    reading = read(text, AT, levels=LEVELS)
    assert all(0 <= begin <= end <= len(text) for spans in reading.spans.values() for begin, end in spans)
    reading.model_dump_json()


def _frame(raw: bytes) -> None:
    frame = read_frame(raw)
    body_of(frame)
    frame.holds("s" * 32)


def _said(raw: bytes) -> None:
    presence = Presence(ManualClock(Instant(1)))
    presence.said(_Line(), raw)
    presence.said(_Line(), text_of(raw))


PARSERS: dict[str, Parser] = {
    "texts of Twilio": Parser((TWILIO,), _twilio),
    "posts of a gateway": Parser((POST, FORM), _of_gateways(_post)),
    "reports of a gateway": Parser(
        (STATUS, STATUSES), _of_gateways(lambda gateway, raw: list(reports_of(gateway, raw)))
    ),
    "calls of an exchange": Parser((CALL, POST), _of_gateways(call_of)),
    "mail": Parser((MAIL,), _mail, 0.25),
    "words of a report": Parser(tuple(text.encode() for text in TEXTS), _words, 0.4),
    "tables in csv": Parser((CSV,), lambda raw: sheets_of(Path("x.csv"), raw)),
    "tables in xlsx": Parser((workbook(),), lambda raw: sheets_of(Path("x.xlsx"), raw), 0.2),
    "rosters in csv": Parser((CSV,), lambda raw: read_roster("x.csv", raw, KNOWN), 0.3),
    "rosters in xlsx": Parser((workbook(),), lambda raw: read_roster("x.xlsx", raw, KNOWN), 0.15),
    "rosters in iCalendar": Parser((CALENDAR,), lambda raw: read_roster("x.ics", raw, KNOWN), 0.25),
    "rosters of a unit": Parser((UNIT,), lambda raw: from_text(text_of(raw))),
    "alerts": Parser((ALERT,), lambda raw: from_alert(read_alert(raw))),
    "what is wrong with an alert": Parser((ALERT,), problems),
    "frames of a link": Parser((FRAME.to_wire().encode(),), _frame),
    "papers on a link": Parser((PAPER.encode(),), lambda raw: Exchange.from_text(text_of(raw))),
    "frames of a console": Parser((SAYS,), _said),
}
