"""CAP alerts from XML and to XML. XML is read without entities, DTD, network or unbounded size; what is written fits the OASIS schema.

Publishers deviate from the schema (order, fractions of a second, elements of their own): such an alert is read all the same, and
`problems` says what the schema finds.
"""

import re
from functools import cache
from importlib import resources
from typing import Any

from lxml import etree

from dutydesk.errors import Invalid
from dutydesk.exchange.cap import Alert, Area, Info, Pair, Resource

MOST_BYTES = 1 << 20  # of one alert; embedded resources count
NAMESPACES = {f"urn:oasis:names:tc:emergency:cap:{v}": v for v in ("1.2", "1.1")} | {
    "http://www.incident.com/cap/1.0": "1.0"
}
_CAP = "urn:oasis:names:tc:emergency:cap:1.2"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2

# element name → field, in the order of the schema; a value type stands for elements that hold others
_PAIR = (("valueName", "name", str), ("value", "value", str))
_RESOURCE = (
    ("resourceDesc", "description", str),
    ("mimeType", "media_type", str),
    ("size", "size", str),
    ("uri", "uri", str),
    ("derefUri", "content", str),
    ("digest", "digest", str),
)
_AREA = (
    ("areaDesc", "description", str),
    ("polygon", "polygons", tuple),
    ("circle", "circles", tuple),
    ("geocode", "geocodes", Pair),
    ("altitude", "altitude", str),
    ("ceiling", "ceiling", str),
)
_INFO = (
    ("language", "language", str),
    ("category", "categories", tuple),
    ("event", "event", str),
    ("responseType", "response_types", tuple),
    ("urgency", "urgency", str),
    ("severity", "severity", str),
    ("certainty", "certainty", str),
    ("audience", "audience", str),
    ("eventCode", "event_codes", Pair),
    ("effective", "effective", str),
    ("onset", "onset", str),
    ("expires", "expires", str),
    ("senderName", "sender_name", str),
    ("headline", "headline", str),
    ("description", "description", str),
    ("instruction", "instruction", str),
    ("web", "web", str),
    ("contact", "contact", str),
    ("parameter", "parameters", Pair),
    ("resource", "resources", Resource),
    ("area", "areas", Area),
)
_ALERT = (
    ("identifier", "identifier", str),
    ("sender", "sender", str),
    ("sent", "sent", str),
    ("status", "status", str),
    ("msgType", "message_type", str),
    ("source", "source", str),
    ("scope", "scope", str),
    ("restriction", "restriction", str),
    ("addresses", "addresses", str),
    ("code", "codes", tuple),
    ("note", "note", str),
    ("references", "references", str),
    ("incidents", "incidents", str),
    ("info", "infos", Info),
)
_PARTS: dict[type[Any], tuple[tuple[str, str, type[Any]], ...]] = {
    Alert: _ALERT,
    Info: _INFO,
    Area: _AREA,
    Resource: _RESOURCE,
    Pair: _PAIR,
}
_NEEDED = ("identifier", "sender", "sent", "status", "message_type")


def read_alert(raw: bytes) -> Alert:
    """An alert from its XML. Raises Invalid for what is too long, no XML, has a DTD, or lacks what names an alert."""
    root = _parsed(raw)
    name = etree.QName(root)
    version = NAMESPACES.get(name.namespace or "")
    if name.localname != "alert" or version is None:
        raise Invalid("这不是 CAP 预警(根元素应为 alert)")
    fields = _fields(root, Alert)
    if missing := [tag for tag, field, _ in _ALERT if field in _NEEDED and not str(fields.get(field, "")).strip()]:
        raise Invalid(f"CAP 缺少 {'、'.join(missing)}")
    return Alert(**{"scope": "", "version": version} | fields)


def write_alert(alert: Alert, *, strict: bool = True) -> bytes:
    """The XML of an alert, CAP 1.2, UTF-8. Raises Invalid with the schema's words when it would not fit the schema.

    Not `strict`: also an alert whose publisher did not keep to the schema is written, with all it had.
    """
    root = etree.Element(f"{{{_CAP}}}alert", nsmap={None: _CAP})
    _fill(root, alert)
    raw: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    if strict and (found := problems(raw)):
        raise Invalid(f"生成的 CAP 不合标准:{found[0]}")
    return raw


def problems(raw: bytes) -> list[str]:
    """What the OASIS schema of CAP 1.2 finds wrong, a line each; nothing for a valid alert."""
    checker = _schema()
    if checker.validate(_parsed(raw)):
        return []
    return [f"第{entry.line}行:{entry.message}" for entry in checker.error_log]


def printable(text: str) -> str:
    """The text as XML can hold it: characters that XML has no way to write become U+FFFD."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


@cache
def _schema() -> etree.XMLSchema:
    text = resources.files("dutydesk.exchange").joinpath("CAP-v1.2.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(text, _parser()))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _parsed(raw: bytes) -> Any:
    if len(raw) > MOST_BYTES:
        raise Invalid("CAP 太长")
    try:
        root = etree.fromstring(raw, _parser())
    except (etree.XMLSyntaxError, ValueError):
        raise Invalid("CAP 不是有效的 XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid("CAP 里不能有 DOCTYPE")
    return root


def _fields(element: Any, kind: type[Any]) -> dict[str, Any]:
    known = {tag: (field, held) for tag, field, held in _PARTS[kind]}
    found: dict[str, Any] = {}
    others: list[str] = []
    for child in element:
        name = etree.QName(child)
        entry = known.get(name.localname) if name.namespace in NAMESPACES else None
        if entry is None or (entry[1] is str and entry[0] in found):
            others.append(etree.tostring(child, encoding="unicode", with_tail=False))
            continue
        field, held = entry
        if held is str:
            found[field] = child.text or ""
        else:
            made = (child.text or "") if held is tuple else held(**_blank(held) | _fields(child, held))
            found[field] = (*found.get(field, ()), made)
    return found | ({"others": tuple(others)} if others and kind is not Pair else {})


def _blank(kind: type[Any]) -> dict[str, str]:
    """Required fields of a part that its publisher left out."""
    return {field: "" for field, info in kind.model_fields.items() if info.is_required()}


def _fill(element: Any, part: Any) -> None:
    for tag, field, held in _PARTS[type(part)]:
        value = getattr(part, field)
        for one in value if held is not str else (value,) if value or _is_needed(part, field) else ():
            child = etree.SubElement(element, f"{{{_CAP}}}{tag}")
            if isinstance(one, str):
                child.text = printable(one)
            else:
                _fill(child, one)
    for xml in getattr(part, "others", ()):
        element.append(etree.fromstring(xml, _parser()))


def _is_needed(part: Any, field: str) -> bool:
    needed: dict[type[Any], tuple[str, ...]] = {
        Info: ("event", "urgency", "severity", "certainty"),
        Resource: ("description", "media_type"),
    }
    return field in needed.get(type(part), ()) or type(part).model_fields[field].is_required()
