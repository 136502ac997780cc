"""Where a message belongs: an open page, an open question, an incident, a new one, or a person. Pure, small, explainable.

Three ways in for a text (peers: "where does a reply go?"): an answer, more about something open, something new. Doubt never
drops: the sender is asked back with numbered choices, or a person decides.
"""

from dataclasses import dataclass

from dutydesk.clock import HOUR, MINUTE, SECOND, to_datetime
from dutydesk.domain import answers
from dutydesk.domain.directory import Directory, Unit
from dutydesk.domain.messages import MessageRecorded, Option, Proposal
from dutydesk.domain.readings import Reading
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import Context, Found, Look


@dataclass(frozen=True, slots=True)
class ToPage:
    page: str
    who: str
    text: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ToQuestion:
    message: str
    choice: int


@dataclass(frozen=True, slots=True)
class ToIncident:
    incident: str
    why: str


@dataclass(frozen=True, slots=True)
class AskBack:
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ToPerson:
    reason: str


@dataclass(frozen=True, slots=True)
class ToNew:
    maybe: tuple[str, ...] = ()


Route = ToPage | ToQuestion | ToIncident | AskBack | ToPerson | ToNew


@dataclass(frozen=True, slots=True)
class Near:
    """What stands open around a message: its sender's recent messages, pages waiting for that number, incidents near it."""

    recent: tuple[Found, ...] = ()
    pages: tuple[Found, ...] = ()
    incidents: tuple[Found, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    def receipts(self, at: int) -> int:
        """Receipts this sender was sent within the last hour."""
        return sum(1 for m in self.recent if m.body["receipted"] and m.body["received_at"] > at - HOUR)


NOBODY = Near()


@dataclass(frozen=True, slots=True)
class Identity:
    contact: str | None = None
    name: str | None = None
    unit: str | None = None
    unit_name: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    unit: str | None
    name: str
    division: str


def day(at: int) -> str:
    """The day of an instant in Asia/Shanghai, as yyyymmdd."""
    return to_datetime(at).strftime("%Y%m%d")


def sender_day(sender: str, at: int) -> str:
    """The word by which a sender's messages of one day are found; by day, so that a busy sender stays cheap."""
    return f"{sender}|{day(at)}"


def near_sender(look: Look, sender: str) -> Near:
    """The sender's messages of today, and of yesterday in the first hour."""
    if not sender:
        return NOBODY
    days = dict.fromkeys((sender_day(sender, look.at), sender_day(sender, look.at - HOUR)))
    recent = [found for word in days for found in look.by_ref("sender", word, 20)]
    return Near(recent=tuple(recent))


def near(look: Look, recorded: MessageRecorded, reading: Reading, proposals: tuple[Proposal, ...]) -> Near:
    """Everything open that a message may belong to."""
    recent = near_sender(look, recorded.sender).recent
    pages = look.by_ref("page.address", recorded.sender) if recorded.sender else []
    spot = place(recorded, reading, look.directory)
    words = [("incident.unit", spot.unit)] if spot.unit else []
    if len(spot.division) > 6:
        words.append(("incident.town", spot.division))
    found = {f.id: f for name, word in words for f in look.by_ref(name, str(word), 20)}
    for id in (recorded.incident, _spoken_number(recorded.text), *(p.incident for p in proposals), *_own(recent)):
        if id and id not in found and (known := look.row("incident", id)):
            found[id] = known
    incidents = tuple(f for f in found.values() if f.open)
    return Near(tuple(recent), tuple(p for p in pages if p.open), incidents, proposals)


def _own(recent: tuple[Found, ...]) -> list[str]:
    return [str(m.body["incident"]) for m in recent if m.body["incident"]][:3]


def _spoken_number(text: str) -> str | None:
    head = text.strip()[:12].replace("#", "").replace("事件", "")
    return head if len(head) == 12 and head[8:9] == "-" and head.replace("-", "").isdigit() else None


def identify(sender: str, contact: str | None, unit: str | None, directory: Directory) -> Identity:
    """Who sends: proven by link, or known by registered number, or a unit's duty telephone; otherwise nobody known."""
    person = directory.contact_by_id.get(contact or "") or directory.contact_by_phone.get(sender)
    if person:
        home = directory.unit_by_code.get(person.unit)
        return Identity(person.id, person.name, person.unit, home.name if home else "", home.division if home else "")
    if leader := directory.leader_by_phone.get(sender):
        return Identity(None, leader.name, None, leader.post, "")
    home = directory.unit_by_code.get(unit or "") or directory.unit_by_phone.get(sender)
    if home:
        return Identity(None, None, home.code, home.name, home.division)
    return Identity()


def author(recorded: MessageRecorded) -> str:
    """Who speaks, as a key that names no one: contact:…, unit:… or unknown."""
    if recorded.contact:
        return f"contact:{recorded.contact}"
    return f"unit:{recorded.unit}" if recorded.unit else "unknown"


def repeated(around: Near, text: str, sender: str, context: Context[object]) -> Found | None:
    """The same text of the same sender within the window: a nervous thumb, or a gateway that re-issues."""
    since = context.at - context.rules.intake.repeat_window_s * SECOND
    same = [m for m in around.recent if m.body["text"] == text and m.body["received_at"] >= since]
    return same[0] if same and sender and text.strip() and answers.parse(text).kind == "text" else None


def place(recorded: MessageRecorded, reading: Reading, directory: Directory) -> Place:
    """Where it happened as far as known: the place read, else where the sender's unit lies."""
    for candidate in reading.places[:1]:
        if candidate.score >= 0.8 and (unit := directory.unit_by_code.get(candidate.code)):
            return Place(unit.code, unit.name, unit.division)
    home = directory.unit_by_code.get(recorded.unit or "")
    if home is None:
        return Place(None, "", recorded.division)
    return Place(home.code if _is_scene(home) else None, home.name, home.division)


def _is_scene(unit: Unit) -> bool:
    return unit.kind in ("town", "enterprise")


def title(recorded: MessageRecorded, reading: Reading, spot: Place) -> str:
    """One line for the strip: place and what, or the first words of the text."""
    where = reading.place_text or spot.name
    if reading.subtype:
        return f"{where}{reading.subtype}"[:60]
    return (" ".join(recorded.text.split()) or recorded.channel)[:40]


def route(recorded: MessageRecorded, reading: Reading, around: Near, context: Context[object]) -> Route:
    """Decide where a read message goes. The order of the questions is the policy."""
    if recorded.page:
        return _answer_page(recorded, recorded.page)
    if recorded.incident and any(f.id == recorded.incident for f in around.incidents):
        return ToIncident(recorded.incident, "named")
    said = answers.parse(recorded.text)
    question = _open_question(around, context.at)
    if question and said.number and said.kind in ("ack", "choice"):
        return ToQuestion(question.id, said.number)
    if around.pages and said.kind != "text":
        return _answer_by_number(recorded, around, said)
    if said.kind != "text":
        return ToPerson("answer_to_nothing")
    return _route_report(recorded, reading, around, context)


def _answer_page(recorded: MessageRecorded, page: str) -> Route:
    said = answers.parse(recorded.text)
    if said.kind == "more_time":
        return ToPage(page, author(recorded), said.text or recorded.text, said.number)
    return ToPage(page, author(recorded), recorded.text)


def _answer_by_number(recorded: MessageRecorded, around: Near, said: answers.Answer) -> Route:
    if len(around.pages) > 1:
        return AskBack(tuple(Option(kind="page", id=p.id, label=str(p.body["subject"])[:30]) for p in around.pages[:9]))
    return _answer_page(recorded, around.pages[0].id)


def _open_question(around: Near, at: int) -> Found | None:
    asked = [m for m in around.recent if m.body["status"] == "asked"]
    return asked[0] if asked else None


def _route_report(recorded: MessageRecorded, reading: Reading, around: Near, context: Context[object]) -> Route:
    if not (recorded.contact or recorded.unit or recorded.channel in ("call", "api", "link")):
        return ToPerson("unknown_sender")
    if (spoken := _spoken_number(recorded.text)) and any(f.id == spoken for f in around.incidents):
        return ToIncident(spoken, "number_in_text")
    if reading.nature in ("greeting", "advertisement", "notice", "tip", "rumour_denied"):
        return ToPerson(f"reads_as_{reading.nature}")
    return _same_or_new(recorded, reading, around, context)


def _same_or_new(recorded: MessageRecorded, reading: Reading, around: Near, context: Context[object]) -> Route:
    sure = [p for p in around.proposals if p.sure and any(f.id == p.incident for f in around.incidents)]
    if sure:
        return ToIncident(sure[0].incident, sure[0].why or "reader")
    alike = [f for f in around.incidents if _alike(f, recorded, reading, context.at, context.rules)]
    if len(alike) == 1:
        return ToIncident(alike[0].id, "same_place_and_time")
    if len(alike) > 1:
        return _ask_which(alike)
    if follows := _continues(recorded, reading, around, context):
        return ToIncident(follows, "same_sender")
    maybe = {p.incident for p in around.proposals} | {f.id for f in around.incidents if _recent(f, context)}
    return ToNew(tuple(sorted(maybe)))


def _ask_which(alike: list[Found]) -> Route:
    options = [Option(kind="incident", id=f.id, label=str(f.body["title"])[:30]) for f in alike[:8]]
    return AskBack((*options, Option(kind="new", label="另一件新情况")))


def _alike(found: Found, recorded: MessageRecorded, reading: Reading, at: int, rules: Rules) -> bool:
    """The same unit, a kind that does not contradict, last heard of within the window: the same incident."""
    body = found.body
    fresh = at - int(body["last_report_at"]) <= rules.intake.same_incident_minutes * MINUTE
    same_unit = bool(body["unit"]) and body["unit"] == (recorded.unit if not reading.places else reading.places[0].code)
    return fresh and same_unit and _kinds_agree(body, reading)


def _kinds_agree(body: dict[str, object], reading: Reading) -> bool:
    if not body["category"] or not reading.category:
        return True
    return body["category"] == reading.category


def _continues(recorded: MessageRecorded, reading: Reading, around: Near, context: Context[object]) -> str | None:
    """The sender's own incident of a moment ago, when this text names no other place, or says it is a follow-up."""
    open_ids = {f.id for f in around.incidents}
    window = context.rules.intake.join_window_s * SECOND
    for earlier in around.recent:
        incident, age = earlier.body["incident"], context.at - int(earlier.body["received_at"])
        if incident not in open_ids or not recorded.sender:
            continue
        cut = bool((earlier.body["reading"] or {}).get("cut_off"))
        if reading.kind in ("续报", "终报") or (age <= window and (cut or not reading.is_emergency)):
            return str(incident)
    return None


def _recent(found: Found, context: Context[object]) -> bool:
    return context.at - int(found.body["last_report_at"]) <= context.rules.intake.same_incident_minutes * MINUTE
