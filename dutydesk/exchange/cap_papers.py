"""Our papers as CAP alerts, and alerts as papers. One of ours comes back exactly as it went; a stranger's keeps its words and its numbers.

What CAP has no element for stands in parameters named `dutydesk:…`; others may ignore them. The scope is Restricted: a paper between duty
rooms is no public warning.
"""

import math
from datetime import datetime

import orjson
from pydantic import ValidationError

from dutydesk.clock import from_datetime, to_datetime
from dutydesk.domain.exchanges import LONGEST_TEXT, Exchange, ExchangeFile, ExchangePlace
from dutydesk.domain.readings import Category, Level
from dutydesk.errors import Invalid
from dutydesk.exchange.cap import Alert, Area, Info, Pair, Resource
from dutydesk.exchange.cap_xml import printable, read_alert, write_alert

OURS = "dutydesk:1"
LANGUAGE = "zh-CN"
RESTRICTION = "政府值班系统内部"
DIVISION = "GB/T 2260"
CODE = "GB/T 35561"
_PREFIX = "dutydesk:"
_SEVERITY: dict[Level | None, str] = {
    "特别重大": "Extreme",
    "重大": "Severe",
    "较大": "Moderate",
    "一般": "Minor",
    None: "Unknown",
}
# GB/T 35561 prefixes, the longest first, and CAP's categories
_CATEGORIES = (
    ("11A", "Met"),
    ("11B", "Met"),
    ("11E", "Env"),
    ("11F", "Env"),
    ("11G", "Fire"),
    ("12D", "CBRNE"),
    ("12T", "CBRNE"),
    ("12G", "Fire"),
    ("12H", "Transport"),
    ("12J", "Transport"),
    ("12K", "Transport"),
    ("12L", "Transport"),
    ("12M", "Transport"),
    ("12P", "Infra"),
    ("12U", "Infra"),
    ("12Q", "Env"),
    ("11", "Geo"),
    ("12", "Safety"),
    ("13", "Health"),
    ("14", "Security"),
)
_BY_CATEGORY: dict[Category | None, str] = {
    "natural_disaster": "Geo",
    "accident": "Safety",
    "public_health": "Health",
    "social_security": "Security",
    None: "Other",
}
_CATEGORY_OF: dict[str, Category] = {
    "Geo": "natural_disaster",
    "Met": "natural_disaster",
    "Fire": "accident",
    "Safety": "accident",
    "Transport": "accident",
    "Infra": "accident",
    "CBRNE": "accident",
    "Rescue": "accident",
    "Env": "accident",
    "Health": "public_health",
    "Security": "social_security",
}


def to_alert(paper: Exchange) -> Alert:
    """A paper as an alert. References whose instant is not known cannot be named in CAP's way and stand in our parameters only."""
    known = zip(paper.references, paper.reference_times, strict=False)
    chain = [f"{_word(paper.desk)},{_word(number)},{_time(at)}" for number, at in known]
    return Alert(
        identifier=_word(paper.number),
        sender=_word(paper.desk),
        sent=_time(paper.issued_at),
        status="Exercise" if paper.drill else "Actual",
        message_type=_message_type(paper),
        source=paper.desk_name,
        scope="Restricted",
        restriction=RESTRICTION,
        codes=(OURS,),
        references=" ".join(chain),
        incidents=_word(paper.event) if paper.event else "",
        infos=(_info(paper),),
    )


def _message_type(paper: Exchange) -> str:
    if paper.kind == "reply":
        return "Ack"
    if paper.event_status == "false":
        return "Cancel"
    return "Update" if paper.references else "Alert"


def _info(paper: Exchange) -> Info:
    category = next((cap for prefix, cap in _CATEGORIES if paper.code.startswith(prefix)), "")
    over = paper.event_status != "open" or paper.stage == "终报"
    certainty = "Unlikely" if paper.event_status == "false" else "Likely" if paper.unverified else "Observed"
    return Info(
        language=LANGUAGE,
        categories=(category or _BY_CATEGORY[paper.category],),
        event=paper.subtype or paper.title,
        urgency="Past" if over else "Immediate",
        severity=_SEVERITY[paper.level],
        certainty=certainty,
        event_codes=(Pair(name=CODE, value=paper.code),) if paper.code else (),
        onset=_time(paper.occurred_at) if paper.occurred_at is not None else "",
        sender_name=paper.desk_name,
        headline=paper.title,
        description=paper.text,
        contact=paper.signed_by,
        parameters=(*_shown_figures(paper), Pair(name=f"{_PREFIX}paper", value=paper.to_text())),
        resources=tuple(_resource(file) for file in paper.files),
        areas=_areas(paper.place),
    )


def _shown_figures(paper: Exchange) -> list[Pair]:
    """Each figure on its own, for readers that do not know ours: a number, or the JSON of its bounds."""
    said = paper.model_dump(mode="json", include={"figures"}, exclude_none=True)["figures"]
    found = [Pair(name=f"{_PREFIX}{name}", value=orjson.dumps(value).decode()) for name, value in said.items()]
    return [*found, *(Pair(name=f"{_PREFIX}unknown", value=name) for name in paper.unknown)]


def _resource(file: ExchangeFile) -> Resource:
    """CAP's own digest is SHA-1; ours stands in the address."""
    return Resource(
        description=file.name or file.digest,
        media_type=file.media_type or "application/octet-stream",
        size=str(file.size) if file.size else "",
        uri=f"urn:sha256:{file.digest}",
    )


def _areas(place: ExchangePlace) -> tuple[Area, ...]:
    if place == ExchangePlace():
        return ()
    point = place.latitude is not None and place.longitude is not None
    return (
        Area(
            description=place.text or place.unit_name or place.division or "-",
            circles=(f"{place.latitude},{place.longitude} 0",) if point else (),
            geocodes=(Pair(name=DIVISION, value=place.division),) if place.division else (),
        ),
    )


def from_alert(alert: Alert) -> Exchange:
    """An alert as a paper. Raises Invalid when its time cannot be read, when it says to be ours and is not, or when it names nobody."""
    try:
        return _paper(alert)
    except ValidationError as error:
        raise Invalid(f"CAP 的内容不能登记:{error.errors()[0]['loc'][0]}") from None


def _paper(alert: Alert) -> Exchange:
    if OURS in alert.codes and alert.infos:
        return _own(alert)
    info = next((i for i in alert.infos if i.language.lower().startswith("zh")), None)
    info = info or next((i for i in alert.infos if i.language.lower().startswith("en")), None)
    info = info or (alert.infos[0] if alert.infos else Info())
    number, desk = _one_line(alert.identifier), _one_line(alert.sender)
    return Exchange(
        kind="reply" if alert.message_type in ("Ack", "Error") else "alert",
        number=number,
        desk=desk,
        desk_name=_one_line(info.sender_name)[:300] or desk,
        drill=alert.status not in ("Actual", "System"),
        event=_one_line(alert.incidents)[:300],
        event_status="closed" if alert.message_type == "Cancel" else "open",
        references=tuple(named for named in map(_referred, alert.references.split()) if named)[:200],
        title=_one_line(info.headline or info.event or alert.note or number)[:300],
        text=_text(alert)[:LONGEST_TEXT],
        issued_at=_instant(alert.sent),
        category=next((_CATEGORY_OF[c] for c in info.categories if c in _CATEGORY_OF), None),
        code=next((p.value for p in info.event_codes if p.name == CODE), "")[:300],
        subtype=_one_line(info.event)[:300],
        occurred_at=_maybe(info.onset),
        place=_place(info),
    )


def _own(alert: Alert) -> Exchange:
    """One of ours: what the parameter says, as long as it agrees with what everybody else reads."""
    paper = Exchange.from_text(alert.infos[0].parameter(f"{_PREFIX}paper"))
    expected = read_alert(write_alert(to_alert(paper), strict=False))
    if expected.model_copy(update={"others": alert.others}) != alert:
        raise Invalid("CAP 的内容与其中所附的不一致")
    return paper


def _text(alert: Alert) -> str:
    """Every language and every area, for a person to read; the XML itself is kept beside it."""
    parts = [part for info in alert.infos for part in _lines(info)]
    return "\n".join((*filter(None, parts), *filter(None, (alert.note,)))) or alert.identifier


def _lines(info: Info) -> tuple[str, ...]:
    where = "、".join(area.description for area in info.areas if area.description)
    said = tuple(f"{pair.name}:{pair.value}" for pair in info.parameters)
    times = " — ".join(filter(None, (info.onset or info.effective, info.expires)))
    return (info.headline, info.event, info.description, info.instruction, where, times, *said, info.contact, info.web)


def _place(info: Info) -> ExchangePlace:
    codes = [code.value for area in info.areas for code in area.geocodes if _is_division(code)]
    points = [found for area in info.areas for circle in area.circles if (found := _point(circle.split()[:1]))]
    words = _one_line("、".join(area.description for area in info.areas))[:300]
    point = points[0] if len(points) == 1 else (None, None)
    return ExchangePlace(text=words, division=codes[0] if codes else "", latitude=point[0], longitude=point[1])


def _is_division(code: Pair) -> bool:
    """A division code of ours: named so, or in the way China's warnings name it."""
    named = DIVISION in code.name or "行政区划" in code.name
    return named and code.value.isascii() and code.value.isdigit() and len(code.value) in (6, 9, 12)


def _point(words: list[str]) -> tuple[float, float] | None:
    try:
        latitude, longitude = (float(word) for word in words[0].split(","))
    except (ValueError, IndexError):
        return None
    fits = math.isfinite(latitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if fits else None


def _referred(triple: str) -> str:
    """The identifier in "sender,identifier,sent"."""
    parts = triple.split(",")
    return parts[1][:300] if len(parts) == 3 else ""


def _word(text: str) -> str:
    """As CAP wants identifiers and senders: no space, comma or XML sign."""
    return "".join("_" if c in " ,<&" else c for c in printable(text))


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _time(at: int) -> str:
    """Whole seconds in Beijing; CAP knows no fractions."""
    return to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S") + "+08:00"


def _instant(text: str) -> int:
    found = _maybe(text)
    if found is None:
        raise Invalid("CAP 的 sent 不是时间")
    return found


def _maybe(text: str) -> int | None:
    try:
        return from_datetime(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        return None
